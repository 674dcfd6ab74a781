"""Where output goes: consoles that suit a terminal, a dumb terminal, a pipe, any encoding."""

from __future__ import annotations

import codecs
import os
import shutil
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

UNWRAPPED = 100_000
"""Width of a pipe, in columns: lines are not broken there."""
WIDEST = 100
"""Longer lines are hard to read."""

_ASCII = str.maketrans({
    "¶": "p", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "--",
    "«": "<<", "»": ">>", "·": "-", "├": "|", "└": "`", "│": "|", "─": "-", "␛": "^[",
    "→": "->", "−": "-", "↳": ">", "✓": "ok", "\u00a0": " ",
})  # fmt: skip


def _spell(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: what an encoding lacks is written in ASCII, at worst as "?"."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    piece = error.object[error.start : error.end].translate(_ASCII)
    return "".join(ch if ch.isascii() else "?" for ch in piece), error.end


@lru_cache(maxsize=1)
def _register() -> str:
    codecs.register_error("askbot-spell", _spell)
    return "askbot-spell"


def survive_any_encoding() -> None:
    """Make stdout and stderr spell out what their encoding lacks instead of failing."""
    handler = _register()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=handler)


def is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def is_dumb() -> bool:
    """Whether the terminal understands no escape sequences."""
    return os.environ.get("TERM", "").lower() in ("", "dumb", "unknown")


def is_styled(stream: TextIO) -> bool:
    """Whether styles may be written there: a capable terminal, and NO_COLOR is not set."""
    return is_terminal(stream) and not is_dumb() and not os.environ.get("NO_COLOR")


def columns() -> int:
    return max(20, shutil.get_terminal_size((80, 24)).columns)


def console(stream: TextIO | None = None) -> Console:
    """A console on stdout (or the stream given); on a pipe it writes plain, unbroken lines."""
    from rich.console import Console

    out = stream or sys.stdout
    styled = is_styled(out)
    return Console(
        file=out,
        force_terminal=styled,
        color_system="auto" if styled else None,
        width=min(columns(), WIDEST) if is_terminal(out) else UNWRAPPED,
        height=24,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )


def show(*renderables: RenderableType, stream: TextIO | None = None) -> None:
    """Print renderables one below the other and flush."""
    target = console(stream)
    for renderable in renderables:
        target.print(renderable)
    target.file.flush()


def speaks_unicode(stream: TextIO) -> bool:
    """Whether the stream's encoding has every character."""
    return (stream.encoding or "").lower().replace("-", "").startswith("utf")
