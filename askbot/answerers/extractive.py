"""The offline answerer: the sentences that answer, verbatim, in reading order, each cited."""

from __future__ import annotations

from collections.abc import Sequence

from askbot.answerers.asking import asks_for_several
from askbot.answerers.commenters import standing_out
from askbot.answerers.scoring import Scored, ScoredSentence, Scorer
from askbot.answers import Claim, Draft, Quote
from askbot.discussion import Comment
from askbot.retrieval.search import Hit

SHOWN = 3
"""Sentences an answer has at most, unless the question asks for several things."""
SHOWN_OF_SEVERAL = 5
WIDER = 1.75
"""For a question that asks for several things: more sentences, and from further below the best."""


class ExtractiveAnswerer:
    """Quotes the best sentences; declines when the scorer doubts that the page answers."""

    name = "extractive"

    def __init__(self, scorer: Scorer, threshold: float | None = None) -> None:
        self._scorer = scorer
        self._threshold = scorer.threshold if threshold is None else threshold

    def draft(self, question: str, hits: Sequence[Hit]) -> Draft:
        """The draft answer from the found passages, best passage first."""
        if commented := standing_out(question, hits):
            authors = dict.fromkeys(s.hit.evidence.author or "somebody" for s in commented)
            claims = tuple(map(_claim, _reading_order(commented)))
            sure = min(1.0, commented[0].score)
            return Draft(claims, short_answer="; ".join(authors), confidence=sure)
        scored = self._scorer.score(question, hits)
        if not scored.sentences or scored.answerable < self._threshold:
            return decline(hits, scored.answerable)
        several = asks_for_several(question)
        margin = self._scorer.margin * (WIDER if several else 1.0)
        chosen = _choose(scored, margin, SHOWN_OF_SEVERAL if several else SHOWN)
        claims = tuple(_claim(sentence) for sentence in _reading_order(chosen))
        short = _short_answer(_reading_order(chosen) if several else chosen[:1])
        return Draft(claims, short_answer=short, confidence=scored.answerable)


def _short_answer(chosen: Sequence[ScoredSentence]) -> str | None:
    """The spans' own words; several are separated by "; "."""
    shorts = [
        s.hit.evidence.page.source[s.short.start : s.short.end]
        for s in chosen
        if s.short is not None
    ]
    return "; ".join(dict.fromkeys(shorts)) or None


def decline(hits: Sequence[Hit], confidence: float) -> Draft:
    """A draft that says the page does not answer, and names what came closest."""
    text = "The page does not say."
    if hits:
        nearest = hits[0].evidence
        where = f"paragraph {nearest.local_id[1:]}"
        if nearest.kind == "comment":
            where = f"comment {nearest.local_id[1:]} by {nearest.author}"
        text += f" The closest passage is {where.removesuffix('.')}."
    return Draft((Claim(text, asserts=False),), abstained=True, confidence=confidence)


def _choose(scored: Scored, margin: float, most: int) -> list[ScoredSentence]:
    best = scored.sentences[0]
    floor = best.score - margin
    chosen = [best]
    for sentence in scored.sentences[1:]:
        if len(chosen) == most or sentence.score < floor:
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
