"""The whole bridge put together, and run over Socket Mode or HTTP until it is told to stop."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from askbot.errors import AskbotError, SettingsError
from askbot.settings import Settings, SlackSecrets
from askbot.slack.answering import Answering, Identity
from askbot.slack.app import build_app
from askbot.slack.blocks import Message
from askbot.slack.commands import Commands
from askbot.slack.database import Database
from askbot.slack.engine import Engine
from askbot.slack.feedback import Feedback
from askbot.slack.inbox import Inbox
from askbot.slack.incoming import Rules
from askbot.slack.jobs import Jobs, worker_id
from askbot.slack.memory import Places, SessionTurns, SharedTurns
from askbot.slack.pool import Pool
from askbot.slack.posting import Poster
from askbot.slack.web import AUTH_ERRORS, SlackRefused, Web

if TYPE_CHECKING:
    from slack_bolt import App

log = logging.getLogger("askbot.slack")

SWITCH = 0.0005
"""Seconds a thread keeps the interpreter (5 ms is the default): measured, docs/slack.md."""


def open_web(settings: Settings, token: str) -> Web:
    """A client of Slack's Web API."""
    # The SDK takes whole seconds, though it hands them to urllib, which takes any.
    timeout: Any = settings.slack_timeout
    return Web(token=token, base_url=settings.slack_api_url, timeout=timeout)


def identify(web: Web) -> Identity:
    """Who the token's bot is.

    Raises:
        SettingsError: Slack does not know the token. SlackDown: Slack cannot be reached.
    """
    try:
        who = web.auth_test()
    except SlackRefused as error:
        if error.code in AUTH_ERRORS:
            raise SettingsError(
                f"Slack refuses SLACK_BOT_TOKEN ({error.code}); copy the Bot User OAuth Token "
                "(xoxb-…) from the app's “OAuth & Permissions” page"
            ) from None
        raise
    return Identity(
        str(who.get("user_id") or ""),
        str(who.get("bot_id") or ""),
        str(who.get("team_id") or ""),
        str(who.get("url") or "https://slack.com/"),
    )


class Bridge:
    """Everything that runs in one process.

    Args:
        http: check signatures; else the deliveries come over Socket Mode.

    Raises:
        SettingsError: a token is missing or refused. StoreError and its kind.
    """

    def __init__(self, settings: Settings, secrets: SlackSecrets, *, http: bool) -> None:
        check_secrets(secrets, http=http)
        # Workers compute; the threads that answer Slack must get at the interpreter in between.
        sys.setswitchinterval(SWITCH)
        self.settings, self._secrets = settings, secrets
        self.web = open_web(settings, secrets.bot_token)
        self.database = Database(settings.home, settings.slack_store)
        me = identify(self.web)
        rules = Rules(
            bot_user=me.bot_user,
            bot_id=me.bot_id,
            teams=_listed(settings.slack_teams),
            channels=_listed(settings.slack_channels),
            followups=settings.slack_followups,
        )
        self.jobs = Jobs(
            self.database, worker_id(), lease=settings.slack_lease, limit=settings.slack_queue
        )
        places = Places(self.database)
        turns = SharedTurns(self.database) if self.database.shared else SessionTurns(settings.home)
        answering = Answering(
            Engine(settings),
            self.jobs,
            turns,
            places,
            Poster(self.web, self.jobs, me.bot_user),
            self.web,
            me,
            respond,
        )
        self.pool = Pool(
            self.jobs,
            answering.handle,
            workers=settings.slack_workers,
            lease=settings.slack_lease,
            keep_days=settings.slack_keep_days,
        )
        self._inbox = Inbox(self.jobs)
        self.app: App = build_app(
            self.web,
            me,
            rules,
            self._inbox,
            Commands(settings, places, rules),
            Feedback(self.database),
            self.pool.wake,
            token=secrets.bot_token,
            signing_secret=secrets.signing_secret if http else None,
        )

    def health(self) -> dict[str, Any]:
        """For the health endpoint: jobs by state. Raises StoreError where the store is gone."""
        state = "stopping" if self.pool.stopping else "ok"
        return {"status": state, "jobs": self.jobs.counts()}

    def close(self) -> None:
        """Finish what is being answered, within the grace; the rest stays for the next start."""
        self._inbox.close()
        if not self.pool.stop(self.settings.slack_grace):
            log.warning("some answers were not finished; the next start finishes them")
        self.database.close()


def run_socket_mode(
    settings: Settings, secrets: SlackSecrets, started: Callable[[str], None]
) -> None:
    """Serve over Socket Mode until SIGTERM or SIGINT.

    Args:
        started: is told in a line when deliveries come in.

    Raises:
        As `Bridge`; SettingsError: the app-level token is refused.
    """
    from slack_bolt.adapter.socket_mode import SocketModeHandler

    bridge = Bridge(settings, secrets, http=False)
    socket_log = logging.getLogger("askbot.slack.socket")
    socket_log.setLevel(logging.CRITICAL)  # it logs messages, and every reconnect as an error
    handler: Any = SocketModeHandler(
        bridge.app,
        secrets.app_token,
        logger=socket_log,
        web_client=open_web(settings, secrets.bot_token),
        ping_interval=5,
    )
    stop = threading.Event()
    _on_signals(stop)
    bridge.pool.start()
    try:
        try:
            handler.connect()
        except SlackRefused as error:
            raise SettingsError(
                f"Slack refuses SLACK_APP_TOKEN ({error.code}); make an app-level token (xapp-…) "
                "with the scope connections:write on the app's “Basic Information” page"
            ) from None
        started("connected to Slack over Socket Mode")
        while not stop.wait(0.5):
            pass
        handler.client.auto_reconnect_enabled = False
        _quietly(handler.disconnect)  # nothing new comes in while answers are finished
    finally:
        bridge.close()
        _quietly(handler.close)


def _quietly(close: Callable[[], None]) -> None:
    """Close a connection of the SDK's, which raises where the line is gone already."""
    try:
        close()
    except Exception as error:
        log.debug("closing the socket: %s", error)


def _on_signals(stop: threading.Event) -> None:
    def ask_to_stop(_: int, __: FrameType | None) -> None:
        stop.set()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)


def check_secrets(secrets: SlackSecrets, *, http: bool) -> None:
    """Whether the tokens that this way of serving needs are there.

    Raises:
        SettingsError: one is missing, or two are mixed up.
    """
    needed = [("SLACK_BOT_TOKEN", secrets.bot_token, "xoxb-")]
    if http:
        needed.append(("SLACK_SIGNING_SECRET", secrets.signing_secret, ""))
    else:
        needed.append(("SLACK_APP_TOKEN", secrets.app_token, "xapp-"))
    for name, value, prefix in needed:
        if not value:
            raise SettingsError(f"{name} is not set; docs/slack.md says where to copy it from")
        if not value.startswith(prefix):
            raise SettingsError(f"{name} must begin with {prefix}: another token was put there")


def respond(response_url: str, message: Message) -> None:
    """Answer a slash command where the bot is not in the channel: only its user sees it."""
    from slack_sdk.webhook import WebhookClient

    try:
        WebhookClient(response_url).send(
            text=message.text, blocks=list(message.blocks), response_type="ephemeral"
        )
    except (OSError, ValueError) as error:
        raise AskbotError(
            f"Slack's response_url failed ({type(error).__name__}); ask again"
        ) from None


def _listed(value: str) -> frozenset[str]:
    return frozenset(part.strip() for part in value.split(",") if part.strip())
