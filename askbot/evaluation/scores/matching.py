"""Whether an answer says what was asked for: words compared without their typography.

As the SQuAD evaluation script does (Rajpurkar et al. 2016, section 6.1), case, punctuation and
English articles do not count. Beyond that, thousands separators ("50,600"), curly quotes, hyphens
("non-criminals" is "non criminals" and "noncriminals"), "%" and possessive 's do not either, and a
decimal point does ("4.50" is not "450").
"""

from __future__ import annotations

import re
from collections import Counter

from askbot.text import fold

_THOUSANDS = re.compile(r"(?<=\d)[,\u202f\u2009'](?=\d{3}(?!\d))")
_HYPHENS = re.compile(r"[-\u2010-\u2015\u2212]")
_POSSESSIVE = re.compile(r"(?<=\w)'s\b|(?<=s)'(?!\w)")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_NOT_WORDS = re.compile(r"[^\w\s.]|_")
_FULL_STOP = re.compile(r"\.(?!\d)|(?<!\d)\.")
_ARTICLES = frozenset(("a", "an", "the"))


def tokens(text: str, *, joined: bool = False) -> list[str]:
    """The words that are compared; hyphenated ones apart, or as one word where `joined`."""
    text = _THOUSANDS.sub("", fold(text)).replace("%", " percent ")
    text = _HYPHENS.sub("" if joined else " ", _POSSESSIVE.sub("", text))
    text = _FULL_STOP.sub("", _NOT_WORDS.sub(" ", _APOSTROPHE.sub("", text)))
    return [word for word in text.split() if word not in _ARTICLES]


def says(text: str, gold: str) -> bool:
    """Whether the words of `gold` stand together in `text`; a gold of no words is never said."""
    for joined in (False, True):
        wanted = tokens(gold, joined=joined)
        if wanted and f" {' '.join(wanted)} " in f" {' '.join(tokens(text, joined=joined))} ":
            return True
    return False


def exact(gold: str, predicted: str) -> float:
    """1.0 where both have the same words in the same order."""
    return float(tokens(gold) == tokens(predicted))


def f1(gold: str, predicted: str) -> float:
    """Harmonic mean of token precision and recall; an empty side scores 1.0 only against empty."""
    wanted, given = tokens(gold), tokens(predicted)
    if not wanted or not given:
        return float(wanted == given)
    shared = sum((Counter(wanted) & Counter(given)).values())
    return 2 * shared / (len(wanted) + len(given))
