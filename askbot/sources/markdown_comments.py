"""The comments' section of a Markdown page: its entries, who replies to whom, and their text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from askbot.discussion import Extent
from askbot.sources import grammar
from askbot.sources.blocks import Line, lines_with, trim, width
from askbot.sources.builder import Draft, check_count
from askbot.sources.marks import PREFACE

_MOST_HEADINGS = 500
Style = Literal["item", "quote", "paragraph", "heading"]
_PREFIX = re.compile(r"[^\S\n]*(?:>[^\S\n]?)*")
_LIST = re.compile(r"(?:[-*+]|\d{1,6}[.)])[ \t]+")
ATX = re.compile(r"(#{1,6})(?:[ \t]+|\Z)")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<name>\S[^\n]{0,120}?)(?P=mark)")
_LINK = re.compile(r"\[(?P<text>[^\]\n]{1,120})\]\([^)\n]{0,300}\)")
FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_FENCE_LINE = re.compile(r"^[ ]{0,3}(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\Z")


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


class CommentSection:
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
    def find(cls, source: str, start: int) -> CommentSection | None:
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
            atx = ATX.match(text)
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
            if FENCE.match(source, row.text, row.end):
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
            mark = None if row.blank else FENCE.match(self._source, row.text, row.end)
            if mark:
                fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
            atx = ATX.match(self._source, row.text, row.end) if not row.quotes else None
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
            elif not RULE.match(self._source[row.text : row.end]):
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
    atx = ATX.match(line)
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
