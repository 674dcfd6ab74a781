"""Progress on stderr: a bar on a terminal, a line a stage without escapes, nothing on a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from askbot.cli.output import is_styled, is_terminal
from askbot.cli.safe import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    Report = Callable[[str, int, int], None]
    """Told (what is being done, steps done, steps in all)."""


@contextmanager
def shown_progress(start: str) -> Iterator[Report]:
    """Show a piece of work until the block ends; `start` is what it says first."""
    if not is_terminal(sys.stderr):
        yield _nothing
    elif not is_styled(sys.stderr):
        yield _Lines().report
    else:
        with _bar(start) as report:
            yield report


def _nothing(stage: str, done: int, total: int) -> None:
    del stage, done, total


class _Lines:
    """A line for each stage as it begins."""

    def __init__(self) -> None:
        self._last = ""

    def report(self, stage: str, done: int, total: int) -> None:
        del done, total
        if stage != self._last:
            self._last = stage
            print(f"askbot: {one_line(stage)} ...", file=sys.stderr, flush=True)


@contextmanager
def _bar(start: str) -> Iterator[Report]:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from askbot.cli.output import console, speaks_unicode

    spinner = "dots" if speaks_unicode(sys.stderr) else "line"
    columns = (
        SpinnerColumn(spinner),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(sys.stderr), transient=True) as shown:
        task = shown.add_task(one_line(start), total=None, count="")

        def report(stage: str, done: int, total: int) -> None:
            counted = total > 1
            shown.update(
                task,
                description=one_line(stage),
                completed=done,
                total=total if counted else None,
                count=f"{done}/{total}" if counted else "",
            )

        yield report
