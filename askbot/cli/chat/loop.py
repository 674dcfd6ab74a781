"""The chat's loop: read a line, answer it, go on whatever happens."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.text import Text

from askbot.cli import complain
from askbot.cli.asking import lines_of
from askbot.cli.chat.commands import Quit, answer_of, run_command
from askbot.cli.chat.conversation import Conversation
from askbot.cli.chat.preview import watched
from askbot.cli.context import Options, manner
from askbot.cli.layout import Hanging
from askbot.cli.leaving import broke_off
from askbot.cli.output import is_dumb, is_terminal, show
from askbot.cli.passages import page_heading
from askbot.cli.render import Manner, answer_text
from askbot.cli.safe import neutral, one_line
from askbot.errors import AskbotError

if TYPE_CHECKING:
    from askbot.cli.layout import Hanging as Line

SHOWN_AGAIN = 3
"""Turns shown when a session is resumed."""


class ScriptError(AskbotError):
    """A line of a script could not be answered."""


def chat_on_terminal(conversation: Conversation, options: Options) -> None:
    """Talk with a person until /quit or Ctrl-D."""
    how = replace(manner(options), more="/sources lists them")
    show(*_welcome(conversation))
    read: Callable[[], str]
    if is_dumb() or not is_terminal(sys.stdout):
        read = _read_plainly
    else:
        from askbot.cli.chat.prompt import Prompt

        read = Prompt(conversation).read
    while True:
        try:
            line = read().strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            break
        if line and not _answered(conversation, line, how):
            break
    if conversation.session_id:
        name = conversation.session_id
        show(Hanging(Text(f"saved; `askbot chat --resume {name}` goes on with it", "dim")))


def chat_script(conversation: Conversation, options: Options) -> None:
    """Answer the lines of stdin as one conversation and print a plain transcript.

    Raises:
        ScriptError: a line could not be answered; those behind it were all the same.
    """
    how = replace(manner(options), more="/sources lists them")
    failed = 0
    for number, line in lines_of(sys.stdin.buffer):
        show(Hanging(Text(one_line(line), "bold"), Text("> ", "dim")))
        try:
            lines = _response(conversation, line, how)
        except Quit:
            break
        except AskbotError as error:
            failed += 1
            complain(f"line {number}: {error}")
            continue
        show(*lines, Text())
    if failed:
        raise ScriptError(f"{failed} of the lines could not be answered; see above")


def _answered(conversation: Conversation, line: str, how: Manner) -> bool:
    """Answer a person's line; False when they want to leave."""
    try:
        if line.startswith("/"):
            lines = _response(conversation, line, how)
        else:
            # Loading for the first question, or waiting for a chat model, takes noticeable time.
            slow = not conversation.turns or conversation.bot.settings.model is not None
            respond = _watched if slow else _response
            lines = respond(conversation, line, how)
        show(*lines, Text())
    except Quit:
        return False
    except KeyboardInterrupt:
        broke_off()
        show(Hanging(Text("(stopped)", "yellow")), Text())
    except AskbotError as error:
        show(Hanging(Text(one_line(str(error))), Text("! ", "red")), Text())
    except BrokenPipeError:
        raise
    except Exception as error:
        if os.environ.get("ASKBOT_DEBUG"):
            raise
        what = f"unexpected {type(error).__name__}: {error}; ASKBOT_DEBUG=1 shows the traceback"
        show(Hanging(Text(one_line(what)), Text("! ", "red")), Text())
    return True


def _watched(conversation: Conversation, line: str, how: Manner) -> list[Line]:
    with watched(conversation):
        return _response(conversation, line, how)


def _response(conversation: Conversation, line: str, how: Manner) -> list[Line]:
    if line.startswith("/"):
        return run_command(conversation, line, how)
    return answer_of(conversation, line, how)


def _welcome(conversation: Conversation) -> list[Line | Text]:
    """What is talked about, and the last turns of a resumed session."""
    entry = conversation.entry()
    lines: list[Line | Text] = []
    if entry is not None:
        lines.append(page_heading(entry))
    else:
        slugs = ", ".join(e.slug for e in conversation.bot.catalog())
        lines.append(Hanging(Text(f"all pages: {slugs}")))
    lines.append(Hanging(Text("Ask a question; /help lists what else there is.", "dim")))
    if conversation.problem:
        what = f"this conversation is not saved: {one_line(conversation.problem)}"
        lines.append(Hanging(Text(what, "yellow")))
    if conversation.turns:
        shown = conversation.turns[-SHOWN_AGAIN:]
        hidden = len(conversation.turns) - len(shown)
        what = f"session {conversation.session_id}, {len(conversation.turns)} turns"
        lines.append(Hanging(Text(what + (f", the last {len(shown)}:" if hidden else ":"), "dim")))
        for turn in shown:
            lines.append(Text())
            lines.append(Hanging(Text(neutral(turn.question), "bold"), Text("> ", "dim")))
            lines += answer_text(turn.answer)
    lines.append(Text())
    return lines


def _read_plainly() -> str:
    """A line without any editing of ours, for terminals that understand no escape sequences."""
    stream = sys.stdout if is_terminal(sys.stdout) else sys.stderr
    stream.write("> ")
    stream.flush()
    try:
        raw = sys.stdin.buffer.readline()
    except KeyboardInterrupt:
        stream.write("\n")
        raise
    if not raw:
        stream.write("\n")
        raise EOFError
    return raw.decode("utf-8", "replace")
