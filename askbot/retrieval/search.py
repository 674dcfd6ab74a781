"""Hybrid search over the tables of one page or of all.

Scores are fused as a convex combination of the cosine and of BM25 scaled by the most a passage
could score for the question (Bruch et al., "An Analysis of Fusion Functions for Hybrid Retrieval",
2023, section 4: such a normalisation beats reciprocal ranks when the weight is tuned).
Fixed bounds keep the fused score comparable between questions, which declining relies on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from askbot.answers import Evidence
from askbot.discussion import Comment, Extent, Page
from askbot.index.tables import Row, SearchTables
from askbot.retrieval.speakers import Speakers
from askbot.text import STOPWORDS, numbers, stem, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askbot.embedding import Vectors

DENSE_WEIGHT = 0.5
"""Share of the cosine in the fused score; see docs/retrieval.md for how it was tuned."""
NUMBER_BONUS = 0.08
"""For a passage that has a number of the question."""
AUTHOR_BONUS = 0.15
"""For a comment by somebody the question names, where others' comments may answer as well."""
THREAD_BONUS = 0.05
NEAR_BONUS = 0.1
"""For a follow-up, on top of the score of what the last answer cited."""
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
        lexical: BM25 as a share (0 to 1) of the most any passage could score.
        score: what it was ranked by.
    """

    evidence: Evidence
    extent: Extent
    context: str
    dense: float
    lexical: float
    score: float

    @property
    def text(self) -> str:
        return self.evidence.page.source[self.extent.start : self.extent.end]


def search(
    question: str,
    vector: Vectors,
    tables: SearchTables,
    page_of: Callable[[str], Page],
    *,
    k: int,
    slug: str | None = None,
    prefix_ids: bool = False,
    speakers: Speakers | None = None,
    prefer: Sequence[str] = (),
    near: Mapping[str, float] = MappingProxyType({}),
) -> list[Hit]:
    """The k best passages, best first; of one long part at most two.

    Args:
        vector: the question's embedding.
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
    dense = tables.dense(vector, rows)
    lexical = _lexical_share(tables, speakers.rest or question)[rows]
    fused = DENSE_WEIGHT * dense + (1 - DENSE_WEIGHT) * lexical
    fused = fused + _bonus(question, tables.rows, rows, page_of, speakers, prefer, near)
    if speakers.only and speakers.authors:
        own = np.array(
            [_author(page_of, tables.rows[r]) in speakers.authors for r in rows], dtype=bool
        )
        if own.any():
            fused = np.where(own, fused, -np.inf)
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
        hits.append(
            _hit(row, page_of(row.slug), prefix_ids, dense[place], lexical[place], fused[place])
        )
    return hits


def _hit(
    row: Row, page: Page, prefix: bool, dense: np.float32, lexical: np.float32, score: np.float32
) -> Hit:
    from askbot.passages import context_line

    shown = f"{row.slug}:{row.part_id}" if prefix else row.part_id
    evidence = Evidence(shown, page, row.part_id, float(score))
    context = context_line(page, page.part(row.part_id))
    return Hit(
        evidence, Extent(row.start, row.end), context, float(dense), float(lexical), float(score)
    )


def _lexical_share(tables: SearchTables, question: str) -> NDArray[np.float32]:
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
            bonus[place] += NUMBER_BONUS
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
