"""People of the last list: "the woman", "the niece" of those who replied, "and the other one?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.conversation import lexicon as lx
from askbot.conversation.names import Names, name_parts
from askbot.conversation.phrases import phrases
from askbot.conversation.turns import Turn, numbered_sources

LOOK_BACK = 3
SHORT = 7
"""Words of a question up to which "the woman" is somebody of the list and not of the page."""
MOST = 6
"""People in a list up to which one of them can be told apart by a word."""

_THE = re.compile(r"\bthe ([^\W\d_]+)(?=[’']|\W|$)", re.IGNORECASE)
_BY_ID = re.compile(r"\bcomment [\w:-]*c\d")
_OTHER = re.compile(
    r"\W*(?:and |what about |how about )*the (?:other|remaining)(?: one| person)?\W*$", re.I
)


def listed(turn: Turn, names: Names) -> list[str]:
    """The commenters that an answer about the thread lists, without those its question names."""
    if turn.answer.route == "content" or turn.answer.abstained:
        return []
    authors = list(dict.fromkeys(s.author for s in numbered_sources(turn.answer) if s.author))
    asked = {p.text for p in phrases(turn.answer.searched_for, names) if p.author}
    return [a for a in authors if a not in asked] or authors


def described_one(question: str, turns: Sequence[Turn], names: Names) -> str | None:
    """The question with "the woman" or "the niece" as the commenter of the last list who is one.

    A word of a nickname counts, or a noun that fits the gender of one of them and of no other.
    """
    if len(question.split()) > SHORT:
        return None
    people = listed(turns[-1], names)
    if not 1 < len(people) <= MOST:
        return None
    for match in _THE.finditer(question):
        noun = match[1].lower()
        chosen = _called(noun, people) or _of_gender(noun, people, names)
        if chosen is not None:
            return f"{question[: match.start()]}{chosen}{question[match.end() :]}"
    return None


def _called(noun: str, people: Sequence[str]) -> str | None:
    called = [a for a in people if noun in name_parts(a) and len(name_parts(a)) > 1]
    return called[0] if len(called) == 1 else None


def _of_gender(noun: str, people: Sequence[str], names: Names) -> str | None:
    gender = lx.PERSON_NOUNS.get(noun)
    if not gender:
        return None
    fitting = [a for a in people if names.gender(name_parts(a)) == gender]
    return fitting[0] if len(fitting) == 1 else None


def other_one(question: str, turns: Sequence[Turn], names: Names) -> str | None:
    """ "and the other one?": what was asked about one of the last list, about who is left of it."""
    if not _OTHER.match(question):
        return None
    for back in range(2, min(LOOK_BACK, len(turns)) + 1):
        people = listed(turns[-back], names)
        if not 2 <= len(people) <= MOST:
            continue
        since = [turn.answer.searched_for for turn in turns[1 - back :]]
        about = [p for text in since for p in phrases(text, names) if p.author]
        named = {p.text for p in about}
        left = [a for a in people if a not in named]
        last = next((p for p in phrases(since[-1], names) if p.text in people), None)
        if not left or last is None or _BY_ID.search(since[-1]):
            return None  # a comment that was asked for by its id is followed by the next one
        return f"{since[-1][: last.start]}{left[0]}{since[-1][last.end :]}"
    return None
