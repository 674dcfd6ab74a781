"""Figures over scored questions, each for many weightings of the questions at once.

A resample is a weighting: `weights` has a row for each resample and a column for each question and
says how often the question was drawn. The figure itself is the resample of all ones. Confidence
intervals are percentile bootstrap intervals (Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993, chapter 13). A dialogue is drawn as a whole, since its turns depend on each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from askbot.evaluation.scores.items import Item

Floats = NDArray[np.float64]
Weighing = Callable[[Floats], Floats]
"""Weights (r, m) → figures (r,); NaN where a resample has none."""
Prepare = Callable[[Sequence[Item]], Weighing]

CALIBRATION_BINS = 10
SEED = 20101217
"""Any fixed number: the same run always gives the same intervals."""
CELLS = 1_000_000
"""Weights held at a time (8 MB): memory does not grow with resamples times questions."""


def resamples(items: Sequence[Item], count: int) -> Iterator[Floats]:
    """Bootstrap weights in blocks of rows, `count` rows in all, len(items) columns.

    The turns of a dialogue share theirs.
    """
    clusters = {item_id: n for n, item_id in enumerate(dict.fromkeys(i.id for i in items))}
    size = len(clusters)
    if not size:
        return
    columns = np.array([clusters[item.id] for item in items])
    generator = np.random.default_rng(SEED)
    rows = max(1, CELLS // len(items))
    for start in range(0, count, rows):
        block = min(rows, count - start)
        drawn = generator.integers(0, size, (block, size))
        drawn += np.arange(block)[:, None] * size
        weights = np.bincount(drawn.ravel(), minlength=block * size).reshape(block, size)
        yield weights[:, columns].astype(np.float64)


def once(items: Sequence[Item]) -> Floats:
    """The weighting that is the figure itself."""
    return np.ones((1, len(items)))


def interval(values: Floats) -> tuple[float, float] | None:
    """The central 95 percent of the resampled figures, None if no resample has one."""
    values = values[~np.isnan(values)]
    if not len(values):
        return None
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


def _divide(above: Floats, below: Floats) -> Floats:
    quotient = np.full(above.shape, np.nan)
    np.divide(above, below, out=quotient, where=below > 0)
    return quotient


def ratios(items: Sequence[Item], names: Sequence[str]) -> Weighing:
    """Points reached over points that could be, all questions together, of several metrics in one
    product: weights (r, m) → figures (r, len(names)).

    An item that a metric does not apply to adds nothing above or below.
    """
    above, below = (np.zeros((len(items), len(names))) for _ in range(2))
    for row, item in enumerate(items):
        for column, name in enumerate(names):
            if name in item.ratios:
                above[row, column], below[row, column] = item.ratios[name]

    return lambda weights: _divide(weights @ above, weights @ below)


def ratio(name: str) -> Prepare:
    """`ratios` of one metric."""

    def prepare(items: Sequence[Item]) -> Weighing:
        weigh = ratios(items, (name,))
        return lambda weights: weigh(weights)[:, 0]

    return prepare


def auroc(items: Sequence[Item]) -> Weighing:
    """Chance that an answerable question has more confidence than an unanswerable one.

    The Mann-Whitney form, ties counting a half (Hanley and McNeil 1982, "The meaning and use of
    the area under a ROC curve"), by ranks rather than by pairs.
    """
    order, starts = _by_confidence(items)
    positive = np.array([item.answerable for item in items], dtype=np.float64)[order]

    def compute(weights: Floats) -> Floats:
        sorted_weights = weights[:, order]
        above = np.add.reduceat(sorted_weights * positive, starts, axis=1)
        below = np.add.reduceat(sorted_weights * (1 - positive), starts, axis=1)
        lower = np.cumsum(below, axis=1) - below
        won = (above * (lower + below / 2)).sum(1)
        return _divide(won, above.sum(1) * below.sum(1))

    return compute


def risk_area(items: Sequence[Item]) -> Weighing:
    """Area under the risk–coverage curve: the mean share wrong over all coverages.

    Questions are answered from the most confident down; the risk at a coverage is the share of
    those answered so far that is not answered rightly (Geifman and El-Yaniv 2017, "Selective
    Classification for Deep Neural Networks", section 2; the area: Geifman, Uziel and El-Yaniv 2019,
    section 3). Questions of one confidence are answered together.
    """
    order, starts = _by_confidence(items)
    wrong = np.array([not item.answered_right for item in items], dtype=np.float64)[order]

    def compute(weights: Floats) -> Floats:
        sorted_weights = weights[:, order]
        asked = np.add.reduceat(sorted_weights, starts, axis=1)[:, ::-1]
        missed = np.add.reduceat(sorted_weights * wrong, starts, axis=1)[:, ::-1]
        reached = np.cumsum(asked, axis=1)
        risk = np.zeros_like(reached)
        np.divide(np.cumsum(missed, axis=1), reached, out=risk, where=reached > 0)
        return _divide((risk * asked).sum(1), asked.sum(1))

    return compute


def _by_confidence(items: Sequence[Item]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Items from the least confident up, and where each confidence begins among them."""
    confidence = np.array([item.confidence for item in items])
    order = np.argsort(confidence, kind="stable")
    ordered = confidence[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return order, starts


def calibration_error(items: Sequence[Item]) -> Weighing:
    """Expected calibration error of the confidence that a question can be answered.

    Ten bins of equal width, as in Guo et al. 2017, "On Calibration of Modern Neural Networks",
    section 2: the gap between mean confidence and the share answerable, weighted by bin.
    """
    confidence = np.array([item.confidence for item in items])
    gap = confidence - np.array([item.answerable for item in items], dtype=np.float64)
    bins = bins_of(confidence)
    per_bin = np.zeros((len(items), CALIBRATION_BINS))
    per_bin[np.arange(len(items)), bins] = gap
    return lambda weights: _divide(np.abs(weights @ per_bin).sum(1), weights.sum(1))


def bins_of(confidence: Floats) -> NDArray[np.intp]:
    """The calibration bin of each confidence."""
    return np.clip((confidence * CALIBRATION_BINS).astype(np.intp), 0, CALIBRATION_BINS - 1)


def percentile(share: float) -> Prepare:
    """The smallest latency that at least this share of the questions does not exceed."""

    def prepare(items: Sequence[Item]) -> Weighing:
        latency = np.array([item.latency_ms for item in items], dtype=np.float64)
        order = np.argsort(latency, kind="stable")
        ordered = latency[order]

        def compute(weights: Floats) -> Floats:
            reached = np.cumsum(weights[:, order], axis=1)
            total = reached[:, -1]
            # A rounding error in share * total must not move on to the next question.
            first = (reached < share * total[:, None] - 1e-9).sum(1)
            found = ordered[np.minimum(first, len(order) - 1)]
            return np.where(total > 0, found, np.nan)

        return compute

    return prepare
