"""Slack's Web API: Retry-After obeyed by every thread, failures told apart by what may be done.

Imported only by what talks to Slack.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from askbot.errors import AskbotError

log = logging.getLogger("askbot.slack")

PATIENCE = 120.0
"""Longest that one call waits for a rate limit; then the job is tried again later."""
OPTIONAL = frozenset({"assistant.threads.setStatus", "assistant.threads.setSuggestedPrompts"})
"""Not worth waiting for."""
AUTH_ERRORS = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)
TRANSIENT = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"}
    | {"team_added_to_org", "accesslimited", "external_channel_migrating"}
)


class SlackDown(AskbotError):
    """Slack could not be reached, or not now: the same may work later.

    Attributes:
        unsure: the call may have had its effect all the same.
    """

    def __init__(self, message: str, *, unsure: bool) -> None:
        super().__init__(message)
        self.unsure = unsure


class SlackRefused(AskbotError):
    """Slack said no, and would say so again; `code` is its word for it."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"Slack refuses {method}: {code}; `askbot slack doctor` checks the app")
        self.code = code


class Gate:
    """When each method may be called again; shared by all threads of the process."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def close(self, method: str, seconds: float) -> None:
        """Nobody calls this method for so long."""
        with self._lock:
            until = self._clock() + seconds
            self._until[method] = max(until, self._until.get(method, 0.0))

    def wait(self, method: str, patience: float) -> float:
        """Wait until the method may be called; the seconds waited.

        Raises:
            SlackDown: that would be longer than `patience`.
        """
        waited = 0.0
        while True:
            with self._lock:
                left = self._until.get(method, 0.0) - self._clock()
            if left <= 0:
                return waited
            if waited + left > patience:
                raise SlackDown(f"{method} is rate limited for {left:.0f} s more", unsure=False)
            self._sleep(left)
            waited += left


class Web(WebClient):
    """A `WebClient` whose every call, streaming helpers included, obeys Retry-After.

    Raises (from every method):
        SlackDown: no answer, a 5xx, or a rate limit beyond our patience.
        SlackRefused: any other error.
    """

    def __init__(self, *args: Any, gate: Gate | None = None, **kwargs: Any) -> None:
        kwargs["retry_handlers"] = []  # ours is the loop below
        super().__init__(*args, **kwargs)
        self.gate = gate or Gate()
        self._logger = logging.getLogger("askbot.slack.web")
        self._logger.setLevel(logging.CRITICAL)  # bodies and headers stay out of logs

    def api_call(self, api_method: str, **kwargs: Any) -> SlackResponse:
        """One call, repeated as long as Slack says to wait."""
        patience = 0.0 if api_method in OPTIONAL else PATIENCE
        while True:
            patience -= self.gate.wait(api_method, patience)
            try:
                return super().api_call(api_method, **kwargs)
            except SlackApiError as error:
                self._sort(api_method, error)
            except (URLError, OSError, SlackRequestError, json.JSONDecodeError) as error:
                reason = type(error).__name__
                raise SlackDown(f"{api_method}: {reason}", unsure=True) from None

    def _sort(self, method: str, error: SlackApiError) -> None:
        response = error.response
        code = str(response.get("error") or "") if hasattr(response, "get") else ""
        if not code.replace("_", "").isalnum():
            code = ""  # the SDK puts a body that is no JSON there
        status = int(getattr(response, "status_code", 0) or 0)
        if status == 429 or code == "ratelimited":
            seconds = retry_after(getattr(response, "headers", {}) or {})
            log.info("%s is rate limited for %.0f s", method, seconds)
            self.gate.close(method, seconds)
            return
        if status >= 500 or code in TRANSIENT:
            raise SlackDown(f"{method}: {code or status}", unsure=True) from None
        raise SlackRefused(method, code or f"status {status}") from None


def retry_after(headers: Any) -> float:
    """Seconds of a Retry-After header, 1 where there is none that can be read."""
    for name, value in dict(headers).items():
        if str(name).lower() == "retry-after":
            first = value[0] if isinstance(value, list) else value
            try:
                return max(0.0, float(first))
            except ValueError:
                return 1.0
    return 1.0
