"""A Slack thread as a page: its first message a comment, the others replies, each with its link."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from askbot.discussion import Page
from askbot.showing import one_line, shortened
from askbot.slack.engine import THREAD_PREFIX
from askbot.slack.mrkdwn import read
from askbot.sources.builder import PageBuilder, Post

if TYPE_CHECKING:
    from askbot.slack.web import Web

SKIPPED = frozenset({"channel_join", "channel_leave", "tombstone", "bot_add", "bot_remove"})


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """A message of a thread as it is read."""

    author: str
    text: str
    ts: str
    url: str


def thread_slug(channel: str, root: str) -> str:
    """The page's slug: the same thread, the same page."""
    return THREAD_PREFIX + re.sub(r"[^a-z0-9]+", "-", f"{channel}-{root}".lower()).strip("-")


def permalink(workspace_url: str, channel: str, ts: str, root: str) -> str:
    """A message's address, in the form that chat.getPermalink gives."""
    address = f"{workspace_url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return address if ts == root else f"{address}?thread_ts={root}&cid={channel}"


def thread_page(messages: Sequence[ThreadMessage], channel: str, root: str) -> Page:
    """The page of a thread.

    Raises:
        SourceError: there is nothing in it to read.
    """
    origin = messages[0].url if messages else f"slack:{channel}/{root}"
    builder = PageBuilder(slug=thread_slug(channel, root), origin=origin, format="slack")
    posts = [
        Post(
            author=message.author,
            heading=f"{message.author} wrote on {_when(message.ts)}:",
            paragraphs=[message.text] if message.text else [],
            posted=_when(message.ts),
            url=message.url,
        )
        for message in messages
    ]
    if posts:
        posts[0].replies = posts[1:]
        builder.posts(posts[:1])
    title = shortened(messages[0].text, 80) if messages else ""
    return builder.build(title=title)


def read_thread(
    web: Web, channel: str, root: str, *, workspace_url: str, bot_user: str
) -> list[ThreadMessage]:
    """Every message of people in a thread, the bot's own and those to it left out.

    Raises:
        SlackDown, SlackRefused: Slack does not give the thread.
    """
    raw: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = web.conversations_replies(channel=channel, ts=root, limit=200, cursor=cursor)
        raw += page.get("messages") or []
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    names = Names(lambda user: web.users_info(user=user).get("user") or {})
    found = []
    for message in raw:
        if message.get("subtype") in SKIPPED or message.get("user") == bot_user:
            continue
        typed = read(_with_names(str(message.get("text") or ""), names, bot_user), bot_user)
        if typed.to_bot and message.get("ts") != root:
            continue
        ts = str(message["ts"])
        url = permalink(workspace_url, channel, ts, root)
        words = _paragraphs(_with_names(str(message.get("text") or ""), names, bot_user), bot_user)
        found.append(ThreadMessage(names.of(message), words, ts, url))
    return found


class Names:
    """Names of the people in a thread; each is asked for once."""

    def __init__(self, look_up: Callable[[str], Mapping[str, Any]]) -> None:
        self._look_up = look_up
        self._known: dict[str, str] = {}

    def of(self, message: Mapping[str, Any]) -> str:
        """The author's name as Slack shows it."""
        profile = message.get("bot_profile") or {}
        name = message.get("username") or profile.get("name")
        if name:
            return one_line(str(name))
        user = str(message.get("user") or message.get("bot_id") or "")
        return self.user(user) if user else "unknown"

    def user(self, user: str) -> str:
        """A user's display name, their id where Slack will not say."""
        from askbot.slack.web import SlackDown, SlackRefused

        if user not in self._known:
            try:
                record = self._look_up(user)
            except (SlackRefused, SlackDown):
                record = {}
            profile = record.get("profile") or {}
            name = profile.get("display_name") or record.get("real_name") or record.get("name")
            self._known[user] = one_line(str(name or "")) or user
        return self._known[user]


def _with_names(raw: str, names: Names, bot_user: str) -> str:
    def label(match: re.Match[str]) -> str:
        user = match.group(1)
        return match.group() if user == bot_user else f"<@{user}|{names.user(user)}>"

    return re.sub(r"<@([A-Z0-9]+)(?:\|[^>]*)?>", label, raw)


def _paragraphs(raw: str, bot_user: str) -> str:
    """The words with their paragraphs; the formatting signs stay as typed."""
    parts = re.split(r"\n\s*\n", raw)
    read_parts = (read(part, bot_user).text for part in parts)
    return "\n\n".join(part for part in read_parts if part)


def _when(ts: str) -> str:
    moment = datetime.fromtimestamp(float(ts), UTC)
    return moment.strftime("%-d %B %Y, %H:%M UTC")
