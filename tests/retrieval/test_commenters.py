"""Commenters looked for by what they say: a search among comments, and those that stand out."""

from __future__ import annotations

import pytest

from askbot.bot import Bot
from askbot.discussion import Page
from askbot.index.bundled import ingest_pages
from askbot.retrieval.speakers import seeks_commenter, speakers_in
from askbot.settings import Settings
from askbot.sources import plaintext

ORCHARD = """The old orchard behind the mill will be cut down in March, the parish said on Monday.
Forty trees are rotten at the core, and a bough came down on the path in August.

The mill's owner, Edda Rask, said she would plant lindens. A beekeeper, who was not named, told the
meeting that his hives depend on the blossom.

Comments (5)

  1. treehugger says:

    My grandfather grafted those pears in 1931. I could weep.

  2. Lone Wolf says:

    I keep six hives over there and nobody asked me.

    1. Birgit says:

      Six hives! That is half the honey at the market.

  3. pathwalker says:

    Good riddance. That bough missed my pram by a yard.

  4. anon says:

    lindens are lovely
"""


@pytest.fixture
def bot(settings: Settings) -> Bot:
    ingest_pages([plaintext.read(ORCHARD, slug="orchard", origin="test")], settings)
    return Bot.open(settings)


@pytest.mark.parametrize(
    ("question", "cited", "author"),
    [
        ("which commenter keeps bees?", {"c2"}, "Lone Wolf"),
        ("did any reader have a near miss with the bough?", {"c3"}, "pathwalker"),
        ("is there a commenter whose family planted the trees?", {"c1"}, "treehugger"),
    ],
)
def test_a_commenter_is_found_by_what_they_say(
    bot: Bot, question: str, cited: set[str], author: str
) -> None:
    answer = bot.ask(question, page="orchard")
    assert {c.id for c in answer.citations} == cited
    assert answer.short_answer == author
    assert not answer.abstained
    assert not answer.rejected_citations


def test_nobody_stands_out(bot: Bot) -> None:
    answer = bot.ask("which commenter plays the trombone?", page="orchard")
    assert answer.abstained
    assert all(i.startswith("c") for i in answer.evidence)


def test_only_comments_are_searched_for_what_commenters_say(bot: Bot) -> None:
    evidence = bot.ask("does anybody down there know the mill's owner?", page="orchard").evidence
    assert evidence
    assert all(i.startswith("c") for i in evidence)
    assert bot.ask("who will plant lindens?", page="orchard").evidence[0].startswith("p")


@pytest.mark.parametrize(
    ("question", "seeks"),
    [
        ("which commenter lost a hive", True),
        ("do any of the posters say they teach", True),
        ("Who in the thread questions the survey?", True),
        ("who says they were there", True),
        ("who planted the trees", False),
        ("which tree fell", False),
        ("did anyone answer treehugger", False),
        ("any news about the mill?", False),
    ],
)
def test_what_looks_for_a_commenter(question: str, seeks: bool) -> None:
    assert seeks_commenter(question) is seeks


@pytest.mark.parametrize(
    ("paragraph", "comments"),
    [("The path is closed.", True), ("The board took comments from nine neighbours.", False)],
)
def test_an_article_that_speaks_of_comments_is_searched_too(paragraph: str, comments: bool) -> None:
    page: Page = plaintext.read(
        f"{paragraph}\n\nComments (1)\n\n  1. ann says:\n\n    Fine by me.\n",
        slug="path",
        origin="test",
    )
    assert speakers_in("what was said in the comments?", [page]).comments is comments
