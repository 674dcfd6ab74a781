"""Text of pages must not act on the terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.cli.safe import neutral, one_line, shortened

ACTING = {"Cc", "Cs"}
BIDI = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def acts(text: str) -> list[str]:
    return [c for c in text if c != "\n" and (unicodedata.category(c) in ACTING or c in BIDI)]


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_nothing_left_acts_and_offsets_stay(text: str) -> None:
    out = neutral(text)
    assert len(out) == len(text)
    assert not acts(out)


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp"))))
def test_harmless_text_is_left_alone(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("\x9b31m", "�31m"),
        ("abc\u202edef", "abc�def"),
        ("a\rb\bc", "a␍b␈c"),
        ("tab\there\nnext", "tab here\nnext"),
        ("lone \ud800", "lone �"),
    ],
)
def test_what_controls_look_like(text: str, shown: str) -> None:
    assert neutral(text) == shown


@given(st.text(), st.integers(2, 60))
def test_shortened_is_one_short_line(text: str, length: int) -> None:
    out = shortened(text, length)
    assert len(out) <= length
    assert "\n" not in out
    if len(one_line(text)) <= length:
        assert out == one_line(text)


def test_shortened_cuts_between_words() -> None:
    assert shortened("the quick brown fox", 12) == "the quick…"
    assert shortened("pneumonoultramicroscopic", 10) == "pneumonou…"
