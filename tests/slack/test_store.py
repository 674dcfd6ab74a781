"""The queue, the memory of threads and the feedback, over a real SQLite file."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from askbot.bot import Bot
from askbot.conversation.turns import Turn
from askbot.evaluation.sets.questions import parse_questions
from askbot.slack.database import Database
from askbot.slack.feedback import Feedback, question_set, to_review
from askbot.slack.jobs import Jobs, worker_id
from askbot.slack.memory import SessionTurns, SharedTurns
from askbot.slack.request import Request


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path)
    yield opened
    opened.close()


def request(number: int, thread: str = "") -> Request:
    return Request(
        key=f"m{number}", kind="question", team="T1", channel="C1", user="U1", words="q?",
        reply_to="1.0", message_ts=f"1.{number}", thread=thread or f"T1/C1/{number}",
    )  # fmt: skip


def jobs(database: Database, *, lease: float = 30, limit: int = 100) -> Jobs:
    return Jobs(database, worker_id(), lease=lease, limit=limit)


def test_received_once_whatever_the_delivery_is_called(database: Database) -> None:
    queue = jobs(database)
    assert queue.receive("E1", request(1)) == "new"
    assert queue.receive("E1", request(1)) == "duplicate"
    assert queue.receive("E2", request(1)) == "duplicate"
    assert jobs(database).receive("E1", request(2)) == "duplicate"
    assert queue.counts() == {"queued": 1}


def test_over_the_limit_it_is_refused_and_said_first(database: Database) -> None:
    queue = jobs(database, limit=2)
    outcomes = [queue.receive(f"E{n}", request(n)) for n in range(3)]
    assert outcomes == ["new", "new", "refused"]
    first = queue.claim()
    assert first is not None
    assert first.refused
    queue.finish(first)
    second = queue.claim()
    assert second is not None
    assert not second.refused


def test_a_thread_goes_in_order_and_a_dead_worker_is_replaced(database: Database) -> None:
    first, second = jobs(database, lease=0.2), jobs(database, lease=30)
    for number in (1, 2):
        first.receive(f"E{number}", request(number, "T1/C1/x"))
    held = first.claim()
    assert held is not None
    assert second.claim() is None, "the second question overtook the first"
    assert first.begin_posting(held)
    time.sleep(0.3)
    taken = second.claim()
    assert taken is not None
    assert taken.id == held.id
    assert taken.posting, "whoever takes over must know to look whether it was shown"
    assert not first.begin_posting(held), "two workers post the same answer"
    second.finish(taken, ["9.9"])
    following = second.claim()
    assert following is not None
    assert following.id == request(2).id


def test_many_threads_share_the_queue(database: Database, tmp_path: Path) -> None:
    queue = jobs(database)
    for number in range(40):
        queue.receive(f"E{number}", request(number))
    seen: list[str] = []

    def work() -> None:
        own = Database(tmp_path)
        mine = jobs(own)
        while (job := mine.claim()) is not None:
            seen.append(job.id)
            mine.finish(job)
        own.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == len(set(seen)) == 40


def test_turns_are_saved_once(database: Database, tmp_path: Path, bot: Bot) -> None:
    turn = Turn("Who is Ruth Bell?", bot.ask("Who is Ruth Bell?", page="town"))
    saved = Turn(turn.question, type(turn.answer).from_json(turn.answer.to_json()))
    for turns in (SessionTurns(tmp_path), SharedTurns(database)):
        for _ in range(2):
            turns.append("T1/C1/1.0", "town", "job-1", saved)
        assert turns.load("T1/C1/1.0", "town") == (saved,)
        assert turns.load("T1/C1/2.0", "town") == ()


def test_feedback_becomes_a_question_set(database: Database, bot: Bot) -> None:
    queue, feedback = jobs(database), Feedback(database)
    questions = ["Who is Ruth Bell?", "Who won the world cup?", "How many passengers are there?"]
    for number, question in enumerate(questions):
        queue.receive(f"E{number}", request(number))
        job = queue.claim()
        assert job is not None
        answer = bot.ask(question, page="town")
        queue.begin_posting(job, page="town", answer=json.dumps(answer.to_json()))
        queue.finish(job)
    ids = [request(n).id for n in range(3)]
    assert feedback.give(ids[0], "U1", "bad")
    assert feedback.give(ids[0], "U1", "good"), "the last word counts"
    assert feedback.give(ids[1], "U1", "good")
    assert feedback.give(ids[2], "U1", "bad")
    assert not feedback.give("no such job", "U1", "good")
    assert not feedback.give(ids[0], "U1", "<script>")
    given = feedback.all()
    text = "\n".join(json.dumps(entry) for entry in question_set(given))
    entries = parse_questions(text).entries
    assert [e.asks[0].question for e in entries] == questions[:2]
    assert [e.page for e in entries] == ["town", "town"]
    assert [e["question"] for e in to_review(given)] == questions[2:]


def test_an_unusable_store_is_one_clear_line(tmp_path: Path) -> None:
    from askbot.errors import AskbotError, SettingsError

    with pytest.raises(SettingsError, match="slack_store"):
        Database(tmp_path, "nonsense")
    (tmp_path / "slack.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(AskbotError, match="move it aside"):
        Database(tmp_path)
