"""What a report shows of one question: expected and given, what was found, and why it failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from askbot.answers import Answer
from askbot.evaluation.runs.folder import Run
from askbot.evaluation.scores.items import Item
from askbot.evaluation.scores.ranking import among, place_of
from askbot.evaluation.scores.report import Report
from askbot.evaluation.sets.questions import Ask, Entry, QuestionSet
from askbot.showing import neutral

Card = dict[str, Any]


def cards(
    report: Report, run: Run, questions: QuestionSet, *, failing: bool = False
) -> Iterator[Card]:
    """The questions of a report one by one, in the order in which they were answered.

    Answers are read from the run's file as they are asked for and not kept.

    Args:
        failing: only those that went wrong.
    """
    places = {(item.id, item.turn): n for n, item in enumerate(report.items)}
    asks = {(entry.id, ask.turn): (entry, ask) for entry, ask in questions}
    for prediction in run.predictions():
        key = (prediction.id, prediction.turn)
        place = places.get(key)
        if place is None or key not in asks:
            continue
        item = report.items[place]
        if item.cause is not None or not failing:
            yield card(place, *asks[key], item, prediction.answer)


def card(place: int, entry: Entry, ask: Ask, item: Item, answer: Answer) -> Card:
    """Plain values that are safe to show (`showing.neutral`); what is empty is left out.

    Keys: n (place in the report), id, turn, question, searched (where that is another text), tags,
    cause, declined, declinable (declining is right); any, all (gold answers), anyOf, allOf (gold
    passages), route, wanted (the route asked for); given, short, cites [(id, author, quote)],
    rejected [(id, quote, reason)], found [(id, whether it is gold)] in their order, confidence, ms,
    engine, notes; judge (1 if a judge found it right, 0 if wrong).
    """
    judged = item.ratios.get("judge_accuracy")
    gold = tuple(place_of(i, entry.page) for i in (*ask.evidence, *ask.all_evidence))
    shown: Card = {
        "n": place,
        "id": item.id,
        "turn": item.turn,
        "question": ask.question,
        "searched": answer.searched_for if answer.searched_for != ask.question else "",
        "tags": ask.tags,
        "cause": item.cause,
        "declined": answer.abstained,
        "declinable": not ask.answerable,
        "any": ask.answers,
        "all": ask.all_answers,
        "anyOf": ask.evidence,
        "allOf": ask.all_evidence,
        "route": answer.route,
        "wanted": ask.route,
        "given": answer.answer,
        "short": answer.short_answer,
        "cites": [(c.id, c.author or "", c.quote) for c in answer.citations],
        "rejected": [(c.id, c.quote, c.reason) for c in answer.rejected_citations],
        "found": [(i, int(among(place_of(i, entry.page), gold))) for i in answer.evidence],
        "confidence": round(item.confidence, 3),
        "ms": item.latency_ms,
        "engine": answer.engine,
        "notes": answer.notes,
        "judge": None if judged is None else int(judged[0]),
    }
    return {name: _safe(value) for name, value in shown.items() if _said(value)}


def _said(value: object) -> bool:
    return value is not None and value is not False and value not in ("", (), [])


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, (list, tuple)):
        return [_safe(member) for member in value]
    return value
