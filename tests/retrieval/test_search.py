"""What a question finds, and in what order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from askbot.bot import Bot
from askbot.embedding import DEFAULT_MODEL
from askbot.errors import EncoderError
from askbot.index.bundled import ingest_pages
from askbot.retrieval import ranking
from askbot.retrieval.search import search
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


def test_one_sentence_of_a_long_paragraph_finds_it(settings: Settings) -> None:
    filler = [
        f"The {thing} was painted {colour} and everybody on the committee liked it."
        for thing, colour in (("gate", "green"), ("bench", "blue"), ("pump", "red"))
    ]
    told = "The widow Agnes Tull left the field to the parish in her will."
    texts = [" ".join([*filler, told, *filler]), *filler, "Agnes comes by on Sundays."]
    text = "Notes of the parish\n\n" + "\n\n".join(texts)
    ingest_pages([plaintext.read(text, slug="parish", origin="parish")], settings)
    bot = Bot.open(settings)
    (first, *_) = bot.search("From whom did the village inherit its land?", page="parish")
    assert (first.evidence.local_id, first.nearest > first.dense) == ("p2", True)
    start = first.text.index(told)
    scores = [first.score_at(start, start + 9), first.score_at(0, 9)]
    assert scores == pytest.approx([first.score, scores[1]])
    assert scores[0] > scores[1]


def test_the_scores_that_are_shown_are_those_it_was_ranked_by(bot: Bot) -> None:
    hits = bot.search("When does the ferry stop?", page="town")
    weights = ranking.ranking_for(DEFAULT_MODEL)
    for hit in hits:
        fused = (
            weights.passage * hit.dense
            + weights.sentence * hit.nearest
            + weights.lexical * hit.lexical
            + weights.article * (hit.evidence.kind == "paragraph")
            + weights.length * np.log(len(hit.text)) / np.log(1000)
        )
        assert hit.score == pytest.approx(fused, abs=1e-5)
        assert max(hit.sentences) == pytest.approx(hit.score, abs=1e-5)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_the_projection_keeps_a_question_near_itself_and_of_length_one(bot: Bot) -> None:
    learned = ranking.ranking_for(DEFAULT_MODEL)
    assert learned.passage + learned.sentence + learned.lexical == pytest.approx(1)
    (vector,) = bot.encode(["When does the ferry stop?"])
    moved = learned.project(vector)
    assert float(np.linalg.norm(moved)) == pytest.approx(1, abs=1e-5)
    assert 0.5 < float(moved @ vector) < 1


def test_another_embedding_model_is_ranked_by_plain_weights() -> None:
    other = ranking.ranking_for("/models/other")
    vector = np.array([0.6, 0.8], np.float32)
    assert other.projection is None
    assert other.project(vector) is vector


def test_damaged_weights_are_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ranking.FILE).write_bytes(b"no archive")
    monkeypatch.setattr(ranking.resources, "files", lambda _: tmp_path)
    ranking._learned.cache_clear()
    try:
        with pytest.raises(EncoderError, match="install askbot again"):
            ranking.ranking_for(DEFAULT_MODEL)
    finally:
        ranking._learned.cache_clear()


def test_passages_beyond_those_sifted_are_still_in_order(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = __import__("askbot.retrieval.search", fromlist=["SIFTED"])
    monkeypatch.setattr(module, "SIFTED", 2)
    question = "When does the ferry stop?"
    (vector,) = bot.encode([question])
    hits = search(question, vector, bot.store.tables, bot.store.page, k=8, slug="town")
    assert len({h.evidence.local_id for h in hits}) == 8
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert sum(h.nearest != h.dense for h in hits) <= 2
