"""Every command, over real pages and the real bot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from askbot.cli.app import command_helps

Run = Callable[..., Any]
"""The `run` fixture: command words (and `stdin`) to status, out and err."""

FERRY = "How many times a day does the bus run?"


def test_ask_answers_with_a_numbered_source(run: Run) -> None:
    done = run("ask", FERRY, "--page", "town")
    assert done.status == 0
    assert "runs 12 times a day. [1 ¶" in done.out
    assert "\n 1  ¶" in done.out
    assert "confidence" in done.out
    assert "\x1b" not in done.out
    assert done.err == ""


def test_ask_joins_words_that_were_not_quoted(run: Run) -> None:
    done = run("ask", *FERRY.split(), "--page", "town")
    assert "12 times a day" in done.out


def test_ask_json_is_the_documented_object(run: Run) -> None:
    done = run("ask", "--json", FERRY, "--page", "town")
    (line,) = done.out.splitlines()
    record = json.loads(line)
    assert record["question"] == FERRY
    assert record["citations"][0]["page"] == "town"
    assert {"answer", "abstained", "evidence", "short_answer", "timings_ms"} <= record.keys()


def test_a_pipe_is_one_question_a_line(run: Run) -> None:
    lines = f"\ufeff{FERRY}\n\n  How long did the ferry take?  \r\n"
    done = run("ask", "--json", "--page", "town", stdin=lines)
    asked = [json.loads(line)["question"] for line in done.out.splitlines()]
    assert asked == [FERRY, "How long did the ferry take?"]
    again = run("ask", "-", "--page", "town", stdin=lines)
    assert again.out.count("> ") == 2
    assert again.out.startswith(f"> {FERRY}\n")


@pytest.mark.parametrize(
    ("stdin", "said"),
    [
        (b"", "there was no question"),
        (b"\n \n", "there was no question"),
        (b"What?\n\xff\xfe\n", "line 2 of the input is not UTF-8"),
        (b"What?\n" + b"x" * 200_000, "line 2 of the input is longer"),
    ],
)
def test_bad_pipes_are_one_line(run: Run, stdin: bytes, said: str) -> None:
    done = run("ask", "--page", "town", stdin=stdin)
    assert done.status in (1, 2)
    assert len(done.err.splitlines()) == 1
    assert done.err.startswith("askbot: error: ")
    assert said in done.err


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["ask", "  "], 2, "empty"),
        (["ask", FERRY, "--page", "twon"], 1, "did you mean 'town'?"),
        (["ask", "--nonsense"], 2, "`askbot ask --help` shows the usage"),
        (["nonsense"], 2, "`askbot --help` shows the usage"),
        (["show", "p99", "--page", "town"], 1, "town has no p99"),
        (["show", "town:c9"], 1, "town has no c9"),
        (["show", "p1"], 2, "several pages are indexed"),
        (["show", "nothing-such"], 1, "neither a passage id"),
        (["show", "town:p1", "--page", "other"], 2, "names page town"),
        (["forget", "nothing-such"], 1, "no page 'nothing-such'"),
        (["ingest"], 2, "name a file"),
        (["ingest", "no/such/file"], 1, "no/such/file"),
        (["ingest", "a", "b", "--slug", "x"], 2, "--slug names one page"),
        (["ingest", "a", "--slug", "Not A Slug"], 2, "not-a-slug"),
        (["ingest", "--rebuild", "x"], 2, "--rebuild works on the saved pages"),
        (["ingest", "http://127.0.0.1:9/x"], 1, "127.0.0.1"),
        (["verify", "no/such/file"], 1, "there is no no/such/file"),
        (["eval", "no/such/file"], 1, "no question set"),
        (["eval", "no/such/file", "--min", "nonsense=1"], 2, "no metric 'nonsense'"),
        (["compare", "no", "such"], 1, "no run at no"),
        (["sessions", "show", "x"], 1, "no session 'x'"),
        (["sessions", "show"], 1, "no saved session yet"),
        (["sessions", "delete", "latest"], 1, "name the session"),
        (["sessions", "export", "latest", "x.pdf"], 2, ".md, .json or .html"),
        (["chat", "--resume", "x"], 1, "no session 'x'"),
        (["chat", "--resume", "x", "--page", "town"], 2, "--page"),
        (["--home", "/dev/null/x", "pages"], 1, "ASKBOT_HOME"),
    ],
)
def test_bad_input_is_one_line_and_a_status(
    run: Run, arguments: list[str], status: int, said: str
) -> None:
    done = run(*arguments)
    assert done.status == status, done.err
    assert len(done.err.splitlines()) == 1
    assert done.err.startswith("askbot: error: ")
    assert said in done.err
    assert "Traceback" not in done.err


def test_settings_that_cannot_be_used(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKBOT_THREADS", "many")
    done = run("ask", FERRY)
    assert done.status == 1
    assert "threads" in done.err
    assert len(done.err.splitlines()) == 1


def test_show_a_paragraph_between_its_neighbours(run: Run) -> None:
    done = run("show", "town:p3")
    assert "¶2  " in done.out
    assert "¶3, source " in done.out
    assert "said Ruth Bell, the harbour master." in done.out
    assert "¶4  The ferry will be replaced" in done.out


@pytest.mark.parametrize("typed", ["c1.1", "#1.1", "1.1", "C1.1", "town:c1.1"])
def test_show_a_comment_in_its_thread(run: Run, typed: str) -> None:
    done = run("show", typed, "--page", "town")
    assert "#1 oldsalt  I rode that boat" in done.out
    assert "#1.1 Ruth Bell, replying to #1 oldsalt; source " in done.out
    assert "↳ #1.1.1 oldsalt  Then say so." in done.out


def test_show_a_page_lists_its_ids(run: Run) -> None:
    done = run("show", "town")
    assert "¶4  The ferry will be replaced" in done.out
    assert "└─ #1.1 Ruth Bell" in done.out
    assert "#3 quiet one  (no text)" in done.out
    assert run("show").out == run("pages").out


def test_pages_ingest_forget(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "lake.txt"
    page.write_text("The lake is 40 metres deep.\n\nIt freezes in January.\n", encoding="utf-8")
    done = run("ingest", str(page))
    assert done.status == 0
    assert "lake: " in done.out
    assert "2 paragraphs, 0 comments: new, 2 passages embedded" in done.out
    assert "unchanged" in run("ingest", str(page)).out
    page.write_text("The lake is 40 metres deep.\n\nIt freezes in February.\n", encoding="utf-8")
    assert "changed, 1 passages embedded, 1 kept" in run("ingest", str(page)).out
    assert "lake: " in run("pages").out
    assert "40 metres" in run("ask", "How deep is the lake?", "--page", "lake").out
    assert run("forget", "lake").out.startswith("forgot lake")
    assert "lake: " not in run("pages").out


def test_what_can_be_read_is_ingested_though_something_cannot(run: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("A page of one line.\n", encoding="utf-8")
    bad.write_bytes(b"\x00\x01\x02" * 500)
    done = run("ingest", str(bad), str(good))
    assert done.status == 1
    assert "good: " in done.out
    assert len(done.err.splitlines()) == 1
    assert "bad.txt" in done.err


def test_ingest_reads_standard_input(run: Run) -> None:
    done = run("ingest", "-", "--slug", "piped", stdin="A page from a pipe.\n")
    assert done.status == 0
    assert "piped: " in done.out


def test_verify_an_answer_and_catch_a_changed_digit(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "answers.jsonl"
    saved.write_text(run("ask", "--json", FERRY, "--page", "town").out, encoding="utf-8")
    done = run("verify", str(saved))
    assert done.status == 0
    assert done.out == "1 answer with 1 citation: everything verifies\n"
    text = saved.read_text(encoding="utf-8")
    saved.write_text(text.replace("12 times", "13 times"), encoding="utf-8")
    done = run("verify", str(saved))
    assert done.status == 1
    assert "fails: ¶" in done.out
    assert "the source does not have these words" in done.out
    assert len(done.err.splitlines()) == 1
    assert run("verify", "-", stdin=text).status == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[1, 2]",
        b'{"question": "x"}',
        b'{"question": "x", "answer": "y", "abstained": false, "citations": [{"id": 3}]}',
        b'{"question": "x", "answer": "y [p1]", "abstained": false, "citations": [{"id": "p1",'
        b'"page": "town", "kind": "paragraph", "author": null, "quote": "x", "start": "a",'
        b'"end": 2, "source_sha256": "x"}]}',
    ],
)
def test_verify_says_in_a_line_that_a_file_is_no_answer(
    run: Run, tmp_path: Path, content: bytes
) -> None:
    saved = tmp_path / "saved.json"
    saved.write_bytes(content)
    done = run("verify", str(saved))
    assert done.status == 1
    assert len(done.err.splitlines()) == 1
    assert "unexpected" not in done.err


QUESTIONS = """\
{"id": "a", "question": "How many times a day does the bus run?", "answers": ["12"], \
"evidence": ["p4"], "answerable": true, "tags": ["article"], "page": "town"}
{"id": "b", "question": "How long did the ferry take?", "answers": ["8"], "evidence": ["c2"], \
"answerable": true, "tags": ["comment"], "page": "town"}
"""


def test_eval_gate_rescore_compare_verify(run: Run, tmp_path: Path) -> None:
    questions, out = tmp_path / "q.jsonl", tmp_path / "run"
    questions.write_text(QUESTIONS, encoding="utf-8")
    done = run("eval", str(questions), "--out", str(out), "--min", "recall@5=0.5")
    assert done.status == 0, done.err
    assert "recall@5" in done.out
    assert "article" in done.out
    assert {"run.json", "predictions.jsonl", "report.json"} <= {p.name for p in out.iterdir()}
    again = run("eval", str(questions), "--from", str(out))
    assert again.out == done.out
    failed = run("eval", str(questions), "--from", str(out), "--min", "recall@5=1.1")
    assert failed.status == 3
    assert "recall@5" in failed.err
    compared = run("compare", str(out), str(out))
    assert compared.status == 0
    assert "+0.000" in compared.out
    assert "same" in compared.out
    assert run("verify", str(out)).out.startswith("2 answers with ")


def test_doctor_finds_all_well(run: Run) -> None:
    done = run("doctor", "--quick")
    assert done.status == 0
    states = {line.split()[0] for line in done.out.splitlines()}
    assert states <= {"ok", "warn"}
    assert "secure-communities, town" in done.out


@pytest.mark.slow
def test_doctor_compares_the_encoders(run: Run) -> None:
    assert "ok    parity" in run("doctor").out


def test_doctor_says_what_is_damaged(run: Run, data: Path) -> None:
    (data / "chroma" / "chroma.sqlite3").write_bytes(b"no database")
    done = run("doctor", "--quick")
    assert done.status == 1
    (line,) = [line for line in done.out.splitlines() if line.startswith("fail")]
    assert "askbot ingest --rebuild" in line
    assert run("ask", FERRY).status == 1
    rebuilt = run("ingest", "--rebuild")
    assert rebuilt.status == 0, rebuilt.err
    assert "12 times a day" in run("ask", FERRY, "--page", "town").out


def test_unexpected_errors_are_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("x")

    monkeypatch.setattr("askbot.bot.Bot.ask", broken)
    done = run("ask", FERRY)
    assert done.status == 1
    assert len(done.err.splitlines()) == 1
    assert "unexpected ZeroDivisionError at askbot.cli.asking:" in done.err
    assert "ASKBOT_DEBUG=1" in done.err
    monkeypatch.setenv("ASKBOT_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run("ask", FERRY)


def test_help_of_every_command() -> None:
    helps = command_helps()
    names = [
        "ingest",
        "ask",
        "chat",
        "show",
        "pages",
        "forget",
        "verify",
        "eval",
        "compare",
        "doctor",
        "sessions",
    ]
    assert {f"askbot {name}" for name in names} <= helps.keys()
    assert "askbot sessions export" in helps
    for words, text in helps.items():
        assert text.startswith(f"Usage: {words} ")
        assert max(len(line) for line in text.splitlines()) <= 100


def test_a_data_folder_may_be_given_relative_to_where_one_is(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(data.parent)
    assert run("--home", data.name, "ask", FERRY, "--page", "town").status == 0
