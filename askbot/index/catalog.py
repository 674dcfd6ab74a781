"""The catalog: which pages are indexed, and which generation of tables answers for them.

It is one small file, replaced in one step; that replacement is the moment an ingest takes effect.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from askbot.errors import NotFound, StoreDamaged
from askbot.index.files import Layout, write_atomically

FORMAT = 1


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A line of the catalog.

    Attributes:
        file: the page's JSON file, relative to the pages folder.
        shown, claimed: comments on the page, and the number the page itself states.
        passages: searchable passages.
    """

    slug: str
    title: str
    origin: str
    format: str
    sha256: str
    file: str
    paragraphs: int
    shown: int
    claimed: int | None
    passages: int


@dataclass(frozen=True, slots=True)
class Catalog:
    """What is indexed now.

    Attributes:
        generation: the folder of search tables that goes with these pages; "" before the first.
        model: the embedding model the vectors were made with.
    """

    generation: str = ""
    model: str = ""
    pages: tuple[PageEntry, ...] = ()

    def entry(self, slug: str) -> PageEntry:
        """The page with this slug.

        Raises:
            NotFound: no such page is indexed; the message lists those that are.
        """
        for entry in self.pages:
            if entry.slug == slug:
                return entry
        import difflib

        slugs = [e.slug for e in self.pages]
        near = difflib.get_close_matches(slug, slugs, 1)
        hint = (
            f"did you mean {near[0]!r}?" if near else f"indexed: {', '.join(slugs[:8]) or 'none'}"
        )
        raise NotFound(f"no page {slug!r} is indexed; {hint} (`askbot pages` lists them)")

    def with_page(self, entry: PageEntry) -> Catalog:
        """The catalog with this page added, or replaced in its place."""
        if any(e.slug == entry.slug for e in self.pages):
            pages = tuple(entry if e.slug == entry.slug else e for e in self.pages)
        else:
            pages = (*self.pages, entry)
        return replace(self, pages=pages)

    def without(self, slug: str) -> Catalog:
        """The catalog without this page."""
        return replace(self, pages=tuple(e for e in self.pages if e.slug != slug))


def read_catalog(layout: Layout) -> Catalog:
    """The catalog; an empty one where nothing was ingested yet.

    Raises:
        StoreDamaged: the file is there but is not a catalog.
    """
    try:
        record = json.loads(layout.catalog.read_bytes())
        if record["format_version"] > FORMAT:
            raise StoreDamaged(
                f"{layout.catalog} was written by a newer askbot; upgrade askbot or set "
                "ASKBOT_HOME to another folder"
            )
        pages = tuple(PageEntry(**entry) for entry in record["pages"])
        return Catalog(record["generation"], record["model"], pages)
    except FileNotFoundError:
        return Catalog()
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise StoreDamaged(
            f"{layout.catalog} is damaged ({type(error).__name__}); "
            "run `askbot ingest --rebuild` to make it again from the saved pages"
        ) from None


def write_catalog(layout: Layout, catalog: Catalog) -> None:
    """Make a catalog the current one."""
    record = {"format_version": FORMAT, **asdict(catalog)}
    write_atomically(layout.catalog, json.dumps(record, indent=1).encode())


def stamp_of(path: Path) -> tuple[int, int] | None:
    """Modification time (ns) and inode of a file, None where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_ino
