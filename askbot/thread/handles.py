"""Handles by a part of them: "farmer" for farmer_1972, "night" for NightOwl."""

from __future__ import annotations

import re
from functools import lru_cache

from askbot.text import fold

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
