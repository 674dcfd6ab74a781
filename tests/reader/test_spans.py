"""Spans from logits: word boundaries, punctuation, n best, and offsets that hold for any text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askbot.reader.encoding import MAX_LENGTH, Encoder, collate
from askbot.reader.package import PACKAGED, TOKENIZER
from askbot.reader.spans import pick_spans, tidy

ENCODER = Encoder.from_file(PACKAGED / TOKENIZER)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="ab cde.,;“”’()\n😀é漢🏳️‍🌈 ́1250%$-", max_size=200),
)


@pytest.mark.parametrize(
    ("text", "part", "wanted"),
    [
        ("They left Boston.", "Boston.", "Boston"),
        ("They left Boston.", "osto", "Boston"),
        ("cost (40 pounds) a day", "(40 pounds", "40 pounds"),
        ("cost (40 pounds) a day", "40 pounds)", "40 pounds"),
        ("cost (40 pounds) a day", "(40 pounds)", "(40 pounds)"),
        ("it’s “too slow”, he said", "“too slow”,", "“too slow”"),
        ("it’s “too slow”, he said", "“too slow", "too slow"),
        ('call it "the tub" now', '"the tub', "the tub"),
        ("the U.S. and the E.U. agreed", " U.S", "U.S"),
        ("it left the U.S. at 9 p.m., then sank", "U.S. at 9 p.m.,", "U.S. at 9 p.m."),
        ("up 7% since", "7%", "7%"),
    ],
)
def test_tidy(text: str, part: str, wanted: str) -> None:
    start = text.index(part)
    edges = tidy(text, start, start + len(part))
    assert edges is not None
    assert text[slice(*edges)] == wanted


def test_tidy_of_mere_punctuation_is_nothing() -> None:
    assert tidy("well ... no", 5, 8) is None


def test_best_spans_do_not_overlap_and_are_in_order() -> None:
    text = "Ada asked Ben and Cy for ten boats in May."
    sequence = ENCODER.sequence("Who?", "", text)
    start = np.full(len(sequence), -5, dtype=np.float32)
    end = start.copy()
    tokens = [text[a:b] for a, b in sequence.offsets]
    for word, value in (("Ada", 4.0), ("Ben", 6.0), ("May", 2.0)):
        start[sequence.first + tokens.index(word)] = value
        end[sequence.first + tokens.index(word)] = value
    start[0] = end[0] = 1.5
    picked, null = pick_spans(start, end, sequence, text)
    assert null == pytest.approx(3.0)
    # "Ada asked Ben" scores 10 as well, but overlaps the better "Ben"
    assert [text[p.start : p.end] for p in picked][:3] == ["Ben", "Ada", "May"]
    assert picked[0].score == pytest.approx(12.0 - 3.0)
    assert [p.score for p in picked] == sorted((p.score for p in picked), reverse=True)
    for one in picked:
        for other in picked:
            assert one is other or one.end <= other.start or other.end <= one.start


def test_longest_answer_is_kept_to() -> None:
    text = " ".join(f"w{n}" for n in range(90))
    sequence = ENCODER.sequence("Which?", "", text)
    start = np.zeros(len(sequence), dtype=np.float32)
    end = np.zeros(len(sequence), dtype=np.float32)
    start[sequence.first] = end[sequence.first + len(sequence.offsets) - 1] = 50.0
    picked, _ = pick_spans(start, end, sequence, text, longest=6)
    assert all(p.end - p.start <= 6 * 5 for p in picked)


@settings(max_examples=150, deadline=None)
@given(question=TEXTS, context=TEXTS, text=TEXTS, seed=st.integers(0, 99))
def test_offsets_always_lie_in_the_text(question: str, context: str, text: str, seed: int) -> None:
    sequence = ENCODER.sequence(question, context, text)
    batch = collate([sequence])
    assert batch.ids.shape == batch.selectable.shape == (1, len(sequence))
    assert batch.selectable.sum() == 1 + len(sequence.offsets)
    assert len(sequence) <= MAX_LENGTH
    rng = np.random.default_rng(seed)
    start, end = rng.normal(size=(2, len(sequence))).astype(np.float32)
    picked, _ = pick_spans(start, end, sequence, text)
    for span in picked:
        inside = text[span.start : span.end]
        assert inside.strip() == inside != ""
        assert 0 <= span.start < span.end <= len(text)
        # a word is never cut
        if inside[0].isalnum() and span.start:
            assert not text[span.start - 1].isalnum()
        if inside[-1].isalnum() and span.end < len(text):
            assert not text[span.end].isalnum()
