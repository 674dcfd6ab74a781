"""The words of a question, and where some of them name a commenter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from askbot.text import fold

How = Literal["exact", "partial", "misspelled", "role"]

_WORD = re.compile(r"(?<![^\W_][’'])[^\W_]+(?:[’'](?!s\b)[^\W_]+)*")
_POSSESSIVE = re.compile(r"[’']s?(?![^\W_])")


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A commenter named in a question; `authors` has several where the name fits several.

    Attributes:
        start, end: where in the question, without a possessive ending.
        text: the question's own words.
        how: whole name, part of one, a misspelling of one, or a role ("the author"), which may
            have no author.
    """

    start: int
    end: int
    text: str
    authors: tuple[str, ...]
    how: How

    @property
    def ambiguous(self) -> bool:
        return len(self.authors) > 1


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the question."""

    start: int
    end: int
    raw: str
    folded: str
    possessive: bool

    @property
    def capital(self) -> bool:
        return self.raw[0].isupper()


def tokens_of(question: str) -> list[Token]:
    """The words of a question; "Mark's" is the word "Mark", possessive."""
    found = []
    for match in _WORD.finditer(question):
        possessive = bool(_POSSESSIVE.match(question, match.end()))
        found.append(
            Token(match.start(), match.end(), match.group(), fold(match.group()), possessive)
        )
    return found


def named(question: str, window: Sequence[Token], authors: tuple[str, ...], how: How) -> NameMatch:
    """A match of the words of `window`."""
    start, end = window[0].start, window[-1].end
    return NameMatch(start, end, question[start:end], authors, how)


def overlaps(window: Sequence[Token], taken: Sequence[NameMatch]) -> bool:
    """Whether words are part of a name that was found already."""
    return any(window[0].start < m.end and m.start < window[-1].end for m in taken)
