"""Handles: what looks like one, and by a part of them: "farmer" for farmer_1972."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from askbot.text import fold
from askbot.thread.words import Token

SHORTEST = 3
"""Letters that a part of a handle has at least; its beginning has one more."""

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_A-Za-z]+")


def by_part(word: str, authors: tuple[str, ...]) -> tuple[str, ...]:
    """The one author whose handle begins with a folded word or has it as a part; else none."""
    if len(word) < SHORTEST or not word.isalpha():
        return ()
    begins = len(word) > SHORTEST
    found = tuple(
        a for a in authors if word in parts_of(a) or (begins and fold(a).startswith(word))
    )
    return found if len(found) == 1 else ()


@lru_cache(maxsize=4096)
def parts_of(author: str) -> frozenset[str]:
    """The folded parts of a handle, split at signs, digits and inner capitals."""
    return frozenset(fold(part) for part in _PART.findall(author))


_HANDLE = re.compile(r"[^\W\d_]+[._-]?\d|\w+_\w|[a-z]+[A-Z]|@\w")


def is_handle(word: str) -> bool:
    """Whether a word looks like a handle, however it begins: "dr_snooze", "bike77", "mrGreen"."""
    return bool(_HANDLE.match(word))


def handle_in(question: str, residue: Sequence[Token]) -> list[Token]:
    """The foreign words that make up a handle: "dr" and "snooze" of "dr_snooze"."""
    for word in re.finditer(r"[\w.@-]*\w", question):
        run = [t for t in residue if word.start() <= t.start < word.end()]
        if run and run[-1].end == word.end() and is_handle(word.group()):
            return run
    return []
