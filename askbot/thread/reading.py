"""Showing comments: one person's, the one at a place, the longest, the empty ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.answers import Claim
from askbot.discussion import Comment
from askbot.thread.compose import (
    Ask,
    ThreadReply,
    cited,
    line,
    lines,
    listed,
    number_of,
    people,
    reply,
    shown_id,
    stated,
)
from askbot.thread.exchange import told
from askbot.thread.neighbours import neighbours
from askbot.thread.people import nobody_called, targets, unknown_name
from askbot.thread.tables import name_tokens
from askbot.thread.vocabulary import HERE, THREAD_WORDS, word_list


def show(ask: Ask) -> ThreadReply | None:
    """All that somebody said, or the comment at a number or place, verbatim."""
    if _beside(ask):
        return neighbours(ask)
    named = ask.slots.names or ask.slots.references
    end = _end(ask)
    placed = ask.slots.order is not None or end is not None
    if placed and ask.slots.residue and not named and not ask.slots.has(*THREAD_WORDS):
        return None  # "which wing opens first"
    wanted = targets(ask)
    if wanted is None:
        stranger = unknown_name(ask)
        if stranger is None and end is not None and not ask.slots.names and ask.tables.comments:
            return _one_by_one(ask, [ask.tables.comments[end]])
        if stranger is None:
            return None
        known = ask.tables.in_article(name_tokens(stranger))
        return None if known and not ask.slots.has(*HERE) else nobody_called(ask, stranger)
    if not wanted:
        return _no_such_place(ask)
    if ask.slots.authors and ask.slots.order is None and not ask.slots.references:
        return said(ask, told(ask) or wanted)
    return _one_by_one(ask, wanted)


# Beside somebody's comment an embedding sees mostly whose comment it is: the direction counts.
_BESIDE = re.compile(r"\b(?:before|after|above|below) (?:the )?(?:N|C)\b")
_FOLLOWING = frozenset(
    word_list("""
    follow follows followed following precede precedes preceded preceding previous
    """)
)
_EXACTLY = frozenset({"right", "directly", "immediately", "straight"})


def _beside(ask: Ask) -> bool:
    """Whether what stands next to one comment is asked for, and not that comment."""
    if len(ask.slots.names) + len(ask.slots.references) != 1:
        return False
    words = {t.folded for t in ask.slots.residue}
    if words & _FOLLOWING and words <= _FOLLOWING | _EXACTLY:
        return True
    return bool(_BESIDE.search(" ".join(ask.slots.skeleton)))


_FIRST = frozenset(
    word_list("""
    top opens opened open start starts started begin begins began kicked
    """)
)
_LAST = frozenset(
    word_list("""
    bottom closes closed close end ends ended finish finished
    """)
)


def _end(ask: Ask) -> int | None:
    """The end of the page that a verb or "bottom" points to: 0 the first comment, -1 the last."""
    if ask.slots.has(*_LAST):
        return -1
    return 0 if ask.slots.has(*_FIRST) else None


def _no_such_place(ask: Ask) -> ThreadReply:
    mine = [c for a in ask.slots.authors for c in ask.tables.by_author[a]]
    if mine:
        text = f"{listed(ask.slots.authors)} wrote only {number_of(len(mine), 'comment')}."
        return reply(ask, "show", [stated(text, cited(ask, mine))])
    text = (
        f"There is no such comment: {number_of(len(ask.tables.comments), 'comment')} on the page."
    )
    return reply(ask, "no-such-comment", [stated(text)], abstained=True)


_AND_TO_WHOM = re.compile(
    r"\b(?:and|,) (?:to )?(?:who|whom|what|whose \w+) (?:was|is|were|did|does|do|are) \S+"
    r"(?: \w+)? (?:answer|reply|respond|react|talk)\w*"
    r"|\b(?:and|,) (?:to|in (?:reply|response|answer) to) (?:who|whom|what)\b",
    re.IGNORECASE,
)
"""A second question behind "what did A say": "… and who was she answering?"."""


def asks_to_whom_as_well(ask: Ask) -> bool:
    """Whether a question wants somebody's words and what they answer."""
    return ask.slots.has("what") and bool(_AND_TO_WHOM.search(ask.question))


def said(ask: Ask, comments: Sequence[Comment]) -> ThreadReply:
    """Every one of some comments, grouped by who wrote them."""
    claims: list[Claim] = []
    for author in ask.slots.authors:
        own = [c for c in comments if c.author == author]
        if not own:
            continue
        lead = f"{author} wrote {number_of(len(own), 'comment')}"
        if all(c.is_empty for c in own):
            lead += ", which is empty" if len(own) == 1 else ", all of them empty"
        lead += ":"
        claims.append(stated(lead, cited(ask, own), before="\n" if claims else " "))
        for comment in own:
            claims.extend(line(ask, comment))
    above = [ask.page.comment(c.parent) for c in comments if c.parent is not None]
    if above and asks_to_whom_as_well(ask):
        claims.append(stated("In reply to:", cited(ask, above), before="\n"))
        claims += [claim for comment in above for claim in line(ask, comment)]
    return reply(ask, "said", claims)


def _one_by_one(ask: Ask, comments: Sequence[Comment]) -> ThreadReply:
    claims: list[Claim] = []
    for comment in comments:
        kind = "a reply" if comment.parent else "comment"
        lead = f"{kind.capitalize()} {shown_id(comment)} is by {comment.author or 'nobody named'}:"
        if comment.parent:
            lead = f"{shown_id(comment)} is a reply by {comment.author or 'nobody named'}:"
        claims.append(stated(lead, cited(ask, [comment]), before="\n" if claims else " "))
        claims.extend(line(ask, comment))
    return reply(ask, "show", claims, short=listed(people(comments)))


def all_comments(ask: Ask) -> ThreadReply | None:
    """Every comment by its opening words."""
    every = ask.tables.comments
    if ask.slots.residue or not every:
        return None
    claims = [stated(f"{number_of(len(every), 'comment')} on the page:", cited(ask, every))]
    for comment in every[:60]:
        claims.extend(line(ask, comment, whole=False))
    return reply(ask, "all", claims, short=str(len(every)))


def empty(ask: Ask) -> ThreadReply:
    """Which comments have no text."""
    among = targets(ask) or list(ask.tables.comments)
    found = [c for c in among if c.is_empty]
    if not found:
        whose = "No comment is empty." if len(among) != 1 else "No, it has text."
        if ask.slots.authors:
            whose = f"No: every comment by {listed(ask.slots.authors)} has text."
        return reply(ask, "empty", [stated(whose, cited(ask, among))], short="none")
    which = listed(f"{shown_id(c)} by {c.author or 'nobody named'}" for c in found)
    verb = "is" if len(found) == 1 else "are"
    text = f"{number_of(len(found), 'comment')} {verb} empty: {which}."
    short = str(len(found)) if ask.slots.has("many", "number") else listed(people(found))
    return reply(ask, "empty", [stated(text, cited(ask, found))], short=short)


def longest(ask: Ask) -> ThreadReply | None:
    """The longest comment, by words."""
    return _by_length(ask, "longest", max)


def shortest(ask: Ask) -> ThreadReply | None:
    """The shortest comment that has any text, by words."""
    return _by_length(ask, "shortest", min)


def _by_length(ask: Ask, route: str, pick: object) -> ThreadReply | None:
    lengths, place = ask.tables.lengths, ask.tables.place
    own = [c for a in ask.slots.authors for c in ask.tables.by_author[a]]
    among = [c for c in own or ask.tables.comments if not c.is_empty]
    if not among:
        return None
    sizes = [lengths[place[c.id]] for c in among]
    size = max(sizes) if pick is max else min(sizes)
    found = [c for c, n in zip(among, sizes, strict=True) if n == size]
    which = listed(f"{shown_id(c)} by {c.author or 'nobody named'}" for c in found)
    text = f"The {route} comment is {which}, {number_of(size, 'word')}:"
    if len(found) > 1:
        text = f"The {route} comments are {which}, {number_of(size, 'word')} each:"
    claims = [stated(text, cited(ask, found)), *lines(ask, found)]
    return reply(ask, route, claims, short=listed(people(found)))
