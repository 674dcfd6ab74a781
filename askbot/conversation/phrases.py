"""Noun phrases of a text: what a later "she", "they" or "it" can mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from askbot.conversation import lexicon as lx
from askbot.conversation.names import Names, name_parts
from askbot.conversation.tokens import Token, is_content, is_verb, tokenize

Sort = Literal["person", "thing", "place", "time", "unknown"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase at `text[start:end]` of where it was found.

    Attributes:
        text: the words, without a leading article for names.
        head: its folded head word.
        sort: what it names, as far as its words tell.
        plural: it can be "they" (a plural, or a body of people).
        gender: "f", "m" or "" where unknown or none.
        name: it is a proper name.
        author: the page has a commenter of this name.
    """

    text: str
    start: int
    end: int
    head: str
    sort: Sort
    plural: bool
    gender: str = ""
    name: bool = False
    author: bool = False

    @property
    def key(self) -> frozenset[str]:
        """Its words, to tell whether two phrases name the same."""
        return words_of(self.text)


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """The words of a phrase without articles, to tell whether two phrases name the same."""
    return frozenset(t.low for t in tokenize(text) if t.is_word and t.low not in lx.DETERMINERS)


@lru_cache(maxsize=512)
def phrases_of(text: str, names: Names) -> tuple[Phrase, ...]:
    """`phrases`, remembered: the same turns are read again at every question."""
    return tuple(phrases(text, names))


def phrases(text: str, names: Names, *, tokens: list[Token] | None = None) -> list[Phrase]:
    """The noun phrases of a text, in order; pronouns are none."""
    tokens = tokenize(text) if tokens is None else tokens
    found: list[Phrase] = []
    i = 0
    while i < len(tokens):
        author = names.author_at(tokens, i)
        if author:
            shown, j = author
            gender = names.gender(name_parts(shown))
            found.append(
                Phrase(
                    shown,
                    tokens[i].start,
                    tokens[j - 1].end,
                    tokens[j - 1].low,
                    "person",
                    False,
                    gender,
                    True,
                    True,
                )
            )
            if tokens[j - 1].owns and j < len(tokens) and is_content(tokens[j]):
                i = _owned(text, tokens, i, j, names, found)
            else:
                i = j
            continue
        if not _starts(tokens, i):
            i += 1
            continue
        j = _end(tokens, i, names)
        found.append(_phrase(text, tokens, i, j, names))
        if tokens[j - 1].owns and j < len(tokens) and is_content(tokens[j]):
            j = _owned(text, tokens, i, j, names, found)
        i = j
    return found


def _owned(
    text: str, tokens: list[Token], i: int, j: int, names: Names, found: list[Phrase]
) -> int:
    """The phrase "NAME's wife" beside "NAME"; returns the token after it."""
    k = _end(tokens, j, names)
    whole = _phrase(text, tokens, j, k, names)
    start, end = tokens[i].start, tokens[k - 1].end
    found.append(replace(whole, text=text[start:end], start=start, end=end, name=False))
    return k


def _starts(tokens: list[Token], i: int) -> bool:
    token = tokens[i]
    if i and tokens[i - 1].low == "how":
        return False  # "how deep": a measure, not a thing
    if token.low in ("named", "called", "nicknamed"):
        return False  # "a farmer named Prosser"
    if token.low in (
        "the",
        "a",
        "an",
        "some",
        "many",
        "most",
        "no",
        "its",
        "their",
        "his",
        "her",
        "my",
        "our",
    ):
        return i + 1 < len(tokens) and is_content(tokens[i + 1]) and not _main_verb(tokens, i + 1)
    return is_content(token) and not _main_verb(tokens, i)


def _main_verb(tokens: list[Token], i: int) -> bool:
    return is_verb(tokens, i)


def _leaves_name(tokens: list[Token], i: int, j: int, names: Names) -> bool:
    """Whether token `j` is a plain word behind a person's name, or a participle behind any name."""
    before, here = tokens[j - 1], tokens[j]
    if (
        not (here.is_word and before.text[0].isupper() and here.text[0].islower())
        or here.low == "of"
    ):
        return False
    lows = {t.low for t in tokens[i:j]}
    person = names.person(before.low) or bool(lows & lx.GIVEN)
    return (person and not lows & lx.ORGANISATION_WORDS) or here.low.endswith(("ed", "ing"))


def _end(tokens: list[Token], i: int, names: Names) -> int:
    """The token after the phrase that starts at `i`; "of" joins a name ("Department of …")."""
    j = i + 1
    while j < len(tokens):
        if tokens[j - 1].owns and j - 1 >= i:
            break
        if _leaves_name(tokens, i, j, names):
            break
        if is_content(tokens[j]) and not is_verb(tokens, j):
            # a new name behind a plain phrase, or a plain word behind a name, still belongs to it
            j += 1
        elif (
            tokens[j].text == "."
            and tokens[j - 1].low.rstrip(".") in lx.TITLES
            and tokens[j - 1].text[0].isupper()
            and j + 1 < len(tokens)
        ):
            j += 1
        elif (
            tokens[j].low == "of"
            and j + 1 < len(tokens)
            and (
                is_content(tokens[j + 1])
                or (
                    tokens[j + 1].low == "the" and j + 2 < len(tokens) and is_content(tokens[j + 2])
                )
            )
        ) or (
            tokens[j].low in ("and", "for", "on", "&")
            and tokens[j - 1].text[0].isupper()
            and j + 1 < len(tokens)
            and tokens[j + 1].text[0].isupper()
            and tokens[j + 1].is_word
            and tokens[j].low != "on"
        ):
            j += 2
        else:
            break
    return j


def _phrase(text: str, tokens: list[Token], i: int, j: int, names: Names) -> Phrase:
    span = [t for t in tokens[i:j] if t.is_word]
    article = span[0].low in lx.DETERMINERS
    core = span[1:] if article and len(span) > 1 else span
    of = next((n for n, t in enumerate(core) if t.low == "of"), len(core))
    head = core[max(of - 1, 0)].low
    at_start = i == 0 or (not tokens[i - 1].is_word and tokens[i - 1].text in '.!?:;“”"…—')
    upper = [t for t in core if t.text[0].isupper()]
    name = bool(upper) and not (
        at_start
        and not article
        and len(upper) == 1
        and core[0].text[1:].islower()
        and not names.person(core[0].low)
        and core[0].low not in lx.PLACES
        and core[0].low not in lx.GIVEN
    )
    end = tokens[j - 1].end - (2 if tokens[j - 1].owns and tokens[j - 1].text[-2:-1] in "'’" else 0)
    lows = [t.low.rstrip(".") for t in core]
    sort, gender = _sort(core, lows, head, name, names)
    plural = (
        head in lx.COLLECTIVES
        or (
            sort != "time"
            and head.endswith("s")
            and not head.endswith(("ss", "us", "is"))
            and len(head) > 3
            and not (name and sort == "person")
        )
        or head in ("men", "women", "children", "officials", "feds", "parents")
    )
    if name and (set(lows) & lx.ORGANISATION_WORDS or " and " in text[span[0].start : end]):
        plural = True
    return Phrase(text[span[0].start : end], span[0].start, end, head, sort, plural, gender, name)


def _sort(
    core: list[Token], lows: list[str], head: str, name: bool, names: Names
) -> tuple[Sort, str]:
    if any(w.isdigit() and len(w) == 4 and w[:2] in ("18", "19", "20") for w in lows):
        return "time", ""
    if (
        head in lx.TIME_UNITS
        or head in lx.TIMES
        or (lows[0] in lx.TIMES and lows[0] not in ("may", "march"))
    ):
        return "time", ""
    if name and len(core) == 1 and core[0].text.isupper() and len(core[0].text) > 1:
        return "thing", ""  # ICE, MIRA, the MOU
    if name:
        if set(lows) & lx.ORGANISATION_WORDS:
            return "thing", ""
        if (lows[-1] in lx.PLACES or lows[-1] in names.places) and not set(lows[:-1]) & lx.GIVEN:
            return "place", ""
        if names.person(lows[-1]) or lows[0] in lx.GIVEN or lows[0] in lx.TITLES:
            return "person", names.gender(lows)
        if any(w.isdigit() for w in lows):
            return "thing", ""  # SB 214, Route 9
        return "unknown", ""
    singular = head if head in lx.PERSON_NOUNS else head.removesuffix("s")
    if singular in lx.PERSON_NOUNS:
        return "person", lx.PERSON_NOUNS[singular] if head == singular else ""
    if head in lx.INDEFINITE_PEOPLE or head in ("immigrants", "men", "women", "children"):
        return "person", ""
    if head in lx.PLACES:
        return "place", ""
    return "thing", ""
