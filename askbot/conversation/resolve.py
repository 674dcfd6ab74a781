"""From a reference to what it stands for: agreement first, then a ranking by salience."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from askbot.conversation import lexicon as lx
from askbot.conversation.candidates import Candidate
from askbot.conversation.reference import Kind, Reference


@dataclass(frozen=True, slots=True)
class Resolved:
    """What goes in the place of a reference; `ids` are citations it points at.

    Attributes:
        alone: it is one commenter, though the reference is a plural.
    """

    text: str
    ids: tuple[str, ...] = ()
    alone: bool = False


@lru_cache(maxsize=1)
def weights() -> dict[str, dict[str, float]]:
    """Ranking weights by kind of reference, as `askbot.conversation.fit` wrote them."""
    file = resources.files("askbot.conversation") / "weights.json"
    record = json.loads(file.read_text(encoding="utf-8"))
    return {kind: dict(values) for kind, values in record["weights"].items()}


def agreement(reference: Reference, candidate: Candidate) -> float:
    """1 where number, gender and sort agree, 0.5 where one is unknown, 0 where one is wrong."""
    kind = reference.kind
    if kind == "person":
        if candidate.sort not in ("person", "unknown") or (candidate.plural and not candidate.name):
            return 0.0
        if candidate.head in lx.INDEFINITE_PEOPLE:
            return 0.0
        if candidate.sort == "unknown" and candidate.text.lower().startswith("the "):
            return 0.0  # "the Associated Press"
        if candidate.gender and reference.gender and candidate.gender != reference.gender:
            return 0.0
        return 1.0 if candidate.sort == "person" else 0.5
    if kind == "plural":
        if candidate.head in lx.INDEFINITE_PEOPLE or candidate.sort in ("time", "place"):
            return 0.0
        if candidate.plural:
            return 1.0 if candidate.head.endswith("s") or " and " in candidate.text else 0.75
        if candidate.author:
            return 0.75
        if candidate.sort == "person" and candidate.gender:
            return 0.0
        return 0.5 if candidate.sort in ("unknown", "person") else 0.0
    if kind == "place":
        named = candidate.name and candidate.sort == "unknown"
        return 1.0 if candidate.sort == "place" else 0.4 if named else 0.0
    if kind == "time":
        return 1.0 if candidate.sort == "time" else 0.0
    if kind == "noun":
        return _noun_agreement(reference, candidate)
    if candidate.sort in ("person", "time", "place") or (candidate.plural and not candidate.name):
        return 0.0
    if candidate.gender:
        return 0.0  # it was called "she" before
    return 1.0 if candidate.sort == "thing" else 0.5


def _noun_agreement(reference: Reference, candidate: Candidate) -> float:
    head = reference.noun
    if not set(candidate.features) & {"question", "older_question", "short_answer", "answer_first"}:
        return 0.0  # merely quoted
    if head.removesuffix("s") in ("commenter", "poster", "user"):
        return float(candidate.author)
    if head == candidate.head or head.removesuffix("s") == candidate.head.removesuffix("s"):
        return 1.0
    if head in candidate.key:
        return 0.75
    if head.endswith("s") != candidate.plural:
        return 0.0
    gender = lx.PERSON_NOUNS.get(head)
    if not gender and head != "person":
        gender = None  # "that officer" is nobody known by another name
    if gender is not None and candidate.sort == "person":
        if gender and candidate.gender and candidate.gender != gender:
            return 0.0
        return 0.75 if candidate.name else 0.5
    return 0.5 if head in ("city", "town", "place", "state") and candidate.sort == "place" else 0.0


def ranked_features(
    reference: Reference,
    found: Sequence[Candidate],
    excluded: frozenset[frozenset[str]] = frozenset(),
) -> list[tuple[Candidate, dict[str, float]]]:
    """The candidates that agree with a reference, with the features that rank them."""
    kept = []
    for candidate in found:
        fit = agreement(reference, candidate)
        if fit <= 0 or candidate.key in excluded:
            continue
        same = bool(candidate.gender) and candidate.gender == reference.gender
        features = {
            **candidate.features,
            "fits": float(fit == 1.0),
            "doubtful": float(fit <= 0.5),
            "gender": float(same),
        }
        kept.append((candidate, features))
    return kept


def rank(
    reference: Reference,
    found: Sequence[Candidate],
    excluded: frozenset[frozenset[str]] = frozenset(),
) -> list[tuple[float, Candidate]]:
    """Candidates that agree, best first, with their scores."""
    table = weights()
    own = table.get(reference.kind, table["thing"])
    scored = [
        (sum(own.get(name, 0.0) * value for name, value in features.items()), candidate)
        for candidate, features in ranked_features(reference, found, excluded)
    ]
    return sorted(scored, key=lambda pair: -pair[0])


def kinds() -> tuple[Kind, ...]:
    """The kinds of reference that are ranked by weights of their own."""
    return ("person", "plural", "thing", "place", "noun")
