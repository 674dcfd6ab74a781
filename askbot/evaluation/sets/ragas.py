"""ragas data sets: a row a question, as CSV or JSON lines, under the old column names or the new.

Read are `question` or `user_input`; `ground_truth`, `ground_truths` or `reference` (a gold answer,
usually a sentence of somebody's own); `contexts`, `retrieved_contexts` and `reference_contexts`.
Every distinct context becomes a page of one paragraph and the questions go to all of them, because
a context does not say what it was cut from. Only `reference_contexts` are gold evidence: the others
are what some system retrieved. Its `answer` or `response` is not read.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
import tokenize
from ast import literal_eval
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from askbot.evaluation.sets.loaded import Reading, one_paragraph
from askbot.evaluation.sets.questions import numbered_lines
from askbot.evaluation.sets.records import BadRecord, Fault, json_object, mapping, string

ASKED = ("user_input", "question")
GOLD = ("reference", "ground_truth", "ground_truths")
EVIDENCE = "reference_contexts"
RETRIEVED = ("retrieved_contexts", "contexts")
COLUMNS = frozenset((*GOLD, EVIDENCE, *RETRIEVED))
"""What besides a question tells that a record is a row of ragas."""

_DELIMITERS = ",;\t"


def read_lines(text: str, *, origin: str) -> Reading:
    """Read rows that are JSON objects, one a line."""
    reader = _Rows(origin)
    for number, line in numbered_lines(text):
        where = f"line {number}"
        with reader.reading.at(where):
            reader.add(json_object(line), where)
    return reader.reading


def read_records(records: Sequence[Any], *, origin: str) -> Reading:
    """Read rows that are the objects of one JSON list."""
    reader = _Rows(origin)
    for number, record in enumerate(records):
        where = f"[{number}]"
        with reader.reading.at(where):
            reader.add(mapping(record), where)
    return reader.reading


def read_csv(text: str, *, origin: str) -> Reading:
    """Read rows of a table whose first line names the columns."""
    reader = _Rows(origin)
    delimiter = delimiter_of(text)
    with _any_size():
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or ",", strict=True)
        header = [name.strip() for name in next(rows)]
        while True:
            where = f"line {rows.line_num + 1}"
            try:
                cells = next(rows)
            except StopIteration:
                return reader.reading
            except csv.Error as error:
                # What follows cannot be told apart from what belongs to this row.
                reason = f"{error}: check its quotes; nothing behind it could be read"
                reader.reading.faults.append(Fault(where, reason))
                return reader.reading
            if not any(cell.strip() for cell in cells):
                continue
            with reader.reading.at(where):
                if len(cells) != len(header):
                    raise BadRecord(f"{len(cells)} cells under {len(header)} columns")
                record = dict(zip(header, cells, strict=True))
                reader.add({key: _cell(key, cell) for key, cell in record.items()}, where)


def delimiter_of(text: str) -> str | None:
    """What separates the cells of a table of ragas columns; None if its first line is no heading
    of such a table."""
    first = text.lstrip("\ufeff").partition("\n")[0].rstrip("\r")
    for delimiter in _DELIMITERS:
        with _any_size():
            try:
                names = {name.strip() for name in next(csv.reader([first], delimiter=delimiter))}
            except (csv.Error, StopIteration):
                continue
        if names & set(ASKED) and names & COLUMNS:
            return delimiter
    return None


@contextmanager
def _any_size() -> Iterator[None]:
    """Cells as long as they come; contexts outgrow the csv module's 128 KiB."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _cell(key: str, cell: str) -> Any:
    """A cell's value: a list where the column has lists, None where it is empty."""
    if not cell.strip():
        return None
    lists = key == EVIDENCE or key in RETRIEVED or key == "ground_truths"
    return list_in(cell) if lists else cell


def list_in(cell: str) -> list[str]:
    """The strings of a list as pandas, datasets and people write one into a cell.

    That is JSON (`["a", "b"]`), Python (`['a', 'b']`) or NumPy (`['a' 'b']`, without commas, which
    Python would join into one string). A cell that is no list is one text.

    Raises:
        BadRecord: it begins like a list and is none.
    """
    stripped = cell.strip()
    if not stripped.startswith("["):
        return [cell]
    try:
        value = json.loads(stripped)
    except (ValueError, RecursionError):
        value = _python_strings(stripped)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadRecord("a cell begins like a list but is not a list of strings")
    return value


def _python_strings(cell: str) -> list[str] | None:
    """The string literals of a list display; None if there is anything else in it."""
    found = []
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(cell).readline))
        for token in tokens:
            if token.type == tokenize.STRING and token.string[0] in "'\"":
                found.append(str(literal_eval(token.string)))
            elif token.type not in (tokenize.NEWLINE, tokenize.NL, tokenize.ENDMARKER) and (
                token.type != tokenize.OP or token.string not in ("[", "]", ",")
            ):
                return None
    except (tokenize.TokenError, SyntaxError, ValueError):
        return None
    return found


class _Rows:
    """Turns rows into entries, and each distinct context into a page."""

    def __init__(self, origin: str) -> None:
        self.reading = Reading()
        self._origin = origin
        self._slugs: dict[bytes, str] = {}

    def add(self, row: Mapping[str, Any], where: str) -> None:
        """Take in a row.

        Raises:
            BadRecord: it is not in the form.
        """
        asked = next((key for key in ASKED if row.get(key) is not None), None)
        if asked is None:
            raise BadRecord('no "question" or "user_input"')
        question = string(row, asked).strip()
        answers = _gold(row)
        gold = _texts(row, EVIDENCE)
        if not answers and not gold:
            raise BadRecord(
                'neither a "ground_truth" or "reference" nor "reference_contexts": there is '
                "nothing to score by"
            )
        evidence = [self._page(text) for text in gold]
        for key in RETRIEVED:
            for text in _texts(row, key):
                self._page(text)
        # Rows have no id of their own: their place keeps it the same from run to run.
        name = row.get("id")
        record = {
            "id": str(name) if isinstance(name, (str, int)) and str(name).strip() else where,
            "question": question,
            "answers": answers,
            "evidence": list(dict.fromkeys(f"{slug}:p1" for slug in evidence)),
        }
        self.reading.add(record, where)

    def _page(self, text: str) -> str:
        """The slug of the page of a context."""
        paragraph = one_paragraph(text)
        digest = hashlib.sha256(paragraph.encode("utf-8", "surrogatepass")).digest()
        if digest not in self._slugs:
            slug = self.reading.slug(f"context-{len(self._slugs) + 1}", "context")
            self.reading.page(slug, "", [paragraph], form="ragas", origin=self._origin)
            self._slugs[digest] = slug
        return self._slugs[digest]


def _gold(row: Mapping[str, Any]) -> list[str]:
    for key in GOLD:
        value = row.get(key)
        if value is None:
            continue
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in values):
            raise BadRecord(f'"{key}" must be a string or a list of strings')
        if kept := [item.strip() for item in values if item.strip()]:
            return kept
    return []


def _texts(row: Mapping[str, Any], key: str) -> list[str]:
    """The contexts of a column; empty ones say nothing and are left out."""
    value = row.get(key)
    values = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise BadRecord(f'"{key}" must be a list of strings')
    return [item for item in values if one_paragraph(item)]
