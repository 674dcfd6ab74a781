"""Saved conversations in one SQLite file, `sessions.sqlite3` under the data folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from askbot.answers import Answer
from askbot.conversation.database import Database
from askbot.conversation.sessions import Hit, Session, Summary
from askbot.conversation.turns import Turn
from askbot.errors import NotFound, StoreError
from askbot.markers import strip_markers

FILE_NAME = "sessions.sqlite3"
TITLE_LENGTH = 72
UNTITLED = "(nothing asked yet)"


class SessionStore:
    """Sessions of one data folder. Every call is one transaction; a connection is opened for each
    store object, so threads and processes use a store of their own.

    Args:
        home: the data folder; it is created.
        wait: seconds to wait while another process writes.

    Raises:
        StoreDamaged: the file is not what askbot wrote; it is left as it is.
        StoreBusy: another process was writing for longer than `wait`.
        StoreError: the folder cannot be used, or the file is a newer askbot's.
    """

    def __init__(self, home: Path, *, wait: float = 10.0) -> None:
        self.path = home / FILE_NAME
        self._file = Database(self.path, wait)
        self._db = self._file.db

    @property
    def full_text(self) -> bool:
        """Whether searches are ranked by SQLite's FTS5."""
        return self._file.full_text

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def create(self, page: str, *, key: str | None = None) -> str:
        """Start a session about a page and return its id.

        Args:
            key: what an interface calls this conversation ("team/channel/thread"), unique.

        Raises:
            StoreError: another session has this key.
        """
        with self._file.writing():
            if key is not None and self._by_key(key):
                raise StoreError(f"there is a session for {key} already: use it")
            return self._insert(page, key)

    def for_key(self, key: str, page: str) -> str:
        """The id of the session with an interface's key; it is started if there is none."""
        with self._file.writing():
            return self._by_key(key) or self._insert(page, key)

    def append(self, session_id: str, turn: Turn) -> int:
        """Save a turn and return its position (from 1). On return it is on disk, so show it after.

        Raises:
            NotFound: no session has exactly this id.
        """
        now = _stamp(_now())
        record = json.dumps(turn.answer.to_json(), ensure_ascii=False)
        plain = strip_markers(turn.answer.answer)
        with self._file.writing():
            row = self._db.execute(
                "SELECT count(t.number), max(t.position) FROM sessions s LEFT JOIN turns t"
                " ON t.session = s.id WHERE s.id = ? GROUP BY s.id",
                (session_id,),
            ).fetchone()
            if row is None:
                raise NotFound(f"no session {session_id}; `askbot sessions list` shows them")
            position = (row[1] or 0) + 1
            number = self._db.execute(
                "INSERT INTO turns(session, position, asked, question, answer, record)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (session_id, position, now, turn.question, plain, record),
            ).lastrowid
            self._db.execute("UPDATE sessions SET updated = ? WHERE id = ?", (now, session_id))
            if position == 1:
                title = _title(turn.question)
                self._db.execute("UPDATE sessions SET title = ? WHERE id = ?", (title, session_id))
            if self.full_text:
                self._db.execute(
                    "INSERT INTO words(rowid, question, answer) VALUES (?, ?, ?)",
                    (number, turn.question, plain),
                )
        return position

    def find(self, ref: str = "latest") -> str:
        """The id meant by an id, a unique beginning of one, or "latest" (last used).

        Raises:
            NotFound: nothing matches, or several do; the message names them.
        """
        with self._file.errors():
            if ref == "latest":
                row = self._db.execute(
                    "SELECT id FROM sessions ORDER BY updated DESC, id DESC LIMIT 1"
                ).fetchone()
                if row is None:
                    raise NotFound("no saved session yet: `askbot chat` starts one")
                return str(row[0])
            rows = self._db.execute(
                "SELECT id FROM sessions WHERE substr(id, 1, ?) = ? ORDER BY id", (len(ref), ref)
            ).fetchall()
        ids = [str(r[0]) for r in rows]
        if ref in ids:
            return ref
        if not ref or not ids:
            raise NotFound(f"no session {ref!r}; `askbot sessions list` shows them")
        if len(ids) > 1:
            some = ", ".join(ids[:4]) + (" …" if len(ids) > 4 else "")
            raise NotFound(f"{ref} begins {len(ids)} sessions ({some}): give more of the id")
        return ids[0]

    def load(self, ref: str = "latest") -> Session:
        """A session with its turns.

        Raises:
            NotFound: as for `find`.
            StoreDamaged: a saved answer cannot be read.
        """
        session_id = self.find(ref)
        with self._file.reading():
            head = self._db.execute(
                "SELECT id, page, title, created, updated, key FROM sessions WHERE id = ?",
                (session_id,),
            ).fetchone()
            rows = self._db.execute(
                "SELECT asked, question, record FROM turns WHERE session = ? ORDER BY position",
                (session_id,),
            ).fetchall()
        if head is None:  # deleted by another process in between
            raise NotFound(f"no session {session_id}; `askbot sessions list` shows them")
        try:
            turns = tuple(Turn(r[1], Answer.from_json(json.loads(r[2]))) for r in rows)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise self._file.damaged(f"an answer in session {session_id} cannot be read") from None
        session_id, page, title, created, updated, key = head
        asked = tuple(str(row[0]) for row in rows)
        return Session(session_id, page, title, created, updated, turns, asked, key)

    def recent(self, limit: int = -1, *, page: str | None = None) -> tuple[Summary, ...]:
        """Sessions, last used first; all of them, or those about one page."""
        with self._file.errors():
            rows = self._db.execute(
                "SELECT s.id, s.page, s.title, count(t.number), s.created, s.updated, s.key"
                " FROM sessions s LEFT JOIN turns t ON t.session = s.id"
                " WHERE ?1 IS NULL OR s.page = ?1 GROUP BY s.id"
                " ORDER BY s.updated DESC, s.id DESC LIMIT ?2",
                (page, limit),
            ).fetchall()
        return tuple(Summary(*row) for row in rows)

    def search(self, query: str, limit: int = 20) -> tuple[Hit, ...]:
        """Turns whose question and answer together hold every word of the query, best first.

        With FTS5 words are stemmed and ranked (BM25); without it they are looked for as written,
        newest first.
        """
        words = query.split()
        if not words:
            return ()
        columns = "t.session, s.title, s.page, t.position, t.question, t.answer, t.asked"
        joined = f"SELECT {columns} FROM turns t JOIN sessions s ON s.id = t.session"
        with self._file.errors():
            if self.full_text:
                quoted = " ".join('"' + w.replace('"', '""') + '"' for w in words)
                rows = self._db.execute(
                    f"{joined} JOIN words ON words.rowid = t.number WHERE words MATCH ?"
                    " ORDER BY words.rank, t.number DESC LIMIT ?",
                    (quoted, limit),
                ).fetchall()
            else:
                like = " AND ".join(
                    ["t.question || ' ' || t.answer LIKE ? ESCAPE '\\'"] * len(words)
                )
                rows = self._db.execute(
                    f"{joined} WHERE {like} ORDER BY t.number DESC LIMIT ?",
                    (*(f"%{_like(w)}%" for w in words), limit),
                ).fetchall()
        return tuple(Hit(*row) for row in rows)

    def delete(self, ref: str) -> str:
        """Delete a session with its turns and return its id ("latest" is not accepted).

        Raises:
            NotFound: as for `find`.
        """
        if ref == "latest":
            raise NotFound("name the session to delete: `askbot sessions list` shows the ids")
        session_id = self.find(ref)
        with self._file.writing():
            if self.full_text:
                self._db.execute(
                    "DELETE FROM words WHERE rowid IN (SELECT number FROM turns WHERE session = ?)",
                    (session_id,),
                )
            self._db.execute("DELETE FROM sessions WHERE id = ?", (session_id,))
        return session_id

    def _by_key(self, key: str) -> str | None:
        row = self._db.execute("SELECT id FROM sessions WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def _insert(self, page: str, key: str | None) -> str:
        """Ids are the UTC time, `261124-061824`; more in one second get b, c, … z, zb, …"""
        now = _now()
        base = now.strftime("%y%m%d-%H%M%S")
        taken = self._db.execute(
            "SELECT count(*) FROM sessions WHERE substr(id, 1, ?) = ?", (len(base), base)
        ).fetchone()[0]
        stamp = _stamp(now)
        while True:  # ends: only this transaction can write, and each turn tries another id
            session_id = base + _suffix(taken)
            if not self._db.execute(
                "SELECT 1 FROM sessions WHERE id = ?", (session_id,)
            ).fetchone():
                break
            taken += 1
        self._db.execute(
            "INSERT INTO sessions(id, page, title, created, updated, key)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (session_id, page, UNTITLED, stamp, stamp, key),
        )
        return session_id


def _now() -> datetime:
    return datetime.now(UTC)


def _stamp(moment: datetime) -> str:
    # microseconds: two writes in one millisecond still have an order
    return moment.isoformat(timespec="microseconds")


def _suffix(taken: int) -> str:
    full, rest = divmod(taken, 25)
    return "z" * full + ("" if rest == 0 else chr(ord("a") + rest))


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def _like(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
