"""From a question to a checked answer, with every real part."""

from __future__ import annotations

import pytest

from askbot.answers import Answer
from askbot.bot import Bot
from askbot.conversation.turns import Turn
from askbot.errors import UsageError


def ask(bot: Bot, question: str, *before: Answer) -> Answer:
    turns = [Turn(answer.question, answer) for answer in before]
    answer = bot.ask(question, page="town", turns=turns)
    assert bot.verify(answer) == []
    assert answer.rejected_citations == ()
    return answer


@pytest.mark.parametrize(
    ("question", "cited", "words"),
    [
        ("How many passengers did oldsalt count last Tuesday?", "c1", "31"),
        ("How often does the bus run?", "p4", "12 times"),
        ("Who is the harbour master?", "p3", "Ruth Bell"),
        ("How long does the bus take according to Tim O'Dea?", "c2", "50 minutes"),
    ],
)
def test_a_content_question(bot: Bot, question: str, cited: str, words: str) -> None:
    answer = ask(bot, question)
    assert not answer.abstained
    assert answer.route == "content"
    assert cited in [c.id for c in answer.citations]
    assert words in answer.answer
    assert f"[{cited}]" in answer.answer


def test_every_sentence_of_an_offline_answer_is_a_cited_quote(bot: Bot) -> None:
    answer = ask(bot, "What will replace the ferry?")
    quotes = {c.quote for c in answer.citations}
    assert {s.text for s in answer.statements} == quotes
    assert all(s.state == "supported" for s in answer.statements)
    assert answer.short_answer is not None
    assert any(answer.short_answer in quote for quote in quotes)


def test_what_the_page_does_not_say_is_declined(bot: Bot) -> None:
    answer = ask(bot, "What is the capital of France?")
    assert answer.abstained
    assert answer.citations == ()
    assert answer.answer.startswith("The page does not say.")


def test_the_thread_is_computed(bot: Bot) -> None:
    answer = ask(bot, "How many comments are there?")
    assert answer.engine == "computed"
    assert [c.id for c in answer.citations] == ["c1", "c1.1", "c1.1.1", "c2", "c3", "c4"]
    assert "6" in answer.answer


def test_a_follow_up_is_completed_and_says_so(bot: Bot) -> None:
    first = ask(bot, "Who is the harbour master?")
    second = ask(bot, "What did she say?", first)
    assert "Ruth Bell" in second.searched_for
    assert second.question == "What did she say?"
    assert {c.id for c in second.citations} & {"p3", "c1.1"}


def test_a_standalone_question_is_searched_as_it_is(bot: Bot) -> None:
    first = ask(bot, "Who is the harbour master?")
    second = ask(bot, "How often does the bus run?", first)
    assert second.searched_for == "How often does the bus run?"


def test_an_empty_question_is_refused(bot: Bot) -> None:
    with pytest.raises(UsageError, match="empty"):
        bot.ask("  \n")


def test_answers_are_the_same_each_time(bot: Bot) -> None:
    first, second = (ask(bot, "When does the ferry close?") for _ in range(2))
    assert (first.answer, first.citations, first.confidence) == (
        second.answer,
        second.citations,
        second.confidence,
    )
