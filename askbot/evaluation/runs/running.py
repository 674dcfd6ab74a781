"""Asking a question set: anything that answers like `Bot.ask` can be evaluated."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from askbot.answers import Answer
from askbot.conversation.turns import Turn
from askbot.evaluation.runs.workers import each
from askbot.evaluation.scores.items import Prediction
from askbot.evaluation.scores.report import RESAMPLES, Report, score_run
from askbot.evaluation.sets.questions import Entry, QuestionSet

Progress = Callable[[int, int, str], None]
"""Called before each question with how many are done, how many there are, and the question."""


class Asker(Protocol):
    """What is evaluated; `askbot.bot.Bot` is one."""

    def ask(
        self, question: str, *, page: str | None = None, turns: Sequence[Turn] = ()
    ) -> Answer: ...


def evaluate(
    asker: Asker,
    questions: QuestionSet,
    *,
    page: str | None = None,
    progress: Progress | None = None,
    count: int = RESAMPLES,
) -> Report:
    """Ask every question and score the answers, keeping nothing on disk.

    Args:
        page: the page that questions without a page of their own are about.
        count: bootstrap resamples.

    Raises:
        AskbotError: whatever the asker raises; the run ends there.
    """
    questions = on_page(questions, page)
    total = len(questions)
    predictions: list[Prediction] = []
    for entry in questions.entries:
        if progress is not None:
            progress(len(predictions), total, entry.asks[0].question)
        predictions += ask_entry(asker, entry)
    if progress is not None:
        progress(total, total, "")
    return score_run(questions, predictions, count=count)


def ask_entry(asker: Asker, entry: Entry) -> list[Prediction]:
    """The answers to one entry.

    A dialogue's turns are asked in order, each with the turns before it and their answers as given
    (not the gold ones), as a person would meet them.
    """
    turns: list[Turn] = []
    predictions: list[Prediction] = []
    for ask in entry.asks:
        answer = asker.ask(ask.question, page=entry.page, turns=tuple(turns))
        turns.append(Turn(ask.question, answer))
        # What is scored is what is saved, rounding included: scoring again must agree.
        saved = Answer.from_json(answer.to_json())
        predictions.append(Prediction(entry.id, ask.turn, saved))
    return predictions


def ask_all(
    asker: Asker,
    questions: QuestionSet,
    keep: Callable[[list[Prediction]], None],
    *,
    done: Collection[str] = (),
    workers: int = 1,
) -> None:
    """Ask every entry and hand its answers to `keep`; with several workers in no certain order.

    Where the asker raises, or the run is interrupted, entries that are being asked are finished and
    kept before that is passed on, so that nothing which was paid for is lost.

    Args:
        keep: called in this thread, with the answers of one entry at a time.
        done: ids of entries that are left out.
        workers: threads that ask; the asker has to stand that.
    """
    entries = (entry for entry in questions.entries if entry.id not in done)
    each(entries, partial(ask_entry, asker), keep, workers=workers)


def on_page(questions: QuestionSet, page: str | None) -> QuestionSet:
    """The question set with `page` as the page of every entry that names none."""
    if page is None:
        return questions
    return QuestionSet(tuple(replace(e, page=e.page or page) for e in questions.entries))
