"""Whole chats through a pseudo-terminal, as a person types them."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from askbot.conversation.store import SessionStore

pexpect = pytest.importorskip("pexpect")

ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[()][A-Z0-9]|[=>78])")
FERRY = "How many times a day does the bus run?"
CTRL_C, CTRL_D, ESCAPE_ENTER = "\x03", "\x04", "\x1b\r"

Start = Callable[..., "Terminal"]


def _visible(raw: str) -> tuple[str, Sequence[int]]:
    """What is printed without escapes, and for each character where it ends in `raw`."""
    text, ends, position = "", [], 0
    for start, end in [*(m.span() for m in ESCAPES.finditer(raw)), (len(raw), len(raw))]:
        text += raw[position:start]
        ends += range(position + 1, start + 1)
        position = end
    return text, ends


class Terminal:
    """A chat in a pseudo-terminal of 80 columns."""

    def __init__(self, data: Path, *arguments: str, term: str, **environment: str) -> None:
        env = {
            "ASKBOT_HOME": str(data), "ASKBOT_CONFIG": os.devnull, "PATH": "/usr/bin:/bin",
            "TERM": term, "LC_ALL": "C.UTF-8", "PROMPT_TOOLKIT_NO_CPR": "1", **environment,
        }  # fmt: skip
        self.child = pexpect.spawn(
            sys.executable, ["-m", "askbot", "chat", *arguments],
            env=env, dimensions=(30, 80), encoding="utf-8", timeout=20,
        )  # fmt: skip
        self.seen = ""
        self._unread = ""

    def expect(self, text: str, *, raw: bool = False) -> str:
        """Wait until `text` is printed; what came up to it, without escapes unless `raw`."""
        until = time.monotonic() + 30
        while True:
            whole = (self._unread, range(1, len(self._unread) + 1))
            printed, ends = whole if raw else _visible(self._unread)
            at = printed.find(text)
            if at >= 0:
                self._unread = self._unread[ends[at + len(text) - 1] :]
                return printed[: at + len(text)]
            assert time.monotonic() < until, f"{text!r} did not come; there was {printed!r}"
            chunk = self.child.read_nonblocking(4096, timeout=30)
            self.seen += chunk
            self._unread += chunk

    def ready(self) -> str:
        """Wait for the prompt: prompt_toolkit then switches bracketed paste on."""
        return self.expect("\x1b[?2004h", raw=True)

    def type(self, text: str) -> None:
        self.child.send(text)

    def slowly(self, *keys: str) -> None:
        """Type with pauses: completion runs while a person types."""
        for key in keys:
            time.sleep(0.5)
            self.type(key)

    def line(self, text: str) -> None:
        self.type(f"{text}\r")

    def ends(self) -> int:
        self.child.expect(pexpect.EOF)
        self.seen += self.child.before
        self.child.wait()  # the terminal is let go before the process has ended: no SIGHUP for it
        self.child.close()
        status, signal = self.child.exitstatus, self.child.signalstatus
        return int(status if status is not None else -(signal or 1))


@pytest.fixture
def start(data: Path) -> Iterator[Start]:
    running: list[Terminal] = []

    def begin(*arguments: str, term: str = "xterm-256color", **environment: str) -> Terminal:
        terminal = Terminal(data, *arguments, term=term, **environment)
        running.append(terminal)
        return terminal

    yield begin
    for terminal in running:
        terminal.child.close(force=True)


def test_ask_look_around_and_leave(start: Start, data: Path) -> None:
    chat = start("--page", "town")
    chat.expect("/help lists what else there is.")
    chat.ready()
    chat.line(FERRY)
    chat.expect("confidence ")
    chat.line("/sources 1")
    assert "The ferry will be replaced" in chat.expect("12 times a day")
    chat.line("/thread c1")
    chat.expect("└─ #1.1.1 oldsalt")
    chat.line("/soruces")
    chat.expect("did you mean /sources?")
    chat.type(CTRL_D)
    chat.expect("`askbot chat --resume ")
    assert chat.ends() == 0
    with SessionStore(data) as store:
        assert [t.question for t in store.load("latest").turns] == [FERRY]


def test_resume_shows_the_last_turns_and_goes_on(start: Start, data: Path) -> None:
    first = start("--page", "town")
    first.ready()
    first.line(FERRY)
    first.expect("confidence ")
    first.line("/quit")
    assert first.ends() == 0
    again = start("--resume", "latest")
    assert FERRY in again.expect("12 times a day")
    again.ready()
    again.line("How long was the ferry?")
    again.expect("confidence ")
    again.type(CTRL_D)
    assert again.ends() == 0
    with SessionStore(data) as store:
        (summary,) = store.recent()
    assert summary.turns == 2


def test_ctrl_c_gives_up_the_line_and_nothing_else(start: Start) -> None:
    chat = start("--page", "town")
    chat.ready()
    chat.type("a question never sent")
    chat.expect("never sent")
    chat.type(CTRL_C)
    chat.ready()
    chat.line(FERRY)
    chat.expect("confidence ")
    chat.ready()
    chat.type(CTRL_C)
    chat.ready()
    chat.line("/sources")
    chat.expect("12 times a day")
    chat.type(CTRL_D)
    assert chat.ends() == 0


def test_several_lines_are_one_question(start: Start, data: Path) -> None:
    chat = start("--page", "town")
    chat.ready()
    chat.type("How many times a day")
    chat.type(ESCAPE_ENTER)
    chat.type("does the bus run?")
    chat.line("")
    chat.expect("12 times a day. [1")
    chat.expect("confidence ")
    chat.type("\x1b[200~What about\nthe ferry?\x1b[201~")
    chat.line("")
    chat.expect("confidence ")
    chat.type(CTRL_D)
    assert chat.ends() == 0
    with SessionStore(data) as store:
        asked = [t.question for t in store.load("latest").turns]
    assert asked == ["How many times a day\ndoes the bus run?", "What about\nthe ferry?"]


def test_completion_of_commands_names_and_ids(start: Start) -> None:
    chat = start("--page", "town")
    chat.ready()
    chat.type("/thr")
    chat.expect("the comments as a tree")
    chat.slowly("\t", " c1.1.")
    chat.expect("#1.1.1 oldsalt  Then say so.")
    chat.slowly("\t", "\r", "\r")  # the first may only take the completion
    chat.expect("→ #1.1.1 oldsalt")
    chat.ready()
    chat.type("What did tim o")
    chat.expect("commenter")
    chat.slowly("\t", " say?", "\r")
    chat.expect("50 minutes")
    chat.type(CTRL_D)
    assert chat.ends() == 0


def test_a_killed_chat_keeps_what_was_shown(start: Start, data: Path) -> None:
    chat = start("--page", "town")
    chat.ready()
    chat.line(FERRY)
    chat.expect("confidence ")
    chat.child.kill(signal.SIGKILL)
    chat.child.wait()
    with SessionStore(data) as store:
        (turn,) = store.load("latest").turns
    assert turn.question == FERRY


def test_history_is_kept_between_chats(start: Start, data: Path) -> None:
    for _ in range(2):
        chat = start("--page", "town")
        chat.ready()
        if _:
            chat.type("\x1b[A")
            chat.expect("/thread c4")
            chat.line("")
        else:
            chat.line("/thread c4")
        chat.expect("#4 jo")
        chat.type(CTRL_D)
        assert chat.ends() == 0
    assert (data / "chat-history").stat().st_mode & 0o077 == 0


def test_no_color_is_honoured(start: Start) -> None:
    chat = start("--page", "town", NO_COLOR="1")
    chat.ready()
    chat.line(FERRY)
    chat.expect("confidence ")
    chat.type(CTRL_D)
    assert chat.ends() == 0
    colours = re.findall(r"\x1b\[[0-9;]*m", chat.seen)
    parameters = {p for code in colours for p in code[2:-1].split(";")}
    assert not {p for p in parameters if p and 30 <= int(p) <= 49}


def test_a_dumb_terminal_gets_plain_lines(start: Start) -> None:
    chat = start("--page", "town", term="dumb")
    chat.expect("> ")
    chat.line(FERRY)
    chat.expect("confidence ")
    chat.expect("\n> ")
    chat.type(CTRL_C)
    chat.expect("\n> ")
    chat.line("/sources")
    chat.expect(" 1  ¶4  The ferry will be")
    chat.type(CTRL_D)
    assert chat.ends() == 0
    assert "\x1b" not in chat.seen


def test_an_answer_can_be_stopped(start: Start, tmp_path: Path) -> None:
    # A question that the bot cannot answer quickly: its first one, which loads the encoder.
    chat = start("--page", "town")
    chat.ready()
    chat.line(FERRY)
    chat.type(CTRL_C)
    printed = chat.ready()
    assert "(stopped)" in printed or "confidence " in printed  # it may be faster than we are
    chat.line("/thread c4")
    chat.expect("#4 jo")
    chat.type(CTRL_D)
    assert chat.ends() == 0


def test_narrow_terminals_do_not_wrap_badly(start: Start) -> None:
    chat = start("--page", "town")
    chat.child.setwinsize(30, 40)
    chat.ready()
    chat.line("/thread")
    chat.expect("#4 jo")
    chat.type(CTRL_D)
    assert chat.ends() == 0


def test_the_toolbar_names_page_and_session(start: Start) -> None:
    chat = start("--page", "town", PROMPT_TOOLKIT_NO_CPR="0")
    for expected in ("town · 6 comments · not begun · /help", "town · 6 comments · session "):
        chat.expect("\x1b[6n", raw=True)  # asks where the cursor is, to know how much room there is
        chat.type("\x1b[5;1R")
        chat.expect(expected)
        chat.line(FERRY)
        chat.expect("confidence ")
    chat.type(CTRL_D)
    assert chat.ends() == 0
