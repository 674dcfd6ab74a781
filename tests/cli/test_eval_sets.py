"""`askbot eval` as a group: what it was, and its subcommands, over the real bot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from askbot.cli.app import command_helps
from askbot.evaluation import read_run

Run = Callable[..., Any]

BUS = (
    '{"id": "a", "question": "How many times a day does the bus run?", "answers": ["12"], '
    '"evidence": ["p4"], "page": "town"}\n'
)
SQUAD = {
    "data": [
        {
            "title": "Lakes",
            "paragraphs": [
                {
                    "context": "Lake Orm is 40 metres deep and freezes in January.",
                    "qas": [
                        {
                            "id": "s1",
                            "question": "How deep is Lake Orm?",
                            "answers": [{"text": "40 metres", "answer_start": 12}],
                        }
                    ],
                },
                {
                    "context": "Lake Pell is 9 metres deep and never freezes.",
                    "qas": [
                        {
                            "id": "s2",
                            "question": "How deep is Lake Pell?",
                            "answers": [{"text": "9 metres", "answer_start": 13}],
                        }
                    ],
                },
            ],
        }
    ]
}


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "q.jsonl"
    path.write_text(BUS, encoding="utf-8")
    return path


@pytest.mark.parametrize("words", [["eval"], ["eval", "run"]])
@pytest.mark.parametrize("options_first", [True, False])
def test_eval_runs_without_a_subcommand(
    run: Run, tmp_path: Path, questions: Path, words: list[str], options_first: bool
) -> None:
    options = ["--out", str(tmp_path / "out"), "--min", "recall@5=0.5"]
    rest = [*options, str(questions)] if options_first else [str(questions), *options]
    done = run(*words, *rest)
    assert done.status == 0, done.err
    assert "recall@5" in done.out
    assert (tmp_path / "out" / "report.json").exists()
    assert not (tmp_path / "out" / "index").exists(), "it brings no pages"


@pytest.mark.parametrize("name", ["check", "new", "run"])
def test_a_set_named_like_a_subcommand_is_reached(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_text(BUS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run("eval", f"./{name}").status == 0
    assert run("eval", "run", name).status == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["eval"], "Missing argument 'QUESTIONS'; `askbot eval --help` shows the usage"),
        (["eval", "--nonsense"], "`askbot eval --help` shows the usage"),
        (["eval", "a", "b"], "`askbot eval --help` shows the usage"),
        (["eval", "check"], "`askbot eval check --help` shows the usage"),
        (["eval", "new", "--facts", "-1", "town"], "`askbot eval new --help` shows the usage"),
        (["eval", "a", "--page-of", "word"], "`askbot eval --help` shows the usage"),
    ],
)
def test_wrong_usage_is_a_line_and_status_2(run: Run, arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert done.status == 2
    assert len(done.err.splitlines()) == 1
    assert said in done.err


def test_help_has_the_options_and_the_subcommands() -> None:
    helps = command_helps()
    for option in ("--out", "--min", "--from", "--page ", "--page-of"):
        assert option in helps["askbot eval"]
    assert "askbot eval check" in helps["askbot eval"]
    assert "askbot eval new" in helps["askbot eval"]
    assert {"askbot eval check", "askbot eval new"} <= helps.keys()


def test_bad_lines_are_named_the_rest_is_asked_and_the_status_is_1(
    run: Run, tmp_path: Path, questions: Path
) -> None:
    questions.write_text('{"id": "x"}\n' + BUS + "{\n", encoding="utf-8")
    out = tmp_path / "out"
    done = run("eval", str(questions), "--out", str(out))
    assert done.status == 1
    first, second, last = done.err.splitlines()
    assert first.endswith('q.jsonl, line 1: "question" must be a string that is not empty')
    assert "q.jsonl, line 3: not JSON" in second
    assert last.startswith("askbot: error: 2 of the set could not be read")
    assert "recall@5" in done.out
    assert [p.id for p in read_run(out).predictions()] == ["a"]
    missed = run("eval", str(questions), "--from", str(out), "--min", "recall@5=1.1")
    assert missed.status == 3, "a gate that is not met counts more"


@pytest.mark.parametrize("page_of", ["paragraph", "article"])
def test_a_set_with_pages_of_its_own(run: Run, data: Path, tmp_path: Path, page_of: str) -> None:
    path, out = tmp_path / "squad.json", tmp_path / "out"
    path.write_text(json.dumps(SQUAD), encoding="utf-8")
    before = run("pages").out
    options = ["--out", str(out), "--page-of", page_of, "--min", "recall@5=1"]
    done = run("eval", str(path), *options)
    assert done.status == 0, done.err
    assert run("pages").out == before, "the user's own index is left alone"
    answers = {p.id: p.answer for p in read_run(out).predictions()}
    assert "40 metres" in answers["s1"].answer
    assert "9 metres" in answers["s2"].answer
    # The run's pages are a data folder: its citations can be checked again.
    assert run("--home", str(out / "index"), "verify", str(out)).status == 0
    assert run("eval", str(path), "--from", str(out), *options[2:]).out == done.out
    assert run("eval", str(path), "--page", "town").status == 2
    # Another set into the same folder: the pages of the first must not answer for it.
    other = json.loads(json.dumps(SQUAD).replace("Lakes", "Ponds"))
    path.write_text(json.dumps(other), encoding="utf-8")
    assert run("eval", str(path), *options).status == 0
    listed = run("--home", str(out / "index"), "pages").out
    assert "ponds" in listed
    assert "lakes" not in listed


def test_a_beir_folder_is_asked_over_all_its_pages(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    (folder / "qrels").mkdir(parents=True)
    texts = [p["context"] for p in SQUAD["data"][0]["paragraphs"]]  # type: ignore[index]
    documents = [json.dumps({"_id": f"d{n}", "text": text}) for n, text in enumerate(texts)]
    (folder / "corpus.jsonl").write_text("\n".join(documents), encoding="utf-8")
    (folder / "queries.jsonl").write_text(
        '{"_id": "q", "text": "How deep is Lake Pell?"}\n{"_id": "r", "text": "What?"}\n', "utf-8"
    )
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\td1\t1\n", "utf-8")
    done = run("eval", str(folder), "--min", "recall@1=1", "--min", "citation_correct=1")
    assert done.status == 0, done.err
    assert done.err.startswith("askbot: note: 1 of 2 queries have no relevant document")
    assert run("eval", "check", str(folder)).out == (
        "1 question about 2 pages of its own: everything holds\n"
    )


def test_a_folder_that_is_not_ours_is_never_emptied(run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "squad.json", tmp_path / "out"
    path.write_text(json.dumps(SQUAD), encoding="utf-8")
    (out / "index").mkdir(parents=True)
    (out / "index" / "thesis.txt").write_text("mine", encoding="utf-8")
    done = run("eval", str(path), "--out", str(out))
    assert done.status == 1
    assert "holds something other than a run's pages" in done.err
    assert (out / "index" / "thesis.txt").read_text("utf-8") == "mine"


def test_check_prints_a_line_a_fault(run: Run, questions: Path) -> None:
    assert run("eval", "check", str(questions)).out == "1 question: everything holds\n"
    text = BUS.replace("p4", "p9").replace('"a"', '"b"') + "{\n"
    questions.write_text(BUS + text, encoding="utf-8")
    done = run("eval", "check", str(questions))
    assert done.status == 1
    assert len(done.out.splitlines()) == 3
    assert "line 2 (b): asks the same as line 1 (a)" in done.out
    assert "line 2 (b): town has no p9" in done.out
    assert "line 3: not JSON" in done.out
    assert done.err.startswith("askbot: error: 3 faults in ")
    assert len(done.err.splitlines()) == 1


def test_check_needs_the_page_named_where_there_are_several(run: Run, questions: Path) -> None:
    questions.write_text(BUS.replace(', "page": "town"', ""), encoding="utf-8")
    done = run("eval", "check", str(questions))
    assert done.status == 1
    assert "say which with --page" in done.out
    assert run("eval", "check", str(questions), "--page", "town").status == 0


def test_new_drafts_a_set_that_check_accepts(run: Run, tmp_path: Path) -> None:
    done = run("eval", "new", "town", "--facts", "4")
    assert done.status == 0
    records = [json.loads(line) for line in done.out.splitlines()]
    assert sum("span" in record for record in records) == 4
    path = tmp_path / "draft.jsonl"
    wrote = run("eval", "new", "town", "--out", str(path))
    assert wrote.status == 0
    assert "put them in your own words" in wrote.out
    assert run("eval", "check", str(path)).status == 0
    edited = path.read_text("utf-8")
    again = run("eval", "new", "town", "--out", str(path))
    assert again.status == 2, "a person's edits are never overwritten"
    assert path.read_text("utf-8") == edited
    assert run("eval", "new", "twon").status == 1
    assert run("eval", "new", "town", "--out", str(tmp_path / "no" / "x.jsonl")).status == 1
