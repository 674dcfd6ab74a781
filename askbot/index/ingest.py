"""Put pages into the index: repeatable, only what changed, and all or nothing.

Order matters: page files and vectors are only added, a new generation of tables is written beside
the old one, and then the catalog is replaced in one step. A process killed anywhere before that
leaves the old catalog, whose files and vectors are all still there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from askbot.discussion import Page
from askbot.embedding import exported_folder
from askbot.errors import StoreDamaged, StoreError
from askbot.index import pagefile, tables
from askbot.index.catalog import Catalog, PageEntry, read_catalog, write_catalog
from askbot.index.files import Layout, disk_errors, one_writer, write_atomically
from askbot.index.passage_vectors import (
    New,
    Progress,
    embed,
    keep_known,
    sentence_id,
    vector_ids,
)
from askbot.index.store import read_page
from askbot.index.tables import Row
from askbot.index.vectors import ChromaVectors
from askbot.passages import passages_of, sentence_texts
from askbot.settings import Settings

if TYPE_CHECKING:
    from askbot.embedding import Vectors

_ROOM = 8_000_000
_ROOM_FOR_ENCODER = 220_000_000
"""Bytes that must be free before anything is written; the encoder is exported once."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one page. `embedded` passages got a new vector, `reused` kept theirs."""

    entry: PageEntry
    status: Literal["new", "changed", "unchanged"]
    embedded: int = 0
    reused: int = 0


def _quiet(stage: str, done: int, total: int) -> None:
    del stage, done, total


def ingest(
    pages: Sequence[Page],
    settings: Settings,
    *,
    replace_slug: bool = False,
    progress: Progress = _quiet,
) -> list[Ingested]:
    """Index pages. A page that came from elsewhere under a slug in use gets a slug of its own.

    Args:
        replace_slug: the slugs were chosen by the user: replace what is there under them.

    Raises:
        StoreError: no room, no permission; StoreBusy: another process is ingesting;
        StoreDamaged, EncoderError. The old index answers on in every case.
    """
    layout = Layout(settings.home)
    layout.ensure()
    with one_writer(layout, settings.lock_wait), disk_errors(layout.home):
        catalog = read_catalog(layout)
        if catalog.pages and catalog.model != settings.embedding_model:
            raise StoreError(
                f"the index was made with embedding model {catalog.model}, but "
                f"{settings.embedding_model} is set; run `askbot ingest --rebuild` first"
            )
        planned: list[tuple[Page, PageEntry, Literal["new", "changed", "unchanged"]]] = []
        wanted = catalog
        for page in pages:
            page = page if replace_slug else _with_own_slug(page, wanted)
            entry = _entry(page)
            old = next((e for e in wanted.pages if e.slug == page.slug), None)
            status: Literal["new", "changed", "unchanged"] = (
                "new" if old is None else "unchanged" if _same(old, entry) else "changed"
            )
            if status != "unchanged":
                wanted = wanted.with_page(entry)
            planned.append((page, entry, status))
        counts: dict[str, tuple[int, int]] = {}
        if wanted != catalog or _lacks_sentences(layout, catalog):
            fresh = {p.slug: p for p, _, status in planned if status != "unchanged"}
            counts = _write(layout, settings, wanted, fresh, progress)
        return [Ingested(e, status, *counts.get(e.slug, (0, 0))) for _, e, status in planned]


def _lacks_sentences(layout: Layout, catalog: Catalog) -> bool:
    """Whether the index was made before sentences had vectors of their own."""
    current = layout.tables / catalog.generation
    return bool(catalog.pages) and not (current / tables.SENTENCES).is_file()


def forget(slug: str, settings: Settings) -> PageEntry:
    """Take a page out of the index.

    Raises:
        NotFound: it is not there; and what `ingest` raises.
    """
    layout = Layout(settings.home)
    layout.ensure()
    with one_writer(layout, settings.lock_wait), disk_errors(layout.home):
        catalog = read_catalog(layout)
        entry = catalog.entry(slug)
        _write(layout, settings, catalog.without(slug), {}, _quiet)
        return entry


def rebuild(settings: Settings, *, progress: Progress = _quiet) -> tuple[PageEntry, ...]:
    """Make vectors and tables again from the saved pages, after damage or for another model.

    The damaged parts are kept aside as `chroma.damaged` until the new ones stand.

    Raises:
        StoreError: there is no saved page to rebuild from; and what `ingest` raises.
    """
    layout = Layout(settings.home)
    layout.ensure()
    with one_writer(layout, settings.lock_wait), disk_errors(layout.home):
        pages = _saved_pages(layout)
        if not pages:
            raise StoreError(
                f"there is no saved page in {layout.pages}; ingest your pages again with "
                "`askbot ingest PATH_OR_URL`"
            )
        entries = tuple(_entry(page) for page in pages)
        aside = layout.home / "chroma.damaged"
        shutil.rmtree(aside, ignore_errors=True)
        if layout.chroma.exists():
            os.replace(layout.chroma, aside)
        _write(layout, settings, Catalog(pages=entries), {p.slug: p for p in pages}, progress)
        shutil.rmtree(aside, ignore_errors=True)
        return entries


def _saved_pages(layout: Layout) -> list[Page]:
    """The catalog's pages; where the catalog is damaged too, the newest saved file of each slug."""
    try:
        return [read_page(layout, entry) for entry in read_catalog(layout).pages]
    except StoreDamaged:
        newest: dict[str, Page] = {}
        for path in sorted(layout.pages.glob("*.json"), key=lambda p: p.stat().st_mtime_ns):
            try:
                page = pagefile.load(path.read_bytes(), str(path))
            except StoreDamaged:
                continue
            newest[page.slug] = page
        return list(newest.values())


def _entry(page: Page) -> PageEntry:
    digest = hashlib.sha256(pagefile.dump(page)).hexdigest()[:12]
    return PageEntry(
        slug=page.slug,
        title=page.title,
        origin=page.origin,
        format=page.format,
        sha256=page.sha256,
        file=f"{page.slug}-{digest}.json",
        paragraphs=len(page.paragraphs),
        shown=len(page.comments),
        claimed=page.claimed_comments,
        passages=len(passages_of(page)),
    )


def _same(old: PageEntry, new: PageEntry) -> bool:
    """Whether nothing that is stored would change; where it was read from may differ."""
    return replace(old, origin="", file="") == replace(new, origin="", file="")


def _with_own_slug(page: Page, catalog: Catalog) -> Page:
    taken = {e.slug: e for e in catalog.pages}
    slug, number = page.slug, 1
    while slug in taken and taken[slug].origin != page.origin and taken[slug].sha256 != page.sha256:
        number += 1
        slug = f"{page.slug}-{number}"
    return page if slug == page.slug else replace(page, slug=slug)


def _write(
    layout: Layout,
    settings: Settings,
    catalog: Catalog,
    fresh: dict[str, Page],
    progress: Progress,
) -> dict[str, tuple[int, int]]:
    """Bring vectors and tables to what the catalog says, then make it current."""
    first_export = not (exported_folder(settings) / "encoder.json").is_file()
    room = _ROOM_FOR_ENCODER if first_export else _ROOM
    free = shutil.disk_usage(layout.home).free
    if free < room:
        raise StoreError(
            f"no space left on the disk that holds {layout.home} ({free // 1_000_000} MB free, "
            f"{room // 1_000_000} MB needed); nothing was changed: free some space and try again"
        )
    progress("opening the index", 0, 1)
    with ChromaVectors(layout.chroma, settings) as vectors:
        if first_export:
            progress("preparing the encoder (once)", 0, 1)
            vectors.page_encoder()
            progress("preparing the encoder (once)", 1, 1)
        return _bring_up(layout, settings, catalog, fresh, vectors, progress)


def _bring_up(
    layout: Layout,
    settings: Settings,
    catalog: Catalog,
    fresh: dict[str, Page],
    vectors: ChromaVectors,
    progress: Progress,
) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    rows: list[Row] = []
    texts: list[str] = []
    spoken: list[list[str]] = []
    unknown: dict[str, str] = {}
    beside = ChromaVectors(layout.chroma, settings, beside=vectors)
    files = {entry.slug: entry.file for entry in catalog.pages}
    for slug, page in fresh.items():
        write_atomically(layout.pages / files[slug], pagefile.dump(page))
    new = New()
    for entry in catalog.pages:
        page = fresh.get(entry.slug) or read_page(layout, entry)
        passages = passages_of(page)
        ids = vector_ids(page.slug, passages)
        if entry.slug in fresh:
            counts[entry.slug] = keep_known(vectors, page, passages, ids, new)
        for part in map(sentence_texts, passages):
            spoken.append([sentence_id(text) for text in part])
            unknown.update(zip(spoken[-1], part, strict=True))
        for passage, vector_id in zip(passages, ids, strict=True):
            extent = passage.extent
            rows.append(
                Row(page.slug, passage.key, passage.part_id, extent.start, extent.end, vector_id)
            )
            texts.append(passage.searchable)
    live = set(unknown)
    for known in beside.known(list(unknown)):
        del unknown[known]
    embed(vectors, new, beside, unknown, tuple(fresh), progress)
    progress("writing the search tables", 0, 1)
    own = vectors.matrix([row.vector_id for row in rows])
    of_sentences = beside.matrix([*chain.from_iterable(spoken)])
    sentences = (of_sentences, [len(part) for part in spoken])
    generation = _write_tables(layout, rows, texts, own, sentences)
    write_catalog(layout, replace(catalog, generation=generation, model=settings.embedding_model))
    vectors.prune({row.vector_id for row in rows})
    beside.prune(live)
    _clean(layout, generation, set(files.values()))
    progress("writing the search tables", 1, 1)
    return counts


def _write_tables(
    layout: Layout,
    rows: Sequence[Row],
    texts: Sequence[str],
    vectors: Vectors,
    sentences: tuple[Vectors, Sequence[int]],
) -> str:
    staging = Path(tempfile.mkdtemp(prefix="staging-", dir=layout.tables))
    try:
        tables.build(staging, rows, texts, vectors, sentences)
        number = 1 + max(
            (int(p.name) for p in layout.tables.iterdir() if p.name.isdigit()), default=0
        )
        generation = f"{number:08d}"
        os.replace(staging, layout.tables / generation)
        return generation
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _clean(layout: Layout, generation: str, files: set[str]) -> None:
    """Drop what no reader needs; the generation before stays for those who are reading it."""
    for folder in layout.tables.iterdir():
        if folder.name != generation and folder.name != f"{int(generation) - 1:08d}":
            shutil.rmtree(folder, ignore_errors=True)
    for path in layout.pages.glob("*.json"):
        if path.name not in files:
            path.unlink(missing_ok=True)
