"""Comment headers where they stand in a text, and the discussion that the first of them opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from askbot.sources import grammar
from askbot.sources.blocks import Line, lines, lines_with
from askbot.sources.builder import check_count
from askbot.sources.grammar import Header

PREFACE = 6
"""Lines (a sort order, a house rule) that may stand between the heading and the first header."""

_MOST_HEADINGS = 500
"""Headings under which comments are looked for; a page with more has none that mean it."""

_FIRST_SIGNED = 400
"""Lines of the first comment, where its "Posted by NAME | DATE" stands below it."""


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


@dataclass(frozen=True, slots=True)
class Section:
    """Where the discussion starts: its heading (if it has one) and its first header.

    Attributes:
        count: the number of comments that the heading states.
        signed: the headers stand below their comments ("Posted by NAME | DATE").
    """

    heading: Line | None
    count: int | None
    first: Mark
    signed: bool = False

    @property
    def start(self) -> int:
        return self.heading.start if self.heading else self.first.line.start


def headings(source: str, origin: str) -> list[tuple[Line, int | None]]:
    """Every line that could head the comments, with the count it states.

    Raises:
        SourceError: there are more than any page has.
    """
    found = []
    for line in lines_with(source, grammar.HEADING_WORDS, grammar.LONGEST):
        heading = grammar.heading(source[line.start : line.end])
        if heading:
            found.append((line, heading.count))
            check_count(len(found), origin)
    return found


def find_section(source: str, heads: Sequence[tuple[Line, int | None]]) -> Section | None:
    """The discussion: under the first heading that a comment header follows, or without one."""
    heads = heads[:_MOST_HEADINGS]
    for line, count in heads:
        first = _first_after(source, line, counted=count is not None)
        if first:
            return Section(line, count, first)
    for line, count in heads:
        if count is not None and (signature := _signature_after(source, line)):
            return Section(line, count, signature, signed=True)
    unheaded = _unheaded(source)
    return Section(None, None, unheaded) if unheaded else None


def mark_at(source: str, line: Line, following: Line | None, *, weak: bool) -> Mark | None:
    """Read a line as a header, with the line below it where that is a date.

    `weak` lets a numbered name or "NAME:" count, which only the place under a heading justifies.
    """
    text = source[line.start : min(line.end, line.start + grammar.LONGEST + 1)]
    header = grammar.header(text)
    date = None
    if following and following.end - following.start <= grammar.LONGEST:
        date = grammar.date_line(source[following.start : following.end])
    if header and header.posted is None and header.inline is None and date:
        return Mark(line, replace(header, posted=date), following)
    if header:
        return Mark(line, header)
    if (
        not (weak or date)
        or grammar.date_line(text)
        or grammar.heading(text)
        or grammar.is_closing(text)
    ):
        return None
    name = grammar.bare_name(text)
    if name and date and following and not following.fresh:
        return Mark(line, replace(name, form="stacked", posted=date), following)
    if name and weak and (name.form == "colon" or (name.form == "listed" and name.number == 1)):
        return Mark(line, name)
    return None


def _first_after(source: str, heading: Line, *, counted: bool) -> Mark | None:
    """The first comment header under a heading, if it is near enough.

    Under a heading without a count ("Discussion"), "NAME says:" without number or date must not
    come after a sentence: there it is more likely prose.
    """
    prose = False
    window = list(islice(lines(source, heading.end), PREFACE + 2))
    for i, line in enumerate(window[: PREFACE + 1]):
        following = window[i + 1] if i + 1 < len(window) else None
        mark = mark_at(source, line, following, weak=i == 0)
        if mark and mark.header.form == "by" and i > 0:
            return None  # more likely the signature below the first comment
        if mark and prose and mark.header.number is None and mark.header.posted is None:
            mark = None
        prose = prose or (not counted and source[line.end - 1] in '.!?:…”"')
        if mark:
            return mark
        if line.end - line.start > grammar.LONGEST or _is_heading(source, line):
            return None  # prose, or a heading that is tried in its own turn
    return None


def _is_heading(source: str, line: Line) -> bool:
    return grammar.heading(source[line.start : line.end]) is not None


def _signature_after(source: str, heading: Line) -> Mark | None:
    """The first "Posted by NAME | DATE" under a heading."""
    for line in islice(lines(source, heading.end), _FIRST_SIGNED):
        if line.end - line.start <= grammar.LONGEST:
            mark = mark_at(source, line, None, weak=False)
            if mark and mark.header.form == "by" and mark.header.firm:
                return mark
            if _is_heading(source, line):
                return None
    return None


def _unheaded(source: str) -> Mark | None:
    """The first of the headers that need no heading: numbered from 1, or two with a date."""
    dated: Mark | None = None
    for line in lines_with(source, grammar.HEADER_ENDS, grammar.LONGEST):
        following = next(islice(lines(source, line.start), 1, None), None)
        mark = mark_at(source, line, following, weak=False)
        if mark is None or mark.header.form != "verb" or mark.header.inline is not None:
            continue
        if mark.header.firm and mark.header.number == 1:
            return mark
        if mark.header.posted:
            if dated:
                return dated
            dated = mark
    return None
