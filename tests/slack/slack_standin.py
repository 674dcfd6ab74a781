"""A stand-in for Slack on loopback: the Web API and Socket Mode, over real HTTP and WebSocket.

It keeps channels with their messages, records every call's body, and misbehaves when told to: 429
with Retry-After, 5xx, slow answers (before or after the call took effect), refused tokens, dropped
sockets. It checks Slack's documented limits and refuses what Slack would refuse.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import WSMsgType, web

BOT_USER, BOT_ID, TEAM = "UBOT", "BBOT", "T1"
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-test-token", "xapp-test-token", "0123456789abcdef" * 2
SCOPES = (
    "app_mentions:read,assistant:write,channels:history,chat:write,commands,groups:history,"
    "im:history,mpim:history,users:read"
)
ACK_SECONDS = 3.0


@dataclass
class Call:
    """A recorded call of the Web API."""

    method: str
    body: dict[str, Any]
    at: float
    outcome: str = ""


@dataclass
class Fault:
    """What to do instead of answering: `error`, an HTTP `status`, or being slow."""

    times: int = 1
    status: int = 200
    error: str = ""
    retry_after: float | None = None
    delay: float = 0.0
    after_effect: bool = False


@dataclass
class StandIn:
    """Slack on loopback. Start it, point askbot's slack_api_url at `api_url`."""

    calls: list[Call] = field(default_factory=list)
    channels: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    acks: dict[str, float] = field(default_factory=dict)
    ack_payloads: dict[str, Any] = field(default_factory=dict)
    responses: list[dict[str, Any]] = field(default_factory=list)
    absent_from: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._faults: dict[str, list[Fault]] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._unacknowledged: dict[str, dict[str, Any]] = {}
        self._sent: dict[str, float] = {}
        self._counter = itertools.count(1)
        self._base = int(time.time())
        self._lock = threading.RLock()
        self._ready = threading.Event()
        self.connections = 0
        self.model_says: list[str] = []
        self.late: set[str] = set()

    # -- life ---------------------------------------------------------------------------------

    def start(self, port: int = 0) -> StandIn:
        self._thread = threading.Thread(target=self._run, args=(port,), daemon=True)
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def _run(self, port: int) -> None:
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        app = web.Application(client_max_size=10**7)
        app.router.add_post("/api/{method}", self._api)
        app.router.add_get("/socket", self._socket)
        app.router.add_post("/respond", self._respond)
        app.router.add_post("/v1/chat/completions", self._model)
        self._runner = web.AppRunner(app, access_log=None)

        async def begin() -> None:
            await self._runner.setup()
            site = web.TCPSite(self._runner, "127.0.0.1", port)
            await site.start()
            self.port = self._runner.addresses[0][1]
            self._ready.set()

        self._loop.run_until_complete(begin())
        self._loop.run_forever()
        self._loop.run_until_complete(self._runner.cleanup())
        self._loop.close()

    def stop(self) -> None:
        self.drop_sockets()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    # -- what a test does ---------------------------------------------------------------------

    def fail(self, method: str, **fault: Any) -> None:
        """Misbehave at the next call (or `times` calls) of a method."""
        self._faults.setdefault(method, []).append(Fault(**fault))

    def ts(self) -> str:
        return f"{self._base}.{next(self._counter):06d}"

    def say(self, channel: str, text: str, user: str = "U1", thread: str = "", **more: Any) -> str:
        """A person writes a message; its timestamp."""
        ts = self.ts()
        message = {"type": "message", "user": user, "text": text, "ts": ts, **more}
        if thread:
            message["thread_ts"] = thread
        with self._lock:
            self.channels.setdefault(channel, []).append(message)
        return ts

    def of(self, method: str) -> list[dict[str, Any]]:
        """Bodies of the calls of a method, those that were answered with an error left out."""
        with self._lock:
            return [c.body for c in self.calls if c.method == method and c.outcome == "ok"]

    def shown(self, channel: str | None = None) -> list[dict[str, Any]]:
        """The bot's messages as they stand now."""
        with self._lock:
            return [
                m
                for name, messages in self.channels.items()
                for m in messages
                if m.get("user") == BOT_USER and channel in (None, name)
            ]

    def push(self, kind: str, payload: dict[str, Any], **more: Any) -> str:
        """Send an envelope over the socket; it is repeated at reconnection until acknowledged."""
        envelope = f"env-{next(self._counter)}"
        body = {"type": kind, "envelope_id": envelope, "payload": payload, **more}
        body["accepts_response_payload"] = kind != "events_api"
        self._unacknowledged[envelope] = body
        self._sent[envelope] = time.monotonic()
        asyncio.run_coroutine_threadsafe(self._deliver(body), self._loop).result(5)
        return envelope

    def drop_sockets(self) -> None:
        async def close() -> None:
            for socket in self._sockets:
                if socket._req is not None and socket._req.transport is not None:
                    socket._req.transport.abort()  # no closing handshake: the line is dead
            self._sockets.clear()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(5)

    # -- Socket Mode --------------------------------------------------------------------------

    async def _deliver(self, body: dict[str, Any]) -> None:
        with contextlib.suppress(ConnectionError):  # it comes again at reconnection
            if self._sockets:
                await self._sockets[-1].send_str(json.dumps(body))

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        again_task = asyncio.ensure_future(self._repeat(socket))
        await socket.prepare(request)
        await socket.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        self._sockets.append(socket)
        self.connections += 1
        for envelope, body in list(self._unacknowledged.items()):
            self._sent[envelope] = time.monotonic()  # the time to acknowledge begins anew
            again = body | {"retry_attempt": 1, "retry_reason": "timeout"}
            await socket.send_str(json.dumps(again))
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                answer = json.loads(message.data)
                envelope = answer["envelope_id"]
                self.acks.setdefault(envelope, time.monotonic() - self._sent[envelope])
                self.ack_payloads[envelope] = answer.get("payload")
                self._unacknowledged.pop(envelope, None)
        again_task.cancel()
        return socket

    async def _repeat(self, socket: web.WebSocketResponse) -> None:
        """Send again what was not acknowledged in time, as Slack does."""
        while not socket.closed:
            await asyncio.sleep(1.0)
            for envelope, body in list(self._unacknowledged.items()):
                if time.monotonic() - self._sent[envelope] > ACK_SECONDS:
                    self.late.add(envelope)
                    self._sent[envelope] = time.monotonic()
                    await self._deliver(body | {"retry_attempt": 1, "retry_reason": "timeout"})

    # -- a chat model, in OpenAI's protocol ---------------------------------------------------

    async def _model(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        for number, words in enumerate(self.model_says):
            last = number == len(self.model_says) - 1
            chunk = {
                "id": "m1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "m",
                "choices": [
                    {
                        "index": 0,
                        "delta": {"role": "assistant", "content": words},
                        "finish_reason": "stop" if last else None,
                    }
                ],
            }
            await answer.write(f"data: {json.dumps(chunk)}\n\n".encode())
            await asyncio.sleep(0.01)
        await answer.write(b"data: [DONE]\n\n")
        return answer

    # -- Web API ------------------------------------------------------------------------------

    async def _respond(self, request: web.Request) -> web.Response:
        self.responses.append(await request.json())
        return web.Response(text="ok")

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        raw = await request.text()
        if request.content_type == "application/json":
            body = json.loads(raw or "{}")
        else:
            body = dict(parse_qsl(raw, keep_blank_values=True))
        for key in ("blocks", "metadata", "chunks", "prompts"):
            if isinstance(body.get(key), str):
                body[key] = json.loads(body[key])
        call = Call(method, body, time.monotonic())
        with self._lock:
            self.calls.append(call)
            fault = self._take_fault(method)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if fault is not None and not fault.after_effect:
            call.outcome = "fault"
            return await self._misbehave(fault)
        if token not in (BOT_TOKEN, APP_TOKEN):
            call.outcome = "invalid_auth"
            return web.json_response({"ok": False, "error": "invalid_auth"})
        with self._lock:
            answer = getattr(self, "_" + method.replace(".", "_"), self._nothing)(body)
        call.outcome = "ok" if answer["ok"] else answer["error"]
        if fault is not None:
            return await self._misbehave(fault)
        return web.json_response(answer, headers={"X-OAuth-Scopes": SCOPES})

    def _take_fault(self, method: str) -> Fault | None:
        waiting = self._faults.get(method)
        if not waiting:
            return None
        waiting[0].times -= 1
        return waiting.pop(0) if waiting[0].times <= 0 else waiting[0]

    async def _misbehave(self, fault: Fault) -> web.Response:
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.error:
            return web.json_response({"ok": False, "error": fault.error}, status=fault.status)
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        if fault.status == 429:
            answer = {"ok": False, "error": "ratelimited"}
            return web.json_response(answer, status=429, headers=headers)
        if fault.status >= 500:
            return web.Response(status=fault.status, text="<html>upstream error</html>")
        return web.json_response({"ok": True})

    def _nothing(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True}

    def _auth_test(self, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "ok": True,
            "url": "https://team.slack.com/",
            "team": "Team",
            "user": "askbot",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
        }

    def _apps_connections_open(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "url": f"ws://127.0.0.1:{self.port}/socket?ticket=1"}

    def _users_info(self, body: dict[str, Any]) -> dict[str, Any]:
        name = self.users.get(body["user"])
        if name is None:
            return {"ok": False, "error": "user_not_found"}
        return {"ok": True, "user": {"id": body["user"], "profile": {"display_name": name}}}

    def _chat_postMessage(self, body: dict[str, Any]) -> dict[str, Any]:
        if body["channel"] in self.absent_from:
            return {"ok": False, "error": "not_in_channel"}
        problem = wrong_with(body)
        if problem:
            return {"ok": False, "error": problem}
        ts = self.ts()
        self._keep(body["channel"], ts, body)
        return {"ok": True, "channel": body["channel"], "ts": ts}

    def _chat_postEphemeral(self, body: dict[str, Any]) -> dict[str, Any]:
        problem = wrong_with(body)
        return {"ok": False, "error": problem} if problem else {"ok": True, "message_ts": self.ts()}

    def _chat_update(self, body: dict[str, Any]) -> dict[str, Any]:
        found = self._message(body["channel"], body["ts"])
        if found is None:
            return {"ok": False, "error": "message_not_found"}
        if found.get("streaming"):
            return {"ok": False, "error": "streaming_state_conflict"}
        problem = wrong_with(body)
        if problem:
            return {"ok": False, "error": problem}
        found.update({k: body[k] for k in ("text", "blocks", "metadata") if k in body})
        found["edited"] = True
        return {"ok": True, "ts": body["ts"]}

    def _chat_startStream(self, body: dict[str, Any]) -> dict[str, Any]:
        if not body.get("thread_ts"):
            return {"ok": False, "error": "invalid_thread_ts"}
        if body["channel"].startswith("C") and not body.get("recipient_user_id"):
            return {"ok": False, "error": "missing_recipient_user_id"}
        ts = self.ts()
        self._keep(body["channel"], ts, {"thread_ts": body["thread_ts"], "text": ""})
        found = self._message(body["channel"], ts)
        assert found is not None
        found["streaming"] = True
        found["text"] = _streamed(body)
        return {"ok": True, "ts": ts}

    def _chat_appendStream(self, body: dict[str, Any]) -> dict[str, Any]:
        found = self._message(body["channel"], body["ts"])
        if found is None or not found.get("streaming"):
            return {"ok": False, "error": "message_not_in_streaming_state"}
        found["text"] += _streamed(body)
        return {"ok": True, "ts": body["ts"]}

    def _chat_stopStream(self, body: dict[str, Any]) -> dict[str, Any]:
        found = self._message(body["channel"], body["ts"])
        if found is None or not found.get("streaming"):
            return {"ok": False, "error": "message_not_in_streaming_state"}
        found["text"] += _streamed(body)
        found["streaming"] = False
        found.update({k: body[k] for k in ("blocks", "metadata") if body.get(k)})
        return {"ok": True, "ts": body["ts"]}

    def _conversations_replies(self, body: dict[str, Any]) -> dict[str, Any]:
        root = body["ts"]
        found = [
            m
            for m in self.channels.get(body["channel"], [])
            if root in (m["ts"], m.get("thread_ts"))
        ]
        return self._page(found, body)

    def _conversations_history(self, body: dict[str, Any]) -> dict[str, Any]:
        found = [m for m in self.channels.get(body["channel"], []) if not m.get("thread_ts")]
        return self._page(found, body)

    def _page(self, found: list[dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
        oldest = float(body.get("oldest") or 0)
        found = [m for m in found if float(m["ts"]) > oldest]
        start, limit = int(body.get("cursor") or 0), int(body.get("limit") or 100)
        if str(body.get("include_all_metadata")).lower() not in ("1", "true"):
            found = [{k: v for k, v in m.items() if k != "metadata"} for m in found]
        more = str(start + limit) if start + limit < len(found) else ""
        return {
            "ok": True,
            "messages": found[start : start + limit],
            "response_metadata": {"next_cursor": more},
        }

    def _keep(self, channel: str, ts: str, body: dict[str, Any]) -> None:
        kept = {"type": "message", "user": BOT_USER, "bot_id": BOT_ID, "ts": ts}
        kept |= {k: body[k] for k in ("text", "blocks", "metadata", "thread_ts") if body.get(k)}
        self.channels.setdefault(channel, []).append(kept)

    def _message(self, channel: str, ts: str) -> dict[str, Any] | None:
        return next((m for m in self.channels.get(channel, []) if m["ts"] == ts), None)


def _streamed(body: dict[str, Any]) -> str:
    chunks = body.get("chunks") or []
    pieces = [c.get("text", "") for c in chunks if c.get("type") == "markdown_text"]
    return (body.get("markdown_text") or "") + "".join(pieces)


def wrong_with(body: dict[str, Any]) -> str:
    """Slack's error for a message over its limits, "" if there is none."""
    blocks = body.get("blocks") or []
    if not blocks and not body.get("text"):
        return "no_text"
    if len(blocks) > 50:
        return "invalid_blocks"
    if len(json.dumps(blocks, ensure_ascii=False)) > 13_200:
        return "msg_blocks_too_long"
    if len(body.get("text") or "") > 4000:
        return "msg_too_long"
    for block in blocks:
        elements = block.get("elements", [])
        limit = {"actions": 25, "context": 10, "context_actions": 5}.get(block["type"])
        if limit and not 0 < len(elements) <= limit:
            return "invalid_blocks"
        texts = [block.get("text"), *(e if block["type"] == "context" else None for e in elements)]
        if any(t and not 0 < len(t["text"]) <= 3000 for t in texts):
            return "invalid_blocks"
        if block["type"] == "rich_text":
            for part in elements:
                inner = part["elements"]
                if not inner or any(i["type"] == "text" and not i["text"] for i in inner):
                    return "invalid_blocks"
    return ""
