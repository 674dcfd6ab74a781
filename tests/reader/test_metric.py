"""The SQuAD figures against cases worked out by hand."""

from __future__ import annotations

import pytest

from askbot.reader.metric import (
    Gold,
    Prediction,
    best_threshold,
    evaluate,
    exact,
    f1,
    normalise,
    score_one,
)


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("The  Harrow Ferry.", "harrow ferry"),
        ("an apple, a pear", "apple pear"),
        ("40,000", "40000"),
        ("well-known", "wellknown"),
        ("theatre", "theatre"),
        ("“quoted”", "“quoted”"),  # the script strips ASCII punctuation only
        ("the", ""),
    ],
)
def test_normalise(raw: str, wanted: str) -> None:
    assert normalise(raw) == wanted


def test_exact_and_f1() -> None:
    assert exact("the ferry", "Ferry!") == 1.0
    assert exact("ferry", "ferries") == 0.0
    # 2 shared tokens of 3 predicted and 2 gold: P 2/3, R 1
    assert f1("nine passengers", "nine passengers daily") == pytest.approx(0.8)
    # a repeated token counts as often as both have it: 1 shared of 2 and 1
    assert f1("no", "no no") == pytest.approx(2 / 3)
    assert f1("red bus", "blue tram") == 0.0
    assert f1("", "") == 1.0
    assert f1("", "word") == 0.0
    assert f1("word", "the") == 0.0


def test_score_is_the_best_over_golds() -> None:
    gold = Gold("1", ("Ruth Bell, the harbour master", "Ruth Bell"))
    assert score_one(gold, "Ruth Bell") == (1.0, 1.0)
    exact_score, f1_score = score_one(gold, "harbour master Ruth Bell")
    assert exact_score == 0.0
    assert f1_score == 1.0  # same bag of words as the longer gold


GOLDS = (
    Gold("a", ("nine",)),
    Gold("b", ("Harrow ferry",)),
    Gold("c", ()),
    Gold("d", ()),
)
PREDICTIONS = {
    "a": Prediction("nine", 0.1),
    "b": Prediction("the ferry", 0.4),
    "c": Prediction("2021", 0.3),
    "d": Prediction("a bus", 0.9),
}


def test_forced_answers() -> None:
    scores = evaluate(GOLDS, PREDICTIONS)
    assert scores.exact == pytest.approx(25.0)
    assert scores.f1 == pytest.approx(100 * (1 + 2 / 3) / 4)
    assert scores.has_answer_total == scores.no_answer_total == 2
    assert scores.has_answer_exact == pytest.approx(50.0)
    assert scores.has_answer_f1 == pytest.approx(100 * (1 + 2 / 3) / 2)
    assert scores.no_answer_accuracy == pytest.approx(0.0)


def test_threshold_gives_the_empty_answer() -> None:
    scores = evaluate(GOLDS, PREDICTIONS, threshold=0.35)
    # a answered, c answered wrongly, b and d declined
    assert scores.f1 == pytest.approx(50.0)
    assert scores.no_answer_accuracy == pytest.approx(50.0)
    assert scores.has_answer_f1 == pytest.approx(50.0)


def test_best_threshold_by_hand() -> None:
    # answering none scores 2; a 3; a, c 2; a, c, b 2 + 2/3; all 1 + 2/3
    best = best_threshold(GOLDS, PREDICTIONS)
    assert best.f1 == pytest.approx(75.0)
    assert best.f1_threshold == pytest.approx(0.1)
    assert best.exact == pytest.approx(75.0)
    at_best = evaluate(GOLDS, PREDICTIONS, threshold=best.f1_threshold)
    assert at_best.f1 == pytest.approx(best.f1)


def test_answerable_only_and_empty_inputs() -> None:
    scores = evaluate(GOLDS[:1], PREDICTIONS)
    assert scores.no_answer_accuracy is None
    assert scores.exact == 100.0
    assert evaluate([], {}).total == 0
    assert best_threshold([], {}).f1 == 0.0
    with pytest.raises(KeyError):
        evaluate([Gold("missing", ("x",))], PREDICTIONS)
