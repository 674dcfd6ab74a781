"""Downloading a page: http and https only, within limits of size, time and redirects.

Every connection, also after each redirect, is made to an address that was checked after the name
was resolved: the socket goes to that very address, so a name that resolves differently the next
time (DNS rebinding) gains nothing. TLS still checks the certificate against the name. Proxies from
the environment are not used, because a proxy would resolve names itself.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from askbot.errors import FetchError
from askbot.sources.addresses import is_public
from askbot.sources.formats import CONTENT_TYPES

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
    deadline = _Deadline(settings.fetch_timeout)
    network = _CheckedNetwork(deadline, allow_private=settings.allow_private_addresses)
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "gzip", "Accept": "text/html, */*;q=0.5"}
    current = _checked_url(url)
    with (
        _one_line(url, deadline),
        httpx.Client(
            transport=_Transport(network), trust_env=False, headers=headers, timeout=None
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


class _Deadline:
    """One time limit for the whole download: names, connections, headers and body."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("out of time")
        return left


@contextmanager
def _one_line(url: str, deadline: _Deadline) -> Iterator[None]:
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


class _CheckedNetwork(httpcore.NetworkBackend):
    """Connects to addresses that were checked, and to nothing else."""

    def __init__(self, deadline: _Deadline, *, allow_private: bool) -> None:
        self._deadline, self._allow_private = deadline, allow_private
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(  # the deadline stands in for the timeouts that httpcore passes
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check every address, then connect to the first that answers."""
        failure: Exception | None = None
        for address in self._resolve(host, port):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self._deadline.left(), local_address, socket_options
                )
            except httpcore.ConnectError as error:
                failure = error
                continue
            return _TimedStream(stream, self._deadline)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Never: a page is on the network."""
        raise httpcore.ConnectError("sockets of this machine are not read")

    def sleep(self, seconds: float) -> None:
        """Wait; httpcore calls it between retries, of which there are none."""
        time.sleep(seconds)

    def _resolve(self, host: str, port: int) -> list[str]:
        addresses = list(dict.fromkeys(_look_up(host, port, self._deadline.left())))
        if not self._allow_private:
            closed = [a for a in addresses if not is_public(a)]
            if closed:
                raise FetchError(
                    f"{host}: is the private address {closed[0]}, which is not fetched unless "
                    "ASKBOT_ALLOW_PRIVATE_ADDRESSES is true"
                )
        return addresses


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a name, in a thread, because the resolver takes no time limit."""
    found: list[str] = []
    failed: list[OSError] = []

    def look() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError(str(error)))
        else:
            found.extend(str(answer[4][0]) for answer in answers)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise httpcore.ConnectError(f"{host}: {failed[0].strerror or failed[0]}")
    if thread.is_alive():
        raise httpcore.ConnectTimeout(f"{host}: no answer from the name server")
    return found


class _TimedStream(httpcore.NetworkStream):
    """A connection on which every step is limited by the time left for the whole."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Transport(httpx.BaseTransport):
    """httpx over a checked network."""

    def __init__(self, network: httpcore.NetworkBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(), network_backend=network, http2=False
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body is read as it is streamed."""
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=b"",
            )
        )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions={"reason_phrase": response.extensions.get("reason_phrase", b"")},
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
