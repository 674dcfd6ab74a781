"""A chat model's words in the terminal: shown as they come, replaced by what was checked."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from askbot.conversation.store import SessionStore

pexpect = pytest.importorskip("pexpect")
pytest.importorskip("langchain_ollama")


class Ollama:
    """A loopback server that streams words; it waits before the last until it is let go on."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.go_on = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Type", "application/x-ndjson")
                self.end_headers()
                try:
                    for word in server.words[:-1]:
                        self._line(word)
                    server.go_on.wait(60)
                    self._line(server.words[-1])
                    self._line("", done=True, done_reason="stop")
                except OSError:
                    return  # the chat broke it off

            def _line(self, content: str, **more: Any) -> None:
                message = {"role": "assistant", "content": content}
                record = {
                    "model": "scripted", "created_at": "2024-01-01T00:00:00Z",
                    "message": message, "done": False, **more,
                }  # fmt: skip
                self.wfile.write(json.dumps(record).encode() + b"\n")
                self.wfile.flush()

            def log_message(self, *_: Any) -> None: ...

        return Handler


@pytest.fixture
def ollama() -> Iterator[Ollama]:
    server = Ollama()
    yield server
    server.close()


@pytest.fixture
def chat(ollama: Ollama, data: Path) -> Iterator[Any]:
    child = pexpect.spawn(
        sys.executable, ["-m", "askbot", "--model", "ollama:scripted", "chat", "--page", "town"],
        env={
            "ASKBOT_HOME": str(data), "ASKBOT_CONFIG": os.devnull, "PATH": "/usr/bin:/bin",
            "ASKBOT_BASE_URL": ollama.address, "NO_PROXY": "*", "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8", "PROMPT_TOOLKIT_NO_CPR": "1",
        },
        dimensions=(30, 80), encoding="utf-8", timeout=30,
    )  # fmt: skip
    child.expect_exact("\x1b[?2004h")
    yield child
    child.close(force=True)


def test_words_are_shown_before_the_answer_is_complete(
    chat: Any, ollama: Ollama, data: Path
) -> None:
    ollama.words = ["The bus ", "takes 50 ", "\x1b]0;owned\x07minutes.", " [c2]"]
    chat.send("How long does the bus take to go to the town?\r")
    chat.expect_exact("takes 50 ")
    assert not ollama.go_on.is_set()
    ollama.go_on.set()
    chat.expect_exact("confidence ")
    assert "\x1b]0;owned" not in chat.before
    chat.expect_exact("\x1b[?2004h")
    with SessionStore(data) as store:
        (turn,) = store.load("latest").turns
    assert turn.answer.engine == "ollama:scripted"


def test_ctrl_c_stops_the_answer_and_keeps_its_words(chat: Any, ollama: Ollama, data: Path) -> None:
    ollama.words = ["The bus ", "takes 50 ", "minutes. ", "[c2]"]
    chat.send("How long does the bus take to go to the town?\r")
    chat.expect_exact("takes 50 ")
    chat.send("\x03")
    chat.expect_exact("(stopped)")
    assert "The bus takes 50 " in chat.before.rpartition("\x1b[2K")[2]
    chat.expect_exact("\x1b[?2004h")
    chat.send("/thread c4\r")
    chat.expect_exact("Good riddance.")
    chat.send("\x04")
    chat.expect(pexpect.EOF)
    with SessionStore(data) as store:
        assert store.recent() == ()
