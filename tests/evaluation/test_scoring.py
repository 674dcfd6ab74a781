"""Every metric on a case small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from askbot.answers import Answer
from askbot.evaluation import Entry, parse_questions
from askbot.evaluation.scores.items import Item
from askbot.evaluation.scores.scoring import score
from askbot.evaluation.sets.questions import Ask

MakeAnswer = Callable[..., Answer]


def scored(ask: Ask, given: Answer, page: str | None = None) -> dict[str, list[float]]:
    """By metric, the points reached and the points that could be."""
    item = score(Entry("q1", (ask,), page), ask, given)
    return {name: list(ratio) for name, ratio in item.ratios.items()}


def test_recall_counts_the_first_k_passages(answer: MakeAnswer) -> None:
    ask = Ask("a?", answers=("x",), evidence=("p4", "c2"))
    ratios = scored(ask, answer("a?", evidence=["p1", "c2.1", "c2", "p4"]))
    assert [ratios[f"recall@{k}"][0] for k in (1, 3, 5)] == [0, 1, 1]


def test_recall_of_all_evidence_needs_every_passage(answer: MakeAnswer) -> None:
    ask = Ask("a?", all_evidence=("c1", "c2", "c3", "c4"))
    four = scored(ask, answer("a?", evidence=["c4", "c2", "c1", "c3", "p9"]))
    assert [four[f"recall@{k}"][0] for k in (1, 3, 5)] == [1, 1, 1]  # 4 of the first 4
    late = scored(ask, answer("a?", evidence=["c4", "c2", "c1", "p9", "c3"]))
    assert [late[f"recall@{k}"][0] for k in (1, 3, 5)] == [0, 0, 1]


def test_unanswerable_questions_have_no_recall_even_with_evidence(answer: MakeAnswer) -> None:
    ask = Ask("a?", evidence=("p1",), answerable=False)
    ratios = scored(ask, answer("a?", abstained=True))
    assert ratios == {
        name: [1, 1]
        for name in ("refusal_recall", "refusal_precision", "right", "answer_em", "answer_f1")
    }


def test_any_answer_suffices_and_every_one_of_all_is_needed(answer: MakeAnswer) -> None:
    said = answer("a?", "Gus and Iris replied. [c2]", cites=["c2"])
    assert scored(Ask("a?", answers=("Wren", "Iris")), said)["answer_accuracy"] == [1, 1]
    assert scored(Ask("a?", answers=("Wren",)), said)["answer_accuracy"] == [0, 1]
    both = Ask("a?", all_answers=("Gus", "Iris"))
    assert scored(both, said)["answer_accuracy"] == [1, 1]
    three = Ask("a?", all_answers=("Gus", "Iris", "Wren"))
    assert scored(three, said)["answer_accuracy"] == [0, 1]


def test_a_marker_is_not_part_of_what_is_said(answer: MakeAnswer) -> None:
    said = answer("a?", "There are several comments. [c4]", cites=["c4"])
    assert scored(Ask("a?", answers=("c4",)), said)["answer_accuracy"] == [0, 1]


def test_the_short_answer_counts_as_shown(answer: MakeAnswer) -> None:
    said = answer("a?", "See this. [p1]", cites=["p1"], short="about 50,600 people")
    ratios = scored(Ask("a?", answers=("50600", "many")), said)
    assert ratios["answer_accuracy"] == [1, 1]
    assert ratios["answer_em"] == [0, 1]
    assert ratios["answer_f1"] == pytest.approx([2 * 1 / (1 + 3), 1])


def test_a_declined_answer_is_never_right(answer: MakeAnswer) -> None:
    near = answer(
        "a?", "The page does not say. Nearest: 42. [p1]", cites=["p1"], short="42", abstained=True
    )
    ratios = scored(Ask("a?", answers=("42",), evidence=("p1",)), near)
    assert ratios["answer_accuracy"] == [0, 1]
    assert ratios["answer_f1"] == [0, 1]
    assert ratios["citation_correct"] == [0, 1]
    assert ratios["false_declines"] == [1, 1]
    assert "citation_precision" not in ratios


def test_citations(answer: MakeAnswer) -> None:
    ask = Ask("a?", answers=("word",), evidence=("p4", "p6"))
    said = answer("a?", "word [p4] [c1]", cites=["p4", "p4", "c1"], rejects=["p99"])
    ratios = scored(ask, said)
    assert ratios["citation_correct"] == [1, 1]
    assert ratios["citation_precision"] == [1, 2]  # two quotes of p4 are one passage
    assert ratios["citations_verified"] == [3, 4]
    none = scored(ask, answer("a?", "word"))
    assert none["citation_correct"] == [0, 1]
    assert "citation_precision" not in none
    assert "citations_verified" not in none


@pytest.mark.parametrize(
    ("cites", "exact"), [(["c3", "c1"], 1.0), (["c1"], 0.0), (["c1", "c3", "c4"], 0.0)]
)
def test_thread_exactness(answer: MakeAnswer, cites: list[str], exact: float) -> None:
    ask = Ask("a?", answers=("2",), all_evidence=("c1", "c3"))
    assert scored(ask, answer("a?", "2", cites=cites))["thread_exact"] == [exact, 1]


def test_ids_with_a_page_in_front(answer: MakeAnswer) -> None:
    ask = Ask("a?", answers=("word",), evidence=("p4",))
    here = answer("a?", "word", cites=["town:p4"], evidence=["town:p4"])
    elsewhere = answer("a?", "word", cites=["sea:p4"], evidence=["sea:p4"], page="sea")
    assert scored(ask, here, "town")["citation_correct"] == [1, 1]
    assert scored(ask, elsewhere, "town")["citation_correct"] == [0, 1]
    assert scored(ask, elsewhere, "town")["recall@5"] == [0, 1]
    assert scored(ask, elsewhere)["recall@5"] == [1, 1]  # the set names no page
    named = Ask("a?", answers=("word",), evidence=("sea:p4",))
    assert scored(named, here)["recall@5"] == [0, 1]
    assert scored(named, elsewhere)["citation_correct"] == [1, 1]
    # A citation knows its page even where its id does not say so.
    bare = answer("a?", "word", cites=["p4"], evidence=["p4"], page="sea")
    assert scored(ask, bare, "town")["citation_correct"] == [0, 1]


def test_an_item_survives_json(answer: MakeAnswer) -> None:
    questions = parse_questions('{"id": "q1", "question": "a?", "answers": ["x"], "tags": ["t"]}')
    (entry, ask), *_ = questions
    item = score(entry, ask, answer("a?", "x", total=3.25))
    assert Item.from_json(item.to_json(), item.latency_ms) == item
