"""The pages that a question set brings: indexed in a folder of the run, apart from the user's own.

The user's data folder must not fill up with two thousand Wikipedia paragraphs, and a question that
goes to all pages must meet those of its set and no others.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from askbot.bot import Bot
from askbot.discussion import Page
from askbot.embedding import borrow_encoder
from askbot.errors import StoreError
from askbot.index.bundled import ingest_pages
from askbot.index.catalog import read_catalog
from askbot.index.files import Layout, disk_errors
from askbot.settings import Settings

if TYPE_CHECKING:
    from askbot.index.passage_vectors import Progress

INDEX = "index"
"""The folder under a run's that holds its pages; it is a data folder like any other."""

MARK = "pages-of-a-question-set"
"""File that says a folder is ours to empty: nobody's data folder may be taken for it."""


def open_on(
    pages: Sequence[Page], settings: Settings, folder: Path, *, progress: Progress | None = None
) -> Bot:
    """A bot over these pages and no others, indexed in `folder`.

    What is indexed there already is kept where it is the same, so that a second run starts at once.

    Raises:
        StoreError: the folder cannot be used, or holds something else; EncoderError.
    """
    own = replace(settings, home=folder, page=None)
    layout = Layout(folder)
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise StoreError(f"{folder} holds something other than a run's pages; give another --out")
    slugs = {page.slug for page in pages}
    if any(entry.slug not in slugs for entry in read_catalog(layout).pages):
        shutil.rmtree(folder)  # another set's pages: questions would be answered from them
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        # First of all: a run killed while it indexes must find its folder its own again.
        (folder / MARK).touch()
    borrow_encoder(settings.home, folder)
    ingest_pages(pages, own, replace_slug=True, progress=progress)
    return Bot.open(own, progress=progress)
