"""`askbot ask`: one question, or one a line from a pipe, all by one warm bot."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from askbot.cli.context import Options, manner, open_bot
from askbot.cli.output import is_terminal, show, speaks_unicode
from askbot.errors import AskbotError, UsageError

if TYPE_CHECKING:
    from typing import BinaryIO

    from askbot.answers import Answer
    from askbot.bot import Bot

LONGEST_LINE = 100_000
"""Bytes of a question; more is no question but a wrong file."""


def ask_command(options: Options, words: Sequence[str], *, as_json: bool, page: str | None) -> None:
    """Answer, print and flush each question as it comes.

    Raises:
        UsageError: there is no question; AskbotError: whatever the bot raises.
    """
    question = " ".join(words)
    if question and question != "-":
        if not question.strip():
            raise UsageError("the question is empty; ask something about the page")
        bot = open_bot(options.settings())
        _print(bot.ask(question, page=page), bot, page, options, as_json)
        return
    if not question and is_terminal(sys.stdin):
        raise UsageError('give a question, as in `askbot ask "Who is quoted?"`, or pipe one a line')
    several = False
    bot = open_bot(options.settings())
    for number, line in lines_of(sys.stdin.buffer):
        try:
            answer = bot.ask(line, page=page)
        except UsageError as error:
            raise UsageError(f"line {number}: {error}") from None
        if several and not as_json:
            print()
        if not as_json:
            _heading(line)
        _print(answer, bot, page, options, as_json)
        several = True
    if not several:
        raise UsageError("there was no question in the input; write one a line")


def lines_of(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """(line number, question) of the lines that are not blank.

    Raises:
        AskbotError: a line is not UTF-8 text or much too long; those before it were given out.
    """
    for number in range(1, sys.maxsize):
        raw = stream.readline(LONGEST_LINE + 1)
        if not raw:
            return
        if len(raw) > LONGEST_LINE:
            raise AskbotError(
                f"line {number} of the input is longer than {LONGEST_LINE} bytes; "
                "write one question a line"
            )
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError:
            raise AskbotError(
                f"line {number} of the input is not UTF-8 text; save it as UTF-8"
            ) from None
        if line:
            yield number, line


def _heading(question: str) -> None:
    from rich.text import Text

    from askbot.cli.layout import Hanging
    from askbot.cli.safe import one_line

    show(Hanging(Text(one_line(question), "bold"), Text("> ", "dim")))


def _print(answer: Answer, bot: Bot, page: str | None, options: Options, as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer.to_json(), ensure_ascii=not speaks_unicode(sys.stdout)), flush=True)
        return
    from askbot.cli.render import answer_lines

    show(*answer_lines(answer, lambda slug: bot.page(slug or page), manner(options)))
