"""Hybrid search over the tables of one page or of all.

Scores are fused as a convex combination of the cosines to a passage and to its nearest sentence and
of BM25 scaled by the most a passage could score for the question (Bruch et al., "An Analysis of
Fusion Functions for Hybrid Retrieval", 2023, section 4: such a normalisation beats reciprocal ranks
when the weights are tuned; `askbot.retrieval.ranking` has them). Fixed bounds keep the fused score
comparable between questions, which declining relies on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from askbot.answers import Evidence
from askbot.discussion import Comment, Extent, Page, kind_of
from askbot.index.tables import Row, SearchTables
from askbot.passages import context_line, sentence_extents
from askbot.retrieval.ranking import PLAIN, Ranking
from askbot.retrieval.speakers import Speakers
from askbot.text import STOPWORDS, numbers, stem, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askbot.embedding import Vectors

AUTHOR_BONUS = 0.15
"""For a comment by somebody the question names, where others' comments may answer as well."""
THREAD_BONUS = 0.05
NEAR_BONUS = 0.1
"""For a follow-up, on top of the score of what the last answer cited."""
SIFTED = 200
"""Passages, best by all else, whose sentences are looked at: many pages may have 100,000."""
UNMOVED, NEAR_PLACES = 3, 2
"""For a follow-up: behind the best three come the best two from where the conversation is."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage.

    Attributes:
        evidence: the paragraph or comment it belongs to.
        extent: where the passage stands in the page's source (a window of a long part).
        context: its context line, searched but never quoted.
        dense: cosine to the question.
        nearest: cosine of its nearest sentence.
        sentences: what the score would be with each sentence as the nearest, in order.
        lexical: BM25 as a share (0 to 1) of the most any passage could score.
        score: what it was ranked by.
    """

    evidence: Evidence
    extent: Extent
    context: str
    dense: float
    nearest: float
    lexical: float
    score: float
    sentences: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        return self.evidence.page.source[self.extent.start : self.extent.end]

    def score_at(self, start: int, end: int) -> float:
        """The score for what stands at `[start, end)` of the text: its own sentence's, not that of
        the nearest."""
        places = sentence_extents(self.text)
        if len(places) != len(self.sentences):
            return self.score
        inside = (
            s
            for e, s in zip(places, self.sentences, strict=True)
            if e.start < end and e.end > start
        )
        return max(inside, default=self.score)


def search(
    question: str,
    vector: Vectors,
    tables: SearchTables,
    page_of: Callable[[str], Page],
    *,
    k: int,
    ranking: Ranking = PLAIN,
    slug: str | None = None,
    prefix_ids: bool = False,
    speakers: Speakers | None = None,
    prefer: Sequence[str] = (),
    near: Mapping[str, float] = MappingProxyType({}),
) -> list[Hit]:
    """The k best passages, best first; of one long part at most two.

    Args:
        vector: the question's embedding.
        ranking: the weights, and what they were learned for.
        slug: search this page only.
        prefix_ids: write ids as "slug:p4".
        speakers: commenters the question names.
        prefer: local ids that a follow-up points to; they come first.
        near: "slug:p4" where the conversation is, each with its share of NEAR_BONUS.
    """
    import numpy as np

    speakers = speakers or Speakers()
    rows = tables.rows_of(slug)
    if not len(rows):
        return []
    projected = ranking.project(vector)
    dense = tables.dense(projected, rows)
    lexical = lexical_share(tables, speakers.rest or question)[rows]
    nearest = dense.copy()
    known = ranking.passage * dense + ranking.lexical * lexical
    known = known + tables.shapes[rows] @ np.array([ranking.article, ranking.length], np.float32)
    known = known + _bonus(question, tables.rows, rows, page_of, speakers, prefer, near, ranking)
    likely = np.argsort(-(known + ranking.sentence * nearest), kind="stable")[:SIFTED]
    sifted = np.sort(likely)
    nearest[sifted] = tables.best_sentence(projected, rows[sifted])
    fused = known + ranking.sentence * nearest
    if speakers.only and speakers.authors:
        own = np.array(
            [_author(page_of, tables.rows[r]) in speakers.authors for r in rows], dtype=bool
        )
        if own.any():
            fused = np.where(own, fused, -np.inf)
    if speakers.comments:
        commented = np.array(
            [kind_of(tables.rows[r].part_id) == "comment" for r in rows], dtype=bool
        )
        fused = np.where(commented, fused, -np.inf)
    order = np.argsort(-fused, kind="stable")
    if near:
        close = [place for place in order if _spot(tables.rows[int(rows[place])]) in near]
        first = [*order[:UNMOVED], *[p for p in close if p not in order[:UNMOVED]][:NEAR_PLACES]]
        order = np.concatenate([first, order[~np.isin(order, first)]])
    hits: list[Hit] = []
    per_part: dict[tuple[str, str], int] = {}
    for place in order:
        if len(hits) == k or fused[place] == -np.inf:
            break
        row = tables.rows[int(rows[place])]
        part = (row.slug, row.part_id)
        if per_part.get(part, 0) == 2:
            continue
        per_part[part] = per_part.get(part, 0) + 1
        each = tables.sentences_of(projected, int(rows[place])) - nearest[place]
        hits.append(
            _hit(
                row,
                page_of(row.slug),
                prefix_ids,
                float(dense[place]),
                float(nearest[place]),
                float(lexical[place]),
                float(fused[place]),
                tuple(map(float, fused[place] + ranking.sentence * each)),
            )
        )
    return hits


def _hit(
    row: Row,
    page: Page,
    prefix: bool,
    dense: float,
    nearest: float,
    lexical: float,
    score: float,
    sentences: tuple[float, ...],
) -> Hit:
    shown = f"{row.slug}:{row.part_id}" if prefix else row.part_id
    evidence = Evidence(shown, page, row.part_id, score)
    context = context_line(page, page.part(row.part_id))
    extent = Extent(row.start, row.end)
    return Hit(evidence, extent, context, dense, nearest, lexical, score, sentences)


def lexical_share(tables: SearchTables, question: str) -> NDArray[np.float32]:
    """BM25 over the question's content words, divided by the best score those words could give."""
    import numpy as np

    terms = list(dict.fromkeys(stem(w) for w in words(question) if w not in STOPWORDS))
    most = sum(tables.heaviest(term) for term in terms)
    unknown = sum(1 for term in terms if term not in tables.vocabulary)
    if most <= 0:
        return np.zeros(len(tables.rows), np.float32)
    most *= 1 + unknown / len(terms)  # a word that no passage has makes every match less complete
    share: NDArray[np.float32] = tables.lexical(terms) / np.float32(most)
    return share


def _spot(row: Row) -> str:
    return f"{row.slug}:{row.part_id}"


def _bonus(
    question: str,
    all_rows: Sequence[Row],
    rows: NDArray[np.intp],
    page_of: Callable[[str], Page],
    speakers: Speakers,
    prefer: Sequence[str],
    near: Mapping[str, float],
    ranking: Ranking,
) -> NDArray[np.float32]:
    import numpy as np

    bonus = np.zeros(len(rows), np.float32)
    asked = set(numbers(question))
    if not (asked or speakers.authors or prefer or near):
        return bonus
    for place, number in enumerate(rows):
        row = all_rows[int(number)]
        page = page_of(row.slug)
        if asked and asked & set(numbers(page.source[row.start : row.end])):
            bonus[place] += ranking.number
        if row.part_id in prefer or _spot(row) in prefer:
            bonus[place] += 1.0
        bonus[place] += NEAR_BONUS * near.get(_spot(row), 0.0)
        if speakers.authors:
            part = page.part(row.part_id)
            if part.author in speakers.authors:
                bonus[place] += AUTHOR_BONUS
            elif (
                isinstance(part, Comment)
                and part.parent is not None
                and page.comment(part.parent).author in speakers.authors
            ):
                bonus[place] += THREAD_BONUS
    return bonus


def _author(page_of: Callable[[str], Page], row: Row) -> str | None:
    return page_of(row.slug).part(row.part_id).author
