"""`askbot verify`: every citation of a saved file against the indexed source again."""

from __future__ import annotations

import sys
from pathlib import Path

from askbot.cli.context import Options, open_bot
from askbot.cli.output import show
from askbot.errors import AskbotError, NotFound, SessionError, SourceError

LARGEST = 500_000_000
"""Bytes of a file that is read; a run of ten thousand questions is a tenth of it."""


class VerificationError(AskbotError):
    """Something in a saved file does not hold against the indexed source."""


def verify_command(options: Options, file: str) -> None:
    """Check a file and report what fails.

    Raises:
        NotFound, SourceError, SessionError: it cannot be read, or holds no answers.
        VerificationError: a citation fails.
    """
    from rich.text import Text

    from askbot.cli.labels import label, looks_like_id
    from askbot.cli.layout import Hanging
    from askbot.cli.safe import one_line, shortened
    from askbot.conversation.transcript import read_transcript

    answers = read_transcript(_read(file))
    bot = open_bot(options.settings())
    citations = failing = failed = 0
    for number, answer in enumerate(answers, 1):
        citations += len(answer.citations)
        try:
            failures = bot.verify(answer)
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            raise SessionError(
                f"answer {number} in {file} is not as askbot saved it ({error}); "
                "ask the question again"
            ) from None
        if not failures:
            continue
        failing += 1
        failed += len(failures)
        show(Hanging(Text(shortened(answer.question, 200), "bold"), f"{number}. "))
        for failure in failures:
            name = label(failure.id) if looks_like_id(failure.id) else failure.id
            quote = f"“{shortened(failure.quote, 80)}” " if failure.quote else ""
            what = f"{one_line(name)} {quote}".strip()
            show(Hanging(Text(f"{what}: {one_line(failure.reason)}"), Text("  fails: ", "red")))
    checked = f"{_many(len(answers), 'answer')} with {_many(citations, 'citation')}"
    if failing:
        raise VerificationError(
            f"{_many(failed, 'check')} failed in {failing} of {checked}; ask those questions again"
        )
    show(Hanging(Text(f"{checked}: everything verifies")))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _read(file: str) -> str:
    if file == "-":
        data = sys.stdin.buffer.read(LARGEST + 1)
    else:
        path = Path(file).expanduser()
        if path.is_dir():
            path = path / "predictions.jsonl"
        try:
            with path.open("rb") as stream:
                data = stream.read(LARGEST + 1)
        except FileNotFoundError:
            raise NotFound(f"there is no {path}; give a saved answer, run or session") from None
        except OSError as error:
            raise SourceError(f"{path} cannot be read ({error.strerror}); give a file") from None
    if len(data) > LARGEST:
        raise SourceError(f"{file} is larger than {LARGEST // 1_000_000} MB; give a part of it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{file} is not UTF-8 text (byte {error.start}); give a saved answer, run or session"
        ) from None
