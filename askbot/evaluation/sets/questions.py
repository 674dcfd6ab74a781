"""Question sets: JSON lines, each a question or a dialogue with its gold answers and evidence.

A question is `{"id", "question", "answers", "evidence", "answerable", "tags", "page"}`; a dialogue
is `{"id", "turns": [question, …], "tags", "page"}`, whose turns carry no id. `answers`: any one of
them suffices; `all_answers`: every one is needed. `evidence`: passages any of which supports the
answer; `all_evidence`: exactly these must be cited. `answerable: false`: the right answer is to
decline. `route`: "content", "thread" (anything computed over the comments) or a route's own name.
`grades`: how relevant each passage of `evidence` is, `{"p4": 2}`, where it is known. Other keys are
left for people's notes, unless they look like a misspelt one of these.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from askbot.discussion import PASSAGE_ID
from askbot.errors import NotFound, QuestionSetError
from askbot.evaluation.sets.records import BadRecord, Fault, json_object, string, strings

LATER_TURN = "later-turn"
"""Tag that every turn of a dialogue but its first gets, since only those depend on earlier ones."""

_ASK_KEYS = (
    "question",
    "answers",
    "all_answers",
    "evidence",
    "all_evidence",
    "grades",
    "answerable",
    "route",
    "tags",
)
_ENTRY_KEYS = ("id", "page", "turns", *_ASK_KEYS)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class Ask:
    """One question as it is put to the bot, with what a right answer says and cites.

    Attributes:
        turn: 1 for a question that stands alone and for a dialogue's first, then 2, 3, …
        tags: those of its entry and its own.
        grades: (passage of `evidence`, how relevant it is) where people graded them.
        route: how it is to be answered, None where nobody said.
    """

    question: str
    answers: tuple[str, ...] = ()
    all_answers: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    all_evidence: tuple[str, ...] = ()
    answerable: bool = True
    tags: tuple[str, ...] = ()
    turn: int = 1
    grades: tuple[tuple[str, int], ...] = ()
    route: str | None = None


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
    return parse_questions(read_text(path), name=str(path))


def read_text(path: Path) -> str:
    """A file of a question set as text.

    Raises:
        NotFound: there is no such file; QuestionSetError: it cannot be read or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise NotFound(f"no question set at {path}: give the path of a JSONL file") from None
    except UnicodeDecodeError as error:
        raise QuestionSetError(
            f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8"
        ) from None
    except OSError as error:
        raise QuestionSetError(f"cannot read {path}: {error.strerror}; give a JSONL file") from None


def parse_questions(text: str, *, name: str = "question set") -> QuestionSet:
    """Read a question set from its text; `name` goes into messages.

    Raises:
        QuestionSetError: it is not in the documented form; the message names the line.
    """
    gathered = parse_lines(text)
    if gathered.faults:
        raise QuestionSetError(f"{name}, {gathered.faults[0]}")
    if not gathered.entries:
        raise QuestionSetError(f"{name} has no questions: write one JSON object a line")
    return QuestionSet(tuple(gathered.entries))


@dataclass(slots=True)
class Gathered:
    """What is being read: entries, where each stood, and what had to be left out.

    Attributes:
        places: by entry id, where it stands ("line 3").
    """

    entries: list[Entry] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @contextmanager
    def at(self, where: str) -> Iterator[None]:
        """Note a BadRecord raised inside under its place, and go on."""
        try:
            yield
        except BadRecord as fault:
            self.faults.append(Fault(where, str(fault)))

    def add(self, record: Mapping[str, Any], where: str) -> None:
        """Take in one record in our own form.

        Raises:
            BadRecord: it is not in that form, or its id is taken.
        """
        entry = entry_of(record)
        if entry.id in self.places:
            raise BadRecord(f'id "{entry.id}" is taken by {self.places[entry.id]}: ids are unique')
        self.places[entry.id] = where
        self.entries.append(entry)


def parse_lines(text: str) -> Gathered:
    """Read what can be read of our own form; the rest is named line by line."""
    gathered = Gathered()
    for number, line in numbered_lines(text):
        with gathered.at(f"line {number}"):
            gathered.add(json_object(line), f"line {number}")
    return gathered


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1.

    Not splitlines(): JSON strings may hold U+2028 and its like unescaped.
    """
    return ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())


def entry_of(record: Mapping[str, Any]) -> Entry:
    """The entry that a record in our own form is.

    Raises:
        BadRecord: it is not in that form.
    """
    _no_misspelt_keys(record, _ENTRY_KEYS)
    entry_id = string(record, "id")
    page = string(record, "page") if record.get("page") is not None else None
    if page is not None and not _SLUG.match(page):
        raise BadRecord(f'page "{page}" is not a slug: lower-case letters, digits and hyphens')
    if "turns" not in record:
        return Entry(entry_id, (_ask(record, (), 1),), page)
    extra = [key for key in _ASK_KEYS if key in record and key != "tags"]
    if extra:
        raise BadRecord(f'"{extra[0]}" beside "turns": write it inside the turn it belongs to')
    turns = record["turns"]
    if not isinstance(turns, list) or not turns:
        raise BadRecord('"turns" must be a list of at least one question')
    shared = strings(record, "tags")
    asks = []
    for number, turn in enumerate(turns, 1):
        if not isinstance(turn, dict):
            raise BadRecord(f"turn {number} is not an object")
        try:
            _no_misspelt_keys(turn, _ASK_KEYS)
            asks.append(_ask(turn, shared, number))
        except BadRecord as fault:
            raise BadRecord(f"turn {number}: {fault}") from None
    return Entry(entry_id, tuple(asks), page)


def _ask(record: Mapping[str, Any], shared: tuple[str, ...], turn: int) -> Ask:
    answerable = record.get("answerable", True)
    if not isinstance(answerable, bool):
        raise BadRecord('"answerable" must be true or false')
    ask = Ask(
        question=string(record, "question"),
        answers=strings(record, "answers"),
        all_answers=strings(record, "all_answers"),
        evidence=_ids(record, "evidence"),
        all_evidence=_ids(record, "all_evidence"),
        answerable=answerable,
        tags=tuple(
            dict.fromkeys((*shared, *strings(record, "tags"), *((LATER_TURN,) if turn > 1 else ())))
        ),
        turn=turn,
        grades=_grades(record),
        route=string(record, "route") if record.get("route") is not None else None,
    )
    if not answerable and (ask.answers or ask.all_answers):
        raise BadRecord('"answerable" is false but there are answers: drop one of the two')
    if answerable and not (ask.answers or ask.all_answers or ask.evidence or ask.all_evidence):
        raise BadRecord('neither answers nor evidence: give some, or "answerable": false')
    return ask


def _no_misspelt_keys(record: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in record:
        if key in known:
            continue
        near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.8)
        if near:
            raise BadRecord(f'unknown key "{key}": did you mean "{near[0]}"?')


def _grades(record: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    grades = record.get("grades", {})
    if not isinstance(grades, dict) or not all(
        isinstance(g, int) and not isinstance(g, bool) and g > 0 for g in grades.values()
    ):
        raise BadRecord('"grades" must be an object of passage ids and whole numbers above 0')
    strangers = [passage for passage in grades if passage not in _ids(record, "evidence")]
    if strangers:
        raise BadRecord(f'"{strangers[0]}" in "grades" is not in "evidence"')
    return tuple(grades.items())


def _ids(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    ids = strings(record, key)
    for passage_id in ids:
        slug, _, local = passage_id.rpartition(":")
        if not PASSAGE_ID.match(local) or (slug and not _SLUG.match(slug)):
            raise BadRecord(f'"{passage_id}" in "{key}" is not a passage id such as p4 or c16.1')
    return ids
