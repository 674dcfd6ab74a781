"""How many replies somebody, or a comment, got."""

from __future__ import annotations

import re

from askbot.thread.compose import (
    Ask,
    ThreadReply,
    cited,
    listed,
    number_of,
    people,
    reply,
    stated,
    whose,
)
from askbot.thread.people import nobody_unless_spoken_of, targets, unknown_name
from askbot.thread.structure import reply_list

_ALL_LEVELS = re.compile(
    r"\b(?:all|every|any) (?:the )?(?:levels?|depths?)\b|\bat any (?:level|depth)\b"
    r"|\b(?:replies|answers) to (?:the |its |those |other )?(?:replies|answers)\b"
    r"|\bnested(?: ones?| replies)? (?:too|included|as well)\b|\bincluding (?:the )?nested\b"
    r"|\bin (?:total|all) (?:under|below|beneath)\b|\baltogether (?:under|below|beneath)\b",
    re.IGNORECASE,
)
"""What asks for all that stands below a comment and not for the direct replies alone."""
_DIRECT = re.compile(r"\b(?:direct|straight|immediate)(?:ly)?\b|\bfirst[- ]level\b", re.IGNORECASE)
"""What asks for the direct replies and nothing below them."""


def reply_count(ask: Ask) -> ThreadReply | None:
    """How many replies there are, or somebody or a comment got."""
    wanted = targets(ask)
    if wanted is None:
        stranger = unknown_name(ask)
        if stranger:
            return nobody_unless_spoken_of(ask, stranger)
        if ask.slots.residue or ask.slots.names:
            return None
        return reply_list(ask)
    answers = ask.tables.replies_to(wanted)
    whom = whose(ask, wanted)
    if not answers:
        text = f"Nobody replied to {whom}: no replies."
        return reply(ask, "reply-count", [stated(text, cited(ask, wanted))], short="0")
    text = f"{number_of(len(answers), 'reply', 'replies')} to {whom}, by {listed(people(answers))}."
    claims = [stated(text, cited(ask, answers))]
    below = {d.id: d for c in wanted for d in ask.page.descendants(c.id)}
    if _ALL_LEVELS.search(ask.question) and len(below) > len(answers):
        every = sorted(below.values(), key=lambda c: ask.tables.place[c.id])
        text = f"{number_of(len(every), 'comment')} below {whom}, replies to replies included, by"
        claims = [stated(f"{text} {listed(people(every))}.", cited(ask, every))]
        return reply(ask, "reply-count", claims, short=str(len(every)))
    if len(wanted) == 1 and len(below) > len(answers) and not _DIRECT.search(ask.question):
        text = f"With the replies to replies, {len(below)} comments stand below it."
        claims.append(stated(text, cited(ask, below.values())))
    return reply(ask, "reply-count", claims, short=str(len(answers)))
