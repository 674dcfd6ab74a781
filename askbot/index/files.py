"""The data folder: where things lie, writing all or nothing, and one writer at a time."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from askbot.errors import StoreBusy, StoreDamaged, StoreError


class Layout:
    """Paths under ASKBOT_HOME."""

    def __init__(self, home: Path) -> None:
        # SQLite is asked by URI, which a relative path has none of.
        home = home.absolute()
        self.home = home
        self.catalog = home / "catalog.json"
        self.pages = home / "pages"
        self.chroma = home / "chroma"
        self.tables = home / "tables"
        self.lock = home / "ingest.lock"

    def ensure(self) -> None:
        """Create the folders.

        Raises:
            StoreError: they cannot be created or written.
        """
        with disk_errors(self.home):
            for folder in (self.home, self.pages, self.tables):
                folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def disk_errors(where: Path) -> Iterator[None]:
    """Turn the operating system's complaints into one line that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreError(
                f"no space left on the disk that holds {where}; nothing was lost: free some space "
                "and run the command again"
            ) from None
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StoreError(
                f"{error.filename or where} cannot be written ({error.strerror}); set ASKBOT_HOME "
                "to a folder that you may write to"
            ) from None
        if isinstance(error, (NotADirectoryError, FileExistsError)):
            raise StoreError(
                f"{error.filename or where} is in the way of askbot's data folder; set ASKBOT_HOME "
                "to another folder"
            ) from None
        raise


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file in one step: a reader sees the old bytes or the new ones, never a part."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def one_writer(layout: Layout, wait: float) -> Iterator[None]:
    """Hold the ingest lock. The operating system drops it when the process dies.

    Raises:
        StoreBusy: another process still holds it after `wait` seconds.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(str(layout.lock)).acquire(timeout=wait):
            yield
    except Timeout:
        raise StoreBusy(
            f"another askbot is writing to {layout.home}; nothing was changed: "
            "try again when it is done"
        ) from None


def check_chroma_file(layout: Layout, *, wait: float) -> None:
    """A cheap look at Chroma's database before it, or tables made from it, are relied on.

    Raises:
        StoreDamaged: it is missing or not a database any more.
        StoreBusy: another process has it locked for longer than `wait` seconds.
    """
    import sqlite3

    path = layout.chroma / "chroma.sqlite3"
    mend = "run `askbot ingest --rebuild` to make the index again from the saved pages"
    if not path.is_file():
        raise StoreDamaged(
            f"the index in {layout.home} is damaged ({path.name} is missing); {mend}"
        )
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=wait)
        try:
            connection.execute("SELECT count(*) FROM collections").fetchone()
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise StoreBusy(
                f"the index in {layout.home} is locked by another process; "
                "try again when it is done"
            ) from None
        raise StoreDamaged(f"the index in {layout.home} is damaged ({error}); {mend}") from None
    except sqlite3.DatabaseError as error:
        raise StoreDamaged(f"the index in {layout.home} is damaged ({error}); {mend}") from None
