"""The one seam that interfaces call: a question in, a checked `Answer` out."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from askbot.answerers.extractive import ExtractiveAnswerer
from askbot.answerers.written import Answerer, Written, marked
from askbot.answers import Answer, Evidence, RejectedCitation
from askbot.citations import check
from askbot.discussion import Page
from askbot.embedding import QuestionEncoder, exported_folder
from askbot.errors import UsageError
from askbot.index.bundled import ingest_bundled, ingest_pages
from askbot.index.catalog import PageEntry
from askbot.index.store import Store
from askbot.retrieval.ranking import ranking_for
from askbot.retrieval.search import Hit, search
from askbot.retrieval.speakers import MOST_PAGES, Speakers, speakers_in
from askbot.settings import Settings
from askbot.verification import verify

if TYPE_CHECKING:
    from askbot.answerers.generative import GenerativeAnswerer
    from askbot.answerers.streaming import TextDelta
    from askbot.conversation.followups import Completed
    from askbot.conversation.turns import Turn
    from askbot.embedding import Vectors
    from askbot.index.ingest import Ingested
    from askbot.index.passage_vectors import Progress
    from askbot.retrieval.langchain import PageRetriever
    from askbot.thread.answerer import ThreadAnswerer
    from askbot.thread.compose import ThreadReply


@dataclass(frozen=True, slots=True)
class _Found:
    """A question with what it goes by: the passages found, or the computed reply."""

    question: str
    searched_for: str
    hits: tuple[Hit, ...]
    reply: ThreadReply | None
    started: float
    at: float


class Bot:
    """Answers questions over one data folder: open once, ask often; parts load when needed."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings = settings
        self.store = store
        self._last_vector: tuple[str, Vectors] | None = None

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
    def answerer(self) -> Answerer:
        from askbot.answerers.reading import default_scorer

        scorer = default_scorer(threads=self.settings.threads, reader=self.settings.reader)
        return ExtractiveAnswerer(scorer, self.settings.answer_threshold)

    @cached_property
    def writer(self) -> GenerativeAnswerer | None:
        """Writes with the settings' chat model, if any. Raises UsageError, ProviderError."""
        if self.settings.model is None:
            return None
        from askbot.answerers.generative import GenerativeAnswerer

        return GenerativeAnswerer(self.settings)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, d) L2-normalised question vectors."""
        return self._encoder.encode(texts)

    def _vector(self, question: str) -> Vectors:
        """A question's vector; the last is kept: routing and search both need it."""
        last = self._last_vector  # read once: several threads may share a bot
        if last is None or last[0] != question:
            self._last_vector = last = (question, self.encode([question])[0])
        return last[1]

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
            return self.store.entry(named).slug
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
        near: Mapping[str, float] = MappingProxyType({}),
    ) -> list[Hit]:
        """The passages that a question finds, best first; those in `prefer` come before all."""
        slug = self.scope(page)
        return search(
            question,
            self._vector(question),
            self.store.tables,
            self.store.page,
            k=k or self.settings.candidates,
            ranking=ranking_for(self.settings.embedding_model),
            slug=slug,
            prefix_ids=slug is None,
            speakers=self._speakers(question, slug),
            prefer=prefer,
            near=near,
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

        With several pages in play a question about "the comments" is left to content search.
        """
        slug = self.scope(page)
        if slug is None:
            return None

        def of_this_page(text: str, k: int) -> list[Evidence]:
            hits = self.search(text, page=slug, k=k)
            return list({hit.evidence.id: hit.evidence for hit in hits}.values())

        vector = self._vector(question)
        return self._thread.answer(question, self.store.page(slug), of_this_page, vector=vector)

    def _complete(self, question: str, page: str | None, turns: Sequence[Turn]) -> Completed:
        """The question with what it takes from the conversation put in."""
        from askbot.conversation.followups import Completed, FollowUps

        slug = self.scope(page)
        if not turns:
            return Completed(question, False, (), "stands alone")
        if slug is None:  # several pages: the conversation is about the one cited last
            cited = [c.page for turn in turns for c in turn.answer.citations]
            if not cited:
                return Completed(question, False, (), "stands alone")
            slug = self.store.entry(cited[-1]).slug
        completed = FollowUps().complete(question, turns, self.store.page(slug))
        near = {f"{slug}:{local_id}": share for local_id, share in completed.near.items()}
        return replace(completed, near=near)

    def ask(self, question: str, *, page: str | None = None, turns: Sequence[Turn] = ()) -> Answer:
        """Answer a question with checked citations.

        Args:
            page: the slug of the page to ask; by default the only one, or all.
            turns: the conversation so far, which a follow-up refers to.

        Raises:
            UsageError: the question is empty; NotFound, StoreError and its kind.
        """
        with closing(self.stream(question, page=page, turns=turns)) as pieces:
            return next(piece for piece in pieces if isinstance(piece, Answer))

    def computed(self, question: str, *, page: str | None = None) -> Answer | None:
        """The answer computed over the comment tree; None for a question about anything else."""
        found = self._find(question, page, ())
        return self._offline(found) if found.reply else None

    def stream(
        self, question: str, *, page: str | None = None, turns: Sequence[Turn] = ()
    ) -> Generator[TextDelta | Answer, None, None]:
        """Answer a question, showing a chat model's words as they come.

        The pieces are a preview; the `Answer`, always last, is what was checked and counts. Without
        a chat model it is all there is. Closing the iterator, or Ctrl-C, breaks the request off.

        Raises:
            As `ask`; a failing chat model raises nothing but ends in an offline answer.
        """
        if self.writer is None:
            yield self._offline(self._find(question, page, turns))
            return
        from askbot.answerers.sending import Request
        from askbot.answerers.showing import Exchange

        work = self.writer.begin()
        history = tuple(Exchange(turn.question, turn.answer.answer) for turn in turns)
        found = self._find(question, page, turns, lambda asked: work.condense(asked, history))
        request = Request(
            found.searched_for,
            found.hits,
            lambda: self.answerer.draft(found.searched_for, found.hits),
            history,
            found.reply,
            lambda asked: self._about_thread(asked, page),
        )
        with closing(work.stream(request)) as pieces:
            for piece in pieces:
                yield self._finish(found, piece) if isinstance(piece, Written) else piece

    def _find(
        self,
        question: str,
        page: str | None,
        turns: Sequence[Turn],
        condense: Callable[[str], str | None] = lambda _: None,
    ) -> _Found:
        """Complete a question from the conversation, and compute or search for it."""
        if not question.strip():
            raise UsageError("the question is empty; ask something about the page")
        started = time.perf_counter()
        self.store.refresh()
        completed = self._complete(question, page, turns)
        text = completed.text
        if not completed.changed and completed.reason != "stands alone":
            text = condense(question) or text
        asked = " ".join(text.split())
        reply = None if completed.on_content else self._about_thread(asked, page)
        place, near = completed.ids, completed.near
        hits = [] if reply else self.search(asked, page=page, prefer=place, near=near)
        return _Found(question, asked, tuple(hits), reply, started, time.perf_counter())

    def _offline(self, found: _Found) -> Answer:
        if found.reply is not None:
            reply = found.reply
            return self._finish(found, Written(reply.draft, reply.evidence, "computed"))
        draft = self.answerer.draft(found.searched_for, found.hits)
        evidence = tuple({hit.evidence.id: hit.evidence for hit in found.hits}.values())
        return self._finish(found, Written(draft, evidence, self.answerer.name))

    def _finish(self, found: _Found, written: Written) -> Answer:
        draft = written.draft
        checked = check(draft, written.evidence)
        done = time.perf_counter()
        return Answer(
            question=found.question,
            searched_for=found.searched_for,
            answer=marked(checked, draft),
            abstained=draft.abstained,
            citations=checked.citations,
            rejected_citations=checked.rejected,
            evidence=tuple(item.id for item in written.evidence),
            short_answer=draft.short_answer,
            confidence=draft.confidence,
            engine=written.engine,
            route=found.reply.route if found.reply else "content",
            timings_ms={
                "search": 1000 * (found.at - found.started),
                "answer": 1000 * (done - found.at),
                "total": 1000 * (done - found.started),
            },
            notes=draft.notes,
            statements=checked.statements,
            prompt_version=written.prompt_version,
            usage=written.usage,
        )

    def verify(self, answer: Answer) -> list[RejectedCitation]:
        """What of a saved answer no longer holds against the indexed pages; empty if all does."""
        self.store.refresh()
        return verify(answer, self.store.page)

    def ingest(
        self, pages: Sequence[Page], *, replace_slug: bool = False, progress: Progress | None = None
    ) -> list[Ingested]:
        """Index pages, and answer from them at once. Raises as `index.ingest.ingest`."""
        done = ingest_pages(pages, self.settings, replace_slug=replace_slug, progress=progress)
        self.store.refresh()
        return done
