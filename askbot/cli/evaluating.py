"""`askbot eval`: a question set is asked, scored, reported and held to its gates."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from askbot.cli.context import Options, open_bot
from askbot.cli.judging import judge_named, judged
from askbot.cli.layout import Hanging, line, rows
from askbot.cli.output import show
from askbot.cli.progress import shown_progress
from askbot.cli.question_sets import refuse_page, say, say_faults, say_notes
from askbot.errors import QuestionSetError, StoreError, UsageError

if TYPE_CHECKING:
    from askbot.bot import Bot
    from askbot.evaluation import Loaded, Prediction, QuestionSet, Report
    from askbot.evaluation.judge.chat_judge import ChatJudge
    from askbot.evaluation.sets.squad import PageOf


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalOptions:
    """The options of `askbot eval`.

    Attributes:
        out: where the run is saved; score: the run that is scored again instead of asking.
        fresh: whether a run that was broken off is asked again from its start.
        judge: the chat model that judges answers, as provider:name.
    """

    out: Path | None = None
    score: Path | None = None
    minimum: Sequence[str] = ()
    maximum: Sequence[str] = ()
    junit: Path | None = None
    page: str | None = None
    page_of: PageOf = "paragraph"
    workers: int = 1
    fresh: bool = False
    judge: str | None = None


def eval_command(options: Options, questions: Path, chosen: EvalOptions) -> None:
    """Run (or score again) a question set, print the figures, and hold them to the gates.

    Lines that cannot be read are named at once and the others asked.

    Raises:
        QuestionSetError, NotFound: the set or the run cannot be read, or (when all is done) not
            every line of the set could; GateError: a gate is not met.
    """
    from askbot.evaluation import (
        load_questions,
        merged,
        on_page,
        outcomes,
        parse_gate,
        require,
        thresholds_of,
    )

    questions = questions.expanduser()
    given = [parse_gate(text, "min") for text in chosen.minimum]
    given += [parse_gate(text, "max") for text in chosen.maximum]
    if chosen.out is not None and chosen.out.exists() and not chosen.out.is_dir():
        raise UsageError(f"{chosen.out} is a file; --out names a folder")
    loaded = load_questions(questions, page_of=chosen.page_of)
    gates = merged(given, thresholds_of(questions))
    refuse_page(loaded, chosen.page)
    say_faults(loaded, questions)
    say_notes(loaded)
    asked = on_page(loaded.questions, chosen.page)
    judge = judge_named(chosen.judge, options, now=chosen.score is None)
    with ExitStack() as stack:
        folder = _folder(chosen, stack)
        if chosen.score is None:
            bot = _bot_for(options, loaded, folder, chosen.workers)
            loaded = replace(loaded, pages=())  # they are indexed, and would be held while asking
            _ask(bot, asked, folder, chosen)
        report = _scored(asked, folder, chosen, judge)
    show(*report_lines(report))
    done = outcomes(report, gates)
    if chosen.junit is not None:
        from askbot.evaluation import junit

        _write(chosen.junit.expanduser(), junit(report, done, name=questions.stem))
    require(done)
    if loaded.faults:
        raise QuestionSetError(
            f"{len(loaded.faults)} of the set could not be read and the figures are over the rest; "
            f"mend what is named above in {questions}"
        )


def _folder(chosen: EvalOptions, stack: ExitStack) -> Path:
    """Where the run is, or is made; one that nobody wants to keep goes when all is done."""
    named = chosen.score or chosen.out
    if named is not None:
        return named.expanduser()
    return Path(stack.enter_context(TemporaryDirectory(prefix="askbot-eval-")))


def _ask(bot: Bot, questions: QuestionSet, folder: Path, chosen: EvalOptions) -> None:
    """Ask every question that is not answered yet."""
    from askbot.evaluation import Recording, ask_all, identity_of

    recording = Recording.begin(
        folder,
        identity_of(bot, questions),
        questions,
        workers=chosen.workers,
        fresh=chosen.fresh,
    )
    done, total = len(recording.done), len(questions.entries)
    if done:
        say(f"going on with the run in {folder}: {done} of {total} are answered")
    try:
        with shown_progress("asking") as progress:
            tally = _Tally(questions, done)

            def keep(predictions: list[Prediction]) -> None:
                recording.keep(predictions)
                tally.add(predictions)
                progress(tally.stage, tally.done, total)

            progress(tally.stage, done, total)
            ask_all(bot, questions, keep, done=set(recording.done), workers=chosen.workers)
    except KeyboardInterrupt:
        if chosen.out is not None:
            say(
                f"stopped after {len(recording.done)} of {total}; what is answered is kept: the "
                "same command goes on with the rest"
            )
        raise
    finally:
        recording.close()
    recording.complete()


class _Tally:
    """What the progress bar says: how many of those asked so far were handled right."""

    def __init__(self, questions: QuestionSet, done: int) -> None:
        self._asks = {(entry.id, ask.turn): (entry, ask) for entry, ask in questions}
        self.done = done
        self.asked = self.right = 0

    def add(self, predictions: Sequence[Prediction]) -> None:
        from askbot.evaluation.scores.scoring import is_right

        self.done += 1
        for prediction in predictions:
            entry, ask = self._asks[prediction.id, prediction.turn]
            self.asked += 1
            self.right += is_right(entry, ask, prediction.answer)

    @property
    def stage(self) -> str:
        return f"asking, {self.right / self.asked:.0%} right" if self.asked else "asking"


def _scored(
    questions: QuestionSet, folder: Path, chosen: EvalOptions, judge: ChatJudge | None
) -> Report:
    """The report of the run in a folder; saved there, as JSON and for people, if it is kept."""
    from askbot.evaluation import read_run, save_report, score_run

    keep = chosen.out is not None or chosen.score is not None
    run = read_run(folder, scored=False)
    judgements = judged(judge, questions, run, workers=chosen.workers, keep=keep)
    report = score_run(
        questions, run.predictions(), throughput_qps=run.throughput_qps, judgements=judgements
    )
    if keep:
        from askbot.evaluation.pages.markdown import save_markdown
        from askbot.evaluation.pages.webpage import write_report

        save_report(folder, report)
        save_markdown(folder, report, run.record, questions)
        write_report(folder, report, run, questions)
    return report


def _bot_for(options: Options, loaded: Loaded, folder: Path, workers: int) -> Bot:
    """The bot that is asked: over the set's own pages if it brings any."""
    settings = options.settings()
    if workers > 1:
        # As many threads in all as one worker would have.
        settings = replace(settings, threads=max(1, settings.threads // workers))
    if not loaded.pages:
        return open_bot(settings)
    from askbot.evaluation.sets.bringing import INDEX, open_on

    with shown_progress("indexing the set's pages") as progress:
        return open_on(loaded.pages, settings, folder / INDEX, progress=progress)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written ({error.strerror}); name a file in a folder that exists"
        ) from None


def report_lines(report: Report) -> list[Hanging]:
    """The figures over all questions with their 95 % intervals, then the main ones for each tag."""
    from askbot.evaluation.pages.wording import TAG_METRICS

    lines = rows(
        ("metric", "value", "95 % interval", "n"),
        [
            (f.metric, _number(f.value), f"{_number(f.low)}–{_number(f.high)}", str(f.n))
            for f in report.rows()
        ],
        right=(1, 3),
    )
    if report.judge is not None:
        lines += [line(), line(str(report.judge))]
    metrics = ("right", *TAG_METRICS)
    tags = report.tag_rows(metrics)
    if tags:
        lines.append(line())
        lines += rows(
            ("tag", "asked", *metrics),
            [
                (tag, str(count), *("" if f is None else _number(f.value) for f in figures))
                for tag, count, figures in tags
            ],
            right=range(1, 2 + len(metrics)),
        )
    return lines


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
