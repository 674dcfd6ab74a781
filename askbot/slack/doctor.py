"""`askbot slack doctor`: tokens, scopes, Socket Mode, store and pages, a line each."""

from __future__ import annotations

from collections.abc import Iterator

from askbot.errors import AskbotError
from askbot.index.catalog import read_catalog
from askbot.index.files import Layout
from askbot.settings import Settings, SlackSecrets
from askbot.slack.bridge import open_web
from askbot.slack.database import Database
from askbot.slack.manifest import SCOPES
from askbot.slack.web import SlackDown, SlackRefused

Line = tuple[bool, str]


def examine(settings: Settings, secrets: SlackSecrets) -> Iterator[Line]:
    """(fine, what) of each check; tokens are never in a line."""
    yield from _bot_token(settings, secrets)
    yield from _app_token(settings, secrets)
    if secrets.signing_secret:
        good = len(secrets.signing_secret) == 32
        yield good, "signing secret: set" + ("" if good else ", but Slack's have 32 characters")
    else:
        yield True, "signing secret: not set (only --http needs it)"
    try:
        database = Database(settings.home, settings.slack_store)
        database.close()
        yield True, f"store: {database.name}"
    except AskbotError as error:
        yield False, f"store: {error}"
    try:
        pages = read_catalog(Layout(settings.home)).pages
        names = ", ".join(page.slug for page in pages) or "none yet: the bundled one will be"
        default = f"; default {settings.page}" if settings.page else ""
        fine = not settings.page or any(page.slug == settings.page for page in pages)
        yield fine, f"pages: {names}{default}{'' if fine else ', which is not indexed'}"
    except AskbotError as error:
        yield False, f"pages: {error}"


def _bot_token(settings: Settings, secrets: SlackSecrets) -> Iterator[Line]:
    if not secrets.bot_token:
        yield False, "bot token: SLACK_BOT_TOKEN is not set; copy it from “OAuth & Permissions”"
        return
    try:
        who = open_web(settings, secrets.bot_token).auth_test()
    except SlackRefused as error:
        yield False, f"bot token: refused ({error.code}); copy the xoxb-… token again"
        return
    except SlackDown as error:
        yield False, f"bot token: Slack cannot be reached ({error})"
        return
    yield True, f"bot token: {who.get('user')} in {who.get('team')} ({who.get('team_id')})"
    headers = {str(k).lower(): v for k, v in dict(who.headers).items()}
    granted = headers.get("x-oauth-scopes", "")
    if isinstance(granted, list):
        granted = ",".join(granted)
    have = {scope.strip() for scope in str(granted).split(",") if scope.strip()}
    for scope, why in SCOPES.items():
        fine = scope in have
        yield fine, f"scope {scope}: {'granted' if fine else f'missing; needed to: {why}'}"


def _app_token(settings: Settings, secrets: SlackSecrets) -> Iterator[Line]:
    if not secrets.app_token:
        need = bool(secrets.signing_secret)
        yield need, "app token: SLACK_APP_TOKEN is not set (only Socket Mode needs it)"
        return
    try:
        open_web(settings, secrets.bot_token).apps_connections_open(app_token=secrets.app_token)
    except SlackRefused as error:
        yield False, f"app token: refused ({error.code}); it needs the scope connections:write"
    except SlackDown as error:
        yield False, f"app token: Slack cannot be reached ({error})"
    else:
        yield True, "app token: Socket Mode can be opened"
