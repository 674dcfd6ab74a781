"""People called by something else than their name: "the professor", "the dairy guy"."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from askbot.text import fold
from askbot.thread.handles import parts_of
from askbot.thread.tables import NameTable
from askbot.thread.vocabulary import SCAFFOLD, TITLES, VOCATIVES
from askbot.thread.words import NameMatch, Token, named, overlaps


def add_titled(
    question: str, tokens: Sequence[Token], table: NameTable, taken: list[NameMatch]
) -> None:
    """ "the professor" for Prof. Ingrid T., where one commenter has that title."""
    for the, token in itertools.pairwise([None, *tokens]):
        titles = TITLES.get(token.folded) if token else None
        if token is None or titles is None or overlaps([token], taken):
            continue
        window = [the, token] if the and the.folded == "the" else [token]
        if len(window) == 1 and token.folded not in VOCATIVES:
            continue
        titled = [a for a in table.authors if " " in a and fold(a.split()[0]).rstrip(".") in titles]
        if len(titled) == 1:
            taken.append(named(question, window, (titled[0],), "partial"))


_PERSON = frozenset(
    ("guy", "man", "woman", "lady", "fellow", "dude", "gal", "chap", "bloke", "person", "fella")
)


def add_called(
    question: str, tokens: Sequence[Token], table: NameTable, taken: list[NameMatch]
) -> None:
    """ "the dairy guy" for Dairyman Dan, "the dad from Hobson" for hobson dad: one handle alone."""
    for place, the in enumerate(tokens):
        if the.folded not in ("the", "that", "this"):
            continue
        for size in (4, 3):
            window = tokens[place : place + size]
            if len(window) < size or overlaps(window, taken):
                continue
            words = _description([t.folded for t in window[1:]], table)
            found = {a for a in table.authors if words and _fits_all(words, a, table)}
            if len(found) == 1:
                taken.append(named(question, window, (found.pop(),), "partial"))
                break


def _description(words: list[str], table: NameTable) -> list[str]:
    """The telling words of "dairy guy", "borough born person", "dad from hobson"; else none."""
    joined = "".join(words)
    if joined in table.joined:
        return [joined]
    if words[-1] in _PERSON:
        words = words[:-1]
    elif len(words) == 3 and words[1] in ("from", "of", "in"):
        words = [words[0], words[2]]
    else:
        return []
    return [] if any(w in SCAFFOLD or len(w) < 3 for w in words) else words


def _fits_all(words: Sequence[str], author: str, table: NameTable) -> bool:
    """Whether every word begins a part of somebody's handle; a short one has to be all of it."""
    parts = {*table.tokens[author], *parts_of(author), "".join(table.tokens[author])}
    if len(words) == 2 and "".join(reversed(words)) in parts:
        return True  # "the dad from Kettering": ketteringdad
    return all(any(p == w or (len(w) > 3 and p.startswith(w)) for p in parts) for w in words)
