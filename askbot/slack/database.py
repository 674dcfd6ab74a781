"""The bridge's state in SQLite or Postgres: tables, transactions, and errors in one line.

SQLAlchemy Core speaks to both; SQLite transactions take the write lock at once (BEGIN IMMEDIATE),
so that workers of several processes wait for each other instead of failing half-way.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from askbot.errors import SettingsError, StoreBusy, StoreDamaged, StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table

FILE_NAME = "slack.sqlite3"
WAIT = 2.0
"""Seconds to wait for another writer: less than the 3 s in which Slack wants its answer."""
READ = {"askbot_reads": True}


@cache
def tables() -> SimpleNamespace:
    """The tables. Times are seconds since 1970; JSON is kept as text, the same on both engines."""
    import sqlalchemy as sa

    meta = sa.MetaData()
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

    def text(name: str, *, default: str = "") -> sa.Column[str]:
        return sa.Column(name, sa.Text, nullable=False, default=default)

    events = sa.Table(
        "slack_events",
        meta,
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("seen", sa.Float, nullable=False, index=True),
    )
    jobs = sa.Table(
        "slack_jobs",
        meta,
        sa.Column("seq", serial, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        text("kind"),
        text("team"),
        text("channel"),
        text("reply_to"),
        text("message_ts"),
        text("user_id"),
        text("thread"),
        text("words"),
        text("extra", default="{}"),
        text("state", default="queued"),
        text("worker"),
        sa.Column("lease", sa.Float, nullable=False, default=0.0),
        sa.Column("attempts", sa.Integer, nullable=False, default=0),
        sa.Column("not_before", sa.Float, nullable=False, default=0.0),
        sa.Column("posting", sa.Boolean, nullable=False, default=False),
        text("page"),
        text("answer"),
        text("posted", default="[]"),
        text("error"),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("updated", sa.Float, nullable=False),
        sa.Index("slack_jobs_by_state", "state", "seq"),
        sa.Index("slack_jobs_by_thread", "thread", "state"),
    )
    threads = sa.Table(
        "slack_threads",
        meta,
        sa.Column("thread", sa.Text, primary_key=True),
        text("page"),
        sa.Column("spoken_to", sa.Boolean, nullable=False, default=True),
        sa.Column("updated", sa.Float, nullable=False),
    )
    channels = sa.Table(
        "slack_channels",
        meta,
        sa.Column("channel", sa.Text, primary_key=True),
        text("page"),
    )
    turns = sa.Table(
        "slack_turns",
        meta,
        sa.Column("number", serial, primary_key=True, autoincrement=True),
        sa.Column("thread", sa.Text, nullable=False, index=True),
        sa.Column("job", sa.Text, nullable=False, unique=True),
        text("question"),
        text("answer"),
    )
    feedback = sa.Table(
        "slack_feedback",
        meta,
        sa.Column("job", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        text("value"),
        text("question"),
        text("page"),
        text("answer"),
        sa.Column("given", sa.Float, nullable=False),
    )
    return SimpleNamespace(
        meta=meta,
        events=events,
        jobs=jobs,
        threads=threads,
        channels=channels,
        turns=turns,
        feedback=feedback,
    )


class Database:
    """An open state store.

    Args:
        home: the data folder, where the default SQLite file lies.
        url: a SQLAlchemy URL ("postgresql://user@host/name"); None for the default.

    Raises:
        SettingsError: the URL cannot be used. StoreError and its kind: the store cannot be opened.
    """

    def __init__(self, home: Path, url: str | None = None) -> None:
        import sqlalchemy as sa

        self.shared = bool(url) and not str(url).startswith("sqlite")
        if url is None:
            try:
                home.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"cannot use {home}: {error.strerror}; set ASKBOT_HOME") from None
            url = f"sqlite:///{home / FILE_NAME}"
        if url.startswith(("postgres://", "postgresql://")):
            url = "postgresql+psycopg://" + url.partition("://")[2]
        try:
            parsed = sa.make_url(url)
            self.name = parsed.render_as_string(hide_password=True)
            timeout = {"timeout": WAIT} if parsed.get_backend_name() == "sqlite" else {}
            self.engine: Engine = sa.create_engine(
                parsed, connect_args=timeout, pool_pre_ping=self.shared
            )
        except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
            raise SettingsError(
                f"slack_store cannot be used ({type(error).__name__}); give sqlite:///FILE or "
                "postgresql://USER@HOST/NAME (for which psycopg must be installed)"
            ) from None
        self._next, self._turn = threading.Lock(), threading.Lock()
        if self.engine.dialect.name == "sqlite":
            _sqlite_transactions(self.engine)
        with self.writing() as db:
            tables().meta.create_all(db)

    @contextmanager
    def writing(self, *, urgent: bool = False) -> Iterator[Connection]:
        """One transaction.

        Args:
            urgent: Slack waits for it: at most one other transaction of this process goes first.

        Raises:
            StoreBusy: another process held the store too long. StoreDamaged, StoreError.
        """
        with self._errors(), self._in_turn(urgent), self.engine.begin() as db:
            yield db

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that writes nothing, and waits for no writer. Raises: as `writing`."""
        with self._errors(), self.engine.connect().execution_options(**READ) as db, db.begin():
            yield db

    @contextmanager
    def _errors(self) -> Iterator[None]:
        import sqlalchemy as sa

        try:
            yield
        except sa.exc.OperationalError as error:
            reason = str(error.orig).splitlines()[0] if error.orig else "cannot be reached"
            if "locked" in reason:
                raise StoreBusy(f"{self.name} is busy; it is tried again") from None
            raise StoreError(f"{self.name}: {reason}; free the disk or start the server") from None
        except sa.exc.DatabaseError as error:
            reason = str(error.orig).splitlines()[0] if error.orig else str(error)
            raise StoreDamaged(f"{self.name}: {reason}; move it aside to start afresh") from None

    @contextmanager
    def _in_turn(self, urgent: bool) -> Iterator[None]:
        """SQLite's writers poll for its lock, and some wait for long; threads queue here instead.

        Those that are not urgent queue for the place in front of the door first.
        """
        if self.engine.dialect.name != "sqlite":
            yield
            return
        with ExitStack() as held:
            for lock in (self._turn,) if urgent else (self._next, self._turn):
                if not lock.acquire(timeout=WAIT):
                    raise StoreBusy(f"{self.name} is busy; it is tried again")
                held.callback(lock.release)
            yield

    def insert_once(self, db: Connection, table: Table, values: dict[str, Any]) -> bool:
        """Insert a row unless its key is there already; whether it was inserted."""
        from sqlalchemy.dialects import postgresql, sqlite

        dialect = sqlite if self.engine.dialect.name == "sqlite" else postgresql
        done = db.execute(dialect.insert(table).values(values).on_conflict_do_nothing())
        return bool(done.rowcount)

    def upsert(self, db: Connection, table: Table, values: dict[str, Any]) -> None:
        """Insert a row, or replace the other columns of the one with its primary key."""
        from sqlalchemy.dialects import postgresql, sqlite

        dialect = sqlite if self.engine.dialect.name == "sqlite" else postgresql
        keys = [c.name for c in table.primary_key]
        rest = {k: v for k, v in values.items() if k not in keys}
        statement = dialect.insert(table).values(values)
        db.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _sqlite_transactions(engine: Engine) -> None:
    from sqlalchemy import event

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver begins no transactions of its own
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # acknowledged means on disk

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        reads = connection.get_execution_options().get("askbot_reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
