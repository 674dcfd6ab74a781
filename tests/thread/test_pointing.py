"""People and comments pointed to without their name or number, and comments sought by a topic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from askbot.discussion import Page
from askbot.sources.builder import PageBuilder
from askbot.thread.roles import surname_of
from askbot.thread.slots import corrected
from askbot.thread.tables import tables_of

from .conftest import assert_computed, post

Ask = Callable[[str, Page], Any]


@pytest.fixture(scope="module")
def page() -> Page:
    builder = PageBuilder(slug="pool", origin="test", format="html")
    builder.paragraph(
        "The outdoor pool in Lenham will open three weeks late. Superintendent Odile Marsh said "
        "that a pump had cracked, and that 41,000 euros had been set aside for tiles."
    )
    builder.paragraph("At the hearing nine people spoke, and Senator Brandt asked for a refund.")
    builder.paragraph("Two other swimming chains in the county have raised their prices.")
    builder.posts(
        [
            post(
                "Swimming Sid",
                "Somebody left the goose gate open again.",
                replies=(
                    post(
                        "ketteringdad",
                        "Agree 100%. Geese everywhere.",
                        replies=(
                            post("Swimming Sid", "And in the showers!"),
                            post("Old Fireman", "We pumped it out twice."),
                        ),
                    ),
                    post("Lou", "Wrong gate, Sid."),
                ),
            ),
            post("Lou", "The 41,000 would buy a lot of towels.", replies=(post("Pia", "Amen."),)),
            post("Pia", "Kudos to Mrs. Marsh for saying so."),
            post("Swimming Sid", "My season ticket was 60 euros."),
            post("Sid Vane", "Brandt has it right."),
        ]
    )
    return builder.build(title="Pool")


CASES = [
    # a comment by what it is about
    ("who replied to the comment about the goose gate?", "c1.1 c1.2", "ketteringdad|Lou"),
    ("Who answered Sid's season ticket post?", "c4", "nobody replied to #4"),
    ("how many answers did Lou's comment about towels get", "c2.1", "1 reply to #2 by Lou"),
    # a comment by its words, and the way to it
    ("walk me through the exchange that ends in 'we pumped it out twice'", "c1 c1.1 c1.1.2", ""),
    ("what was said leading up to “And in the showers!”", "c1 c1.1 c1.1.1", "3 comments lead to"),
    ('Who is Lou talking to in "wrong gate, Sid"?', "c1 c1.2", "replies to #1 by Swimming Sid"),
    ("trace the replies from the top down to c1.1.2", "c1 c1.1 c1.1.2", "3 comments lead to"),
    ("what did c1.1 set off?", "c1.1.1 c1.1.2", "2 comments below"),
    ("whom does Swimming Sid answer when he says the showers?", "c1.1 c1.1.1", ""),
    # a thread by what it is about
    ("show me the whole goose argument", "c1 c1.1 c1.1.1 c1.1.2 c1.2", "5 comments"),
    ("what's the entire discussion about the goose gate?", "c1 c1.1 c1.1.1 c1.1.2 c1.2", ""),
    # levels
    ("Which replies got a reply themselves?", "c1.1", "1 of 5 comments got a reply"),
    ("which of the main comments were left hanging with no reply?", "c3 c4 c5", "got no reply"),
    ("where do the replies go three levels deep?", "c1.1.1 c1.1.2", "2 replies to replies"),
    ("how many of the comments are replies and not new ones?", "c1.1 c1.1.1 c1.1.2 c1.2 c2.1", ""),
    # whom somebody answers is shown with the answer
    ("Who's Old Fireman talking to?", "c1.1 c1.1.2", "ketteringdad"),
    ("did ketteringdad reply to anyone, and to whom?", "c1 c1.1", "Swimming Sid"),
    ("did ketteringdad reply to anyone?", "c1.1", "Swimming Sid"),
    # who is not meant
    ("what did Sid (not Sid Vane) write?", "c1 c1.1.1 c4", "Swimming Sid wrote 3 comments"),
    # a name that comes up
    ("does Brandt's name come up in the comments?", "c5", "mentions “Brandt”"),
    ("any talk of towels among the commenters?", "c2", "mentions “towels”"),
    ("who repeats the 41 thousand figure?", "c2", "41,000"),
    # somebody by what the name says
    ("what did the swimming guy say?", "c1 c1.1.1 c4", "Swimming Sid wrote 3 comments"),
    ("what did the dad from kettering write", "c1.1", "Geese everywhere"),
    ("what's the fireman saying?", "c1.1.2", "We pumped it out"),
    # of two people of one name the one that the other talks with
    ("What did ketteringdad say to Sid?", "c1.1", "Agree 100%"),
    # who speaks of something
    ("Who talks about towels?", "c2", "1 comment mentions “towels”, by Lou"),
    ("does anyone mention the 41 thousand?", "c2", "41,000"),
    ("which commenter talks about Senator Brandt?", "c5", "mentions “Brandt”"),
    ("is there a comment on showers?", "c1.1.1", "Swimming Sid"),
    ("is anybody praising Marsh in the comments?", "c3", "Kudos to Mrs. Marsh for saying so."),
    # slips in the words of asking
    ("who anwsered ketteringdad", "c1.1.1 c1.1.2", "Swimming Sid|Old Fireman"),
    # how far down
    ("how deep does the nesting go?", "c1.1.1 c1.1.2", "2 below a top-level comment"),
    ("how many levels down do the replies go?", "c1.1.1 c1.1.2", "2 below"),
    # what hangs on a comment, with it and without
    ("show the whole conversation that Lou started", "c2 c2.1", "started by Lou"),
    ("what stands below comment 2?", "c2.1", "1 comment below #2"),
    ("how many direct replies did comment 1 get?", "c1.1 c1.2", "2 replies"),
    ("how many replies are under comment 1, all levels?", "c1.1 c1.1.1 c1.1.2 c1.2", "4 comments"),
    ("show the chain that leads to comment 1.1.2", "c1 c1.1 c1.1.2", "3 comments lead to"),
    # whom, and what was answered
    ("who is Pia replying to?", "c2 c2.1", "Pia replied to Lou"),
    ("what did people tell Lou?", "c2.1", "Pia replied to Lou"),
    # agreement is what a reply opens with
    ("who agreed with Swimming Sid?", "c1.1", "opening in agreement"),
]


@pytest.mark.parametrize(("question", "cited", "said"), CASES)
def test_pointing(question: str, cited: str, said: str, page: Page, ask: Ask) -> None:
    assert_computed(ask, question, page, cited, said)


@pytest.mark.parametrize(
    "question",
    [
        "who mentioned tiles?",
        "who asked for a refund?",
        "how many people spoke?",
        "which pump opens first",
        "who came up with the refund?",
        "Who raised the money for tiles?",
        "what is the point of the refund?",
        "which other chains raised prices?",
        "are they doing anything to honor him?",
    ],
)
def test_what_the_article_is_asked_stays_with_it(question: str, page: Page, ask: Ask) -> None:
    assert ask(question, page) is None


def test_an_office_is_its_holder(page: Page) -> None:
    tables = tables_of(page)
    assert surname_of("the superintendent", tables) == "Marsh"
    assert surname_of("superintendent of pools", tables) is None
    assert surname_of("pump", tables) is None


def test_slips_are_corrected_only_where_the_page_has_no_such_word(page: Page) -> None:
    assert corrected("who respnded to Lou", page) == "who responded to Lou"
    assert corrected("who relied on Lou", page) == "who relied on Lou"
    assert corrected("who commended Lou", page) == "who commended Lou"
