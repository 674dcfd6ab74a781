"""What a person sees while a model writes: its words at once, its citations once they are checked.

`Preview` holds back what may be the beginning of a marker, and from a marker on the rest of its
sentence; when the sentence ends it is checked, and only ids that hold are shown behind it. So no id
is ever on the screen that the check has not passed. The checked `Answer` that follows counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from askbot.answerers.drafting import ADDED_NOTHING
from askbot.answerers.typography import visible
from askbot.markers import scan, strip_markers


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of an answer on its way, to be shown behind the pieces before it.

    Attributes:
        restart: the model starts again (its first attempt broke off, or it is mending its answer):
            what was shown so far is void.
    """

    text: str
    restart: bool = False


_OPENERS = "[({<【〔〖«‹⟦［（"
_BEGINNING = re.compile(
    rf"[{re.escape(_OPENERS)}]+\s*(?:[\^#¶]?\s?|[A-Za-z]{{1,9}}:?\s?)?"
    r"(?:[a-z0-9-]{1,60}:)?(?:[pcPC]\s?)?(?:\d[^\])}>】〕〗»›⟧］）\n]{0,80})?\Z"
    r"|¶\s?\d*\Z|\#\d*(?:\.\d*)*\Z"
)
_OPENER = re.compile(rf"[{re.escape(_OPENERS)}¶#]")
_SENTENCE_END = re.compile(r"[.!?…]+[\"”’)\]]*(?=\s)|\n")
_SENTINELS = ("not on the page", ADDED_NOTHING)


class Preview:
    """Text in, pieces to show out.

    Args:
        verify: gives, for a sentence with its markers, the ids that the check passes.
    """

    def __init__(self, verify: Callable[[str], tuple[str, ...]]) -> None:
        self._verify = verify
        self._waiting = ""
        self._sentence = ""
        self._begun = False
        self._muted = False

    def feed(self, text: str) -> str:
        """What of the text so far may now be shown."""
        self._waiting += visible(text)
        if not self._begun:
            self._waiting = self._waiting.lstrip()
        if not self._begun and not self._has_begun():
            return ""
        return self._release(final=False)

    def finish(self) -> str:
        """What is left when the text has ended."""
        if self._muted or (not self._begun and self._is_sentinel(self._waiting)):
            return ""
        return self._release(final=True)

    def _has_begun(self) -> bool:
        """False while the text may still turn out to be a refusal word rather than an answer."""
        bare = re.sub(r"[\W_]+", " ", self._waiting).strip().casefold()
        if any(s.startswith(bare) for s in _SENTINELS):
            return False
        if self._is_sentinel(self._waiting):
            self._muted, self._waiting = True, ""
            return False
        self._begun = not self._muted
        return self._begun

    @staticmethod
    def _is_sentinel(text: str) -> bool:
        bare = re.sub(r"[\W_]+", " ", text).strip().casefold()
        return any(bare.startswith(s) for s in _SENTINELS)

    def _release(self, *, final: bool) -> str:
        out = ""
        while self._waiting:
            held = self._first_marker(final=final)
            if held is None:
                out += self._say(self._waiting)
                self._waiting = ""
                break
            out += self._say(self._waiting[:held])
            self._waiting = self._waiting[held:]
            length = self._cited_length(final=final)
            if length is None:
                break
            sentence, self._waiting = self._waiting[:length], self._waiting[length:]
            out += self._cited(sentence)
        return out

    def _say(self, text: str) -> str:
        ends = list(_SENTENCE_END.finditer(text))
        self._sentence = text[ends[-1].end() :] if ends else self._sentence + text
        return text

    def _first_marker(self, *, final: bool) -> int | None:
        """Where the first marker, or what may become one, begins; its leading space included."""
        places = [m.start for m in scan(self._waiting)]
        if not final:
            for opener in _OPENER.finditer(self._waiting):
                if _BEGINNING.match(self._waiting, opener.start()):
                    places.append(opener.start())
                    break
            trailing = len(self._waiting) - len(self._waiting.rstrip(" "))
            if trailing:
                places.append(len(self._waiting) - trailing)  # a marker takes the space before it
        if not places:
            return None
        place = min(places)
        return len(self._waiting[:place].rstrip(" "))

    def _cited_length(self, *, final: bool) -> int | None:
        """How much of the waiting text belongs to the sentence of its first marker, if known."""
        if final:
            markers = scan(self._waiting)
            if not markers:
                return len(self._waiting)
        markers = scan(self._waiting)
        if not markers:
            return None
        hidden = list(self._waiting)
        for marker in markers:
            hidden[marker.start : marker.end] = "\x00" * (marker.end - marker.start)
        text = "".join(hidden)
        done = re.search(r"[.!?…]\s*$", strip_markers(self._sentence))
        end: int | None
        if done:  # "… winter. [p3]": the sentence ended before its markers
            run = re.match(r"[\s\x00]*", text)
            end = len(run.group().rstrip()) if run and run.end() < len(text) else None
        else:
            stop = re.search(r"[.!?…]+[\"”’)]*[\s\x00]*(?=[^\s\x00])|\n", text)
            end = len(text[: stop.end()].rstrip()) if stop else None
        if end is not None and end < len(self._waiting):
            return max(end, 1)
        return len(self._waiting) if final else None

    def _cited(self, rest: str) -> str:
        """The held rest of a sentence without its markers, and the ids that hold behind it."""
        ids = self._verify(self._sentence + rest)
        bare = strip_markers(rest)
        while scan(bare):
            bare = strip_markers(bare)
        bare = bare.rstrip(" ")
        self._sentence = ""
        return bare + "".join(f" [{i}]" for i in ids)
