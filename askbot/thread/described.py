"""Comments pointed to by what they are about: "the comment about the goose", "Kim's goose post"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from askbot.discussion import Comment
from askbot.thread.inflection import with_exactly, with_words
from askbot.thread.tables import PageTables
from askbot.thread.vocabulary import SCAFFOLD
from askbot.thread.words import NameMatch, Token, tokens_of

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


_REPLY_TO = re.compile(
    r"[’']s? (?:own |first |short |long )?(?:reply|answer|response|comeback|retort|reaction) to ",
    re.IGNORECASE,
)


def answer_to(question: str, names: Sequence[NameMatch], tables: PageTables) -> Pointed | None:
    """What "Kim's reply to Lee" points to: what the one wrote under a comment of the other's."""
    for whose, whom in pairwise(names):
        if not _REPLY_TO.fullmatch(question, whose.end, whom.start):
            continue
        found = [c for a in whose.authors for c in tables.answers_to(a, whom.authors)]
        if found:
            return Pointed(tuple(c.id for c in found), whose.start, whom.end)
    return None


_POINTS = re.compile(
    r"\b(?:to|in|with|at|under(?:neath)?|below|beneath|after|before|behind|says?|said|saying)"
    r"(?: the (?:words?|line|remark|comment|post|question))?[\s,:]*$",
    re.IGNORECASE,
)
_WITH_WORDS = re.compile(
    r"\b(?:which|whose|what|any|the|a)\b(?: \w+)? (?:comments?|posts?|repl(?:y|ies)|remarks?|ones?)"
    r"\b[^,]*\b(?:with|in|says?|said|saying)[\s,:]*$",
    re.IGNORECASE,
)
"""What looks for comments by their words, which then point to none: "which comments say 'amen'"."""


def quoted_comment(
    question: str, start: int, quoted: str, names: Sequence[NameMatch], tables: PageTables
) -> str | None:
    """The one comment that words in quotation marks point to: "what led to 'check your sums'?".

    Args:
        start: where the quotation begins.
    """
    before = question[:start]
    if not _POINTS.search(before):
        return None
    whose = {a for n in names for a in n.authors}
    saying = bool(re.search(r"\bsa(?:ys?|id|ying)[\s,:]*$", before, re.IGNORECASE))
    if not whose and (saying or _WITH_WORDS.search(before)):
        return None
    found = with_exactly(tables, quoted)
    if len(found) != 1 or (saying and found[0].author not in whose):
        return None
    return found[0].id


_WHEN = re.compile(
    r"\bwhen (?:he|she|they) (?:says?|said|writes?|wrote|asks?|asked|claims?|claimed) "
    r"(?:that |to )?(?P<words>[^?!]+)",
    re.IGNORECASE,
)


def said_then(question: str, names: Sequence[NameMatch], tables: PageTables) -> Pointed | None:
    """The comment of the one named: "whom does Kim answer when she says the bus is late?"."""
    match = _WHEN.search(question)
    if match is None or len(names) != 1 or names[0].ambiguous or names[0].end > match.start():
        return None
    said = [t.folded for t in tokens_of(match["words"]) if t.folded not in SCAFFOLD]
    own = [c for a in names[0].authors for c in tables.by_author[a]]
    found = with_words(tables, said, own) if said else []
    return Pointed((found[0].id,), *match.span()) if len(found) == 1 < len(own) else None


_TALK = (
    r"(?:exchange|conversation|argument|back[ -]and[ -]forth|thread|spat|quarrel|dispute|debate"
    r"|discussion|row|bickering)"
)
_TALK_ABOUT = re.compile(
    rf"\b(?:the|that|this)(?: (?:whole|entire|full|long))* {_TALK} "
    r"(?:about|on|over|with|regarding|concerning) (?P<topic>[^?!.;]+)",
    re.IGNORECASE,
)
_TOPIC_TALK = re.compile(
    rf"\b(?:the|that|this)(?: (?:whole|entire|full|long))* "
    rf"(?P<topic>(?:[^\s?!;,]+ ){{1,3}}?){_TALK}\b",
    re.IGNORECASE,
)


def talked_about(
    question: str, tokens: Sequence[Token], names: Sequence[NameMatch], tables: PageTables
) -> Pointed | None:
    """The comment that starts "the whole exchange about day care"; None where none or several do.

    Where its comments have all words of the topic, else where most have any.
    """
    for pattern in (_TALK_ABOUT, _TOPIC_TALK):
        match = pattern.search(question)
        if match is None:
            continue
        topic = [t for t in _topic(tokens, names, *match.span("topic")) if len(t.folded) > 2]
        words = [t.folded for t in topic]
        for every in (True, False):
            found = with_words(tables, words, tables.comments, every=every) if words else []
            roots = Counter(_root(c, tables) for c in found if _answered(c, tables))
            best = roots.most_common(2)
            if best and (len(best) == 1 or best[0][1] > best[1][1]):
                return Pointed((best[0][0],), topic[0].start, topic[-1].end)
    return None


def _root(comment: Comment, tables: PageTables) -> str:
    above = tables.page.ancestors(comment.id)
    return above[-1].id if above else comment.id


def _answered(comment: Comment, tables: PageTables) -> bool:
    return comment.parent is not None or comment.id in tables.reply_counts


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
        if token.folded not in SCAFFOLD and token.folded not in _LEVELS:
            topic.append(token)
    return topic


_LEVELS = frozenset(("main", "root", "parent", "standalone"))
_ENDING = frozenset(
    (
        "get", "gets", "got", "receive", "received", "draw", "drew", "attract", "attracted", "have",
        "has", "had", "did", "does", "was", "is", "reply", "replied", "who", "what", "say", "said",
        "start", "started", "spark", "sparked", "under", "below", "beneath", "come", "came",
    )
)  # fmt: skip
"""Words of asking that end a topic; others ("in", "first") may stand within it."""
