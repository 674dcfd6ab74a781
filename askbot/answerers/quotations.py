"""Where a sentence quotes: every kind of quotation mark, one word or many, closed or left open."""

from __future__ import annotations

import re

from askbot.discussion import Extent

_PAIRS = re.compile(
    r"“(?P<a>[^“”]+)”|„(?P<b>[^„“”]+)[“”]|«(?P<c>[^«»]+)»|»(?P<d>[^«»]+)«|\"(?P<e>[^\"]+)\""
)
_SINGLE = re.compile(
    r"(?<![\w'’])['‘](?P<f>[^\s'‘’](?:[^'‘’\n]|['’](?=\w))*[^\s'‘’]|[^\s'‘’])['’](?!\w)"
)
_MARKS = re.compile(r"[“”„«»\"]")


def quotations(text: str) -> list[Extent]:
    """The quoted parts, without their marks, in order; a mark left open quotes to the end."""
    found = [Extent(*m.span(str(m.lastgroup))) for m in _PAIRS.finditer(text)]
    left = "".join(
        " " if any(e.start - 1 <= i <= e.end for e in found) else ch for i, ch in enumerate(text)
    )
    found += [Extent(*m.span("f")) for m in _SINGLE.finditer(left)]
    stray = _MARKS.search(left)
    if stray:
        ends = [e.start for e in found if e.start > stray.start()]
        opening = stray.group() != "”"
        found.append(
            Extent(stray.end(), min(ends, default=len(text)))
            if opening
            else Extent(0, stray.start())
        )
    return sorted(e for e in found if text[e.start : e.end].strip())


def unbalanced(text: str) -> bool:
    """Whether a quotation begins in the text and does not end in it."""
    if text.count("“") + text.count("„") > text.count("”"):
        return True
    return text.count('"') % 2 == 1 or text.count("«") > text.count("»")
