"""Downloading a page: http and https only, within limits of size, time and redirects.

Every connection, also after each redirect, is made to an address that was checked after the name
was resolved: the socket goes to that very address, so a name that resolves differently the next
time (DNS rebinding) gains nothing. TLS still checks the certificate against the name. Proxies from
the environment are not used, because a proxy would resolve names itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from askbot.errors import FetchError
from askbot.sources.formats import CONTENT_TYPES
from askbot.sources.network import CheckedNetwork, Deadline, Transport

if TYPE_CHECKING:
    from askbot.settings import Settings

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNNAMED_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_AGENT = "askbot (reads single pages on request)"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A downloaded page.

    Attributes:
        url: the address that it came from, after redirects.
        name: the last part of the address's path, or its host: what a file would be called.
        content_type: in lower case, without parameters.
    """

    url: str
    name: str
    data: bytes
    content_type: str
    charset: str | None


def fetch(url: str, *, settings: Settings) -> Fetched:
    """Download one page.

    Raises:
        FetchError: the address may not be fetched, cannot be, or gives no page.
    """
    deadline = Deadline(settings.fetch_timeout)
    network = CheckedNetwork(deadline, allow_private=settings.allow_private_addresses)
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "gzip", "Accept": "text/html, */*;q=0.5"}
    current = _checked_url(url)
    with (
        _one_line(url, deadline),
        httpx.Client(
            transport=Transport(network), trust_env=False, headers=headers, timeout=None
        ) as client,
    ):
        for _ in range(settings.fetch_redirects + 1):
            with client.stream("GET", current, follow_redirects=False) as response:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    current = _checked_url(str(current.join(response.headers["location"])))
                    continue
                return _taken(response, current, settings.max_page_bytes)
    raise FetchError(
        f"{url}: more than {settings.fetch_redirects} redirects; give the page's final address"
    )


def _checked_url(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
        port = parsed.port
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"{url}: not an address ({error}); check it") from None
    if parsed.scheme not in ("http", "https"):
        raise FetchError(f"{url}: leads to {parsed.scheme or 'no'} scheme; only http(s) is fetched")
    if not parsed.host or not 0 < (80 if port is None else port) < 65_536:
        raise FetchError(f"{url}: names no host, or no possible port; check it")
    if parsed.userinfo:
        raise FetchError(f"{parsed.copy_with(userinfo=None)}: holds a password; give it without")
    return parsed.copy_with(fragment=None)


def _taken(response: httpx.Response, url: httpx.URL, limit: int) -> Fetched:
    if response.status_code != 200:
        reason = response.reason_phrase or "no page"
        raise FetchError(
            f"{url}: the server says {response.status_code} {reason}; check the address"
        )
    content_type, _, rest = response.headers.get("content-type", "").partition(";")
    content_type = content_type.strip().lower()
    if not (
        content_type in CONTENT_TYPES
        or content_type in _UNNAMED_TYPES
        or content_type.startswith("text/")
        or content_type.endswith("+json")
    ):
        raise FetchError(f"{url}: is {content_type}, not a page; give the address of a web page")
    stated = response.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > limit:
        raise _too_large(url, limit)
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    data = _unpacked(response.iter_raw(), encoding, url, limit)
    parts = urlsplit(str(url))
    name = unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.hostname or "page"
    return Fetched(str(url), name, data, content_type, _charset(rest))


def _unpacked(chunks: Iterable[bytes], encoding: str, url: httpx.URL, limit: int) -> bytes:
    """The body, never holding more than the limit of it, packed or not."""
    if encoding in ("identity", ""):
        unpack = None
    elif encoding in ("gzip", "x-gzip"):
        unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    else:
        raise FetchError(f"{url}: packed as {encoding}, which was not asked for; save it as a file")
    body = bytearray()
    packed = 0
    for chunk in chunks:
        packed += len(chunk)
        if packed > limit:
            raise _too_large(url, limit)
        if unpack is None:
            body += chunk
            continue
        try:
            body += unpack.decompress(chunk, limit + 1 - len(body))
        except zlib.error as error:
            raise FetchError(f"{url}: damaged gzip data ({error}); try again") from None
        if len(body) > limit:
            raise _too_large(url, limit)
    if unpack is not None and not unpack.eof:
        raise FetchError(f"{url}: the gzip data ends too early; try again")
    return bytes(body)


def _charset(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset" and value.strip().strip("\"'"):
            return value.strip().strip("\"'")
    return None


def _too_large(url: httpx.URL, limit: int) -> FetchError:
    return FetchError(
        f"{url}: more than the {limit / 1e6:g} MB allowed; raise ASKBOT_MAX_PAGE_BYTES to read it"
    )


@contextmanager
def _one_line(url: str, deadline: Deadline) -> Iterator[None]:
    """Turn what the HTTP libraries raise into one line."""
    try:
        yield
    except (httpcore.TimeoutException, httpx.TimeoutException, TimeoutError):
        raise FetchError(
            f"{url}: not there within {deadline.seconds:g} s; try again, or raise "
            "ASKBOT_FETCH_TIMEOUT"
        ) from None
    except (httpcore.ConnectError, httpx.ConnectError) as error:
        raise FetchError(f"{url}: no connection ({error}); check the address") from None
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpx.HTTPError,
        httpx.InvalidURL,
        httpx.StreamError,
        UnicodeError,
    ) as error:
        reason = str(error) or type(error).__name__
        raise FetchError(f"{url}: the download failed ({reason}); try again") from None
