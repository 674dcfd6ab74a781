"""What one answer is worth, from the saved answer alone: a run is scored again without a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from askbot.answers import Answer
from askbot.citations import misattributed
from askbot.errors import QuestionSetError
from askbot.evaluation.scores.causes import CONTENT, cause_of, same_route
from askbot.evaluation.scores.items import Item, Prediction, Ratio, point
from askbot.evaluation.scores.matching import says
from askbot.evaluation.scores.ranking import CUTOFFS, Place, Ranking, among, place_of, ranked
from askbot.evaluation.scores.support import support_of
from askbot.evaluation.sets.questions import Ask, Entry, QuestionSet
from askbot.markers import strip_markers
from askbot.reader.metric import Gold, score_one

BATCH = 500
"""Rankings handed to ir_measures at once; each call of it has a cost of its own."""


def score_all(questions: QuestionSet, predictions: Iterable[Prediction]) -> tuple[Item, ...]:
    """Score every question of a set, in the set's order; other predictions are left aside.

    Predictions are read one by one and not kept, so that they may come from a long file.

    Raises:
        QuestionSetError: a question has no prediction, or one that answers another question.
    """
    items: dict[tuple[str, int], Item] = {}
    found = matched(questions, predictions)
    while batch := list(islice(found, BATCH)):
        scored = score_batch([(entry, ask, p.answer) for p, entry, ask in batch])
        items |= {(item.id, item.turn): item for item in scored}
    return tuple(items[entry.id, ask.turn] for entry, ask in questions)


def matched(
    questions: QuestionSet, predictions: Iterable[Prediction]
) -> Iterator[tuple[Prediction, Entry, Ask]]:
    """Each prediction with its question; those of other questions are left aside.

    Raises:
        QuestionSetError: a prediction answers another question; at the end, a question has none.
    """
    asked = {(entry.id, ask.turn): (entry, ask) for entry, ask in questions}
    missing = dict.fromkeys(asked)
    for prediction in predictions:
        key = prediction.id, prediction.turn
        if key not in asked:
            continue
        entry, ask = asked[key]
        if prediction.answer.question != ask.question:
            raise QuestionSetError(
                f"the run's {prediction.id} (turn {ask.turn}) asks "
                f"{prediction.answer.question!r}, the question set {ask.question!r}: score it "
                "with the question set it was run on"
            )
        missing.pop(key, None)
        yield prediction, entry, ask
    for entry_id, turn in missing:
        raise QuestionSetError(
            f"the run has no answer to {entry_id} (turn {turn}): "
            "run `askbot eval` on this question set again"
        )


def score(entry: Entry, ask: Ask, answer: Answer) -> Item:
    """Score one answer; `docs/evaluation.md` says what each metric means."""
    return score_batch([(entry, ask, answer)])[0]


def is_right(entry: Entry, ask: Ask, answer: Answer) -> bool:
    """Whether a question was handled right, without the rest of its score."""
    return _right(ask, answer, _said(ask, answer) | _cited(answer, _Facts.of(entry, ask, answer)))


def score_batch(given: Sequence[tuple[Entry, Ask, Answer]]) -> list[Item]:
    """Score several answers."""
    facts = [_Facts.of(entry, ask, answer) for entry, ask, answer in given]
    rankings = [
        Ranking(f.ranked, f.grades if ask.answerable else {})
        for f, (_, ask, _) in zip(facts, given, strict=True)
    ]
    return [
        _item(entry, ask, answer, f, figures)
        for (entry, ask, answer), f, figures in zip(given, facts, ranked(rankings), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Facts:
    """The passages of a question and its answer, as places on pages.

    Attributes:
        some: gold, any of them suffices; every: gold, all of them are needed.
    """

    some: tuple[Place, ...]
    every: tuple[Place, ...]
    grades: Mapping[Place, int]
    ranked: tuple[Place, ...]
    cited: tuple[Place, ...]

    @classmethod
    def of(cls, entry: Entry, ask: Ask, answer: Answer) -> _Facts:
        some, every = _places(ask.evidence, entry.page), _places(ask.all_evidence, entry.page)
        grades = dict.fromkeys((*some, *every), 1)
        grades |= {place_of(i, entry.page): grade for i, grade in ask.grades}
        cited = tuple(dict.fromkeys(place_of(c.id, c.page or entry.page) for c in answer.citations))
        return cls(some, every, grades, _places(answer.evidence, entry.page), cited)

    @property
    def gold(self) -> tuple[Place, ...]:
        return (*self.some, *self.every)


def _item(
    entry: Entry, ask: Ask, answer: Answer, facts: _Facts, figures: Mapping[str, float]
) -> Item:
    ratios: dict[str, Ratio] = {name: point(value) for name, value in figures.items()}
    if ask.answerable:
        ratios |= _recall(ask, facts, figures)
        ratios["false_declines"] = point(answer.abstained)
        ratios |= _cited(answer, facts)
    else:
        ratios["refusal_recall"] = point(answer.abstained)
    if answer.abstained:
        ratios["refusal_precision"] = point(not ask.answerable)
    ratios |= _said(ask, answer) | _checked(answer) | _spent(answer)
    route_held = None if ask.route is None else same_route(ask.route, answer.route)
    if route_held is not None:
        ratios["route_accuracy"] = point(route_held)
    right = _right(ask, answer, ratios)
    ratios["right"] = point(right)
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
        cause=cause_of(
            right=right,
            answerable=ask.answerable,
            abstained=answer.abstained,
            route_held=route_held,
            retrieved=any(among(p, facts.ranked) for p in facts.gold) if facts.gold else None,
            cited=any(among(p, facts.gold) for p in facts.cited) if facts.gold else None,
            computed=answer.route != CONTENT,
        ),
        latency_ms=answer.timings_ms.get("total"),
    )


def _right(ask: Ask, answer: Answer, ratios: Mapping[str, Ratio]) -> bool:
    """Whether the question was handled as it should be, by the strictest that its gold allows."""
    if not ask.answerable or answer.abstained:
        return answer.abstained and not ask.answerable
    decisive = [name for name in ("answer_accuracy", "thread_exact") if name in ratios]
    return all(ratios[name][0] == 1 for name in decisive or ["citation_correct"])


def _recall(ask: Ask, facts: _Facts, figures: Mapping[str, float]) -> dict[str, Ratio]:
    if not facts.gold:
        return {}
    if ask.grades:  # judged documents are not alternatives of each other
        return {f"recall@{k}": point(figures[f"R@{k}"]) for k in CUTOFFS}
    ratios = {}
    for k in CUTOFFS:
        top = facts.ranked[:k]
        any_found = not facts.some or any(among(place, top) for place in facts.some)
        top = facts.ranked[: max(k, len(facts.every))]
        ratios[f"recall@{k}"] = point(any_found and all(among(p, top) for p in facts.every))
    return ratios


def _cited(answer: Answer, facts: _Facts) -> dict[str, Ratio]:
    if not facts.gold:
        return {}
    cited = () if answer.abstained else facts.cited
    right = sum(among(place, facts.gold) for place in cited)
    ratios = {"citation_correct": point(right > 0)}
    if cited:
        ratios["citation_precision"] = (float(right), float(len(cited)))
    needed = [among(place, cited) for place in facts.every]
    if facts.some:
        needed.append(any(among(place, cited) for place in facts.some))
    ratios["citation_recall"] = (float(sum(needed)), float(len(needed)))
    if facts.every:
        exact = all(needed) and all(among(place, facts.gold) for place in cited)
        ratios["thread_exact"] = point(exact)
    return ratios


def _checked(answer: Answer) -> dict[str, Ratio]:
    ratios: dict[str, Ratio] = {}
    claimed = len(answer.citations) + len(answer.rejected_citations)
    if claimed:
        foreign = sum(misattributed(rejected) for rejected in answer.rejected_citations)
        ratios["citations_verified"] = (float(len(answer.citations)), float(claimed))
        ratios["misattributed"] = (float(foreign), float(claimed))
    support = support_of(answer)
    if support is not None:
        ratios["support_recall"] = (float(support.held), float(support.statements))
        if support.citations:
            ratios["support_precision"] = (float(support.needed), float(support.citations))
    return ratios


def _spent(answer: Answer) -> dict[str, Ratio]:
    usage = answer.usage or {}
    return {
        name: (float(usage[name]), 1.0)
        for name in ("input_tokens", "output_tokens", "cost_usd")
        if name in usage
    }


def given_answer(answer: Answer) -> str:
    """The words compared with a gold answer: the short answer, the whole where there is none, and
    nothing for a declined question (it may quote the nearest passage, which is no answer)."""
    if answer.abstained:
        return ""
    return answer.short_answer or strip_markers(answer.answer)


def _said(ask: Ask, answer: Answer) -> dict[str, Ratio]:
    ratios: dict[str, Ratio] = {}
    if ask.answers or ask.all_answers:
        shown = [strip_markers(answer.answer), answer.short_answer or ""]
        texts = [] if answer.abstained else shown
        found = {
            gold: any(says(text, gold) for text in texts)
            for gold in (*ask.answers, *ask.all_answers)
        }
        right = not ask.answers or any(found[gold] for gold in ask.answers)
        ratios["answer_accuracy"] = point(right and all(found[g] for g in ask.all_answers))
    if ask.answers or not ask.answerable:
        em, f1 = score_one(Gold("", ask.answers), given_answer(answer))
        ratios |= {"answer_em": point(em), "answer_f1": point(f1)}
        if ask.answerable:
            ratios |= {"has_answer_em": point(em), "has_answer_f1": point(f1)}
    return ratios


def _places(ids: Iterable[str], page: str | None) -> tuple[Place, ...]:
    return tuple(place_of(passage_id, page) for passage_id in ids)
