"""What a reader of the report looks at rather than reads: risk–coverage and reliability."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from askbot.evaluation.scores.items import Item
from askbot.evaluation.scores.statistics import CALIBRATION_BINS, bins_of

POINTS = 200
"""Points of a curve at most; a plot shows no more."""


def risk_coverage(items: Sequence[Item]) -> list[tuple[float, float, float]]:
    """(coverage, risk, confidence): answering from the most confident question down to this
    confidence, the share of all questions answered and the share of those that is wrong.

    `statistics.risk_area` has the sources. Thinned to `POINTS`; the last is full coverage.
    """
    if not items:
        return []
    ordered = sorted(items, key=lambda item: -item.confidence)
    wrong = np.cumsum([not item.answered_right for item in ordered])
    ends = [
        n
        for n, item in enumerate(ordered)
        if n + 1 == len(ordered) or ordered[n + 1].confidence != item.confidence
    ]
    if len(ends) > POINTS:
        kept = np.linspace(0, len(ends) - 1, POINTS).round().astype(int)
        ends = [ends[n] for n in dict.fromkeys(kept.tolist())]
    total = len(ordered)
    return [
        ((n + 1) / total, float(wrong[n]) / (n + 1), float(ordered[n].confidence)) for n in ends
    ]


def reliability(items: Sequence[Item]) -> list[tuple[float, float, int]]:
    """(mean confidence, share answerable, questions) of each calibration bin that has any."""
    if not items:
        return []
    confidence = np.array([item.confidence for item in items])
    answerable = np.array([item.answerable for item in items])
    bins = bins_of(confidence)
    return [
        (float(confidence[bins == b].mean()), float(answerable[bins == b].mean()), int(n))
        for b in range(CALIBRATION_BINS)
        if (n := (bins == b).sum())
    ]
