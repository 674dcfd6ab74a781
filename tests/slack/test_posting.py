"""Streaming and idempotent posting against the stand-in: what is on the screen in the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_standin import BOT_TOKEN, BOT_USER, StandIn

from askbot.slack.blocks import Message, section
from askbot.slack.database import Database
from askbot.slack.jobs import Jobs, worker_id
from askbot.slack.posting import Poster, Streaming
from askbot.slack.request import Job, Request
from askbot.slack.web import Gate, SlackDown, SlackRefused, Web

FINAL = Message("The ferry closes [p1].", (section("The ferry closes [1 ¶1]."),))


class Desk:
    """A poster over a real queue, at the stand-in."""

    def __init__(self, slack: StandIn, home: Path) -> None:
        self.slack, self.database = slack, Database(home)
        self.web = Web(token=BOT_TOKEN, base_url=slack.api_url, timeout=5)
        self.number = 0

    def poster(self) -> tuple[Poster, Jobs]:
        """As a process has it; a second one is what takes over after a kill."""
        jobs = Jobs(self.database, worker_id(), lease=1, limit=10)
        return Poster(self.web, jobs, BOT_USER), jobs

    def ask(self) -> str:
        self.number += 1
        ts = self.slack.say("C1", "When?")
        _, jobs = self.poster()
        jobs.receive(f"E{self.number}", Request(
            key=ts, kind="question", team="T1", channel="C1", user="U1", words="When?",
            reply_to=ts, message_ts=ts, thread=f"T1/C1/{ts}",
        ))  # fmt: skip
        return ts

    def take(self, jobs: Jobs) -> Job:
        jobs._lease = -1.0  # run out at once, so that another worker can take over
        job = jobs.claim()
        assert job is not None
        return job


@pytest.fixture
def desk(slack: StandIn, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(slack, tmp_path)
    yield made
    made.database.close()


def stream(poster: Poster, job: Job, *pieces: str) -> Streaming:
    streaming = poster.start(job)
    for piece in pieces:
        poster.feed(job, streaming, piece)
    return streaming


def test_a_stream_ends_as_the_checked_answer(desk: Desk) -> None:
    desk.ask()
    poster, jobs = desk.poster()
    job = desk.take(jobs)
    streaming = stream(poster, job, "The <!channel> *ferry* " * 10, "closes " * 30)
    assert streaming.ts is not None
    shown = desk.slack.shown("C1")[0]["text"]
    assert "<!" not in shown
    assert "\\*ferry\\*" in shown
    posted = poster.deliver(job, [FINAL], {"citations": ["p1"]}, streaming)
    (message,) = desk.slack.shown("C1")
    assert [message["ts"]] == posted
    assert message["text"] == FINAL.text
    assert not message["streaming"]
    assert message["metadata"]["event_payload"]["citations"] == ["p1"]


@pytest.mark.parametrize("method", ["chat.appendStream", "chat.stopStream"])
@pytest.mark.parametrize("error", ["message_not_in_streaming_state", "internal_error"])
def test_a_stream_that_dies_is_mended(desk: Desk, method: str, error: str) -> None:
    desk.ask()
    poster, jobs = desk.poster()
    job = desk.take(jobs)
    desk.slack.fail(method, error=error)
    streaming = stream(poster, job, "a" * 200, "b" * 200, "c" * 200)
    if method == "chat.stopStream":  # Slack had ended it, as it does after some minutes
        desk.slack.shown("C1")[0]["streaming"] = False
    poster.deliver(job, [FINAL], None, streaming)
    (message,) = desk.slack.shown("C1")
    assert message["text"] == FINAL.text


def test_without_streaming_it_is_one_message(desk: Desk) -> None:
    desk.ask()
    poster, jobs = desk.poster()
    job = desk.take(jobs)
    desk.slack.fail("chat.startStream", error="unknown_method")
    streaming = stream(poster, job, "a" * 200, "b" * 200)
    assert streaming.dead
    poster.deliver(job, [FINAL], None, streaming)
    (message,) = desk.slack.shown("C1")
    assert message["text"] == FINAL.text
    assert not desk.slack.of("chat.appendStream")


@pytest.mark.parametrize("noted", [True, False])
def test_killed_while_streaming(desk: Desk, noted: bool) -> None:
    desk.ask()
    poster, jobs = desk.poster()
    job = desk.take(jobs)
    assert stream(poster, job, "half an answer " * 20).ts is not None
    if not noted:  # killed between Slack's answer and our note of it
        jobs.note_posted(job, [])
    second, others = desk.poster()
    again = desk.take(others)
    assert again.posting
    second.deliver(again, [FINAL])
    (message,) = desk.slack.shown("C1")
    assert message["text"] == FINAL.text


@pytest.mark.parametrize("parts_done", [0, 1, 2])
def test_killed_while_posting_parts(desk: Desk, parts_done: int) -> None:
    parts = [Message(f"part {n}", (section(f"part {n}"),)) for n in range(2)]
    desk.ask()
    poster, jobs = desk.poster()
    job = desk.take(jobs)
    jobs.begin_posting(job)
    for part in range(parts_done):  # shown, but never noted
        poster._send(job, parts[part], poster._metadata(job, part, 2, None))
    second, others = desk.poster()
    posted = second.deliver(desk.take(others), parts)
    assert [m["text"] for m in desk.slack.shown("C1")] == ["part 0", "part 1"]
    assert posted == [m["ts"] for m in desk.slack.shown("C1")]


def test_blocks_that_slack_refuses_are_shown_as_text(desk: Desk) -> None:
    desk.ask()
    poster, jobs = desk.poster()
    job = desk.take(jobs)
    poster.deliver(job, [Message("words", (section("x" * 3001),))])
    (message,) = desk.slack.shown("C1")
    assert message["text"] == "words"


def test_retry_after_closes_the_gate_for_every_thread() -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    gate = Gate(lambda: now[0], sleep)
    assert gate.wait("chat.postMessage", 5) == 0
    gate.close("chat.postMessage", 3)
    gate.close("chat.postMessage", 1)
    assert gate.wait("chat.update", 5) == 0
    assert gate.wait("chat.postMessage", 5) == 3
    assert slept == [3]
    gate.close("chat.postMessage", 60)
    with pytest.raises(SlackDown, match="60 s"):
        gate.wait("chat.postMessage", 5)


def test_errors_are_told_apart(slack: StandIn) -> None:
    web = Web(token=BOT_TOKEN, base_url=slack.api_url, timeout=1)
    slack.fail("auth.test", status=502)
    with pytest.raises(SlackDown) as down:
        web.auth_test()
    assert down.value.unsure
    slack.fail("auth.test", error="token_revoked")
    with pytest.raises(SlackRefused) as refused:
        web.auth_test()
    assert refused.value.code == "token_revoked"
    slack.fail("auth.test", delay=3)
    with pytest.raises(SlackDown):
        web.auth_test()
