"""Follow-ups: what stands alone is not touched; the rest is completed from the conversation."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askbot.answers import Answer
from askbot.conversation.candidates import candidates
from askbot.conversation.followups import FollowUps
from askbot.conversation.names import names_of
from askbot.conversation.turns import Turn
from askbot.discussion import Page
from askbot.sources import plaintext

from .conftest import make_turn

HERE = Path(__file__).parent
FOLLOW_UPS = FollowUps()
STANDALONE = [
    line
    for line in (HERE / "standalone.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def conversations(corpus_page: Page) -> list[list[Turn]]:
    """Several states that a conversation can be in when a new question comes."""

    def turn(*args, **kwargs) -> Turn:
        return make_turn(corpus_page, *args, **kwargs)

    person = turn("Who is Eva Millona?", "executive director", ("p6",))
    replies = turn("Who replied to tidewater?", "Gus Pappas", ("c2.1", "c2.2"), thread=True)
    thing = turn("When did Secure Communities begin?", "October 2008", ("p13",))
    wife = turn("Where is Haverhill Hank's wife from?", "Portugal", ("c9",))
    place = turn("Does Boston take part already?", "joined Secure Communities", ("p12",))
    declined = turn("How old is the governor?")
    return [[person], [replies], [thing, wife], [place], [declined], [person, thing, replies]]


@pytest.mark.parametrize("question", STANDALONE)
def test_a_standalone_question_is_searched_as_it_was_typed(question, conversations, corpus_page):
    for turns in conversations:
        done = FOLLOW_UPS.complete(question, turns, corpus_page)
        assert (done.text, done.changed, done.ids) == (question, False, ())


def test_nothing_is_a_follow_up_to_nothing(mill):
    for question in ("why?", "what did she say?", "and the second one?"):
        assert FOLLOW_UPS.complete(question, (), mill).text == question


# (turns before, follow-up, words that the completed question must have)
WINFIELD = ("Who is Nora Winfield?", "the council’s architect", ("p2",))
HALE = ("What is Tom Hale afraid for?", "his parking spaces", ("p3",))
SOCIETY = ("How many signatures did the Ashby Heritage Society collect?", "4,100", ("p4",))
LEAK = ("Does the roof leak?", "leaks like a", ("p2",))
ROOF = ("What will the roof cost?", "310,000 euros", ("p2",))
CHANGED = [
    (WINFIELD, "what does she say about the roof?", "what does Nora Winfield say about the roof?"),
    (WINFIELD, "Who does her job cost money?", "Who does Nora Winfield’s job cost money?"),
    (WINFIELD, "did anyone mention her?", "did anyone mention Nora Winfield?"),
    (HALE, "what has he asked for?", "what has Tom Hale asked for?"),
    (HALE, "and where is his bakery?", "and where is Tom Hale’s bakery?"),
    (HALE, "What about Nora Winfield?", "What is Nora Winfield afraid for?"),
    (SOCIETY, "when did they collect them?", "Ashby Heritage Society"),
    (SOCIETY, "when?", "when did the Ashby Heritage Society collect"),
    (LEAK, "why?", "why does the roof leak?"),
    (
        ("When does the roof part start?", "leaks like a", ("p2",)),
        "what about the library part?",
        "When does the library part start?",
    ),
    (LEAK, "since when?", "since when does the roof leak?"),
    (ROOF, "who pays for it?", "who pays for the roof?"),
    (
        ("Does Ashby have a library?", "library", ("p1",)),
        "and in Brell?",
        "Does Brell have a library?",
    ),
    (("Who signed in 2019?", "Sandra P.", ("c2",)), "who else?", "who else signed in 2019?"),
    (("Who signed in 2019?", "Sandra P.", ("c2",)), "how many?", "how many people signed in 2019?"),
    (
        ("What does bookworm say about the bus?", "children have to take the bus", ("c1",)),
        "anything about the roof?",
        "did bookworm say anything about the roof?",
    ),
    (
        ("What does bookworm say about the bus?", "children have to take the bus", ("c1",)),
        "and what about Sandra P.?",
        "What does Sandra P. say about the bus?",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "question", "wanted"), CHANGED)
def test_references_and_ellipses_are_completed(before, question, wanted, mill):
    done = FOLLOW_UPS.complete(question, [make_turn(mill, *before)], mill)
    assert done.changed
    assert wanted in done.text
    assert done.reason


POINTING = [
    ("Who wrote the second one?", ("c1.1",), "comment c1.1 by flourpower"),
    ("what does the first source say?", ("p2",), "paragraph p2"),
    ("what does source 3 say?", ("c1.1.1",), "comment c1.1.1 by bookworm"),
    ("who wrote the last one?", ("c1.1.1",), "comment c1.1.1"),
    ("what else is in that paragraph?", ("p2",), "paragraph p2"),
    ("who answered the last comment you showed?", ("c1.1.1",), "comment c1.1.1"),
    ("what does [2] mean?", ("c1.1",), "comment c1.1"),
    ("explain number two", ("c1.1",), "comment c1.1"),
    ("who wrote those comments?", ("c1.1", "c1.1.1"), "c1.1 by flourpower and comment c1.1.1"),
    ("who wrote #4?", ("c4",), "comment c4 by quiet one"),
]


@pytest.mark.parametrize(("question", "ids", "wanted"), POINTING)
def test_references_to_citations_resolve_to_their_ids(question, ids, wanted, mill):
    turn = make_turn(mill, "Who talks about the roof?", "roof", ("p2", "c1.1", "c1.1.1"))
    done = FOLLOW_UPS.complete(question, [turn], mill)
    assert done.ids == ids
    assert wanted in done.text


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("who fears for the last one?", "who fears for the roof?"),
        ("and who pays for the second one?", "and who pays for the bakery?"),
        ("and the first?", "What will the mill cost?"),
    ],
)
def test_one_of_the_things_that_an_answer_lists(question, wanted, mill):
    turn = make_turn(mill, "What will the council’s plan cost?", "roof", ("p2",))
    listing = replace(turn.answer, short_answer="the mill, the bakery and the roof")
    done = FOLLOW_UPS.complete(question, [Turn(turn.question, listing)], mill)
    assert done.text == wanted


FILED = """DUNMORE (AP) — Ida Moss, who keeps bees, and Pieter Krol, a roofer, opposed the tax.

The hearing moved to Lower Brell because a child had to see the doctor. Now it is over."""


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("what does the first one keep?", "what does Ida Moss keep?"),
        ("the second one, what does he do?", "Pieter Krol, what does he do?"),
        ("who pays the third one?", "who pays the third one?"),
    ],
)
def test_one_of_the_people_whom_the_sentence_names(question, wanted):
    page = plaintext.read(FILED, slug="tax", origin="tax.txt")
    turn = make_turn(page, "Who opposed the tax?", "Ida Moss", ("p1",))
    assert FOLLOW_UPS.complete(question, [turn], page).text == wanted


def test_it_is_the_thing_whose_price_was_asked(mill):
    turn = make_turn(mill, "How much is the roof?", "310,000 euros", ("p2",))
    answer = replace(turn.answer, short_answer="310,000 euros for Ashby")
    done = FOLLOW_UPS.complete("who pays for it?", [Turn(turn.question, answer)], mill)
    assert done.text == "who pays for the roof?"


def test_she_and_him_are_two_people(mill):
    turn = make_turn(mill, "Who replied to bookworm?", None, ("c1.1",), thread=True)
    done = FOLLOW_UPS.complete("and did she answer him?", [turn], mill)
    assert "bookworm" in done.text
    assert "flourpower" in done.text


def test_by_how_much_keeps_the_auxiliary(mill):
    turn = make_turn(mill, "Did the council pass the plan?", "yes", ("p2",))
    done = FOLLOW_UPS.complete("by how much?", [turn], mill)
    assert done.text == "by how much did the council pass the plan?"


def test_a_thing_with_a_number_is_nobody(mill):
    turn = make_turn(mill, "What is Route 9?", "a road", ("p2",))
    assert "Route 9" not in FOLLOW_UPS.complete("where is he from?", [turn], mill).text
    assert "Route 9" in FOLLOW_UPS.complete("who built it?", [turn], mill).text


def test_a_dateline_is_no_subject():
    page = plaintext.read(FILED, slug="tax", origin="tax.txt")
    turn = make_turn(page, "Who keeps bees?", "Ida Moss", ("p1",))
    told = FOLLOW_UPS.complete("how long has it been so?", [turn], page).text
    assert "DUNMORE" not in told


def test_a_dash_within_a_text_opens_no_dateline():
    text = "A beekeeper worked for the State BOARD OF ROOFERS — a small office — until May."
    page = plaintext.read(text, slug="office", origin="office.txt")
    turn = make_turn(page, "Where did she work?", "a small office", ("p1",))
    told = {candidate.text for candidate in candidates([turn], page, names_of(page))}
    assert any("BOARD OF ROOFERS" in text for text in told)


def test_a_distance_is_to_a_place_and_not_to_a_statement():
    page = plaintext.read(FILED, slug="tax", origin="tax.txt")
    turn = make_turn(page, "Where was the hearing?", "Lower Brell", ("p2",))
    assert FOLLOW_UPS.complete("how far is that?", [turn], page).text == "how far is Lower Brell?"


def test_it_is_what_was_asked_for_and_not_what_was_answered(mill):
    turn = make_turn(mill, "What is the Ashby Heritage Society?", "signatures", ("p4",))
    answer = replace(turn.answer, short_answer="The nearby town of Brell")
    done = FOLLOW_UPS.complete("who leads it?", [Turn(turn.question, answer)], mill)
    assert done.text == "who leads the Ashby Heritage Society?"


def test_brought_back_is_no_reply(mill):
    turn = make_turn(mill, "Does the roof leak?", "leaks like a", ("p2",))
    assert FOLLOW_UPS.complete("and brought back?", [turn], mill).on_content
    assert not FOLLOW_UPS.complete("did anyone write back?", [turn], mill).on_content


def test_a_number_beyond_the_list_is_not_guessed(mill):
    turn = make_turn(mill, "Who talks about the roof?", "roof", ("p2", "c1.1"))
    done = FOLLOW_UPS.complete("who wrote the fifth one?", [turn], mill)
    assert (done.changed, done.ids) == (False, ())


def test_they_after_a_thread_answer_are_those_it_cited(mill):
    turn = make_turn(mill, "Who replied to bookworm?", "flourpower", ("c1.1",), thread=True)
    done = FOLLOW_UPS.complete("what did they say?", [turn], mill)
    assert done.text == "what did flourpower say?"
    assert done.ids == ("c1.1",)
    back = FOLLOW_UPS.complete("and who replied to them?", [turn], mill)
    assert back.text == "and who replied to flourpower?"


def test_several_commenters_are_named_together(mill):
    turn = make_turn(mill, "Who mentions reading?", "two people", ("c3", "c3.1"), thread=True)
    done = FOLLOW_UPS.complete("what did they say?", [turn], mill)
    assert done.text == "what did grumpy old man and Sandra P. say?"
    assert done.ids == ("c3", "c3.1")


def test_a_chain_of_turns_keeps_its_subject(mill):
    turns: list[Turn] = []
    asked = [
        ("Who is Nora Winfield?", "the council’s architect", ("p2",)),
        ("what does she say about the roof?", "leaks", ("p2",)),
        ("is she sure?", None, ()),
        ("how much does she say the roof will cost?", "310,000 euros", ("p2",)),
    ]
    for question, short, ids in asked:
        done = FOLLOW_UPS.complete(question, turns, mill)
        turns.append(make_turn(mill, question, short, ids, searched_for=done.text))
    assert all("Nora Winfield" in t.answer.searched_for for t in turns)


def test_what_agrees_with_nothing_stays_as_typed(mill):
    turn = make_turn(mill, "What will the roof cost?", "310,000 euros", ("p2",))
    done = FOLLOW_UPS.complete("where was she born?", [turn], mill)
    assert done.text.startswith("where was")
    assert "310,000" not in done.text
    assert "roof" not in done.text


def test_gender_decides_between_two_people(mill):
    turns = [
        make_turn(mill, "Who is Tom Hale?", "owns the bakery", ("p3",)),
        make_turn(mill, "Who is Nora Winfield?", "architect", ("p2",)),
    ]
    assert "Tom Hale" in FOLLOW_UPS.complete("what does he fear?", turns, mill).text
    assert "Nora Winfield" in FOLLOW_UPS.complete("what does she say?", turns, mill).text


NAMES = st.from_regex(r"\A[A-Z][a-z]{2,8}\Z").filter(
    lambda n: n.lower() not in {"they", "this", "that", "what", "then", "there", "those", "these"}
)
FRAMES = st.sampled_from(
    [
        "What did {} say about the roof?",
        "Did {} say that {} was wrong?",
        "Who replied to {}?",
        "Why does {} think the council is wrong?",
        "How many comments did {} write?",
        "When did {} sign the petition?",
    ]
)


@given(FRAMES, NAMES, NAMES)
def test_a_question_about_anybody_by_name_is_unchanged(frame, one, other):
    page = plaintext.read("A page about a mill.\n\nIt leaks.", slug="m", origin="m")
    question = frame.format(one, other)
    turn = Turn(
        "Who is Ann Bell?", Answer("Who is Ann Bell?", "Who is Ann Bell?", "A miller.", False)
    )
    assert FOLLOW_UPS.complete(question, [turn], page).text == question


WORDS = st.sampled_from(
    [
        "why",
        "who",
        "what",
        "how",
        "many",
        "did",
        "does",
        "is",
        "was",
        "the",
        "that",
        "this",
        "those",
        "one",
        "second",
        "comment",
        "paragraph",
        "she",
        "he",
        "they",
        "it",
        "his",
        "her",
        "their",
        "there",
        "then",
        "so",
        "else",
        "about",
        "and",
        "but",
        "in",
        "to",
        "of",
        "by",
        "from",
        "said",
        "say",
        "reply",
        "#",
        "¶",
        "2",
        "[",
        "]",
        "?",
        ".",
        ",",
        "'",
        "’",
        "“",
        "”",
        "Nora",
        "Winfield",
        "bookworm",
        "roof",
        "cost",
        "'s",
        "Boston",
        "2019",
        "it's",
    ]
)


@settings(max_examples=400)
@given(st.lists(WORDS, max_size=9).map(" ".join) | st.text(max_size=80), st.integers(0, 3))
def test_no_question_breaks_it(question, count):
    page = plaintext.read("A mill, said Nora Winfield.\n\nIt leaks.", slug="m", origin="m")
    text = "Nora Winfield said it leaks [p1]."
    turns = [
        Turn(question, Answer(question, question, text, bool(n % 2), short_answer=question or None))
        for n in range(count)
    ]
    done = FOLLOW_UPS.complete(question, turns, page)
    assert done.changed == (done.text != question)
    assert done.text.strip() or not question.strip()


def test_a_thousand_comments_cost_little():
    lines = [
        "A long page about a mill.",
        "",
        "Nora Winfield said it leaks.",
        "",
        "Comments (1000)",
        "",
    ]
    for n in range(1, 1001):
        lines += [f"  {n}. reader {n} says:", "", f"    The roof of mill {n} cost {n} euros.", ""]
    page = plaintext.read("\n".join(lines), slug="long", origin="long")
    assert len(page.comments) == 1000
    turns = [
        make_turn(page, "Who talks about roofs?", "roof", tuple(f"c{n}" for n in range(k, k + 8)))
        for k in range(1, 60, 10)
    ]
    FOLLOW_UPS.complete("what did she say?", turns, page)  # names of a page are read once
    taken = []
    for question in (
        "what did she say?",
        "why?",
        "who wrote the second one?",
        "what about Brell?",
    ) * 5:
        started = time.perf_counter()
        FOLLOW_UPS.complete(question, turns, page)
        taken.append(time.perf_counter() - started)
    assert sorted(taken)[len(taken) // 2] < 0.015


def test_dialogues_recover_the_entity_that_a_person_wrote(corpus_page):
    """Over the corpus dialogues, the completed questions have the words the rewrites added."""
    from askbot.conversation.canard import added, stem_counts

    beavers = Path(__file__).resolve().parents[2] / "corpus" / "extra" / "beavers.txt"
    pages = {
        "secure-communities": corpus_page,
        "beavers": plaintext.read(beavers.read_text("utf-8"), slug="beavers", origin="beavers"),
    }
    kept = wanted_all = 0
    for line in (HERE / "dialogues.jsonl").read_text("utf-8").splitlines():
        dialogue = json.loads(line)
        page, turns = pages[dialogue["page"]], []
        for turn in dialogue["turns"]:
            question = turn["question"]
            done = FOLLOW_UPS.complete(question, turns, page)
            if "rewrite" in turn:
                wanted = added(question, turn["rewrite"])
                wanted_all += bool(wanted)
                kept += bool(wanted & frozenset(stem_counts(done.text)))
            ids = tuple(turn.get("all_evidence") or turn["evidence"][:1])
            turns.append(
                make_turn(
                    page, question, turn["answers"][0], ids,
                    thread=turn.get("thread", False), searched_for=done.text,
                )
            )  # fmt: skip
    assert kept / wanted_all >= 0.65
