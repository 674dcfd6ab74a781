from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.text import content_words, names, numbers, sentence_at, sentences, words


@given(st.text(max_size=400))
def test_sentences_cover_every_word_once_and_in_order(text: str) -> None:
    extents = sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(extents))
    covered = {i for e in extents for i in range(e.start, e.end)}
    assert all(i in covered for i, ch in enumerate(text) if ch.isalnum())
    for extent in extents:
        piece = text[extent.start : extent.end]
        assert piece == piece.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Bell said no. We left.", ["Dr. Bell said no.", "We left."]),
        ("Why not??? I thought so……well I guess.", ["Why not???", "I thought so……well I guess."]),
        ("One line\n\nanother block", ["One line", "another block"]),
        ("It cost 3.5 percent. “Too much,” she said.", None),
        ("", []),
    ],
)
def test_sentences_of_blog_prose(text: str, expected: list[str] | None) -> None:
    found = [text[e.start : e.end] for e in sentences(text)]
    assert found == (expected or ["It cost 3.5 percent.", "“Too much,” she said."]) or text == ""


def test_a_span_over_two_sentences_gives_both() -> None:
    text = "First one here. Second one here. Third."
    extent = sentence_at(text, 10, 20)
    assert text[extent.start : extent.end] == "First one here. Second one here."


def test_numbers_ignore_thousands_separators_only() -> None:
    assert numbers("50,600 of 75 percent, 3.5 and 10/08") == ["50600", "75", "3.5", "10/08"]
    assert words("50,600 people") == ["50600", "people"]


def test_possessives_and_curly_quotes_are_one_word() -> None:
    assert words("Patrick’s don’t") == ["patrick", "don't"]
    assert content_words("What did the mayor’s office say?") == ["mayor", "office"]


def test_names_skip_plain_sentence_starts() -> None:
    found = names("Yesterday it rained. Ruth Bell met McCoy in Harrow. The ICE agent left.")
    assert found == ["Ruth", "Bell", "McCoy", "Harrow", "ICE"]
