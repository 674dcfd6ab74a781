"""What went wrong with a chat model, told alike for every provider, in words of our own.

A provider's message may hold a part of the key or of the page, so that none is passed on: the kind,
the status and what to do are all that is told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Literal

from askbot.errors import ProviderError

Kind = Literal[
    "timeout", "busy", "server", "connection", "cut", "malformed", "key", "too long",
    "unknown model", "refused", "request", "options",
]  # fmt: skip

RETRIED: frozenset[Kind] = frozenset({"busy", "server", "connection", "cut", "malformed"})

_ABOUT: dict[Kind, str] = {
    "timeout": "{name} did not finish within {seconds:g} s (ASKBOT_MODEL_TIMEOUT)",
    "busy": "{name} is refusing requests for now (429: rate or quota limit)",
    "server": "{name} failed on its own side ({status})",
    "connection": "{name} cannot be reached; check the address and the network",
    "cut": "{name} broke off in the middle of its answer",
    "malformed": "{name} gave nothing usable",
    "key": "{name} refused the API key ({status}); check the key in the environment",
    "too long": "{name} finds the passages too long; set ASKBOT_MODEL_CONTEXT to its window",
    "unknown model": "{name} is not known to the provider (404); check the name and the address",
    "refused": "{name} declined to write about this (the provider's content filter)",
    "request": "{name} refused the request ({status})",
    "options": "{name} refused an option of the request ({status})",
}
_TOO_LONG = re.compile(
    r"context.?length|context.?window|maximum context|context size|too (?:long|large|many tokens)|"
    r"exceed\w* .{0,40}(?:context|token|length)|reduce the length|num_ctx|input length",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(
    r"api.?key.{0,20}(?:not valid|invalid|incorrect)|(?:invalid|incorrect).{0,10}api.?key",
    re.IGNORECASE,
)


class ModelFailure(ProviderError):
    """A request to a chat model failed.

    Attributes:
        kind: which failure it is.
        retry_after: seconds the provider asks to wait, if it says so.
        status: the HTTP status, if there was a response.
    """

    def __init__(
        self,
        kind: Kind,
        name: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        seconds: float = 0.0,
    ) -> None:
        self.kind: Kind = kind
        self.status = status
        self.retry_after = retry_after
        super().__init__(_ABOUT[kind].format(name=name, status=status or "error", seconds=seconds))

    @property
    def is_retried(self) -> bool:
        return self.kind in RETRIED


def told(error: BaseException, name: str, seconds: float) -> ModelFailure:
    """Any provider's exception as one of ours."""
    if isinstance(error, ModelFailure):
        return error
    chain = list(_chain(error))
    status = next((s for s in map(_status, chain) if s is not None), None)
    text = " ".join(str(e) for e in chain)[:4000]
    kind = _kind(chain, status, text)
    return ModelFailure(kind, name, status=status, retry_after=_retry_after(chain), seconds=seconds)


def _kind(chain: list[BaseException], status: int | None, text: str) -> Kind:
    if status is not None and status >= 400:
        return _kind_of_status(status, text)
    names = [type(e).__name__.lower() for e in chain]
    if any(
        isinstance(e, TimeoutError) or "timeout" in n for e, n in zip(chain, names, strict=True)
    ):
        return "timeout"
    if any(n in ("remoteprotocolerror", "readerror", "incompleteread") for n in names):
        return "cut"
    if any("connect" in n for n in names) or any(isinstance(e, ConnectionError) for e in chain):
        return "connection"
    if _TOO_LONG.search(text):
        return "too long"
    if any(isinstance(e, json.JSONDecodeError | UnicodeError) for e in chain):
        return "malformed"
    if any(isinstance(e, OSError) for e in chain):
        return "connection"
    if any("response" in n or "apierror" in n for n in names):
        return "server"
    return "malformed"


def _kind_of_status(status: int, text: str) -> Kind:
    if status == 429:
        return "busy"
    if status == 408 or status == 504:
        return "timeout" if status == 408 else "server"
    if status in (401, 403) or (status == 400 and _BAD_KEY.search(text)):
        return "key"
    if status == 413 or _TOO_LONG.search(text):
        return "too long" if status < 500 or _TOO_LONG.search(text) else "server"
    if status == 404:
        return "unknown model"
    if status >= 500:
        return "server"
    if "stream_options" in text or "temperature" in text:
        return "options"
    return "request"


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _status(error: BaseException) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        for attribute in ("status_code", "code", "status"):
            value = getattr(holder, attribute, None)
            if isinstance(value, int) and 100 <= value < 600:
                return value
    return None


def _retry_after(chain: list[BaseException]) -> float | None:
    for error in chain:
        headers = getattr(getattr(error, "response", None), "headers", None)
        if headers is None:
            continue
        for header, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
            try:
                value = headers.get(header)
            except (AttributeError, TypeError):
                break
            seconds = _seconds(value)
            if seconds is not None:
                return seconds * scale
    return None


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    try:
        return max(0.0, float(str(value)))
    except ValueError:
        from datetime import UTC, datetime
        from email.utils import parsedate_to_datetime

        try:
            return max(0.0, (parsedate_to_datetime(str(value)) - datetime.now(UTC)).total_seconds())
        except (TypeError, ValueError):
            return None
