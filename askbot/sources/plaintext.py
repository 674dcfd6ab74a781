"""Plain text: a print-out of an article and the discussion under it.

The article is everything before the comments' heading, one paragraph for each block between blank
lines. A headline, where there is one, is such a block too: it keeps its number (usually p1) and
`Page.title` repeats it. A block that is nothing but a comment count ("3 Comments") is furniture.

The discussion starts at a heading ("Comments (23)", "3 thoughts on “…”") that comment headers
follow, or without one at the first header that could hardly be anything else ("1. NAME says:", two
headers with dates). The first header fixes the style of the page: later lines are headers only in
that style, so "X says:" inside a comment of a numbered page is that comment's text, and "1. first
point" is nobody's header. Replies nest by indent, by any step. What stands behind the discussion
("Leave a Reply", or text that falls back out of an indented list) is furniture.
"""

from __future__ import annotations

import re
from itertools import islice

from askbot.discussion import Extent, Page
from askbot.sources import grammar
from askbot.sources.blocks import blocks, normalise
from askbot.sources.builder import Draft, assemble, check_count
from askbot.sources.marks import find_section, headings
from askbot.sources.threads import Discussion

TITLE = 120
"""A longer first line is not a headline."""

_UNDERLINED = re.compile(r"(?P<line>[^\n]+)\n[ \t]*(?:={2,}|-{2,})[ \t]*\Z")


def read(text: str, *, slug: str, origin: str) -> Page:
    """Read a plain-text page.

    Raises:
        SourceError: it has neither an article nor comments.
    """
    source = normalise(text)
    return parse(source, slug=slug, origin=origin, format="text", title=title_of(source))


def parse(source: str, *, slug: str, origin: str, format: str, title: str) -> Page:
    """Read normalised text by the line grammar (shared with Markdown)."""
    heads = headings(source, origin)
    section = find_section(source, heads)
    end = section.start if section else len(source)
    paragraphs, furniture = _article(source, end, origin)
    drafts: list[Draft] = []
    if section:
        discussion = Discussion(source, section)
        drafts = discussion.drafts
        furniture.extend(discussion.furniture)
    count = section.count if section else None
    if count is None:
        count = next((n for _, n in heads if n is not None), None)
    return assemble(
        slug=slug,
        title=title,
        source=source,
        paragraphs=paragraphs,
        drafts=drafts,
        furniture=furniture,
        claimed=count,
        origin=origin,
        format=format,
    )


def title_of(source: str) -> str:
    """The first block, if it is one short line, no sentence by its end, and more follows."""
    opening = list(islice(blocks(source), 2))
    if len(opening) < 2 or opening[0].end - opening[0].start > TITLE:
        return ""
    first = opening[0]
    line = source[first.start : first.end]
    underlined = _UNDERLINED.match(line)
    if underlined:
        line = underlined["line"]
    elif "\n" in line:
        return ""
    line = line.rstrip("#").strip().lstrip("#").strip()
    ends_like_prose = line.endswith((".", ":", ";", ",", ".”", '."'))
    if ends_like_prose or grammar.heading(line) or grammar.header(line) or grammar.date_line(line):
        return ""
    return line


def _article(source: str, end: int, origin: str) -> tuple[list[Extent], list[Extent]]:
    """Paragraphs and furniture of the text before the discussion.

    Behind the article, a closing line such as "Leave a Reply" and the form below it are furniture,
    if what follows is as short-winded as a form.
    """
    paragraphs: list[Extent] = []
    furniture: list[Extent] = []
    closing: int | None = None
    for block in blocks(source, 0, end):
        length = block.end - block.start
        text = source[block.start : block.end] if length <= grammar.LONGEST else ""
        heading = grammar.heading(text) if text and "\n" not in text else None
        if heading and heading.count is not None:
            furniture.append(block)
            continue
        if length > grammar.LONGEST:
            closing = None
        elif closing is None and grammar.is_closing(text):
            closing = len(paragraphs)
        paragraphs.append(block)
        check_count(len(paragraphs), origin)
    if closing is not None:
        furniture.extend(paragraphs[closing:])
        del paragraphs[closing:]
    return paragraphs, furniture
