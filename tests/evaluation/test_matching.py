"""Words are compared, typography is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.evaluation.scores.matching import exact, f1, says, tokens


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("More than 50,600 people have left.", "50600"),
        ("More than 50600 people have left.", "more than 50,600"),
        ("three in four are non-criminals", "non criminals"),
        ("three in four are noncriminals", "non-criminals"),
        ("three in four are non\u2011criminals", "noncriminals"),
        ("“It isn’t\u00a0over,” he said.", "It isn't over"),
        ("Governor Deval Patrick’s office", "Deval Patrick"),
        ("the workers' union", "workers’ union"),
        ("It costs £4.50 a ride", "4.50"),
        ("called at 3 a.m. again", "3 am"),
        ("it was 75% of them", "75 percent"),
        ("Ramón D. wrote", "ramon d"),
        ("says driver_0417 today", "driver_0417"),
        ("THE END OF THE ROAD.", "end of a road"),
    ],
)
def test_said(text: str, gold: str) -> None:
    assert says(text, gold)


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("14 comments", "4"),
        ("It costs £450", "4.50"),
        ("It costs £4.50", "450"),
        ("50,600 people", "50,000"),
        ("none of them", "one"),
        ("anything", "…"),
        ("", "x"),
        ("in two thousand and eight", "two eight"),
        ("versions 1,2 and 3", "12"),
    ],
)
def test_not_said(text: str, gold: str) -> None:
    assert not says(text, gold)


def test_overlap_by_hand() -> None:
    # {more, than, 50600} against {50600, people}: 1 shared, 2 * 1 / (3 + 2)
    assert f1("more than 50,600", "50600 people") == pytest.approx(0.4)
    assert f1("the mayor", "Mayor") == 1.0
    assert exact("the mayor", "Mayor.") == 1.0
    assert exact("the mayor", "mayor Holt") == 0.0
    assert f1("x", "") == 0.0


@given(st.text(), st.text())
def test_overlap_is_symmetric_and_a_text_says_itself(a: str, b: str) -> None:
    assert f1(a, b) == f1(b, a)
    assert 0.0 <= f1(a, b) <= 1.0
    assert says(a, a) == bool(tokens(a) or tokens(a, joined=True))
