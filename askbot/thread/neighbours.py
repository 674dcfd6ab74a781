"""What stands next to a comment on the page: who wrote right after, or before, somebody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from askbot.answers import Claim
from askbot.discussion import Comment
from askbot.thread.compose import (
    Ask,
    ThreadReply,
    cited,
    line,
    listed,
    people,
    reply,
    shown_id,
    stated,
)
from askbot.thread.levels import at_top
from askbot.thread.people import nobody_called, targets, unknown_name
from askbot.thread.vocabulary import LAST_WORDS, ORDINAL_WORDS, word_list
from askbot.thread.words import tokens_of

_AFTER = frozenset(
    word_list("""
    after following follow follows followed next below beneath underneath under succeeding succeeds
    succeeded subsequent subsequently afterwards behind heels
    """)
)
_BEFORE = frozenset(
    word_list("""
    before preceding precede precedes preceded previous previously prior above ahead beforehand
    """)
)
_TURNS = frozenset(word_list("after before below above behind under follow follows following"))
"""Words of direction that may end a question: "whom did A write after"."""
_TURNED = re.compile(r"(?:follow|preced|succeed)ed by", re.IGNORECASE)
_ASKS = re.compile(r"\W*(?:who|whom|whose|which|what)\b", re.IGNORECASE)
_POINTS = re.compile(r"\W*(?:it|him|her|them|that|this|his|hers|theirs)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """From whose comment how many places on: `by` is 1 for the next one, -1 for the one before."""

    by: int
    start: int


def neighbours(ask: Ask) -> ThreadReply | None:
    """The comment before or after somebody's, in page order or among the top-level ones."""
    steps = _steps(ask)
    if not steps:
        return None
    anchors = _anchors(ask, steps[0])
    if anchors is None:
        stranger = unknown_name(ask)
        return nobody_called(ask, stranger) if stranger else None
    pool = list(ask.page.replies(None)) if at_top(ask.question) else list(ask.tables.comments)
    claims: list[Claim] = []
    found: list[Comment] = []
    for anchor in anchors:
        for step in steps:
            there, text = _next(ask, pool, anchor, step.by)
            shown = cited(ask, [there or anchor])
            claims.append(stated(text, shown, before="\n" if claims else " "))
            if there is not None:
                claims += line(ask, there)
                found.append(there)
    short = listed(people(found)) or "nobody"
    if len(ask.slots.authors) == 2:  # "did A write right after B"
        others = set(ask.slots.authors) - {a.author for a in anchors}
        short = "yes" if others & {c.author for c in found} else "no"
        claims.insert(0, stated(f"{short.capitalize()}."))
    return reply(ask, "neighbours", claims, short=short)


def _next(
    ask: Ask, pool: Sequence[Comment], anchor: Comment, by: int
) -> tuple[Comment | None, str]:
    own = f"{shown_id(anchor)} by {anchor.author or 'nobody named'}"
    if anchor not in pool:
        anchor = ask.page.ancestors(anchor.id)[-1]
    place = pool.index(anchor) + by
    side = "after" if by > 0 else "before"
    if not 0 <= place < len(pool):
        end = "last" if by > 0 else "first"
        if abs(by) > 1:
            return None, f"No comment stands {abs(by)} places {side} {own}."
        return None, f"Nothing comes {side} {own}: it is the {end} comment."
    there = pool[place]
    how = "Right" if abs(by) == 1 else f"{abs(by)} places"
    return there, f"{how} {side} {own} comes {shown_id(there)} by {there.author or 'nobody named'}:"


def _steps(ask: Ask) -> list[Step]:
    """Which way the question points; turned round where the name is what comes after.

    "Who wrote after A" asks for what follows A, "after whom did A write" and "what is followed by
    A's" for what A follows.
    """
    named = [(n.start, n.end) for n in ask.slots.names]
    tokens = [t for t in tokens_of(ask.question) if not any(s <= t.start < e for s, e in named)]
    steps: dict[int, Step] = {}
    for token in tokens:
        by = (token.folded in _AFTER) - (token.folded in _BEFORE)
        if not by or by in steps:
            continue
        rest = ask.question[token.end :]
        named_behind = any(s >= token.end for s, _ in named) or bool(_numbered(rest))
        named_before = any(e <= token.start for _, e in named) or bool(
            _numbered(ask.question[: token.start])
        )
        fronted = named_behind and bool(_ASKS.match(rest))
        stranded = named_before and not named_behind and _stranded(rest)
        if _TURNED.match(ask.question[token.start :]):
            by = -by if named_behind else by
        elif token.folded in _TURNS and (fronted or stranded):
            by = -by
        steps.setdefault(by, Step(by * _how_far(ask, token.start), token.start))
    return sorted(steps.values(), key=lambda s: s.by)


_NUMBERED = re.compile(r"#\s?\d|\bcomments? (?:no\.? ?|number )?\d", re.IGNORECASE)


def _numbered(text: str) -> bool:
    return bool(_NUMBERED.search(text))


_SMALL = frozenset({"did", "does", "do", "right", "just", "immediately", "directly", "in", "the"})


def _stranded(rest: str) -> bool:
    """Whether nothing to point to follows: "whose comment does A's come after?"."""
    if _POINTS.match(rest):
        return False
    return not {t.folded for t in tokens_of(rest)} - _SMALL - {"thread", "page", "comments", "list"}


def _how_far(ask: Ask, start: int) -> int:
    """ "The second comment after A's" is two places on, "the last before" one back."""
    for token in tokens_of(ask.question[:start]):
        nth = ORDINAL_WORDS.get(token.folded, 0)
        if nth > 1:
            return nth
    return 1


def _anchors(ask: Ask, step: Step) -> list[Comment] | None:
    """The comments to start from; a place in order counts only behind the word of direction."""
    slots = ask.slots
    if slots.order is not None and slots.names:
        words = [t.folded for t in tokens_of(ask.question[: step.start])]
        if any(w in ORDINAL_WORDS or w in LAST_WORDS for w in words):
            ask = replace(ask, slots=replace(slots, order=None))
    if len(ask.slots.authors) > 1:
        behind = [n for n in slots.names if n.start > step.start] or slots.names[-1:]
        ask = replace(ask, slots=replace(ask.slots, names=tuple(behind[:1])))
    return targets(ask) or None
