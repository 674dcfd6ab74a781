"""Who writes in capitals: comments most of whose letters are upper case."""

from __future__ import annotations

import re

from askbot.thread.compose import (
    Ask,
    ThreadReply,
    cited,
    lines,
    listed,
    number_of,
    people,
    reply,
    stated,
)
from askbot.thread.people import targets
from askbot.thread.vocabulary import OF_THREADS, word_list

LETTERS = 8
"""Letters that a comment has at least before its case says anything; "LOL" is no shouting."""
SHARE = 0.7
"""Share of upper case from which a comment counts as written in capitals."""

_CASE = re.compile(
    r"\b(?:caps|capitals|caps-?lock|capital letters|upper-?\s?case|block (?:letters|capitals))\b",
    re.IGNORECASE,
)
_LOUD = re.compile(r"\b(?:shout|yell|scream|holler)\w*\b", re.IGNORECASE)
_OWN = frozenset(
    word_list("""
    caps capslock capitals capital letters lock uppercase upper case block shout shouts shouted
    shouting yell yells yelled yelling scream screams screamed screaming holler hollering types
    typed typing type key stuck keyboard hit turn off loud internet online
    """)
)


def capitals(ask: Ask) -> ThreadReply | None:
    """Which comments are in capitals; None where somebody shouts elsewhere than in the comments."""
    foreign = [t for t in ask.slots.residue if t.folded not in _OWN]
    if not _CASE.search(ask.question):
        here = ask.slots.has(*OF_THREADS)
        now = not ask.slots.has("was", "were", "did") or here
        if not _LOUD.search(ask.question) or foreign or not now:
            return None
    if len(foreign) > 1:
        return None
    among = targets(ask) or list(ask.tables.comments)
    found = [c for c in among if in_capitals(ask.page.text(c.id))]
    own = ask.slots.authors or ask.slots.references
    if not found:
        text = "No comment is written in capitals."
        if own:
            text = f"No, nothing by {listed(people(among))} is written in capitals."
        shown = cited(ask, among) if own else ()
        return reply(ask, "capitals", [stated(text, shown)], short="no" if own else "none")
    verb = "is" if len(found) == 1 else "are"
    text = f"{number_of(len(found), 'comment')} {verb} in capitals, by {listed(people(found))}:"
    claims = [stated(text, cited(ask, found)), *lines(ask, found)]
    short = str(len(found)) if ask.slots.has("many", "number") else listed(people(found))
    return reply(ask, "capitals", claims, short="yes" if own else short)


def in_capitals(text: str) -> bool:
    """Whether most letters of a text are upper case; false for a short text."""
    cased: list[str] = [ch for ch in text if ch.isupper() or ch.islower()]
    return len(cased) >= LETTERS and sum(ch.isupper() for ch in cased) >= SHARE * len(cased)
