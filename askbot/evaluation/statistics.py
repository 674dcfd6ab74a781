"""Metrics over scored questions, each computed for many weightings of the questions at once.

A resample is a weighting: `weights` has a row for each resample and a column for each question and
says how often the question was drawn. The figure itself is the resample of all ones. Confidence
intervals are percentile bootstrap intervals (Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993, chapter 13). A dialogue is drawn as a whole, since its turns depend on each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from askbot.evaluation.scoring import RECALL_AT, Item

Floats = NDArray[np.float64]
Compute = Callable[[Sequence[Item], Floats], Floats]

CALIBRATION_BINS = 10
SEED = 20101217
"""Any fixed number: the same run always gives the same intervals."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of the report.

    Attributes:
        better: whether higher or lower is better.
        applies: whether an item has a part in it.
        compute: items (m), weights (r, m) → figures (r,); NaN where a resample has none.
        unit: "share" (0 to 1) or "ms".
    """

    name: str
    what: str
    better: Literal["higher", "lower"]
    applies: Callable[[Item], bool]
    compute: Compute
    unit: Literal["share", "ms"] = "share"


def resamples(items: Sequence[Item], count: int) -> Floats:
    """Bootstrap weights, shape (count, len(items)); the turns of a dialogue share theirs."""
    clusters = {item_id: n for n, item_id in enumerate(dict.fromkeys(i.id for i in items))}
    size = len(clusters)
    if not size:
        return np.zeros((count, 0))
    draws = np.random.default_rng(SEED).multinomial(size, np.full(size, 1 / size), count)
    columns = [clusters[item.id] for item in items]
    return np.asarray(draws[:, columns], dtype=np.float64)


def figure(metric: Metric, items: Sequence[Item], weights: Floats) -> Floats:
    """The metric for each row of weights, shape (len(weights),)."""
    taking_part = [n for n, item in enumerate(items) if metric.applies(item)]
    if not taking_part:
        return np.full(len(weights), np.nan)
    return metric.compute([items[n] for n in taking_part], weights[:, taking_part])


def interval(values: Floats) -> tuple[float, float] | None:
    """The central 95 percent of the resampled figures, None if no resample has one."""
    values = values[~np.isnan(values)]
    if not len(values):
        return None
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


def _divide(above: Floats, below: Floats) -> Floats:
    quotient = np.full(len(above), np.nan)
    np.divide(above, below, out=quotient, where=below > 0)
    return quotient


def _ratio(name: str) -> Compute:
    def compute(items: Sequence[Item], weights: Floats) -> Floats:
        parts = np.array([item.ratios[name] for item in items], dtype=np.float64)
        return _divide(weights @ parts[:, 0], weights @ parts[:, 1])

    return compute


def auroc(items: Sequence[Item], weights: Floats) -> Floats:
    """Chance that an answerable question has more confidence than an unanswerable one.

    The Mann-Whitney form, ties counting a half (Hanley and McNeil 1982, "The meaning and use of
    the area under a ROC curve").
    """
    confidence = np.array([item.confidence for item in items])
    positive = np.array([item.answerable for item in items])
    difference = confidence[positive][:, None] - confidence[~positive][None, :]
    wins = (np.sign(difference) + 1) / 2
    w_pos, w_neg = weights[:, positive], weights[:, ~positive]
    return _divide(((w_pos @ wins) * w_neg).sum(1), w_pos.sum(1) * w_neg.sum(1))


def calibration_error(items: Sequence[Item], weights: Floats) -> Floats:
    """Expected calibration error of the confidence that a question can be answered.

    Ten bins of equal width, as in Guo et al. 2017, "On Calibration of Modern Neural Networks",
    section 2: the gap between mean confidence and the share answerable, weighted by bin.
    """
    confidence = np.array([item.confidence for item in items])
    gap = confidence - np.array([item.answerable for item in items], dtype=np.float64)
    bins = np.clip((confidence * CALIBRATION_BINS).astype(int), 0, CALIBRATION_BINS - 1)
    total = np.zeros(len(weights))
    for b in np.unique(bins):
        total += np.abs(weights[:, bins == b] @ gap[bins == b])
    return _divide(total, weights.sum(1))


def _percentile(share: float) -> Compute:
    """The smallest latency that at least this share of the questions does not exceed."""

    def compute(items: Sequence[Item], weights: Floats) -> Floats:
        latency = np.array([item.latency_ms for item in items], dtype=np.float64)
        order = np.argsort(latency, kind="stable")
        reached = np.cumsum(weights[:, order], axis=1)
        total = reached[:, -1]
        # A rounding error in share * total must not move on to the next question.
        first = (reached < share * total[:, None] - 1e-9).sum(1)
        found = latency[order][np.minimum(first, len(order) - 1)]
        return np.where(total > 0, found, np.nan)

    return compute


def _share(name: str, what: str, better: Literal["higher", "lower"] = "higher") -> Metric:
    return Metric(name, what, better, lambda item: name in item.ratios, _ratio(name))


def _always(_: Item) -> bool:
    return True


METRICS: tuple[Metric, ...] = (
    *(
        _share(f"recall@{k}", f"gold evidence among the first {k} passages retrieved")
        for k in RECALL_AT
    ),
    _share("answer_accuracy", "the right answer is in what is shown"),
    _share("citation_correct", "a cited passage is gold evidence"),
    _share("citation_precision", "share of cited passages that are gold evidence"),
    _share("citations_verified", "share of citations that passed the check"),
    _share("short_em", "the short answer is exactly a gold answer"),
    _share("short_f1", "word overlap of the short answer with a gold answer"),
    _share("thread_exact", "exactly the right comments are cited"),
    _share("declined_unanswerable", "unanswerable questions declined"),
    _share("false_declines", "answerable questions declined", "lower"),
    Metric("auroc", "confidence separates answerable from not", "higher", _always, auroc),
    Metric("ece", "confidence is off by, on average", "lower", _always, calibration_error),
    *(
        Metric(
            f"latency_p{percent}",
            f"milliseconds within which {percent} % are answered",
            "lower",
            lambda item: item.latency_ms is not None,
            _percentile(percent / 100),
            "ms",
        )
        for percent in (50, 95)
    ),
)

BY_NAME = {metric.name: metric for metric in METRICS}
