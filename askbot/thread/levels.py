"""The levels of the tree: replies to replies, and who writes at one level only."""

from __future__ import annotations

import re

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
from askbot.thread.vocabulary import NUMBER_WORDS

_TOP = re.compile(
    r"\b(?:top|first|upper|highest|outermost)[\s-]?levels?\b"
    r"|\btop (?:comments|posts|remarks|ones)\b"
    r"|\b(?:root|parent|main|standalone|stand-alone)[\s-](?:comment|post|remark|one)",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(
    r"\b(?:(?:not|without|do(?:n[’']t| not)) (?:count|includ)\w*|excluding|exclud\w+|exclusive of"
    r"|leav\w+ (?:out|aside)|apart from|aside from|besides|other than|except(?: for)?|minus"
    r"|ignor\w+|disregard\w+|skip\w*|without|beyond|setting aside)\b\s*(?P<what>.*)",
    re.IGNORECASE,
)
_REPLIES = re.compile(r"\b(?:repl(?:y|ies)|responses?|answers?)\b|\bnested\b", re.IGNORECASE)
_HOW_MANY = re.compile(
    r"\b(?:how many|number of) (?:\w+ ){0,3}(?:replies|responses|answers)\b"
    r"(?! (?:has|have|had|do|does|did|got|to)\b)",
    re.IGNORECASE,
)
_ARE_REPLIES = re.compile(
    r"\bare (?:just |only |really )?(?:replies|responses|answers)\b", re.IGNORECASE
)
_TO_REPLIES = re.compile(
    r"\b(?:repl(?:y|ies|ied|ying)|answers?|answered|respond\w*|responses?) (?:to )?"
    r"(?:an?|any|some|the|one of the)? ?(?:other |another )?"
    r"(?:repl(?:y|ies)|answers?|responses?)\b",
    re.IGNORECASE,
)
_NUMBER = "|".join(NUMBER_WORDS)
_DEPTH = re.compile(rf"\b(\d|{_NUMBER})[\s-](?:levels?|layers?|steps?|deep|down)\b", re.IGNORECASE)


def at_top(question: str) -> bool:
    """Whether a question is about the top level."""
    return bool(_TOP.search(question))


def to_replies(question: str) -> bool:
    """Whether a question asks for replies to replies rather than for all of them."""
    return bool(_TO_REPLIES.search(question))


def left_out(question: str) -> str | None:
    """What a question wants left out of a count: "top" or "replies"."""
    found = _LEFT_OUT.search(question)
    if found is None:
        return None
    if at_top(found["what"]):
        return "top"
    return "replies" if _REPLIES.search(found["what"]) else None


def top_level(ask: Ask) -> ThreadReply:
    """How many comments stand directly under the article, or how many do not."""
    top = ask.page.replies(None)
    if not top:
        return reply(ask, "top-level", [stated("The page shows no comments.")], short="0")
    below = [c for c in ask.tables.comments if c.parent is not None]
    replies = number_of(len(below), "reply", "replies")
    out = left_out(ask.question)
    counted = _HOW_MANY.search(ask.question) and not ask.slots.has("not", "no", "without")
    wanted = bool(counted or _ARE_REPLIES.search(ask.question))
    if out == "top" or (below and wanted and out is None):
        text = f"{replies}, and {number_of(len(top), 'comment')} at the top level."
        return reply(ask, "top-level", [stated(text, cited(ask, below))], short=str(len(below)))
    text = f"{number_of(len(top), 'comment')} at the top level, {replies} below."
    return reply(ask, "top-level", [stated(text, cited(ask, top))], short=str(len(top)))


def nested(ask: Ask) -> ThreadReply:
    """Replies to replies, or comments as deep as the question says."""
    asked = _DEPTH.search(ask.question)
    number = asked.group(1).lower() if asked else "2"
    least = max(int(number) if number.isdigit() else NUMBER_WORDS[number], 1)
    own = set(ask.slots.authors)
    among = [c for c in ask.tables.comments if not own or c.author in own]
    if least > 2 and not any(c.depth >= least for c in among):
        least -= 1  # "three levels deep" with the article's comments as the first
    found = [c for c in among if c.depth >= least]
    what = "reply to a reply" if least == 2 else f"comment {least} levels below the article’s"
    many = "replies to replies" if least == 2 else f"comments {least} or more levels deep"
    one = what if least == 2 else f"comment {least} or more levels deep"
    if not found:
        below = [c for c in ask.tables.comments if c.parent is not None]
        text = f"No comment{_by(ask)} is a {what}."
        if least == 2 and below and not own:
            text = f"No comment is a reply to a reply: {_all_answer_top(below)}."
        return reply(ask, "nested", [stated(text, cited(ask, below))], short="none")
    text = f"{number_of(len(found), one, many)}{_by(ask)}:"
    claims = [stated(text, cited(ask, found))]
    for comment in found[:60]:
        above = ask.page.comment(comment.parent or "")
        whom = f"answering {shown_id(above)} by {above.author or 'somebody'}"
        start = f"{shown_id(comment)} by {comment.author or 'somebody'}, {whom}"
        claims.append(stated(start, cited(ask, [comment]), before="\n"))
        if len(found) <= 6:
            claims += line(ask, comment, indent="  ")
    short = str(len(found)) if ask.slots.has("many", "number") else listed(people(found))
    return reply(ask, "nested", claims, short=short)


def _all_answer_top(below: list[Comment]) -> str:
    if len(below) == 1:
        return "the only reply answers a top-level comment"
    return f"all {len(below)} replies answer top-level comments"


def _by(ask: Ask) -> str:
    return f" by {listed(ask.slots.authors)}" if ask.slots.authors else ""


def reply_only(ask: Ask) -> ThreadReply:
    """Who wrote replies and no comment of their own."""
    return _one_level(ask, top=False)


def top_only(ask: Ask) -> ThreadReply:
    """Who wrote top-level comments and no reply."""
    return _one_level(ask, top=True)


def _one_level(ask: Ask, *, top: bool) -> ThreadReply:
    route = "top-only" if top else "reply-only"
    did = "wrote top-level comments and no reply" if top else "only replied to others"
    own = ask.tables.by_author
    if ask.slots.authors:
        return _named(ask, route, top=top)
    names = [a for a, c in own.items() if all((x.parent is None) == top for x in c)]
    found = [c for c in ask.tables.comments if c.author in set(names)]
    if not found:
        other = "replied to somebody" if top else "wrote a top-level comment"
        kept = [c for c in ask.tables.comments if (c.parent is None) != top]
        text = f"Nobody: everybody who commented {other}."
        return reply(ask, route, [stated(text, cited(ask, kept))], short="nobody")
    who = number_of(len(names), "person", "people")
    claims = [stated(f"{who} {did}: {listed(names)}.", cited(ask, found))]
    if len(found) <= 6:
        claims += lines(ask, found)
    short = str(len(names)) if ask.slots.has("many", "number") else listed(names)
    return reply(ask, route, claims, short=short)


def _named(ask: Ask, route: str, *, top: bool) -> ThreadReply:
    claims = []
    only = True
    for author in ask.slots.authors:
        own = ask.tables.by_author[author]
        tops = [c for c in own if c.parent is None]
        below = len(own) - len(tops)
        only = only and not (below if top else tops)
        wrote = f"{number_of(len(tops), 'top-level comment')} and "
        text = f"{author} wrote {wrote}{number_of(below, 'reply', 'replies')}."
        claims.append(stated(text, cited(ask, own)))
    return reply(ask, route, claims, short="yes" if only else "no")
