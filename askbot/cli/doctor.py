"""`askbot doctor`: what works, what does not, and what to do about it; a line each."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from askbot.cli.context import Options
from askbot.cli.layout import Hanging, text
from askbot.cli.output import columns, is_dumb, is_terminal, show, speaks_unicode
from askbot.cli.safe import one_line
from askbot.errors import AskbotError
from askbot.settings import Settings

State = Literal["ok", "warn", "fail"]
STYLE: dict[State, str] = {"ok": "green", "warn": "yellow", "fail": "bold red"}
ROOM = 220_000_000
"""Bytes that the first ingest needs."""
PARITY = 0.9999
"""Least cosine between what the page encoder and the question encoder make of one text."""
SAMPLES = (
    "Who is quoted?",
    "How many people were deported since October 2008?",
    "A longer passage, with “curly quotes”, a number (50,600) and a name or two: Ana, José, 李.",
    "",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; the detail of a bad one says what to do."""

    name: str
    state: State
    detail: str


def doctor_command(options: Options, *, quick: bool) -> int:
    """Run every check and print it as it is done; returns the exit status (1 if any failed)."""
    settings = options.settings()
    failed = False
    for finding in findings(settings, quick=quick):
        failed = failed or finding.state == "fail"
        head = text((f"{finding.state:<4}", STYLE[finding.state]), f"  {finding.name:<12} ")
        show(Hanging(text(one_line(finding.detail)), head))
    return 1 if failed else 0


def findings(settings: Settings, *, quick: bool = False) -> Iterator[Finding]:
    """The checks in order. None of them changes anything, and none ends the others."""
    checks: list[tuple[str, Callable[[Settings], tuple[State, str]]]] = [
        ("version", _version),
        ("data folder", _data_folder),
        ("index", _index),
        ("weights", _weights),
        ("encoder", _encoder),
        ("reader", _reader),
        ("offline", _offline),
        ("sessions", _sessions),
        ("chat model", _chat_model),
        ("terminal", _terminal),
    ]
    if not quick:
        checks.insert(5, ("parity", _parity))
    for name, check in checks:
        try:
            state, detail = check(settings)
        except AskbotError as error:
            state, detail = "fail", str(error)
        except Exception as error:
            state, detail = "fail", f"{type(error).__name__}: {error}; run `make install` again"
        yield Finding(name, state, detail)


def _version(settings: Settings) -> tuple[State, str]:
    del settings
    from askbot import __version__

    python = ".".join(str(n) for n in sys.version_info[:3])
    return "ok", f"askbot {__version__} on Python {python}"


def _data_folder(settings: Settings) -> tuple[State, str]:
    home = settings.home
    above = next((p for p in (home, *home.parents) if p.exists()), home)
    try:
        with tempfile.TemporaryFile(dir=above):
            pass
    except OSError as error:
        return "fail", f"{home} cannot be written ({error.strerror}); set ASKBOT_HOME elsewhere"
    free = shutil.disk_usage(above).free
    about = f"{home}, {free // 1_000_000} MB free"
    if free < ROOM and not (home / "encoders").is_dir():
        return "fail", f"{about}; the first ingest needs {ROOM // 1_000_000} MB: free some space"
    return "ok", about


def _index(settings: Settings) -> tuple[State, str]:
    from askbot.index.store import Store

    store = Store(settings)
    entries = store.catalog.pages
    if not entries:
        return "warn", "nothing ingested yet; the first question ingests the bundled page"
    passages = len(store.tables.rows)
    for entry in entries:
        store.page(entry.slug)
    slugs = ", ".join(entry.slug for entry in entries)
    return "ok", f"{passages} passages of {slugs}"


def _weights(settings: Settings) -> tuple[State, str]:
    from askbot.embedding import DEFAULT_MODEL, check_packaged_model

    if settings.embedding_model != DEFAULT_MODEL:
        return "ok", f"{settings.embedding_model} (your own model: no digest to check it against)"
    check_packaged_model()
    return "ok", f"{DEFAULT_MODEL}, sha256 as published"


def _encoder(settings: Settings) -> tuple[State, str]:
    import json

    from askbot.embedding import QuestionEncoder, exported_folder, sha256_of

    folder = exported_folder(settings)
    if not folder.is_dir():
        return "warn", "not exported yet; the first ingest does that"
    encoder = QuestionEncoder(folder, threads=settings.threads)
    encoder.encode(["a question"])
    recorded = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))["sha256"]
    if sha256_of(folder / "model.onnx") != recorded:
        return "fail", f"{folder} was altered; delete it and run `askbot ingest --rebuild`"
    return "ok", f"{encoder.dimension} dimensions, sha256 as exported"


def _parity(settings: Settings) -> tuple[State, str]:
    from askbot.cli.progress import shown_progress
    from askbot.embedding import PageEncoder, QuestionEncoder, exported_folder

    folder = exported_folder(settings)
    if not folder.is_dir():
        return "warn", "no exported encoder to compare yet"
    with shown_progress("comparing the two encoders"):
        pages = PageEncoder(settings).encode(SAMPLES)
        questions = QuestionEncoder(folder, threads=settings.threads).encode(SAMPLES)
    least = float((pages * questions).sum(axis=1).min())
    if least < PARITY:
        return "fail", f"the encoders differ (cosine {least:.4f}); delete {folder} and ingest again"
    return "ok", f"page and question encoder agree (least cosine {least:.6f})"


def _reader(settings: Settings) -> tuple[State, str]:
    del settings
    from askbot.reader.package import MANIFEST, PACKAGED, checked

    if not (PACKAGED / MANIFEST).is_file():
        return "warn", "no reader model in this installation; sentences are chosen by word overlap"
    checked(PACKAGED)
    return "ok", "sha256 as in its manifest"


def _offline(settings: Settings) -> tuple[State, str]:
    del settings
    from askbot.embedding import go_offline

    go_offline()
    flags = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")
    missing = [flag for flag in flags if os.environ.get(flag) != "1"]
    if missing:
        return "fail", f"{', '.join(missing)} cannot be set: a model hub could be asked"
    return "ok", "model hubs are never asked"


def _sessions(settings: Settings) -> tuple[State, str]:
    from askbot.conversation.store import FILE_NAME, SessionStore

    if not (settings.home / FILE_NAME).exists():
        return "ok", "none saved yet"
    with SessionStore(settings.home, wait=settings.lock_wait) as store:
        count = len(store.recent())
        ranked = "ranked search" if store.full_text else "plain search (this SQLite has no FTS5)"
    return "ok", f"{count} saved, {ranked}"


def _chat_model(settings: Settings) -> tuple[State, str]:
    if settings.model is None:
        return "ok", "none set: answers are extractive and offline"
    provider, colon, name = settings.model.partition(":")
    if not colon or not name:
        return "fail", f"{settings.model!r} is not PROVIDER:NAME, such as ollama:llama3.2"
    package = f"langchain_{provider.replace('-', '_')}"
    if find_spec(package) is None:
        return (
            "warn",
            f"{settings.model}: {package} is not installed; pip install askbot[{provider}]",
        )
    return "ok", f"{settings.model} (not called by this check)"


def _terminal(settings: Settings) -> tuple[State, str]:
    del settings
    parts = [f"TERM={os.environ.get('TERM') or 'unset'}", sys.stdout.encoding or "no encoding"]
    if is_terminal(sys.stdout):
        parts.append(f"{columns()} columns")
    else:
        parts.append("not a terminal: plain lines")
    if os.environ.get("NO_COLOR"):
        parts.append("NO_COLOR")
    if is_dumb():
        parts.append("no escape sequences: plain chat")
    if not speaks_unicode(sys.stdout):
        return "warn", f"{', '.join(parts)}; ¶ and curly quotes are spelt out: use a UTF-8 locale"
    return "ok", ", ".join(parts)
