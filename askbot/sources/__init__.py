"""Reading pages: one reader a format, all giving a `Page`.

`read` takes a path, a folder, "-" or an address; `parse` is the pure part, from text to a page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from askbot.discussion import Page, slugify
from askbot.errors import SourceError
from askbot.settings import Settings
from askbot.sources import formats
from askbot.sources.decode import decode

__all__ = ["parse", "parse_all", "read"]

_CHUNK = 1 << 20
_COMPANIONS = frozenset(
    {"speakers.json", "users.json", "conversations.json", "corpus.json", "index.json"}
)
"""Files that lie beside utterances.jsonl in a ConvoKit corpus and hold no text."""

_log = logging.getLogger(__name__)


def parse(text: str, *, format: str | None = None, slug: str, origin: str) -> Page:
    """Read one page from decoded text.

    Args:
        format: "text", "html", "markdown", "convokit" or "hackernews"; None sniffs it.

    Raises:
        SourceError: it is not one page in that format.
    """
    pages = parse_all(text, format=format, slug=slug, origin=origin)
    if len(pages) != 1:
        raise SourceError(f"{origin}: {len(pages)} conversations; read them with `parse_all`")
    return pages[0]


def parse_all(text: str, *, format: str | None = None, slug: str, origin: str) -> list[Page]:
    """Read the pages in decoded text; only a ConvoKit file can hold several.

    Raises:
        SourceError: it is no page in that format.
    """
    return formats.read_all(text, format=format, slug=slug, origin=origin)


def read(
    where: str,
    *,
    settings: Settings,
    slug: str | None = None,
    stdin: BinaryIO | None = None,
    report: Callable[[SourceError], None] | None = None,
) -> list[Page]:
    """Read a file, every page in a folder, standard input ("-") or an http(s) address.

    Without `slug`, the name comes from the file or the address. With it, several pages are named
    `slug-NAME`.

    Args:
        report: called for each file of a folder that is not readable; without it, a warning is
            logged. A single page that is not readable raises.

    Raises:
        SourceError: nothing readable is there; the message says why and what to do.
        FetchError: the address could not be fetched, or may not be.
    """
    slug = slugify(slug) if slug else None
    if where == "-":
        data = _stream(stdin, settings.max_page_bytes)
        return _decoded(data, slug=slug, name="stdin", origin="stdin")
    if where.lower().startswith(("http://", "https://")):
        return _fetched(where, settings=settings, slug=slug)
    if "://" in where:
        scheme = where.partition("://")[0]
        raise SourceError(f"{where}: {scheme} addresses are not read; give http(s) or a file")
    if not where.strip():
        raise SourceError("no page is named; give a file, a folder, an address, or - for stdin")
    path = Path(where).expanduser()
    if path.is_dir():
        return _folder(path, settings=settings, slug=slug, report=report)
    return _file(path, settings=settings, slug=slug)


def _file(path: Path, *, settings: Settings, slug: str | None) -> list[Page]:
    data = _load(path, settings.max_page_bytes)
    return _decoded(data, slug=slug, name=path.name, origin=str(path))


def _folder(
    folder: Path,
    *,
    settings: Settings,
    slug: str | None,
    report: Callable[[SourceError], None] | None,
) -> list[Page]:
    pages: list[Page] = []
    taken: set[str] = set()
    files = _files(folder)
    for path in files:
        name = "-".join(path.relative_to(folder).parts)
        own = slugify(Path(name).stem)
        own = f"{slug}-{own}" if slug else own
        if own in taken:
            own = f"{slug}-{slugify(name)}" if slug else slugify(name)
        while own in taken:
            own += "-x"
        try:
            found = _file(path, settings=settings, slug=own)
        except SourceError as error:
            if report is not None:
                report(error)
            else:
                _log.warning("%s", error)
            continue
        taken.add(own)
        taken.update(page.slug for page in found)
        pages.extend(found)
    if not pages:
        seen = f"none of its {len(files)} pages is readable" if files else "no page in it"
        raise SourceError(f"{folder}: {seen}; pages end in {', '.join(formats.SUFFIXES)}")
    return pages


def _files(folder: Path) -> list[Path]:
    """The files in a folder and its subfolders that are named like pages, hidden ones left out."""
    found = []
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") for part in parts) or formats.of_name(path.name) is None:
            continue
        corpus = (path.parent / "utterances.jsonl").exists()
        if path.is_file() and not (corpus and path.name in _COMPANIONS):
            found.append(path)
    return sorted(found)


def _fetched(url: str, *, settings: Settings, slug: str | None) -> list[Page]:
    from askbot.sources.fetch import fetch

    page = fetch(url, settings=settings)
    return _decoded(
        page.data,
        slug=slug,
        name=page.name,
        origin=page.url,
        format=formats.CONTENT_TYPES.get(page.content_type),
        declared=page.charset,
    )


def _decoded(
    data: bytes,
    *,
    slug: str | None,
    name: str,
    origin: str,
    format: str | None = None,
    declared: str | None = None,
) -> list[Page]:
    format = format or formats.of_name(name)
    if format == "text" and formats.looks_like_html(data[:65_536].decode("ascii", "replace")):
        format = "html"  # a web page saved under the name of a text file
    html = format == "html" or (
        format is None and formats.looks_like_html(data[:65_536].decode("ascii", "replace"))
    )
    text = decode(data, origin=origin, declared=declared, html=html)
    own = slug or slugify(Path(name).stem)
    return parse_all(text, format=format, slug=own, origin=origin)


def _load(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            if size > limit:
                raise _too_large(str(path), limit, size)
            return _take(file, limit, str(path))
    except FileNotFoundError:
        raise SourceError(f"{path}: no such file; check the path") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(f"{path}: cannot be read ({reason}); check its permissions") from None


def _stream(stdin: BinaryIO | None, limit: int) -> bytes:
    import sys

    return _take(stdin if stdin is not None else sys.stdin.buffer, limit, "stdin")


def _take(file: BinaryIO, limit: int, origin: str) -> bytes:
    """All of a stream, or an error as soon as it is longer than the limit."""
    chunks = []
    size = 0
    while chunk := file.read(min(_CHUNK, limit + 1 - size)):
        chunks.append(chunk)
        size += len(chunk)
        if size > limit:
            raise _too_large(origin, limit)
    return b"".join(chunks)


def _too_large(origin: str, limit: int, size: int | None = None) -> SourceError:
    over = f"{size / 1e6:.1f} MB, more than" if size is not None else "more than"
    return SourceError(
        f"{origin}: {over} the {limit / 1e6:g} MB allowed; split it, or raise ASKBOT_MAX_PAGE_BYTES"
    )
