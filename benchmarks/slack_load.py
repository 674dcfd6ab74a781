"""500 events at 50 a second, a fifth of them duplicates, and a kill -9 in the middle.

Prints how fast deliveries were acknowledged, and whether each question was answered exactly once:

    python benchmarks/slack_load.py [--events 500] [--rate 50] [--mode http|socket] [--json]

askbot runs as a process of its own, against a stand-in for Slack on loopback. Over HTTP the events
come from a third process, which like Slack sends again what was not acknowledged. Over Socket Mode
the stand-in sends again at reconnection. Exit status 0 if nothing was lost or answered twice.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "slack"))

from slack_harness import Askbot, message_event, replies
from slack_standin import StandIn

QUESTIONS = (
    "How many comments are there?",
    "Who commented most often?",
    "What does the State Police say?",
    "How many immigrants were deported?",
    "Who won the world cup?",
)
RETRY_AFTER = 1.0
"""Slack waits longer; what counts here is that it sends again."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--events", type=int, default=500)
    options.add_argument("--rate", type=float, default=50)
    options.add_argument("--mode", choices=("http", "socket"), default="http")
    options.add_argument("--home", type=Path, help="a data folder; else one is made")
    options.add_argument("--page")
    options.add_argument("--no-kill", action="store_true")
    options.add_argument("--json", action="store_true")
    options.add_argument("--send", metavar="PORT", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.send is not None:
        return send(chosen.send, chosen.rate)
    with tempfile.TemporaryDirectory() as folder:
        report = measure(chosen, chosen.home or prepared(Path(folder)))
    print(json.dumps(report) if chosen.json else readable(report))
    return 0 if report["lost"] == report["answered_twice"] == 0 else 1


def prepared(folder: Path) -> Path:
    """A data folder with the bundled page."""
    from askbot.bot import Bot
    from askbot.settings import Settings

    Bot.open(Settings(home=folder / "home"))
    return folder / "home"


def measure(chosen: argparse.Namespace, home: Path) -> dict[str, Any]:
    slack = StandIn().start()
    env = {"ASKBOT_PAGE": chosen.page} if chosen.page else {}
    askbot = Askbot(home, slack, http=chosen.mode == "http", **env).start()
    try:
        return load(chosen, slack, askbot)
    finally:
        if askbot.process.poll() is None:
            askbot.stop()
        slack.stop()


def load(chosen: argparse.Namespace, slack: StandIn, askbot: Askbot) -> dict[str, Any]:
    asked, deliveries = plan(slack, chosen.events)
    seconds = len(deliveries) / chosen.rate
    began = time.monotonic()
    killer = threading.Timer(seconds / 2, kill_and_restart, (askbot,))
    if not chosen.no_kill:
        killer.start()
    if chosen.mode == "http":
        latencies, attempts = over_http(askbot, deliveries, chosen.rate)
    else:
        latencies, attempts = over_socket(slack, deliveries, chosen.rate), len(deliveries)
    if not chosen.no_kill:
        killer.join()
    acknowledged = time.monotonic() - began
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and any(not replies(slack, *a) for a in asked):
        time.sleep(0.2)
    answered = time.monotonic() - began
    time.sleep(5)  # longer than a lease: what would come twice has come
    counts = [len(replies(slack, *a)) for a in asked]
    ordered = sorted(latencies)
    return {
        "mode": chosen.mode,
        "deliveries": len(deliveries),
        "attempts": attempts,
        "questions": len(asked),
        "killed": not chosen.no_kill,
        "acknowledged": len(latencies),
        "not_acknowledged_in_time": len(slack.late),
        "acknowledgement_ms": {
            "p50": round(1000 * statistics.median(ordered), 1),
            "p99": round(1000 * ordered[int(0.99 * (len(ordered) - 1))], 1),
            "max": round(1000 * ordered[-1], 1),
        },
        "answered_once": counts.count(1),
        "answered_twice": sum(c > 1 for c in counts),
        "lost": counts.count(0),
        "seconds_to_acknowledge": round(acknowledged, 1),
        "seconds_to_answer": round(answered, 1),
        "log": [line for line in askbot.log if "took over" in line or "ERROR" in line][:5],
    }


def plan(slack: StandIn, events: int) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    """The questions as (channel, ts), and the deliveries: a fifth come a second time."""
    pick = random.Random(7)
    asked, fresh = [], []
    for number in range(round(events * 0.8)):
        channel, text = f"D{number % 40}", QUESTIONS[number % len(QUESTIONS)]
        ts = slack.say(channel, text)
        asked.append((channel, ts))
        fresh.append(message_event(text, channel, ts))
    deliveries = list(fresh)
    for again in pick.sample(fresh, events - len(fresh)):
        at = deliveries.index(again) + pick.randint(1, 25)
        deliveries.insert(min(at, len(deliveries)), again)
    return asked, deliveries


def kill_and_restart(askbot: Askbot) -> None:
    port = askbot.port
    askbot.kill()
    askbot.start(port)


def over_http(
    askbot: Askbot, deliveries: list[dict[str, Any]], rate: float
) -> tuple[list[float], int]:
    command = [sys.executable, __file__, "--send", str(askbot.port), "--rate", str(rate)]
    lines = "".join(json.dumps(d) + "\n" for d in deliveries)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    return report["latencies"], report["attempts"]


def send(port: int, rate: float) -> int:
    """The sending process: deliveries from stdin, each until it is acknowledged."""
    deliveries = [json.loads(line) for line in sys.stdin]
    askbot = Askbot.reaching(port)
    latencies: list[float] = []
    attempts = 0
    lock = threading.Lock()

    def one(delivery: dict[str, Any], due: float) -> None:
        nonlocal attempts
        time.sleep(max(0.0, due - time.monotonic()))
        for retry in range(60):
            headers = {"X_Slack_Retry_Num": str(retry)} if retry else {}
            started = time.monotonic()
            with lock:
                attempts += 1
            try:
                status, _ = askbot.deliver(delivery, **headers)
            except OSError:
                status = 0
            if status == 200:
                latencies.append(time.monotonic() - started)
                return
            time.sleep(RETRY_AFTER)

    began = time.monotonic() + 0.2
    with ThreadPoolExecutor(200) as pool:
        for number, delivery in enumerate(deliveries):
            pool.submit(one, delivery, began + number / rate)
    print(json.dumps({"latencies": latencies, "attempts": attempts}))
    return 0


def over_socket(slack: StandIn, deliveries: list[dict[str, Any]], rate: float) -> list[float]:
    began = time.monotonic()
    envelopes = []
    for number, delivery in enumerate(deliveries):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        envelopes.append(slack.push("events_api", delivery))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and any(e not in slack.acks for e in envelopes):
        time.sleep(0.1)
    # Envelopes of the dead process count from when a live one got them again.
    return [slack.acks[e] for e in envelopes if e in slack.acks]


def readable(report: dict[str, Any]) -> str:
    ack = report["acknowledgement_ms"]
    return (
        f"{report['mode']}: {report['deliveries']} deliveries ({report['questions']} questions), "
        f"{'killed and restarted half-way' if report['killed'] else 'not killed'}\n"
        f"acknowledged: p50 {ack['p50']} ms, p99 {ack['p99']} ms, max {ack['max']} ms "
        f"({report['acknowledged']} of {report['deliveries']}, {report['attempts']} attempts, "
        f"{report['not_acknowledged_in_time']} late)\n"
        f"answered once {report['answered_once']}, twice {report['answered_twice']}, "
        f"lost {report['lost']}; all answered after {report['seconds_to_answer']} s"
    )


if __name__ == "__main__":
    sys.exit(main())
