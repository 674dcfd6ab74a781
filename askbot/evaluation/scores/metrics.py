"""The metrics of a report, in its order; docs/evaluation.md explains each with its source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from askbot.evaluation.scores.items import Item
from askbot.evaluation.scores.ranking import CUTOFFS
from askbot.evaluation.scores.statistics import (
    Floats,
    Prepare,
    Weighing,
    auroc,
    calibration_error,
    percentile,
    ratio,
    risk_area,
)

Better = Literal["higher", "lower"]
Unit = Literal["share", "ms", "tokens", "usd"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of the report.

    Attributes:
        better: whether higher or lower is better.
        applies: whether an item has a part in it.
        prepare: items that it applies to → a function from weights to figures.
        unit: "share" (0 to 1), "ms", or a mean a question of "tokens" or "usd".
        pooled: it is points reached over points that could be, under its name in `Item.ratios`.
        timed: it differs between runs of the same answers, and is kept apart from the others.
    """

    name: str
    what: str
    better: Better
    applies: Callable[[Item], bool]
    prepare: Prepare
    unit: Unit = "share"
    pooled: bool = False

    @property
    def timed(self) -> bool:
        return self.unit == "ms"

    def over(self, items: Sequence[Item]) -> Weighing:
        """A function from weights (r, len(items)) to figures (r,)."""
        taking_part = [n for n, item in enumerate(items) if self.applies(item)]
        if not taking_part:
            return lambda weights: np.full(len(weights), np.nan)
        columns = np.array(taking_part)
        weigh = self.prepare([items[n] for n in taking_part])
        if len(taking_part) == len(items):
            return weigh
        return lambda weights: weigh(weights[:, columns])


def figure(metric: Metric, items: Sequence[Item], weights: Floats) -> Floats:
    """The metric for each row of weights, shape (len(weights),)."""
    return metric.over(items)(weights)


def _points(name: str, what: str, better: Better = "higher", unit: Unit = "share") -> Metric:
    return Metric(name, what, better, lambda item: name in item.ratios, ratio(name), unit, True)


def _always(_: Item) -> bool:
    return True


METRICS: tuple[Metric, ...] = (
    _points("right", "answered rightly, or rightly declined"),
    *(_points(f"recall@{k}", f"enough gold evidence in the first {k} found") for k in CUTOFFS),
    *(_points(f"R@{k}", f"share of all gold evidence in the first {k} found") for k in CUTOFFS),
    _points("mrr", "reciprocal rank of the first gold passage"),
    _points("ndcg@10", "discounted gain of the first 10 passages found"),
    _points("answer_em", "the answer is exactly a gold one; declining is where there is none"),
    _points("answer_f1", "word overlap with a gold answer; 1 where rightly declined"),
    _points("has_answer_em", "answer_em over answerable questions"),
    _points("has_answer_f1", "answer_f1 over answerable questions"),
    _points("answer_accuracy", "a gold answer is in what is shown"),
    _points("citation_correct", "a cited passage is gold evidence"),
    _points("citation_precision", "share of cited passages that are gold evidence"),
    _points("citation_recall", "share of the gold evidence needed that is cited"),
    _points("support_recall", "statements that their citations hold up"),
    _points("support_precision", "citations that their statement needs"),
    _points("citations_verified", "share of citations that passed the check"),
    _points("misattributed", "share of citations with another's words", "lower"),
    _points("thread_exact", "exactly the right comments are cited"),
    _points("route_accuracy", "computed or searched for as it should be"),
    _points("refusal_recall", "unanswerable questions declined"),
    _points("refusal_precision", "declined questions that are unanswerable"),
    _points("false_declines", "answerable questions declined", "lower"),
    _points("judge_accuracy", "the judge finds the answer right"),
    _points("judge_agreement", "the judge agrees with the exact metrics"),
    Metric("auroc", "confidence separates answerable from not", "higher", _always, auroc),
    Metric("ece", "confidence is off by, on average", "lower", _always, calibration_error),
    Metric("aurc", "share wrong, averaged over all coverages", "lower", _always, risk_area),
    _points("input_tokens", "tokens sent to a chat model a question", "lower", "tokens"),
    _points("output_tokens", "tokens written by a chat model a question", "lower", "tokens"),
    _points("cost_usd", "dollars a question", "lower", "usd"),
    *(
        Metric(
            f"latency_p{percent}_ms",
            f"milliseconds within which {percent} % are answered",
            "lower",
            lambda item: item.latency_ms is not None,
            percentile(percent / 100),
            "ms",
        )
        for percent in (50, 95, 99)
    ),
)

BY_NAME = {metric.name: metric for metric in METRICS}
