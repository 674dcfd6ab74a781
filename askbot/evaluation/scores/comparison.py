"""Two runs over the same questions: is the difference more than chance?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askbot.errors import QuestionSetError
from askbot.evaluation.runs.folder import Run
from askbot.evaluation.scores.items import Item
from askbot.evaluation.scores.metrics import METRICS, Metric
from askbot.evaluation.scores.report import RESAMPLES, Report
from askbot.evaluation.scores.statistics import Floats, Weighing, interval, resamples

CHANGES_OF = ("right", "recall@5")
"""Metrics whose changes are listed question by question."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric in both runs over `n` questions, and `after - before` with its 95 % interval.

    Attributes:
        verdict: "better" or "worse" where the interval leaves zero out, "same" where every
            resample shows no difference, else "unclear".
    """

    metric: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    n: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Change:
    """A question that one run got right and the other did not."""

    id: str
    turn: int
    question: str
    metric: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Differences in the order of the metrics, and the questions that changed."""

    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]

    def rows(self) -> list[Difference]:
        return list(self.differences)


def compare(run_a: Run | Report, run_b: Run | Report, *, count: int = RESAMPLES) -> Comparison:
    """Compare two runs over the same question set, `run_a` before and `run_b` after.

    Paired percentile bootstrap: each resample draws the same questions for both runs, so that what
    makes a question hard cancels out (Efron and Tibshirani 1993, chapter 16; for comparing systems
    see Koehn 2004, "Statistical Significance Tests for Machine Translation Evaluation"). A metric
    is compared over the questions that bear it in both runs.

    Raises:
        QuestionSetError: a run has no report, or the question sets differ.
    """
    before, after = _report(run_a), _report(run_b)
    if before.questions_sha256 != after.questions_sha256:
        raise QuestionSetError(
            "the two runs are over different question sets: score both with "
            "`askbot eval QUESTIONS --score DIR` on the same one"
        )
    pairs = {(item.id, item.turn): item for item in after.items}
    items_a = before.items
    try:
        items_b = tuple(pairs[item.id, item.turn] for item in items_a)
    except KeyError as error:
        raise QuestionSetError(
            f"one run lacks question {error.args[0][0]}: score both again with "
            "`askbot eval QUESTIONS --score DIR`"
        ) from None
    pairs_of = [
        _Pair.of(metric, items_a, items_b)
        for metric in METRICS
        if any(
            metric.applies(a) and metric.applies(b) for a, b in zip(items_a, items_b, strict=True)
        )
    ]
    drawn: list[list[Floats]] = [[] for _ in pairs_of]
    for weights in resamples(items_a, count):
        for pair, found in zip(pairs_of, drawn, strict=True):
            found.append(pair.difference(weights))
    differences = [
        difference
        for pair, found in zip(pairs_of, drawn, strict=True)
        if (difference := pair.judged(np.concatenate(found))) is not None
    ]
    return Comparison(tuple(differences), tuple(_changes(items_a, items_b)))


@dataclass(frozen=True, slots=True)
class _Pair:
    """A metric over the questions that bear it in both runs."""

    metric: Metric
    columns: NDArray[np.intp]
    before: Weighing
    after: Weighing

    @classmethod
    def of(cls, metric: Metric, items_a: Sequence[Item], items_b: Sequence[Item]) -> _Pair:
        both = [
            n
            for n, (a, b) in enumerate(zip(items_a, items_b, strict=True))
            if metric.applies(a) and metric.applies(b)
        ]
        before, after = (metric.over([items[n] for n in both]) for items in (items_a, items_b))
        return cls(metric, np.array(both), before, after)

    def difference(self, weights: Floats) -> Floats:
        """After minus before for each row of weights over all questions."""
        own = weights[:, self.columns]
        return self.after(own) - self.before(own)

    def judged(self, drawn: Floats) -> Difference | None:
        """The difference with its interval over the resamples; None where there is no figure."""
        once = np.ones((1, len(self.columns)))
        before, after = float(self.before(once)[0]), float(self.after(once)[0])
        span = interval(drawn)
        if math.isnan(before) or math.isnan(after) or span is None:
            return None
        low, high = span
        if low > 0 or high < 0:
            verdict = "better" if (low > 0) == (self.metric.better == "higher") else "worse"
        else:
            verdict = "same" if not np.nan_to_num(drawn).any() else "unclear"
        gap = after - before
        n = len(self.columns)
        return Difference(self.metric.name, before, after, gap, low, high, n, verdict)


def _changes(items_a: Sequence[Item], items_b: Sequence[Item]) -> list[Change]:
    changes = []
    for a, b in zip(items_a, items_b, strict=True):
        for name in CHANGES_OF:
            if name in a.ratios and name in b.ratios and a.ratios[name] != b.ratios[name]:
                old, new = a.ratios[name], b.ratios[name]
                changes.append(
                    Change(a.id, a.turn, a.question, name, old[0] / old[1], new[0] / new[1])
                )
    return changes


def _report(run: Run | Report) -> Report:
    if isinstance(run, Report):
        return run
    if run.report is None:
        raise QuestionSetError(
            f"{run.folder} has no report.json: make it with "
            f"`askbot eval QUESTIONS --score {run.folder}`"
        )
    return run.report
