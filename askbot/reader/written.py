"""The project's own training questions: over pages with comments, and over known passages.

`pages.jsonl` holds pages (`{"page", "title", "parts": [{"id", "text", "author"?}]}`), each followed
by its questions (`{"page", "part", "q", "a", "also"?}`): `a` is verbatim in the part, or null where
the page does not say, and `part` is then what a careless reader would answer from.
`unanswerable.jsonl` holds questions that a passage of another set does not answer
(`{"id", "qs"}`): `id` is that of a question of the set whose passage is meant.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from askbot.errors import ReaderError
from askbot.passages import spoken_by
from askbot.reader.examples import Example

PAGES, UNANSWERABLE = "pages.jsonl", "unanswerable.jsonl"


def load_written_pages(path: Path) -> list[Example]:
    """Examples over written pages; those with no spans are unanswerable.

    Raises:
        ReaderError: the file is missing, or a line is not in the form above; its number is named.
    """
    pages: dict[str, dict[str, Any]] = {}
    titles: dict[str, str] = {}
    found: list[Example] = []
    for number, row in _rows(path):
        try:
            if "parts" in row:
                pages[row["page"]] = {part["id"]: part for part in row["parts"]}
                titles[row["page"]] = row["title"]
                continue
            parts = pages[row["page"]]
            part, question, answer = parts[row["part"]], row["q"], row["a"]
            at = part["text"].index(answer) if answer is not None else 0
        except (KeyError, TypeError, ValueError) as error:
            raise ReaderError(f"{path}, line {number} is not as expected: {error!r}") from error
        title, context = titles[row["page"]], titles[row["page"]]
        if "author" in part:
            above = parts.get(part["id"].rpartition(".")[0])
            context = spoken_by(part["author"], above and above["author"], title)
        spans = ((at, at + len(answer)),) if answer is not None else ()
        group = f"written/{row['page']}"
        found.append(
            Example(f"{row['page']}-{number}", question, part["text"], spans, group, context)
        )
    return found


def has_headline(page: str) -> bool:
    """Whether a written page shows its headline when something is fitted: half of them do not.

    Pages as readers bring them often have none; what is learnt has to hold for both.
    """
    return zlib.crc32(page.encode("utf-8")) % 16 >= 8


def load_unanswerable(path: Path, known: Sequence[Example]) -> list[Example]:
    """Unanswerable examples over passages of `known`; an id that is not there is passed over."""
    by_id = {example.id: example for example in known}
    return [
        Example(f"{row['id']}-{n}", question, base.passage, (), base.group, base.context)
        for _, row in _rows(path)
        if (base := by_id.get(row["id"]))
        for n, question in enumerate(row["qs"])
    ]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ReaderError(f"cannot read {path}: {error.strerror}; check the path") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise ReaderError(f"{path}, line {number} is not JSON: {error}") from error
