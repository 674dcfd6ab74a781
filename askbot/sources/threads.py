"""The comments of a printed discussion: which lines are headers, who replies to whom, whose text
is whose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from askbot.discussion import Extent
from askbot.sources import grammar
from askbot.sources.blocks import Line, blocks, line_start, lines, trim
from askbot.sources.builder import Draft, check_count
from askbot.sources.marks import Mark, Section, mark_at


class Discussion:
    """The comments from a section's heading to the end of the text; built once, then read off.

    Attributes:
        drafts: the comments in page order.
        furniture: everything else from the heading on.
    """

    def __init__(self, source: str, section: Section) -> None:
        self.source = source
        self.furniture: list[Extent] = []
        self.drafts: list[Draft] = []
        self._style = section.first
        self._marks: list[Mark] = []
        head_end = section.start
        if section.heading:
            self.furniture.append(section.heading.extent)
            head_end = section.heading.end
        self._nest(self._find(section.first))
        if section.signed:
            self._fill_above(head_end)
        else:
            self.furniture.extend(blocks(source, head_end, section.first.line.start))
            self._fill_below()

    def _find(self, first: Mark) -> list[Mark]:
        """Every header in the style of the first."""
        marks: list[Mark] = []
        tight = 0
        for line, following in _with_next(
            lines(self.source, line_start(self.source, first.line.start))
        ):
            if mark := self._accept(line, following):
                marks.append(mark)
                tight += not line.fresh
                check_count(len(marks), "the discussion")
        style = first.header
        if style.number is None and style.posted is None and tight * 2 < len(marks):
            marks = [m for m in marks if m.line.fresh or m.line.start == first.line.start]
        return marks

    def _accept(self, line: Line, following: Line | None) -> Mark | None:
        style = self._style.header
        if line.end - line.start > grammar.LONGEST:
            return None
        lead = self.source[line.start : line.start + 20]
        if style.number is not None and not grammar.is_numbered(lead):
            return None
        weak = style.form in ("listed", "colon")
        if weak:
            name = grammar.bare_name(self.source[line.start : line.end])
            mark = Mark(line, name) if name else None
        else:
            mark = mark_at(self.source, line, following, weak=False)
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

    def _nest(self, marks: Sequence[Mark]) -> None:
        """Give each header its parent by indent, and start the drafts."""
        open_: list[tuple[int, Mark]] = []
        last_number: dict[int | None, int] = {}
        for mark in marks:
            while open_ and not _is_below(mark, open_[-1][1]):
                open_.pop()
            parent = open_[-1][0] if open_ else None
            header = mark.header
            if header.form == "listed":
                # A bare number and name count only where they continue the list they stand in.
                if header.number != last_number.get(parent, 0) + 1:
                    continue
                last_number[parent] = header.number
            draft = Draft(header.author, parent, posted=header.posted)
            end = mark.line.end if header.inline is None else mark.line.start + header.inline
            extents = (
                trim(self.source, mark.line.start, end),
                mark.below.extent if mark.below else None,
            )
            draft.header.extend(e for e in extents if e)
            open_.append((len(self.drafts), mark))
            self.drafts.append(draft)
            self._marks.append(mark)

    def _fill_below(self) -> None:
        """Share out the text between headers, each header's text below it."""
        ends = [line_start(self.source, m.line.start) for m in self._marks[1:]]
        stop = self._stop(ends)
        bodies = [
            list(blocks(self.source, mark.end, end))
            for mark, end in zip(self._marks, [*ends, stop], strict=True)
        ]
        self._set_tools_apart(bodies)
        self._take_dates(bodies)
        for draft, body in zip(self.drafts, bodies, strict=True):
            draft.body.extend(body)
        self.furniture.extend(blocks(self.source, stop))

    def _fill_above(self, start: int) -> None:
        """The same where signatures stand below their text."""
        for draft, mark in zip(self.drafts, self._marks, strict=True):
            draft.parent = None
            draft.body.extend(blocks(self.source, start, line_start(self.source, mark.line.start)))
            start = mark.end
        self.furniture.extend(blocks(self.source, start))

    def _stop(self, ends: Sequence[int]) -> int:
        """Where the discussion ends: at a closing line, or where text leaves the indented list."""
        top = min(mark.line.indent for mark in self._marks)
        hanging = self._is_hanging(ends, top)
        first = True
        for line in lines(self.source, min(self._marks[-1].end + 1, len(self.source))):
            if first and len(self._marks) == 1:
                hanging = line.indent > top
            first = False
            outside = line.indent <= top
            text = self.source[line.start : min(line.end, line.start + grammar.LONGEST + 1)]
            leaves = outside and line.fresh and hanging
            if leaves or ((outside or not hanging) and grammar.is_closing(text)):
                return line_start(self.source, line.start)
        return len(self.source)

    def _is_hanging(self, ends: Sequence[int], top: int) -> bool:
        """Whether every comment but the last keeps its text indented deeper than the list."""
        for mark, end in zip(self._marks, ends, strict=False):
            for i, line in enumerate(lines(self.source, mark.end, end)):
                if (line.fresh or i == 0) and line.indent <= (mark.line.indent if i == 0 else top):
                    return False
        return True

    def _set_tools_apart(self, bodies: Sequence[list[Extent]]) -> None:
        """Make "Reply" under every comment furniture, if it does stand under most of them."""
        with_tools = [
            body
            for body in bodies
            if body and grammar.is_tool(self.source[body[-1].start : body[-1].end])
        ]
        if len(with_tools) >= 2 and len(with_tools) * 2 >= len(bodies):
            self.furniture.extend(body.pop() for body in with_tools)

    def _take_dates(self, bodies: Sequence[list[Extent]]) -> None:
        """Blogger prints a comment's date below it: if most comments do, it is their header's."""
        if self._style.header.posted is not None:
            return
        found: list[tuple[int, Extent, str]] = []
        for i, body in enumerate(bodies):
            if body:
                last = body[-1]
                start = max(last.start, line_start(self.source, last.end))
                date = grammar.date_line(self.source[start : last.end][: grammar.LONGEST])
                if date:
                    found.append((i, Extent(start, last.end), date))
        dated = len(found) + sum(draft.posted is not None for draft in self.drafts)
        if dated < 2 or dated * 2 < len(bodies):
            return
        for i, extent, date in found:
            line = trim(self.source, extent.start, extent.end)
            rest = trim(self.source, bodies[i][-1].start, extent.start)
            bodies[i][-1:] = [rest] if rest else []
            if line is not None:
                self.drafts[i].header.append(line)
            self.drafts[i].posted = date


def _with_next(items: Iterator[Line]) -> Iterator[tuple[Line, Line | None]]:
    """Each line with the one after it."""
    previous: Line | None = None
    for line in items:
        if previous is not None:
            yield previous, line
        previous = line
    if previous is not None:
        yield previous, None


def _is_below(mark: Mark, above: Mark) -> bool:
    """Whether a header is a reply to an earlier one that is still open."""
    if mark.line.indent <= above.line.indent:
        return False
    number, before = mark.header.number, above.header.number
    if number is None or before is None or abs(number - before) != 1:
        return True
    # Right-aligned list numbers ("  9." over " 10.") shift the indent but not the name.
    return mark.line.indent + mark.header.column != above.line.indent + above.header.column
