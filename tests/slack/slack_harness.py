"""askbot as a process of its own, and Slack's signed deliveries to it."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from slack_standin import APP_TOKEN, BOT_TOKEN, BOT_USER, SECRET, TEAM, StandIn

_numbers = itertools.count(1)


class Askbot:
    """`askbot slack` in a process: started, spoken to, stopped, killed."""

    def __init__(self, home: Path, slack: StandIn, *, http: bool = True, **env: str) -> None:
        self.home, self.slack, self.http = home, slack, http
        self._env = {k: v for k, v in os.environ.items() if not k.startswith(("ASKBOT_", "SLACK_"))}
        self._env |= {
            "ASKBOT_CONFIG": os.devnull,
            "ASKBOT_HOME": str(home),
            "ASKBOT_SLACK_API_URL": slack.api_url,
            "ASKBOT_SLACK_LEASE": "3",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "NO_PROXY": "127.0.0.1",
            "PYTHONUNBUFFERED": "1",
            **env,
        }
        self.log: list[str] = []
        self.port = 0

    @classmethod
    def reaching(cls, port: int) -> Askbot:
        """One that another process started, to send deliveries to."""
        askbot = cls.__new__(cls)
        askbot.http, askbot.port = True, port
        return askbot

    def start(self, port: int = 0) -> Askbot:
        """Start, and wait until it says that it serves."""
        command = [sys.executable, "-m", "askbot", "slack"]
        if self.http:
            command += ["--http", "--port", str(port)]
        self.process = subprocess.Popen(
            command, env=self._env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        lines: queue.Queue[str] = queue.Queue()

        def read() -> None:
            assert self.process.stderr is not None
            for line in self.process.stderr:
                self.log.append(line.rstrip())
                lines.put(line)
            lines.put("")

        self._reader = threading.Thread(target=read, daemon=True)
        self._reader.start()
        while True:
            try:
                line = lines.get(timeout=60)
            except queue.Empty:
                line = ""
            if not line:
                self.kill()
                raise AssertionError("it did not start: " + "\n".join(self.log))
            if "listening on" in line:
                self.port = int(line.partition("127.0.0.1:")[2].partition("/")[0])
                return self
            if "connected to Slack" in line:
                return self

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is said."""
        self.process.kill()
        self._end()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.process.terminate()
        return self._end()

    def _end(self) -> int:
        status = self.process.wait(40)
        self._reader.join(5)
        if self.process.stderr is not None:
            self.process.stderr.close()
        return status

    # -- deliveries ---------------------------------------------------------------------------

    def post(
        self, body: bytes, kind: str, *, secret: str = SECRET, age: float = 0, **headers: str
    ) -> tuple[int, str]:
        """POST a signed request as Slack does; (status, body)."""
        stamp = str(int(time.time() - age))
        signed = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
        sent = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signed.hexdigest()}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", "/slack/events", body, sent)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def deliver(self, payload: dict[str, Any], **how: Any) -> tuple[int, str]:
        """An Events API delivery, over whichever way this process serves."""
        if not self.http:
            self.slack.push("events_api", payload)
            return 200, ""
        return self.post(json.dumps(payload).encode(), "application/json", **how)

    def form(self, fields: dict[str, str], **how: Any) -> tuple[int, str]:
        """A slash command."""
        if not self.http:
            self.slack.push("slash_commands", fields)
            return 200, ""
        return self.post(urlencode(fields).encode(), "application/x-www-form-urlencoded", **how)

    def interact(self, payload: dict[str, Any]) -> tuple[int, str]:
        """A button or a shortcut."""
        if not self.http:
            self.slack.push("interactive", payload)
            return 200, ""
        return self.form({"payload": json.dumps(payload)})

    def ask(
        self, text: str, channel: str = "D1", user: str = "U1", thread: str = "", **event: Any
    ) -> str:
        """A person writes to the bot; the message's timestamp."""
        ts = self.slack.say(channel, text, user, thread)
        status, body = self.deliver(message_event(text, channel, ts, user, thread, **event))
        assert status == 200, (status, body)
        return ts


def message_event(
    text: str, channel: str, ts: str, user: str = "U1", thread: str = "", **event: Any
) -> dict[str, Any]:
    """The body of an Events API delivery of a message."""
    kind = "app_mention" if f"<@{BOT_USER}>" in text and channel[0] == "C" else "message"
    event_id = event.pop("event_id", None) or f"Ev{next(_numbers):08d}{time.time_ns() % 10**6}"
    inner = {
        "type": kind,
        "user": user,
        "text": text,
        "ts": ts,
        "channel": channel,
        "channel_type": "im" if channel[0] == "D" else "channel",
        **({"thread_ts": thread} if thread else {}),
        **event,
    }
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A1",
        "event": inner,
        "event_id": event_id,
        "event_time": int(float(ts)),
        "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
    }


def until(what: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait until something is true, and give it."""
    deadline = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def replies(slack: StandIn, channel: str, root: str) -> list[dict[str, Any]]:
    """The bot's finished messages in a thread."""
    return [
        m
        for m in slack.shown(channel)
        if m.get("thread_ts") == root and m.get("metadata") and not m.get("streaming")
    ]
