"""`askbot eval` and `askbot compare` over two real runs: the pages, the table and the JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

QUESTIONS = "".join(
    json.dumps({"page": "town", **record}) + "\n"
    for record in (
        {
            "id": "bus",
            "question": "How many times a day does the bus run?",
            "answers": ["12"],
            "evidence": ["p4"],
            "tags": ["fact"],
        },
        {
            "id": "cost",
            "question": "How many pounds a year can they not keep paying?",
            "answers": ["40,000"],
            "evidence": ["p3"],
            "tags": ["fact"],
        },
        {"id": "none", "question": "Who painted Guernica?", "answerable": False},
    )
)


@pytest.fixture
def runs(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A run that declines everything, and one that answers."""
    questions = tmp_path / "q.jsonl"
    questions.write_text(QUESTIONS, "utf-8")
    for name, threshold in (("timid", "1"), ("plain", None)):
        if threshold is None:
            monkeypatch.delenv("ASKBOT_ANSWER_THRESHOLD")
        else:
            monkeypatch.setenv("ASKBOT_ANSWER_THRESHOLD", threshold)
        done = run("eval", str(questions), "--out", str(tmp_path / name))
        assert done.status == 0, done.err
    return tmp_path / "timid", tmp_path / "plain"


def test_a_run_that_is_kept_has_its_pages(
    run: Run, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    timid, _ = runs
    assert {"report.md", "report.html", "report.json", "run.json"} <= {
        path.name for path in timid.iterdir()
    }
    page = (timid / "report.html").read_text("utf-8")
    assert "How many times a day does the bus run?" in page
    assert "wrongly declined" in page
    assert "answer_threshold 1" in (timid / "report.md").read_text("utf-8").replace("\\", "")
    for name in ("report.md", "report.html"):
        (timid / name).unlink()
    assert run("eval", str(tmp_path / "q.jsonl"), "--score", str(timid)).status == 0
    assert (timid / "report.html").read_text("utf-8") == page
    assert (timid / "report.md").exists()


def test_the_table_ends_with_what_flipped(run: Run, runs: tuple[Path, Path]) -> None:
    timid, plain = runs
    done = run("compare", str(timid), str(plain))
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[-1] == "2 questions turned right, 0 turned wrong"
    right = next(line.split() for line in lines if line.startswith("right "))
    assert right[1:4] == ["0.333", "1.000", "+0.667"]
    assert [line.split()[:4] for line in lines if "bus/1" in line] == [
        ["bus/1", "right", "0.000", "1.000"]
    ]
    back = run("compare", str(plain), str(timid)).out.splitlines()
    assert back[-1] == "0 questions turned right, 2 turned wrong"
    same = run("compare", str(plain), str(plain)).out.splitlines()
    assert same[-1] == "0 questions turned right, 0 turned wrong"


def test_json_has_differences_flips_and_identities(run: Run, runs: tuple[Path, Path]) -> None:
    timid, plain = runs
    done = run("compare", str(timid), str(plain), "--json")
    assert done.status == 0
    (line,) = done.out.splitlines()
    record = json.loads(line)
    before, after = record["before"], record["after"]
    assert before["folder"] == str(timid)
    assert before["config"]["answer_threshold"] == 1.0
    assert after["config"]["answer_threshold"] is None
    assert before["code_sha256"] == after["code_sha256"]
    assert before["questions_sha256"] == after["questions_sha256"]
    found = {d["metric"]: d for d in record["differences"]}
    assert set(found["right"]) == {
        *("metric", "before", "after", "difference", "low", "high", "n", "verdict")
    }
    assert found["right"]["n"] == 3
    assert "latency_p95_ms" in found
    assert record["turned_wrong"] == []
    bus = next(flip for flip in record["turned_right"] if flip["id"] == "bus")
    assert bus["before"]["abstained"] is True
    assert bus["before"]["cause"] == "wrongly declined"
    assert "12" in bus["after"]["answer"]
    assert bus["after"]["cause"] is None
    assert {change["metric"] for change in record["changes"]} >= {"right"}


def test_html_is_written_beside_the_table(
    run: Run, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    page = tmp_path / "c.html"
    done = run("compare", str(runs[0]), str(runs[1]), "--html", str(page))
    assert done.status == 0
    assert f"wrote {page}" in done.err
    assert "2 questions turned right" in done.out
    text = page.read_text("utf-8")
    assert "2 questions turned right, 0 turned wrong" in text
    assert "1.0 → default" in text
    failed = run("compare", str(runs[0]), str(runs[1]), "--html", str(tmp_path / "no" / "c.html"))
    assert failed.status == 1
    assert "cannot be written" in failed.err


def test_runs_without_answers_of_other_sets_or_without_a_report(
    run: Run, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    timid, plain = runs
    other = tmp_path / "other.jsonl"
    other.write_text(QUESTIONS.splitlines()[0] + "\n", "utf-8")
    assert run("eval", str(other), "--score", str(plain)).status == 0
    done = run("compare", str(timid), str(plain), "--json")
    assert (done.status, done.out) == (1, "")
    assert "different question sets" in done.err
    (timid / "report.json").unlink()
    assert "has no report.json" in run("compare", str(timid), str(plain)).err
