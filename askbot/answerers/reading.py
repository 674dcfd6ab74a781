"""Scores sentences with the span reader: the offline engine's default.

The reader reads the best found passages, each with its context line. A span it proposes is worth
its own score, the reader's belief that this passage answers, and what retrieval thought of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from askbot.answerers.asking import asks_for_several, asks_why, asks_yes_or_no
from askbot.answerers.scoring import OverlapScorer, Scored, ScoredSentence, Scorer
from askbot.discussion import Extent
from askbot.reader.calibration import FILE, Calibration, Evidence, evidence_of
from askbot.reader.overlap import lexical_overlap, missing_names
from askbot.reader.package import PACKAGED
from askbot.reader.types import ReaderInput, Reading, Span
from askbot.retrieval.search import Hit
from askbot.text import sentence_at

if TYPE_CHECKING:
    from askbot.reader.inference import SpanReader

READ = 5
"""Passages read, best found first; each costs 5 to 10 ms on two cores, and a sixth finds almost
nothing more."""
LEAD = 5.0
"""How far the best sentence must lead what retrieval gives the unread ones, for these to be left.
Of 847 questions over held-out pages 5 get another best sentence than with all five read, and 2.3
passages are read on average (tools/tune_choice.py, docs/quality.md)."""
PASSAGE_WEIGHT = 0.5
RETRIEVAL_WEIGHT = 48.0
"""How much the answerability logit and the fused retrieval score count beside the span's score;
chosen on held-out training pages (tools/tune_choice.py, docs/quality.md)."""
MARGIN = 6.0
"""How far below the best a further sentence may score and still be shown."""


class ReaderScorer:
    """Scores with the packaged reader, or the one in `folder`.

    Raises:
        ReaderError: the model or its calibration is missing or altered.
    """

    margin = MARGIN
    lead = LEAD

    def __init__(self, folder: Path | None = None, *, threads: int = 2) -> None:
        from askbot.reader.inference import SpanReader

        self._reader: SpanReader = SpanReader.load(folder, threads=threads)
        self._folder = folder
        self._calibration: Calibration | None = None

    @property
    def calibration(self) -> Calibration:
        """The fitted probability that goes with the model."""
        if self._calibration is None:
            self._calibration = Calibration.load("page", self._folder)
        return self._calibration

    @property
    def threshold(self) -> float:
        return self.calibration.threshold

    def score(self, question: str, hits: Sequence[Hit]) -> Scored:
        """Sentences with a span each, best first, and the calibrated probability of an answer."""
        found, evidence = self.read(question, hits)
        if evidence is None:
            return Scored((), 0.0)
        return Scored(found, self.calibration.probability(evidence))

    def read(
        self, question: str, hits: Sequence[Hit]
    ) -> tuple[tuple[ScoredSentence, ...], Evidence | None]:
        """Sentences, best first, and what the calibration takes; None where nothing was read."""
        hits = hits[:READ]
        readings: list[Reading] = []
        scored: list[ScoredSentence] = []
        for number, hit in enumerate(hits):
            if scored and self._settled(question, scored, hits[number:]):
                break
            (reading,) = self._reader.read(question, [ReaderInput(hit.context, hit.text)])
            readings.append(reading)
            scored += (sentence_of(question, hit, span, reading) for span in reading.spans)
        if not scored:
            return (), None
        scored.sort(key=lambda s: -s.score)
        best = next(n for n, hit in enumerate(hits) if hit is scored[0].hit)
        texts = [f"{hit.context} {hit.text}" for hit in hits]
        evidence = evidence_of(
            readings,
            best=best,
            dense_top=hits[best].dense,
            lexical_overlap=lexical_overlap(question, texts[best]),
            missing_names=missing_names(question, texts),
            lead=hits[best].score - max(hit.score for hit in hits),
            yes_or_no=asks_yes_or_no(question),
        )
        return _one_a_sentence(scored), evidence

    def _settled(
        self, question: str, scored: Sequence[ScoredSentence], waiting: Sequence[Hit]
    ) -> bool:
        """Whether what is not read yet can hardly beat what is; a list needs all of it."""
        if asks_for_several(question):
            return False
        promised = RETRIEVAL_WEIGHT * max(hit.score for hit in waiting)
        return max(s.score for s in scored) - promised > self.lead


def default_scorer(*, threads: int = 2, reader: bool = True) -> Scorer:
    """The packaged reader, or word overlap without one or in a checkout that has no trained model.

    Raises:
        ReaderError: the model is there, but altered.
    """
    if not reader or not (PACKAGED / FILE).is_file():
        return OverlapScorer()
    return ReaderScorer(threads=threads)


def sentence_of(question: str, hit: Hit, span: Span, reading: Reading) -> ScoredSentence:
    """The sentence around a span of a passage that was read, with its score."""
    short = _inside_one_paragraph(hit, span)
    paragraph = next(e for e in _paragraphs(hit) if e.contains(short.start, short.end))
    source = hit.evidence.page.source[paragraph.start : paragraph.end]
    around = sentence_at(source, short.start - paragraph.start, short.end - paragraph.start)
    extent = Extent(paragraph.start + around.start, paragraph.start + around.end)
    if asks_why(question):  # a reason is a whole sentence
        short = extent
    found = hit.score_at(span.start, span.end)
    score = span.score + PASSAGE_WEIGHT * reading.answerable + RETRIEVAL_WEIGHT * found
    return ScoredSentence(hit, extent, score, short)


def _paragraphs(hit: Hit) -> list[Extent]:
    """The parts of the passage's extents that the found window covers."""
    window = hit.extent
    return [
        Extent(max(e.start, window.start), min(e.end, window.end))
        for e in hit.evidence.extents
        if e.start < window.end and e.end > window.start
    ]


def _inside_one_paragraph(hit: Hit, span: Span) -> Extent:
    """A span in the source; one that runs over a paragraph's end keeps its longer side, because
    a quote must stand inside one extent."""
    start, end = hit.extent.start + span.start, hit.extent.start + span.end
    pieces = [Extent(max(start, p.start), min(end, p.end)) for p in _paragraphs(hit)]
    return max(pieces, key=lambda p: p.end - p.start)


def _one_a_sentence(scored: Sequence[ScoredSentence]) -> tuple[ScoredSentence, ...]:
    """The best span of each sentence; windows of a long part may give a sentence twice."""
    seen: dict[tuple[str, int, int], ScoredSentence] = {}
    for sentence in scored:
        key = (sentence.hit.evidence.id, sentence.extent.start, sentence.extent.end)
        seen.setdefault(key, sentence)
    return tuple(seen.values())
