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
    """What is sent; `left_out` counts passages that found no room."""

    shown: tuple[Shown, ...]
    history: tuple[Exchange, ...]
    left_out: int = 0

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(one.evidence for one in self.shown)


def tokens(text: str) -> int:
    """An upper estimate of a text's tokens."""
    return len(text.encode("utf-8", "surrogatepass")) // 3 + 1


def fit(
    candidates: Sequence[Shown],
    history: Sequence[Exchange],
    *,
    window: int,
    overhead: int,
    halvings: int = 0,
) -> Fitted:
    """Choose passages, best first, and the latest turns.

    Args:
        candidates: passages, best first, with the window of each that was found; the whole
            passage is shown where it fits, else that window.
        overhead: tokens of the prompt without passages and history, the question included.
        halvings: how often a model has found the request too long already.
    """
    room = (window - min(REPLY, window // 4) - overhead) // 2**halvings
    turns: list[Exchange] = []
    spare = int(room * HISTORY)
    for turn in reversed(list(history)[-MOST_TURNS:] if not halvings else []):
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
    return Fitted(tuple(shown), tuple(turns), left_out)
