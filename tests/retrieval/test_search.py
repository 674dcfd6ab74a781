"""What a question finds, and in what order."""

from __future__ import annotations

import pytest

from askbot.bot import Bot
from askbot.index.bundled import ingest_pages
from askbot.retrieval.speakers import speakers_in
from askbot.settings import Settings
from askbot.sources import plaintext

REPEATED = """Comments (4)

  1. ann says:

    The fare should be 3 pounds.

  2. bob says:

    The fare should be 5 pounds.

    1. ann says:

      Nobody would pay that.

  3. Carol King says:

    ann is wrong about the fare.
"""


def found(bot: Bot, question: str, page: str = "town") -> list[str]:
    return list(dict.fromkeys(h.evidence.local_id for h in bot.search(question, page=page)))


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("How many passengers did oldsalt count?", "c1"),
        ("What does Tim O'Dea say about the bus?", "c2"),
        ("how often will the bus run", "p4"),
        ("When is the closing?", "p2"),
        ("Who agrees with the council?", "c4"),
    ],
)
def test_the_passage_that_answers_is_among_the_first_three(
    bot: Bot, question: str, best: str
) -> None:
    assert best in found(bot, question)[:3]


def test_a_number_of_the_question_counts(bot: Bot) -> None:
    assert found(bot, "what about 40000")[0] == "p3"


def test_what_a_commenter_said_is_searched_in_that_commenters_words(settings: Settings) -> None:
    ingest_pages([plaintext.read(REPEATED, slug="fares", origin="fares")], settings)
    bot = Bot.open(settings)
    assert set(found(bot, "What did ann say about the fare?", "fares")) == {"c1", "c2.1"}
    assert found(bot, "what does BOB think the fare should be", "fares") == ["c2"]
    assert "c3" in found(bot, "Who says that ann is wrong about the fare?", "fares")


def test_an_author_the_article_quotes_too_is_searched_everywhere(bot: Bot) -> None:
    ids = found(bot, "What did Ruth Bell say about the cost?")
    assert "p3" in ids
    assert "c1.1" in ids


@pytest.mark.parametrize(
    ("question", "authors", "only"),
    [
        ("What did ann say about the fare?", ("ann",), True),
        ("according to bob, what should it cost?", ("bob",), True),
        ("what is Carol King's view of it?", ("Carol King",), True),
        ("Why does bob get called names?", ("bob",), False),
        ("Does ann disagree with bob?", ("ann", "bob"), False),
        ("What does the fare cost?", (), False),
    ],
)
def test_who_is_named_and_whether_only_their_words_count(
    question: str, authors: tuple[str, ...], only: bool
) -> None:
    page = plaintext.read(REPEATED, slug="fares", origin="fares")
    speakers = speakers_in(question, [page])
    assert (speakers.authors, speakers.only) == (authors, only)


def test_empty_comments_are_never_found(bot: Bot) -> None:
    assert "c3" not in found(bot, "quiet one")


def test_the_langchain_retriever_gives_the_same_ranking(bot: Bot) -> None:
    question = "How often does the bus run?"
    documents = bot.retriever(page="town").invoke(question)
    hits = bot.search(question, page="town")
    assert [d.metadata["id"] for d in documents] == [h.evidence.id for h in hits]
    source = bot.page("town").source
    for document in documents:
        place = document.metadata
        assert document.page_content == source[place["start"] : place["end"]]
    scores = [d.metadata["score"] for d in documents]
    assert scores == sorted(scores, reverse=True)


def test_nearness_counts_on_the_page_where_the_conversation_is(bot: Bot) -> None:
    question = "What do people say about the ticket machine?"
    plain = {hit.evidence.id: hit.score for hit in bot.search(question, k=100)}
    other = next(name for name in plain if name.endswith(":p4") and not name.startswith("town:"))
    near = {
        hit.evidence.id: hit.score for hit in bot.search(question, k=100, near={"town:p4": 1.0})
    }
    assert near["town:p4"] > plain["town:p4"]
    assert near[other] == plain[other]
