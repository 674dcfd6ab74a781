"""What two commenters wrote to each other, from the comment that started it."""

from __future__ import annotations

import re
from itertools import takewhile

from askbot.discussion import Comment
from askbot.thread.compose import (
    Ask,
    ThreadReply,
    cited,
    lines,
    number_of,
    reply,
    shown_id,
    stated,
    times,
)
from askbot.thread.vocabulary import word_list
from askbot.thread.words import tokens_of

_YES_OR_NO = frozenset(
    ("do", "did", "does", "have", "has", "are", "is", "was", "were", "any", "can", "could", "ever")
)


_PLEASE = re.compile(r"(?:can|could) (?:you|we|i)\b", re.IGNORECASE)
""" "Can you show …" is no question whether."""


def asks_whether(ask: Ask) -> bool:
    """Whether two people had an exchange at all, or how often, is asked, and not how it went."""
    if _PLEASE.match(ask.question):
        return False
    return ask.slots.skeleton[0] in _YES_OR_NO or ask.slots.has("often", "many")


_TELLING = frozenset(
    word_list("""
    tell tells told telling answer answers answered answering reply replies replied replying
    respond responds responded responding react reacts reacted ask asks asked asking
    """)
)
_SAYING = frozenset(word_list("say says said saying write writes wrote written writing put"))


def told(ask: Ask) -> list[Comment]:
    """What one person wrote in reply to another, where "what did A tell B" asks for it."""
    authors = ask.slots.authors
    if len(authors) != 2 or len(ask.slots.names) != 2 or not ask.slots.has("what", "which", "how"):
        return []
    one, two = ask.slots.names
    between = {t.folded for t in tokens_of(ask.question[one.end : two.start])}
    if between & {"and", "or"} or not (
        between & _TELLING or (between & _SAYING and between & {"to", "back"})
    ):
        return []
    return ask.tables.answers_to(authors[0], authors[1:])


def exchange(ask: Ask, one: str, two: str) -> ThreadReply:
    """Whether two people reply to each other, and how: in page order, each chain from its start."""
    there, back = ask.tables.answers_to(one, (two,)), ask.tables.answers_to(two, (one,))
    if not there and not back:
        own = [*ask.tables.by_author[one], *ask.tables.by_author[two]]
        text = f"No, {one} and {two} do not reply to each other."
        return reply(ask, "between", [stated(text, cited(ask, own))], short="no")
    place = ask.tables.place
    both = sorted([*there, *back], key=lambda c: place[c.id])
    if there and back:
        text = (
            f"Yes: {one} replied to {two} {times(len(there))}, {two} to {one} {times(len(back))}:"
        )
    else:
        actor, other = (one, two) if there else (two, one)
        text = f"{actor} replied to {other} {times(len(both))}, {other} to {actor} never:"
    short = "yes" if there and back else "one way only"
    if asks_whether(ask):
        claims = [stated(text, cited(ask, both)), *lines(ask, both)]
        return reply(ask, "between", claims, short=short)
    found, starts = {c.id: c for c in both}, {}
    for comment in both:
        own = [*takewhile(lambda c: c.author in (one, two), ask.page.ancestors(comment.id))]
        found |= {c.id: c for c in own}
        starts[own[-1].id] = own[-1]
    shown = sorted(found.values(), key=lambda c: place[c.id])
    begins = " and ".join(f"{shown_id(c)} by {c.author}" for c in starts.values())
    text = f"{number_of(len(shown), 'comment')} between {one} and {two}, starting with {begins}:"
    claims = [stated(text, cited(ask, shown)), *lines(ask, shown)]
    return reply(ask, "exchange", claims, short=short)
