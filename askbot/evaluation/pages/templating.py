"""Pages of HTML that stand alone: one file, nothing fetched, every text escaped.

Templates are Jinja2's, beside this module. A page names its only style sheet and its only script by
hash in a Content-Security-Policy, so that nothing else in it can run or load, whatever a question,
an answer or a page says.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbot.evaluation.pages import plots, wording
from askbot.evaluation.runs.recording import replacing
from askbot.showing import neutral

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

FOLDER = Path(__file__).parent / "templates"
STYLE = "page.css"
BLOCK = 1 << 16
"""Characters written at a time; templates give many small pieces."""

_ESCAPES = {ord(ch): f"\\u{ord(ch):04x}" for ch in "<>&\u2028\u2029"}


def write_page(path: Path, template: str, *, script: str | None = None, **context: Any) -> None:
    """Render a template into a file, piece by piece; iterators of the context are read lazily.

    Args:
        script: a file beside the templates that the page runs.

    Raises:
        OSError: the file cannot be written; what stood there is still there.
    """
    with replacing(path) as write:
        for block in _blocks(pieces(template, script=script, **context)):
            write(block)


def pieces(template: str, *, script: str | None = None, **context: Any) -> Iterator[str]:
    """The pieces of a rendered template in order."""
    style = _file(STYLE)
    code = None if script is None else _file(script)
    return (
        _environment()
        .get_template(template)
        .generate(context, style=style, script=code, policy=_policy(style, code))
    )


def json_pieces(values: Iterable[Any]) -> Iterator[Markup]:
    """A JSON list, a line for each value, that can stand in a script element."""
    from markupsafe import Markup

    before = "["
    for value in values:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        yield Markup(f"{before}\n{text.translate(_ESCAPES)}")
        before = ","
    yield Markup("]" if before == "," else "[]")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.globals.update(plots=plots, wording=wording)
    return environment


def _shown(value: Any) -> Any:
    """What is written for a value: text loses characters that act on what stands around it."""
    from markupsafe import Markup

    return neutral(value) if type(value) is not Markup and isinstance(value, str) else value


def _file(name: str) -> Markup:
    from markupsafe import Markup

    return Markup((FOLDER / name).read_text(encoding="utf-8"))


def _policy(style: str, script: str | None) -> str:
    scripts = "'none'" if script is None else _hash(script)
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {scripts}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _blocks(small: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for piece in small:
        held.append(piece)
        size += len(piece)
        if size > BLOCK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)
