"""Whole runs: asking, dialogues, saving, scoring again, comparing and gates.

The answerer here is a small one of its own: it searches a town's notices for shared words and
understands a question without a name of its own by the one before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from askbot.answers import Answer, Citation
from askbot.conversation.turns import Turn
from askbot.errors import GateError, NotFound, QuestionSetError, StoreError, UsageError
from askbot.evaluation import (
    Report,
    check_gates,
    compare,
    evaluate,
    on_page,
    parse_gate,
    parse_questions,
    prediction_line,
    read_run,
    score_run,
    write_run,
)

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
    assert [(done, total) for done, total, _ in steps] == [(n, 4) for n in range(5)]
    assert value(report, "answer_accuracy") == 1.0
    assert value(report, "recall@1") == 1.0
    assert value(report, "declined_unanswerable") == 1.0
    assert value(report, "false_declines") == 0.0
    assert value(report, "auroc") == 1.0
    assert value(report, "latency_p50") == 1.2
    assert report.figure("thread_exact") is None


def test_figures_by_tag() -> None:
    report = evaluate(NoticeBoard(remembers=False), QUESTIONS, count=50)
    assert value(report, "answer_accuracy") == pytest.approx(2 / 3)
    assert value(report, "answer_accuracy", "follow-up") == 0.5
    assert value(report, "answer_accuracy", "later-turn") == 0.0
    assert value(report, "false_declines", "later-turn") == 1.0
    rows = report.tag_rows(["answer_accuracy", "declined_unanswerable"])
    assert [(tag, n) for tag, n, _ in rows] == [
        ("article", 1),
        ("off", 1),
        ("follow-up", 2),
        ("later-turn", 1),
    ]
    assert rows[0][2][1] is None


def test_a_run_is_scored_again_from_its_predictions_alone(tmp_path: Path) -> None:
    report = evaluate(NoticeBoard(), QUESTIONS, page="town", count=50)
    write_run(tmp_path / "run", report)
    run = read_run(tmp_path / "run")
    assert run.report == report
    again = score_run(on_page(QUESTIONS, "town"), run.predictions, count=50)
    assert again == report
    assert again.to_json() == json.loads((tmp_path / "run/report.json").read_text("utf-8"))
    first = json.loads((tmp_path / "run/predictions.jsonl").read_text("utf-8").split("\n")[0])
    assert (first["id"], first["turn"]) == ("q1", 1)
    assert first["answer"]["citations"][0]["id"] == "p1"


def test_answers_are_kept_as_they_come_when_the_asker_breaks(tmp_path: Path) -> None:
    class Breaking(NoticeBoard):
        def ask(
            self, question: str, *, page: str | None = None, turns: Sequence[Turn] = ()
        ) -> Answer:
            if turns:
                raise StoreError("the disk is full")
            return super().ask(question, page=page, turns=turns)

    kept: list[str] = []
    with pytest.raises(StoreError):
        evaluate(Breaking(), QUESTIONS, keep=lambda p: kept.append(prediction_line(p)), count=50)
    (tmp_path / "predictions.jsonl").write_text("\n".join(kept), "utf-8")
    run = read_run(tmp_path)
    assert [(p.id, p.turn) for p in run.predictions] == [("q1", 1), ("q2", 1), ("d1", 1)]
    assert run.report is None
    with pytest.raises(QuestionSetError, match=r"no answer to d1 \(turn 2\)"):
        score_run(QUESTIONS, run.predictions)
    with pytest.raises(QuestionSetError, match=r"has no report\.json"):
        compare(run, run)


def test_predictions_of_another_question_set_are_refused() -> None:
    report = evaluate(NoticeBoard(), QUESTIONS, count=50)
    other = parse_questions('{"id": "q1", "question": "Why is the bridge shut?", "answers": ["x"]}')
    with pytest.raises(QuestionSetError, match="score it with the question set it was run on"):
        score_run(other, report.predictions)


def test_a_part_of_a_run_can_be_scored() -> None:
    report = evaluate(NoticeBoard(), QUESTIONS, count=50)
    part = score_run(QUESTIONS.select(["article"]), report.predictions, count=50)
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
    ],
)
def test_a_damaged_run_is_one_line(tmp_path: Path, name: str, content: str, why: str) -> None:
    write_run(tmp_path, evaluate(NoticeBoard(), QUESTIONS, count=50))
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(QuestionSetError, match=why) as caught:
        read_run(tmp_path)
    assert "\n" not in str(caught.value)


def test_runs_that_are_not_there_or_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no run at"):
        read_run(tmp_path / "none")
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError, match="cannot write the run"):
        write_run(tmp_path / "file", evaluate(NoticeBoard(), QUESTIONS, count=50))


def test_an_answer_given_twice_is_refused(tmp_path: Path) -> None:
    report = evaluate(NoticeBoard(), QUESTIONS, count=50)
    line = prediction_line(report.predictions[0])
    (tmp_path / "predictions.jsonl").write_text(f"{line}\n{line}\n", "utf-8")
    with pytest.raises(QuestionSetError, match="line 2: a second answer to q1"):
        read_run(tmp_path)


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
    assert {(c.id, c.turn) for c in changes if c.metric == "answer_accuracy"} == {
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


def test_gates() -> None:
    report = evaluate(NoticeBoard(remembers=False), QUESTIONS, count=50)
    check_gates(
        report, [parse_gate("answer_accuracy=0.66"), parse_gate("answer_accuracy:article=1")]
    )
    check_gates(report, [parse_gate("false_declines=0.34"), parse_gate(" ece = 1 ")])
    with pytest.raises(GateError) as caught:
        check_gates(
            report,
            [
                parse_gate("answer_accuracy=0.7"),
                parse_gate("false_declines=0.3"),
                parse_gate("recall@5=0.9"),
                parse_gate("thread_exact=0"),
                parse_gate("auroc:no-such-tag=0"),
            ],
        )
    message = str(caught.value)
    assert caught.value.exit_code == 3
    assert "answer_accuracy is 0.6667 over 3, below 0.7" in message
    assert "false_declines is 0.3333 over 3, above 0.3" in message
    assert "recall@5" not in message
    assert "thread_exact was not measured" in message
    assert "auroc:no-such-tag was not measured" in message


@pytest.mark.parametrize("text", ["", "recall@5", "recall@5=", "recall@5=high", "recall@5=nan"])
def test_what_is_not_a_gate(text: str) -> None:
    with pytest.raises(UsageError, match="is not a gate"):
        parse_gate(text)


def test_an_unknown_metric_lists_those_there_are() -> None:
    with pytest.raises(UsageError, match="no metric 'recal@5'; there are recall@1, recall@3"):
        parse_gate("recal@5=0.9")
