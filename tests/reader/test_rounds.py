"""Passages are read best first, and no more of them than it takes."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from askbot.answerers.reading import READ, ReaderScorer
from askbot.bot import Bot
from askbot.reader.inference import SpanReader
from askbot.reader.types import ReaderInput, Reading
from askbot.resources import resource


class Recorder(SpanReader):
    """The packaged reader, which remembers what it was given."""

    def __init__(self, reader: SpanReader) -> None:
        self._whole = reader
        self.given: list[ReaderInput] = []

    def read(self, question: str, inputs: Sequence[ReaderInput]) -> list[Reading]:
        self.given += inputs
        return self._whole.read(question, inputs)


@pytest.fixture(scope="module")
def scorer() -> ReaderScorer:
    made = ReaderScorer()
    made._reader = Recorder(made._reader)
    return made


def read_of(scorer: ReaderScorer, bot: Bot, question: str) -> tuple[int, list[str]]:
    reader = scorer._reader
    assert isinstance(reader, Recorder)
    reader.given.clear()
    hits = bot.search(question, page="secure-communities")
    sentences, _ = scorer.read(question, hits)
    texts = [given.text for given in reader.given]
    assert texts == [hit.text for hit in hits[: len(texts)]]
    return len(texts), [sentence.text for sentence in sentences]


def questions() -> list[str]:
    lines = resource("corpus", "questions.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    plain = [e for e in entries if "turns" not in e and "thread" not in e["tags"]]
    return [e["question"] for e in plain if e.get("answerable", True)]


def test_a_list_question_reads_all_that_may_be_read(scorer: ReaderScorer, bot: Bot) -> None:
    assert read_of(scorer, bot, "Which cities do take part already?")[0] == READ


def test_what_is_left_unread_seldom_holds_the_answer(scorer: ReaderScorer, bot: Bot) -> None:
    asked = questions()
    soon = [read_of(scorer, bot, question) for question in asked]
    few = sum(count < READ for count, _ in soon)
    scorer.lead = float("inf")
    try:
        late = [read_of(scorer, bot, question) for question in asked]
    finally:
        del scorer.lead
    assert few > 0.2 * len(asked)
    assert all(more >= fewer for (more, _), (fewer, _) in zip(late, soon, strict=True))
    same = sum(one[:1] == other[:1] for (_, one), (_, other) in zip(soon, late, strict=True))
    assert same >= 0.97 * len(asked)
