"""Markdown: the normalised source is the Markdown text itself, so a quote is what the file says.

The article is everything outside the comments' section, one paragraph for each block; a fenced code
block is one, and a heading's paragraph is its text without the "#"s. Front matter, rules, link
definitions and HTML comments are furniture, as are markers (">", "#") that belong to no text.

The comments' section starts at a heading as in plain text ("## Comments (3)", "Discussion") under
which the first entry has one of these forms, and ends at the next heading of that level:

- items: `- **NAME** (DATE): text`, nested items are replies (numbered items too);
- quotes: `> **NAME**, DATE:` and below it `> text`; `>> **NAME**:` is a reply;
- paragraphs: `**NAME** says:` and below it the text;
- headings: `### NAME, DATE` and below it the text; deeper headings are replies.

Any other section, or none, is read by the plain-text grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from askbot.discussion import Extent, Page
from askbot.sources import grammar, plaintext
from askbot.sources.blocks import blocks, normalise, trim
from askbot.sources.builder import Draft, assemble, check_count
from askbot.sources.markdown_comments import ATX, FENCE, RULE, CommentSection
from askbot.sources.marks import find_section, headings
from askbot.sources.threads import Discussion

_ATX_END = re.compile(r"[ \t]#+[ \t]*\Z")
_SETEXT = re.compile(r"\n[ ]{0,3}([=-])\1+[ \t]*(?=\n|\Z)")
_VISIBLE = re.compile(r"\S(?:[^\n]*\S)?")
_DEFINITION = re.compile(r"\[[^\]\n]{1,200}\]:[ \t]*\S")
_FRONT = re.compile(r"---[ \t]*\n(?:[^\n]*\n){0,200}?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_TITLE = re.compile(r"^title:[ \t]*(?P<title>\S[^\n]{0,300})$", re.MULTILINE | re.IGNORECASE)


def read(text: str, *, slug: str, origin: str) -> Page:
    """Read a Markdown page.

    Raises:
        SourceError: it has neither an article nor comments.
    """
    source = normalise(text)
    front = _FRONT.match(source)
    body = front.end() if front else 0
    section = CommentSection.find(source, body)
    drafts: list[Draft] = []
    furniture: list[Extent] = [*blocks(source, 0, body)]
    claimed: int | None = None
    if section is not None:
        drafts, claimed = section.drafts, section.count
        start, end = section.start, section.end
    else:
        plain = find_section(source, headings(source, origin))
        start = plain.start if plain else len(source)
        end = len(source)
        if plain is not None:
            discussion = Discussion(source, plain)
            drafts, claimed = discussion.drafts, plain.count
            furniture.extend(discussion.furniture)
    article = _Article(source, origin)
    article.take(body, start)
    article.take(end, len(source), after=True)
    furniture.extend(article.furniture)
    claimed = article.count if claimed is None else claimed
    taken = [*article.paragraphs, *furniture]
    taken.extend(e for d in drafts for e in (*d.header, *d.body))
    furniture.extend(_rest(source, taken))
    return assemble(
        slug=slug,
        title=_title(source, front, article),
        source=source,
        paragraphs=article.paragraphs,
        drafts=drafts,
        furniture=furniture,
        claimed=claimed,
        origin=origin,
        format="markdown",
    )


def _title(source: str, front: re.Match[str] | None, article: _Article) -> str:
    stated = _TITLE.search(front[0]) if front else None
    if stated:
        return stated["title"].strip().strip("\"'")
    if article.headline is not None:
        return source[article.headline.start : article.headline.end]
    return "" if front else plaintext.title_of(source)


class _Article:
    """Paragraphs and furniture outside the discussion."""

    def __init__(self, source: str, origin: str) -> None:
        self.source, self._origin = source, origin
        self.paragraphs: list[Extent] = []
        self.furniture: list[Extent] = []
        self.headline: Extent | None = None
        self.count: int | None = None

    def take(self, start: int, end: int, *, after: bool = False) -> None:
        """Sort a range; `after` the discussion, a closing heading makes the rest furniture."""
        closed = False
        for block in self._blocks(start, end):
            text = self.source[block.start : min(block.end, block.start + 300)]
            short = block.end - block.start <= grammar.LONGEST and "\n" not in text
            heading = grammar.heading(text) if short else None
            closed = closed or (after and short and grammar.is_closing(text))
            if heading and heading.count is not None:
                self.count = heading.count if self.count is None else self.count
                self.furniture.append(block)
            elif closed or _is_furniture(text, short):
                self.furniture.append(block)
            else:
                self._paragraph(block)
                check_count(len(self.paragraphs), self._origin)

    def _paragraph(self, block: Extent) -> None:
        """Add a block; headings on its first lines are paragraphs of their own."""
        rest: Extent | None = block
        while rest is not None:
            start, end = rest.start, rest.end
            line_end = self.source.find("\n", start, end)
            line_end = end if line_end < 0 else line_end
            atx = ATX.match(self.source, start, line_end)
            setext = None if atx else _SETEXT.match(self.source, line_end, end)
            if atx:
                closing = _ATX_END.search(self.source, atx.end(), line_end)
                text = trim(self.source, atx.end(), closing.start() if closing else line_end)
                top = len(atx[1]) == 1
            elif setext:
                text = trim(self.source, start, line_end)
                line_end, top = setext.end(), setext[1] == "="
            else:
                self.paragraphs.append(rest)
                return
            if text is not None:
                self.paragraphs.append(text)
                if top and self.headline is None:
                    self.headline = text
            rest = trim(self.source, line_end, end)

    def _blocks(self, start: int, end: int) -> Iterator[Extent]:
        """Blank-line-separated blocks, a fenced code block kept whole."""
        fence = ""
        opened: int | None = None
        for block in blocks(self.source, start, end):
            for line in self.source[block.start : block.end].split("\n"):
                mark = FENCE.match(line)
                if not fence:
                    fence = mark[1] if mark else ""
                elif mark and mark[1].startswith(fence) and not line.strip(" `~"):
                    fence = ""
            if fence:
                opened = block.start if opened is None else opened
            elif opened is not None:
                yield Extent(opened, block.end)
                opened = None
            else:
                yield block
        if opened is not None:  # a fence that is never closed
            yield from blocks(self.source, opened, end)


def _is_furniture(text: str, short: bool) -> bool:
    if short and RULE.match(text):
        return True
    if text.startswith("<!--") and text.rstrip().endswith("-->"):
        return True
    lines = text.split("\n")
    return all(_DEFINITION.match(line.strip()) for line in lines if line.strip())


def _rest(source: str, taken: list[Extent]) -> Iterator[Extent]:
    """What no part holds, line by line: markers of quotes and headings, rules, underlines."""
    position = 0
    for start, end in (*((e.start, e.end) for e in sorted(taken)), (len(source), len(source))):
        for visible in _VISIBLE.finditer(source, position, start):
            yield Extent(visible.start(), visible.end())
        position = end
