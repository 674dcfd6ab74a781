"""Whether somebody is among the commenters, the people of the article included."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.answers import Claim
from askbot.thread.compose import Ask, ThreadReply, cited, lines, reply, shown_id, stated, times
from askbot.thread.counts import count
from askbot.thread.people import nobody_called, unknown_name
from askbot.thread.slots import span_text
from askbot.thread.vocabulary import DETERMINERS
from askbot.thread.words import Token

_HERE = re.compile(
    r"\b(?:comments|commenters|thread|discussion|replies|posters|contributors|comment section)\b"
    r"|\b(?:down|in) (?:there|here)\b|\bhere\b|\bbelow\b",
    re.IGNORECASE,
)
"""Words by which a question about "the mayor" is one about the comments."""
_ON_SOMETHING = re.compile(
    r"\b(?:comment|remark|say|said|speak|spoke|react|respond|statement)\w*"
    r"(?: \w+)? (?:on|about|to|that|why|whether|if|against|for|from)\b",
    re.IGNORECASE,
)
_OF_THEM = re.compile(r"\b(?:any|some|no)(?:one|body)(?: else)? (?:from|of|at|in)\b", re.IGNORECASE)
""" "Anybody from the school": known by what they say, not by a name."""
LONGEST_NAME = 3
"""Words of a name that nobody has."""


def present(ask: Ask) -> ThreadReply | None:
    """Whether somebody commented: their comments, or that nobody is called so."""
    if not ask.slots.authors:
        return _stranger(ask) if ask.slots.residue else count(ask)
    claims: list[Claim] = []
    for author in ask.slots.authors:
        own = ask.tables.by_author[author]
        text = f"Yes, {author} commented {times(len(own))}:"
        if len(own) == 1:
            text = f"Yes, {author} wrote {shown_id(own[0])}:"
        before = "\n" if claims else " "
        claims += [stated(text, cited(ask, own), before=before), *lines(ask, own)]
    return reply(ask, "present", claims, short="yes")


def _stranger(ask: Ask) -> ThreadReply | None:
    run = ask.slots.residue
    if ask.slots.skeleton.count("X") != 1 or len(run) > LONGEST_NAME:
        return None
    here = bool(_HERE.search(ask.question))
    if not here and _ON_SOMETHING.search(ask.question):
        return None  # "did Quill comment on the delay": to the paper
    if _OF_THEM.search(ask.question):
        return None
    name = span_text(ask.question, run)
    before = ask.question[: run[0].start].split()
    if before and before[-1].lower() in DETERMINERS:
        # "the mayor": somebody whom the article speaks of; only the comments are ours to answer.
        if not here or not ask.tables.in_article(t.folded for t in run):
            return None
        text = f"No commenter goes by “{before[-1].lower()} {name}”."
        return reply(ask, "no-such-name", [stated(text)], abstained=True)
    if unknown_name(ask) or _named_in_article(ask, run):
        return nobody_called(ask, name)
    return None


def _named_in_article(ask: Ask, run: Sequence[Token]) -> bool:
    """Whether these are words that the article writes with a capital only: a name of somebody."""
    return all(
        re.search(rf"(?<![^\W_]){re.escape(t.raw.capitalize())}(?![^\W_])", ask.tables.article)
        and not re.search(rf"(?<![^\W_]){re.escape(t.raw.lower())}(?![^\W_])", ask.tables.article)
        for t in run
    )
