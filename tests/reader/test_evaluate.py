"""The evaluation command on files of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askbot.reader.evaluate import main

CONTEXT = (
    "The lighthouse of Teal Point was built in 1871 by Owen Strand. It is 31 metres high. "
    "The keeper sold eggs to the crews of passing boats."
)


def question(number: int, asked: str, answer: str = "") -> dict[str, object]:
    answers = [{"text": answer, "answer_start": CONTEXT.index(answer)}] if answer else []
    return {"id": f"q{number}", "question": asked, "is_impossible": not answer, "answers": answers}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    asked = [
        question(1, "When was the lighthouse built?", "1871"),
        question(2, "Who built the lighthouse?", "Owen Strand"),
        question(3, "What did the keeper sell?", "eggs"),
        question(4, "Why did the orchestra of Vienna cancel the concert?"),
    ]
    document = {"data": [{"title": "L", "paragraphs": [{"context": CONTEXT, "qas": asked}]}]}
    path = tmp_path / "own.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_reports_the_scripts_figures(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "predictions.json"
    assert main([str(file), "--predictions", str(written)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["file"] == "own.json"
    assert report["total"] == 4
    assert report["has_answer_total"] == 3
    assert report["no_answer_accuracy"] == 100.0
    assert report["forced_has_answer_f1"] >= 2 / 3 * 100 - 1
    assert report["best_f1"] >= report["f1"]
    answers = json.loads(written.read_text(encoding="utf-8"))
    assert answers["q4"] == ""
    assert answers["q1"] == "1871"


def test_forced_answers_everything(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(file), "--forced"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["no_answer_accuracy"] == 0.0
    assert report["has_answer_f1"] == report["forced_has_answer_f1"]
    assert main([str(file), "--threshold", "1.0"]) == 0
    assert json.loads(capsys.readouterr().out)["no_answer_accuracy"] == 100.0


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.json")]) == 1
    assert "check the path" in capsys.readouterr().err
