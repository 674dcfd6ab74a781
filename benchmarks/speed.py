"""Print what a question costs: cold and warm, time and memory, beside the tutorial way.

Usage: python benchmarks/speed.py [--page FILE] [--runs N]

Cold figures are whole processes (wall time, median); peak memory is the largest resident set.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from askbot.resources import BUNDLED_PAGE
from askbot.resources import resource as bundled

QUESTIONS = [
    "Who runs the coalition for immigrants and refugees?",
    "How many immigrants were deported since the program began?",
    "Why did the state not sign on sooner?",
    "Which police department is already in the program?",
    "What does the share of non-criminals come to?",
    "When did the program begin?",
    "What do the fingerprints get checked against?",
    "Who wrote the statement?",
    "What is the capital of France?",
    "What will happen to communities that refuse?",
]


def cold(command: list[str], runs: int) -> tuple[float, float]:
    """Median wall seconds and peak megabytes of a command; one run before is not counted."""
    seconds = []
    peak = 0.0
    for number in range(runs + 1):
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"failed: {' '.join(command)}")
        if number:
            seconds.append(time.perf_counter() - started)
            peak = max(peak, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3))
    return statistics.median(seconds), peak


def content_questions() -> list[str]:
    """The bundled set's questions about what the page says, answerable or not."""
    entries = map(json.loads, bundled("corpus", "questions.jsonl").read_text("utf-8").splitlines())
    return [
        entry["question"]
        for entry in entries
        if "question" in entry and "thread" not in entry.get("tags", ())
    ]


def warm(home: str, questions: list[str], rounds: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds of a warm `Bot.ask`; ten are not counted."""
    from askbot.bot import Bot
    from askbot.settings import Settings

    bot = Bot.open(Settings(home=Path(home)))
    times = []
    for question in [*questions[:10], *questions * rounds]:
        started = time.perf_counter()
        bot.ask(question)
        times.append(1000 * (time.perf_counter() - started))
    counted = times[10:]
    return statistics.median(counted), statistics.quantiles(counted, n=20)[-1]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", default=str(bundled("corpus", f"{BUNDLED_PAGE}.txt")))
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    askbot = [sys.executable, "-m", "askbot"]
    plain = [sys.executable, str(Path(__file__).with_name("plain_langchain.py"))]
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as other:
        os.environ["ASKBOT_HOME"] = home
        started = time.perf_counter()
        subprocess.run([*askbot, "ingest", args.page], check=True, stdout=subprocess.DEVNULL)
        print(f"first ingest, with the encoder's export   {time.perf_counter() - started:8.2f} s")
        seconds, _ = cold([*askbot, "--help"], args.runs)
        print(f"askbot --help                             {seconds:8.2f} s")
        asked, peak = cold([*askbot, "ask", QUESTIONS[1]], args.runs)
        print(f"askbot ask, cold process                  {asked:8.2f} s   {peak:6.0f} MB")
        beside, memory = cold([*plain, other, args.page, QUESTIONS[1]], args.runs)
        print(f"plain LangChain script, cold process      {beside:8.2f} s   {memory:6.0f} MB")
        print(f"  askbot takes                            {asked / beside:8.2f} of that")
        middle, late = warm(home, QUESTIONS, 5)
        print(f"Bot.ask, warm: p50, p95                   {middle:8.1f} ms {late:6.1f} ms")
        questions = content_questions()
        middle, late = warm(home, questions, 1)
        many = f"the same, {len(questions)} questions of corpus/"
        print(f"{many:42s}{middle:8.1f} ms {late:6.1f} ms")
    print(f"peak of this process                      {_own_peak():17.0f} MB")


def _own_peak() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    main()
