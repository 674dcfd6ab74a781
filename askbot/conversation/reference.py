"""A word of a question that points outside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "plural", "thing", "place", "time", "claim", "noun", "citation"]
"""person: he, she; plural: they; thing: it; claim: that, so; noun: "that woman"; citation: "the
second one"."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Words `text[start:end]` that point outside the question.

    Attributes:
        possessive: what they resolve to takes 's.
        gender: "f" or "m" for she and he.
        noun: the head noun of "that paragraph", "this program".
        number: the place in a list ("the second one"), -1 for the last, -2 for the one that was
            not asked about yet; None without.
    """

    kind: Kind
    start: int
    end: int
    possessive: bool = False
    gender: str = ""
    noun: str = ""
    number: int | None = None
