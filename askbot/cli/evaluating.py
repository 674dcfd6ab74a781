"""`askbot eval` and `askbot compare`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from askbot.cli.context import Options, open_bot
from askbot.cli.layout import Hanging, rows
from askbot.cli.output import show
from askbot.cli.progress import shown_progress
from askbot.cli.question_sets import refuse_page, say_faults, say_notes
from askbot.cli.safe import shortened
from askbot.errors import QuestionSetError, UsageError

if TYPE_CHECKING:
    from askbot.bot import Bot
    from askbot.evaluation import Comparison, Loaded, Report
    from askbot.evaluation.squad import PageOf

TAG_METRICS = ("recall@5", "answer_accuracy", "thread_exact", "declined_unanswerable")


def eval_command(
    options: Options,
    questions: Path,
    *,
    out: Path | None,
    minimum: Sequence[str],
    from_run: Path | None,
    page: str | None,
    page_of: PageOf = "paragraph",
) -> None:
    """Run (or score again) a question set, print the figures, and hold them to the gates.

    Lines that cannot be read are named at once and the others asked.

    Raises:
        QuestionSetError, NotFound: the set or the run cannot be read, or (when all is done) not
            every line of the set could; GateError: a gate is not met.
    """
    from askbot.evaluation import check_gates, load_questions, parse_gate, write_run

    gates = [parse_gate(text) for text in minimum]
    loaded = load_questions(questions.expanduser(), page_of=page_of)
    refuse_page(loaded, page)
    say_faults(loaded, questions)
    say_notes(loaded)
    if from_run is not None:
        from askbot.evaluation import on_page, read_run, score_run

        run = read_run(from_run.expanduser())
        report = score_run(on_page(loaded.questions, page), run.predictions)
    else:
        if out is not None and out.exists() and not out.is_dir():
            raise UsageError(f"{out} is a file; --out names a folder")
        report = _asked(options, loaded, out=out, page=page)
    target = out if out is not None else from_run
    if target is not None:
        write_run(target.expanduser(), report)
    show(*report_lines(report))
    check_gates(report, gates)
    if loaded.faults:
        raise QuestionSetError(
            f"{len(loaded.faults)} of the set could not be read and the figures are over the rest; "
            f"mend what is named above in {questions}"
        )


def _asked(options: Options, loaded: Loaded, *, out: Path | None, page: str | None) -> Report:
    """Ask every question, of a bot over the set's own pages if it brings some."""
    from askbot.evaluation import evaluate

    with ExitStack() as stack:
        bot = _bot_for(options, loaded, out, stack)
        progress = stack.enter_context(shown_progress("asking"))
        return evaluate(
            bot,
            loaded.questions,
            page=page,
            progress=lambda done, total, question: progress(
                shortened(question, 40) or "asking", done, total
            ),
        )


def _bot_for(options: Options, loaded: Loaded, out: Path | None, stack: ExitStack) -> Bot:
    settings = options.settings()
    if not loaded.pages:
        return open_bot(settings)
    from askbot.evaluation.bringing import INDEX, open_on

    if out is None:  # nothing is kept, the pages included
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="askbot-eval-")))
    else:
        folder = out.expanduser()
    with shown_progress("indexing the set's pages") as progress:
        return open_on(loaded.pages, settings, folder / INDEX, progress=progress)


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
