"""Whose comment it is: "which commenter lives near the bridge?", "do any readers like it?".

What answers such a question is the comment itself and not a span of it, so a span reader declines
it. The comments come from a search among comments only (`Speakers.comments`); those that stand out
are quoted, and their authors are the short answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from askbot.answerers.scoring import ScoredSentence
from askbot.discussion import Extent
from askbot.passages import sentence_extents
from askbot.retrieval.search import Hit
from askbot.retrieval.speakers import seeks_commenter

LEAST = 0.42
"""Retrieval score from which a comment is taken for what was asked about."""
DROP = 0.82
"""A comment that scores less than this share of the one before it, and all behind it, is left."""
MOST = 4
"""Comments that may stand out together; where more follow one another closely, only the best."""


def standing_out(question: str, hits: Sequence[Hit]) -> list[ScoredSentence]:
    """The sentences, one a comment, of the comments that answer; none where none stands out."""
    if not seeks_commenter(question) or any(h.evidence.kind != "comment" for h in hits):
        return []
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.evidence.id, hit)
    ranked = sorted(first.values(), key=lambda h: -h.score)
    if not ranked or ranked[0].score < LEAST:
        return []
    drops = [n for n, (a, b) in enumerate(pairwise(ranked), 1) if b.score < DROP * a.score]
    count = drops[0] if drops and drops[0] <= MOST else 1
    return [_sentence(hit) for hit in ranked[:count]]


def _sentence(hit: Hit) -> ScoredSentence:
    """The sentence that retrieval found nearest."""
    places = sentence_extents(hit.text)
    if len(places) == len(hit.sentences):
        best = places[max(range(len(places)), key=hit.sentences.__getitem__)]
    else:
        best = Extent(0, len(hit.text))
    start = hit.extent.start
    return ScoredSentence(hit, Extent(start + best.start, start + best.end), hit.score)
