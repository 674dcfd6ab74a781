"""Kinds of thread questions that an everyday wording asks for, over a page written out here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from askbot.discussion import Page
from askbot.sources.builder import PageBuilder
from askbot.thread.capitals import in_capitals
from askbot.thread.handles import by_part
from askbot.thread.spelling import close_names

from .conftest import assert_computed, post

Ask = Callable[[str, Page], Any]


@pytest.fixture(scope="module")
def page() -> Page:
    builder = PageBuilder(slug="ferry", origin="test", format="html")
    builder.paragraph("The Sunday ferry to Skarrow will stop in October.")
    builder.paragraph(
        "“We cannot run at a loss,” said the harbour master, Imogen Pryce. The first boat sailed "
        "in 1911. The council voted five to two, and 340 people had signed against it."
    )
    builder.posts(
        [
            post(
                "RiverRat_58",
                "The ferry should run on Sundays.",
                replies=(
                    post(
                        "Prof. Adeyemi",
                        "It did until 2003, with two boats.",
                        replies=(post("RiverRat_58", "Then bring it back."),),
                    ),
                    post("Noor", "And who is to pay for the crew?"),
                ),
            ),
            post("Noor", "STOP CLOSING THINGS. WE NEED the FERRY!!"),
            post("oldSalt", "first!"),
            post("pilgrim", replies=(post("Kit", "Your comment is empty, friend."),)),
            post(
                "Tess Wainwright",
                "I row across first thing and get wet.",
                replies=(post("oldSalt", "Then buy a towel."), post("Kit", "Lovely.")),
            ),
            post("Tess", "Another Tess here. LOL"),
        ]
    )
    return builder.build(title="Ferry")


CASES = [
    ("who's shouting in there?", "c2", "1 comment is in capitals, by Noor"),
    ("which comments are written in capital letters", "c2", "WE NEED"),
    ("Did anybody type in all caps?", "c2", "Noor"),
    ("is oldSalt writing in capitals", "c3 c5.1", "No, nothing by oldSalt"),
    (
        "take me through the exchange of RiverRat_58 with the professor",
        "c1 c1.1 c1.1.1",
        "3 comments between|starting with #1 by RiverRat_58",
    ),
    ("what did Noor and RiverRat_58 say to each other", "c1 c1.2", "starting with #1"),
    ("how did the exchange between Noor and Kit go?", "c1.2 c2 c4.1 c5.2", "do not reply to each"),
    ("did RiverRat_58 and Prof. Adeyemi argue?", "c1.1 c1.1.1", "Yes"),
    ("who answered RiverRat_58 about the crew?", "c1.2", "Noor replied"),
    ("did anybody answer RiverRat_58 about boats", "c1.1", "Prof. Adeyemi replied"),
    ("who answered RiverRat_58 about tunnels?", "c1.1 c1.2", "2 replies"),
    ('which commenter posted the word "first"', "c3", "just the words|oldSalt"),
    ('Who wrote "buy a towel"?', "c5.1", "oldSalt"),
    (
        "did Imogen Pryce leave a comment of her own?",
        "",
        "Nobody called Imogen Pryce commented here.",
    ),
    ("is imogen pryce in the comments", "", "Nobody called imogen pryce commented here."),
    ("does the harbour master turn up in the comments?", "", "goes by “the harbour master”"),
    ("did Noor comment?", "c1.2 c2", "Yes, Noor commented twice"),
    ("does kit appear in the comments", "c4.1 c5.2", "Yes, Kit"),
    (
        "are there top posts that nobody replied to, and which",
        "c2 c3 c6",
        "3 of 6 top-level comments",
    ),
    ("show me the longest exchange in these comments", "c1 c1.1 c1.1.1", "longest chain"),
    ("which post has the longest chain of answers below it", "c1 c1.1 c1.1.1 c1.2", "#1"),
    ("who answered riverrat?", "c1.1 c1.2", "2 replies to RiverRat_58"),
    ("what did salt say?", "c3 c5.1", "oldSalt wrote 2 comments"),
    ("what does pilgrim think?", "c4", "which is empty"),
    ("what did oldSalt tell Tess Wainwright?", "c5.1", "Then buy a towel."),
    ("what did Kit say to pilgrim", "c4.1", "friend."),
    ("What did Prof. Adeyemi write, and to whom was he replying?", "c1 c1.1", "In reply to:"),
    ("what did Tess say, not the one called Wainwright", "c6", "Another Tess"),
]


@pytest.mark.parametrize(("question", "cited", "said"), CASES)
def test_computed(question: str, cited: str, said: str, page: Page, ask: Ask) -> None:
    assert_computed(ask, question, page, cited, said)


@pytest.mark.parametrize(
    "question",
    [
        "who was not for it?",
        "who was for it",
        "who signed it",
        "who voted with the mayor?",
        "how many signed",
        "how many were against it",
        "how many people spoke for it",
        "who was clapped the longest",
        "who spoke first at the meeting",
        "who had the last word at the hearing",
        "how long did they speak",
        "how many people put their names to the petition",
        "was anybody shouting at the meeting?",
        'who said "run at a loss"?',
        "did Imogen Pryce comment on the vote?",
        "did the harbour master comment?",
        "was anyone from the council in the comments",
        "is somebody there being silly?",
        "walk me through the vote",
    ],
)
def test_what_the_page_says_is_left_to_retrieval(question: str, page: Page, ask: Ask) -> None:
    assert ask(question, page) is None


@pytest.mark.parametrize(
    ("text", "loud"),
    [("NOT ONE PENNY MORE", True), ("LOL", False), ("Not One Penny More", False), ("7.45", False)],
)
def test_capitals(text: str, loud: bool) -> None:
    assert in_capitals(text) is loud


@pytest.mark.parametrize(
    ("word", "whose"),
    [
        ("river", "RiverRat_58"),
        ("rat", "RiverRat_58"),
        ("salt", ""),
        ("oldsa", "oldSalt"),
        ("ri", ""),
    ],
)
def test_a_part_of_a_handle_names_one_commenter_only(word: str, whose: str) -> None:
    authors = ("RiverRat_58", "oldSalt", "salt.n.pepper")
    assert by_part(word, authors) == ((whose,) if whose else ())


@pytest.mark.parametrize(
    ("name", "close"),
    [("Rivver", ["RiverRat_58"]), ("Adeyemo", ["Prof. Adeyemi"]), ("Zed", []), ("Raman", [])],
)
def test_close_names_are_close(name: str, close: list[str]) -> None:
    authors = ("RiverRat_58", "Prof. Adeyemi", "anon", "Lead Foot Larry")
    assert close_names(name, authors) == close


def test_the_last_two(page: Page, ask: Ask) -> None:
    assert_computed(ask, "who were the last two to comment?", page, "c5.2 c6", "Tess")


def test_who_quoted_words_of_the_article(page: Page, ask: Ask) -> None:
    assert_computed(ask, 'who quoted "run at a loss"?', page, "", "No comment has the words")
