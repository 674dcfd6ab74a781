"""The app manifest: what Slack is told of the app, as JSON to paste at api.slack.com/apps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SCOPES = {
    "app_mentions:read": "see where it is mentioned",
    "assistant:write": "suggest questions in the agent view",
    "channels:history": "go on in threads of public channels, and read one when asked to",
    "chat:write": "answer",
    "commands": "/askbot and the message shortcut",
    "groups:history": "the same in private channels it is in",
    "im:history": "direct messages",
    "mpim:history": "group messages it is in",
    "users:read": "names of the people in a thread it reads",
}
"""Bot scopes, and what each is for."""
EVENTS = (
    "app_home_opened",
    "app_mention",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
)
DESCRIPTION = "Answers questions about an article and its comments; every citation is checked."


def manifest(*, url: str | None = None, prompts: Sequence[str] = ()) -> dict[str, Any]:
    """The manifest.

    Args:
        url: where the HTTP server is reached ("https://bot.example.org"); None for Socket Mode.
        prompts: questions suggested before any is set for a conversation.
    """
    request = {"request_url": f"{url.rstrip('/')}/slack/events"} if url else {}
    agent: dict[str, Any] = {"agent_description": DESCRIPTION}
    if prompts:
        agent["suggested_prompts"] = [{"title": p, "message": p} for p in prompts]
    command = {
        "command": "/askbot",
        "description": "Ask about the page",
        "usage_hint": "QUESTION | pages | use SLUG | help",
        "should_escape": False,
    }
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "askbot",
            "description": DESCRIPTION,
            "background_color": "#1f3a5f",
        },
        "features": {
            "agent_view": agent,
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "askbot", "always_online": True},
            "shortcuts": [
                {
                    "name": "Ask about this thread",
                    "type": "message",
                    "callback_id": "ask_about_thread",
                    "description": "Read the thread, and answer questions about it",
                }
            ],
            "slash_commands": [command | ({"url": request["request_url"]} if url else {})],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }
