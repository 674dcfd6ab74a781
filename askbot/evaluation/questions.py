"""Question sets: JSON lines, each a question or a dialogue with its gold answers and evidence.

A question is `{"id", "question", "answers", "evidence", "answerable", "tags", "page"}`; a dialogue
is `{"id", "turns": [question, …], "tags", "page"}`, whose turns carry no id. `answers`: any one of
them suffices; `all_answers`: every one is needed. `evidence`: passages any of which supports the
answer; `all_evidence`: exactly these must be cited. `answerable: false`: the right answer is to
decline. Other keys are left for people's notes, unless they look like a misspelt one of these.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from askbot.discussion import PASSAGE_ID
from askbot.errors import NotFound, QuestionSetError

LATER_TURN = "later-turn"
"""Tag that every turn of a dialogue but its first gets, since only those depend on earlier ones."""

_ASK_KEYS = ("question", "answers", "all_answers", "evidence", "all_evidence", "answerable", "tags")
_ENTRY_KEYS = ("id", "page", "turns", *_ASK_KEYS)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class Ask:
    """One question as it is put to the bot, with what a right answer says and cites.

    Attributes:
        turn: 1 for a question that stands alone and for a dialogue's first, then 2, 3, …
        tags: those of its entry and its own.
    """

    question: str
    answers: tuple[str, ...] = ()
    all_answers: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    all_evidence: tuple[str, ...] = ()
    answerable: bool = True
    tags: tuple[str, ...] = ()
    turn: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a question set: one question, or a dialogue's turns in order."""

    id: str
    asks: tuple[Ask, ...]
    page: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The entries of a question set in file order."""

    entries: tuple[Entry, ...]

    def __len__(self) -> int:
        """Questions to ask, every turn of a dialogue counted."""
        return sum(len(entry.asks) for entry in self.entries)

    def __iter__(self) -> Iterator[tuple[Entry, Ask]]:
        for entry in self.entries:
            for ask in entry.asks:
                yield entry, ask

    @property
    def sha256(self) -> str:
        """Digest of what is asked and expected, whatever the file's layout and the page's slug."""
        asked = [asdict(replace(entry, page=None)) for entry in self.entries]
        content = json.dumps(asked, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def select(self, tags: Collection[str]) -> QuestionSet:
        """Only entries that carry all of these tags (a dialogue stays whole).

        Raises:
            QuestionSetError: there is no such entry.
        """
        kept = tuple(e for e in self.entries if any(set(tags) <= set(a.tags) for a in e.asks))
        if not kept:
            have = ", ".join(sorted({tag for _, ask in self for tag in ask.tags})) or "none"
            raise QuestionSetError(
                f"no question is tagged {' and '.join(sorted(tags))}; tags there are: {have}"
            )
        return QuestionSet(kept)


def read_questions(path: Path) -> QuestionSet:
    """Read a question set from a file.

    Raises:
        NotFound: there is no such file.
        QuestionSetError: it cannot be read or is not in the documented form; the message names
            the line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise NotFound(f"no question set at {path}: give the path of a JSONL file") from None
    except UnicodeDecodeError as error:
        raise QuestionSetError(
            f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8"
        ) from None
    except OSError as error:
        raise QuestionSetError(f"cannot read {path}: {error.strerror}; give a JSONL file") from None
    return parse_questions(text, name=str(path))


def parse_questions(text: str, *, name: str = "question set") -> QuestionSet:
    """Read a question set from its text; `name` goes into messages.

    Raises:
        QuestionSetError: it is not in the documented form; the message names the line.
    """
    entries: list[Entry] = []
    lines: dict[str, int] = {}
    # Not splitlines(): JSON strings may hold U+2028 and its like unescaped.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = _entry(_object(line))
            if entry.id in lines:
                raise _Fault(f'id "{entry.id}" is taken by line {lines[entry.id]}: ids are unique')
        except _Fault as fault:
            raise QuestionSetError(f"{name}, line {number}: {fault}") from None
        lines[entry.id] = number
        entries.append(entry)
    if not entries:
        raise QuestionSetError(f"{name} has no questions: write one JSON object a line")
    return QuestionSet(tuple(entries))


class _Fault(Exception):
    """What is wrong with one line."""


def _object(line: str) -> dict[str, Any]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) < len(pairs):
            raise _Fault("a key stands twice in one object: keep one of them")
        return record

    try:
        record = json.loads(line, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise _Fault(f"not JSON ({error.msg} at column {error.colno}): one object a line") from None
    except RecursionError:
        raise _Fault("nested too deeply: one flat object a line") from None
    if not isinstance(record, dict):
        raise _Fault('not a JSON object: write {"id": …, "question": …}')
    return record


def _entry(record: dict[str, Any]) -> Entry:
    _no_misspelt_keys(record, _ENTRY_KEYS)
    entry_id = _string(record, "id")
    page = _string(record, "page") if record.get("page") is not None else None
    if page is not None and not _SLUG.match(page):
        raise _Fault(f'page "{page}" is not a slug: lower-case letters, digits and hyphens')
    if "turns" not in record:
        return Entry(entry_id, (_ask(record, (), 1),), page)
    extra = [key for key in _ASK_KEYS if key in record and key != "tags"]
    if extra:
        raise _Fault(f'"{extra[0]}" beside "turns": write it inside the turn it belongs to')
    turns = record["turns"]
    if not isinstance(turns, list) or not turns:
        raise _Fault('"turns" must be a list of at least one question')
    shared = _strings(record, "tags")
    asks = []
    for number, turn in enumerate(turns, 1):
        if not isinstance(turn, dict):
            raise _Fault(f"turn {number} is not an object")
        try:
            _no_misspelt_keys(turn, _ASK_KEYS)
            asks.append(_ask(turn, shared, number))
        except _Fault as fault:
            raise _Fault(f"turn {number}: {fault}") from None
    return Entry(entry_id, tuple(asks), page)


def _ask(record: Mapping[str, Any], shared: tuple[str, ...], turn: int) -> Ask:
    answerable = record.get("answerable", True)
    if not isinstance(answerable, bool):
        raise _Fault('"answerable" must be true or false')
    ask = Ask(
        question=_string(record, "question"),
        answers=_strings(record, "answers"),
        all_answers=_strings(record, "all_answers"),
        evidence=_ids(record, "evidence"),
        all_evidence=_ids(record, "all_evidence"),
        answerable=answerable,
        tags=tuple(
            dict.fromkeys(
                (*shared, *_strings(record, "tags"), *((LATER_TURN,) if turn > 1 else ()))
            )
        ),
        turn=turn,
    )
    if not answerable and (ask.answers or ask.all_answers):
        raise _Fault('"answerable" is false but there are answers: drop one of the two')
    if answerable and not (ask.answers or ask.all_answers or ask.evidence or ask.all_evidence):
        raise _Fault('neither answers nor evidence: give some, or "answerable": false')
    return ask


def _no_misspelt_keys(record: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in record:
        if key in known:
            continue
        near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.8)
        if near:
            raise _Fault(f'unknown key "{key}": did you mean "{near[0]}"?')


def _string(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _Fault(f'"{key}" must be a string that is not empty')
    return value


def _strings(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = record.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise _Fault(f'"{key}" must be a list of strings that are not empty')
    return tuple(value)


def _ids(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    ids = _strings(record, key)
    for passage_id in ids:
        slug, _, local = passage_id.rpartition(":")
        if not PASSAGE_ID.match(local) or (slug and not _SLUG.match(slug)):
            raise _Fault(f'"{passage_id}" in "{key}" is not a passage id such as p4 or c16.1')
    return ids
