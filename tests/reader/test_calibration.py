"""The probability: hand-computed, monotone where it must be, and refused where damaged."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from askbot.errors import ReaderError
from askbot.reader import Calibration, Evidence, Reading, Span
from askbot.reader.calibrate import Row, best_f1_threshold, fit, quantile_threshold
from askbot.reader.calibration import FEATURES, FILE, evidence_of, logistic
from askbot.reader.overlap import lexical_overlap, missing_names


def test_probability_by_hand() -> None:
    calibration = Calibration({"span": 0.5, "missing_names": -1.0}, -0.25, 0.5)
    evidence = Evidence(span=2.0, answerable=9.0, missing_names=1)
    # 0.5 * 2 - 1 - 0.25
    assert calibration.probability(evidence) == pytest.approx(1 / (1 + math.exp(0.25)))


def test_logistic_does_not_overflow() -> None:
    assert logistic(-1e6) == 0.0
    assert logistic(1e6) == 1.0
    assert logistic(0.0) == 0.5


@pytest.mark.parametrize("kind", ["page", "reader"])
def test_shipped_fits(kind: str) -> None:
    calibration = Calibration.load(kind)
    assert set(calibration.weights) <= set(FEATURES)
    assert 0 < calibration.threshold < 1
    good = Evidence(9.0, 4.0, 6.0, 5.0, 0.7, 1.0, 0)
    bad = Evidence(-9.0, -4.0, 0.5, 0.5, 0.1, 0.1, 3)
    assert calibration.probability(good) > calibration.threshold > calibration.probability(bad)
    assert 0 < calibration.probability(Evidence(-20, -20)) < 0.5


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        '{"page": {"weights": {"nonsense": 1}, "bias": 0, "threshold": 0.5}}',
        '{"page": 1}',
    ],
)
def test_damaged_fits_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(ReaderError, match=r"calibration\.json.*reinstall"):
        Calibration.load("page", tmp_path)


def test_evidence_of_readings() -> None:
    first = Reading((Span(0, 2, 3.0), Span(5, 6, 1.0)), 0.0, 0.4)
    second = Reading((Span(0, 1, 5.0),), 0.0, 2.0)
    empty = Reading((), 0.0, -1.0)
    evidence = evidence_of([first, second, empty], dense_top=0.6)
    assert (evidence.span, evidence.answerable, evidence.margin) == (5.0, 2.0, 2.0)
    assert evidence.dense_top == 0.6
    chosen = evidence_of([first, second], best=0)
    assert (chosen.span, chosen.margin, chosen.second) == (3.0, -2.0, 2.0)
    assert evidence_of([]).span < -10


def test_fit_recovers_a_known_logistic() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(4000, 2)) * [2.0, 0.5] + [1.0, -3.0]
    chance = 1 / (1 + np.exp(-(features @ [1.5, -2.0] - 7.0)))
    truth = (rng.random(4000) < chance).astype(float)
    weights, bias = fit(features, truth)
    assert weights == pytest.approx([1.5, -2.0], abs=0.25)
    assert bias == pytest.approx(-7.0, abs=0.8)


def row(answers: bool, f1: float) -> Row:
    return Row(Evidence(0.0, 0.0), answers, f1, "k")


def test_thresholds_by_hand() -> None:
    rows = [row(True, 1.0), row(False, 0.0), row(True, 0.8), row(False, 0.0)]
    chances = np.array([0.9, 0.3, 0.6, 0.1])
    assert best_f1_threshold(chances, rows) == pytest.approx((0.6 + 0.3) / 2)
    assert best_f1_threshold(chances, [row(False, 0.0)] * 4) == 1.0
    assert quantile_threshold(chances, rows, 0.0) == pytest.approx(0.6)


def test_overlap_features() -> None:
    text = "The Harrow ferry carried 31 passengers in 1909, said Ruth Bell."
    assert lexical_overlap("Which passenger of 1909 said so on a ferry?", text) == 1.0
    assert lexical_overlap("Who paid for the lighthouse ferry?", text) < 0.7
    assert lexical_overlap("Who is it?", text) == 1.0
    assert missing_names("Did the Harrow ferry carry 31 people?", [text]) == 0
    assert missing_names("Did the Selby ferry carry 32 people?", [text]) == 2
    assert missing_names("Did Ruth Bell say so?", ["", text]) == 0


def test_the_shipped_file_is_plain_json() -> None:
    from askbot.reader.package import PACKAGED

    fits = json.loads((PACKAGED / FILE).read_text(encoding="utf-8"))
    assert set(fits) == {"page", "reader"}
