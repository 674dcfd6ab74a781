"""Questions that one run handled right and another wrong, with what each answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from askbot.answers import Answer
from askbot.evaluation.runs.folder import Run
from askbot.evaluation.scores.comparison import Comparison
from askbot.evaluation.scores.items import Item

DECISIVE = "right"
"""The metric whose changes are flips."""

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Given:
    """What a run gave for a question.

    Attributes:
        answer: as it was shown, with its markers.
        cause: why it was wrong, None where it was right.
    """

    answer: str
    abstained: bool
    confidence: float
    cause: str | None


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that turned right or wrong."""

    id: str
    turn: int
    question: str
    tags: tuple[str, ...]
    turned: Literal["right", "wrong"]
    before: Given
    after: Given


def turned(comparison: Comparison) -> tuple[int, int]:
    """How many questions turned right, and how many wrong."""
    gaps = [c.after - c.before for c in comparison.changes if c.metric == DECISIVE]
    return sum(gap > 0 for gap in gaps), sum(gap < 0 for gap in gaps)


def flips_of(comparison: Comparison, before: Run, after: Run) -> list[Flip]:
    """The questions that flipped: those that turned wrong first, each in the order of the set.

    Of the runs' answers only theirs are kept.

    Raises:
        QuestionSetError: an answer of a run is damaged.
    """
    changes = [c for c in comparison.changes if c.metric == DECISIVE]
    keys = {(c.id, c.turn) for c in changes}
    olds, news = _given(before, keys), _given(after, keys)
    items = {key: item for item in _items(after) if (key := (item.id, item.turn)) in keys}
    flips = [
        Flip(
            c.id,
            c.turn,
            c.question,
            items[c.id, c.turn].tags,
            "right" if c.after > c.before else "wrong",
            olds[c.id, c.turn],
            news[c.id, c.turn],
        )
        for c in changes
    ]
    return sorted(flips, key=lambda flip: flip.turned == "right")


def _given(run: Run, keys: Collection[Key]) -> dict[Key, Given]:
    if not keys:
        return {}
    items = {key: item for item in _items(run) if (key := (item.id, item.turn)) in keys}
    answers: dict[Key, Answer] = {
        key: p.answer for p in run.predictions() if (key := (p.id, p.turn)) in keys
    }
    return {
        key: Given(
            answers[key].answer if key in answers else "",
            item.abstained,
            item.confidence,
            item.cause,
        )
        for key, item in items.items()
    }


def _items(run: Run) -> tuple[Item, ...]:
    return () if run.report is None else run.report.items
