"""From a delivery's body to a `Request`: who is asked what, and what is none of the bot's business.

Pure; it decides without a look at any store. A mention arrives twice, as `app_mention` and as
`message`, under two event ids: both give the same key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from askbot.slack.mrkdwn import read
from askbot.slack.request import Request

Body = Mapping[str, Any]

SUBTYPES = (None, "file_share", "thread_broadcast", "me_message")
"""Messages of people; every other subtype is an edit, a notice or another bot."""
SHORTCUT = "ask_about_thread"


@dataclass(frozen=True, slots=True)
class Rules:
    """Whom the bot answers.

    Attributes:
        bot_user, bot_id: its own ids, so that it never answers itself.
        teams, channels: the only ones answered; empty means all.
        followups: answer in a known thread without a mention.
    """

    bot_user: str
    bot_id: str = ""
    teams: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    followups: bool = True

    def allow(self, team: str, channel: str) -> bool:
        """Whether this workspace and channel are answered."""
        return (not self.teams or team in self.teams) and (
            not self.channels or channel in self.channels or channel.startswith("D")
        )


def from_event(body: Body, rules: Rules) -> Request | None:
    """The request in an Events API delivery, None if there is none for us."""
    event: Body = body.get("event") or {}
    team = str(body.get("team_id") or event.get("team") or "")
    channel = str(event.get("channel") or "")
    kind = event.get("type")
    if kind == "app_home_opened" and event.get("tab") == "messages":
        return _prompts(body, team, channel, str(event.get("user", "")), rules)
    if kind == "assistant_thread_started":
        thread: Body = event.get("assistant_thread") or {}
        where = str(thread.get("channel_id", ""))
        return _prompts(
            body, team, where, str(thread.get("user_id", "")), rules, str(thread.get("thread_ts"))
        )
    if kind in ("message", "app_mention"):
        return _message(event, team, channel, rules)
    return None


def _message(event: Body, team: str, channel: str, rules: Rules) -> Request | None:
    user = str(event.get("user") or "")
    if event.get("subtype") not in SUBTYPES or event.get("bot_id") or event.get("bot_profile"):
        return None
    if not user or user in (rules.bot_user, "USLACKBOT") or not rules.allow(team, channel):
        return None
    ts = str(event.get("ts") or "")
    if not ts or not channel:
        return None
    root = str(event.get("thread_ts") or ts)
    raw = str(event.get("text") or "")
    direct = event.get("channel_type") == "im" or channel.startswith("D")
    typed = read(raw, rules.bot_user)
    addressed = direct or typed.to_bot or event.get("type") == "app_mention"
    # A follow-up without a mention: in a thread, and said to nobody else in particular.
    if not addressed and (not rules.followups or root == ts or typed.mentions):
        return None
    return Request(
        key=f"message/{team}/{channel}/{ts}",
        kind="question",
        team=team,
        channel=channel,
        user=user,
        words=raw,
        reply_to=root,
        message_ts=ts,
        thread=f"{team}/{channel}/{root}",
        only_known=not addressed,
    )


def _prompts(
    body: Body, team: str, channel: str, user: str, rules: Rules, thread: str = ""
) -> Request | None:
    if not channel or not rules.allow(team, channel):
        return None
    return Request(
        key=f"prompts/{body.get('event_id', '')}",
        kind="prompts",
        team=team,
        channel=channel,
        user=user,
        reply_to=thread,
    )


def from_command(body: Body, words: str, rules: Rules) -> Request | None:
    """A question typed behind /askbot; None where the bot does not answer."""
    team, channel = str(body.get("team_id", "")), str(body.get("channel_id", ""))
    if not rules.allow(team, channel):
        return None
    key = f"command/{body.get('trigger_id', '')}"
    return Request(
        key=key,
        kind="command",
        team=team,
        channel=channel,
        user=str(body.get("user_id", "")),
        words=words,
        extra={"response_url": str(body.get("response_url", ""))},
    )


def from_shortcut(body: Body, rules: Rules) -> Request | None:
    """ "Ask about this thread" on a message."""
    team = str((body.get("team") or {}).get("id", ""))
    channel = str((body.get("channel") or {}).get("id", ""))
    message: Body = body.get("message") or {}
    root = str(message.get("thread_ts") or message.get("ts") or "")
    if not root or not rules.allow(team, channel):
        return None
    return Request(
        key=f"shortcut/{body.get('trigger_id', '')}",
        kind="thread",
        team=team,
        channel=channel,
        user=str((body.get("user") or {}).get("id", "")),
        reply_to=root,
        thread=f"{team}/{channel}/{root}",
        extra={"response_url": str(body.get("response_url", ""))},
    )


def from_button(body: Body, kind: str, rules: Rules) -> Request | None:
    """ "Show more" ("more") or "Show thread" ("tree") under an answer."""
    team = str((body.get("team") or {}).get("id", ""))
    channel = str((body.get("channel") or {}).get("id", ""))
    action: Body = (body.get("actions") or [{}])[0]
    message: Body = body.get("message") or {}
    if not channel or not rules.allow(team, channel):
        return None
    return Request(
        key=f"button/{body.get('trigger_id') or action.get('action_ts', '')}/{kind}",
        kind=kind,
        team=team,
        channel=channel,
        user=str((body.get("user") or {}).get("id", "")),
        reply_to=str(message.get("thread_ts") or message.get("ts") or ""),
        extra={"job": str(action.get("value", ""))},
    )
