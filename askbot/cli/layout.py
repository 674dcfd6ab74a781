"""Small renderables: hanging paragraphs that wrap by display width, and plain tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.text import Text

Piece = tuple[str, str]
"""Text and the rich style it is shown in."""
MINIMUM = 16
"""Columns that a paragraph needs beside its prefix."""


class Hanging:
    """A paragraph whose first line begins with one prefix and the others with another.

    Nothing is padded to the right, so what is copied from a terminal has no trailing spaces.
    """

    def __init__(self, body: Text, first: Text | str = "", rest: Text | str | None = None) -> None:
        self.body = body
        self.first = Text(first) if isinstance(first, str) else first
        if rest is None:
            rest = " " * cell_len(self.first.plain)
        self.rest = Text(rest) if isinstance(rest, str) else rest

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        prefix_width = max(cell_len(self.first.plain), cell_len(self.rest.plain))
        room = options.max_width - prefix_width
        prefix, rest = self.first, self.rest
        if room < min(MINIMUM, options.max_width):  # narrow: the prefix gets lines of its own
            yield Hanging(self.first)
            prefix = rest = Text("    ")
            room = max(8, options.max_width - 4)
        for paragraph in self.body.split("\n", allow_blank=True):
            lines = list(paragraph.wrap(console, room, overflow="fold")) or [Text()]
            for line in lines:
                line.rstrip()
                whole = Text()  # "prefix + line" would lend the line the prefix's style
                whole.append_text(prefix).append_text(line)
                whole.rstrip()
                yield from whole.render(console)
                yield Segment.line()
                prefix = rest


def text(*pieces: Piece | str) -> Text:
    """A Text of pieces, each plain or with a style. Their content must be `neutral` already."""
    out = Text()
    for piece in pieces:
        if isinstance(piece, str):
            out.append(piece)
        else:
            out.append(piece[0], style=piece[1])
    return out


def rows(
    header: Sequence[str], body: Iterable[Sequence[str]], *, right: Iterable[int] = ()
) -> list[Hanging]:
    """A table as lines, columns aligned by display width; the last column wraps below itself."""
    table = [tuple(header), *(tuple(row) for row in body)]
    to_right = set(right)
    last = len(header) - 1
    widths = [max(cell_len(row[n]) for row in table) for n in range(last + 1)]
    out = []
    for number, row in enumerate(table):
        cells = []
        for n in range(last):
            gap = " " * (widths[n] - cell_len(row[n]))
            cells.append((gap + row[n] if n in to_right else row[n] + gap) + "  ")
        style = "bold" if number == 0 else ""
        head = Text("".join(cells), style=style)
        ending = row[last]
        if last in to_right:
            ending = " " * (widths[last] - cell_len(ending)) + ending
        out.append(Hanging(Text(ending, style=style), head))
    return out


def line(text: str = "") -> Hanging:
    """A line of plain text; an empty one separates."""
    return Hanging(Text(text))
