"""Which commenters a question names."""

from __future__ import annotations

import pytest

from askbot.discussion import Comment, Page
from askbot.sources import plaintext
from askbot.thread import find_names

AUTHORS = (
    "mark", "come on", "jack1", "Ellen", "David P. Mercer", "rita g king", "Joe", "cynic",
    "driver_0417", "Ann Lee", "Ann Dow", "Nell at the mill", "Scooby", "Brigadier B.",
    "Prof. Ines T.", "Dr. Ott", "Dr. Hahn",
)  # fmt: skip
PAGE = Page("t", "", "", (), tuple(Comment(f"c{n}", a) for n, a in enumerate(AUTHORS, start=1)))


@pytest.mark.parametrize(
    ("question", "authors"),
    [
        ("who replied to mark?", ["mark"]),
        ("WHAT DID MARK SAY", ["mark"]),
        ("mark's last comment", ["mark"]),
        ("what did come on say?", ["come on"]),
        ("comments by jack 1", ["jack1"]),
        ("did Elen write anything", ["Ellen"]),
        ("what does scoobie say", ["Scooby"]),
        ("What does Mercer think?", ["David P. Mercer"]),
        ("what did David Mercer say", ["David P. Mercer"]),
        ("anything from King?", ["rita g king"]),
        ("Do cynic and mark talk?", ["cynic", "mark"]),
        ("what did driver 0417 say", ["driver_0417"]),
        ("Does the Brigadier agree?", ["Brigadier B."]),
        ("What would Nell give?", ["Nell at the mill"]),
        ("did the professor get a reply?", ["Prof. Ines T."]),
    ],
)
def test_named(question: str, authors: list[str]) -> None:
    assert [m.authors for m in find_names(question, PAGE)] == [(a,) for a in authors]


@pytest.mark.parametrize(
    "question",
    [
        "how come on earth did this happen",
        "a question mark",
        "mark my words",
        "Did Martin Luther King say that?",
        "Who is Mark Zuckerberg?",
        "what does the average joe pay",
        "says its driver",
        "who answered Mary?",
        "which king ruled then",
    ],
)
def test_not_named(question: str) -> None:
    assert find_names(question, PAGE) == ()


def test_places_are_those_of_the_question() -> None:
    question = "Did Ellen's reply reach driver_0417?"
    found = find_names(question, PAGE)
    assert [question[m.start : m.end] for m in found] == ["Ellen", "driver_0417"]


def test_a_title_of_several_people_names_none() -> None:
    assert find_names("what did the doctor say?", PAGE) == ()
    assert find_names("a professor replied", PAGE) == ()


def test_a_partial_name_of_several_people_keeps_them_all() -> None:
    (match,) = find_names("what did Ann say?", PAGE)
    assert match.ambiguous
    assert match.authors == ("Ann Lee", "Ann Dow")


def test_a_name_before_a_comma_is_whom_the_question_is_about() -> None:
    assert [m.authors for m in find_names("Scooby, who answered her?", PAGE)] == [("Scooby",)]


def test_a_doubled_letter_in_the_wrong_place_is_a_slip() -> None:
    page = Page("t", "", "", (), (Comment("c1", "Odessa T."),))
    assert [m.authors for m in find_names("what did Oddesa T write", page)] == [("Odessa T.",)]


def test_somebody_of_the_article_is_not_looked_for_inside_a_nickname() -> None:
    text = "Sarala Nair rows the boat.\n\nComments (1)\n\n  1. niece_of_nair says:\n\n     Hello.\n"
    page = plaintext.read(text, slug="t", origin="t.txt")
    assert find_names("What did Nair say?", page) == ()
    assert [m.authors for m in find_names("What did niece_of_nair say?", page)] == [
        ("niece_of_nair",)
    ]
