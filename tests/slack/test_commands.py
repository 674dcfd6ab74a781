"""The commands around the bridge, the manifest, and answers of a chat model that stream."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from slack_harness import Askbot, replies, until
from slack_standin import SCOPES, TEAM, StandIn

from askbot.evaluation.sets.questions import parse_questions
from askbot.slack.manifest import SCOPES as WANTED
from askbot.slack.manifest import manifest

DOCS = Path(__file__).resolve().parents[2] / "docs"
FERRY = "When will the council close the Harrow ferry?"


def run(askbot: Askbot, *words: str, **env: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "askbot", "slack", *words],
        env=askbot._env | env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_the_manifest_in_the_docs_is_the_one_that_is_printed() -> None:
    assert json.loads((DOCS / "slack-manifest.json").read_text(encoding="utf-8")) == manifest()
    served = manifest(url="https://bot.example.org/")
    address = "https://bot.example.org/slack/events"
    assert served["settings"]["event_subscriptions"]["request_url"] == address
    assert served["features"]["slash_commands"][0]["url"] == address
    assert not served["settings"]["socket_mode_enabled"]
    assert set(SCOPES.split(",")) == set(WANTED)


def test_doctor_says_a_line_for_each_token_and_scope(own_home: Path, slack: StandIn) -> None:
    askbot = Askbot(own_home, slack)
    status, out, _ = run(askbot, "doctor")
    assert status == 0, out
    for scope in WANTED:
        assert f"ok    scope {scope}: granted" in out
    assert "Socket Mode can be opened" in out
    status, out, err = run(askbot, "doctor", SLACK_BOT_TOKEN="xoxb-wrong", SLACK_APP_TOKEN="")
    assert status == 1
    assert "fail  bot token: refused (invalid_auth)" in out
    assert "xoxb-wrong" not in out + err


@pytest.mark.slow
def test_feedback_is_exported(served: Askbot, town_slack: StandIn, tmp_path: Path) -> None:
    ts = served.ask(FERRY, "D70")
    (message,) = until(lambda: replies(town_slack, "D70", ts))
    buttons = message["blocks"][-1]["elements"][0]
    assert buttons["type"] == "feedback_buttons"
    status, _ = served.interact(
        {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": "U1"},
            "channel": {"id": "D70"},
            "message": {"ts": message["ts"], "thread_ts": ts},
            "trigger_id": f"t{time.time_ns()}",
            "actions": [
                {
                    "type": "feedback_buttons",
                    "action_id": buttons["action_id"],
                    "block_id": "b",
                    "value": buttons["positive_button"]["value"],
                }
            ],
        }
    )
    assert status == 200
    status, out, err = run(served, "feedback")
    assert status == 0, err
    (entry,) = parse_questions(out).entries
    assert entry.asks[0].question == FERRY
    assert entry.asks[0].evidence


@pytest.mark.slow
def test_a_chat_model_streams_and_ends_as_its_checked_answer(
    own_home: Path, slack: StandIn
) -> None:
    pytest.importorskip("langchain_openai")
    says = "The council voted to close the Harrow ferry on 3 March 2021 [p2]. "
    says += "It had run for 112 years [p2]. It cost 99,000 pounds a year [p3]."
    slack.model_says = [says[i : i + 12] for i in range(0, len(says), 12)]
    askbot = Askbot(
        own_home,
        slack,
        ASKBOT_PAGE="town",
        ASKBOT_MODEL="openai:m",
        ASKBOT_BASE_URL=slack.api_url.replace("/api/", "/v1"),
        OPENAI_API_KEY="none",
        HOME=os.environ.get("HOME", "/"),
    ).start()
    try:
        ts = askbot.ask(FERRY, "D1")
        (message,) = until(lambda: replies(slack, "D1", ts), 60)
        assert slack.of("chat.startStream"), "nothing was streamed"
        assert slack.of("chat.stopStream")
        assert "3 March 2021" in message["text"]
        assert "p2" in message["metadata"]["event_payload"]["citations"]
        assert len(slack.shown("D1")) == 1
        (session,) = [line for line in _sessions(askbot) if "T1/D1/" in line or FERRY in line]
        assert session
    finally:
        askbot.stop()
    assert not any("ERROR" in line for line in askbot.log), askbot.log


def _sessions(askbot: Askbot) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "askbot", "sessions", "list"],
        env=askbot._env, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()
