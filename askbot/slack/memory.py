"""What the bridge remembers of threads: their page, and their turns.

Turns are kept with the saved sessions, so `askbot sessions` shows them; where several machines
share a database (Postgres), they are kept there instead.
"""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Protocol

from askbot.answers import Answer
from askbot.conversation.store import SessionStore
from askbot.conversation.turns import Turn
from askbot.slack.database import Database, tables


class Turns(Protocol):
    """The turns of conversations, by thread key ("team/channel/ts")."""

    def load(self, thread: str, page: str) -> tuple[Turn, ...]:
        """The conversation so far."""

    def append(self, thread: str, page: str, job: str, turn: Turn) -> None:
        """Save a turn; a second time for the same job changes nothing."""


class SessionTurns:
    """Turns in the saved sessions of the data folder."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._local = threading.local()

    def _store(self) -> SessionStore:
        store: SessionStore | None = getattr(self._local, "store", None)
        if store is None:
            store = self._local.store = SessionStore(self._home)
        return store

    def load(self, thread: str, page: str) -> tuple[Turn, ...]:
        store = self._store()
        return store.load(store.for_key(thread, page)).turns

    def append(self, thread: str, page: str, job: str, turn: Turn) -> None:
        # A turn has no key of its own here: one with the same words and timings is this very turn,
        # saved before the process died.
        del job
        store = self._store()
        session = store.for_key(thread, page)
        if turn not in store.load(session).turns:
            store.append(session, turn)


class SharedTurns:
    """Turns in the bridge's own database."""

    def __init__(self, database: Database) -> None:
        self._base = database

    def load(self, thread: str, page: str) -> tuple[Turn, ...]:
        del page
        import sqlalchemy as sa

        c = tables().turns.c
        with self._base.reading() as db:
            rows = db.execute(
                sa.select(c.question, c.answer).where(c.thread == thread).order_by(c.number)
            ).all()
        return tuple(Turn(q, Answer.from_json(json.loads(a))) for q, a in rows)

    def append(self, thread: str, page: str, job: str, turn: Turn) -> None:
        del page
        record = json.dumps(turn.answer.to_json(), ensure_ascii=False)
        values = {"thread": thread, "job": job, "question": turn.question, "answer": record}
        with self._base.writing() as db:
            self._base.insert_once(db, tables().turns, values)


class Places:
    """Which page a thread and a channel are about."""

    def __init__(self, database: Database) -> None:
        self._base = database

    def thread_page(self, thread: str) -> str:
        """The thread's page, "" where none was chosen."""
        return self._one(tables().threads, "thread", thread)

    def channel_page(self, team: str, channel: str) -> str:
        """The channel's page, "" where none was chosen."""
        return self._one(tables().channels, "channel", f"{team}/{channel}")

    def set_thread(self, thread: str, page: str, *, spoken_to: bool) -> None:
        """Choose a thread's page, and whether messages there are meant for the bot."""
        values = {"thread": thread, "page": page, "spoken_to": spoken_to, "updated": time.time()}
        with self._base.writing() as db:
            self._base.upsert(db, tables().threads, values)

    def set_channel(self, team: str, channel: str, page: str) -> None:
        """Choose a channel's page ("" for the default)."""
        with self._base.writing(urgent=True) as db:
            self._base.upsert(db, tables().channels, {"channel": f"{team}/{channel}", "page": page})

    def _one(self, table: object, key: str, value: str) -> str:
        import sqlalchemy as sa

        t: sa.Table = table  # type: ignore[assignment]
        with self._base.reading() as db:
            row = db.execute(sa.select(t.c.page).where(t.c[key] == value)).first()
        return str(row[0]) if row else ""
