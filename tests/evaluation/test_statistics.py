"""Separation, calibration, percentiles and intervals against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.evaluation.scores import statistics
from askbot.evaluation.scores.curves import reliability, risk_coverage
from askbot.evaluation.scores.items import Item
from askbot.evaluation.scores.metrics import BY_NAME, figure
from askbot.evaluation.scores.statistics import Floats, interval, resamples


def item(
    name: str,
    *,
    confidence: float = 0.5,
    answerable: bool = True,
    right: float = 1.0,
    latency: float | None = None,
    turn: int = 1,
    cause: str | None = None,
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
        cause=cause,
    )


def value(name: str, items: list[Item]) -> float:
    return float(figure(BY_NAME[name], items, np.ones((1, len(items))))[0])


def drawn(items: list[Item], count: int) -> Floats:
    """All resamples at once."""
    return np.concatenate(list(resamples(items, count)))


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
    assert value("latency_p50_ms", items) == 2.0
    assert value("latency_p95_ms", items) == 4.0
    assert value("latency_p50_ms", [*items, item("q9")]) == 2.0  # not measured: left out
    twenty = [item(f"q{n}", latency=float(n)) for n in range(1, 21)]
    assert value("latency_p95_ms", twenty) == 19.0


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
    for name in ("auroc", "ece", "latency_p50_ms", "latency_p95_ms", "answer_accuracy"):
        weighted = float(figure(BY_NAME[name], items, np.array([times], dtype=float))[0])
        expected = value(name, repeated) if repeated else float("nan")
        assert weighted == pytest.approx(expected, nan_ok=True)


def test_the_turns_of_a_dialogue_are_drawn_together() -> None:
    items = [item("q1"), item("d1", turn=1), item("d1", turn=2), item("q2")]
    weights = drawn(items, 50)
    assert (weights[:, 1] == weights[:, 2]).all()
    assert (weights[:, [0, 1, 3]].sum(1) == 3).all()
    assert len(np.unique(weights, axis=0)) > 5


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(200):
        items = [item(f"q{n}", right=float(rng.random() < 0.7)) for n in range(60)]
        span = interval(figure(BY_NAME["answer_accuracy"], items, drawn(items, 300)))
        assert span is not None
        covered += span[0] <= 0.7 <= span[1]
    assert 0.88 <= covered / 200 <= 0.99


def test_no_figure_without_questions() -> None:
    assert np.isnan(value("latency_p50_ms", [item("q1")]))
    assert interval(np.array([np.nan])) is None
    assert list(resamples([], 3)) == []


def test_resamples_come_in_blocks_and_are_the_same_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [item(f"q{n}") for n in range(7)]
    whole = drawn(items, 20)
    assert whole.shape == (20, 7)
    assert (whole.sum(1) == 7).all()
    monkeypatch.setattr(statistics, "CELLS", 21)
    blocks = list(resamples(items, 20))
    assert [len(block) for block in blocks] == [3] * 6 + [2]
    assert (np.concatenate(blocks) == whole).all()


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.booleans()), min_size=1))
def test_auroc_by_ranks_is_auroc_by_pairs(pairs: list[tuple[float, bool]]) -> None:
    items = judged(*pairs)
    weights = drawn(items, 5)
    for row in weights:
        won = total = 0.0
        for i, (high, answerable) in enumerate(pairs):
            for j, (low, other) in enumerate(pairs):
                if answerable and not other:
                    total += row[i] * row[j]
                    won += row[i] * row[j] * ((high > low) + (high == low) / 2)
        found = float(figure(BY_NAME["auroc"], items, row[None])[0])
        assert found == pytest.approx(won / total) if total else np.isnan(found)


def test_the_area_under_the_risk_curve_by_hand() -> None:
    # From the most confident down: right, wrong, right and (same confidence) unanswerable.
    items = [
        item("q1", confidence=0.9),
        item("q2", confidence=0.8, cause="wrong span"),
        item("q3", confidence=0.5),
        item("q4", confidence=0.5, answerable=False),
    ]
    assert value("aurc", items) == pytest.approx((0 + 1 / 2 + 2 / 4 + 2 / 4) / 4)
    assert [(c, r) for c, r, _ in risk_coverage(items)] == [(0.25, 0), (0.5, 0.5), (1.0, 0.5)]


def test_curves_are_thinned_and_keep_their_ends() -> None:
    items = [item(f"q{n}", confidence=n / 1000) for n in range(1000)]
    curve = risk_coverage(items)
    assert len(curve) <= 200
    assert curve[0] == (0.001, 0.0, 0.999)
    assert curve[-1] == (1.0, 0.0, 0.0)
    assert risk_coverage([]) == reliability([]) == []


def test_reliability_by_bin() -> None:
    items = judged((0.95, True), (0.97, False), (0.2, False))
    assert reliability(items) == [(0.2, 0.0, 1), (pytest.approx(0.96), 0.5, 2)]
