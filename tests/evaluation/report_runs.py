"""Runs to report on: a small asker over a town's notices, and texts that try to break a page."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from askbot.answers import Answer, Citation, RejectedCitation
from askbot.conversation.turns import Turn
from askbot.evaluation import (
    Identity,
    QuestionSet,
    Recording,
    Report,
    Run,
    ask_all,
    parse_questions,
    read_run,
    save_report,
    score_run,
)

SCRIPT = "</script><script>window.broken = 1</script>"
IMAGE = "<img src=x onerror='window.broken = 2'>"
ODD = "a | b `c` *d* [e](f) & <b>g</b>\nline\u2028break\x00nul\u202eturned"
LONG = "Donau" * 60
HOSTILE = (SCRIPT, IMAGE, ODD, LONG)

NOTICES = {
    "p1": "The town pool opens on 3 May and a ticket costs 4 euros",
    "p2": "Iris Holt leads the library and retires in August",
    "p3": f"The bridge is shut {SCRIPT} {IMAGE} for repairs until autumn & {ODD}",
    "p4": "The market moves to the harbour in winter",
}
PLAIN = 56
"""Plain questions: with the others more than a page of the list holds."""


class Board:
    """Answers with the notice that shares most words with the question; knows only some notices."""

    def __init__(self, knows: Sequence[str] = ("p1", "p2", "p3")) -> None:
        self.knows = knows
        self.asked = 0

    def ask(self, question: str, *, page: str | None = None, turns: Sequence[Turn] = ()) -> Answer:
        self.asked += 1
        searched = f"{turns[-1].question} {question}" if turns else question
        wanted = set(re.findall(r"\w{4,}", searched.lower()))
        shared = {i: len(wanted & set(t.lower().split())) for i, t in NOTICES.items()}
        ranked = sorted(self.knows, key=lambda i: -shared[i])
        best = ranked[0]
        found = shared[best] > 0
        text = NOTICES[best]
        cited = Citation(best, "town", "paragraph", IMAGE, text, 0, len(text), "0" * 64)
        return Answer(
            question=question,
            searched_for=searched,
            answer=f"{text} [{best}]" if found else "The page does not say.",
            abstained=not found,
            citations=(cited,) if found else (),
            rejected_citations=(RejectedCitation("p9", SCRIPT, "not in the evidence"),),
            evidence=tuple(ranked),
            short_answer=text[:14] if found else None,
            confidence=min(1.0, shared[best] / 3),
            timings_ms={"total": 1.5 * self.asked},
            notes=(SCRIPT,),
        )


def hostile_questions() -> QuestionSet:
    """Questions, gold answers, ids and tags that hold every hostile text, and a dialogue."""
    lines: list[dict[str, object]] = [
        {
            "id": f"h{n} {text}",
            "question": f"When is the bridge shut? {text}",
            "answers": [f"until winter {text}"],
            "evidence": ["p4"],
            "tags": ["hostile", text],
        }
        for n, text in enumerate(HOSTILE)
    ]
    lines += [
        {"id": "u1", "question": "Who painted Guernica?", "answerable": False, "tags": ["off"]},
        {"id": "u2", "question": "Why is the pool shut?", "answerable": False, "tags": ["off"]},
        {
            "id": "m1",
            "question": "Where does the market stand in winter?",
            "answers": ["harbour"],
            "evidence": ["p4"],
        },
        {
            "id": "d1",
            "tags": ["follow-up"],
            "turns": [
                {"question": "Who leads the library?", "answers": ["Iris Holt"]},
                {"question": "And when does she retire?", "answers": ["May"], "evidence": ["p1"]},
            ],
        },
    ]
    lines += [
        {
            "id": f"q{n}",
            "question": f"What does pool ticket {n} cost?",
            "answers": ["4 euros"],
            "evidence": ["p1"],
            "tags": ["plain"],
        }
        for n in range(PLAIN)
    ]
    return parse_questions("\n".join(json.dumps(line) for line in lines))


@dataclass(frozen=True)
class Made:
    """A finished run with its report."""

    questions: QuestionSet
    run: Run
    report: Report

    @property
    def folder(self) -> Path:
        return self.run.folder


def made_run(folder: Path, board: Board, questions: QuestionSet, **config: object) -> Made:
    """Ask, score and save report.json."""
    identity = Identity(config, "9.9", "c" * 64, questions.sha256, {"town": "d" * 64})
    recording = Recording.begin(folder, identity, questions, workers=1, fresh=True)
    ask_all(board, questions, recording.keep)
    recording.complete()
    return scored(folder, questions)


def scored(folder: Path, questions: QuestionSet) -> Made:
    """Score what a folder holds and save report.json."""
    run = read_run(folder, scored=False)
    report = score_run(questions, run.predictions(), count=50, throughput_qps=run.throughput_qps)
    save_report(folder, report)
    return Made(questions, read_run(folder), report)
