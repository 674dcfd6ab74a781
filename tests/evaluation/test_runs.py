"""Whole runs: asking, dialogues, saving, scoring again, comparing and gates.

The answerer here is a small one of its own: it searches a town's notices for shared words and
understands a question without a name of its own by the one before it.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from askbot.answers import Answer, Citation
from askbot.conversation.turns import Turn
from askbot.errors import GateError, NotFound, QuestionSetError, StoreError, UsageError
from askbot.evaluation import (
    Gate,
    Identity,
    QuestionSet,
    Recording,
    Report,
    ask_all,
    compare,
    evaluate,
    merged,
    on_page,
    outcomes,
    parse_gate,
    parse_questions,
    read_run,
    require,
    save_report,
    score_run,
    thresholds_of,
)
from askbot.evaluation.runs.folder import PREDICTIONS, PREVIOUS

NOTICES = {
    "p1": "The town pool opens on 3 May and a ticket costs 4 euros",
    "p2": "Iris Holt leads the library and retires in August",
    "p3": "The bridge is shut for repairs until autumn",
}

QUESTIONS = parse_questions(
    "\n".join(
        json.dumps(line)
        for line in (
            {
                "id": "q1",
                "question": "When does the pool open?",
                "answers": ["3 May"],
                "evidence": ["p1"],
                "tags": ["article"],
            },
            {"id": "q2", "question": "Who painted Guernica?", "answerable": False, "tags": ["off"]},
            {
                "id": "d1",
                "tags": ["follow-up"],
                "turns": [
                    {
                        "question": "Who leads the library?",
                        "answers": ["Iris Holt"],
                        "evidence": ["p2"],
                    },
                    {"question": "And when?", "answers": ["August"], "evidence": ["p2"]},
                ],
            },
        )
    )
)


class NoticeBoard:
    """Answers with the notice that shares most words with the question."""

    def __init__(self, *, remembers: bool = True) -> None:
        self.remembers = remembers
        self.asked: list[tuple[str, int, str | None]] = []

    def ask(self, question: str, *, page: str | None = None, turns: Sequence[Turn] = ()) -> Answer:
        self.asked.append((question, len(turns), page))
        searched = question
        if self.remembers and turns and len(question.split()) < 3:
            searched = f"{turns[-1].answer.searched_for} {question}"
        wanted = set(re.findall(r"\w{4,}", searched.lower()))
        shared = {i: len(wanted & set(t.lower().split())) for i, t in NOTICES.items()}
        ranked = sorted(NOTICES, key=lambda i: -shared[i])
        best = ranked[0]
        found = shared[best] > 0
        text = NOTICES[best]
        cited = Citation(best, "town", "paragraph", None, text, 0, len(text), "0" * 64)
        return Answer(
            question=question,
            searched_for=searched,
            answer=f"{text} [{best}]" if found else "The page does not say.",
            abstained=not found,
            citations=(cited,) if found else (),
            evidence=tuple(ranked),
            confidence=shared[best] / 3,
            timings_ms={"total": 1.23456},
        )


IDENTITY = Identity({"candidates": 8}, "0", "0" * 64, QUESTIONS.sha256, {"town": "0" * 64})


def recorded(
    folder: Path,
    board: NoticeBoard,
    questions: QuestionSet = QUESTIONS,
    identity: Identity = IDENTITY,
    *,
    workers: int = 1,
    fresh: bool = False,
) -> Recording:
    """A run in a folder, asked to its end unless the asker breaks."""
    recording = Recording.begin(folder, identity, questions, workers=workers, fresh=fresh)
    try:
        asked = on_page(questions, "town")
        ask_all(board, asked, recording.keep, done=set(recording.done), workers=workers)
    finally:
        recording.close()
    recording.complete()
    return recording


def report_in(folder: Path, questions: QuestionSet = QUESTIONS) -> Report:
    """The report of the run in a folder, saved there."""
    run = read_run(folder, scored=False)
    report = score_run(
        on_page(questions, "town"),
        run.predictions(),
        count=50,
        throughput_qps=run.throughput_qps,
    )
    save_report(folder, report)
    return report


def value(report: Report, metric: str, tag: str | None = None) -> float:
    figure = report.figure(metric, tag)
    assert figure is not None
    return figure.value


def test_a_dialogue_is_asked_in_order_with_its_earlier_turns() -> None:
    board = NoticeBoard()
    steps: list[tuple[int, int, str]] = []
    report = evaluate(
        board, QUESTIONS, page="town", progress=lambda *step: steps.append(step), count=50
    )
    assert board.asked == [
        ("When does the pool open?", 0, "town"),
        ("Who painted Guernica?", 0, "town"),
        ("Who leads the library?", 0, "town"),
        ("And when?", 1, "town"),
    ]
    assert [(done, total) for done, total, _ in steps] == [(0, 4), (1, 4), (2, 4), (4, 4)]
    assert value(report, "answer_accuracy") == 1.0
    assert value(report, "recall@1") == 1.0
    assert value(report, "refusal_recall") == 1.0
    assert value(report, "false_declines") == 0.0
    assert value(report, "auroc") == 1.0
    assert value(report, "latency_p50_ms") == 1.2
    assert report.figure("thread_exact") is None


def test_figures_by_tag() -> None:
    report = evaluate(NoticeBoard(remembers=False), QUESTIONS, count=50)
    assert value(report, "answer_accuracy") == pytest.approx(2 / 3)
    assert value(report, "answer_accuracy", "follow-up") == 0.5
    assert value(report, "answer_accuracy", "later-turn") == 0.0
    assert value(report, "false_declines", "later-turn") == 1.0
    rows = report.tag_rows(["answer_accuracy", "refusal_recall"])
    assert [(tag, n) for tag, n, _ in rows] == [
        ("article", 1),
        ("off", 1),
        ("follow-up", 2),
        ("later-turn", 1),
    ]
    assert rows[0][2][1] is None


def test_a_run_is_scored_again_from_its_predictions_alone(tmp_path: Path) -> None:
    asked = evaluate(NoticeBoard(), QUESTIONS, page="town", count=50)
    recorded(tmp_path / "run", NoticeBoard())
    report = report_in(tmp_path / "run")
    assert report.items == asked.items
    assert report.figures == asked.figures
    assert report.throughput_qps is not None
    run = read_run(tmp_path / "run")
    assert run.report == report
    assert run.record["state"] == "complete"
    assert report_in(tmp_path / "run") == report
    first = json.loads((tmp_path / "run/predictions.jsonl").read_text("utf-8").split("\n")[0])
    assert (first["id"], first["turn"]) == ("q1", 1)
    assert first["answer"]["citations"][0]["id"] == "p1"


class Breaking(NoticeBoard):
    """Answers a number of questions, and then its disk is full."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def ask(self, question: str, *, page: str | None = None, turns: Sequence[Turn] = ()) -> Answer:
        if not self.left:
            raise StoreError("the disk is full")
        self.left -= 1
        return super().ask(question, page=page, turns=turns)


@pytest.mark.parametrize("answered", [0, 1, 2, 3])
@pytest.mark.parametrize("workers", [1, 3])
def test_a_run_that_breaks_goes_on_and_ends_as_one_that_did_not(
    tmp_path: Path, answered: int, workers: int
) -> None:
    recorded(tmp_path / "whole", NoticeBoard())
    whole = report_in(tmp_path / "whole").to_json()
    with pytest.raises(StoreError):
        recorded(tmp_path / "broken", Breaking(answered), workers=workers)
    with pytest.raises(QuestionSetError, match=r"no answer to|is empty"):
        report_in(tmp_path / "broken")
    board = NoticeBoard()
    going_on = recorded(tmp_path / "broken", board, workers=workers)
    assert len(board.asked) < len(QUESTIONS) or not going_on.resumed
    resumed = report_in(tmp_path / "broken").to_json()
    assert {**resumed, "timing": None} == {**whole, "timing": None}


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_anywhere_goes_on(tmp_path: Path, kept: float) -> None:
    recorded(tmp_path, NoticeBoard())
    whole = report_in(tmp_path).to_json()
    path = tmp_path / PREDICTIONS
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    record = json.loads((tmp_path / "run.json").read_text("utf-8"))
    (tmp_path / "run.json").write_text(json.dumps({**record, "state": "running"}), "utf-8")
    board = NoticeBoard()
    recorded(tmp_path, board)
    assert board.asked
    assert {**report_in(tmp_path).to_json(), "timing": None} == {**whole, "timing": None}
    assert not list(tmp_path.glob("*.part"))


def test_a_finished_run_is_set_aside(tmp_path: Path) -> None:
    recorded(tmp_path, NoticeBoard(remembers=False))
    report_in(tmp_path)
    recorded(tmp_path, NoticeBoard())
    assert not (tmp_path / "report.json").exists(), "it is not of these answers"
    before, after = read_run(tmp_path / PREVIOUS), report_in(tmp_path)
    assert before.report is not None
    assert value(before.report, "right") < value(after, "right")


def test_an_unfinished_run_of_something_else_is_not_mixed_in(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        recorded(tmp_path, Breaking(2))
    other = Identity({"candidates": 5}, "0", "1" * 64, QUESTIONS.sha256, {"town": "0" * 64})
    with pytest.raises(QuestionSetError, match="of other settings and code; give another --out"):
        recorded(tmp_path, NoticeBoard(), identity=other)
    recorded(tmp_path, NoticeBoard(), identity=other, fresh=True)
    assert value(report_in(tmp_path), "right") == 1.0
    assert (tmp_path / PREVIOUS / PREDICTIONS).is_file(), "what was paid for is kept"


def test_answers_under_way_are_kept_when_another_breaks(tmp_path: Path) -> None:
    started = threading.Barrier(2, timeout=10)

    class Slow(NoticeBoard):
        def ask(
            self, question: str, *, page: str | None = None, turns: Sequence[Turn] = ()
        ) -> Answer:
            if question.startswith("When does"):
                return super().ask(question, page=page, turns=turns)
            if not turns:
                started.wait()
            if question.startswith("Who painted"):
                raise StoreError("the disk is full")
            time.sleep(0.05)
            return super().ask(question, page=page, turns=turns)

    with pytest.raises(StoreError):
        recorded(tmp_path, Slow(), workers=2)
    kept = {prediction.id for prediction in read_run(tmp_path).predictions()}
    assert kept == {"q1", "d1"}


def test_a_run_without_a_report_cannot_be_compared(tmp_path: Path) -> None:
    recorded(tmp_path, NoticeBoard())
    run = read_run(tmp_path)
    assert run.report is None
    with pytest.raises(QuestionSetError, match=r"has no report\.json"):
        compare(run, run)


def test_predictions_of_another_question_set_are_refused(tmp_path: Path) -> None:
    recorded(tmp_path, NoticeBoard())
    other = parse_questions('{"id": "q1", "question": "Why is the bridge shut?", "answers": ["x"]}')
    with pytest.raises(QuestionSetError, match="score it with the question set it was run on"):
        score_run(other, read_run(tmp_path).predictions())


def test_a_part_of_a_run_can_be_scored(tmp_path: Path) -> None:
    recorded(tmp_path, NoticeBoard())
    part = score_run(QUESTIONS.select(["article"]), read_run(tmp_path).predictions(), count=50)
    assert [item.id for item in part.items] == ["q1"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("predictions.jsonl", "", "is empty"),
        ("predictions.jsonl", "{}", "line 1: not a saved answer"),
        ("predictions.jsonl", "nonsense", "line 1: not a saved answer"),
        ("predictions.jsonl", '{"id": "q1", "turn": "1", "answer": {}}', "whole number"),
        ("predictions.jsonl", '{"id": "q1", "turn": 1, "answer": {}}', "'question' is missing"),
        ("report.json", "{}", "is damaged"),
        ("report.json", "[]", "is damaged"),
        ("report.json", '{"scoring": -1}', "another version"),
        ("run.json", "[]", "is damaged"),
    ],
)
def test_a_damaged_run_is_one_line(tmp_path: Path, name: str, content: str, why: str) -> None:
    recorded(tmp_path, NoticeBoard())
    report_in(tmp_path)
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(QuestionSetError, match=why) as caught:
        list(read_run(tmp_path).predictions())
    assert "\n" not in str(caught.value)


def test_runs_that_are_not_there_or_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no run at"):
        read_run(tmp_path / "none")
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError, match="cannot write the run"):
        recorded(tmp_path / "file", NoticeBoard())


def test_an_answer_given_twice_is_refused(tmp_path: Path) -> None:
    recorded(tmp_path, NoticeBoard())
    line = (tmp_path / PREDICTIONS).read_text("utf-8").split("\n")[0]
    (tmp_path / PREDICTIONS).write_text(f"{line}\n{line}\n", "utf-8")
    with pytest.raises(QuestionSetError, match="line 2: a second answer to q1"):
        list(read_run(tmp_path).predictions())


def many(count: int) -> str:
    """Dialogues of which only a bot with a memory gets the second turn right."""
    dialogue = {
        "turns": [
            {"question": "Who leads the library?", "answers": ["Iris Holt"], "evidence": ["p2"]},
            {"question": "And when?", "answers": ["August"], "evidence": ["p2"]},
        ]
    }
    return "\n".join(json.dumps({"id": f"d{n}", **dialogue}) for n in range(count))


def test_a_clear_difference_is_told_from_none() -> None:
    questions = parse_questions(many(12))
    forgetful = evaluate(NoticeBoard(remembers=False), questions, count=200)
    better = evaluate(NoticeBoard(), questions, count=200)
    found = {d.metric: d for d in compare(forgetful, better, count=200).rows()}
    assert (found["answer_accuracy"].before, found["answer_accuracy"].after) == (0.5, 1.0)
    assert found["answer_accuracy"].difference == 0.5
    assert found["answer_accuracy"].verdict == "better"
    assert found["false_declines"].verdict == "better"  # lower is better
    assert found["citations_verified"].verdict == "same"
    back = {d.metric: d for d in compare(better, forgetful, count=200).rows()}
    assert back["answer_accuracy"].verdict == "worse"
    assert back["false_declines"].verdict == "worse"
    changes = compare(forgetful, better, count=200).changes
    assert {(c.id, c.turn) for c in changes if c.metric == "right"} == {
        (f"d{n}", 2) for n in range(12)
    }
    assert all((c.before, c.after) == (0.0, 1.0) for c in changes)


def test_one_question_of_many_is_no_clear_difference() -> None:
    one = json.loads(many(1))
    plain = [
        {"id": f"q{n}", "question": "When does the pool open?", "answers": ["3 May"]}
        for n in range(11)
    ]
    questions = parse_questions("\n".join(json.dumps(line) for line in (one, *plain)))
    before = evaluate(NoticeBoard(remembers=False), questions, count=500)
    after = evaluate(NoticeBoard(), questions, count=500)
    found = {d.metric: d for d in compare(before, after, count=500).rows()}
    assert found["answer_accuracy"].difference == pytest.approx(1 / 13)
    assert found["answer_accuracy"].verdict == "unclear"


def test_only_runs_over_the_same_questions_compare() -> None:
    report = evaluate(NoticeBoard(), QUESTIONS, count=50)
    other = evaluate(NoticeBoard(), QUESTIONS.select(["article"]), count=50)
    with pytest.raises(QuestionSetError, match="different question sets"):
        compare(report, other)


def at_least(*texts: str) -> list[Gate]:
    return [parse_gate(text, "min") for text in texts]


def at_most(*texts: str) -> list[Gate]:
    return [parse_gate(text, "max") for text in texts]


def test_gates() -> None:
    report = evaluate(NoticeBoard(remembers=False), QUESTIONS, count=50)
    require(outcomes(report, at_least("answer_accuracy=0.66", "answer_accuracy:article=1")))
    require(outcomes(report, at_most("false_declines=0.34", " ece = 1 ", "latency_p95_ms=2")))
    gates = [
        *at_least("answer_accuracy=0.7", "recall@5=0.9", "thread_exact=0", "auroc:no-such-tag=0"),
        *at_most("false_declines=0.3", "latency_p99_ms=1"),
        *at_least("throughput_qps=1"),
    ]
    with pytest.raises(GateError) as caught:
        require(outcomes(report, gates))
    message = str(caught.value)
    assert caught.value.exit_code == 3
    assert "answer_accuracy is 0.6667 over 3, below 0.7" in message
    assert "false_declines is 0.3333 over 3, above 0.3" in message
    assert "latency_p99_ms is 1.2 over 4, above 1" in message
    assert "recall@5" not in message
    assert "thread_exact was not measured" in message
    assert "auroc:no-such-tag was not measured" in message
    assert "throughput_qps was not measured" in message, "nothing was recorded"


@pytest.mark.parametrize("text", ["", "recall@5", "recall@5=", "recall@5=high", "recall@5=nan"])
def test_what_is_not_a_gate(text: str) -> None:
    with pytest.raises(UsageError, match="is not a gate"):
        parse_gate(text, "min")


def test_an_unknown_metric_lists_those_there_are() -> None:
    with pytest.raises(UsageError, match="no metric 'recal@5'; there are right, recall@1"):
        parse_gate("recal@5=0.9", "min")


def test_a_gate_on_the_wrong_side_is_refused() -> None:
    with pytest.raises(UsageError, match="latency_p50_ms is better when lower: give it a max"):
        at_least("latency_p50_ms=80")
    with pytest.raises(UsageError, match="answer_f1 is better when higher: give it a min"):
        at_most("answer_f1=0.8")


def test_a_set_brings_its_own_gates(tmp_path: Path) -> None:
    questions = tmp_path / "news.jsonl"
    assert thresholds_of(questions) == []
    (tmp_path / "thresholds.toml").write_text("[min]\nright = 0.5\n", "utf-8")
    assert thresholds_of(questions) == at_least("right=0.5")
    assert thresholds_of(tmp_path) == at_least("right=0.5")
    own = '[min]\n"recall@5:comment" = 0.9\n[max]\nlatency_p95_ms = 80\n'
    (tmp_path / "news.thresholds.toml").write_text(own, "utf-8")
    brought = thresholds_of(questions)
    assert brought == [*at_least("recall@5:comment=0.9"), *at_most("latency_p95_ms=80")]
    given = [*at_most("latency_p95_ms=500"), *at_least("right=1")]
    assert merged(given, brought) == [*given, *at_least("recall@5:comment=0.9")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[min", "cannot be read as TOML"),
        ("min = 3", r"\[min\] must be a table"),
        ('[min]\nright = "high"', "min.right must be a number"),
        ("[min]\nrigth = 1", "no metric 'rigth'"),
        ("[least]\nright = 1", "unknown least"),
    ],
)
def test_thresholds_not_in_their_form_are_named(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "thresholds.toml").write_text(text, "utf-8")
    with pytest.raises(QuestionSetError, match=why):
        thresholds_of(tmp_path / "q.jsonl")
