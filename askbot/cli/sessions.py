"""`askbot sessions list|show|export|delete|search`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from askbot.cli.context import Options, manner, open_bot
from askbot.cli.layout import Hanging, rows, text
from askbot.cli.output import show
from askbot.cli.safe import neutral, one_line, shortened
from askbot.conversation.sessions import Session
from askbot.conversation.store import SessionStore
from askbot.errors import StoreError, UsageError

if TYPE_CHECKING:
    from askbot.bot import Bot

SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".json": "json", ".html": "html",
            ".htm": "html"}  # fmt: skip


def _store(options: Options) -> SessionStore:
    settings = options.settings()
    return SessionStore(settings.home, wait=settings.lock_wait)


def list_command(options: Options, *, page: str | None, limit: int) -> None:
    """Print saved sessions, last used first."""
    with _store(options) as store:
        found = store.recent(limit, page=page)
    if not found:
        show(Hanging(Text("no saved session yet: `askbot chat` starts one")))
        return
    show(
        *rows(
            ("id", "last used (UTC)", "turns", "page", "first question"),
            [
                (s.id, _minute(s.updated), str(s.turns), one_line(s.page), one_line(s.title))
                for s in found
            ],
            right=(2,),
        )
    )


def show_command(options: Options, ref: str) -> None:
    """Print a saved session's turns.

    Raises:
        NotFound: there is none of this id.
    """
    settings = options.settings()
    with SessionStore(settings.home, wait=settings.lock_wait) as store:
        session = store.load(ref)
    show(*session_lines(session, open_bot(settings), options))


def session_lines(session: Session, bot: Bot, options: Options) -> list[Hanging]:
    """A heading, then each question with its answer and sources."""
    from askbot.cli.render import answer_lines

    known = {entry.slug for entry in bot.catalog()}
    page = session.page if session.page in known else None
    about = f"{session.page}, begun {_minute(session.created)} UTC, {len(session.turns)} turns"
    lines = [Hanging(text((session.id, "bold cyan"), f"  {one_line(about)}"))]
    for turn in session.turns:
        lines.append(Hanging(Text()))
        lines.append(Hanging(Text(neutral(turn.question), "bold"), Text("> ", "dim")))
        lines += answer_lines(turn.answer, lambda slug: bot.page(slug or page), manner(options))
    return lines


def export_command(options: Options, ref: str, file: str) -> None:
    """Write a session to a file in the form its suffix names, or to stdout as Markdown.

    Raises:
        NotFound: there is none of this id; UsageError, StoreError: it cannot be written there.
    """
    from askbot.conversation.export import export

    form = "markdown" if file == "-" else form_of(file)
    with _store(options) as store:
        session = store.load(ref)
    exported = export(session, form)
    if file == "-":
        sys.stdout.write(exported)
        return
    write_export(Path(file).expanduser(), exported)
    show(Hanging(Text(f"wrote {one_line(file)} ({len(session.turns)} turns)")))


def form_of(file: str) -> str:
    """The export form a file's suffix names.

    Raises:
        UsageError: it names none.
    """
    form = SUFFIXES.get(Path(file).suffix.lower())
    if form is None:
        raise UsageError(f"{file!r} does not say the form; end it in .md, .json or .html")
    return form


def write_export(path: Path, exported: str) -> None:
    """Write an export as a whole or not at all; only an earlier export is replaced.

    Raises:
        UsageError: the file is there and is not an export of askbot's.
        StoreError: it cannot be written.
    """
    from askbot.index.files import disk_errors, write_atomically

    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it")
    if path.exists() and not _is_export(path):
        raise UsageError(f"{path} exists and is not an export of askbot's; name another file")
    try:
        with disk_errors(path.parent):
            write_atomically(path, exported.encode("utf-8", "replace"))
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written ({error.strerror}); name a file in a folder that exists"
        ) from None


def _is_export(path: Path) -> bool:
    from askbot.conversation.transcript import read_transcript
    from askbot.errors import SessionError

    try:
        read_transcript(path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError, SessionError):
        return False
    return True


def delete_command(options: Options, refs: Sequence[str]) -> None:
    """Delete sessions; if one of them is not there, none is deleted.

    Raises:
        NotFound: there is none of an id.
    """
    with _store(options) as store:
        ids = [ref if ref == "latest" else store.find(ref) for ref in refs]
        for session_id in dict.fromkeys(ids):
            show(Hanging(Text(f"deleted {store.delete(session_id)}")))


def search_command(options: Options, words: str) -> None:
    """Print the turns that hold every word."""
    with _store(options) as store:
        hits = store.search(words)
    if not hits:
        show(Hanging(Text(f"no saved turn holds {one_line(words)!r}")))
        return
    for hit in hits:
        show(
            Hanging(
                text((hit.session, "cyan"), f" turn {hit.position}, {_minute(hit.asked)} UTC"),
            ),
            Hanging(Text(shortened(hit.question, 200), "bold"), "  > "),
            Hanging(Text(shortened(hit.answer, 300)), "    "),
        )


def _minute(stamp: str) -> str:
    return stamp[:16].replace("T", " ")
