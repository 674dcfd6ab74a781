"""The offline answerer: the sentences that answer, verbatim, in reading order, each cited."""

from __future__ import annotations

from collections.abc import Sequence

from askbot.answerers.scoring import Scored, ScoredSentence, Scorer
from askbot.answers import Claim, Draft, Quote
from askbot.discussion import Comment
from askbot.retrieval.search import Hit

SHOWN = 3
"""Sentences an answer has at most, unless the question asks for several things."""
CLOSE = 0.75
"""A further sentence is shown when it scores this share of the best one."""


class ExtractiveAnswerer:
    """Quotes the best sentences; declines when the scorer doubts that the page answers."""

    name = "extractive"

    def __init__(self, scorer: Scorer, threshold: float | None = None) -> None:
        self._scorer = scorer
        self._threshold = scorer.threshold if threshold is None else threshold

    def draft(self, question: str, hits: Sequence[Hit]) -> Draft:
        """The draft answer from the found passages, best passage first."""
        scored = self._scorer.score(question, hits)
        if not scored.sentences or scored.answerable < self._threshold:
            return decline(hits, scored.answerable)
        chosen = _choose(scored)
        claims = tuple(_claim(sentence) for sentence in _reading_order(chosen))
        best = chosen[0]
        short = None
        if best.short is not None:
            short = best.hit.evidence.page.source[best.short.start : best.short.end]
        return Draft(claims, short_answer=short, confidence=scored.answerable)


def decline(hits: Sequence[Hit], confidence: float) -> Draft:
    """A draft that says the page does not answer, and names what came closest."""
    text = "The page does not say."
    if hits:
        nearest = hits[0].evidence
        where = f"paragraph {nearest.local_id[1:]}"
        if nearest.kind == "comment":
            where = f"comment {nearest.local_id[1:]} by {nearest.author}"
        text += f" The closest passage is {where}."
    return Draft((Claim(text, asserts=False),), abstained=True, confidence=confidence)


def _choose(scored: Scored) -> list[ScoredSentence]:
    best = scored.sentences[0]
    floor = best.score * CLOSE if best.score > 0 else best.score
    chosen = [best]
    for sentence in scored.sentences[1:]:
        if len(chosen) == SHOWN or sentence.score < floor:
            break
        if not any(_overlap(sentence, other) for other in chosen):
            chosen.append(sentence)
    return chosen


def _overlap(a: ScoredSentence, b: ScoredSentence) -> bool:
    same_page = a.hit.evidence.page is b.hit.evidence.page
    return same_page and a.extent.start < b.extent.end and b.extent.start < a.extent.end


def _reading_order(chosen: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    return sorted(chosen, key=lambda s: (s.hit.evidence.page.slug, s.extent.start))


def _claim(sentence: ScoredSentence) -> Claim:
    evidence, extent = sentence.hit.evidence, sentence.extent
    part = evidence.page.part(evidence.local_id)
    quote = Quote(
        evidence.id,
        sentence.text,
        extent.start,
        extent.end,
        part.author if isinstance(part, Comment) else None,
    )
    return Claim(sentence.text, (quote,), verbatim=True)
