"""Index pages without opening a bot, the bundled page among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from askbot.discussion import Page
from askbot.settings import Settings

if TYPE_CHECKING:
    from askbot.index.ingest import Ingested
    from askbot.index.passage_vectors import Progress


def ingest_pages(
    pages: Sequence[Page],
    settings: Settings,
    *,
    replace_slug: bool = False,
    progress: Progress | None = None,
) -> list[Ingested]:
    """Index pages. Raises as `askbot.index.ingest.ingest`."""
    from askbot.index.ingest import ingest

    if progress is None:
        return ingest(pages, settings, replace_slug=replace_slug)
    return ingest(pages, settings, replace_slug=replace_slug, progress=progress)


def ingest_bundled(settings: Settings, progress: Progress | None = None) -> None:
    """Index the bundled page."""
    from askbot import sources
    from askbot.resources import BUNDLED_PAGE, resource

    path = resource("corpus", f"{BUNDLED_PAGE}.txt")
    pages = sources.read(str(path), settings=settings, slug=BUNDLED_PAGE)
    ingest_pages(pages, settings, progress=progress)
