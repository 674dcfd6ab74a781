"""The session file as a connection: transactions, and SQLite's errors turned into one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from askbot.conversation import schema
from askbot.errors import StoreBusy, StoreDamaged, StoreError


class Database:
    """An open session file at the current schema version.

    Attributes:
        db: the connection, in autocommit mode: transactions are those of `writing` and `reading`.
        full_text: whether the `words` table can be searched.

    Raises:
        StoreDamaged, StoreBusy, StoreError: as `SessionStore` says.
    """

    def __init__(self, path: Path, wait: float) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot use {path.parent}: {error.strerror}; set ASKBOT_HOME"
            ) from None
        with self.errors():
            self.db = sqlite3.connect(
                path, timeout=wait, isolation_level=None, check_same_thread=False
            )
        try:
            with self.errors():
                schema.check(self.db, path)  # before anything is written to it
                self.db.execute("PRAGMA foreign_keys = ON")
                self.db.execute("PRAGMA journal_mode = WAL")
                self.db.execute("PRAGMA synchronous = FULL")  # shown means on disk
                self.full_text = schema.prepare(self.db, path)
        except BaseException:
            self.db.close()
            raise

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self.errors():
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self.errors():
            self.db.execute("BEGIN")
            try:
                yield
            finally:
                self.db.execute("ROLLBACK")

    @contextmanager
    def errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise StoreBusy(
                    f"another askbot is writing to {self.path}: try again; nothing was changed"
                ) from None
            if "no such" in str(error) or "malformed" in str(error):
                raise self.damaged(str(error)) from None
            raise StoreError(
                f"cannot use {self.path}: {error}; free the disk or set ASKBOT_HOME"
            ) from None
        except sqlite3.DatabaseError as error:
            raise self.damaged(str(error)) from None

    def damaged(self, what: str) -> StoreDamaged:
        return StoreDamaged(
            f"{self.path} is damaged ({what}): move it aside to start afresh; nothing was changed"
        )
