"""Messages shown once: sent, found again after a kill, streamed, mended when a stream dies.

Every message carries metadata that names its job and part. Whoever takes over a job that had begun
to post looks in the thread for that metadata first; so a kill between Slack's accepting a message
and our noting it shows nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from askbot.slack.blocks import Message
from askbot.slack.jobs import Jobs
from askbot.slack.mrkdwn import markdown
from askbot.slack.request import Job
from askbot.slack.web import SlackDown, SlackRefused, Web

if TYPE_CHECKING:
    from slack_sdk.web.chat_stream import ChatStream

log = logging.getLogger("askbot.slack")

EVENT = "askbot_answer"
PAGE_SIZE = 200
BAD_BLOCKS = frozenset({"invalid_blocks", "msg_blocks_too_long", "invalid_blocks_format"})
ABSENT = frozenset({"not_in_channel", "channel_not_found"})
FIRST, MORE = 24, 160
"""Characters gathered before the first call of a stream, which is to be seen soon, and before each
later one; appendStream allows some hundred calls a minute."""


@dataclass(slots=True)
class Streaming:
    """A message on its way. After `dead`, nothing more is streamed; `ts` may be shown already."""

    chat: ChatStream
    dead: bool = False
    shown: list[str] = field(default_factory=list)
    waiting: str = ""

    @property
    def ts(self) -> str | None:
        return self.chat.ts


class Poster:
    """Posts for jobs."""

    def __init__(self, web: Web, jobs: Jobs, bot_user: str) -> None:
        self._web, self._jobs, self._bot_user = web, jobs, bot_user

    def status(self, job: Job, words: str) -> None:
        """Show, or with "" clear, what the bot is doing; never an error."""
        if not job.reply_to:
            return
        try:
            self._web.assistant_threads_setStatus(
                channel_id=job.channel, thread_ts=job.reply_to, status=words
            )
        except (SlackDown, SlackRefused) as error:
            log.debug("no status: %s", error)

    def prompts(self, job: Job, prompts: Sequence[str], title: str) -> None:
        """Suggested questions in the agent view; with a thread, in the older assistant's."""
        self._web.assistant_threads_setSuggestedPrompts(
            channel_id=job.channel,
            prompts=[{"title": p, "message": p} for p in prompts],
            title=title or None,
            # The agent view takes none: given one, it silently shows nothing.
            thread_ts=job.reply_to or None,
        )

    def private(self, job: Job, message: Message) -> None:
        """Show a message to the person who asked only."""
        self._web.chat_postEphemeral(
            channel=job.channel,
            user=job.user,
            thread_ts=job.reply_to or None,
            text=message.text,
            blocks=list(message.blocks),
        )

    def deliver(
        self,
        job: Job,
        messages: Sequence[Message],
        facts: dict[str, Any] | None = None,
        streaming: Streaming | None = None,
    ) -> list[str]:
        """Show the messages, each once, and return their timestamps.

        Args:
            facts: more for the metadata (the ids cited).
            streaming: the first message, already on its way.

        Raises:
            SlackDown: try the job again later. SlackRefused: it cannot be shown.
        """
        posted: list[str] = []
        complete: dict[int, str] = {}
        partial: str | None = job.posted[0] if job.posted else None
        if streaming is not None:
            partial = streaming.ts
        elif job.posting:
            complete, orphan = self._find(job)
            partial = partial or orphan
        for part, message in enumerate(messages):
            metadata = self._metadata(job, part, len(messages), facts)
            if part in complete:
                posted.append(complete[part])
                continue
            ts = None
            if part < len(job.posted):
                partial = job.posted[part]
            if partial is not None:
                ts = self._mend(job, partial, message, metadata, streaming)
                partial = None
            posted.append(ts or self._send(job, message, metadata))
            if len(messages) > 1:
                self._jobs.note_posted(job, posted)
        return posted

    def start(self, job: Job) -> Streaming:
        """A stream for a job's answer; nothing is shown before the first text."""
        chat = self._web.chat_stream(
            channel=job.channel,
            thread_ts=job.reply_to,
            recipient_team_id=job.team,
            recipient_user_id=job.user,
            buffer_size=1,
        )
        return Streaming(chat)

    def feed(self, job: Job, streaming: Streaming, text: str) -> None:
        """Show more of the answer; a stream that fails is given up quietly."""
        if streaming.dead or not text:
            return
        begun = streaming.ts is not None
        streaming.waiting += text
        if len(streaming.waiting) < (MORE if begun else FIRST):
            return
        try:
            if not begun and not self._jobs.begin_posting(job):
                streaming.dead = True
                return
            streaming.chat.append(markdown_text=markdown(streaming.waiting))
            streaming.shown.append(streaming.waiting)
            streaming.waiting = ""
        except (SlackDown, SlackRefused) as error:
            log.info("job %s: streaming given up: %s", job.reference, error)
            streaming.dead = True
        if not begun and streaming.ts is not None:
            self._jobs.note_posted(job, [streaming.ts])

    def abandon(self, job: Job, streaming: Streaming) -> None:
        """End a stream whose answer will not come, marked as this job's."""
        if streaming.ts is None:
            return
        try:
            self._web.chat_stopStream(channel=job.channel, ts=streaming.ts)
        except (SlackDown, SlackRefused) as error:
            log.info("job %s: the stream had ended: %s", job.reference, error)

    def _mend(
        self,
        job: Job,
        ts: str,
        message: Message,
        metadata: dict[str, Any],
        streaming: Streaming | None,
    ) -> str | None:
        """Make a message that is shown in part the whole one; None if Slack will not have it."""
        try:
            if streaming is not None and not streaming.dead:
                streaming.chat.stop(markdown_text=markdown(streaming.waiting), metadata=metadata)
            else:
                self._web.chat_stopStream(channel=job.channel, ts=ts, metadata=metadata)
        except (SlackDown, SlackRefused) as error:
            log.info("job %s: the stream had ended: %s", job.reference, error)
        try:
            self._web.chat_update(
                channel=job.channel,
                ts=ts,
                text=message.text,
                blocks=list(message.blocks),
                metadata=metadata,
                parse="none",
            )
        except SlackRefused as error:
            log.info("job %s: posted anew: %s", job.reference, error)
            return None
        return ts

    def _send(self, job: Job, message: Message, metadata: dict[str, Any]) -> str:
        call: dict[str, Any] = {
            "channel": job.channel,
            "text": message.text,
            "metadata": metadata,
            "parse": "none",
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
            # Slack's own clients make their messages unique by this; it costs nothing here.
            "client_msg_id": str(
                uuid5(NAMESPACE_URL, f"{job.id}/{metadata['event_payload']['part']}")
            ),
        }
        if job.reply_to:
            call["thread_ts"] = job.reply_to
        try:
            return str(self._web.chat_postMessage(blocks=list(message.blocks), **call)["ts"])
        except SlackRefused as error:
            if error.code not in BAD_BLOCKS:
                raise
            log.warning("job %s: %s; shown as text", job.reference, error.code)
            return str(self._web.chat_postMessage(**call)["ts"])
        except SlackDown as error:
            if not error.unsure:
                raise
            found, _ = self._find(job)
            part = int(metadata["event_payload"]["part"])
            if part not in found:
                raise
            return found[part]

    def _metadata(
        self, job: Job, part: int, parts: int, facts: dict[str, Any] | None
    ) -> dict[str, Any]:
        payload = {"delivery": job.id, "part": part, "parts": parts, **(facts or {})}
        return {"event_type": EVENT, "event_payload": payload}

    def _find(self, job: Job) -> tuple[dict[int, str], str | None]:
        """Parts of the job that are shown whole, and a message of ours that nothing names.

        Only a stream cut off by a kill has no metadata; the jobs of a thread go one after another,
        so it is this job's.
        """
        found: dict[int, str] = {}
        orphan: str | None = None
        cursor = ""
        call: dict[str, Any] = {"channel": job.channel, "limit": PAGE_SIZE}
        call |= {
            "include_all_metadata": True,
            "oldest": job.message_ts or f"{job.created - 10:.6f}",
        }
        try:
            while True:
                if job.reply_to:
                    page = self._web.conversations_replies(ts=job.reply_to, cursor=cursor, **call)
                else:
                    page = self._web.conversations_history(cursor=cursor, **call)
                for message in page.get("messages") or []:
                    if message.get("user") != self._bot_user and not message.get("bot_id"):
                        continue
                    metadata = message.get("metadata") or {}
                    payload = metadata.get("event_payload") or {}
                    if payload.get("delivery") == job.id:
                        found[int(payload.get("part", 0))] = str(message["ts"])
                    elif not metadata and message.get("user") == self._bot_user and job.reply_to:
                        orphan = str(message["ts"])
                cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    return found, orphan
        except SlackRefused as error:
            log.warning("job %s: cannot look whether it was shown: %s", job.reference, error)
            return found, orphan
