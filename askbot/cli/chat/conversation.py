"""The state of a chat: which page, the turns so far, and where they are saved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from askbot.answers import Answer
from askbot.conversation.sessions import Session
from askbot.conversation.turns import Turn
from askbot.errors import AskbotError, NotFound, ProviderError, UsageError

if TYPE_CHECKING:
    from askbot.answerers.streaming import TextDelta
    from askbot.bot import Bot
    from askbot.conversation.store import SessionStore
    from askbot.discussion import Page
    from askbot.index.catalog import PageEntry

ALL_PAGES = "(all pages)"
"""What a session is saved under when its questions go to every page; no slug looks like this."""


class Conversation:
    """Asks the bot, keeps the turns, and saves each before it counts as shown.

    Attributes:
        slug: the page that questions go to; None for all.
        session_id: where it is saved; None before the first answer, or where it cannot be saved.
        problem: why turns are not being saved; None while they are.
        watch: told what a chat model writes, as it comes.
    """

    def __init__(
        self,
        bot: Bot,
        store: SessionStore | None,
        slug: str | None,
        problem: str | None = None,
    ) -> None:
        self.bot = bot
        self.slug = slug
        self.turns: list[Turn] = []
        self.session_id: str | None = None
        self.problem = problem
        self.watch: Callable[[TextDelta], None] | None = None
        self._store = store
        self._begun = datetime.now(UTC).isoformat(timespec="milliseconds")

    @classmethod
    def resumed(cls, bot: Bot, store: SessionStore, session: Session) -> Self:
        """Go on with a saved session.

        Raises:
            NotFound: its page is not indexed any more.
        """
        if session.page == ALL_PAGES:
            slug = None
        else:
            known = {entry.slug for entry in bot.catalog()}
            if session.page not in known:
                raise NotFound(
                    f"session {session.id} is about page {session.page}, which is not indexed any "
                    "more; ingest it again, or read the session with `askbot sessions show`"
                )
            slug = session.page
        conversation = cls(bot, store, slug)
        conversation.turns = list(session.turns)
        conversation.session_id = session.id
        return conversation

    @property
    def last(self) -> Turn:
        """The last turn.

        Raises:
            UsageError: nothing was asked yet.
        """
        if not self.turns:
            raise UsageError("nothing was asked yet; ask a question first")
        return self.turns[-1]

    def ask(self, question: str, *, again: bool = False) -> Answer:
        """Answer a question and save the turn. With `again`, the last turn is not looked back at.

        Raises:
            AskbotError: whatever the bot raises; nothing is saved then.
        """
        before = self.turns[:-1] if again else self.turns
        answer = self._answer(question, tuple(before))
        turn = Turn(question, answer)
        self._save(turn)
        self.turns.append(turn)
        return answer

    def _answer(self, question: str, before: tuple[Turn, ...]) -> Answer:
        with closing(self.bot.stream(question, page=self.slug, turns=before)) as pieces:
            for piece in pieces:
                if isinstance(piece, Answer):
                    return piece
                if self.watch is not None:
                    self.watch(piece)
        raise ProviderError("the chat model gave no answer; ask again, or leave --model out")

    def _save(self, turn: Turn) -> None:
        if self._store is None:
            return
        try:
            if self.session_id is None:
                self.session_id = self._store.create(self.slug or ALL_PAGES)
                for earlier in self.turns:  # saving failed for a while
                    self._store.append(self.session_id, earlier)
            self._store.append(self.session_id, turn)
            self.problem = None
        except AskbotError as error:
            self.problem = str(error)

    def switch(self, slug: str | None) -> None:
        """Talk about another page from here on, in a conversation (and session) of its own."""
        self.slug = slug
        self.turns = []
        self.session_id = None
        self._begun = datetime.now(UTC).isoformat(timespec="milliseconds")

    def session(self) -> Session:
        """The conversation as a session, for exports.

        Raises:
            UsageError: nothing was asked yet.
        """
        if not self.turns:
            raise UsageError("nothing was asked yet; ask a question first")
        if self._store is not None and self.session_id is not None and self.problem is None:
            return self._store.load(self.session_id)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        return Session(
            id=self.session_id or "unsaved",
            page=self.slug or ALL_PAGES,
            title=" ".join(self.turns[0].question.split()),
            created=self._begun,
            updated=now,
            turns=tuple(self.turns),
        )

    def page(self, slug: str | None = None) -> Page:
        """The page named, else the one talked about.

        Raises:
            UsageError: all pages are talked about and none was named; NotFound.
        """
        chosen = slug or self.slug or self.bot.scope()
        if chosen is None:
            raise UsageError("several pages are indexed; choose one with /page, or write SLUG:p4")
        return self.bot.page(chosen)

    def pages(self) -> list[Page]:
        """The pages that questions go to."""
        if self.slug is not None:
            return [self.bot.page(self.slug)]
        return [self.bot.page(entry.slug) for entry in self.bot.catalog()]

    def entry(self) -> PageEntry | None:
        """The catalog's line for the page talked about; None for all pages."""
        return next((e for e in self.bot.catalog() if e.slug == self.slug), None)
