"""The tables of the session file, and how an older file becomes a current one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from askbot.errors import StoreDamaged, StoreError

APPLICATION_ID = 0x61736B62  # "askb": tells our file from another program's SQLite file


def _sessions_and_turns(db: sqlite3.Connection) -> None:
    db.execute(
        "CREATE TABLE sessions (id TEXT PRIMARY KEY, page TEXT NOT NULL, title TEXT NOT NULL,"
        " created TEXT NOT NULL, updated TEXT NOT NULL)"
    )
    # AUTOINCREMENT: a deleted turn's number is never used again, so the text index cannot mix them
    db.execute(
        "CREATE TABLE turns (number INTEGER PRIMARY KEY AUTOINCREMENT,"
        " session TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,"
        " position INTEGER NOT NULL, asked TEXT NOT NULL, question TEXT NOT NULL,"
        " answer TEXT NOT NULL, record TEXT NOT NULL, UNIQUE (session, position))"
    )


def _interface_keys(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE sessions ADD COLUMN key TEXT")
    db.execute("CREATE UNIQUE INDEX sessions_by_key ON sessions(key) WHERE key IS NOT NULL")
    db.execute("CREATE INDEX sessions_by_update ON sessions(updated)")


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _sessions_and_turns,
    _interface_keys,
)
"""Step n takes a file from version n to n + 1; steps are only ever added at the end."""

VERSION = len(MIGRATIONS)


def check(db: sqlite3.Connection, path: Path) -> None:
    """Read-only: that the file is ours and not newer than this program.

    Raises:
        StoreError: the file was written by a newer askbot.
        StoreDamaged: it is an SQLite file, but another program's.
    """
    own = not db.in_transaction
    if own:  # one view of the file: another process may be creating it between two reads
        db.execute("BEGIN")
    try:
        version = _version(db)
        known = int(db.execute("PRAGMA application_id").fetchone()[0])
        tables = int(db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    finally:
        if own:
            db.execute("ROLLBACK")
    if tables and known != APPLICATION_ID:
        raise StoreDamaged(
            f"{path} is not askbot's: move it aside, or set ASKBOT_HOME to another folder; "
            "nothing was changed"
        )
    if version > VERSION:
        raise StoreError(
            f"{path} was written by a newer askbot (its version {version}, this one reads up to "
            f"{VERSION}): update askbot, or set ASKBOT_HOME to another folder"
        )


def prepare(db: sqlite3.Connection, path: Path) -> bool:
    """Bring the file to the current version; returns whether full-text search is available.

    Runs inside one write transaction, so that two processes that open a new file at once do not
    both create it and a process killed here leaves the older version.
    """
    if _version(db) != VERSION:
        db.execute("BEGIN IMMEDIATE")
        try:
            _migrate(db, path)
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
    return _full_text(db)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    check(db, path)  # again, now that nobody else can change it
    for step in MIGRATIONS[_version(db) :]:
        step(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {VERSION}")


def _full_text(db: sqlite3.Connection) -> bool:
    """Create or complete the text index where SQLite has FTS5; it is only ever a copy of `turns`.

    A file may have been written by an SQLite without FTS5, so what it lacks is filled in.
    """
    try:
        exists = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchone()
        if not exists:
            db.execute(
                "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5"
                "(question, answer, tokenize = 'porter unicode61 remove_diacritics 2')"
            )
        last = db.execute("SELECT ifnull(max(number), 0) FROM turns").fetchone()[0]
        if db.execute("SELECT ifnull(max(rowid), 0) FROM words").fetchone()[0] < last:
            db.execute(
                "INSERT INTO words(rowid, question, answer) SELECT number, question, answer "
                "FROM turns WHERE number NOT IN (SELECT rowid FROM words)"
            )
    except sqlite3.OperationalError as error:
        if "fts5" in str(error):
            return False
        raise
    return True
