"""Where the conversation is on the page, and whom a pronoun means after a list of people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from askbot.conversation.followups import FollowUps
from askbot.conversation.turns import Turn
from askbot.conversation.vicinity import leans, vicinity

from .conftest import make_turn

FOLLOW_UPS = FollowUps()


def routed(turn: Turn, route: str) -> Turn:
    return Turn(turn.question, replace(turn.answer, route=route))


def test_the_cited_passage_comes_before_what_stands_beside_it_and_before_older_turns(mill):
    first = make_turn(mill, "Who signed in 2019?", "signed", ("c2",))
    last = make_turn(mill, "What will the roof cost?", "310,000", ("p2",))
    near = vicinity([first, last], mill)
    assert set(near) == {"p1", "p2", "p3", "c2"}
    assert near["p2"] == 1.0
    assert near["p1"] == near["p3"] < near["p2"]
    assert 0 < near["c2"] < near["p2"]


def test_replies_and_the_comment_replied_to_stand_beside_a_comment(mill):
    turn = make_turn(mill, "Who asks about the roof?", "roof", ("c1.1",))
    assert set(vicinity([turn], mill)) == {"c1", "c1.1", "c1.1.1"}


def test_a_count_of_all_comments_is_nowhere_in_particular(mill):
    every = tuple(c.id for c in mill.comments)
    assert len(every) > 6
    assert vicinity([make_turn(mill, "How many comments?", "", every, thread=True)], mill) == {}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("And what happens afterwards?", True),
        ("Who made that claim?", True),
        ("Which are the cheap ones?", True),
        ("What will the repair of the roof cost?", False),
        ("Who says that the roof leaks?", False),
    ],
)
def test_some_questions_sound_like_the_next_in_a_conversation(question, expected):
    assert leans(question) is expected


def test_the_text_of_a_leaning_question_stays_but_it_is_looked_for_nearby(mill):
    turn = make_turn(mill, "What will the roof cost?", "310,000", ("p2",))
    done = FOLLOW_UPS.complete("Who made that claim?", [turn], mill)
    assert (done.text, done.changed) == ("Who made that claim?", False)
    assert done.near["p2"] == 1.0
    alone = FOLLOW_UPS.complete("Who owns the bakery next door?", [turn], mill)
    assert not alone.near


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("what did he say?", "what did flourpower say?"),
        ("and what did she answer?", "and what did bookworm answer?"),
    ],
)
def test_after_who_replied_to_her_the_speaker_is_the_other_one(mill, question, wanted):
    turn = make_turn(mill, "Who replied to bookworm?", "flourpower", ("c1.1",), thread=True)
    done = FOLLOW_UPS.complete(question, [routed(turn, "thread:replies-to")], mill)
    assert done.text == wanted


@pytest.mark.parametrize(("which", "who"), [("second", "Sandra P."), ("last", "Sandra P.")])
def test_the_second_of_listed_people_is_a_person(mill, which, who):
    ids = ("c1", "c1.1.1", "c2", "c3.1")
    turn = make_turn(mill, "Who commented more than once?", "", ids, thread=True)
    turn = routed(turn, "thread:repeat")
    done = FOLLOW_UPS.complete(f"What did the {which} one say?", [turn], mill)
    assert done.text == f"What did {who} say?"


def test_how_many_are_there_goes_back_to_the_question_before(mill):
    turn = make_turn(mill, "What happens to the signatures?", "signatures", ("p4",))
    done = FOLLOW_UPS.complete("How many are there?", [turn], mill)
    assert done.changed
    assert "signatures" in done.text
