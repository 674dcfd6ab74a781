"""Comments pointed to by what they are about: "the comment about the goose", "Kim's goose post"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askbot.discussion import Comment
from askbot.thread.inflection import with_words
from askbot.thread.tables import PageTables
from askbot.thread.vocabulary import SCAFFOLD
from askbot.thread.words import NameMatch, Token

_PIECE = (
    r"(?:comment|post|remark|reply|message|complaint|question|rant|joke|story|point|anecdote)\b"
)
_BY = r"(?:\s+(?:by|from)\s+(?:\S+\s+){1,3}?)?\s*"
_AFTER = re.compile(
    rf"(?:(?:\b(?:the|that|this|his|her|their)|['’]s?)\s+{_PIECE}{_BY}|['’]s?\s+(?:one )?)"
    r"(?:\b(?:about|on|regarding|concerning|mentioning|that (?:mentions|is about)|with))"
    r"\s+(?P<topic>[^?!.;,]+)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:\b(?:the|that|this|his|her|their)|['’]s?)\s+(?P<topic>(?:[^\s?!;,]+\s+){1,4}?)"
    rf"{_PIECE}",
    re.IGNORECASE,
)
MOST = 2
"""Comments that a description may fit where nobody is named; it points to none of more."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """The comments that a description points to, and where it stands in the question."""

    ids: tuple[str, ...]
    start: int
    end: int


def described(
    question: str, tokens: Sequence[Token], names: Sequence[NameMatch], tables: PageTables
) -> Pointed | None:
    """What "the comment about X" or "NAME's X comment" points to; None where nothing does.

    With a name it picks from that person's comments, and has to leave some of them out.
    """
    for pattern in (_AFTER, _BEFORE):
        match = pattern.search(question)
        if match is None:
            continue
        topic = _topic(tokens, names, *match.span("topic"))
        if not topic:
            continue
        start = match.start()
        end = topic[-1].end if pattern is _AFTER else match.end()
        whose = [n for n in names if n.end == start or start <= n.start < topic[0].start]
        among: Sequence[Comment] = tables.comments
        if whose:
            start = min(start, *(n.start for n in whose))
            # of a name that two people share, whoever wrote on it is meant
            among = [c for n in whose for a in n.authors for c in tables.by_author[a]]
        found = with_words(tables, [t.folded for t in topic], among)
        if found and len(found) <= MOST and len(found) < len(among):
            return Pointed(tuple(c.id for c in found), start, end)
    return None


def _topic(
    tokens: Sequence[Token], names: Sequence[NameMatch], start: int, end: int
) -> list[Token]:
    """The words of a topic up to the next word of asking: "cows" of "cows get"."""
    topic: list[Token] = []
    for token in tokens:
        if not start <= token.start < end:
            continue
        named = any(n.start <= token.start < n.end for n in names)
        if named or (token.folded in SCAFFOLD and topic and token.folded in _ENDING):
            break
        if token.folded not in SCAFFOLD:
            topic.append(token)
    return topic


_ENDING = frozenset(
    (
        "get", "gets", "got", "receive", "received", "draw", "drew", "attract", "attracted", "have",
        "has", "had", "did", "does", "was", "is", "reply", "replied", "who", "what", "say", "said",
        "start", "started", "spark", "sparked", "under", "below", "beneath", "come", "came",
    )
)  # fmt: skip
"""Words of asking that end a topic; others ("in", "first") may stand within it."""
