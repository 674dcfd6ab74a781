"""Checking a set against its page, and drafting one that passes the check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from askbot.discussion import Page
from askbot.errors import NotFound, SourceError
from askbot.evaluation import check_set, draft, parse_any, parse_questions
from askbot.sources import parse, plaintext

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
PAGES = [
    ("secure-communities", "secure-communities.txt", "text", "questions.jsonl"),
    ("night-bus", "extra/night-bus.html", "html", "extra/night-bus.questions.jsonl"),
    ("beavers", "extra/beavers.txt", "text", "extra/beavers.questions.jsonl"),
    ("compost", "extra/compost.hn.json", "hackernews", "extra/compost.questions.jsonl"),
]
every_page = pytest.mark.parametrize(
    ("slug", "path", "format", "questions"), PAGES, ids=[p[0] for p in PAGES]
)


def faults_of(page: Page, *records: dict[str, Any]) -> list[str]:
    def named(slug: str | None) -> Page:
        if slug not in (None, page.slug):
            raise NotFound(f"no page {slug!r} is indexed")
        return page

    return [str(f) for f in check_set(parse_any("\n".join(map(json.dumps, records))), named)]


def ask(**fields: Any) -> dict[str, Any]:
    return {"id": "q1", "question": "How often?", "answers": ["12 times"]} | fields


@every_page
def test_our_own_sets_hold(slug: str, path: str, format: str, questions: str) -> None:
    page = parse((CORPUS / path).read_text("utf-8"), format=format, slug=slug, origin=path)
    loaded = parse_any((CORPUS / questions).read_text("utf-8"))
    assert check_set(loaded, lambda _: page) == []


def test_a_set_that_holds(town: Page) -> None:
    assert (
        faults_of(
            town,
            ask(evidence=["p4"], tags=["no-such-tag"]),
            ask(id="q2", question="By what?", answers=["A BUS"], evidence=["town:p4"]),
            ask(id="q3", question="Who says winter?", answers=["Ruth Bell"], evidence=["c1.1"]),
            ask(id="q4", question="How many?", answers=["six"], all_evidence=["c1", "c2"]),
            ask(id="q5", question="Most?", answers=["2"], evidence=["c1"], tags=["thread"]),
            {"id": "q6", "question": "Why?", "answerable": False},
            ask(id="q7", question="Which is empty?", answers=["quiet one"], evidence=["c3"]),
        )
        == []
    )


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"evidence": ["p9"]}, "town has no p9: it has p1..p4 and c1..c4"),
        ({"evidence": ["p4"], "page": "twon"}, "no page 'twon' is indexed"),
        ({"page": "twon"}, "no page 'twon' is indexed"),
        ({"evidence": ["other:p4"]}, "no page 'other' is indexed"),
        ({"all_evidence": ["c4.1"]}, "town has no c4.1"),
        ({"answers": ["13 times"], "evidence": ["p4"]}, '"13 times" stands in none of p4'),
        ({"evidence": ["p4", "p1"]}, "p1 has none of the answers"),
        (
            {"answers": ["12 times", "a dozen times"], "evidence": ["p4"]},
            'answer "a dozen times" stands in none of p4',
        ),
        (
            {"answers": [], "all_answers": ["12 times", "31"], "evidence": ["p4"]},
            '"31" stands in none of p4',
        ),
    ],
)
def test_each_fault_is_one_line_with_its_place(
    town: Page, fields: dict[str, Any], why: str
) -> None:
    good = ask(id="ok", question="By what?", answers=["a bus"], evidence=["p4"])
    (*more, fault) = faults_of(town, good, ask(**fields))
    assert all("has none of the answers" in f or "stands in none" in f for f in more)
    everything = [*more, fault]
    assert any(why in f for f in everything)
    assert all(f.startswith("line 2 (q1): ") and "\n" not in f for f in everything)


def test_what_could_not_be_read_is_among_the_faults(town: Page) -> None:
    found = faults_of(town, {"id": "q0"}, ask(evidence=["p1"]))
    assert found[0] == 'line 1: "question" must be a string that is not empty'
    assert found[1].startswith("line 2 (q1): ")


def test_a_question_asked_twice_is_named_and_a_dialogue_is_compared_whole(town: Page) -> None:
    turns = [{"question": "How often?", "answers": ["12"]}, {"question": "Why?", "answers": ["x"]}]
    found = faults_of(
        town,
        ask(evidence=["p4"]),
        {"id": "d1", "turns": turns},
        ask(id="q2", question="how often", evidence=["p4"]),
        {"id": "d2", "turns": turns},
        ask(id="q3", page="town", evidence=["p4"]),
    )
    assert found == [
        "line 3 (q2): asks the same as line 1 (q1): keep one of them",
        "line 4 (d2): asks the same as line 2 (d1): keep one of them",
    ]


def test_a_turn_is_named_by_its_number(town: Page) -> None:
    turns = [
        {"question": "How often?", "answers": ["12"], "evidence": ["p4"]},
        {"question": "Why?", "answers": ["because"], "evidence": ["p4"]},
    ]
    found = faults_of(town, {"id": "d1", "turns": turns})
    assert [f.partition(": ")[0] for f in found] == ["line 1 (d1), turn 2"] * 2


def test_a_set_is_checked_against_the_pages_it_brings() -> None:
    qas = [
        {"id": "a", "question": "How long?", "answers": [{"text": "112 years"}]},
        {"id": "b", "question": "How old?", "answers": [{"text": "40"}]},
        {"id": "c", "question": "What is it to?", "answers": [{"text": "∞"}]},
    ]
    paragraph = {"context": "It ran for 112 years, to ∞.", "qas": qas}
    loaded = parse_any(json.dumps({"data": [{"title": "x", "paragraphs": [paragraph]}]}))

    def no_index(slug: str | None) -> Page:
        raise AssertionError("the set brings its pages")

    found = [str(fault) for fault in check_set(loaded, no_index)]
    assert len(found) == 2
    assert found[0].startswith("data[0].paragraphs[0].qas[1] (b): the answer ")
    rows = '{"question": "Why?", "ground_truth": "In my words.", "reference_contexts": ["Theirs."]}'
    assert check_set(parse_any(rows), no_index) == [], "ragas answers are nobody's words"


@every_page
def test_a_draft_is_a_set_that_holds(slug: str, path: str, format: str, questions: str) -> None:
    page = parse((CORPUS / path).read_text("utf-8"), format=format, slug=slug, origin=path)
    records = draft(page)
    text = "\n".join(map(json.dumps, records))
    assert check_set(parse_any(text), lambda _: page) == []
    facts = [record for record in records if "span" in record]
    assert len(facts) >= 10
    for fact in facts:
        start, end = fact["span"]
        assert [page.source[start:end]] == fact["answers"]
        assert any(e.contains(start, end) for e in page.part(fact["evidence"][0]).extents)
    assert all("draft" in record["tags"] for record in records)


def test_a_draft_counts_what_the_tree_has(town: Page) -> None:
    computed = {r["question"]: r for r in draft(town) if "thread" in r["tags"]}
    assert {q: r.get("answers") or r["all_answers"] for q, r in computed.items()} == {
        "How many comments are shown?": ["6"],
        "How many comments does the page claim to have?": ["6"],
        "How many different people commented?": ["5"],
        "How many of the comments are replies?": ["2"],
        "Who left the first comment?": ["oldsalt"],
        "Who left the last comment?": ["jo"],
        "Who commented the most?": ["oldsalt"],
        "Which comment is empty?": ["quiet one"],
        "How many comments did oldsalt write?": ["2"],
        "Who replied to oldsalt?": ["Ruth Bell"],
        "Who replied to Ruth Bell?": ["oldsalt"],
    }
    assert computed["Who commented the most?"]["all_evidence"] == ["c1", "c1.1.1"]
    assert computed["Who replied to oldsalt?"]["all_evidence"] == ["c1.1"]


def test_facts_come_from_all_over_the_page_and_only_as_many_as_wanted(town: Page) -> None:
    facts = [r for r in draft(town, facts=3) if "span" in r]
    assert len(facts) == 3
    assert [r["evidence"][0][0] for r in facts].count("c") >= 1
    assert not [r for r in draft(town, facts=0) if "span" in r]
    (bus,) = [r for r in draft(town) if r.get("evidence") == ["p4"]]
    assert bus["question"] == (
        "How many: “The ferry will be replaced by a bus that runs … times a day.”?"
    )
    assert bus["answers"] == ["12"]


def test_a_tie_is_not_asked_about_and_a_page_of_nothing_is_refused() -> None:
    tied = "A headline\n\nSome words.\n\n1. ann says:\n\n  Yes.\n\n2. bob says:\n\n  No.\n"
    page = plaintext.read(tied, slug="tied", origin="t")
    assert len(page.comments) == 2
    questions = [record["question"] for record in draft(page)]
    assert "Who commented the most?" not in questions
    assert "How many comments does the page claim to have?" not in questions
    parse_questions("\n".join(map(json.dumps, draft(page))))
    bare = plaintext.read("Just words here, and no more of them.\n", slug="bare", origin="t")
    with pytest.raises(SourceError, match="write its questions by hand"):
        draft(bare)


def test_nobody_is_drafted_as_answering_themselves() -> None:
    text = "A headline\n\nSome words.\n\n1. ann says:\n\n  Yes.\n\n  1. ann says:\n\n    And no.\n"
    page = plaintext.read(text, slug="own", origin="t")
    assert [c.id for c in page.comments] == ["c1", "c1.1"]
    assert "Who replied to ann?" not in [record["question"] for record in draft(page)]


@pytest.mark.parametrize(
    ("sentence", "answers"),
    [
        ("In spring Mary Beth Heffernan went to the other side.", ["Mary Beth Heffernan"]),
        ("The Harrow Council voted for the bus and against it.", ["Harrow Council"]),
        ("They met the Harrow Ferry and Boat Club about the bus.", []),
        ("They met the Friends of Harrow Ferry about the new bus.", []),
        ("In Boston nothing at all has changed since the bus.", []),
        ("It cost $1.5 million to build and nobody uses it now.", ["$1.5 million"]),
        ("It closed on 3 March 2021 after they ran out of money.", ["3 March 2021"]),
        ("There were 1,200 people aboard of that boat at once.", ["1,200"]),
        ("It leaves at 3:45 from the quay beside the old church.", []),
        ("© 2021 The Harrow Courier, and its 14 sister papers.", []),
        ("Only 9 came.", []),
    ],
)
def test_what_is_taken_for_a_fact(sentence: str, answers: list[str]) -> None:
    page = plaintext.read(f"No facts here\n\n{sentence}\n", slug="one", origin="t")
    try:
        records = draft(page)
    except SourceError:
        records = []
    assert [answer for record in records for answer in record["answers"]] == answers
