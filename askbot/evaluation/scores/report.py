"""The report of a run: figures with confidence intervals, for all questions and for each tag.

`report.json` holds what the answers are worth apart from how long they took: everything outside
"timing" is the same for a run that was broken off and went on as for one that was not.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from askbot.errors import QuestionSetError
from askbot.evaluation.judge.judgements import Agreement, Judgements
from askbot.evaluation.scores.causes import MEANING
from askbot.evaluation.scores.curves import reliability, risk_coverage
from askbot.evaluation.scores.items import Item, Prediction
from askbot.evaluation.scores.metrics import BY_NAME, METRICS, Metric
from askbot.evaluation.scores.scoring import score_all
from askbot.evaluation.scores.statistics import (
    Floats,
    Weighing,
    interval,
    once,
    ratios,
    resamples,
)
from askbot.evaluation.sets.questions import QuestionSet

SCORING = 2
"""Raised whenever a metric's meaning changes; reports of different numbers cannot be compared."""

RESAMPLES = 2000

THROUGHPUT = "throughput_qps"
"""A figure of the run as a whole: it has no share of a question and no interval."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value over `n` questions and its 95 % bootstrap interval."""

    metric: str
    value: float
    low: float
    high: float
    n: int

    @property
    def timed(self) -> bool:
        return BY_NAME[self.metric].timed


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
        figures: in the order of `metrics.METRICS`; a metric that no question bears is absent.
        throughput_qps: questions answered a second of asking, None where it was not measured.
        judge: how a judge agrees with the exact metric, None where none was asked.
    """

    questions_sha256: str
    figures: tuple[Figure, ...]
    by_tag: tuple[TagFigures, ...]
    items: tuple[Item, ...]
    throughput_qps: float | None = None
    judge: Agreement | None = None

    @property
    def engines(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.engine for item in self.items))

    @property
    def causes(self) -> dict[str, int]:
        """How many questions went wrong at each step, in the order of the steps."""
        counts = Counter(item.cause for item in self.items)
        return {cause: counts[cause] for cause in MEANING if counts[cause]}

    def figure(self, metric: str, tag: str | None = None) -> Figure | None:
        """The figure of a metric, over the questions with a tag if one is given."""
        if metric == THROUGHPUT and tag is None and (rate := self.throughput_qps) is not None:
            return Figure(metric, rate, rate, rate, len(self.items))
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
        return self.summary_json() | {"items": [item.to_json() for item in self.items]}

    def summary_json(self) -> dict[str, Any]:
        """That object without the questions one by one, which are most of it."""
        return {
            "scoring": SCORING,
            "questions_sha256": self.questions_sha256,
            "asked": len(self.items),
            "engines": list(self.engines),
            "metrics": _figures_json(self.figures, timed=False),
            "by_tag": {
                t.tag: {
                    "asked": t.questions,
                    "metrics": _figures_json(t.figures, timed=False),
                }
                for t in self.by_tag
            },
            "causes": self.causes,
            "risk_coverage": [list(point) for point in risk_coverage(self.items)],
            "reliability": [list(point) for point in reliability(self.items)],
            **({} if self.judge is None else {"judge": self.judge.to_json()}),
            "timing": {
                "metrics": _figures_json(self.figures, timed=True),
                "by_tag": {t.tag: _figures_json(t.figures, timed=True) for t in self.by_tag},
                "throughput_qps": self.throughput_qps,
                "latency_ms": [item.latency_ms for item in self.items],
            },
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Report:
        """Read back what `to_json` gave.

        Raises:
            QuestionSetError: it was scored by another version of the metrics.
            KeyError, TypeError, ValueError: the record is not a report.
        """
        if record["scoring"] != SCORING:
            raise QuestionSetError(
                "this report was made by another version of the metrics: score its predictions "
                "again with `askbot eval QUESTIONS --score DIR`"
            )
        timing = record["timing"]
        timed = timing["by_tag"]
        return cls(
            questions_sha256=str(record["questions_sha256"]),
            figures=_figures(record["metrics"] | timing["metrics"]),
            by_tag=tuple(
                TagFigures(tag, int(part["asked"]), _figures(part["metrics"] | timed[tag]))
                for tag, part in record["by_tag"].items()
            ),
            items=tuple(
                Item.from_json(item, latency)
                for item, latency in zip(record["items"], timing["latency_ms"], strict=True)
            ),
            throughput_qps=timing["throughput_qps"],
            judge=Agreement.from_json(record["judge"]) if "judge" in record else None,
        )


def score_run(
    questions: QuestionSet,
    predictions: Iterable[Prediction],
    *,
    count: int = RESAMPLES,
    throughput_qps: float | None = None,
    judgements: Judgements | None = None,
) -> Report:
    """Score a run from its predictions alone; the same predictions give the same report.

    Args:
        judgements: what a judge said of these predictions (`judging.Judging.judgements`).

    Raises:
        QuestionSetError: the predictions are not this question set's.
    """
    items = score_all(questions, predictions)
    judge = None
    if judgements is not None:
        items = judgements.added_to(items)
        judge = Agreement.of(items, judgements)
    report = report_of(questions, items, count=count, throughput_qps=throughput_qps)
    return replace(report, judge=judge)


def report_of(
    questions: QuestionSet,
    items: tuple[Item, ...],
    *,
    count: int = RESAMPLES,
    throughput_qps: float | None = None,
) -> Report:
    """The report over scored questions."""
    tags = dict.fromkeys(tag for item in items for tag in item.tags)
    tagged = {tag: [item for item in items if tag in item.tags] for tag in tags}
    return Report(
        questions_sha256=questions.sha256,
        figures=figures_of(items, count),
        by_tag=tuple(
            TagFigures(tag, len(part), figures_of(part, count)) for tag, part in tagged.items()
        ),
        items=items,
        throughput_qps=throughput_qps,
    )


def figures_of(items: Sequence[Item], count: int = RESAMPLES) -> tuple[Figure, ...]:
    """Every metric that these items bear, with its interval from `count` resamples."""
    pooled = [m for m in METRICS if m.pooled and any(m.applies(item) for item in items)]
    weighings: list[tuple[list[Metric], Weighing]] = [
        ([metric], _column(metric.over(items))) for metric in METRICS if not metric.pooled
    ]
    weighings.append((pooled, ratios(items, [metric.name for metric in pooled])))
    drawn: list[list[Floats]] = [[] for _ in weighings]
    for weights in resamples(items, count):
        for (_, weigh), found in zip(weighings, drawn, strict=True):
            found.append(weigh(weights))
    figures: dict[str, Figure] = {}
    for (metrics, weigh), found in zip(weighings, drawn, strict=True):
        if not items or not metrics:
            continue
        values, resampled = weigh(once(items))[0], np.concatenate(found)
        for column, metric in enumerate(metrics):
            span = interval(resampled[:, column])
            if span is not None and not math.isnan(values[column]):
                n = sum(metric.applies(item) for item in items)
                figures[metric.name] = Figure(metric.name, float(values[column]), *span, n)
    return tuple(figures[metric.name] for metric in METRICS if metric.name in figures)


def _column(weigh: Weighing) -> Weighing:
    return lambda weights: weigh(weights)[:, None]


def _figures_json(figures: Sequence[Figure], *, timed: bool) -> dict[str, dict[str, float]]:
    return {
        f.metric: {"value": f.value, "low": f.low, "high": f.high, "n": f.n}
        for f in figures
        if f.timed == timed
    }


def _figures(record: Mapping[str, Mapping[str, float]]) -> tuple[Figure, ...]:
    return tuple(
        Figure(name, float(f["value"]), float(f["low"]), float(f["high"]), int(f["n"]))
        for name, f in record.items()
    )
