"""What of the passages and the conversation fits a model's window.

Tokens are estimated rather than counted: a provider's tokenizer would have to be fetched, and the
estimate errs on the side of too many (four bytes of English make one token; three are assumed).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from askbot.answerers.showing import Exchange, Shown, passage
from askbot.answers import Evidence

REPLY = 1024
"""Tokens kept for the answer, at most a quarter of the window."""
HISTORY = 0.25
"""Share of the room that earlier turns may take."""
MOST_TURNS = 6


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is sent; `left_out` counts passages without room, `used` the tokens of what has it."""

    shown: tuple[Shown, ...]
    history: tuple[Exchange, ...]
    left_out: int = 0
    used: int = 0

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(one.evidence for one in self.shown)


def tokens(text: str) -> int:
    """An upper estimate of a text's tokens."""
    return len(text.encode("utf-8", "surrogatepass")) // 3 + 1


def room_of(window: int) -> int:
    """Tokens of a window that a prompt may take."""
    return window - min(REPLY, window // 4)


def fit(candidates: Sequence[Shown], history: Sequence[Exchange], room: int) -> Fitted:
    """Choose the latest turns and the best passages that fit.

    Args:
        candidates: passages, best first, with the window of each that was found; the whole
            passage is shown where it fits, else that window.
        room: tokens for both.
    """
    whole = room
    turns: list[Exchange] = []
    spare = int(room * HISTORY)
    for turn in reversed(list(history)[-MOST_TURNS:]):
        cost = tokens(turn.question) + tokens(turn.plain_answer) + 16
        if cost > spare:
            break
        turns.insert(0, turn)
        spare -= cost
        room -= cost
    shown: list[Shown] = []
    seen: set[str] = set()
    left_out = 0
    for candidate in candidates:
        if candidate.evidence.id in seen:
            continue
        seen.add(candidate.evidence.id)
        for version in (Shown(candidate.evidence), candidate):
            cost = tokens(passage(version)) + 8
            if cost <= room:
                shown.append(version)
                room -= cost
                break
        else:
            left_out += 1
    return Fitted(tuple(shown), tuple(turns), left_out, whole - room)
