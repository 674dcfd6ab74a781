"""`askbot slack --http`: signed requests in, a health endpoint, a graceful stop.

The port is open before the index is loaded: deliveries are kept and acknowledged from the first
moment, and answered once a worker has the bot.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from askbot.errors import AskbotError
from askbot.settings import Settings, SlackSecrets
from askbot.slack.bridge import Bridge

if TYPE_CHECKING:
    from aiohttp import web

log = logging.getLogger("askbot.slack")

PATH = "/slack/events"
MAX_BODY = 1_000_000
RECEIVERS = 8
"""Threads that keep deliveries: each waits for one small write."""


def run_http(settings: Settings, secrets: SlackSecrets, started: Callable[[str], None]) -> None:
    """Serve over HTTP until SIGTERM or SIGINT.

    Args:
        started: is told in a line where the server listens.

    Raises:
        As `Bridge`; OSError: the address cannot be used.
    """
    bridge = Bridge(settings, secrets, http=True)
    try:
        asyncio.run(_serve(bridge, settings, started))
    finally:
        bridge.close()


async def _serve(bridge: Bridge, settings: Settings, started: Callable[[str], None]) -> None:
    from aiohttp import web

    receivers = ThreadPoolExecutor(RECEIVERS, thread_name_prefix="slack-receiver")
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    async def events(request: web.Request) -> web.Response:
        body = await request.read()
        return await loop.run_in_executor(receivers, _dispatch, bridge, request, body)

    async def health(_: web.Request) -> web.Response:
        try:
            found = await loop.run_in_executor(receivers, bridge.health)
        except AskbotError as error:
            return web.json_response({"status": "failing", "reason": str(error)}, status=503)
        return web.json_response(found, status=503 if stop.is_set() else 200)

    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_post(PATH, events)
    app.router.add_get("/health", health)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=3.0)
    await runner.setup()
    site = web.TCPSite(runner, settings.slack_host, settings.slack_port)
    await site.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    bridge.pool.start()
    host, port = runner.addresses[0][:2]
    started(f"listening on http://{host}:{port}{PATH}, health on /health")
    try:
        await stop.wait()
        await asyncio.sleep(0.2)  # a balancer's next health check sees 503 rather than nothing
    finally:
        await runner.cleanup()
        receivers.shutdown()


def _dispatch(bridge: Bridge, request: web.Request, body: bytes) -> web.Response:
    """Hand a request to Bolt, which checks its signature first."""
    from aiohttp import web
    from slack_bolt.request import BoltRequest

    stamp = request.headers.get("X-Slack-Request-Timestamp", "")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return web.Response(status=400)
    if not (stamp.isascii() and stamp.isdigit()):
        return web.json_response({"error": "invalid request"}, status=401)
    headers: dict[str, str | Sequence[str]] = {
        name: list(request.headers.getall(name)) for name in request.headers
    }
    answer = bridge.app.dispatch(
        BoltRequest(body=text, query=request.query_string, headers=headers)
    )
    plain = {name: values[0] for name, values in answer.headers.items() if values}
    kind = plain.pop("content-type", "text/plain; charset=utf-8")
    plain["Content-Type"] = kind
    return web.Response(status=answer.status, body=(answer.body or "").encode(), headers=plain)
