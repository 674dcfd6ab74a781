"""Which commenters a question names: whole names, parts of them, and misspellings.

Commenters call themselves "come on" or "mark", so a match of ordinary words counts only where the
sentence has room for a name: after "by" or "did", before "said" or "'s", or written with a capital.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from askbot.discussion import Page
from askbot.text import fold
from askbot.thread.called import add_called, add_titled
from askbot.thread.handles import by_part
from askbot.thread.inflection import with_exactly
from askbot.thread.room import is_name
from askbot.thread.spelling import close_names, is_misspelling
from askbot.thread.tables import NameTable, PageTables, tables_of
from askbot.thread.vocabulary import COMMON_NAME_WORDS, SCAFFOLD
from askbot.thread.words import How, NameMatch, Token, named, overlaps, tokens_of

KEPT = 16
"""Questions whose names are kept with a page."""


def find_names(question: str, page: Page) -> tuple[NameMatch, ...]:
    """The commenters that a question names, in the order of the question."""
    tables = tables_of(page)
    kept = tables.names_found  # search and thread ask for the same question's names in turn
    found = kept.get(question)
    if found is None:
        if len(kept) >= KEPT:
            kept.clear()
        found = kept[question] = _find(question, tables)
    return found


def _find(question: str, tables: PageTables) -> tuple[NameMatch, ...]:
    table = tables.names
    tokens = tokens_of(question)
    taken: list[NameMatch] = []
    add_called(question, tokens, table, taken)
    for size in range(min(table.longest, len(tokens)), 0, -1):
        for first in range(len(tokens) - size + 1):
            window = tokens[first : first + size]
            if overlaps(window, taken):
                continue
            found = _match(window, table)
            if found and _of_the_article(window, found, tables):
                continue
            known = found and _names_one(window, found[0], tables)
            if found and is_name(question, tokens, first, size, found[1], bool(known)):
                taken.append(named(question, window, *found))
    add_titled(question, tokens, table, taken)
    _add_misspelled(question, tokens, tables, taken)
    return _told_apart(_merged(question, sorted(taken, key=lambda m: m.start)), tables)


def _told_apart(names: Sequence[NameMatch], tables: PageTables) -> tuple[NameMatch, ...]:
    """A name that fits several, beside one that fits one: whoever of them that one talks with."""
    sure = [n.authors[0] for n in names if len(n.authors) == 1]
    if len(sure) != 1 or all(len(n.authors) == 1 for n in names):
        return tuple(names)
    page, own = tables.page, tables.by_author.get(sure[0], ())
    answered = {page.comment(c.parent).author for c in own if c.parent is not None}
    partners = answered | {c.author for c in tables.replies_to(own)}
    apart = []
    for name in names:
        left = tuple(a for a in name.authors if a in partners)
        several = len(name.authors) > 1 and len(left) == 1
        apart.append(replace(name, authors=left) if several else name)
    return tuple(apart)


_THE_OTHER = re.compile(r"^,? (?:i mean )?the other(?: one)?\b", re.IGNORECASE)
_EXCLUDED = re.compile(
    r"[\s,;:?.(–—-]*\b(?:but )?(?:the one )?(?:not|other than|except)(?: the one)?"
    r"(?: (?:from|in|of|by|called|named))? *$",
    re.IGNORECASE,
)


def without_excluded(
    question: str, names: Sequence[NameMatch]
) -> tuple[str, tuple[str, ...]] | None:
    """The question without who is said not to be meant, and who that is.

    "what did Kim say? not Kim from Perry", "what did Kim (not Kim P.) say": at its end or in
    brackets; None where nobody was named before or nobody is excluded.
    """
    for before, last in itertools.pairwise(names):
        clause = _EXCLUDED.search(question, before.end, last.start)
        if clause is None:
            continue
        rest = question[last.end :]
        if "(" in clause.group() and rest.lstrip(".").startswith(")"):
            return question[: clause.start()] + rest.partition(")")[2], last.authors
        if not any(ch.isalnum() for ch in _THE_OTHER.sub("", rest)):
            return question[: clause.start()], last.authors
    return None


def not_meant(names: Sequence[NameMatch], excluded: Sequence[str]) -> tuple[NameMatch, ...]:
    """The names without those excluded, where a name fits somebody else as well."""
    left = [tuple(a for a in n.authors if a not in excluded) for n in names]
    return tuple(
        replace(n, authors=kept) if kept else n for n, kept in zip(names, left, strict=True)
    )


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
        and all(_only_mentions(a, parts, tables.names.tokens[a]) for a in authors)
    )


def _only_mentions(author: str, parts: tuple[str, ...], tokens: Sequence[str]) -> bool:
    """Whether a handle has the words without being named so: "niece_of_nair", "Omar's Uncle",
    "Former Kessler Bagger"."""
    if " " not in author:
        return tokens[0] != parts[0]
    place = list(tokens).index(parts[0])
    inside = place > 0 and place + len(parts) < len(tokens)
    return inside or bool(re.match(rf"{re.escape(parts[-1])}[’']s ", fold(author)))


def _names_one(window: Sequence[Token], authors: Sequence[str], tables: PageTables) -> bool:
    """Whether words fit one commenter, and none of them is a word of the article."""
    folded = [t.folded for t in window]
    return len(authors) == 1 and not tables.article_words.intersection(folded)


def _add_misspelled(
    question: str, tokens: Sequence[Token], tables: PageTables, taken: list[NameMatch]
) -> None:
    """Words that are no word of the page or of asking, but nearly one of a name, or part of one."""
    table = tables.names
    for size in (2, 1):
        for first in range(len(tokens) - size + 1):
            window = tokens[first : first + size]
            if overlaps(window, taken) or any(t.folded in SCAFFOLD for t in window):
                continue
            joined = "".join(t.folded for t in window)
            if joined in table.by_token:
                continue
            authors = _misspelled(joined, size, table) if len(joined) > 3 else ()
            if not authors and size == 1 and joined not in tables.article_words:
                authors = by_part(joined, table.authors)
            one = _names_one(window, authors, tables)
            if not authors or not is_name(question, tokens, first, size, "misspelled", one):
                continue
            if not _is_said(window, tables):  # "Boone", of whom a comment speaks, is not T-Bone
                taken.append(named(question, window, authors, "misspelled"))


def _is_said(window: Sequence[Token], tables: PageTables) -> bool:
    """Whether some comment has just these words."""
    return bool(with_exactly(tables, " ".join(t.folded for t in window)))


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
