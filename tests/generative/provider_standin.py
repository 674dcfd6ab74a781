"""A provider of chat models on loopback: OpenAI's and Ollama's protocols, scripted per test."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Step:
    """What the server does with one request."""

    text: str = ""
    size: int = 5
    delay: float = 0.0
    finish: str | None = "stop"
    usage: tuple[int, int] | None = (100, 20)
    status: int = 200
    body: dict[str, Any] | str = ""
    headers: dict[str, str] = field(default_factory=dict)
    tool: str | None = None
    then: str = "end"  # "end", "cut" (the connection breaks), "close" (it ends too early),
    # "hang" (nothing more comes), "drip" (keep-alives for ever), "garbage" (no JSON)


class Provider:
    """A scripted server; `requests` are the JSON bodies it got, `headers` their headers."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.script: list[Step] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self.written: list[float] = []
        self.closed_by_client = threading.Event()
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def address(self) -> str:
        base = f"http://127.0.0.1:{self._server.server_address[1]}"
        return f"{base}/v1" if self.dialect == "openai" else base

    def will(self, *steps: Step | str) -> None:
        self.script += [Step(s) if isinstance(s, str) else s for s in steps]

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def prompt(self, number: int = -1) -> str:
        """All the text of a request's messages."""
        return "\n".join(str(m.get("content")) for m in self.requests[number]["messages"])

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                length = int(self.headers["Content-Length"])
                provider.requests.append(json.loads(self.rfile.read(length)))
                provider.headers.append({k.lower(): v for k, v in self.headers.items()})
                provider.times.append(time.monotonic())
                self.close_connection = True
                step = provider.script.pop(0) if provider.script else Step(status=418)
                try:
                    if step.status != 200:
                        self._refuse(step)
                    else:
                        self._answer(step)
                except OSError:
                    provider.closed_by_client.set()

            def _refuse(self, step: Step) -> None:
                body = step.body if isinstance(step.body, str) else json.dumps(step.body)
                self.send_response(step.status)
                self.send_header("Content-Type", "application/json")
                for name, value in step.headers.items():
                    self.send_header(name, value)
                self.send_header("Connection", "close")
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def _answer(self, step: Step) -> None:
                self.send_response(200)
                kind = "text/event-stream" if provider.dialect == "openai" else "x-ndjson"
                self.send_header("Content-Type", kind)
                self.send_header("Connection", "close")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                pieces = [step.text[i : i + step.size] for i in range(0, len(step.text), step.size)]
                for piece in pieces:
                    if step.delay:
                        time.sleep(step.delay)
                    provider.written.append(time.perf_counter())
                    self._piece({"content": piece})
                if step.tool is not None:
                    self._piece({"tool": step.tool})
                if step.then == "end":
                    self._finish(step)
                elif step.then == "close":
                    self._chunk("")
                elif step.then == "cut":
                    self.wfile.write(b"40\r\ndata: ")
                    self.wfile.flush()
                elif step.then == "garbage":
                    self._chunk("data: {not json\n\n" if provider.dialect == "openai" else "{no\n")
                    self._chunk("")
                else:
                    while not provider.over.wait(0.02):
                        if step.then == "drip":
                            self._chunk(
                                ": still here\n\n" if provider.dialect == "openai" else "\n"
                            )
                        elif self._client_is_gone():
                            raise OSError

            def _client_is_gone(self) -> bool:
                self.connection.setblocking(False)
                try:
                    return self.connection.recv(1) == b""
                except BlockingIOError:
                    return False
                finally:
                    self.connection.setblocking(True)

            def _piece(self, delta: dict[str, str]) -> None:
                self._send(delta, None, None)

            def _finish(self, step: Step) -> None:
                reason = "tool_calls" if step.tool is not None else step.finish
                self._send({}, reason, step.usage)
                if provider.dialect == "openai":
                    self._chunk("data: [DONE]\n\n")
                self._chunk("")

            def _send(
                self, delta: dict[str, str], finish: str | None, usage: tuple[int, int] | None
            ) -> None:
                if provider.dialect == "openai":
                    for event in _openai_events(delta, finish, usage):
                        self._chunk(f"data: {json.dumps(event)}\n\n")
                else:
                    self._chunk(json.dumps(_ollama_line(delta, finish, usage)) + "\n")

            def _chunk(self, text: str) -> None:
                data = text.encode()
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()

            def log_message(self, *_: Any) -> None: ...

        return Handler


def _openai_events(
    delta: dict[str, str], finish: str | None, usage: tuple[int, int] | None
) -> Iterator[dict[str, Any]]:
    event: dict[str, Any] = {
        "id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted",
    }  # fmt: skip
    if "tool" in delta:
        call = {
            "index": 0, "id": "call-1", "type": "function",
            "function": {"name": "thread", "arguments": json.dumps({"question": delta["tool"]})},
        }  # fmt: skip
        yield event | {"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}
        return
    yield event | {
        "choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}]
    }
    if usage:
        counts = {"prompt_tokens": usage[0], "completion_tokens": usage[1]}
        yield event | {"choices": [], "usage": counts | {"total_tokens": sum(usage)}}


def _ollama_line(
    delta: dict[str, str], finish: str | None, usage: tuple[int, int] | None
) -> dict[str, Any]:
    line: dict[str, Any] = {
        "model": "scripted",
        "created_at": "2024-01-01T00:00:00Z",
        "message": {"role": "assistant", "content": delta.get("content", "")},
        "done": finish is not None,
    }
    if finish is not None:
        line["done_reason"] = finish
        if usage:
            line |= {"prompt_eval_count": usage[0], "eval_count": usage[1]}
    return line
