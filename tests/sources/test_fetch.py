"""Downloads, from a real server on the loopback interface."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from askbot.errors import FetchError
from askbot.settings import Settings, load_settings
from askbot.sources import read
from askbot.sources.addresses import is_public

PAGE = b"<html><body><article><h1>Title</h1><p>Caf\xc3\xa9 text.</p></article></body></html>"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def answer(self, body: bytes, content_type: str = "text/html", **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        if "Transfer_Encoding" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        where, _, rest = self.path.lstrip("/").partition("/")
        if where == "page":
            self.answer(PAGE)
        elif where == "latin":
            self.answer(PAGE.replace(b"\xc3\xa9", b"\xe9"), "text/html; charset=iso-8859-1")
        elif where == "packed":
            self.answer(gzip.compress(PAGE), Content_Encoding="gzip")
        elif where == "bomb":
            self.answer(gzip.compress(b"<p>" + b"a" * 30_000_000), Content_Encoding="gzip")
        elif where == "cut":
            self.answer(gzip.compress(PAGE)[:-9], Content_Encoding="gzip")
        elif where == "brotli":
            self.answer(b"x", Content_Encoding="br")
        elif where == "image":
            self.answer(b"\x89PNG", "image/png")
        elif where == "gone":
            self.send_error(404)
        elif where == "hop":
            left = int(rest)
            self.redirect(f"/hop/{left - 1}" if left else "/page")
        elif where == "to-file":
            self.redirect("file:///etc/passwd")
        elif where == "to-private":
            self.redirect("http://10.0.0.1/")
        elif where == "endless":
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.drip(b"a" * 65_536, 0)
        elif where == "drip":
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.drip(b"a", 0.05)
        elif where == "slow-head":
            self.drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", 0.05)

    def redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def drip(self, piece: bytes, pause: float) -> None:
        self.close_connection = True
        try:
            for _ in range(400):
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    httpd.server_close()


def settings(**more: object) -> Settings:
    given: dict[str, object] = {"allow_private_addresses": True, "max_page_bytes": 1_000_000}
    return load_settings(**(given | more))


@pytest.mark.parametrize("path", ["page", "latin", "packed", "hop/3"])
def test_a_page_arrives(server: str, path: str) -> None:
    (page,) = read(f"{server}/{path}#part", settings=settings())
    assert [page.text(p.id) for p in page.paragraphs] == ["Café text."]
    assert page.title == "Title"
    assert page.format == "html"
    assert page.origin == f"{server}/{'page' if path.startswith('hop') else path}"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("bomb", "more than the 1 MB"),
        ("endless", "more than the 1 MB"),
        ("cut", "ends too early"),
        ("brotli", "packed as br"),
        ("image", "is image/png"),
        ("gone", "404"),
        ("hop/9", "more than 5 redirects"),
        ("to-file", "only http"),
    ],
)
def test_what_is_refused(server: str, path: str, message: str) -> None:
    with pytest.raises(FetchError, match=message) as raised:
        read(f"{server}/{path}", settings=settings())
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("path", ["drip", "slow-head"])
def test_one_time_limit_for_all_of_it(server: str, path: str) -> None:
    started = time.monotonic()
    with pytest.raises(FetchError, match="not there within"):
        read(f"{server}/{path}", settings=settings(fetch_timeout=0.6))
    assert time.monotonic() - started < 5


def test_loopback_is_refused_by_default(server: str) -> None:
    with pytest.raises(FetchError, match=r"private address 127\.0\.0\.1"):
        read(f"{server}/page", settings=settings(allow_private_addresses=False))


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="no connection"):
        read(f"http://127.0.0.1:{port}/", settings=settings())


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.1.2.3/",
        "http://0.0.0.0/",
    ],
)
def test_private_addresses_in_every_spelling(url: str) -> None:
    with pytest.raises(FetchError, match=r"private address|no connection"):
        read(url, settings=settings(allow_private_addresses=False, fetch_timeout=5))


def test_the_checked_address_is_the_one_connected_to(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that answers differently the second time (DNS rebinding) is never asked again."""
    port = int(server.rpartition(":")[2])
    real = socket.getaddrinfo
    asked: list[str] = []

    def resolver(host: str, *args: object, **kwargs: object) -> object:
        if host == "rebind.test":
            asked.append(host)
            host = "127.0.0.1" if len(asked) > 1 else "8.8.8.8"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        return real(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    connected: list[object] = []

    def connect(address: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
        connected.append(address)
        raise OSError("not out of this test")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FetchError):
        read(f"http://rebind.test:{port}/page", settings=settings(allow_private_addresses=False))
    assert asked == ["rebind.test"]
    assert connected == [("8.8.8.8", port)]


def test_a_redirect_is_checked_too(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = server.rpartition(":")[2]
    from askbot.sources import network

    # The test server itself stands on a private address, so it alone is taken for a public one.
    monkeypatch.setattr(network, "is_public", lambda a: a == "127.0.0.1" or is_public(a))
    with pytest.raises(FetchError, match=r"private address 10\.0\.0\.1"):
        read(
            f"http://127.0.0.1:{port}/to-private", settings=settings(allow_private_addresses=False)
        )


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("64:ff9b::808:808", True),
        ("2002:808:808::", True),
        ("127.0.0.1", False),
        ("100.64.0.1", False),
        ("192.168.1.1", False),
        ("172.16.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::", False),
        ("::127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("2002:a00:1::", False),
        ("2001:0:7f00:1::", False),
        ("nonsense", False),
    ],
)
def test_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://", "names no host"),
        ("http://user:pass@example.org/", "password"),
        ("http://[::1/", "not an address"),
        ("http://a:99999/", "no possible port"),
    ],
)
def test_bad_addresses(url: str, message: str) -> None:
    with pytest.raises(FetchError, match=message) as raised:
        read(url, settings=settings())
    assert "pass@" not in str(raised.value)
