"""`askbot compare`: two runs over one question set, as a table, JSON or a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbot.cli.layout import Hanging, line, rows
from askbot.cli.output import show
from askbot.cli.question_sets import say
from askbot.cli.safe import one_line, shortened

if TYPE_CHECKING:
    from askbot.evaluation import Comparison, Run
    from askbot.evaluation.scores.flips import Flip


def compare_command(before: Path, after: Path, *, as_json: bool, html: Path | None) -> None:
    """Print the differences between two runs and the questions that changed.

    Args:
        as_json: print one JSON object instead (`comparison_json`).
        html: write a page there as well.

    Raises:
        NotFound, QuestionSetError: a run cannot be read, or they are over different questions;
            StoreError: the page cannot be written.
    """
    from askbot.evaluation import compare, read_run
    from askbot.evaluation.scores.flips import flips_of

    old, new = read_run(before.expanduser()), read_run(after.expanduser())
    comparison = compare(old, new)
    flips = flips_of(comparison, old, new) if as_json or html is not None else []
    if html is not None:
        from askbot.evaluation.pages.comparison_page import write_comparison

        write_comparison(html.expanduser(), comparison, old, new, flips)
        say(f"wrote {html}")
    if as_json:
        print_json(comparison_json(comparison, old, new, flips))
    else:
        show(*comparison_lines(comparison))


def comparison_json(
    comparison: Comparison, before: Run, after: Run, flips: Sequence[Flip]
) -> dict[str, Any]:
    """The object of `--json`: both runs, their differences, and the questions that changed.

    Keys: before, after (folder, question set, engines and all of `run.json`), differences,
    turned_right, turned_wrong (questions with both answers), changes (of every metric whose
    changes are listed).
    """
    return {
        "before": _identity(before),
        "after": _identity(after),
        "differences": [asdict(d) for d in comparison.differences],
        "turned_right": [asdict(f) for f in flips if f.turned == "right"],
        "turned_wrong": [asdict(f) for f in flips if f.turned == "wrong"],
        "changes": [asdict(c) for c in comparison.changes],
    }


def comparison_lines(comparison: Comparison) -> list[Hanging]:
    """A row a metric, each question that changed, and how many turned right and wrong."""
    from askbot.evaluation.pages.wording import amount, counted, metric_of, signed
    from askbot.evaluation.scores.flips import DECISIVE, turned

    table = []
    for d in comparison.rows():
        unit = metric_of(d.metric).unit
        span = f"{signed(d.low, unit)} … {signed(d.high, unit)}"
        before, after = amount(d.before, unit), amount(d.after, unit)
        gap = signed(d.difference, unit)
        table.append((d.metric, before, after, gap, span, str(d.n), d.verdict))
    header = ("metric", "before", "after", "difference", "95 % interval", "n", "verdict")
    lines = rows(header, table, right=(1, 2, 3, 4, 5))
    changes = sorted(comparison.changes, key=lambda c: c.metric != DECISIVE)
    if changes:
        lines.append(line())
        lines += rows(
            ("question", "metric", "before", "after", ""),
            [
                (
                    one_line(f"{c.id}/{c.turn}"),
                    c.metric,
                    amount(c.before),
                    amount(c.after),
                    shortened(c.question, 80),
                )
                for c in changes
            ],
            right=(2, 3),
        )
    right, wrong = turned(comparison)
    lines += [line(), line(f"{counted(right, 'question')} turned right, {wrong:,} turned wrong")]
    return lines


def print_json(record: dict[str, Any]) -> None:
    """One JSON object on a line of stdout, in ASCII, so that any encoding holds it."""
    import json

    print(json.dumps(record, allow_nan=False), flush=True)


def _identity(run: Run) -> dict[str, Any]:
    report = run.report
    assert report is not None, "runs without a report are not compared"
    return {
        **run.record,
        "folder": str(run.folder),
        "asked": len(report.items),
        "questions_sha256": report.questions_sha256,
        "engines": list(report.engines),
        "throughput_qps": report.throughput_qps,
    }
