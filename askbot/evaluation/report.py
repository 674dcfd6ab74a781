"""The report of a run: figures with confidence intervals, for all questions and for each tag."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from askbot.errors import QuestionSetError
from askbot.evaluation.questions import QuestionSet
from askbot.evaluation.scoring import Item, Prediction, score_all
from askbot.evaluation.statistics import METRICS, figure, interval, resamples

SCORING = 1
"""Raised whenever a metric's meaning changes; reports of different numbers cannot be compared."""

RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value over `n` questions and its 95 % bootstrap interval."""

    metric: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class TagFigures:
    """The figures of the questions with one tag."""

    tag: str
    questions: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a run is worth.

    Attributes:
        questions_sha256: digest of the question set (`QuestionSet.sha256`).
        figures: in the order of `statistics.METRICS`; a metric that no question bears is absent.
        predictions: the answers; saved beside the report, not in it.
    """

    questions_sha256: str
    figures: tuple[Figure, ...]
    by_tag: tuple[TagFigures, ...]
    items: tuple[Item, ...]
    predictions: tuple[Prediction, ...] = field(default=(), compare=False)

    @property
    def engines(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.engine for item in self.items))

    def figure(self, metric: str, tag: str | None = None) -> Figure | None:
        """The figure of a metric, over the questions with a tag if one is given."""
        figures: Sequence[Figure] = self.figures
        if tag is not None:
            figures = next((t.figures for t in self.by_tag if t.tag == tag), ())
        return next((f for f in figures if f.metric == metric), None)

    def rows(self) -> list[Figure]:
        """The figures over all questions, a row each."""
        return list(self.figures)

    def tag_rows(self, metrics: Sequence[str]) -> list[tuple[str, int, list[Figure | None]]]:
        """(tag, questions, these metrics' figures) for each tag."""
        return [
            (t.tag, t.questions, [self.figure(metric, t.tag) for metric in metrics])
            for t in self.by_tag
        ]

    def to_json(self) -> dict[str, Any]:
        """The object of `report.json` (lists and plain values only)."""
        return {
            "scoring": SCORING,
            "questions_sha256": self.questions_sha256,
            "asked": len(self.items),
            "engines": list(self.engines),
            "metrics": _figures_json(self.figures),
            "by_tag": {
                t.tag: {"asked": t.questions, "metrics": _figures_json(t.figures)}
                for t in self.by_tag
            },
            "items": [item.to_json() for item in self.items],
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Report:
        """Read back what `to_json` gave, without the predictions.

        Raises:
            QuestionSetError: it was scored by another version of the metrics.
            KeyError, TypeError, ValueError: the record is not a report.
        """
        if record["scoring"] != SCORING:
            raise QuestionSetError(
                "this report was made by another version of the metrics: score its predictions "
                "again with `askbot eval QUESTIONS --from DIR`"
            )
        return cls(
            questions_sha256=str(record["questions_sha256"]),
            figures=_figures(record["metrics"]),
            by_tag=tuple(
                TagFigures(tag, int(part["asked"]), _figures(part["metrics"]))
                for tag, part in record["by_tag"].items()
            ),
            items=tuple(Item.from_json(item) for item in record["items"]),
        )


def score_run(
    questions: QuestionSet, predictions: Iterable[Prediction], *, count: int = RESAMPLES
) -> Report:
    """Score a run from its predictions alone; the same predictions give the same report.

    Raises:
        QuestionSetError: the predictions are not this question set's.
    """
    predictions = tuple(predictions)
    items = score_all(questions, predictions)
    tags = dict.fromkeys(tag for item in items for tag in item.tags)
    tagged = {tag: [item for item in items if tag in item.tags] for tag in tags}
    return Report(
        questions_sha256=questions.sha256,
        figures=figures_of(items, count),
        by_tag=tuple(
            TagFigures(tag, len(part), figures_of(part, count)) for tag, part in tagged.items()
        ),
        items=items,
        predictions=predictions,
    )


def figures_of(items: Sequence[Item], count: int = RESAMPLES) -> tuple[Figure, ...]:
    """Every metric that these items bear, with its interval from `count` resamples."""
    weights = resamples(items, count)
    once = np.ones((1, len(items)))
    figures = []
    for metric in METRICS:
        value = float(figure(metric, items, once)[0])
        span = interval(figure(metric, items, weights))
        if math.isnan(value) or span is None:
            continue
        n = sum(metric.applies(item) for item in items)
        figures.append(Figure(metric.name, value, *span, n))
    return tuple(figures)


def _figures_json(figures: Sequence[Figure]) -> dict[str, dict[str, float]]:
    return {f.metric: {"value": f.value, "low": f.low, "high": f.high, "n": f.n} for f in figures}


def _figures(record: Mapping[str, Mapping[str, float]]) -> tuple[Figure, ...]:
    return tuple(
        Figure(name, float(f["value"]), float(f["low"]), float(f["high"]), int(f["n"]))
        for name, f in record.items()
    )
