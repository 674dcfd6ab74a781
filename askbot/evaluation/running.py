"""Asking a question set: anything that answers like `Bot.ask` can be evaluated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from askbot.answers import Answer
from askbot.conversation.turns import Turn
from askbot.evaluation.questions import QuestionSet
from askbot.evaluation.report import RESAMPLES, Report, score_run
from askbot.evaluation.scoring import Prediction

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
    keep: Callable[[Prediction], None] | None = None,
    count: int = RESAMPLES,
) -> Report:
    """Ask every question and score the answers.

    A dialogue's turns are asked in order, each with the turns before it and their answers as given
    (not the gold ones), as a person would meet them.

    Args:
        page: the page that questions without a page of their own are about.
        keep: called with each answer as it comes, so that a long run is not lost when it breaks.
        count: bootstrap resamples.

    Raises:
        AskbotError: whatever the asker raises; the run ends there.
    """
    predictions = list(ask_all(asker, questions, page=page, progress=progress, keep=keep))
    return score_run(on_page(questions, page), predictions, count=count)


def ask_all(
    asker: Asker,
    questions: QuestionSet,
    *,
    page: str | None = None,
    progress: Progress | None = None,
    keep: Callable[[Prediction], None] | None = None,
) -> list[Prediction]:
    """The answers in the order of the questions; arguments as for `evaluate`."""
    predictions: list[Prediction] = []
    total = len(questions)
    for entry in questions.entries:
        turns: list[Turn] = []
        for ask in entry.asks:
            if progress is not None:
                progress(len(predictions), total, ask.question)
            answer = asker.ask(ask.question, page=entry.page or page, turns=tuple(turns))
            turns.append(Turn(ask.question, answer))
            # What is scored is what is saved, rounding included: scoring again must agree.
            saved = Answer.from_json(answer.to_json())
            predictions.append(Prediction(entry.id, ask.turn, saved))
            if keep is not None:
                keep(predictions[-1])
    if progress is not None:
        progress(total, total, "")
    return predictions


def on_page(questions: QuestionSet, page: str | None) -> QuestionSet:
    """The question set with `page` as the page of every entry that names none."""
    if page is None:
        return questions
    return QuestionSet(tuple(replace(e, page=e.page or page) for e in questions.entries))
