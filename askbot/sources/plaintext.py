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

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from askbot.discussion import Extent, Page
from askbot.sources import grammar
from askbot.sources.blocks import Line, blocks, line_start, lines, normalise, trim
from askbot.sources.builder import Draft, assemble, check_count
from askbot.sources.grammar import Header

PREFACE = 6
"""Lines (a sort order, a house rule) that may stand between the heading and the first header."""

TITLE = 120
"""A longer first line is not a headline."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A comment header where it stands; `below` is the date line under it."""

    line: Line
    header: Header
    below: Line | None = None

    @property
    def end(self) -> int:
        """Where the comment's text may start."""
        if self.header.inline is not None:
            return self.line.start + self.header.inline
        return (self.below or self.line).end

    @property
    def posted(self) -> bool:
        return self.header.posted is not None


@dataclass(frozen=True, slots=True)
class Section:
    """Where the discussion starts: its heading (if it has one) and its first header."""

    heading: Line | None
    count: int | None
    first: Mark

    @property
    def start(self) -> int:
        return self.heading.start if self.heading else self.first.line.start


def read(text: str, *, slug: str, origin: str) -> Page:
    """Read a plain-text page.

    Raises:
        SourceError: it has neither an article nor comments.
    """
    source = normalise(text)
    return parse(source, slug=slug, origin=origin, format="text", title=title_of(source))


def parse(source: str, *, slug: str, origin: str, format: str, title: str) -> Page:
    """Read normalised text by the line grammar (shared with Markdown)."""
    headings = _headings(source, origin)
    section = _section(source, headings)
    end = section.start if section else len(source)
    paragraphs, furniture = _article(source, end, origin)
    drafts: list[Draft] = []
    if section:
        discussion = Discussion(source, section)
        drafts = discussion.drafts
        furniture.extend(discussion.furniture)
    count = section.count if section else None
    if count is None:
        count = next((n for _, n in headings if n is not None), None)
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
    first, *more = islice(blocks(source), 2) or (None,)
    if first is None or not more or first.end - first.start > TITLE:
        return ""
    line = source[first.start : first.end]
    if "\n" in line:
        line, _, rule = line.partition("\n")
        if not rule.strip() or rule.strip().strip("=-") or "\n" in rule:
            return ""
    line = line.rstrip("#").strip().lstrip("#").strip()
    ends_like_prose = line.endswith((".", ":", ";", ",", ".”", '."'))
    if ends_like_prose or grammar.heading(line) or grammar.header(line) or grammar.date_line(line):
        return ""
    return line


def find_section(source: str) -> Section | None:
    """Where the discussion of normalised text starts; None if there is none."""
    return _section(source, _headings(source, "text"))


def _headings(source: str, origin: str) -> list[tuple[Line, int | None]]:
    """Every line that could head the comments; the count is kept where it is a block of its own."""
    found = []
    for line in lines(source):
        if line.end - line.start <= grammar.LONGEST:
            heading = grammar.heading(source[line.start : line.end])
            if heading:
                found.append((line, heading.count))
                check_count(len(found), origin)
    return found


def _section(source: str, headings: Sequence[tuple[Line, int | None]]) -> Section | None:
    for line, count in headings:
        first = _first_after(source, line, weak=True)
        if first:
            return Section(line, count, first)
    first = _unheaded(source)
    return Section(None, None, first) if first else None


def _first_after(source: str, heading: Line, *, weak: bool) -> Mark | None:
    """The first comment header under a heading, if it is near enough."""
    window = list(islice(lines(source, heading.end), PREFACE + 2))
    for i, line in enumerate(window[: PREFACE + 1]):
        mark = _mark(source, line, window[i + 1] if i + 1 < len(window) else None, weak=i == 0)
        if mark:
            return mark
        if line.end - line.start > grammar.LONGEST:
            return None
    return None


def _unheaded(source: str) -> Mark | None:
    """The first of the headers that need no heading: numbered from 1, or two with a date."""
    dated: Mark | None = None
    previous: Line | None = None
    for line in lines(source):
        if previous is not None:
            mark = _mark(source, previous, line, weak=False)
            if mark and mark.header.form == "verb" and mark.header.firm and mark.header.number == 1:
                return mark
            if mark and mark.header.form == "verb" and (mark.posted or mark.below):
                if dated:
                    return dated
                dated = mark
        previous = line
    return None


def _mark(source: str, line: Line, following: Line | None, *, weak: bool) -> Mark | None:
    """Read a line as a header, with the line below it where that is a date.

    `weak` lets a numbered name or "NAME:" count, which only the place under a heading justifies.
    """
    text = source[line.start : min(line.end, line.start + grammar.LONGEST + 1)]
    header = grammar.header(text)
    date = None
    if following and following.end - following.start <= grammar.LONGEST:
        date = grammar.date_line(source[following.start : following.end])
    if header and header.posted is None and date:
        return Mark(line, replace(header, posted=date), following)
    if header:
        return Mark(line, header)
    if grammar.date_line(text) or grammar.heading(text) or grammar.is_closing(text):
        return None
    name = grammar.bare_name(text)
    if name and date and following and not following.fresh:
        return Mark(line, replace(name, form="stacked", posted=date), following)
    if (
        name
        and weak
        and name.form != "stacked"
        and not (name.form == "listed" and name.number != 1)
    ):
        return Mark(line, name)
    return None


class Discussion:
    """The comments from a section's first header on; built once, then read off."""

    def __init__(self, source: str, section: Section) -> None:
        self.source = source
        self.furniture: list[Extent] = []
        self.drafts: list[Draft] = []
        self._style = section.first
        if section.heading:
            self.furniture.append(section.heading.extent)
            self.furniture.extend(blocks(source, section.heading.end, section.first.line.start))
        self._marks = self._find(section.first)
        self._nest()
        self._fill()

    def _find(self, first: Mark) -> list[Mark]:
        """Every header in the style of the first."""
        marks: list[Mark] = []
        tight = 0
        window: list[Line] = []
        for line in lines(self.source, line_start(self.source, first.line.start)):
            window.append(line)
            if len(window) == 2:
                if mark := self._accept(window[0], window[1]):
                    marks.append(mark)
                    tight += not mark.line.fresh
                    check_count(len(marks), "text")
                window.pop(0)
        if window and (mark := self._accept(window[0], None)):
            marks.append(mark)
            tight += not mark.line.fresh
        if first.header.number is None and first.header.posted is None and tight * 2 < len(marks):
            marks = [m for m in marks if m.line.fresh or m.line.start == first.line.start]
        return marks

    def _accept(self, line: Line, following: Line | None) -> Mark | None:
        style = self._style.header
        if line.end - line.start > grammar.LONGEST:
            return None
        weak = style.form in ("listed", "colon")
        if weak:
            name = grammar.bare_name(self.source[line.start : line.end])
            mark = Mark(line, name) if name else None
        else:
            mark = _mark(self.source, line, following, weak=False)
        if mark is None:
            return None
        header = mark.header
        fits = (
            header.form == style.form
            and (header.number is None) == (style.number is None)
            and header.bullet == style.bullet
            and (header.inline is None or style.inline is not None)
            and (style.number is not None or header.posted is not None or style.posted is None)
        )
        if fits and weak and line.start != self._style.line.start:
            fits = line.fresh and (following is None or following.fresh or style.form == "colon")
        return mark if fits else None

    def _nest(self) -> None:
        """Give each header its parent by indent."""
        open_: list[tuple[int, Mark]] = []
        kept: list[Mark] = []
        for mark in self._marks:
            while open_ and not self._below(mark, open_[-1][1]):
                open_.pop()
            if self._style.header.form == "listed" and not self._in_sequence(mark, open_, kept):
                continue
            parent = open_[-1][0] if open_ else None
            header = mark.header
            draft = Draft(header.author, parent, posted=header.posted)
            head_end = mark.line.end
            if header.inline is not None:
                head_end = mark.line.start + header.inline
            extent = trim(self.source, mark.line.start, head_end)
            draft.header.extend(e for e in (extent, mark.below and mark.below.extent) if e)
            open_.append((len(self.drafts), mark))
            self.drafts.append(draft)
            kept.append(mark)
        self._marks = kept

    def _below(self, mark: Mark, above: Mark) -> bool:
        """Whether a header is a reply to an earlier one that is still open."""
        if mark.line.indent <= above.line.indent:
            return False
        number, before = mark.header.number, above.header.number
        if number is None or before is None or abs(number - before) != 1:
            return True
        # Right-aligned list numbers ("  9." over " 10.") shift the indent but not the name.
        same_column = (
            mark.line.indent + mark.header.column == above.line.indent + above.header.column
        )
        return not same_column

    def _in_sequence(
        self, mark: Mark, open_: Sequence[tuple[int, Mark]], kept: Sequence[Mark]
    ) -> bool:
        """Whether a bare number and name continue the list they stand in."""
        parent = open_[-1][0] if open_ else None
        siblings = [i for i in range(len(self.drafts) - 1, -1, -1) if self._parent(i) == parent]
        expected = 1
        if siblings:
            expected = (kept[siblings[0]].header.number or 0) + 1
        return mark.header.number == expected

    def _parent(self, i: int) -> int | None:
        return self.drafts[i].parent

    def _fill(self) -> None:
        """Share out the text between headers."""
        marks = self._marks
        ends = [line_start(self.source, m.line.start) for m in marks[1:]]
        stop = self._stop(marks, ends)
        segments = list(zip(marks, [*ends, stop], strict=True))
        bodies = [list(blocks(self.source, mark.end, end)) for mark, end in segments]
        self._set_tools_apart(bodies)
        for draft, body in zip(self.drafts, bodies, strict=True):
            draft.body.extend(body)
        self.furniture.extend(blocks(self.source, stop))

    def _stop(self, marks: Sequence[Mark], ends: Sequence[int]) -> int:
        """Where the discussion ends: at a closing line, or where text leaves the indented list."""
        top = min(mark.line.indent for mark in marks)
        hanging = all(
            line.indent > (mark.line.indent if i == 0 else top)
            for mark, end in zip(marks, ends, strict=False)
            for i, line in enumerate(lines(self.source, mark.end, end))
            if line.fresh or i == 0
        )
        last = marks[-1]
        seen = False
        for line in lines(self.source, min(last.end + 1, len(self.source))):
            if hanging and not seen and len(marks) == 1:
                hanging = line.indent > top
            seen = True
            outside = line.indent <= top
            text = self.source[line.start : min(line.end, line.start + grammar.LONGEST + 1)]
            if outside and line.fresh and hanging:
                return line_start(self.source, line.start)
            if (outside or not hanging) and grammar.is_closing(text):
                return line_start(self.source, line.start)
        return len(self.source)

    def _set_tools_apart(self, bodies: Sequence[list[Extent]]) -> None:
        """Make "Reply" under every comment furniture, if it does stand under most of them."""
        with_tools = [
            body
            for body in bodies
            if body and grammar.is_tool(self.source[body[-1].start : body[-1].end])
        ]
        if len(with_tools) >= 2 and len(with_tools) * 2 >= len(bodies):
            self.furniture.extend(body.pop() for body in with_tools)


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
