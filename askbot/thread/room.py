"""Whether a sentence has room for a name: after "by" or "did", before "said" or "'s".

Commenters call themselves "come on" or "mark": such words name somebody only in such a place, or
written with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.thread.vocabulary import (
    AFTER_NAME,
    BEFORE_NAME,
    COMMON_NAME_WORDS,
    DETERMINERS,
    SCAFFOLD,
)
from askbot.thread.words import How, Token

_CALLED = re.compile(r"\s*[,:]|\s+[-–—]+\s")
""" "Kim, who answered her?", "Kim - all her posts"."""
_QUOTE_MARKS = "\"'“”‘’«»"


def is_name(
    question: str,
    tokens: Sequence[Token],
    first: int,
    size: int,
    how: How,
    one: bool = False,
) -> bool:
    """Whether the sentence has room for a name here; `one`: the words name one commenter only."""
    window = tokens[first : first + size]
    before = tokens[first - 1] if first else None
    after = tokens[first + size] if first + size < len(tokens) else None
    if _longer_name(question, tokens, first, size):
        return False
    ordinary = all(t.folded in COMMON_NAME_WORDS or t.folded in SCAFFOLD for t in window)
    odd = any(ch.isdigit() or ch == "_" for t in window for ch in t.raw)
    if how == "exact" and not ordinary and (size > 1 or odd):
        return True
    quoted = window[0].start > 0 and question[window[0].start - 1] in _QUOTE_MARKS
    quoted = quoted and question[window[-1].end : window[-1].end + 1] in tuple(_QUOTE_MARKS)
    capital = window[0].capital and not question.isupper()
    # "the replies that just asking got": "that" determines one word, but hardly a whole name.
    relative = before is not None and before.folded == "that" and (size > 1 or capital)
    determined = before is not None and before.folded in DETERMINERS and not relative
    fits_before = relative or (before is not None and before.folded in BEFORE_NAME)
    alone = after is None and len(tokens) <= size + 1
    called = first == 0 and bool(_CALLED.match(question, window[-1].end))
    fits_after = (
        alone
        or called
        or window[-1].possessive
        or (after is not None and after.folded in AFTER_NAME)
    )
    if ordinary:
        strong = capital and first > 0 and not determined
        closes = fits_before and (fits_after or after is None)
        return quoted or strong or (closes and not determined)
    if determined:
        # "the Brigadier", "the cynic said": but not "the mark", "its driver".
        speaks = after is not None and after.folded in AFTER_NAME
        behind = tokens[first - 2].folded if first > 1 else ""
        if one and before is not None and before.folded == "the":
            # "the fireman" for "retired fireman", of whom the article knows nothing.
            return speaks or (after is None and behind in BEFORE_NAME)
        whole = how == "partial" or (how == "misspelled" and size > 1)
        return (capital and first > 1 and whole) or (
            how == "exact" and before is not None and before.folded == "the" and speaks
        )
    if quoted or window[-1].possessive or fits_before:
        return True
    if first == 0:
        acts = how == "exact" and one and after is not None and after.folded.endswith(("s", "ed"))
        return fits_after or size > 1 or acts  # "kim opens with a quote": but not "mark my words"
    return capital or fits_after


def _longer_name(question: str, tokens: Sequence[Token], first: int, size: int) -> bool:
    """Whether this is part of somebody else's name: "Mark" in "Mark Zuckerberg"."""
    window = tokens[first : first + size]
    if not window[0].capital or question.istitle():
        return False
    for place, other in ((first - 1, "before"), (first + size, "after")):
        if not 0 <= place < len(tokens) or (place == 0 and tokens[0].folded in SCAFFOLD):
            continue
        token = tokens[place]
        gap = (
            question[token.end : window[0].start]
            if other == "before"
            else question[window[-1].end : token.start]
        )
        if token.capital and token.folded not in SCAFFOLD and gap.strip(".") == " ":
            return True
    return False
