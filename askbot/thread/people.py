"""Finding who and what a question points to: known people, unknown ones, comments that exist."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.discussion import Comment
from askbot.thread import mentions
from askbot.thread.compose import Ask, ThreadReply, listed, reply, stated
from askbot.thread.handles import handle_in
from askbot.thread.levels import at_top
from askbot.thread.names import close_authors
from askbot.thread.slots import span_text
from askbot.thread.vocabulary import DETERMINERS, word_list
from askbot.thread.words import NameMatch, Token

_LEADS_TO_NAME = frozenset(
    word_list("""
    to by from did does do has have is was with on and answer answered reply replied
    respond responded called named at against get gets between support
    challenge challenged contradict contradicted correct corrected
    """)
)


def problem(ask: Ask) -> ThreadReply | None:
    """Why the people or comments that the question names cannot be told; None if they can."""
    for match in ask.slots.names:
        if match.ambiguous and not set(match.authors) & set(ask.slots.authors):
            return which_one(ask, match)
    missing = [r for r in ask.slots.references if r not in ask.page]
    if missing:
        return no_such_comment(ask, missing[0])
    return None


def which_one(ask: Ask, match: NameMatch) -> ThreadReply:
    """Ask back: a name that fits several commenters."""
    text = f"“{match.text}” fits {listed(match.authors)}: which one do you mean?"
    comments = [ask.tables.by_author[a][0] for a in match.authors]
    from askbot.thread.compose import cited

    return reply(ask, "which-name", [stated(text, cited(ask, comments))])


def no_such_comment(ask: Ask, asked: str) -> ThreadReply:
    """A number that no comment has."""
    top = ask.page.replies(None)
    there = f"they run from #1 to {'#' + top[-1].id[1:]}" if top else "the page shows no comments"
    text = f"There is no comment #{asked[1:]} on this page; {there}."
    return reply(ask, "no-such-comment", [stated(text)], abstained=True)


def nobody_called(ask: Ask, name: str) -> ThreadReply:
    """A name that no commenter has, with the names that look like it.

    Where it is asked whether the name comes up, the comments that have it are the answer.
    """
    if _COMES_UP.search(ask.question):
        for known in dict.fromkeys((name, name.split()[-1])):
            if mentions.find_mentions(ask, known, ask.tables.comments):
                return mentions.mentioning(ask, known) or _nobody(ask, name)
    return _nobody(ask, name)


_COMES_UP = re.compile(
    r"\b(?:come|comes|came|crops?|cropped|pops?|popped|brought|bring\w*) up\b|\bmention\w*"
    r"|[’']s name\b|\bby name\b|\bnamed\b|\bspoken of\b|\bappears?\b",
    re.IGNORECASE,
)


def _nobody(ask: Ask, name: str) -> ThreadReply:
    text = f"Nobody called {name} commented here."
    close = close_authors(name, ask.page)
    if close:
        text += f" Close names: {listed(close, 'or')}."
    return reply(ask, "no-such-name", [stated(text)], abstained=True)


def unknown_name(ask: Ask, *, beside: bool = False) -> str | None:
    """Words in the place of a name that no commenter has: "Bob" in "who replied to Bob?".

    Only a run of up to three words that stands alone where a name may stand, without "the"; where
    somebody is named already, only with `beside`.
    """
    residue: Sequence[Token] = ask.slots.residue
    if not ask.slots.names and (handle := handle_in(ask.question, residue)):
        return span_text(ask.question, handle)
    if not residue or len(residue) > 3 or (ask.slots.names and not beside):
        return None
    residue = _name_alone(residue)
    name = span_text(ask.question, residue)
    if not _capital(residue) and ask.tables.in_article(t.folded for t in residue):
        return None  # "did officials comment": somebody in the article, not a name
    if not _capital(residue) and residue[1:] and ask.tables.names_somebody(residue[0].raw):
        return None  # "is biscuit all right": a sentence about what the page speaks of
    if name.count(" ") > 2 or (name.islower() and name.endswith("ing")):
        return None
    before = ask.question[: residue[0].start].split()
    leading = before[-1].strip("?,.:\"'“”").lower() if before else ""
    if leading in DETERMINERS or leading in ("'s", "many", "much"):
        return None
    behind = ask.question[residue[-1].end :].split()
    if leading == "to" and not _capital(residue) and behind and _OBJECT.match(behind[0]):
        return None  # "anything to honor him": a verb
    if leading in _LEADS_TO_NAME or not before or _capital(residue):
        return name
    return None


def _name_alone(residue: Sequence[Token]) -> Sequence[Token]:
    """Without what is not of the name: "Inghram" of "Inghram's accusation"."""
    for place, token in enumerate(residue[:-1], 1):
        if token.possessive or (token.capital and not residue[place].capital):
            return residue[:place]
    return residue


def nobody_unless_spoken_of(ask: Ask, name: str) -> ThreadReply | None:
    """`nobody_called`; None for somebody whom the article or a comment names.

    Who backs or answers such a person is for retrieval to find.
    """
    return None if ask.tables.names_somebody(name) else nobody_called(ask, name)


_OBJECT = re.compile(r"(?:him|her|it|them|this|that|the|an?|his|their|us|me|you)\b", re.IGNORECASE)


def _capital(tokens: Sequence[Token]) -> bool:
    return tokens[0].capital and tokens[0].start > 0


def targets(ask: Ask) -> list[Comment] | None:
    """The comments that the question points to; None if to none.

    By number or by what they are about ("Kim's goose comment"), by author, by place in an order.
    """
    found = [ask.page.comment(r) for r in ask.slots.references if r in ask.page]
    if found:
        return found
    comments: list[Comment] = []
    for author in ask.slots.authors:
        comments.extend(ask.tables.by_author[author])
    if not comments and ask.slots.names:
        return None
    own = bool(comments)
    comments = sorted(comments, key=lambda c: ask.tables.place[c.id])
    if ask.slots.order is not None:
        return ordered(ask, comments if own else None)
    return comments or None


def ordered(ask: Ask, among: Sequence[Comment] | None) -> list[Comment]:
    """The comments at the asked place, of some or of the whole page; empty if there is none.

    "The 5th comment" of a page is the one numbered 5, so that what is shown agrees with the answer;
    the last one is the last on the page, replies included. "The 5th top-level comment" and "the
    second reply" count among their own.
    """
    order = ask.slots.order
    assert order is not None
    pool = list(among) if among is not None else list(ask.tables.comments)
    replies = among is None and ask.slots.has("reply") and not ask.slots.has("comment", "to")
    if at_top(ask.question):
        pool = [c for c in pool if c.parent is None]
    elif replies:
        pool = [c for c in pool if c.parent is not None]
    if order.nth < 0:
        end = len(pool) + order.nth + 1
        first = end - order.count
        return pool[max(first, 0) : max(end, 0)]
    if among is None and order.nth > 1 and not replies:
        pool = list(ask.page.replies(None))
    return pool[order.nth - 1 : order.nth - 1 + order.count]
