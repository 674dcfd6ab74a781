"""What one answer is worth: everything that the metrics of a report are made of.

Scores come from the saved answer alone, so that a run can be scored again without a model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from askbot.answers import Answer
from askbot.errors import QuestionSetError
from askbot.evaluation.matching import exact, f1, says
from askbot.evaluation.questions import Ask, Entry, QuestionSet
from askbot.markers import strip_markers

RECALL_AT = (1, 3, 5)

Ratio = tuple[float, float]
"""Points reached and points that could be reached."""

_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Prediction:
    """An answer under the id and the turn of its question."""

    id: str
    turn: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Item:
    """One scored question.

    Attributes:
        ratios: by metric, the points of this question; a metric that does not apply is absent.
        latency_ms: `timings_ms.total` of the answer, None if it was not measured.
    """

    id: str
    turn: int
    question: str
    tags: tuple[str, ...]
    answerable: bool
    abstained: bool
    confidence: float
    engine: str
    route: str
    ratios: Mapping[str, Ratio]
    latency_ms: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Lists and plain values only."""
        ratios = {name: list(ratio) for name, ratio in self.ratios.items()}
        return asdict(self) | {"tags": list(self.tags), "ratios": ratios}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Item:
        """Read back what `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: the record is not a saved item.
        """
        latency = record["latency_ms"]
        return cls(
            id=str(record["id"]),
            turn=int(record["turn"]),
            question=str(record["question"]),
            tags=tuple(record["tags"]),
            answerable=bool(record["answerable"]),
            abstained=bool(record["abstained"]),
            confidence=float(record["confidence"]),
            engine=str(record["engine"]),
            route=str(record["route"]),
            ratios={name: (float(n), float(d)) for name, (n, d) in record["ratios"].items()},
            latency_ms=None if latency is None else float(latency),
        )


def score_all(questions: QuestionSet, predictions: Iterable[Prediction]) -> tuple[Item, ...]:
    """Score every question of a set; predictions for other questions are left aside.

    Raises:
        QuestionSetError: a question has no prediction, or one that answers another question.
    """
    given = {(p.id, p.turn): p.answer for p in predictions}
    items = []
    for entry, ask in questions:
        answer = given.get((entry.id, ask.turn))
        if answer is None:
            raise QuestionSetError(
                f"the run has no answer to {entry.id} (turn {ask.turn}): "
                "run `askbot eval` on this question set again"
            )
        if answer.question != ask.question:
            raise QuestionSetError(
                f"the run's {entry.id} (turn {ask.turn}) asks {answer.question!r}, the question "
                f"set {ask.question!r}: score it with the question set it was run on"
            )
        items.append(score(entry, ask, answer))
    return tuple(items)


def score(entry: Entry, ask: Ask, answer: Answer) -> Item:
    """Score one answer.

    - recall@k: any of `evidence` is among the first k passages handed to the answerer; all of
      `all_evidence` are among the first k, or the first n where there are n > k of them.
    - answer_accuracy: the answer was not declined, and any of `answers` (all of `all_answers`)
      stands in the answer's text or its short answer.
    - citation_correct: a cited passage is among the gold evidence. citation_precision: the share
      of cited passages that are (both: only where the question names evidence; a declined
      question counts as 0 in the first and not at all in the second).
    - citations_verified: the share of citations that passed the check when the answer was made.
    - short_em, short_f1: best exact match and F1 of the short answer over `answers`.
    - declined_unanswerable and false_declines: whether the question was declined.
    - thread_exact: the cited passages are exactly `all_evidence`.
    """
    ratios: dict[str, Ratio] = {}
    some, every = _places(ask.evidence, entry.page), _places(ask.all_evidence, entry.page)
    gold = (*some, *every)
    cited = tuple(
        dict.fromkeys(p for c in answer.citations for p in _places([c.id], c.page or entry.page))
    )
    if ask.answerable:
        ratios |= _recall(some, every, _places(answer.evidence, entry.page))
        ratios["false_declines"] = (float(answer.abstained), 1.0)
        ratios |= _said(ask, answer)
        if gold:
            right = sum(_among(place, gold) for place in cited)
            ratios["citation_correct"] = (float(right > 0 and not answer.abstained), 1.0)
            if cited and not answer.abstained:
                ratios["citation_precision"] = (float(right), float(len(cited)))
        if every:
            same = all(_among(p, every) for p in cited) and all(_among(p, cited) for p in every)
            same = same and not answer.abstained
            ratios["thread_exact"] = (float(same), 1.0)
    else:
        ratios["declined_unanswerable"] = (float(answer.abstained), 1.0)
    claimed = len(answer.citations) + len(answer.rejected_citations)
    if claimed:
        ratios["citations_verified"] = (float(len(answer.citations)), float(claimed))
    return Item(
        id=entry.id,
        turn=ask.turn,
        question=ask.question,
        tags=ask.tags,
        answerable=ask.answerable,
        abstained=answer.abstained,
        confidence=answer.confidence,
        engine=answer.engine,
        route=answer.route,
        ratios=ratios,
        latency_ms=answer.timings_ms.get("total"),
    )


def _recall(
    some: Sequence[_Place], every: Sequence[_Place], ranked: Sequence[_Place]
) -> dict[str, Ratio]:
    if not some and not every:
        return {}
    ratios = {}
    for k in RECALL_AT:
        any_found = not some or any(_among(place, ranked[:k]) for place in some)
        all_found = all(_among(place, ranked[: max(k, len(every))]) for place in every)
        ratios[f"recall@{k}"] = (float(any_found and all_found), 1.0)
    return ratios


def _said(ask: Ask, answer: Answer) -> dict[str, Ratio]:
    ratios: dict[str, Ratio] = {}
    short = "" if answer.abstained else answer.short_answer or ""
    if ask.answers or ask.all_answers:
        # A declined answer may quote the nearest passage; that is no answer.
        shown = () if answer.abstained else (strip_markers(answer.answer), short)
        found = {
            gold: any(says(text, gold) for text in shown)
            for gold in (*ask.answers, *ask.all_answers)
        }
        right = (not ask.answers or any(found[g] for g in ask.answers)) and all(
            found[g] for g in ask.all_answers
        )
        ratios["answer_accuracy"] = (float(right), 1.0)
    if ask.answers:
        ratios["short_em"] = (max(exact(gold, short) for gold in ask.answers), 1.0)
        ratios["short_f1"] = (max(f1(gold, short) for gold in ask.answers), 1.0)
    return ratios


def _places(ids: Iterable[str], page: str | None) -> tuple[_Place, ...]:
    """(page, id on it); the page is the id's prefix, else `page`, else "" for not known."""
    parts = (passage_id.rpartition(":") for passage_id in ids)
    return tuple((slug or page or "", local) for slug, _, local in parts)


def _among(place: _Place, places: Iterable[_Place]) -> bool:
    """Whether a passage is among these; a page that is not known may be any."""
    return any(
        place[1] == local and (place[0] == slug or not place[0] or not slug)
        for slug, local in places
    )
