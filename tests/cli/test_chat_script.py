"""The chat as a script: lines from a pipe, plain transcripts out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from askbot.conversation.store import SessionStore
from askbot.conversation.transcript import read_transcript

Run = Callable[..., Any]

TALK = """\
How many times a day does the bus run?

/sources
/sources 1
/thread c1.1
/show p3
/pages
/page
"""


def test_a_whole_transcript(run: Run, data: Path) -> None:
    done = run("chat", "--page", "town", stdin=TALK)
    assert done.status == 0, done.err
    assert done.err == ""
    assert "\x1b" not in done.out
    blocks = done.out.split("\n\n> ")
    assert [b.removeprefix("> ").splitlines()[0] for b in blocks] == TALK.split("\n\n")[
        0
    ].splitlines() + TALK.split("\n\n")[1].splitlines()
    answer, listed, full, thread, passage, pages, page = blocks
    assert "12 times a day. [1 ¶" in answer
    assert "confidence" not in listed
    assert " 1  ¶" in listed
    assert "«The ferry will be replaced by a bus that runs 12 times a day.»" in full
    assert thread.splitlines()[1].startswith("#1 oldsalt")
    assert thread.splitlines()[2].startswith("└─ → #1.1 Ruth Bell")
    assert "¶3, source" in passage
    assert "→ town: " in pages
    assert page.splitlines()[1].startswith("town: ")
    with SessionStore(data) as store:
        session = store.load("latest")
    assert [turn.question for turn in session.turns] == [TALK.splitlines()[0]]


def test_a_follow_up_says_what_was_searched(run: Run) -> None:
    done = run("chat", "--page", "town", stdin="What did Tim O'Dea say?\nand who replied to him?\n")
    assert "searched for: " in done.out
    assert "Tim O’Dea" in done.out.split("searched for: ")[1].splitlines()[0]


def test_failing_lines_are_reported_and_the_rest_is_answered(run: Run) -> None:
    script = (
        "/soruces\n/sources\n/show p99\n/show x\n/export\n/pages now\nHow long was the ferry?\n"
    )
    done = run("chat", "--page", "town", stdin=script)
    assert done.status == 1
    lines = done.err.splitlines()
    assert lines[0] == (
        "askbot: error: line 1: there is no command /soruces; did you mean /sources?"
    )
    assert "nothing was asked yet" in lines[1]
    assert "town has no p99" in lines[2]
    assert "not a passage id" in lines[3]
    assert "name the file" in lines[4]
    assert "takes nothing behind it" in lines[5]
    assert len(lines) == 7
    assert "confidence" in done.out


def test_quit_ends_a_script(run: Run) -> None:
    done = run("chat", "--page", "town", stdin="/quit\nHow long was the ferry?\n")
    assert done.status == 0
    assert done.out == "> /quit\n"


def test_switching_pages_begins_another_conversation(run: Run, data: Path) -> None:
    script = (
        "How many times a day does the bus run?\n/page secure-communities\n"
        "Who is Eva Millona?\n/page all\n/page nowhere\n"
    )
    done = run("chat", "--page", "town", stdin=script)
    assert "a new conversation; " in done.out
    assert "all pages: " in done.out
    assert "no page 'nowhere' is indexed" in done.err
    with SessionStore(data) as store:
        assert {s.page for s in store.recent()} == {"town", "secure-communities"}


@pytest.mark.parametrize("suffix", [".md", ".json", ".html"])
def test_an_export_verifies_and_only_exports_are_replaced(
    run: Run, tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"talk{suffix}"
    script = f"How many times a day does the bus run?\n/export {file}\nHow many comments?\n"
    assert run("chat", "--page", "town", stdin=f"{script}/export {file}\n").status == 0
    assert len(read_transcript(file.read_text(encoding="utf-8"))) == 2
    verified = run("verify", str(file))
    assert verified.status == 0, verified.out + verified.err
    file.write_text("my own notes", encoding="utf-8")
    done = run("sessions", "export", "latest", str(file))
    assert done.status == 2
    assert "not an export" in done.err
    assert file.read_text(encoding="utf-8") == "my own notes"


def test_sessions_resume_show_search_delete(run: Run) -> None:
    run("chat", "--page", "town", stdin="How many times a day does the bus run?\n")
    listed = run("sessions", "list")
    assert "How many times a day does the bus run?" in listed.out
    session_id = listed.out.splitlines()[1].split()[0]
    resumed = run("chat", "--resume", session_id, stdin="/sources\nHow long was the ferry?\n")
    assert resumed.status == 0, resumed.err
    assert " 1  ¶" in resumed.out
    shown = run("sessions", "show", session_id)
    assert shown.out.count("> ") == 2
    assert "town, begun " in shown.out
    assert run("sessions", "export", session_id).out.startswith("# How many times a day")
    found = run("sessions", "search", "ferry", "long")
    assert f"{session_id} turn 2" in found.out
    assert "no saved turn holds" in run("sessions", "search", "zebra").out
    missing = run("sessions", "delete", session_id, "nothing")
    assert missing.status == 1
    assert session_id in run("sessions", "list").out
    assert run("sessions", "delete", session_id).out == f"deleted {session_id}\n"
    assert "no saved session yet" in run("sessions", "list").out


def test_a_session_whose_page_went_is_not_resumed(run: Run) -> None:
    run("chat", "--page", "town", stdin="How many times a day does the bus run?\n")
    assert run("forget", "town").status == 0
    done = run("chat", "--resume", "latest", stdin="And then?\n")
    assert done.status == 1
    assert "not indexed any more" in done.err
    assert "(not in the index any more)" in run("sessions", "show").out


def test_a_damaged_session_file_costs_saving_not_talking(run: Run, data: Path) -> None:
    (data / "sessions.sqlite3").write_bytes(b"no database" * 1000)
    done = run("chat", "--page", "town", stdin="How many times a day does the bus run?\n")
    assert done.status == 0
    assert "12 times a day" in done.out
    assert "not saved: " in done.out
    resumed = run("chat", "--resume", "latest")
    assert resumed.status == 1
    assert "damaged" in resumed.err


def _process(data: Path, *arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {"ASKBOT_HOME": str(data), "PATH": "/usr/bin:/bin", **more.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "askbot", *arguments],
        env=environment,
        capture_output=True,
        check=False,
        **more,
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_locales_that_lack_our_signs(data: Path, encoding: str) -> None:
    env = {"PYTHONIOENCODING": encoding}
    done = _process(data, "show", "town", env=env)
    assert done.returncode == 0, done.stderr
    out = done.stdout.decode(encoding)
    assert ("p4  The ferry" if encoding == "ascii" else "¶4  The ferry") in out
    assert "`- #1.1 Ruth Bell" in out
    assert "Tim O'Dea" in out
    line = _process(data, "ask", "--json", "Who is Tim O’Dea?", "--page", "town", env=env).stdout
    assert json.loads(line.decode(encoding))["question"] == "Who is Tim O’Dea?"


def test_a_reader_that_leaves_early_is_no_error(data: Path) -> None:
    command = f"{sys.executable} -m askbot show town | head -n 1; echo ${{PIPESTATUS[0]}} >&2"
    script = f"{sys.executable} -m askbot ask - --page town | true"
    for shell in (command, f"yes 'How long was the ferry?' | head -n 300 | {script}"):
        done = subprocess.run(
            ["bash", "-c", shell],
            env={"ASKBOT_HOME": str(data), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert "Traceback" not in done.stderr
        assert "error" not in done.stderr.lower()


def test_help_imports_nothing_that_is_slow() -> None:
    code = (
        "import sys; from askbot.cli import run; run(['--help']);"
        "print('\\n' + ' '.join(sorted({m.split('.')[0] for m in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    slow = {"rich", "prompt_toolkit", "numpy", "torch", "onnxruntime", "chromadb", "pydantic"}
    assert not loaded & slow
