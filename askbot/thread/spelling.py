"""How near two names are: slips of the pen that still name somebody, and look-alikes to suggest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.text import fold
from askbot.thread.handles import parts_of

_ALIKE = ("ckq", "sz", "iy", "aeiou", "vw", "bp", "dt", "0o", "1l", "nm", "gj")
"""Letters that are heard or seen as one another; a short name may differ by one such swap only,
because "Mary" is somebody else than "mark"."""


_DOUBLED = re.compile(r"([^\W\d_])\1")


def is_misspelling(word: str, name: str) -> bool:
    """Whether a folded word is most likely a slip for a folded name.

    One slip up to seven letters, two beyond (Damerau-Levenshtein, restricted); in names of up to
    five letters only a doubled, dropped or swapped letter, or one that sounds alike.
    """
    if word == name or min(len(word), len(name)) < 3 or abs(len(word) - len(name)) > 2:
        return False
    if len(name) > 4 and _sound(word) == _sound(name):
        return True
    from rapidfuzz.distance import OSA

    allowed = 1 if len(name) <= 7 else 2
    if OSA.distance(word, name, score_cutoff=allowed) > allowed:
        return False
    if any(ch.isdigit() for ch in name) and [c for c in word if c.isdigit()] != [
        c for c in name if c.isdigit()
    ]:
        return False
    if len(name) > 5:
        return word[0] == name[0] or len(name) > 7
    return word[0] == name[0] and _short_slip(word, name)


def _sound(word: str) -> str:
    """A rough spelling by ear: "scoobie" and "scooby" are one, and so are "Oddesa" and "Odessa"."""
    word = _DOUBLED.sub(r"\1", word)
    for written, heard in (("ie", "y"), ("ey", "y"), ("ph", "f"), ("ck", "k"), ("c", "k")):
        word = word.replace(written, heard)
    return word


def _short_slip(word: str, name: str) -> bool:
    if len(word) != len(name):
        longer, shorter = sorted((word, name), key=len, reverse=True)
        # Only a doubled letter or a dropped inner one: "Jo" is not "Joe", "Deniss" not "Denise".
        for place in range(1, len(longer)):
            if longer[:place] + longer[place + 1 :] == shorter:
                doubled = longer[place] == longer[place - 1]
                return doubled or (len(name) > 4) or (0 < place < len(longer) - 1)
        return False
    pairs = [(a, b) for a, b in zip(word, name, strict=True) if a != b]
    if len(pairs) == 2:
        return pairs[0] == pairs[1][::-1]
    return len(pairs) == 1 and any(a in g and b in g for a, b in pairs for g in _ALIKE)


NEAR = 62
"""Likeness, of 100, from which a name, or a word of it, is offered for one that nobody has."""


def close_names(name: str, authors: Sequence[str], limit: int = 3) -> list[str]:
    """Authors that look like a name, nearest first; empty when none does."""
    from rapidfuzz import fuzz, process

    scores: dict[str, float] = {}
    whole = fold(name)
    parts = [(a, p) for a in authors for p in dict.fromkeys((fold(a), *_parts(a)))]
    texts = [p for _, p in parts]
    for sought in dict.fromkeys((whole, *re.findall(r"[^\W_]{3,}", whole))):
        near = process.extract(sought, texts, scorer=fuzz.ratio, score_cutoff=NEAR, limit=3 * limit)
        for _, score, place in near:
            author = parts[place][0]
            scores[author] = max(score, scores.get(author, 0.0))
    return sorted(scores, key=lambda a: -scores[a])[:limit]


def _parts(author: str) -> list[str]:
    words = re.findall(r"[^\W\d_]{3,}", fold(author))
    return [*words, *sorted(p for p in parts_of(author) if len(p) > 3 and p not in words)]
