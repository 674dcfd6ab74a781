"""Ways of asking that an embedding hardly tells apart: handles, exact words, places, opinions."""

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
    builder.paragraph("The ferry to Lunn stops in March, said Agnes Moberg of the county.")
    builder.paragraph("Only 3,140 people took it last winter, at a loss of 88 crowns each.")
    builder.paragraph("A bus over the new bridge takes 50 minutes.")
    builder.posts(
        [
            post(
                "gullwatch",
                "I counted 17 cars on board in January.",
                "The timetable is on page 31 of the plan, and nobody reads plans.",
                replies=(
                    post("Ida Holm", "So who else pays?", replies=(post("gullwatch", "We do."),)),
                    post("sm_trawler", "My nephews rowed it for a bet."),
                ),
            ),
            post("Ida Holm", "88 crowns is a cinema ticket. Moberg should pay it herself."),
            post("nils.r", "The bridge sways. I saw a nephew of mine turn green on it, 31 times."),
            post("no words here"),
            post("sm_trawler", "Island children will need lodgings in town for school."),
        ]
    )
    return builder.build(title="Ferry", claimed=7)


@pytest.mark.parametrize(
    ("question", "cited", "said"),
    [
        # an exchange has in it what began it, wherever it is said to stand
        ("show the exchange under comment 1", "c1 c1.1 c1.1.1 c1.2", "started by #1"),
        ("what replies stand below comment 1?", "c1.1 c1.1.1 c1.2", "below #1"),
        ("whom did Ida Holm answer?", "c1 c1.1", "gullwatch"),
        ("who did Ida Holm answer?", "c1 c1.1", "gullwatch"),
        ("who wrote back to Ida Holm anywhere?", "c1.1.1", "gullwatch"),
        ("how many answers did Ida Holm's reply to gullwatch get?", "c1.1.1", "1 reply"),
        # the word as it is asked for, whatever it ends in, and else any form of it
        ("which comments use the word nephew?", "c1.2 c3", "nephew"),
        ("where does the word nephews occur in the comments?", "c1.2", "nephews"),
        ("which comments mention nephews?", "c1.2 c3", "2 comments"),
        ("comments in which nephews turn up?", "c1.2 c3", "2 comments"),
        ("does any comment mention page 31?", "c1", "1 comment"),
        # the paragraph that a comment speaks of without quoting it
        ("which paragraph does Ida Holm's 88 crowns come from?", "c2 p2", "paragraph 2: 88"),
        # opinions, however little the comments share with the question
        ("reactions to the bridge?", "c3", "1 comment"),
        ("what are people saying about where the kids will live?", "c5", "lodgings"),
        ("what do commenters have to say about Moberg?", "c2", "pay it herself"),
    ],
)
def test_asking(question: str, cited: str, said: str, page: Page, ask: Ask) -> None:
    assert_computed(ask, question, page, cited, said)


@pytest.mark.parametrize(
    ("question", "name"),
    [("what was dr_pike's comment?", "dr_pike"), ("show me what user eel77 posted", "eel77")],
)
def test_a_handle_that_nobody_has(question: str, name: str, page: Page, ask: Ask) -> None:
    reply, checked = ask(question, page)
    assert reply.draft.abstained
    assert f"Nobody called {name} commented here" in checked.text


@pytest.mark.parametrize(
    "question",
    [
        "Who answered Moberg's critics?",
        "What did Moberg point out?",
        "What did people say about the ferry at the hearing?",
    ],
)
def test_people_of_the_article_are_no_commenters(question: str, page: Page, ask: Ask) -> None:
    assert ask(question, page) is None


def test_a_slip_in_a_word_of_asking(page: Page, ask: Ask) -> None:
    reply, _ = ask("how many seperate commenters, not comments?", page)
    assert reply.draft.short_answer == "5"
