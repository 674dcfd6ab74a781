"""Scores sentences with the span reader: the offline engine's default.

The reader reads the best found passages, each with its context line. A span it proposes is worth
its own score, the reader's belief that this passage answers, and what retrieval thought of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from askbot.answerers.scoring import Scored, ScoredSentence
from askbot.discussion import Extent
from askbot.reader.calibration import Calibration, evidence_of
from askbot.reader.overlap import lexical_overlap, missing_names
from askbot.reader.types import ReaderInput, Reading, Span
from askbot.retrieval.search import Hit
from askbot.text import sentence_at

if TYPE_CHECKING:
    from askbot.reader.inference import SpanReader

READ = 6
"""Passages read; each costs 5 to 10 ms on two cores."""
PASSAGE_WEIGHT = 0.5
RETRIEVAL_WEIGHT = 4.0
"""How much the answerability logit and the fused retrieval score count beside the span's score."""

_WHY = re.compile(r"^\s*(?:and\s+|but\s+|so\s+)?(?:why\b|how come\b|for what reason)", re.I)


class ReaderScorer:
    """Scores with the packaged reader.

    Raises:
        ReaderError: the model or its calibration is missing or altered.
    """

    def __init__(self, *, threads: int = 2) -> None:
        from askbot.reader.inference import SpanReader

        self._reader: SpanReader = SpanReader.load(threads=threads)
        self._calibration = Calibration.load("page")

    @property
    def threshold(self) -> float:
        return self._calibration.threshold

    def score(self, question: str, hits: Sequence[Hit]) -> Scored:
        """Sentences with a span each, best first, and the calibrated probability of an answer."""
        hits = hits[:READ]
        if not hits:
            return Scored((), 0.0)
        readings = self._reader.read(question, [ReaderInput(h.context, h.text) for h in hits])
        scored = sorted(
            (
                _sentence(question, hit, span, reading)
                for hit, reading in zip(hits, readings, strict=True)
                for span in reading.spans
            ),
            key=lambda s: -s.score,
        )
        if not scored:
            return Scored((), 0.0)
        best = next(n for n, hit in enumerate(hits) if hit is scored[0].hit)
        evidence = evidence_of(
            readings,
            best=best,
            dense_top=hits[best].dense,
            lexical_overlap=lexical_overlap(question, f"{hits[best].context} {hits[best].text}"),
            missing_names=missing_names(question, [f"{h.context} {h.text}" for h in hits]),
        )
        return Scored(_one_a_sentence(scored), self._calibration.probability(evidence))


def _sentence(question: str, hit: Hit, span: Span, reading: Reading) -> ScoredSentence:
    around = sentence_at(hit.text, span.start, span.end)
    extent = Extent(hit.extent.start + around.start, hit.extent.start + around.end)
    short = Extent(hit.extent.start + span.start, hit.extent.start + span.end)
    if _WHY.search(question):  # a reason is a whole sentence
        short = extent
    score = span.score + PASSAGE_WEIGHT * reading.answerable + RETRIEVAL_WEIGHT * hit.score
    return ScoredSentence(hit, extent, score, short)


def _one_a_sentence(scored: Sequence[ScoredSentence]) -> tuple[ScoredSentence, ...]:
    """The best span of each sentence; windows of a long part may give a sentence twice."""
    seen: dict[tuple[str, int, int], ScoredSentence] = {}
    for sentence in scored:
        key = (sentence.hit.evidence.id, sentence.extent.start, sentence.extent.end)
        seen.setdefault(key, sentence)
    return tuple(seen.values())
