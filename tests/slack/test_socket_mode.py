"""Over Socket Mode, and when Slack misbehaves: 429, 5xx, slow, refused, a dropped line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_harness import Askbot, message_event, replies, until
from slack_standin import TEAM, StandIn

FERRY = "When will the council close the Harrow ferry?"


@pytest.fixture
def askbot(own_home: Path, slack: StandIn) -> Iterator[Askbot]:
    process = Askbot(
        own_home, slack, http=False, ASKBOT_PAGE="town", ASKBOT_SLACK_TIMEOUT="1.5"
    ).start()
    yield process
    if process.process.poll() is None:
        process.stop()


def posts(slack: StandIn, channel: str) -> list[dict[str, Any]]:
    return [
        c.body
        for c in slack.calls
        if c.method == "chat.postMessage" and c.body["channel"] == channel
    ]


@pytest.mark.slow
def test_misfortunes_end_in_one_answer_each(askbot: Askbot, slack: StandIn) -> None:
    ts = askbot.ask(FERRY, "D1")
    until(lambda: replies(slack, "D1", ts))
    assert len(slack.acks) == 1

    # A rate limit is waited for, by every thread.
    slack.fail("chat.postMessage", status=429, retry_after=2)
    limited = time.monotonic()
    ts = askbot.ask(FERRY, "D2")
    until(lambda: replies(slack, "D2", ts))
    assert time.monotonic() - limited >= 2
    assert len(posts(slack, "D2")) == 2

    # A 500 before the message was taken: sent again. After it: found, not sent again.
    slack.fail("chat.postMessage", status=500)
    ts = askbot.ask(FERRY, "D3")
    until(lambda: replies(slack, "D3", ts))
    slack.fail("chat.postMessage", status=503, after_effect=True)
    ts = askbot.ask(FERRY, "D4")
    until(lambda: replies(slack, "D4", ts))
    slack.fail("chat.postMessage", delay=2.5, after_effect=True)
    ts = askbot.ask(FERRY, "D5")
    until(lambda: replies(slack, "D5", ts))

    # A status that cannot be set is no reason to wait or to fail.
    slack.fail("assistant.threads.setStatus", status=429, retry_after=60)
    started = time.monotonic()
    ts = askbot.ask(FERRY, "D6")
    until(lambda: replies(slack, "D6", ts))
    assert time.monotonic() - started < 30

    # A token that is refused for a while: answered when it is good again.
    slack.fail("chat.postMessage", error="invalid_auth", times=2)
    ts = askbot.ask(FERRY, "D7")
    until(lambda: replies(slack, "D7", ts))

    # The line drops; what was not acknowledged comes again, and is answered once.
    connections = slack.connections
    slack.drop_sockets()
    lost = slack.say("D8", FERRY)
    envelope = slack.push("events_api", message_event(FERRY, "D8", lost))
    until(lambda: slack.connections > connections)
    until(lambda: replies(slack, "D8", lost))
    assert envelope in slack.acks

    # "Refresh": Slack asks to connect anew.
    connections = slack.connections
    slack.push("disconnect", {}, reason="refresh_requested")
    until(lambda: slack.connections > connections)

    time.sleep(1.5)
    for channel in ("D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"):
        assert len(slack.shown(channel)) == 1, channel
    assert askbot.stop() == 0
    assert not any("xoxb-" in line or "xapp-" in line for line in askbot.log)


def test_an_error_has_a_last_word_with_a_reference(own_home: Path, slack: StandIn) -> None:
    askbot = Askbot(own_home, slack, http=False, ASKBOT_PAGE="gone").start()
    try:
        ts = askbot.ask(FERRY, "D1")
        (message,) = until(lambda: replies(slack, "D1", ts))
        assert "reference" in message["text"]
        reference = message["text"].rpartition("reference ")[2].rstrip(")")
        until(lambda: any(reference in line for line in askbot.log), 5)
    finally:
        askbot.stop()


def test_tokens_refused_at_the_start_are_one_line(own_home: Path, slack: StandIn) -> None:
    bad = Askbot(own_home, slack, http=False, SLACK_BOT_TOKEN="xoxb-wrong")
    with pytest.raises(AssertionError, match="SLACK_BOT_TOKEN"):
        bad.start()
    assert len(bad.log) == 1
    assert "xoxb-wrong" not in bad.log[0]
    worse = Askbot(own_home, slack, http=False, SLACK_APP_TOKEN="xapp-wrong")
    with pytest.raises(AssertionError, match="SLACK_APP_TOKEN"):
        worse.start()


@pytest.mark.slow
def test_a_thread_is_read_and_asked_about_with_links(askbot: Askbot, slack: StandIn) -> None:
    slack.users |= {"U1": "Ann", "U2": "Bob Lee"}
    root = slack.say("C1", "Shall we move the release to Thursday?", "U1")
    reply = slack.say(
        "C1", "No: the auditors need the build by Tuesday noon. <@U1> knows.", "U2", root
    )
    slack.say(
        "C1", "Then we freeze on Monday evening &amp; skip the &lt;!channel&gt; mail.", "U1", root
    )
    askbot.interact(
        {
            "type": "message_action",
            "callback_id": "ask_about_thread",
            "team": {"id": TEAM},
            "user": {"id": "U1"},
            "channel": {"id": "C1"},
            "message": {"ts": reply, "thread_ts": root, "text": "x"},
            "trigger_id": "t1",
            "response_url": "",
        }
    )
    (notice,) = until(lambda: replies(slack, "C1", root), 90)
    assert "3 messages by Ann, Bob Lee" in notice["text"]
    asked = askbot.ask("When do the auditors need the build?", "C1", "U1", thread=root)
    assert asked
    answer = until(lambda: (r := replies(slack, "C1", root)) and len(r) == 2 and r[-1])
    assert "Tuesday noon" in answer["text"]
    assert answer["metadata"]["event_payload"]["citations"] == ["c1.1"]
    link = f"https://team.slack.com/archives/C1/p{reply.replace('.', '')}?thread_ts={root}&cid=C1"
    assert link in str(answer["blocks"])
    askbot.ask("thanks all", "C1", "U2", thread=root)
    elsewhere = askbot.ask("When do the auditors need the build?", "D9")
    other = until(lambda: replies(slack, "D9", elsewhere))[0]
    assert "Tuesday" not in other["text"], "what was said in a channel is found elsewhere"
    assert len(replies(slack, "C1", root)) == 2
