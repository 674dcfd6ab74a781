"""What is asked of the bot (`Request`), and the same as a worker holds it (`Job`)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAMESPACE = uuid.UUID("5f0c2f0e-3f0a-4a43-9d5e-5d6a2f7c8b11")


@dataclass(frozen=True, slots=True)
class Request:
    """Something asked of the bot, before it is a job.

    Attributes:
        key: the same however often and however it is delivered; makes the job's id.
        kind: "question", "command", "thread", "more", "tree" or "prompts".
        reply_to: the thread's first message, under which the answer goes; "" for none.
        thread: the conversation's key, "team/channel/ts".
        only_known: a message without a mention; counts only in a thread the bot was asked in.
    """

    key: str
    kind: str
    team: str
    channel: str
    user: str
    words: str = ""
    reply_to: str = ""
    message_ts: str = ""
    thread: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    only_known: bool = False

    @property
    def id(self) -> str:
        return str(uuid.uuid5(NAMESPACE, self.key))


@dataclass(frozen=True, slots=True)
class Job:
    """A request as a worker holds it; `posting` and `posted` say what an earlier attempt did."""

    id: str
    kind: str
    team: str
    channel: str
    user: str
    words: str
    reply_to: str
    message_ts: str
    thread: str
    extra: dict[str, Any]
    attempts: int
    posting: bool
    posted: tuple[str, ...]
    page: str
    answer: str
    created: float
    refused: bool = False

    @property
    def reference(self) -> str:
        """What a person quotes when something went wrong, and the log says."""
        return self.id[:8].upper()


def job_of(row: Mapping[str, Any], refused: bool) -> Job:
    """A row of the jobs table, as it is after the claim."""
    return Job(
        id=row["id"],
        kind=row["kind"],
        team=row["team"],
        channel=row["channel"],
        user=row["user_id"],
        words=row["words"],
        reply_to=row["reply_to"],
        message_ts=row["message_ts"],
        thread=row["thread"],
        extra=json.loads(row["extra"]),
        attempts=row["attempts"] + 1,
        posting=row["posting"],
        posted=tuple(json.loads(row["posted"])),
        page=row["page"],
        answer=row["answer"],
        created=row["created"],
        refused=refused,
    )
