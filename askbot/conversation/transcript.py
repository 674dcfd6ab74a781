"""Answers inside saved files: written into a transcript so that `askbot verify` can read them back.

A Markdown or HTML transcript carries its answers once more as JSON in an HTML comment. "<", ">"
and "--" are written as JSON escapes there, so nothing that a page says can end the comment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from askbot.answers import Answer
from askbot.errors import SessionError

FORM = "askbot-answers 1"
_BLOCK = re.compile(rf"<!-- {FORM}\n(.*?)\n?-->", re.DOTALL)


def answers_block(answers: Iterable[Answer]) -> str:
    """The comment that holds the answers, one JSON object a line."""
    lines = [json.dumps(answer.to_json(), ensure_ascii=False) for answer in answers]
    safe = "\n".join(lines).replace("<", "\\u003c").replace(">", "\\u003e")
    safe = safe.replace("--", "-\\u002d")
    return f"<!-- {FORM}\n{safe}\n-->"


def read_transcript(text: str) -> list[Answer]:
    """The answers in a transcript, a saved answer or a run, in order.

    Reads exported sessions (JSON, Markdown, HTML), one or more `askbot ask --json` objects (one a
    line, or a JSON list), and the `predictions.jsonl` of a run.

    Raises:
        SessionError: it is none of these.
    """
    block = _BLOCK.search(text)
    try:
        if block:
            return [Answer.from_json(json.loads(line)) for line in block[1].split("\n") if line]
        return [Answer.from_json(record) for record in _records(_values(text))]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SessionError(
            "no answers to check in it: give a file written by `askbot ask --json`, "
            f"`askbot sessions export` or `askbot eval` ({_reason(error)})"
        ) from None


def _values(text: str) -> list[Any]:
    text = text.lstrip("\ufeff").strip()
    if not text:
        raise ValueError("it is empty")
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.split("\n") if line.strip()]


def _records(values: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Answer objects, however deep the file's own form wraps them."""
    for value in values:
        if isinstance(value, list):
            yield from _records(value)
        elif not isinstance(value, dict):
            raise ValueError(f"{str(value)[:40]!r} is not an answer")
        elif isinstance(value.get("turns"), list):
            yield from _records(value["turns"])
        elif isinstance(value.get("sessions"), list):
            yield from _records(value["sessions"])
        elif isinstance(value.get("answer"), dict):
            yield value["answer"]
        elif isinstance(value.get("prediction"), dict):
            yield value["prediction"]
        else:
            yield value


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}: not JSON"
    if isinstance(error, KeyError):
        return f"no {error} in it"
    return str(error)
