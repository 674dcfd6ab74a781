"""Separation, calibration, percentiles and intervals against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.evaluation.scoring import Item
from askbot.evaluation.statistics import BY_NAME, figure, interval, resamples


def item(
    name: str,
    *,
    confidence: float = 0.5,
    answerable: bool = True,
    right: float = 1.0,
    latency: float | None = None,
    turn: int = 1,
) -> Item:
    return Item(
        id=name,
        turn=turn,
        question="a?",
        tags=(),
        answerable=answerable,
        abstained=False,
        confidence=confidence,
        engine="extractive",
        route="content",
        ratios={"answer_accuracy": (right, 1.0)},
        latency_ms=latency,
    )


def value(name: str, items: list[Item]) -> float:
    return float(figure(BY_NAME[name], items, np.ones((1, len(items))))[0])


def judged(*pairs: tuple[float, bool]) -> list[Item]:
    return [item(f"q{n}", confidence=c, answerable=a) for n, (c, a) in enumerate(pairs)]


def test_auroc_by_hand() -> None:
    # Pairs (answerable over unanswerable): .9>.8, .9>.3, .4<.8, .4>.3, .8=.8, .8>.3 → 4.5 of 6
    items = judged((0.9, True), (0.4, True), (0.8, True), (0.8, False), (0.3, False))
    assert value("auroc", items) == pytest.approx(4.5 / 6)
    assert np.isnan(value("auroc", judged((0.9, True))))


def test_calibration_error_by_hand() -> None:
    # Bin .9: two items, mean .95, half answerable → .45 × 2/4; bin .2: .2 × 1/4; 1.0 joins bin .9
    items = judged((0.9, True), (1.0, False), (0.2, False), (0.55, True))
    assert value("ece", items) == pytest.approx((0.9 + 0.2 + 0.45) / 4)


def test_percentiles_are_latencies_that_occurred() -> None:
    items = [item(f"q{n}", latency=float(n)) for n in (4, 1, 3, 2)]
    assert value("latency_p50", items) == 2.0
    assert value("latency_p95", items) == 4.0
    assert value("latency_p50", [*items, item("q9")]) == 2.0  # not measured: left out
    twenty = [item(f"q{n}", latency=float(n)) for n in range(1, 21)]
    assert value("latency_p95", twenty) == 19.0


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=12),
    st.data(),
)
def test_a_weighting_is_the_same_as_repeating_questions(
    pairs: list[tuple[float, bool]], data: st.DataObject
) -> None:
    items = [item(f"q{n}", confidence=c, answerable=a, latency=c) for n, (c, a) in enumerate(pairs)]
    times = data.draw(st.lists(st.integers(0, 3), min_size=len(items), max_size=len(items)))
    repeated = [i for i, k in zip(items, times, strict=True) for _ in range(k)]
    for name in ("auroc", "ece", "latency_p50", "latency_p95", "answer_accuracy"):
        weighted = float(figure(BY_NAME[name], items, np.array([times], dtype=float))[0])
        expected = value(name, repeated) if repeated else float("nan")
        assert weighted == pytest.approx(expected, nan_ok=True)


def test_the_turns_of_a_dialogue_are_drawn_together() -> None:
    items = [item("q1"), item("d1", turn=1), item("d1", turn=2), item("q2")]
    weights = resamples(items, 50)
    assert (weights[:, 1] == weights[:, 2]).all()
    assert (weights[:, [0, 1, 3]].sum(1) == 3).all()
    assert len(np.unique(weights, axis=0)) > 5


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(200):
        items = [item(f"q{n}", right=float(rng.random() < 0.7)) for n in range(60)]
        span = interval(figure(BY_NAME["answer_accuracy"], items, resamples(items, 300)))
        assert span is not None
        covered += span[0] <= 0.7 <= span[1]
    assert 0.88 <= covered / 200 <= 0.99


def test_no_figure_without_questions() -> None:
    assert np.isnan(value("latency_p50", [item("q1")]))
    assert interval(np.array([np.nan])) is None
    assert resamples([], 3).shape == (3, 0)
