"""Which form a question set is in, told by its content and never by its name, and reading it.

Our own JSON lines, SQuAD, BEIR folders, ragas columns and Inspect samples. A record that cannot be
read is named by its place and reason, and everything else is kept.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from askbot.errors import QuestionSetError
from askbot.evaluation.sets import beir, inspect_samples, ragas, squad
from askbot.evaluation.sets.loaded import Form, Loaded, Reading
from askbot.evaluation.sets.questions import (
    Gathered,
    QuestionSet,
    numbered_lines,
    parse_lines,
    read_text,
)
from askbot.evaluation.sets.records import BadRecord, json_object
from askbot.evaluation.sets.squad import PageOf

_LOOKED_AT = 50
"""Lines whose form is told; a bad one at the top must not decide for the rest."""

_OURS = frozenset(
    ("answers", "all_answers", "evidence", "all_evidence", "answerable", "turns", "tags")
)
_SQUAD = re.compile(
    r'\{\s*(?:"(?!question"|user_input"|input"|turns")[\w-]+"\s*:\s*(?:"[^"]*"|[\d.]+|null)\s*,\s*)*'
    r'"data"\s*:\s*\['
)
"""How a SQuAD document begins. Told without parsing, so that a damaged one is named as such."""


def load_questions(path: Path, *, page_of: PageOf = "paragraph") -> Loaded:
    """Read a question set in any of the forms.

    Args:
        page_of: what of a SQuAD set becomes a page.

    Raises:
        NotFound: there is nothing at this path.
        QuestionSetError: it cannot be read, or not one question of it can; the message names the
            first fault.
    """
    if path.is_dir():
        return _loaded("beir", beir.read(path), str(path))
    return parse_any(read_text(path), page_of=page_of, name=str(path))


def parse_any(text: str, *, page_of: PageOf = "paragraph", name: str = "question set") -> Loaded:
    """Read a question set in any form but BEIR's from its text; `name` goes into messages.

    Raises:
        QuestionSetError: as `load_questions`.
    """
    if ragas.delimiter_of(text) is not None:
        return _loaded("ragas", ragas.read_csv(text, origin=name), name)
    head = text.lstrip()[:1]
    if head == "{" and _SQUAD.match(text.lstrip()[:10_000]):
        document = _document(text, name)
        return _loaded("squad", squad.read(document, page_of=page_of, origin=name), name)
    if head == "[" and not _has_object_lines(text):
        return _list(text, name)
    form = _form_of_lines(text, name)
    match form:
        case "ragas":
            return _loaded(form, ragas.read_lines(text, origin=name), name)
        case "inspect":
            return _loaded(form, inspect_samples.read_lines(text), name)
        case _:
            return _loaded("askbot", parse_lines(text), name)


def form_of(record: Mapping[str, Any]) -> Form | None:
    """The form that one record is in; None if it could be in none of those with records."""
    if record.keys() & _OURS:
        return "askbot"
    if "input" in record:
        return "inspect"
    if record.keys() & set(ragas.ASKED) and record.keys() & ragas.COLUMNS:
        return "ragas"
    return "askbot" if "question" in record else None


def _form_of_lines(text: str, name: str) -> Form:
    """The form that most of the first lines are in; our own where none can be told."""
    forms: Counter[Form] = Counter()
    for _, line in islice(numbered_lines(text), _LOOKED_AT):
        try:
            record = json_object(line)
        except BadRecord:
            continue
        form = form_of(record)
        if form is not None:
            forms[form] += 1
        elif "_id" in record and "text" in record:
            raise QuestionSetError(
                f"{name} is a part of a BEIR set; give the folder that holds {beir.CORPUS}, "
                f"{beir.QUERIES} and {beir.QRELS}"
            )
    return forms.most_common(1)[0][0] if forms else "askbot"


def _has_object_lines(text: str) -> bool:
    """Whether lines are objects of their own, so that a stray "[" at the top is one bad line."""
    for _, line in islice(numbered_lines(text), _LOOKED_AT):
        with suppress(BadRecord):
            json_object(line)
            return True
    return False


def _list(text: str, name: str) -> Loaded:
    records = _document(text, name)
    first = next((r for r in records if isinstance(r, Mapping)), {})
    forms = Counter(f for r in records if isinstance(r, Mapping) and (f := form_of(r)))
    match forms.most_common(1)[0][0] if forms else None:
        case "ragas":
            return _loaded("ragas", ragas.read_records(records, origin=name), name)
        case "inspect":
            return _loaded("inspect", inspect_samples.read_records(records), name)
    keys = ", ".join(f'"{key}"' for key in islice(first, 4)) or "no objects"
    raise QuestionSetError(
        f"{name} is a JSON list of neither Inspect samples nor ragas rows (it has {keys}); write "
        "askbot's own form as one JSON object a line"
    )


def _document(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise QuestionSetError(
            f"{name}, line {error.lineno}: not JSON ({error.msg} at column {error.colno}); "
            "mend it or fetch it again"
        ) from None
    except (RecursionError, ValueError):
        raise QuestionSetError(
            f"{name}: nested too deeply, or with a number of thousands of digits; check the file"
        ) from None


def _loaded(form: Form, read: Gathered, name: str) -> Loaded:
    if not read.entries:
        if read.faults:
            raise QuestionSetError(f"{name}, {read.faults[0]}")
        raise QuestionSetError(f"{name} has no questions: write one JSON object a line")
    more = read if isinstance(read, Reading) else Reading()
    return Loaded(
        form=form,
        questions=QuestionSet(tuple(read.entries)),
        pages=tuple(more.pages),
        faults=tuple(read.faults),
        notes=tuple(more.notes),
        places=MappingProxyType(read.places),
    )
