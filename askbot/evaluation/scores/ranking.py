"""How well the evidence was ranked, as `trec_eval` computes it (through ir_measures).

The measures (Voorhees and Harman, "TREC", 2005, chapter 3; nDCG: Järvelin and Kekäläinen 2002, with
the grade itself as gain): reciprocal rank of the first gold passage, nDCG over the first ten, and
the share of the gold passages among the first k.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CUTOFFS = (1, 3, 5)
"""Where recall is taken; at most as many passages are handed to the answerer as are asked for."""

Place = tuple[str, str]
"""A page, "" where it is not known, and an id on it."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passages in the order found, and those that are gold with their grades (1 or more)."""

    found: tuple[Place, ...]
    gold: Mapping[Place, int]


def place_of(passage_id: str, page: str | None) -> Place:
    """(page, id on it); the page is the id's prefix, else `page`, else "" for not known."""
    slug, _, local = passage_id.rpartition(":")
    return slug or page or "", local


def among(place: Place, places: Sequence[Place] | Mapping[Place, int]) -> bool:
    """Whether a passage is among these; a page that is not known may be any."""
    return same(place, places) is not None


def same(place: Place, places: Sequence[Place] | Mapping[Place, int]) -> Place | None:
    """The passage among these that this one is, if any."""
    if place in places:
        return place
    for other in places:
        if place[1] == other[1] and (not place[0] or not other[0]):
            return other
    return None


def ranked(rankings: Sequence[Ranking]) -> list[dict[str, float]]:
    """`mrr`, `ndcg@10` and `R@k` of each ranking; nothing where it has no gold."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    names = {str(RR): "mrr", str(nDCG @ 10): "ndcg@10"} | {str(R @ k): f"R@{k}" for k in CUTOFFS}
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for number, ranking in enumerate(rankings):
        if not ranking.gold:
            continue
        query = str(number)
        qrels[query] = {_document(place): grade for place, grade in ranking.gold.items()}
        seen = dict.fromkeys(same(p, ranking.gold) or p for p in ranking.found)
        # trec_eval orders by score, so that the rank has to be one
        run[query] = {_document(place): -float(rank) for rank, place in enumerate(seen)}
    figures: list[dict[str, float]] = [
        dict.fromkeys(names.values(), 0.0) if ranking.gold else {} for ranking in rankings
    ]
    measures = [RR, nDCG @ 10, *(R @ k for k in CUTOFFS)]
    for value in ir_measures.iter_calc(measures, qrels, run):
        figures[int(value.query_id)][names[str(value.measure)]] = float(value.value)
    return figures


def _document(place: Place) -> str:
    return f"{place[0]}:{place[1]}"
