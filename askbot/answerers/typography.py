"""Page text made safe to show a model, and a model's quotations in the page's own characters.

The two belong together: `neutral` changes only characters that `realigned` knows to be the same, so
that a model that copies what it was shown quotes the source itself. Letters and digits must agree.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from askbot.answers import Evidence
from askbot.citations import find_quote

_SHOWN = {"<": "‹", ">": "›", "[": "⟦", "]": "⟧"}
"""Angle and square brackets carry every chat template's control words and our own ids."""

_SAME = {
    **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
    "‹": "<",
    "›": ">",
    "⟦": "[",
    "⟧": "]",
}
_DROPPED = {"Cc", "Cf", "Co", "Cs", "Cn"}
_TRAILING = ",.;:!?"


def neutral(text: str) -> str:
    """Page text without invisible characters, control characters, and control markup.

    Lines stay; whatever Unicode counts as a line break becomes one.
    """
    kept = []
    for ch in "\n".join(text.splitlines()):
        if ch == "\n":
            kept.append(ch)
        elif ch.isspace():
            kept.append(" ")
        elif unicodedata.category(ch) not in _DROPPED:
            kept.append(_SHOWN.get(ch, ch))
    return "".join(kept)


def visible(text: str) -> str:
    """A model's text without invisible and control characters (line breaks stay)."""
    return "".join(
        ch if ch == "\n" or unicodedata.category(ch) not in _DROPPED else " " * (ch == "\t")
        for ch in text.replace("\r\n", "\n").replace("\r", "\n")
    )


def folded(text: str) -> tuple[str, list[int]]:
    """The text with typographic variants made one, and for each character where it came from."""
    out: list[str] = []
    places: list[int] = []
    for place, ch in enumerate(text):
        if ch.isspace():
            if out and out[-1] == " ":
                continue
            same = " "
        elif unicodedata.category(ch) in _DROPPED:
            continue
        else:
            same = _SAME.get(ch, ch)
        for single in same:
            out.append(single)
            places.append(place)
    return "".join(out), places


@lru_cache(maxsize=512)
def _folded_source(source: str) -> tuple[str, list[int]]:
    return folded(source)


def realigned(quote: str, item: Evidence) -> tuple[int, int] | None:
    """Where a quotation stands in a passage, typographic variants being the same.

    Punctuation that the quoting sentence put inside the marks ("…in winter,") is left out where the
    passage has none.

    Returns:
        Start and end in the page's source; None where letters, digits or words differ.
    """
    exact = find_quote(quote, item) if quote else None
    if exact is not None:
        return exact
    wanted = folded(quote)[0].strip()
    candidates = [wanted, wanted.rstrip(_TRAILING).rstrip()]
    for extent in item.extents:
        source = item.page.source[extent.start : extent.end]
        text, places = _folded_source(source)
        for candidate in candidates:
            at = text.find(candidate) if candidate else -1
            while at >= 0:
                last = places[at + len(candidate) - 1]
                slice_ = source[places[at] : last + 1]
                if folded(slice_)[0] == candidate:  # not half of a "…"
                    found = find_quote(slice_, item)
                    if found is not None:
                        return found
                at = text.find(candidate, at + 1)
    return None
