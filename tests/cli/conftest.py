"""Running commands in this process, as a shell would see them."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from askbot.cli import run as run_askbot


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def data(home: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own with the bundled page and `town` ingested."""
    folder = tmp_path / "data"
    shutil.copytree(home, folder, symlinks=True, ignore=shutil.ignore_patterns("encoders"))
    (folder / "encoders").symlink_to(home / "encoders")
    return folder


@pytest.fixture
def run(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("ask", "…", stdin="…")` over `data`; gives status, stdout and stderr."""
    monkeypatch.setenv("ASKBOT_HOME", str(data))

    def call(*arguments: str, stdin: str | bytes = b"") -> Result:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        status = run_askbot(list(arguments))
        out, err = capsys.readouterr()
        return Result(status, out, err)

    return call
