"""Where questions go wrong, and whether citations hold their statements up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from askbot.answers import Answer, Citation, RejectedCitation, Statement
from askbot.evaluation import Prediction, QuestionSet, junit, outcomes, parse_gate, score_run
from askbot.evaluation.scores.scoring import score
from askbot.evaluation.scores.support import support_of, supports
from askbot.evaluation.sets.questions import Ask, Entry

MakeAnswer = Callable[..., Answer]
FACT = Ask("a?", answers=("4 euros",), evidence=("p1",), route="content")
COUNT = Ask("a?", all_evidence=("c1", "c2"), route="thread")


def cause(ask: Ask, given: Answer) -> str | None:
    return score(Entry("q1", (ask,)), ask, given).cause


def test_each_step_at_which_a_question_goes_wrong(answer: MakeAnswer) -> None:
    found = {"evidence": ["p2", "p1"]}
    right = answer("a?", "It is 4 euros.", cites=["p1"], **found)
    assert cause(FACT, right) is None
    assert cause(FACT, replace(right, route="count")) is None, "right by whatever way"
    span = answer("a?", "In May.", cites=["p1"], **found)
    assert cause(FACT, span) == "wrong span"
    assert cause(FACT, replace(span, route="count")) == "wrong route"
    assert cause(FACT, answer("a?", "In May.", cites=["p2"], **found)) == "retrieved but not chosen"
    assert cause(FACT, answer("a?", "In May.", cites=["p2"], evidence=["p2"])) == "not retrieved"
    assert cause(FACT, answer("a?", abstained=True, **found)) == "wrongly declined"
    assert cause(FACT, answer("a?", abstained=True, evidence=["p2"])) == "not retrieved"
    nothing = Ask("a?", answerable=False)
    assert cause(nothing, right) == "wrongly answered"
    assert cause(nothing, answer("a?", abstained=True)) is None


def test_counts_go_wrong_in_ways_of_their_own(answer: MakeAnswer) -> None:
    counted = replace(
        answer("a?", "Two.", cites=["c1", "c2"], evidence=["c1", "c2"]), route="count"
    )
    assert cause(COUNT, counted) is None
    one = replace(answer("a?", "One.", cites=["c1"], evidence=["c1"]), route="count")
    assert cause(COUNT, one) == "wrong comments"
    assert cause(COUNT, replace(one, route="content")) == "wrong route"


def test_evidence_alone_decides_where_there_are_no_answers(answer: MakeAnswer) -> None:
    ask = Ask("a?", evidence=("p1",))
    assert cause(ask, answer("a?", "x", cites=["p1"], evidence=["p1"])) is None
    assert cause(ask, answer("a?", "x", cites=["p2"], evidence=["p1", "p2"])) == (
        "retrieved but not chosen"
    )


def written(*statements: tuple[str, list[str]], **quotes: str) -> Answer:
    """An answer of statements with their ids, over passages with their quotes."""
    return Answer(
        question="a?",
        searched_for="a?",
        answer="",
        abstained=False,
        citations=tuple(
            Citation(i, "town", "comment", "Iris", q, 0, len(q), "0" * 64)
            for i, q in quotes.items()
        ),
        statements=tuple(
            Statement(text, "supported" if ids else "unsupported", tuple(ids))
            for text, ids in statements
        ),
    )


def test_support_needs_every_number_and_name_and_most_words() -> None:
    said = "The pool in Orm opens on 3 May and a ticket costs 4 euros."
    assert supports([said], "a ticket costs 4 euros")
    assert supports([said], "Tickets for the pool in Orm cost 4 euros.")
    assert not supports([said], "A ticket costs 5 euros.")
    assert not supports([said], "The pool in Pell opens on 3 May.")
    assert not supports([said], "The library lends records and films to members.")
    assert not supports([], "anything")


def test_citations_are_counted_by_need() -> None:
    opens, costs = "The pool opens on 3 May.", "A ticket costs 4 euros."
    both = "The pool opens on 3 May and a ticket costs 4 euros."
    support = support_of(written((both, ["c1", "c2"]), c1=opens, c2=costs))
    assert support is not None
    assert (support.held, support.statements) == (1, 1)
    assert (support.needed, support.citations) == (2, 2), "neither says it alone"
    idle = support_of(written((opens, ["c1", "c2"]), c1=opens, c2=costs))
    assert idle is not None
    assert (idle.needed, idle.citations) == (1, 2)
    bare = support_of(written((opens, []), (costs, ["c1"]), c1=opens))
    assert bare is not None
    assert (bare.held, bare.statements, bare.needed, bare.citations) == (0, 2, 0, 1)
    named = support_of(written(("Iris says a ticket costs 4 euros.", ["c2"]), c2=costs))
    assert named is not None
    assert named.held == 1, "a statement may name who it quotes"
    assert support_of(replace(written((opens, ["c1"]), c1=opens), route="count")) is None


def test_another_speakers_words_are_told_from_words_nobody_said(answer: MakeAnswer) -> None:
    made = answer("a?", "x", cites=["c1", "c2"])
    rejected = (
        RejectedCitation("c3", "q", "attributed to Gus, but c3 is by Iris"),
        RejectedCitation("c4", "q", "these words are not in c4; they stand in c5 by Gus"),
        RejectedCitation("c6", "q", "these words are not in c6"),
    )
    ask = Ask("a?", evidence=("c1",))
    item = score(Entry("q1", (ask,)), ask, replace(made, rejected_citations=rejected))
    assert item.ratios["misattributed"] == (2.0, 5.0)
    assert item.ratios["citations_verified"] == (2.0, 5.0)


def test_routes_by_their_name_or_by_kind(answer: MakeAnswer) -> None:
    counted = replace(answer("a?", "x", cites=["c1"]), route="replies")
    for wanted, held in (("thread", 1.0), ("replies", 1.0), ("count", 0.0), ("content", 0.0)):
        ask = Ask("a?", evidence=("c1",), route=wanted)
        assert score(Entry("q1", (ask,)), ask, counted).ratios["route_accuracy"] == (held, 1.0)


def test_junit_has_a_failure_for_a_gate_and_a_skip_for_a_question(answer: MakeAnswer) -> None:
    ask = Ask("costs \x00 <what> & \ud800?", answers=("4",), evidence=("p1",))
    made = answer(ask.question, "no", cites=["p1"], evidence=["p1"], total=1500.0)
    questions = QuestionSet((Entry("q1", (ask,)),))
    report = score_run(questions, [Prediction("q1", 1, made)], count=2)
    gates = [parse_gate("right=0.5", "min"), parse_gate("latency_p50_ms=2000", "max")]
    text = junit(report, outcomes(report, gates), name="news")
    root = ElementTree.fromstring(text.encode("utf-8"))
    failures = [
        case.get("name") for case in root.iter("testcase") if case.find("failure") is not None
    ]
    assert failures == ["right >= 0.5"]
    (skipped,) = [case for case in root.iter("testcase") if case.find("skipped") is not None]
    assert skipped.get("time") == "1.500"
    assert "<what> &" in (skipped.get("name") or "")
    suites = {suite.get("name"): suite.attrib for suite in root.iter("testsuite")}
    assert (suites["gates"]["failures"], suites["questions"]["skipped"]) == ("1", "1")
    values = {p.get("name"): p.get("value") for p in root.iter("property")}
    assert values["right"] == "0"
    assert float(values["latency_p50_ms"] or 0) == pytest.approx(1500)
