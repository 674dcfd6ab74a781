"""Which commenters a question names: whole names, parts of them, and misspellings.

Commenters call themselves "come on" or "mark", so a match of ordinary words counts only where the
sentence has room for a name: after "by" or "did", before "said" or "'s", or written with a capital.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from askbot.discussion import Page
from askbot.text import fold
from askbot.thread.handles import by_part
from askbot.thread.spelling import close_names, is_misspelling
from askbot.thread.tables import NameTable, PageTables, tables_of
from askbot.thread.vocabulary import (
    AFTER_NAME,
    BEFORE_NAME,
    COMMON_NAME_WORDS,
    DETERMINERS,
    SCAFFOLD,
    TITLES,
    VOCATIVES,
)

How = Literal["exact", "partial", "misspelled", "role"]

_WORD = re.compile(r"(?<![^\W_][’'])[^\W_]+(?:[’'](?!s\b)[^\W_]+)*")
_POSSESSIVE = re.compile(r"[’']s?(?![^\W_])")
_QUOTE_MARKS = "\"'“”‘’«»"


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A commenter named in a question; `authors` has several where the name fits several.

    Attributes:
        start, end: where in the question, without a possessive ending.
        text: the question's own words.
        how: whole name, part of one, a misspelling of one, or a role ("the author"), which may
            have no author.
    """

    start: int
    end: int
    text: str
    authors: tuple[str, ...]
    how: How

    @property
    def ambiguous(self) -> bool:
        return len(self.authors) > 1


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the question."""

    start: int
    end: int
    raw: str
    folded: str
    possessive: bool

    @property
    def capital(self) -> bool:
        return self.raw[0].isupper()


def tokens_of(question: str) -> list[Token]:
    """The words of a question; "Mark's" is the word "Mark", possessive."""
    found = []
    for match in _WORD.finditer(question):
        possessive = bool(_POSSESSIVE.match(question, match.end()))
        found.append(
            Token(match.start(), match.end(), match.group(), fold(match.group()), possessive)
        )
    return found


def find_names(question: str, page: Page) -> tuple[NameMatch, ...]:
    """The commenters that a question names, in the order of the question."""
    tables = tables_of(page)
    table = tables.names
    tokens = tokens_of(question)
    taken: list[NameMatch] = []
    for size in range(min(table.longest, len(tokens)), 0, -1):
        for first in range(len(tokens) - size + 1):
            window = tokens[first : first + size]
            if _overlaps(window, taken):
                continue
            found = _match(window, table)
            if found and _of_the_article(window, found, tables):
                continue
            if found and _is_name(question, tokens, first, size, found[1]):
                taken.append(_named(question, window, *found))
    _add_titled(question, tokens, table, taken)
    _add_called(question, tokens, table, taken)
    _add_misspelled(question, tokens, tables, taken)
    return tuple(_merged(question, sorted(taken, key=lambda match: match.start)))


_EXCLUDED = re.compile(
    r"[\s,;:?.(–—-]*\b(?:but )?(?:the one )?(?:not|other than|except)(?: the one)?"
    r"(?: (?:from|in|of|by|called|named))? *$",
    re.IGNORECASE,
)


def excluded_from(question: str, names: Sequence[NameMatch]) -> int | None:
    """Where a question ends by saying who is not meant: "what did Kim say? not Kim from Perry".

    None where it does not, or where nobody was named before.
    """
    for before, last in itertools.pairwise(names):
        clause = _EXCLUDED.search(question, before.end, last.start)
        if clause and not any(ch.isalnum() for ch in question[last.end :]):
            return clause.start()
    return None


def _add_titled(
    question: str, tokens: Sequence[Token], table: NameTable, taken: list[NameMatch]
) -> None:
    """ "the professor" for Prof. Ingrid T., where one commenter has that title."""
    for the, token in itertools.pairwise([None, *tokens]):
        titles = TITLES.get(token.folded) if token else None
        if token is None or titles is None or _overlaps([token], taken):
            continue
        window = [the, token] if the and the.folded == "the" else [token]
        if len(window) == 1 and token.folded not in VOCATIVES:
            continue
        titled = [a for a in table.authors if " " in a and fold(a.split()[0]).rstrip(".") in titles]
        if len(titled) == 1:
            taken.append(_named(question, window, (titled[0],), "partial"))


_PERSON = frozenset(
    ("guy", "man", "woman", "lady", "fellow", "dude", "gal", "chap", "bloke", "person", "fella")
)


def _add_called(
    question: str, tokens: Sequence[Token], table: NameTable, taken: list[NameMatch]
) -> None:
    """ "the dairy guy" for Dairyman Dan, where one handle alone has such a part."""
    for the, word, who in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if the.folded not in ("the", "that", "this") or who.folded not in _PERSON:
            continue
        window = [the, word, who]
        if _overlaps(window, taken) or word.folded in SCAFFOLD or len(word.folded) < 4:
            continue
        found = {
            author
            for part, authors in table.by_token.items()
            if part.startswith(word.folded)
            for author in authors
        } | set(by_part(word.folded, table.authors))
        if len(found) == 1:
            taken.append(_named(question, window, (found.pop(),), "partial"))


def _merged(question: str, matches: Sequence[NameMatch]) -> list[NameMatch]:
    """Neighbouring parts of one name made one: "lowel" and "mom"."""
    merged: list[NameMatch] = []
    for match in matches:
        last = merged[-1] if merged else None
        if last and last.authors == match.authors and question[last.end : match.start] == " ":
            text = question[last.start : match.end]
            merged[-1] = NameMatch(last.start, match.end, text, last.authors, last.how)
        else:
            merged.append(match)
    return merged


def close_authors(name: str, page: Page, limit: int = 3) -> list[str]:
    """Commenters whose names look most like one that nobody has; empty when none does."""
    return close_names(name, tables_of(page).names.authors, limit)


def _named(question: str, window: Sequence[Token], authors: tuple[str, ...], how: How) -> NameMatch:
    start, end = window[0].start, window[-1].end
    return NameMatch(start, end, question[start:end], authors, how)


def _overlaps(window: Sequence[Token], taken: Sequence[NameMatch]) -> bool:
    return any(window[0].start < m.end and m.start < window[-1].end for m in taken)


def _match(window: Sequence[Token], table: NameTable) -> tuple[tuple[str, ...], How] | None:
    parts = tuple(t.folded for t in window)
    if parts in table.whole:
        return _preferred(table.whole[parts], window), "exact"
    joined = "".join(parts)
    if joined in table.joined:
        return table.joined[joined], "exact"
    authors = _partial(parts, table)
    return (authors, "partial") if authors else None


def _preferred(authors: tuple[str, ...], window: Sequence[Token]) -> tuple[str, ...]:
    """Of "Mark" and "mark" the one spelled as in the question, if one is."""
    spelled = " ".join(t.raw for t in window)
    same = tuple(a for a in authors if a == spelled)
    return same or authors


def _partial(parts: tuple[str, ...], table: NameTable) -> tuple[str, ...]:
    """Authors of whose name these words are a part, in order ("David McConnell")."""
    telling = [p for p in parts if len(p) > 2 and p not in COMMON_NAME_WORDS]
    if not telling or parts[0] in COMMON_NAME_WORDS or parts[-1] in COMMON_NAME_WORDS:
        return ()
    candidates = table.by_token.get(telling[0], ())
    return tuple(a for a in candidates if _in_order(parts, table.tokens[a]))


def _in_order(parts: Sequence[str], name: Sequence[str]) -> bool:
    rest = iter(name)
    return all(part in rest for part in parts)


def _of_the_article(
    window: Sequence[Token], found: tuple[tuple[str, ...], How], tables: PageTables
) -> bool:
    """Whether a word inside a nickname is more likely somebody of the article: "Nair" asks about
    the teacher of that name and not about "niece_of_nair"."""
    authors, how = found
    parts = tuple(t.folded for t in window)
    return (
        how == "partial"
        and tables.in_article(parts)
        and all(" " not in a and tables.names.tokens[a][0] != parts[0] for a in authors)
    )


def _is_name(
    question: str,
    tokens: Sequence[Token],
    first: int,
    size: int,
    how: How,
) -> bool:
    """Whether the sentence has room for a name here."""
    window = tokens[first : first + size]
    before = tokens[first - 1] if first else None
    after = tokens[first + size] if first + size < len(tokens) else None
    if _longer_name(question, tokens, first, size):
        return False
    ordinary = all(t.folded in COMMON_NAME_WORDS or t.folded in SCAFFOLD for t in window)
    odd = any(ch.isdigit() or ch == "_" for t in window for ch in t.raw)
    if how == "exact" and not ordinary and (size > 1 or odd):
        return True
    quoted = window[0].start > 0 and question[window[0].start - 1] in _QUOTE_MARKS
    quoted = quoted and question[window[-1].end : window[-1].end + 1] in tuple(_QUOTE_MARKS)
    capital = window[0].capital and not question.isupper()
    # "the replies that just asking got": "that" determines one word, but hardly a whole name.
    relative = before is not None and before.folded == "that" and size > 1
    determined = before is not None and before.folded in DETERMINERS and not relative
    fits_before = relative or (before is not None and before.folded in BEFORE_NAME)
    alone = after is None and len(tokens) <= size + 1
    called = first == 0 and question[window[-1].end :].startswith(",")  # "Kim, who answered her?"
    fits_after = (
        alone
        or called
        or window[-1].possessive
        or (after is not None and after.folded in AFTER_NAME)
    )
    if ordinary:
        strong = capital and first > 0 and not determined
        closes = fits_before and (fits_after or after is None)
        return quoted or strong or (closes and not determined)
    if determined:
        # "the Brigadier", "the cynic said": but not "the mark", "its driver".
        speaks = after is not None and after.folded in AFTER_NAME
        whole = how == "partial" or (how == "misspelled" and size > 1)
        return (capital and first > 1 and whole) or (
            how == "exact" and before is not None and before.folded == "the" and speaks
        )
    if quoted or window[-1].possessive or fits_before:
        return True
    if first == 0:
        return fits_after or size > 1
    return capital or fits_after


def _longer_name(question: str, tokens: Sequence[Token], first: int, size: int) -> bool:
    """Whether this is part of somebody else's name: "Mark" in "Mark Zuckerberg"."""
    window = tokens[first : first + size]
    if not window[0].capital or question.istitle():
        return False
    for place, other in ((first - 1, "before"), (first + size, "after")):
        if not 0 <= place < len(tokens) or (place == 0 and tokens[0].folded in SCAFFOLD):
            continue
        token = tokens[place]
        gap = (
            question[token.end : window[0].start]
            if other == "before"
            else question[window[-1].end : token.start]
        )
        if token.capital and token.folded not in SCAFFOLD and gap.strip(".") == " ":
            return True
    return False


def _add_misspelled(
    question: str, tokens: Sequence[Token], tables: PageTables, taken: list[NameMatch]
) -> None:
    """Words that are no word of the page or of asking, but nearly one of a name, or part of one."""
    table = tables.names
    for size in (2, 1):
        for first in range(len(tokens) - size + 1):
            window = tokens[first : first + size]
            if _overlaps(window, taken) or any(t.folded in SCAFFOLD for t in window):
                continue
            joined = "".join(t.folded for t in window)
            if joined in table.by_token:
                continue
            authors = _misspelled(joined, size, table) if len(joined) > 3 else ()
            if not authors and size == 1 and joined not in tables.article_words:
                authors = by_part(joined, table.authors)
            if authors and _is_name(question, tokens, first, size, "misspelled"):
                taken.append(_named(question, window, authors, "misspelled"))


def _misspelled(word: str, size: int, table: NameTable) -> tuple[str, ...]:
    whole = [
        a
        for joined, authors in table.joined.items()
        if is_misspelling(word, joined)
        for a in authors
    ]
    if whole or size > 1:
        return tuple(dict.fromkeys(whole))
    parts = [
        a
        for token, authors in table.by_token.items()
        if token not in COMMON_NAME_WORDS and len(token) > 3 and is_misspelling(word, token)
        for a in authors
        if not _is_whereabouts(token, table.tokens[a])
    ]
    return tuple(dict.fromkeys(parts))


def _is_whereabouts(part: str, name: Sequence[str]) -> bool:
    """Whether a part of a name only says where somebody is from: "works" in Ben from Public Works,
    which hardly anybody misspells to name Ben."""
    leads = [n for n, word in enumerate(name) if word in ("from", "of", "in", "at", "on")]
    return bool(leads) and name.index(part) > leads[0]
