"""What a worker does with a job: find the page, ask, remember the turn, show the answer."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from askbot.answerers.streaming import TextDelta
from askbot.answers import Answer
from askbot.conversation.turns import Turn, numbered_sources
from askbot.errors import AskbotError, NotFound, ProviderError, SourceError, StoreBusy, UsageError
from askbot.showing import one_line
from askbot.slack.blocks import Message, answer_messages, section
from askbot.slack.engine import Engine
from askbot.slack.jobs import Jobs
from askbot.slack.memory import Places, Turns
from askbot.slack.mrkdwn import escape, read
from askbot.slack.pages import page_by_link, same_page
from askbot.slack.posting import ABSENT, Poster, Streaming
from askbot.slack.prompts import suggested_prompts
from askbot.slack.request import Job
from askbot.slack.threads import read_thread, thread_page, thread_slug
from askbot.slack.views import (
    busy_message,
    error_message,
    help_message,
    more_message,
    thread_message,
)
from askbot.slack.web import AUTH_ERRORS, SlackDown, SlackRefused, Web

log = logging.getLogger("askbot.slack")

ATTEMPTS = 8
GIVE_UP = 3600.0
"""Seconds for which a question waits for Slack to come back; less would lose it in an outage."""
SAYABLE = (UsageError, NotFound, ProviderError, SourceError)
"""Errors whose message a person in Slack can use; others name files of the server."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is, as auth.test says."""

    bot_user: str
    bot_id: str
    team: str
    url: str


class Answering:
    """Handles jobs; one object for all workers."""

    def __init__(
        self,
        engine: Engine,
        jobs: Jobs,
        turns: Turns,
        places: Places,
        poster: Poster,
        web: Web,
        me: Identity,
        respond: Callable[[str, Message], None],
    ) -> None:
        self._engine, self._jobs, self._turns, self._places = engine, jobs, turns, places
        self._poster, self._web, self._me, self._respond = poster, web, me, respond

    def handle(self, job: Job) -> None:
        """Do a job to its end: shown, put off until Slack can be reached, or failed with a word."""
        try:
            self._dispatch(job)
        except SlackDown as error:
            self._later(job, str(error))
        except SlackRefused as error:
            if error.code in AUTH_ERRORS:
                self._later(job, str(error))
                return
            log.error("job %s (%s) failed: %s", job.reference, job.kind, error)
            self._poster.status(job, "")
            self._jobs.finish(job, state="failed", error=str(error))
        except StoreBusy as error:
            self._later(job, str(error))  # if this fails too, the lease runs out
        except Exception as error:
            log.exception("job %s (%s) failed", job.reference, job.kind)
            self._say_error(job, error)

    def _dispatch(self, job: Job) -> None:
        if job.refused:
            self._show(job, [busy_message()])
        elif job.kind in ("question", "command"):
            self._question(job)
        elif job.kind == "thread":
            self._read_thread(job)
        elif job.kind in ("more", "tree"):
            self._view(job)
        else:
            page = self._engine.page(self._page_slug(job) or self._first_page())
            self._jobs.finish(job)
            self._poster.prompts(job, suggested_prompts(page), page.title[:100])

    def _question(self, job: Job) -> None:
        by_link = page_by_link(job.words, self._me.bot_user, self._engine.catalog())
        typed = read(job.words, self._me.bot_user, drop_links=by_link[1] if by_link else ())
        slug = by_link[0] if by_link else self._page_slug(job)
        if by_link and job.thread:
            self._places.set_thread(job.thread, by_link[0], spoken_to=True)
        if not typed.text:
            page = self._engine.page(slug or self._first_page())
            self._show(job, [help_message(page, suggested_prompts(page))])
            return
        streaming: Streaming | None = None
        if job.answer:
            answer, slug = Answer.from_json(json.loads(job.answer)), job.page or None
        else:
            self._poster.status(job, "is reading the page…")
            answer, streaming = self._ask(job, typed.text, slug)
        record = json.dumps(answer.to_json(), ensure_ascii=False)
        if not self._jobs.begin_posting(job, page=slug or "", answer=record):
            return  # another worker has it: our lease had run out
        answer = Answer.from_json(json.loads(record))
        if job.thread:
            self._turns.append(job.thread, slug or "", job.id, Turn(typed.text, answer))
        heading = typed.text if job.kind == "command" else ""
        messages = answer_messages(answer, self._engine.page_of(slug), job.id, heading=heading)
        facts = {"citations": [s.id for s in numbered_sources(answer)]}
        posted = self._show(job, messages, facts, streaming, begun=True)
        if job.kind == "command" and posted:
            thread = f"{job.team}/{job.channel}/{posted[0]}"
            self._places.set_thread(thread, slug or "", spoken_to=True)
            self._turns.append(thread, slug or "", job.id, Turn(typed.text, answer))

    def _ask(self, job: Job, question: str, slug: str | None) -> tuple[Answer, Streaming | None]:
        earlier = self._turns.load(job.thread, slug or "") if job.thread else ()
        turns = [turn for turn in earlier if same_page(turn.answer, slug)]
        streaming: Streaming | None = None
        answer: Answer | None = None
        may_stream = self._engine.streams and self._engine.settings.slack_stream
        try:
            for piece in self._engine.stream(question, slug, turns):
                if not isinstance(piece, TextDelta):
                    answer = piece
                elif may_stream and job.reply_to and not job.posting:
                    streaming = streaming or self._poster.start(job)
                    # What is shown cannot be taken back; the finished answer replaces it.
                    streaming.dead = streaming.dead or (piece.restart and bool(streaming.shown))
                    self._poster.feed(job, streaming, piece.text)
        except Exception:
            if streaming is not None:
                self._poster.abandon(job, streaming)
            raise
        if answer is None:
            raise ProviderError("the model gave no answer; ask again")
        return answer, streaming

    def _show(
        self,
        job: Job,
        messages: list[Message] | tuple[Message, ...],
        facts: dict[str, Any] | None = None,
        streaming: Streaming | None = None,
        *,
        begun: bool = False,
    ) -> list[str]:
        if not begun and not self._jobs.begin_posting(job):
            return []
        try:
            posted = self._poster.deliver(job, messages, facts, streaming)
        except SlackRefused as error:
            if error.code not in ABSENT or not job.extra.get("response_url"):
                raise
            for message in messages:  # the bot is not in the channel: only the asker sees it
                self._respond(str(job.extra["response_url"]), message)
            posted = []
        self._jobs.finish(job, posted)
        return posted

    def _read_thread(self, job: Job) -> None:
        self._poster.status(job, "is reading the thread…")
        me = self._me
        messages = read_thread(
            self._web, job.channel, job.reply_to, workspace_url=me.url, bot_user=me.bot_user
        )
        page = thread_page(messages, job.channel, job.reply_to)
        self._engine.ingest_thread(page)
        self._places.set_thread(job.thread, page.slug, spoken_to=False)
        people = ", ".join(escape(name) for name in page.authors[:8])
        count = len(page.comments)
        examples = "".join(f"\n• {escape(p)}" for p in suggested_prompts(page))
        words = (
            f"I have read this thread: {count} message{'' if count == 1 else 's'} by {people}. "
            f"Ask about it here; my citations link to the messages.{examples}"
        )
        self._show(job, [Message(words, (section(words),))])

    def _view(self, job: Job) -> None:
        source = self._jobs.job(str(job.extra.get("job", "")))
        # Only the one who pressed sees it, and can press again: so at most once, noted before.
        self._jobs.finish(job)
        if source is None or not source.answer:
            words = "This answer is too old: its sources are not kept any more."
            self._poster.private(job, Message(words, (section(words),)))
            return
        answer = Answer.from_json(json.loads(source.answer))
        page_of = self._engine.page_of(source.page or None)
        if job.kind == "more":
            self._poster.private(job, more_message(answer, page_of))
            return
        comment = next(c for c in answer.citations if c.kind == "comment")
        page = page_of(comment.page)
        self._poster.private(job, thread_message(page, comment.id.rpartition(":")[2]))

    def _page_slug(self, job: Job) -> str | None:
        """The page a question goes to: the thread's, the channel's, the default; None for all."""
        slug = self._places.thread_page(job.thread) if job.thread else ""
        if slug and slug == thread_slug(job.channel, job.reply_to):
            self._ensure_thread(job, slug)
        slug = slug or self._places.channel_page(job.team, job.channel)
        if slug or self._engine.settings.page:
            return slug or self._engine.settings.page
        pages = self._engine.catalog()
        return pages[0].slug if len(pages) == 1 else None

    def _first_page(self) -> str:
        return self._engine.catalog()[0].slug

    def _ensure_thread(self, job: Job, slug: str) -> None:
        """Read the thread here too, where another machine's worker had read it."""
        if not self._engine.has_thread(slug):
            me = self._me
            messages = read_thread(
                self._web, job.channel, job.reply_to, workspace_url=me.url, bot_user=me.bot_user
            )
            self._engine.ingest_thread(thread_page(messages, job.channel, job.reply_to))

    def _later(self, job: Job, reason: str) -> None:
        if job.attempts >= ATTEMPTS and time.time() - job.created > GIVE_UP:
            log.error("job %s given up after %d attempts: %s", job.reference, job.attempts, reason)
            self._poster.status(job, "")
            self._jobs.finish(job, state="failed", error=reason)
            return
        wait = min(60.0, 0.5 * 2 ** min(job.attempts, ATTEMPTS))
        log.warning("job %s: %s; again in %.0f s", job.reference, reason, wait)
        self._jobs.postpone(job, wait, reason)

    def _say_error(self, job: Job, error: Exception) -> None:
        """A final message with the reference that stands in the log; never a stuck status."""
        reason = "something went wrong on my side."
        if isinstance(error, SAYABLE):
            reason = one_line(str(error)).rstrip(".") + "."
        message = error_message(job.reference, reason)
        try:
            if job.kind in ("more", "tree"):
                self._poster.private(job, message)
            elif job.kind != "prompts":
                self._poster.deliver(replace(job, posted=()), [message])
            self._jobs.finish(job, state="failed", error=str(error))
        except SlackDown as down:
            self._later(job, str(down))
        except AskbotError as second:
            log.error("job %s: the error could not be shown: %s", job.reference, second)
            self._poster.status(job, "")
            self._jobs.finish(job, state="failed", error=str(error))
