"""What a conversation has talked about: candidates for a reference, with what ranks them.

Salience follows centering (Grosz, Joshi & Weinstein 1995): what the last question was about comes
before what its answer brought up, and that before what was merely cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from askbot.conversation import lexicon as lx
from askbot.conversation.names import Names
from askbot.conversation.phrases import Phrase, Sort, phrases, phrases_of, words_of
from askbot.conversation.tokens import tokenize
from askbot.conversation.turns import Turn, numbered_sources
from askbot.discussion import Page
from askbot.markers import strip_markers

_DATELINE = re.compile(
    r"\W*[A-Z][A-Z.’' -]{2,30}(?:, [\w. ]{2,20})?(?: \([^()]{2,30}\))? ?[—–-]+ (?=\S)"
)
LOOK_BACK = 6
"""Turns that are looked at; older ones are out of mind."""
SHORT = 12
"""Words of an answer up to which it names what it is about, rather than tells about it."""


@dataclass
class Candidate:
    """Something that was talked about, and the features of its mentions.

    Attributes:
        text: how to call it in a completed question.
        features: by name; see `FEATURES`.
        ids: citations that it stands for (the comments of a commenter in a thread answer).
    """

    text: str
    head: str
    sort: Sort
    plural: bool
    gender: str
    name: bool
    author: bool
    key: frozenset[str]
    features: dict[str, float] = field(default_factory=dict)
    ids: tuple[str, ...] = ()

    def add(self, feature: str, value: float = 1.0) -> None:
        self.features[feature] = max(self.features.get(feature, 0.0), value)


FEATURES = (
    "question", "question_first", "question_last", "question_about", "older_question",
    "short_answer", "answer", "answer_first", "older_answer", "cited_author", "quote", "title",
    "name", "author", "again", "length", "fits", "doubtful", "asked", "gender",
)  # fmt: skip


def candidates(turns: Sequence[Turn], page: Page, names: Names) -> list[Candidate]:
    """Everything that the last turns mention, merged by name, latest mention's form first."""
    by_key: dict[frozenset[str], Candidate] = {}
    for age, turn in enumerate(reversed(turns[-LOOK_BACK:])):
        for phrase, feature, ids in _mentions(turn, names):
            candidate = _merged(by_key, phrase, names)
            if candidate is None:
                continue
            decay = 0.75**age
            candidate.add(_aged(feature, age), decay if age else 1.0)
            if feature == "question":
                candidate.features["again"] = candidate.features.get("again", 0.0) + 0.25
            if ids and age == 0:
                candidate.ids = tuple(dict.fromkeys((*candidate.ids, *ids)))
            if age == 0:
                for extra in _position(turn, phrase, feature):
                    candidate.add(extra)
                if feature in ("short_answer", "answer_first", "cited_author") and _asks_who(turn):
                    candidate.add("asked", float(phrase.sort in ("person", "unknown")))
    _learn_genders(turns, by_key, names)
    for phrase in _title(page, names):
        candidate = _merged(by_key, phrase, names)
        if candidate is not None:
            candidate.add("title")
    found = list({id(c): c for c in by_key.values()}.values())
    for candidate in found:
        candidate.features["name"] = float(candidate.name)
        candidate.features["author"] = float(candidate.author)
        candidate.features["length"] = min(len(candidate.key), 6) / 6
    return found


def _learn_genders(
    turns: Sequence[Turn], by_key: dict[frozenset[str], Candidate], names: Names
) -> None:
    """Whom an earlier question called "she" cannot be "he" now."""
    for turn in turns[-LOOK_BACK:]:
        pronoun = next((t for t in tokenize(turn.question) if t.low in lx.PRONOUN_GENDER), None)
        if pronoun is None or turn.question == turn.answer.searched_for:
            continue
        meant = [p for p in phrases_of(turn.answer.searched_for, names) if p.start == pronoun.start]
        for phrase in meant:  # the first pronoun stands where its name was put
            known = by_key.get(phrase.key)
            if known is not None and phrase.name and phrase.sort in ("person", "unknown"):
                known.gender = known.gender or lx.PRONOUN_GENDER[pronoun.low]


def _aged(feature: str, age: int) -> str:
    if not age:
        return feature
    return "older_question" if feature == "question" else "older_answer"


def _mentions(turn: Turn, names: Names) -> Iterator[tuple[Phrase, str, tuple[str, ...]]]:
    answer = turn.answer
    for phrase in phrases_of(answer.searched_for, names):
        yield phrase, "question", ()
    if answer.abstained:
        return
    text = _told(_plain(answer.answer))
    short = answer.short_answer or (text if len(text.split()) <= SHORT else "")
    for phrase in phrases_of(short, names):
        yield phrase, "short_answer", ()
    for n, phrase in enumerate(phrases_of(text[:400], names)):
        yield phrase, "answer" if n else "answer_first", ()
    for source in numbered_sources(answer):
        if source.author:
            for phrase in phrases_of(source.author, names):
                if phrase.author:
                    ids = (source.id,) if answer.route != "content" else ()
                    yield phrase, "cited_author", ids
        if answer.route == "content":
            for citation in source.citations[:2]:
                for phrase in phrases_of(_told(citation.quote)[:300], names):
                    yield phrase, "quote", ()


def _title(page: Page, names: Names) -> list[Phrase]:
    """What a short title names (an encyclopedia's); a headline names nothing."""
    if not 0 < len(page.title.split()) <= 5:
        return []
    found = phrases("about " + page.title, names)
    return found[:1]


def _told(text: str) -> str:
    """A text without a dateline ("BOSTON (AP) — "): where a report was filed is not its subject."""
    dateline = _DATELINE.match(text)
    return text[dateline.end() :] if dateline else text


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    return strip_markers(text)


def _asks_who(turn: Turn) -> bool:
    words = [t.low for t in tokenize(turn.answer.searched_for)[:3]]
    return bool({"who", "whose", "whom"} & set(words)) or "anyone" in words or "anybody" in words


def _position(turn: Turn, phrase: Phrase, feature: str) -> Iterator[str]:
    if feature != "question":
        return
    question = turn.answer.searched_for
    tokens = tokenize(question)
    before = [t.low for t in tokens if t.end <= phrase.start]
    if not any(
        w not in lx.WH and w not in lx.AUX and w not in lx.DISCOURSE and w not in lx.DETERMINERS
        for w in before
    ):
        yield "question_first"
    if not any(t.is_word for t in tokens if t.start >= phrase.end):
        yield "question_last"
    if before and [w for w in before if w not in lx.DETERMINERS][-1:] in (
        ["about"],
        ["of"],
        ["on"],
        ["to"],
    ):
        yield "question_about"


def _merged(
    found: dict[frozenset[str], Candidate], phrase: Phrase, names: Names
) -> Candidate | None:
    """The candidate this phrase names already, else a new one; None if it names nothing."""
    key = phrase.key
    if phrase.text.split(" ", 1)[0].lower() in ("his", "her", "their", "its", "my", "our"):
        return None  # it would carry a pronoun into the question
    if not key or phrase.head in lx.BARREN:
        return None
    same = found.get(key)
    if same is None and phrase.name:
        same = next((c for c in found.values() if _part_of_name(c, phrase, key)), None)
    if same is not None:
        known = same.sort == "person" and same.head in names.full
        if len(key) > len(same.key) and not same.author and not known:
            same.text, same.key, same.head = phrase.text, key, phrase.head
            same.gender = same.gender or phrase.gender
        found.setdefault(key, same)
        return same
    text = phrase.text
    if phrase.sort == "person" and phrase.name and not phrase.author and phrase.head in names.full:
        text = names.full[phrase.head]
    new = Candidate(
        text,
        phrase.head,
        phrase.sort,
        phrase.plural,
        phrase.gender,
        phrase.name,
        phrase.author,
        words_of(text),
    )
    found[key] = new
    found.setdefault(new.key, new)
    return new


def _part_of_name(candidate: Candidate, phrase: Phrase, key: frozenset[str]) -> bool:
    """Whether one is a part of the other's name: "Millona" and "Eva Millona"."""
    return (
        candidate.name
        and candidate.sort == phrase.sort
        and (candidate.key < key or key < candidate.key)
    )
