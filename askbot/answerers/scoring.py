"""The seam between the extractive answerer and what scores sentences for it.

A scorer reads the found passages and says which sentences answer, where the short answer stands,
and how likely it is that the page answers at all. `OverlapScorer` needs no model of its own.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from askbot.discussion import Extent
from askbot.retrieval.search import Hit
from askbot.text import content_words, names, numbers, sentences, stem


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence that may answer.

    Attributes:
        hit: the found passage it stands in.
        extent: where it stands in the page's source.
        score: higher is better; comparable within one question only.
        short: the few words that answer, inside the sentence.
    """

    hit: Hit
    extent: Extent
    score: float
    short: Extent | None = None

    @property
    def text(self) -> str:
        return self.hit.evidence.page.source[self.extent.start : self.extent.end]


@dataclass(frozen=True, slots=True)
class Scored:
    """Sentences, best first, and the probability that the page answers the question."""

    sentences: tuple[ScoredSentence, ...]
    answerable: float


class Scorer(Protocol):
    """What the extractive answerer asks of a reader."""

    @property
    def threshold(self) -> float:
        """The fitted probability below which declining is right."""

    @property
    def margin(self) -> float:
        """How far below the best a sentence may score and still be worth showing."""

    def score(self, question: str, hits: Sequence[Hit]) -> Scored:
        """Score the sentences of the found passages."""


class OverlapScorer:
    """Scores sentences by the words they share with the question, weighted by rarity.

    The probability is a logistic function of the best passage's cosine and of the share of the
    question's words that the best sentence and its passage have.
    """

    threshold = 0.5
    margin = 0.25

    def score(self, question: str, hits: Sequence[Hit]) -> Scored:
        asked = [stem(w) for w in content_words(question)]
        if not hits or not asked:
            return Scored((), 0.0)
        spans = [(hit, extent) for hit in hits for extent in _sentences_of(hit)]
        bags = [
            {stem(w) for w in content_words(hit.evidence.page.source[e.start : e.end])}
            for hit, e in spans
        ]
        frequency = Counter(word for bag in bags for word in bag)
        weight = {w: math.log(1 + len(bags) / (1 + frequency[w])) for w in asked}
        total = sum(weight.values()) or 1.0
        wants = _wanted(question)
        scored = []
        for (hit, extent), bag in zip(spans, bags, strict=True):
            text = hit.evidence.page.source[extent.start : extent.end]
            overlap = sum(weight[w] for w in set(asked) & bag) / total
            fits = 0.15 if wants and wants(text) else 0.0
            scored.append(ScoredSentence(hit, extent, overlap + hit.score + fits))
        scored.sort(key=lambda s: -s.score)
        best = scored[0]
        passage = {stem(w) for w in content_words(f"{best.hit.context} {best.hit.text}")}
        covered = sum(weight[w] for w in set(asked) & passage) / total
        logit = -4.2 + 6.0 * max(h.dense for h in hits) + 3.0 * covered
        return Scored(tuple(scored), 1 / (1 + math.exp(-logit)))


def _sentences_of(hit: Hit) -> list[Extent]:
    return [
        Extent(hit.extent.start + s.start, hit.extent.start + s.end) for s in sentences(hit.text)
    ]


def _wanted(question: str):  # type: ignore[no-untyped-def]
    """A test for the kind of thing asked for: a number, a name, a time."""
    lowered = question.lower()
    if re.search(r"\bhow (?:many|much|old|long|often)|\bpercent|\bnumber of", lowered):
        return lambda text: bool(numbers(text))
    if re.search(r"\bwhen\b|\bwhat (?:year|month|day|date)", lowered):
        return lambda text: bool(_TIME.search(text))
    if re.search(r"\bwho\b|\bwhose\b|\bwhich (?:city|cities|town|person|company)", lowered):
        return lambda text: bool(names(text))
    return None


_TIME = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:january|february|march|"
    r"april|may|june|july|august|september|october|november|december|today|yesterday|ago|"
    r"week|month|year)s?\b",
    re.IGNORECASE,
)
