"""Places in the tree: neighbours, levels, chains and coming back, over a tree written out here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from askbot.discussion import Page
from askbot.sources.builder import PageBuilder

from .conftest import assert_computed, post

Ask = Callable[[str, Page], Any]


@pytest.fixture(scope="module")
def page() -> Page:
    builder = PageBuilder(slug="ferry", origin="test", format="html")
    builder.paragraph(
        "The ferry at Low Quay stops in May, said Olive Tarrant of the harbour board."
    )
    deep = post("Gil", "Rust.", replies=[post("Hana", "Whose?", replies=[post("Gil", "Ours.")])])
    wide = tuple(post(name, "Same here.") for name in ("Ivo", "Hana", "Jun", "Kit"))
    builder.posts(
        [
            post("Hana", "Shame.", replies=[deep]),
            post("Lev", "I will miss it."),
            post("Mona", "Good riddance, it was late again.", replies=wide),
            post("Lev", "So was the bus."),
            post("Jun", "I asked Olive Tarrant; she would not say."),
        ]
    )
    return builder.build(title="Ferry")


@pytest.fixture(scope="module")
def flat() -> Page:
    builder = PageBuilder(slug="flat", origin="test", format="html")
    builder.paragraph("The mill is for sale.")
    builder.posts(
        [post("Lev", "How much?", replies=[post("Mona", "Too much.")]), post("Kit", "Mine.")]
    )
    return builder.build(title="Mill")


CASES = [
    ("Who wrote right after Mona?", "c3.1", "Ivo"),
    ("Who commented immediately before Mona?", "c2", "Lev"),
    ("Which top-level comment comes directly after Mona's?", "c4", "Lev"),
    ("What stands right before Lev's second comment?", "c3.4", "Kit"),
    ("Which comment precedes comment 2?", "c1.1.1.1", "Gil"),
    ("What follows Jun's last comment?", "c5", "it is the last comment"),
    ("Whom did Mona post right after?", "c2", "Lev"),
    ("Who wrote directly after Lev?", "c3 c5", "Mona|Jun"),
    ("Who is the fourth top-level commenter?", "c4", "Lev"),
    ("Who wrote the last top-level comment?", "c5", "Jun"),
    ("Is there any reply to a reply?", "c1.1.1 c1.1.1.1", "answering #1.1 by Gil"),
    ("Which comments are nested three levels deep?", "c1.1.1.1", "Gil"),
    ("Who only wrote replies?", "c1.1 c1.1.1.1 c3.1 c3.4", "3 people|Gil, Ivo and Kit"),
    ("Who only posted top-level comments?", "c2 c3 c4", "Lev and Mona"),
    ("Which top-level comments got a reply?", "c1 c3", "2 of 5 top-level"),
    ("Which top-level comments got no reply?", "c2 c4 c5", "3 of 5 top-level"),
    (
        "How many replies are there, not counting top-level comments?",
        "c1.1 c1.1.1 c1.1.1.1 c3.1 c3.2 c3.3 c3.4",
        "7",
    ),
    ("What is the longest chain of replies?", "c1 c1.1 c1.1.1 c1.1.1.1", "3 replies"),
    ("What is the longest thread?", "c3 c3.1 c3.2 c3.3 c3.4", "Mona"),
    ("Does Lev comment again later?", "c4", "Yes, Lev"),
    ("Did Mona come back a second time?", "c3", "No, Mona wrote only one comment"),
    ("Who got an answer from Gil?", "c1.1 c1.1.1.1", "Gil replied to Hana"),
]


@pytest.mark.parametrize(("question", "cited", "said"), CASES)
def test_computed(question: str, cited: str, said: str, page: Page, ask: Ask) -> None:
    assert_computed(ask, question, page, cited, said)


def test_no_reply_to_a_reply_is_said_plainly(flat: Page, ask: Ask) -> None:
    _, checked = ask("Is there a reply to a reply?", flat)
    assert "No comment is a reply to a reply" in checked.text


def test_every_chain_of_the_same_length_is_cited(ask: Ask) -> None:
    builder = PageBuilder(slug="twins", origin="test", format="html")
    builder.paragraph("Two trees fell.")
    builder.posts([post(n, "Mine.", replies=[post("Kit", "And mine.")]) for n in ("Lev", "Mona")])
    _, checked = ask("Which chain of replies is the longest?", builder.build())
    assert {c.id for c in checked.citations} == {"c1", "c1.1", "c2", "c2.1"}


@pytest.mark.parametrize(
    "question",
    ["Does anybody agree with Olive Tarrant?", "Did any reader reply to Olive Tarrant?"],
)
def test_somebody_of_the_article_is_left_to_retrieval(question: str, page: Page, ask: Ask) -> None:
    assert ask(question, page) is None


def test_somebody_of_the_article_who_did_not_comment(page: Page, ask: Ask) -> None:
    _, checked = ask("Did Olive Tarrant comment?", page)
    assert "Nobody called Olive Tarrant commented here." in checked.text


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote The Tempest?",
        "At what hour does the comment section close?",
        "Do comments have to be approved by a moderator?",
        "How many comments did the harbour board receive?",
        "How many people told the survey they had no preference?",
    ],
)
def test_content_questions_beside_them(question: str, page: Page, ask: Ask) -> None:
    assert ask(question, page) is None
