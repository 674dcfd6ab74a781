"""The bot behind the bridge: loaded when first asked, and used by several threads.

Slack threads that were read are kept in an index of their own, so that what people wrote in one
channel is found neither by questions elsewhere nor in the terminal.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from askbot.answerers.streaming import TextDelta
from askbot.answers import Answer
from askbot.bot import Bot
from askbot.conversation.turns import Turn
from askbot.discussion import Page
from askbot.embedding import borrow_encoder
from askbot.index.bundled import ingest_pages
from askbot.index.catalog import PageEntry
from askbot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

THREAD_PREFIX = "slack-thread-"
THREADS_FOLDER = "slack-threads"


class Engine:
    """Asks the bot. Offline answers take milliseconds of CPU and go one at a time; with a chat
    model each worker has a bot of its own, so that they wait for the model side by side."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._threads = replace(settings, home=settings.home / THREADS_FOLDER, page=None)
        self._lock = threading.Lock()
        self._shared: dict[str, Bot] = {}
        self._local = threading.local()

    @property
    def streams(self) -> bool:
        """Whether answers come in pieces."""
        return self.settings.model is not None

    def stream(
        self, question: str, page: str | None, turns: Sequence[Turn]
    ) -> Iterator[TextDelta | Answer]:
        """The answer, in pieces first where the engine gives pieces.

        Raises: as `Bot.ask`.
        """
        if self.streams:
            yield from self._bot(page).stream(question, page=page, turns=turns)
            return
        with self._lock:
            answer = self._bot(page).ask(question, page=page, turns=turns)
        yield answer

    def page(self, slug: str | None) -> Page:
        """An indexed page. Raises: as `Bot.page`."""
        with self._lock:
            return self._bot(slug).page(slug)

    def page_of(self, default: str | None) -> Callable[[str], Page]:
        """Gives the page of a citation, where "" means the one the question went to."""
        return lambda slug: self.page(slug or default)

    def catalog(self) -> tuple[PageEntry, ...]:
        """The pages that questions can go to; Slack threads are not among them."""
        with self._lock:
            return self._bot(None).catalog()

    def has_thread(self, slug: str) -> bool:
        """Whether a Slack thread is indexed here."""
        from askbot.index.catalog import read_catalog
        from askbot.index.files import Layout

        return any(e.slug == slug for e in read_catalog(Layout(self._threads.home)).pages)

    def ingest_thread(self, page: Page) -> None:
        """Index a Slack thread, or what is new in it. Raises: as `ingest_pages`."""
        with self._lock:
            self._bot(None)  # the encoder is exported by now
            self._threads.home.mkdir(parents=True, exist_ok=True)
            borrow_encoder(self.settings.home, self._threads.home)
            ingest_pages([page], self._threads, replace_slug=True)

    def _bot(self, slug: str | None) -> Bot:
        settings = self.settings
        if slug and slug.startswith(THREAD_PREFIX):
            settings = self._threads
        key = str(settings.home)
        bots = self._shared
        if self.streams:
            bots = self._local.__dict__.setdefault("bots", {})
        if key not in bots:
            bots[key] = Bot.open(settings)
        return bots[key]
