"""Questions about the discussion stay computed; follow-ups that the rules leave are the model's."""

from __future__ import annotations

from typing import Any

import pytest

from askbot.answerers import providers
from askbot.answerers.streaming import TextDelta
from askbot.conversation.turns import Turn

COUNT = "How many comments are there?"
BUS = "What will replace the ferry?"
GOOD = "The ferry will be replaced by a bus that runs 12 times a day. [p4]"


def test_a_count_is_computed_whatever_the_model_says(openai: Any, writing: Any, bot: Any) -> None:
    offline = bot.ask(COUNT, page="town")
    for said in ("There are 99 comments. [c1]", "NOTHING TO ADD", "6 of 9 people wrote. [c1, c4]"):
        openai.will(said)
        answer = writing(openai).ask(COUNT)
        assert answer.answer == offline.answer, said
        assert answer.short_answer == offline.short_answer
        assert answer.engine == "computed"
        assert answer.route == "thread:count"
    assert "99" not in str(answer.to_json())


def test_the_model_gets_the_result_as_evidence_and_may_add_to_it(
    openai: Any, writing: Any, bot: Any
) -> None:
    question = "Who replied to oldsalt?"
    offline = bot.ask(question, page="town")
    added = "Ruth Bell says the figure is from the winter timetable. [c1.1]"
    openai.will(added)
    *deltas, answer = writing(openai).stream(question)
    assert "Ruth Bell" in offline.answer
    assert answer.answer.startswith(offline.answer)
    assert answer.answer.endswith(added)
    assert answer.engine == "openai:scripted"
    assert all(s.state != "unsupported" for s in answer.statements)
    assert isinstance(deltas[0], TextDelta)
    assert deltas[0].text == offline.answer, "the result is on the screen before the model speaks"
    prompt = openai.prompt()
    assert "Computed result:\n| " in prompt
    assert "Never count" in prompt


def test_a_failing_model_leaves_the_result(openai: Any, writing: Any, step: Any, bot: Any) -> None:
    openai.will(step(status=401, body="no"))
    answer = writing(openai).ask(COUNT)
    assert answer.answer == bot.ask(COUNT, page="town").answer
    assert any("stands alone" in note for note in answer.notes)


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scripted server's model counts as one that calls tools."""
    real = providers.open_chat

    def with_tools(settings: Any) -> Any:
        chat = real(settings)
        return type(chat)(chat.model, chat.name, chat.window, True, chat.must_finish)

    monkeypatch.setattr("askbot.answerers.generative.open_chat", with_tools)


@pytest.mark.usefixtures("tools")
def test_a_model_with_tools_lets_code_count(openai: Any, writing: Any, step: Any, bot: Any) -> None:
    computed = bot.ask(COUNT, page="town")
    (first, *_) = (s.text for s in computed.statements)
    openai.will(step(tool=COUNT), f"{first} {GOOD}")
    answer = writing(openai).ask(BUS)
    assert [s.state for s in answer.statements] == ["supported", "supported"]
    assert set(computed.statements[0].ids) <= set(answer.statements[0].ids)
    assert openai.requests[0]["tools"][0]["function"]["name"] == "thread"
    result = openai.requests[1]["messages"][-1]
    assert result["role"] == "tool"
    assert first in result["content"]
    assert answer.usage["calls"] == 2


@pytest.mark.usefixtures("tools")
def test_a_changed_tool_result_is_not_believed(openai: Any, writing: Any, step: Any) -> None:
    wrong = "7 comments are shown. [c1]"
    openai.will(step(tool=COUNT), wrong, wrong)
    answer = writing(openai).ask(BUS)
    assert [s.state for s in answer.statements] == ["unsupported"]


@pytest.mark.usefixtures("tools")
def test_a_model_that_only_calls_tools_ends(openai: Any, writing: Any, step: Any) -> None:
    openai.will(*[step(tool="What is the meaning of life?")] * 12)
    answer = writing(openai, model_retries=1).ask(BUS)
    assert answer.engine == "extractive"
    assert len(openai.requests) <= 8


def test_a_follow_up_is_completed_by_the_model_where_rules_cannot(
    openai: Any, writing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from askbot.conversation.followups import Completed

    bot = writing(openai)
    openai.will(GOOD)
    turns = (Turn(BUS, bot.ask(BUS)),)
    stuck = lambda q, page, turns: Completed(q, False, (), "nothing to complete it with")  # noqa: E731
    monkeypatch.setattr(bot, "_complete", stuck)
    openai.will("How often does the bus run?", GOOD)
    answer = bot.ask("How often does that one run?", turns=turns)
    assert answer.searched_for == "How often does the bus run?"
    assert answer.usage["calls"] == 2
    asked = openai.prompt(1)
    assert f"| question: {BUS}" in asked
    for useless in ("How often does the Titanic of 1912 run?", "", "A bus.\nIt runs."):
        openai.will(*([useless] * (1 if useless else 3)), GOOD)
        answer = bot.ask("How often does that one run?", turns=turns)
        assert answer.searched_for == "How often does that one run?", useless
        assert answer.answer == GOOD
