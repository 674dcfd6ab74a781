"""500 events in small: duplicates, kill -9 in the middle, two workers over one Postgres."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_harness import Askbot, message_event, replies, until
from slack_standin import StandIn

LOAD = Path(__file__).resolve().parents[2] / "benchmarks" / "slack_load.py"
FERRY = "When will the council close the Harrow ferry?"


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["http", "socket"])
def test_killed_in_the_middle_each_question_is_answered_once(
    own_home: Path, tmp_path: Path, mode: str
) -> None:
    done = subprocess.run(
        [sys.executable, str(LOAD), "--home", str(own_home), "--events", "60", "--rate", "20",
         "--mode", mode, "--page", "town", "--json"],
        capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["killed"]
    assert report["answered_once"] == report["questions"]
    assert report["answered_twice"] == 0
    assert report["lost"] == 0
    assert report["acknowledgement_ms"]["max"] < 3000


@pytest.fixture
def postgres() -> Iterator[str]:
    """A database server of our own on a free port; skipped where none is installed."""
    pytest.importorskip("psycopg")
    initdb, server = shutil.which("initdb"), shutil.which("postgres")
    if initdb is None or server is None:
        pytest.skip("no Postgres is installed")
    user = None
    if os.geteuid() == 0:  # the server refuses to run as root
        user = pwd.getpwnam("nobody").pw_uid
    data = Path(tempfile.mkdtemp(prefix="askbot-postgres-"))  # tmp_path is root's alone
    if user is not None:
        os.chown(data, user, -1)
    subprocess.run(
        [initdb, "-D", str(data), "-A", "trust", "-U", "askbot", "--no-sync"],
        check=True, stdout=subprocess.DEVNULL, user=user,
    )  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [server, "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(data), "-F"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user,
    )  # fmt: skip

    def ready() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(ready, 30)
        time.sleep(0.5)
        yield f"postgresql://askbot@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(data, ignore_errors=True)


@pytest.mark.slow
def test_two_workers_share_threads_and_duplicates(
    own_home: Path, tmp_path: Path, slack: StandIn, postgres: str, home: Path
) -> None:
    other_home = tmp_path / "other"
    shutil.copytree(own_home, other_home, symlinks=True)
    env = {"ASKBOT_PAGE": "town", "ASKBOT_SLACK_STORE": postgres}
    first = Askbot(own_home, slack, **env).start()
    second = Askbot(other_home, slack, **env).start()
    try:
        asked = []
        for number in range(12):
            ts = slack.say(f"D{number}", FERRY)
            event = message_event(FERRY, f"D{number}", ts)
            assert first.deliver(event)[0] == 200
            assert second.deliver(event)[0] == 200
            asked.append((f"D{number}", ts))
        for channel, ts in asked:
            until(lambda c=channel, t=ts: replies(slack, c, t))
        # The thread began at one worker and goes on at the other, with what was said before.
        channel, root = asked[0]
        slack.say(channel, "How many passengers did oldsalt count?", thread=root)
        second.ask("How many passengers did oldsalt count?", channel, thread=root)
        until(lambda: len(replies(slack, channel, root)) == 2)
        time.sleep(1.5)
        for number in range(1, 12):
            assert len(slack.shown(f"D{number}")) == 1
        assert len(slack.shown("D0")) == 2
    finally:
        first.stop()
        second.stop()
