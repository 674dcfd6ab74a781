"""Pages and search tables of one data folder, as readers see them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from askbot.discussion import Page
from askbot.errors import NotFound, StoreDamaged
from askbot.index import pagefile
from askbot.index.catalog import Catalog, PageEntry, read_catalog, stamp_of
from askbot.index.files import Layout, check_chroma_file, disk_errors
from askbot.index.tables import SearchTables, load
from askbot.settings import Settings


class Store:
    """What is indexed, read once and kept; `refresh` notices that another process ingested.

    Raises:
        StoreDamaged, StoreBusy: the data folder cannot be relied on; nothing in it was changed.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.layout = Layout(settings.home)
        self._pages = _Recent(lambda slug: read_page(self.layout, self.entry(slug)))
        self._tables: SearchTables | None = None
        self._stamp: tuple[int, int] | None = None
        self._catalog = Catalog()
        self._entries: dict[str, PageEntry] = {}
        self._load()

    def _load(self) -> None:
        with disk_errors(self.layout.home):
            self._stamp = stamp_of(self.layout.catalog)
            self._catalog = read_catalog(self.layout)
            self._entries = {entry.slug: entry for entry in self._catalog.pages}
            if self._catalog.pages:
                check_chroma_file(self.layout, wait=min(5.0, self.settings.lock_wait))
        if self._catalog.pages and self._catalog.model != self.settings.embedding_model:
            raise StoreDamaged(
                f"the index was made with embedding model {self._catalog.model}, but "
                f"{self.settings.embedding_model} is set; run `askbot ingest --rebuild`"
            )

    def refresh(self) -> bool:
        """Read the catalog again if it was replaced; True if it was."""
        if stamp_of(self.layout.catalog) == self._stamp:
            return False
        self._pages.forget()
        self._tables = None
        self._load()
        return True

    @property
    def catalog(self) -> Catalog:
        return self._catalog

    def entry(self, slug: str) -> PageEntry:
        """The catalog's entry of a page. Raises NotFound: there is none of this slug."""
        return self._entries.get(slug) or self._catalog.entry(slug)

    @property
    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever an ingest took effect."""
        return self._stamp

    @property
    def tables(self) -> SearchTables:
        """The search tables of the current generation.

        Raises:
            NotFound: nothing is indexed.
            StoreDamaged: they cannot be read.
        """
        if self._tables is None:
            if not self._catalog.pages:
                raise NotFound("nothing is indexed yet; run `askbot ingest PATH_OR_URL`")
            try:
                self._tables = load(self.layout.tables / self._catalog.generation)
            except StoreDamaged:
                if not self.refresh():  # an ingest may have replaced them while we were reading
                    raise
                self._tables = load(self.layout.tables / self._catalog.generation)
        return self._tables

    def page(self, slug: str) -> Page:
        """An indexed page.

        Raises:
            NotFound: there is none of this slug.
            StoreDamaged: its file is missing or altered.
        """
        return self._pages.page(slug)


KEPT_CHARACTERS = 4_000_000
"""Source text of the pages that are kept: thousands of short ones, or some dozen long ones."""


class _Recent:
    """Pages as they are read, the latest kept: a run over a whole collection must not hold it all.

    The last one read is always kept, whatever its size.
    """

    def __init__(self, read: Callable[[str], Page]) -> None:
        self._read = read
        self._kept: OrderedDict[str, Page] = OrderedDict()
        self._characters = 0
        self._lock = Lock()  # several threads may share a bot

    def page(self, slug: str) -> Page:
        with self._lock:
            page = self._kept.get(slug)
            if page is not None:
                self._kept.move_to_end(slug)
                return page
            page = self._kept[slug] = self._read(slug)
            self._characters += len(page.source)
            while self._characters > KEPT_CHARACTERS and len(self._kept) > 1:
                self._characters -= len(self._kept.popitem(last=False)[1].source)
            return page

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self._characters = 0


def read_page(layout: Layout, entry: PageEntry) -> Page:
    """The page of a catalog entry.

    Raises:
        StoreDamaged: its file is missing or altered.
    """
    path = layout.pages / entry.file
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise StoreDamaged(
            f"{path} is missing; ingest the page again from {entry.origin or 'where it came from'}"
        ) from None
    page = pagefile.load(data, str(path))
    if page.sha256 != entry.sha256:
        raise StoreDamaged(
            f"{path} is not the page that was indexed; ingest it again from {entry.origin}"
        )
    return page
