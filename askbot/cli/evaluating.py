"""`askbot eval` and `askbot compare`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from askbot.cli.context import Options, open_bot
from askbot.cli.layout import Hanging, rows
from askbot.cli.output import show
from askbot.cli.progress import shown_progress
from askbot.cli.safe import shortened
from askbot.errors import UsageError

if TYPE_CHECKING:
    from askbot.evaluation import Comparison, Report

TAG_METRICS = ("recall@5", "answer_accuracy", "thread_exact", "declined_unanswerable")


def eval_command(
    options: Options,
    questions: Path,
    *,
    out: Path | None,
    minimum: Sequence[str],
    from_run: Path | None,
    page: str | None,
) -> None:
    """Run (or score again) a question set, print the figures, and hold them to the gates.

    Raises:
        QuestionSetError, NotFound: the set or the run cannot be read; GateError: a gate is not met.
    """
    from askbot.evaluation import check_gates, parse_gate, read_questions, write_run

    gates = [parse_gate(text) for text in minimum]
    asked = read_questions(questions.expanduser())
    if from_run is not None:
        from askbot.evaluation import on_page, read_run, score_run

        report = score_run(on_page(asked, page), read_run(from_run.expanduser()).predictions)
    else:
        from askbot.evaluation import evaluate

        if out is not None and out.exists() and not out.is_dir():
            raise UsageError(f"{out} is a file; --out names a folder")
        bot = open_bot(options.settings())
        with shown_progress("asking") as progress:
            report = evaluate(
                bot,
                asked,
                page=page,
                progress=lambda done, total, question: progress(
                    shortened(question, 40) or "asking", done, total
                ),
            )
    target = out if out is not None else from_run
    if target is not None:
        write_run(target.expanduser(), report)
    show(*report_lines(report))
    check_gates(report, gates)


def report_lines(report: Report) -> list[Hanging]:
    """The figures over all questions with their 95 % intervals, then the main ones for each tag."""
    lines = rows(
        ("metric", "value", "95 % interval", "n"),
        [
            (f.metric, _number(f.value), f"{_number(f.low)}–{_number(f.high)}", str(f.n))
            for f in report.rows()
        ],
        right=(1, 3),
    )
    tags = report.tag_rows(TAG_METRICS)
    if tags:
        lines.append(_blank())
        lines += rows(
            ("tag", "asked", *TAG_METRICS),
            [
                (tag, str(count), *("" if f is None else _number(f.value) for f in figures))
                for tag, count, figures in tags
            ],
            right=range(1, 2 + len(TAG_METRICS)),
        )
    return lines


def compare_command(before: Path, after: Path) -> None:
    """Print the differences between two runs and the questions that changed.

    Raises:
        NotFound, QuestionSetError: a run cannot be read, or they are over different questions.
    """
    from askbot.evaluation import compare, read_run

    show(*comparison_lines(compare(read_run(before.expanduser()), read_run(after.expanduser()))))


def comparison_lines(comparison: Comparison) -> list[Hanging]:
    """A row a metric, then each question that one run got right and the other did not."""
    lines = rows(
        ("metric", "before", "after", "difference", "95 % interval", "n", "verdict"),
        [
            (
                d.metric,
                _number(d.before),
                _number(d.after),
                f"{d.difference:+.3f}",
                f"{d.low:+.3f}…{d.high:+.3f}",
                str(d.n),
                d.verdict,
            )
            for d in comparison.rows()
        ],
        right=(1, 2, 3, 5),
    )
    if comparison.changes:
        lines.append(_blank())
        lines += rows(
            ("question", "metric", "before", "after", ""),
            [
                (
                    f"{c.id}/{c.turn}",
                    c.metric,
                    _number(c.before),
                    _number(c.after),
                    shortened(c.question, 80),
                )
                for c in comparison.changes
            ],
            right=(2, 3),
        )
    return lines


def _blank() -> Hanging:
    from rich.text import Text

    return Hanging(Text())


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
