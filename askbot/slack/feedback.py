"""What people thought of answers, kept with the question, and made into a question set."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

from askbot.answers import Answer
from askbot.slack.database import Database, tables

GOOD, BAD = "good", "bad"


class Feedback:
    """The feedback in the bridge's store: one word a person and answer, the last one counts."""

    def __init__(self, database: Database) -> None:
        self._base = database

    def give(self, job: str, user: str, value: str) -> bool:
        """Keep what a person said of the answer to a job; False where that answer is not kept."""
        import sqlalchemy as sa

        t = tables()
        if value not in (GOOD, BAD) or not user:
            return False
        with self._base.writing(urgent=True) as db:
            row = db.execute(
                sa.select(t.jobs.c.page, t.jobs.c.answer).where(t.jobs.c.id == job)
            ).first()
            if row is None or not row[1]:
                return False
            values = {
                "job": job,
                "user_id": user,
                "value": value,
                "question": str(json.loads(row[1])["searched_for"]),
                "page": row[0],
                "answer": row[1],
                "given": time.time(),
            }
            self._base.upsert(db, t.feedback, values)
        return True

    def all(self) -> list[tuple[str, str, str, Answer]]:
        """(job, verdict, page, answer) by age; the verdict is "mixed" where people differ."""
        import sqlalchemy as sa

        c = tables().feedback.c
        with self._base.reading() as db:
            rows = db.execute(
                sa.select(c.job, c.value, c.page, c.answer).order_by(c.given, c.job)
            ).all()
        verdicts: dict[str, set[str]] = {}
        kept: dict[str, tuple[str, str]] = {}
        for job, value, page, answer in rows:
            verdicts.setdefault(job, set()).add(value)
            kept[job] = (page, answer)
        return [
            (job, said.pop() if len(said) == 1 else "mixed", page, Answer.from_json(json.loads(a)))
            for (job, said), (page, a) in zip(verdicts.items(), kept.values(), strict=True)
        ]


def question_set(given: Sequence[tuple[str, str, str, Answer]]) -> Iterator[dict[str, Any]]:
    """Entries of a question set (`askbot eval`) from answers called right.

    What was called wrong has no known right answer: such a question is in `to_review`.
    """
    for job, verdict, page, answer in given:
        if verdict != GOOD:
            continue
        entry: dict[str, Any] = {"id": f"slack-{job[:8]}", "question": answer.searched_for}
        if answer.abstained or not answer.citations:
            entry["answerable"] = False
        else:
            short = answer.short_answer
            entry["answers"] = [short] if short else [c.quote for c in answer.citations]
            entry["evidence"] = list(dict.fromkeys(c.id for c in answer.citations))
        if page:
            entry["page"] = page
        entry["tags"] = ["slack", GOOD]
        yield entry


def to_review(given: Sequence[tuple[str, str, str, Answer]]) -> Iterator[dict[str, Any]]:
    """Questions whose answers were called wrong, for a person to write the right one."""
    for job, verdict, page, answer in given:
        if verdict != GOOD:
            yield {
                "id": f"slack-{job[:8]}",
                "question": answer.searched_for,
                "given": answer.answer,
                "page": page,
                "tags": ["slack", verdict],
            }
