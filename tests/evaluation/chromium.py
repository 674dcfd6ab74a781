"""Chromium without a window, driven over its DevTools protocol on a pipe; nothing is installed.

The protocol: https://chromedevtools.github.io/devtools-protocol/. With --remote-debugging-pipe the
browser reads commands from descriptor 3 and writes replies to 4, each a JSON object and a NUL.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
)
PATIENCE = 60.0
"""Seconds until a reply counts as missing."""
NOISE = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
"""Events that a page without faults does not cause."""

# Descriptors 3 and 4 may be taken in this process, so a process in between puts them there.
_BETWEEN = """
import fcntl, os, sys
pipes = [fcntl.fcntl(int(fd), fcntl.F_DUPFD, 20) for fd in sys.argv[1:3]]
os.dup2(pipes[0], 3), os.dup2(pipes[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


def binary() -> str | None:
    """The path of a Chromium or Chrome, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One browser with one page."""

    def __init__(self, profile: Path) -> None:
        found = binary()
        assert found is not None
        commands, self._write = os.pipe()
        self._read, replies = os.pipe()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", _BETWEEN, str(commands), str(replies), found),
                *FLAGS,
                f"--user-data-dir={profile}",
                "about:blank",
            ],
            pass_fds=(commands, replies),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(commands)
        os.close(replies)
        self._held = b""
        self._number = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(t["targetId"] for t in targets if t["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def open(self, path: Path, *, width: int, dark: bool = False, scripts: bool = True) -> None:
        """Load a file in a window of this width, in pixels, and forget earlier events."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.call("Page.navigate", url="about:blank")
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        while not any(
            e["method"] == "Page.loadEventFired" and self._requested(path) for e in self.events
        ):
            self._receive()
        self.js("0")  # what the load caused has arrived before this reply

    def js(self, expression: str) -> Any:
        """The value of an expression in the page; promises are waited for."""
        reply = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in reply, reply["exceptionDetails"]
        return reply["result"].get("value")

    @property
    def faults(self) -> list[str]:
        """What the console says since the page was opened."""
        return [json.dumps(e["params"])[:800] for e in self.events if e["method"] in NOISE]

    @property
    def requests(self) -> list[str]:
        """Addresses that were asked for since the page was opened."""
        sent = [e for e in self.events if e["method"] == "Network.requestWillBeSent"]
        return [e["params"]["request"]["url"] for e in sent]

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            reply = self._receive()
            if reply is not None and reply.get("id") == self._number:
                assert "error" not in reply, reply
                result: dict[str, Any] = reply["result"]
                return result

    def close(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._write)
        os.close(self._read)

    def _requested(self, path: Path) -> bool:
        return path.as_uri() in self.requests

    def _receive(self) -> dict[str, Any] | None:
        """The next reply; None where it was an event, which is kept."""
        until = time.monotonic() + PATIENCE
        while b"\0" not in self._held:
            ready, _, _ = select.select([self._read], [], [], max(0.0, until - time.monotonic()))
            piece = os.read(self._read, 1 << 20) if ready else b""
            assert piece, "the browser is silent" if not ready else "the browser is gone"
            self._held += piece
        message, _, self._held = self._held.partition(b"\0")
        record: dict[str, Any] = json.loads(message)
        if "method" not in record:
            return record
        self.events.append(record)
        return None
