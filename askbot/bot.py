"""The one seam that interfaces call: a question in, a checked `Answer` out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from askbot.answerers.extractive import ExtractiveAnswerer
from askbot.answerers.scoring import OverlapScorer, Scorer
from askbot.answers import Answer, Draft, Evidence, RejectedCitation
from askbot.citations import check, verify
from askbot.discussion import Page
from askbot.embedding import QuestionEncoder, exported_folder
from askbot.errors import UsageError
from askbot.index.catalog import PageEntry
from askbot.index.store import Store
from askbot.retrieval.search import Hit, search
from askbot.retrieval.speakers import Speakers, speakers_in
from askbot.settings import Settings

if TYPE_CHECKING:
    from askbot.conversation.followups import Completed, FollowUps
    from askbot.conversation.turns import Turn
    from askbot.embedding import Vectors
    from askbot.index.ingest import Ingested, Progress
    from askbot.retrieval.langchain import PageRetriever
    from askbot.thread.answerer import ThreadAnswerer
    from askbot.thread.compose import ThreadReply


MOST_PAGES = 25
"""Pages whose commenters are looked up in a question that goes to all pages."""


class Answerer(Protocol):
    """Drafts an answer from found passages."""

    @property
    def name(self) -> str:
        """What `Answer.engine` says."""

    def draft(self, question: str, hits: Sequence[Hit]) -> Draft:
        """A draft over these passages, best first."""


class Bot:
    """Answers questions over one data folder: open once, ask often; parts load when needed."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings = settings
        self.store = store

    @classmethod
    def open(cls, settings: Settings, *, progress: Progress | None = None) -> Bot:
        """Open a data folder; where nothing is ingested yet, the bundled page is.

        Raises:
            StoreError and its kind: the folder cannot be used; EncoderError.
        """
        store = Store(settings)
        if not store.catalog.pages:
            ingest_bundled(settings, progress)
            store.refresh()
        return cls(settings, store)

    @cached_property
    def _encoder(self) -> QuestionEncoder:
        return QuestionEncoder(exported_folder(self.settings), threads=self.settings.threads)

    @cached_property
    def _scorer(self) -> Scorer:
        from askbot.answerers.reading import ReaderScorer
        from askbot.reader.calibration import FILE
        from askbot.reader.package import PACKAGED

        if not (PACKAGED / FILE).is_file():  # a checkout without the trained model
            return OverlapScorer()
        return ReaderScorer(threads=self.settings.threads)

    @cached_property
    def answerer(self) -> Answerer:
        return ExtractiveAnswerer(self._scorer, self.settings.answer_threshold)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, d) L2-normalised question vectors."""
        return self._encoder.encode(texts)

    def catalog(self) -> tuple[PageEntry, ...]:
        """The indexed pages."""
        self.store.refresh()
        return self.store.catalog.pages

    def scope(self, page: str | None = None) -> str | None:
        """The slug that a question goes to; None for all pages.

        Raises:
            NotFound: the page that was named is not indexed.
        """
        named = page or self.settings.page
        if named:
            return self.store.catalog.entry(named).slug
        pages = self.store.catalog.pages
        return pages[0].slug if len(pages) == 1 else None

    def page(self, slug: str | None = None) -> Page:
        """An indexed page: the one named, else the only one.

        Raises:
            NotFound: it is not indexed; UsageError: there are several and none was named.
        """
        chosen = self.scope(slug)
        if chosen is None:
            slugs = ", ".join(e.slug for e in self.store.catalog.pages)
            raise UsageError(f"several pages are indexed ({slugs}); say which with --page")
        return self.store.page(chosen)

    def search(
        self,
        question: str,
        *,
        page: str | None = None,
        k: int | None = None,
        prefer: Sequence[str] = (),
    ) -> list[Hit]:
        """The passages that a question finds, best first; those in `prefer` come before all."""
        slug = self.scope(page)
        tables = self.store.tables
        (vector,) = self.encode([question])
        return search(
            question,
            vector,
            tables,
            self.store.page,
            k=k or self.settings.candidates,
            slug=slug,
            prefix_ids=slug is None,
            speakers=self._speakers(question, slug),
            prefer=prefer,
        )

    def retriever(self, *, page: str | None = None, k: int | None = None) -> PageRetriever:
        """The search as a LangChain retriever over one page, or over all."""
        from askbot.retrieval.langchain import PageRetriever

        return PageRetriever(find=lambda query: self.search(query, page=page, k=k))

    def _speakers(self, question: str, slug: str | None) -> Speakers:
        slugs = [slug] if slug else [entry.slug for entry in self.store.catalog.pages]
        if len(slugs) > MOST_PAGES:
            return Speakers()
        return speakers_in(question, [self.store.page(s) for s in slugs])

    @cached_property
    def _thread(self) -> ThreadAnswerer:
        from askbot.thread.answerer import ThreadAnswerer

        return ThreadAnswerer(self.encode)

    def _about_thread(self, question: str, page: str | None) -> ThreadReply | None:
        """The computed answer to a question about the discussion itself, None for any other.

        With several pages in play a question about "the comments" has no one answer, so it is left
        to content search.
        """
        slug = self.scope(page)
        if slug is None:
            return None

        def of_this_page(text: str, k: int) -> list[Evidence]:
            hits = self.search(text, page=slug, k=k)
            return list({hit.evidence.id: hit.evidence for hit in hits}.values())

        return self._thread.answer(question, self.store.page(slug), of_this_page)

    @cached_property
    def _follow_ups(self) -> FollowUps:
        from askbot.conversation.followups import FollowUps

        return FollowUps(self.encode)

    def _complete(self, question: str, page: str | None, turns: Sequence[Turn]) -> Completed:
        """The question with what it takes from the conversation put in."""
        from askbot.conversation.followups import Completed

        slug = self.scope(page)
        if not turns:
            return Completed(question, False, (), "stands alone")
        if slug is None:  # several pages: the conversation is about the one cited last
            cited = [c.page for turn in turns for c in turn.answer.citations]
            if not cited:
                return Completed(question, False, (), "stands alone")
            slug = self.store.catalog.entry(cited[-1]).slug
        return self._follow_ups.complete(question, turns, self.store.page(slug))

    def ask(self, question: str, *, page: str | None = None, turns: Sequence[Turn] = ()) -> Answer:
        """Answer a question with checked citations.

        Args:
            page: the slug of the page to ask; by default the only one, or all.
            turns: the conversation so far, which a follow-up refers to.

        Raises:
            UsageError: the question is empty; NotFound, StoreError and its kind.
        """
        if not question.strip():
            raise UsageError("the question is empty; ask something about the page")
        started = time.perf_counter()
        self.store.refresh()
        completed = self._complete(question, page, turns)
        searched_for = " ".join(completed.text.split())
        reply = self._about_thread(searched_for, page)
        if reply is not None:
            return self._finish(
                question,
                searched_for,
                reply.draft,
                reply.evidence,
                reply.route,
                started,
                time.perf_counter(),
            )
        hits = self.search(searched_for, page=page, prefer=completed.ids)
        found = time.perf_counter()
        draft = self.answerer.draft(searched_for, hits)
        evidence = tuple({hit.evidence.id: hit.evidence for hit in hits}.values())
        return self._finish(question, searched_for, draft, evidence, "content", started, found)

    def _finish(
        self,
        question: str,
        searched_for: str,
        draft: Draft,
        evidence: Sequence[Evidence],
        route: str,
        started: float,
        found: float,
    ) -> Answer:
        checked = check(draft, evidence)
        done = time.perf_counter()
        return Answer(
            question=question,
            searched_for=searched_for,
            answer=checked.text,
            abstained=draft.abstained,
            citations=checked.citations,
            rejected_citations=checked.rejected,
            evidence=tuple(item.id for item in evidence),
            short_answer=draft.short_answer,
            confidence=draft.confidence,
            engine=self.answerer.name if route == "content" else "computed",
            route=route,
            timings_ms={
                "search": 1000 * (found - started),
                "answer": 1000 * (done - found),
                "total": 1000 * (done - started),
            },
            notes=draft.notes,
            statements=checked.statements,
        )

    def verify(self, answer: Answer) -> list[RejectedCitation]:
        """What of a saved answer no longer holds against the indexed pages; empty if all does."""
        self.store.refresh()
        return verify(answer, self.store.page)

    def ingest(
        self, pages: Sequence[Page], *, replace_slug: bool = False, progress: Progress | None = None
    ) -> list[Ingested]:
        """Index pages, and answer from them at once. Raises as `askbot.index.ingest.ingest`."""
        done = ingest_pages(pages, self.settings, replace_slug=replace_slug, progress=progress)
        self.store.refresh()
        return done


def ingest_pages(
    pages: Sequence[Page],
    settings: Settings,
    *,
    replace_slug: bool = False,
    progress: Progress | None = None,
) -> list[Ingested]:
    """Index pages without opening a bot. Raises as `askbot.index.ingest.ingest`."""
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
