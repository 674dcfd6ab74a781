"""Over HTTP: signatures, acknowledgements, and what people see."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from slack_harness import Askbot, message_event, replies, until
from slack_standin import BOT_USER, TEAM, StandIn

from askbot.answers import Answer
from askbot.bot import Bot
from askbot.conversation.turns import numbered_sources
from askbot.slack.mrkdwn import unescape

FERRY = "When will the council close the Harrow ferry?"


def texts(node: Any) -> list[str]:
    """Every text in a message's blocks, in order."""
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [t for v in node.values() if not isinstance(v, str) for t in texts(v)]
    if isinstance(node, list):
        return [t for item in node for t in texts(item)]
    return []


def test_signatures_right_wrong_old_and_malformed(served: Askbot, town_slack: StandIn) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c1"}).encode()
    assert (
        served.post(body, "application/json") == (200, "c1")
        or "c1" in served.post(body, "application/json")[1]
    )
    before = len(town_slack.calls)
    ts = town_slack.say("D9", FERRY)
    event = message_event(FERRY, "D9", ts)
    assert served.deliver(event, secret="f" * 32)[0] == 401
    assert served.deliver(event, age=600)[0] == 401
    assert served.deliver(event, age=-600)[0] == 401
    assert served.deliver(event, X_Slack_Request_Timestamp="soon")[0] == 401
    assert served.deliver(event, X_Slack_Signature="")[0] == 401
    assert served.post(b"\xff\xfe", "application/json")[0] == 400
    time.sleep(1.5)
    assert len(town_slack.calls) == before, "an unsigned question was worked on"
    assert served.deliver(event)[0] == 200
    until(lambda: replies(town_slack, "D9", ts))


def test_the_same_answer_as_the_terminal(served: Askbot, town_slack: StandIn, bot: Bot) -> None:
    for number, question in enumerate(
        [FERRY, "How many passengers did oldsalt count?", "Who replied to oldsalt?", "Who won?"]
    ):
        expected = bot.ask(question, page="town").to_json()
        channel = f"D2{number}"
        ts = served.ask(question, channel)
        (message,) = until(lambda c=channel, t=ts: replies(town_slack, c, t))
        assert unescape(message["text"]) == expected["answer"]
        answer = Answer.from_json(expected)
        ids = [source.id for source in numbered_sources(answer)]
        assert message["metadata"]["event_payload"]["citations"] == ids
        assert sorted(set(ids)) == sorted({c["id"] for c in expected["citations"]})
        shown = " ".join(texts(message["blocks"]))
        for citation in expected["citations"]:
            assert citation["quote"][:60].split("\n")[0] in shown
        assert ("No answer to this" in shown) == expected["abstained"]


def test_a_thread_is_a_conversation_without_mentions(served: Askbot, town_slack: StandIn) -> None:
    root = served.ask(f"<@{BOT_USER}> {FERRY}", "C1")
    until(lambda: len(replies(town_slack, "C1", root)) == 1)
    served.ask("Who is Ruth Bell?", "C1", "U2", thread=root)
    until(lambda: len(replies(town_slack, "C1", root)) == 2)
    served.ask("<@U9> what do you think?", "C1", "U2", thread=root)
    other = town_slack.say("C1", "Lunch?", "U3")
    served.deliver(message_event("Lunch?", "C1", other, "U3"))
    served.ask("Is it noon?", "C1", "U3", thread=other)
    time.sleep(1.5)
    assert len(replies(town_slack, "C1", root)) == 2, "words to somebody else were answered"
    assert not replies(town_slack, "C1", other), "a thread the bot was not asked in was answered"


def test_a_mention_arrives_twice_and_is_answered_once(served: Askbot, town_slack: StandIn) -> None:
    text = f"<@{BOT_USER}> {FERRY}"
    ts = town_slack.say("C2", text)
    first = message_event(text, "C2", ts)
    second = message_event(text, "C2", ts) | {}
    second["event"] = second["event"] | {"type": "message"}
    for event in (first, second, first, second):
        assert served.deliver(event, X_Slack_Retry_Num="1")[0] == 200
    until(lambda: replies(town_slack, "C2", ts))
    time.sleep(1.0)
    assert len(replies(town_slack, "C2", ts)) == 1


def test_a_retry_alone_is_answered(served: Askbot, town_slack: StandIn) -> None:
    ts = town_slack.say("D3", FERRY)
    event = message_event(FERRY, "D3", ts)
    assert (
        served.deliver(event, X_Slack_Retry_Num="2", X_Slack_Retry_Reason="http_timeout")[0] == 200
    )
    until(lambda: replies(town_slack, "D3", ts))


def test_bots_edits_and_itself_are_ignored(served: Askbot, town_slack: StandIn) -> None:
    for more in (
        {"bot_id": "B7"},
        {"subtype": "bot_message", "bot_id": "B7"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
    ):
        served.ask(FERRY, "D4", **more)
    served.ask(FERRY, "D4", user=BOT_USER)
    time.sleep(1.5)
    assert not [c for c in town_slack.of("chat.postMessage") if c["channel"] == "D4"]


def test_nobody_is_mentioned_by_what_a_page_or_a_person_says(
    served: Askbot, town_slack: StandIn
) -> None:
    ts = served.ask("What about &lt;!channel&gt; and &lt;@U123&gt; *bold* `x`?", "D5")
    (message,) = until(lambda: replies(town_slack, "D5", ts))
    for call in town_slack.of("chat.postMessage"):
        raw = json.dumps(call)
        assert "<!" not in raw
        assert "<@" not in raw
        assert call["parse"] == "none"
    assert message["text"]


def test_slash_command_pages_and_use(served: Askbot, town_slack: StandIn, bot: Bot) -> None:
    def command(text: str, channel: str = "C5") -> tuple[int, str]:
        return served.form(
            {
                "command": "/askbot",
                "text": text,
                "team_id": TEAM,
                "channel_id": channel,
                "user_id": "U1",
                "trigger_id": f"t{time.time_ns()}",
                "response_url": town_slack.api_url.replace("/api/", "/respond"),
            }
        )

    assert "town" in command("pages")[1]
    assert "did you mean" in command("use twon")[1]
    assert "secure-communities" in command("use secure-communities")[1]
    question = "How many comments are there?"
    assert command(question)[0] == 200
    message = until(lambda: town_slack.shown("C5"))[0]
    expected = bot.ask(question, page="secure-communities")
    assert unescape(message["text"]) == expected.answer
    assert question in " ".join(texts(message["blocks"]))
    served.ask("How many comments are there?", "C5", thread=message["ts"])
    until(lambda: replies(town_slack, "C5", message["ts"]))
    town_slack.absent_from.add("C6")
    assert command(question, "C6")[0] == 200
    (private,) = until(lambda: town_slack.responses)
    assert private["response_type"] == "ephemeral"


def test_buttons_show_more_and_the_thread_to_whoever_pressed(
    served: Askbot, town_slack: StandIn
) -> None:
    ts = served.ask("What does oldsalt say?", "D6")
    (message,) = until(lambda: replies(town_slack, "D6", ts))
    buttons = {
        element["action_id"]: element
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    }
    assert set(buttons) == {"askbot_more", "askbot_thread"}
    for action in buttons.values():
        served.interact(
            {
                "type": "block_actions",
                "team": {"id": TEAM},
                "user": {"id": "U1"},
                "channel": {"id": "D6"},
                "message": {"ts": message["ts"], "thread_ts": ts},
                "trigger_id": f"t{time.time_ns()}",
                "actions": [
                    {
                        "action_id": action["action_id"],
                        "block_id": "b",
                        "type": "button",
                        "value": action["value"],
                    }
                ],
            }
        )
    shown = until(lambda: len(c := town_slack.of("chat.postEphemeral")) == 2 and c)
    words = " ".join(texts([call["blocks"] for call in shown]))
    assert "Nobody rides in winter" in words
    assert "replying to #1 oldsalt" in words


def test_the_agent_view_is_offered_questions_and_a_status(
    served: Askbot, town_slack: StandIn
) -> None:
    served.deliver(
        {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": f"Ev{time.time_ns()}",
            "event": {"type": "app_home_opened", "tab": "messages", "user": "U1", "channel": "D7"},
        }
    )
    (call,) = until(lambda: town_slack.of("assistant.threads.setSuggestedPrompts"))
    assert "thread_ts" not in call, "the agent view shows nothing for a thread"
    assert 0 < len(call["prompts"]) <= 4
    ts = served.ask(call["prompts"][0]["message"], "D7")
    (message,) = until(lambda: replies(town_slack, "D7", ts))
    assert "No answer" not in " ".join(texts(message["blocks"]))
    statuses = [c for c in town_slack.of("assistant.threads.setStatus") if c["channel_id"] == "D7"]
    assert statuses[0]["thread_ts"] == ts


def test_health_and_unknown_events(served: Askbot) -> None:
    status, body = served.get("/health")
    assert status == 200
    assert json.loads(body)["status"] == "ok"
    unknown = {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": "Ev-x",
        "event": {"type": "app_context_changed", "user": "U1"},
    }
    assert served.deliver(unknown)[0] == 200


@pytest.mark.parametrize("text", ["", f"<@{BOT_USER}>"])
def test_no_question_gets_help(served: Askbot, town_slack: StandIn, text: str) -> None:
    ts = served.ask(text, "D8")
    (message,) = until(lambda: replies(town_slack, "D8", ts))
    assert "Ask me a question" in message["text"]
