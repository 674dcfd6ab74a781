"""Answers written by hand, as the metrics' cases need them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from askbot.answers import Answer, Citation, RejectedCitation
from askbot.discussion import kind_of

MakeAnswer = Callable[..., Answer]


def _answer(
    question: str,
    text: str = "",
    *,
    cites: Sequence[str] = (),
    rejects: Sequence[str] = (),
    evidence: Sequence[str] = (),
    short: str | None = None,
    confidence: float = 0.5,
    abstained: bool = False,
    total: float | None = None,
    page: str = "town",
) -> Answer:
    return Answer(
        question=question,
        searched_for=question,
        answer=text,
        abstained=abstained,
        citations=tuple(Citation(i, page, kind_of(i), None, "word", 0, 4, "0" * 64) for i in cites),
        rejected_citations=tuple(RejectedCitation(i, "", "not in the evidence") for i in rejects),
        evidence=tuple(evidence),
        short_answer=short,
        confidence=confidence,
        timings_ms={} if total is None else {"total": total},
    )


@pytest.fixture(scope="session")
def answer() -> MakeAnswer:
    return _answer
