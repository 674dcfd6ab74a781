"""Questions about whoever wrote the article as one of the commenters: "did the author reply?".

The words for the writer are taken for the commenter whom the byline names, but only in questions
about commenting: what the author says, thinks or is called is for retrieval to find.
"""

from __future__ import annotations

import re
from dataclasses import replace

from askbot.answers import Claim
from askbot.discussion import Page
from askbot.thread.bylines import bearers, byline_of
from askbot.thread.compose import Ask, ThreadReply, listed, reply, stated
from askbot.thread.slots import Slots
from askbot.thread.tables import tables_of
from askbot.thread.vocabulary import word_list
from askbot.thread.words import NameMatch

_WORK = (
    r"(?:original |whole |entire |news |blog |newspaper )?"
    r"(?:article|story|piece|post|blog|entry|column|report|text|page|essay|op-ed|write-up|thing"
    r"|item|news|blog ?post|submission)"
)
_WRITER = (
    r"(?:original )?(?:author|writer|blogger|journalist|reporter|columnist|correspondent|poster"
    r"|owner|submitter)"
)
_ROLE = re.compile(
    rf"\b(?:the|this|that) {_WORK}[’']s (?:own )?{_WRITER}\b"
    rf"|\b(?:the|its) {_WRITER} (?:of|behind) (?:the|this|that) {_WORK}\b(?! [\d#])"
    r"(?: above| itself)?"
    rf"|\b(?:whoever|(?:the )?(?:person|one|man|woman|guy|journalist|reporter) (?:who|that)"
    rf"|he who|the one that) (?:wrote|penned|authored|published|posted|submitted)"
    rf" (?:the|this|that) {_WORK}\b(?! [\d#])(?: above| itself)?"
    r"|\b(?:the )?(?:op|o\.p\.)(?![^\W_]|-)"
    r"|\bthe (?:original (?:poster|author|writer)|blogger|article[’']s author|submitter)\b"
    r"|\b(?:the|its) (?:author|writer|journalist|reporter|columnist)\b(?! of\b| behind\b|[’']s)",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"the (?:writer|journalist|reporter|columnist|correspondent)", re.IGNORECASE)
"""Words that may as well mean somebody of the article."""

KINDS = frozenset(
    {"count", "again", "show", "repliers", "replied_to", "reply_count", "between", "neighbours"}
)
"""Kinds of questions in which the writer can be one of the commenters."""

_ABOUT_REPLIES = frozenset({"repliers", "replied_to", "reply_count", "between"})
_COMMENTING = frozenset(
    word_list("""
    comment comments commented commenting commenter commenters reply replies replied replying
    respond responds responded responding response responses answer answers answered answering
    thread discussion conversation react reacted reacts readers chime chimed weigh weighed
    participate participated contribute contributed join joined joins post posts posted
    """)
)
_WRITING = frozenset({"write", "writes", "wrote", "come", "comes", "came"})
_REPLYING = frozenset(
    word_list("""
    reply replies replied replying respond responds responded responding response responses answer
    answers answered answering react reacted talk talked back
    """)
)
_STANCE = frozenset(
    word_list("""
    agree agrees agreed disagree disagrees disagreed object objects argue argued challenge
    challenged support supports supported criticise criticize criticised criticized attack attacked
    correct corrected think thinks
    """)
)


def writer_named(question: str, page: Page) -> tuple[NameMatch, ...]:
    """The words for the article's writer in a question, with the commenters who are meant.

    `authors` is empty where the page names no writer, or one who did not comment.
    """
    found = _ROLE.search(question)
    if found is None:
        return ()
    authors = bearers(tables_of(page))
    return (NameMatch(found.start(), found.end(), found.group(), authors, "role"),)


def speaks_of_commenting(slots: Slots, kind: str) -> bool:
    """Whether a question that names the writer asks for what the comment tree has."""
    words = set(slots.skeleton)
    role = next(n for n in slots.names if n.how == "role")
    spoken = _COMMENTING | _WRITING if kind in ("neighbours", "again") else _COMMENTING
    if kind not in KINDS or not words & spoken or len(slots.residue) > 2:
        return False
    if kind in _ABOUT_REPLIES:
        if words & _STANCE or not words & _REPLYING:
            return False
        return bool(role.authors) or kind != "repliers" or not _LOOSE.fullmatch(role.text)
    return True


def absent(ask: Ask) -> ThreadReply | None:
    """That the writer did not comment, or is not named; None where the writer is a commenter."""
    role = next((n for n in ask.slots.names if n.how == "role"), None)
    if role is None or role.authors:
        return None
    by = byline_of(ask.tables)
    if not by.names:
        text = "The page does not say who wrote the article, so whether they commented is unknown."
        return reply(ask, "no-byline", [stated(text)], abstained=True)
    names = listed(by.names)
    quotes = (by.line,) if by.line else ()
    text = f"The article is by {names}, and nobody called {names} commented here."
    short = "0" if ask.slots.has("many", "number", "often") else "no"
    return reply(ask, "writer-absent", [Claim(text, quotes, computed=True)], short=short)


def with_note(answer: ThreadReply, slots: Slots) -> ThreadReply:
    """An answer that says whom it took for the writer."""
    role = next((n for n in slots.names if n.how == "role" and n.authors), None)
    if role is None:
        return answer
    note = f"By its byline the article is by {listed(role.authors)}."
    return replace(answer, draft=replace(answer.draft, notes=(*answer.draft.notes, note)))
