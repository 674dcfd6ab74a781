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
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from askbot.discussion import Extent, Page
from askbot.sources import grammar, plaintext
from askbot.sources.blocks import Line, blocks, lines_with, normalise, trim, width
from askbot.sources.builder import Draft, assemble, check_count
from askbot.sources.marks import PREFACE, find_section, headings
from askbot.sources.threads import Discussion

_MOST_HEADINGS = 500

Style = Literal["item", "quote", "paragraph", "heading"]

_PREFIX = re.compile(r"[^\S\n]*(?:>[^\S\n]?)*")
_LIST = re.compile(r"(?:[-*+]|\d{1,6}[.)])[ \t]+")
_ATX = re.compile(r"(#{1,6})(?:[ \t]+|\Z)")
_ATX_END = re.compile(r"[ \t]#+[ \t]*\Z")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<name>\S[^\n]{0,120}?)(?P=mark)")
_LINK = re.compile(r"\[(?P<text>[^\]\n]{1,120})\]\([^)\n]{0,300}\)")
_SETEXT = re.compile(r"\n[ ]{0,3}([=-])\1+[ \t]*(?=\n|\Z)")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_FENCE_LINE = re.compile(r"^[ ]{0,3}(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
_VISIBLE = re.compile(r"\S(?:[^\n]*\S)?")
_RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\Z")
_DEFINITION = re.compile(r"\[[^\]\n]{1,200}\]:[ \t]*\S")
_FRONT = re.compile(r"---[ \t]*\n(?:[^\n]*\n){0,200}?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_TITLE = re.compile(r"^title:[ \t]*(?P<title>\S[^\n]{0,300})$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: `text` is where its content starts, behind quote markers and indent."""

    start: int
    text: int
    end: int
    quotes: int
    indent: int
    fresh: bool

    @property
    def blank(self) -> bool:
        return self.text >= self.end

    @property
    def level(self) -> int:
        """Columns, a quote marker counting as four."""
        return self.quotes * 4 + self.indent


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that starts a comment."""

    row: Row
    style: Style
    author: str
    level: int
    head_end: int
    posted: str | None


def read(text: str, *, slug: str, origin: str) -> Page:
    """Read a Markdown page.

    Raises:
        SourceError: it has neither an article nor comments.
    """
    source = normalise(text)
    front = _FRONT.match(source)
    body = front.end() if front else 0
    section = _Section.find(source, body)
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


def rows(source: str, start: int, end: int) -> Iterator[Row]:
    """The lines of a range, blank ones too."""
    fresh = True
    while start < end:
        stop = source.find("\n", start, end)
        stop = end if stop < 0 else stop
        prefix = _PREFIX.match(source, start, stop)
        text = prefix.end() if prefix else start
        quotes = source.count(">", start, text)
        edge = source.rfind(">", start, text) + 1 if quotes else start
        visible = trim(source, text, stop)
        if visible is None:
            yield Row(start, stop, stop, quotes, 0, fresh)
            fresh = True
        else:
            indent = width(source, edge, visible.start)
            indent = max(0, indent - 1) if quotes else indent
            yield Row(start, visible.start, visible.end, quotes, indent, fresh)
            fresh = False
        start = stop + 1


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
            atx = _ATX.match(self.source, start, line_end)
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
                mark = _FENCE.match(line)
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
    if short and _RULE.match(text):
        return True
    if text.startswith("<!--") and text.rstrip().endswith("-->"):
        return True
    lines = text.split("\n")
    return all(_DEFINITION.match(line.strip()) for line in lines if line.strip())


class _Section:
    """The comments' section; use `find`."""

    def __init__(
        self, source: str, start: int, level: int, count: int | None, style: Entry
    ) -> None:
        self._source, self._level = source, level
        self.start, self.end, self.count = start, len(source), count
        self.drafts: list[Draft] = []
        self._style = style
        self._open: list[tuple[int, int]] = []
        self._block: list[Row] = []
        self._read(style.row.start)

    @classmethod
    def find(cls, source: str, start: int) -> _Section | None:
        """The first section whose first entry has one of the documented forms."""
        tried = 0
        for line in lines_with(source, grammar.HEADING_WORDS, grammar.LONGEST):
            text = source[line.start : line.end]
            stated = grammar.heading(text) if line.start >= start else None
            if stated is None or text.startswith(">"):
                continue
            tried += 1
            if tried > _MOST_HEADINGS:
                return None
            atx = _ATX.match(text)
            level = len(atx[1]) if atx else 2
            entry = cls._first_entry(source, line, level)
            if entry is not None and not _in_fence(source, start, line.start):
                return cls(source, line.start, level, stated.count, entry)
        return None

    @staticmethod
    def _first_entry(source: str, heading: Line, level: int) -> Entry | None:
        before: Row | None = None
        shown = (row for row in rows(source, heading.end, len(source)) if not row.blank)
        for row in islice(shown, PREFACE + 1):
            if _FENCE.match(source, row.text, row.end):
                return None
            entry = _entry(source, row, before, level)
            if entry is not None:
                return entry
            if grammar.heading(source[row.text : min(row.end, row.text + 201)]) is not None:
                return None  # tried in its own turn
            before = row
        return None

    def _read(self, start: int) -> None:
        before: Row | None = None
        fence = ""
        for row in rows(self._source, start, len(self._source)):
            mark = None if row.blank else _FENCE.match(self._source, row.text, row.end)
            if mark:
                fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
            atx = _ATX.match(self._source, row.text, row.end) if not row.quotes else None
            if atx and not fence and len(atx[1]) <= self._level and not row.indent:
                self.end = row.start
                break
            entry = None
            if not row.blank and not fence and not mark:
                entry = self._fitting(row, before)
            if entry is not None:
                self._flush()
                self._begin(entry)
            elif row.blank or (self._block and row.quotes != self._block[-1].quotes):
                self._flush()
                if not row.blank:
                    self._block.append(row)
            elif not _RULE.match(self._source[row.text : row.end]):
                self._block.append(row)
            before = row
        self._flush()

    def _fitting(self, row: Row, before: Row | None) -> Entry | None:
        entry = _entry(self._source, row, before, self._level)
        if entry is None or entry.style != self._style.style:
            return None
        return None if self._style.posted is not None and entry.posted is None else entry

    def _begin(self, entry: Entry) -> None:
        while self._open and self._open[-1][0] >= entry.level:
            self._open.pop()
        parent = self._open[-1][1] if self._open else None
        draft = Draft(entry.author, parent, posted=entry.posted)
        header = trim(self._source, entry.row.text, entry.head_end)
        if header is not None:
            draft.header.append(header)
        self._open.append((entry.level, len(self.drafts)))
        self.drafts.append(draft)
        check_count(len(self.drafts), "Markdown")
        inline = trim(self._source, entry.head_end, entry.row.end)
        if inline is not None:
            row = entry.row
            self._block.append(Row(row.start, inline.start, row.end, row.quotes, 0, False))

    def _flush(self) -> None:
        if self._block and self.drafts:
            self.drafts[-1].body.append(Extent(self._block[0].text, self._block[-1].end))
        self._block = []


def _in_fence(source: str, start: int, end: int) -> bool:
    """Whether a position is inside a fenced code block."""
    fence = ""
    for mark in _FENCE_LINE.finditer(source, start, end):
        if not fence:
            fence = mark[1]
        elif mark[1].startswith(fence) and not mark[2].strip():
            fence = ""
    return bool(fence)


def _entry(source: str, row: Row, before: Row | None, section_level: int) -> Entry | None:
    """Read a row as the start of a comment."""
    line = source[row.text : min(row.end, row.text + 2_000)]
    atx = _ATX.match(line)
    if atx:
        if len(atx[1]) <= section_level or len(line) > grammar.LONGEST:
            return None
        named = _bold(line, atx.end()) or _plain(line, atx.end())
        if named is None:
            return None
        author, _, posted = named
        return Entry(row, "heading", author, len(atx[1]), row.end, posted)
    item = _LIST.match(line)
    named = _bold(line, item.end() if item else 0)
    if named is None:
        return None
    author, head_end, posted = named
    starts = row.fresh or before is None or before.quotes != row.quotes
    style: Style = "item" if item else "quote" if row.quotes else "paragraph"
    if style != "item" and not starts:
        return None
    return Entry(row, style, author, row.level, row.text + head_end, posted)


def _bold(line: str, at: int) -> tuple[str, int, str | None] | None:
    """A bold name, where the header ends, and its date: `**NAME** (DATE): `."""
    link = re.compile(r"\[(?=\*\*|__)").match(line, at)
    bold = _BOLD.match(line, link.end() if link else at)
    if bold is None:
        return None
    end = bold.end()
    if link:
        close = re.compile(r"\]\([^)\n]{0,300}\)").match(line, end)
        end = close.end() if close else end
    inside = bold["name"].strip()
    linked = _LINK.fullmatch(inside)
    inside = linked["text"] if linked else inside
    header = grammar.header(inside)
    colon = inside.endswith(":")
    name = header.author if header and header.inline is None else inside.rstrip(": ")
    posted = header.posted if header else None
    cut = end + grammar.lead_in(line[end:])
    lead = line[end:cut]
    if not grammar.is_name(name, 8) or not (
        colon or (header and header.form == "verb") or lead.strip() or cut >= len(line)
    ):
        return None
    return name, cut, posted or grammar.find_date(lead)


def _plain(line: str, at: int) -> tuple[str, int, str | None] | None:
    rest = line[at:].rstrip("# ")
    header = grammar.header(rest) or grammar.bare_name(rest)
    if header is None or header.inline is not None:
        return None
    return header.author, len(line), header.posted


def _rest(source: str, taken: list[Extent]) -> Iterator[Extent]:
    """What no part holds, line by line: markers of quotes and headings, rules, underlines."""
    position = 0
    for start, end in (*((e.start, e.end) for e in sorted(taken)), (len(source), len(source))):
        for visible in _VISIBLE.finditer(source, position, start):
            yield Extent(visible.start(), visible.end())
        position = end
