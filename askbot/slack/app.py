"""The Bolt app: a delivery is kept in the store, then acknowledged; no network, no answering."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from askbot.slack.blocks import FEEDBACK, MORE, THREAD
from askbot.slack.commands import Commands
from askbot.slack.feedback import Feedback
from askbot.slack.inbox import Inbox
from askbot.slack.incoming import (
    SHORTCUT,
    Rules,
    from_button,
    from_command,
    from_event,
    from_shortcut,
)
from askbot.slack.request import Request

if TYPE_CHECKING:
    from slack_bolt import App

    from askbot.slack.answering import Identity
    from askbot.slack.web import Web

log = logging.getLogger("askbot.slack")
COMMAND = "/askbot"
EVERY = re.compile(".*")


def build_app(
    web: Web,
    me: Identity,
    rules: Rules,
    inbox: Inbox,
    commands: Commands,
    feedback: Feedback,
    wake: Callable[[], None],
    *,
    token: str,
    signing_secret: str | None,
) -> App:
    """Wire Slack's deliveries to the store.

    Args:
        signing_secret: checks the signatures of HTTP requests; None in Socket Mode.
        wake: tells a worker that there is a new job.
    """
    from slack_bolt import App
    from slack_bolt.authorization import AuthorizeResult

    # Known since the start, so that no call to Slack stands between a delivery and its answer.
    identity = AuthorizeResult(
        enterprise_id=None,
        team_id=me.team,
        bot_id=me.bot_id,
        bot_user_id=me.bot_user,
        bot_token=token,
    )
    bolt_log = logging.getLogger("askbot.slack.bolt")
    bolt_log.setLevel(logging.ERROR)  # its warnings carry request bodies
    app = App(
        logger=bolt_log,
        client=web,
        authorize=lambda: identity,
        signing_secret=signing_secret or "none: no request comes over HTTP",
        request_verification_enabled=signing_secret is not None,
        process_before_response=True,  # acknowledged means kept
        attaching_conversation_kwargs_enabled=False,
    )

    def keep(event_id: str, request: Request | None) -> str:
        outcome = inbox.keep(event_id, request)
        if outcome in ("new", "refused"):
            wake()
        return outcome

    @app.event(EVERY)
    def event(ack: Any, body: dict[str, Any]) -> None:
        keep(str(body.get("event_id") or ""), from_event(body, rules))
        ack()

    @app.command(COMMAND)
    def command(ack: Any, body: dict[str, Any]) -> None:
        reply = commands.reply(body)
        if reply is not None:
            ack(text=reply, response_type="ephemeral")
            return
        words = str(body.get("text", ""))
        request = from_command(body, words, rules)
        if request is None:
            ack(text="I do not answer in this channel.", response_type="ephemeral")
            return
        keep("", request)
        ack(response_type="in_channel")

    @app.shortcut(SHORTCUT)
    def shortcut(ack: Any, body: dict[str, Any]) -> None:
        keep("", from_shortcut(body, rules))
        ack()

    @app.action(MORE)
    def more(ack: Any, body: dict[str, Any]) -> None:
        keep("", from_button(body, "more", rules))
        ack()

    @app.action(THREAD)
    def thread(ack: Any, body: dict[str, Any]) -> None:
        keep("", from_button(body, "tree", rules))
        ack()

    @app.action(FEEDBACK)
    def given(ack: Any, body: dict[str, Any]) -> None:
        action: Mapping[str, Any] = (body.get("actions") or [{}])[0]
        value, _, job = str(action.get("value", "")).partition(":")
        feedback.give(job, str((body.get("user") or {}).get("id", "")), value)
        ack()

    return app
