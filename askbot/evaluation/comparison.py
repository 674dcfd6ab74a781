"""Two runs over the same questions: is the difference more than chance?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from askbot.errors import QuestionSetError
from askbot.evaluation.report import RESAMPLES, Report
from askbot.evaluation.runs import Run
from askbot.evaluation.scoring import Item
from askbot.evaluation.statistics import METRICS, Metric, figure, interval, resamples

CHANGES_OF = ("answer_accuracy", "recall@5", "thread_exact", "declined_unanswerable")
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
            "`askbot eval QUESTIONS --from DIR` on the same one"
        )
    pairs = {(item.id, item.turn): item for item in after.items}
    items_a = before.items
    try:
        items_b = tuple(pairs[item.id, item.turn] for item in items_a)
    except KeyError as error:
        raise QuestionSetError(
            f"one run lacks question {error.args[0][0]}: score both again with "
            "`askbot eval QUESTIONS --from DIR`"
        ) from None
    weights = resamples(items_a, count)
    differences = []
    for metric in METRICS:
        both = [
            n
            for n, (a, b) in enumerate(zip(items_a, items_b, strict=True))
            if metric.applies(a) and metric.applies(b)
        ]
        if both:
            part = _difference(
                metric, [items_a[n] for n in both], [items_b[n] for n in both], weights[:, both]
            )
            differences.extend(part)
    return Comparison(tuple(differences), tuple(_changes(items_a, items_b)))


def _difference(
    metric: Metric,
    items_a: Sequence[Item],
    items_b: Sequence[Item],
    weights: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> list[Difference]:
    once = np.ones((1, len(items_a)))
    before, after = (float(figure(metric, part, once)[0]) for part in (items_a, items_b))
    drawn = figure(metric, items_b, weights) - figure(metric, items_a, weights)
    span = interval(drawn)
    if math.isnan(before) or math.isnan(after) or span is None:
        return []
    low, high = span
    if low > 0 or high < 0:
        verdict = "better" if (low > 0) == (metric.better == "higher") else "worse"
    else:
        verdict = "same" if not np.nan_to_num(drawn).any() else "unclear"
    gap = after - before
    return [Difference(metric.name, before, after, gap, low, high, len(items_a), verdict)]


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
            f"`askbot eval QUESTIONS --from {run.folder}`"
        )
    return run.report
