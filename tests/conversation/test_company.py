"""One of a list of people, the other of two, and what tells who is "she" and who "he"."""

from __future__ import annotations

from dataclasses import replace

import pytest

from askbot.conversation.followups import FollowUps
from askbot.conversation.names import Names, name_parts
from askbot.conversation.turns import Turn
from askbot.conversation.vicinity import vicinity
from askbot.discussion import Page
from askbot.sources import plaintext

from .conftest import make_turn

FOLLOW_UPS = FollowUps()
FERRY = """The ferry to Sula will stop in May, the island council said.

Ulvhild Marrane, 58, has sailed it since 1999. She calls the decision a disgrace.

Tarvo Quist, a harbour pilot, disagrees. He would rather have a bridge.

Comments (5)

  1. oldskipper says:

    A bridge will never come.

    1. niece_of_ulvhild says:

      It was promised twice.

    2. Pastor Enok says:

      Patience.

  2. BlueHeronMom says:

    My kids take it to school.

    1. oldskipper says:

      So did mine.
"""


@pytest.fixture(scope="module")
def ferry() -> Page:
    return plaintext.read(FERRY, slug="ferry", origin="ferry.txt")


@pytest.fixture
def replied(ferry: Page) -> Turn:
    turn = make_turn(
        ferry, "Who replied to oldskipper?", "two people", ("c1.1", "c1.2"), thread=True
    )
    return Turn(turn.question, replace(turn.answer, route="thread:replies-to"))


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("what did the niece say?", "what did niece_of_ulvhild say?"),
        ("and what did the pastor write?", "and what did Pastor Enok write?"),
        ("the niece’s point?", "niece_of_ulvhild’s point?"),
    ],
)
def test_a_word_of_a_nickname_names_one_of_the_list(question, wanted, replied, ferry):
    assert FOLLOW_UPS.complete(question, [replied], ferry).text == wanted


def test_a_long_question_with_such_a_word_is_about_the_page(replied, ferry):
    question = "Is there anybody who was there when the niece was christened?"
    assert FOLLOW_UPS.complete(question, [replied], ferry).text == question


def test_the_other_one_is_asked_what_the_first_was_asked(replied, ferry):
    first = FOLLOW_UPS.complete("what did the niece say?", [replied], ferry)
    turn = make_turn(ferry, first.text, "It was promised twice.", ("c1.1",), thread=True)
    done = FOLLOW_UPS.complete("and the other one?", [replied, turn], ferry)
    assert done.text == "what did Pastor Enok say?"


def test_the_article_and_nicknames_tell_a_gender(ferry):
    names = Names(ferry)
    assert names.gender(["marrane"]) == "f"  # "she", though no list knows the given name
    assert names.gender(["quist"]) == "m"
    assert names.gender(name_parts("BlueHeronMom")) == "f"
    assert names.gender(name_parts("muskrat_mike")) == "m"
    assert names.gender(name_parts("oldskipper")) == ""


def test_she_is_whom_the_article_calls_so(ferry):
    turn = make_turn(ferry, "What do Marrane and Quist think of it?", "a bridge", ("p2", "p3"))
    she = FOLLOW_UPS.complete("how long has she sailed?", [turn], ferry)
    he = FOLLOW_UPS.complete("what would he rather have?", [turn], ferry)
    assert "Ulvhild Marrane" in she.text
    assert "Tarvo Quist" in he.text


@pytest.mark.parametrize(
    ("question", "on_content"),
    [
        ("has she got figures?", True),
        ("is he going to?", True),
        ("and many others?", True),
        ("do I have to bring anything?", True),
        ("who replied to her?", False),
        ("what did she say?", False),
        ("Who commented most?", False),
        ("Which commenters disagree?", False),
    ],
)
def test_a_conversation_about_the_page_stays_there_unless_the_thread_is_named(
    question, on_content, ferry
):
    turn = make_turn(ferry, "Who has sailed it since 1999?", "Ulvhild Marrane", ("p2",))
    assert FOLLOW_UPS.complete(question, [turn], ferry).on_content is on_content


def test_after_an_answer_about_the_thread_nothing_is_kept_from_it(replied, ferry):
    assert not FOLLOW_UPS.complete("is he going to?", [replied], ferry).on_content


def test_what_was_found_but_not_cited_is_near_too(ferry):
    turn = make_turn(ferry, "When does it stop?", "", ())
    declined = replace(turn.answer, abstained=True, citations=(), evidence=("p3", "c2", "c1"))
    near = vicinity([Turn(turn.question, declined)], ferry)
    assert set(near) == {"p3", "c2"}
    assert max(near.values()) < 1.0


def test_two_words_behind_an_answer_about_replies_and_quotations(ferry):
    counted = make_turn(
        ferry, "How many comments did oldskipper leave?", "2", ("c1", "c2.1"), thread=True
    )
    assert FOLLOW_UPS.complete("who to?", [counted], ferry).text == (
        "to whom did oldskipper reply?"
    )


def test_one_person_is_no_they(ferry):
    turn = make_turn(ferry, "What does BlueHeronMom say?", "My kids", ("c2",), thread=True)
    question = "What fare do they charge in Bergen?"
    assert FOLLOW_UPS.complete(question, [turn], ferry).text == question


def test_they_who_told_somebody_are_others(ferry):
    wrote = make_turn(ferry, "What does oldskipper want?", "a bridge", ("c1",), thread=True)
    turn = Turn(wrote.question, replace(wrote.answer, route="thread:said"))
    completed = FOLLOW_UPS.complete("what did they tell him?", [turn], ferry)
    assert completed.text == "what did people tell oldskipper?"
