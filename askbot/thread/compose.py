"""Building blocks of answers over the thread: what is cited, how people are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from askbot.answers import Claim, Draft, Evidence, Quote
from askbot.discussion import Comment, Page
from askbot.thread.slots import Slots
from askbot.thread.tables import PageTables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Encode = Callable[[Sequence[str]], NDArray[np.float32]]

Search = Callable[[str, int], Sequence[Evidence]]

NAMED_AT_MOST = 40
"""People that are listed by name; of a larger crowd only the number of the others is given."""
QUOTED_AT_MOST = 12
"""Comments that are quoted line by line; more are only counted and cited."""


@dataclass(frozen=True, slots=True)
class ThreadReply:
    """An answer computed over the comment tree.

    Attributes:
        evidence: every passage the draft cites, in the order of the answer.
        route: what was computed, such as "thread:count".
    """

    draft: Draft
    evidence: tuple[Evidence, ...]
    route: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question on its way to an answer; `certain` if the router has hardly any doubt of it."""

    slots: Slots
    tables: PageTables
    search: Search
    encode: Encode
    prefix_ids: bool = False
    certain: bool = False

    @property
    def page(self) -> Page:
        return self.tables.page

    @property
    def question(self) -> str:
        return self.slots.question


def reply(
    ask: Ask,
    route: str,
    claims: Sequence[Claim],
    *,
    short: str | None = None,
    abstained: bool = False,
    notes: tuple[str, ...] = (),
) -> ThreadReply:
    """The finished reply; ids get the page's prefix where several pages are in play."""
    slug = ask.page.slug
    ids = dict.fromkeys(quote.id for claim in claims for quote in claim.quotes)
    if ask.prefix_ids:
        claims = [
            replace(c, quotes=tuple(replace(q, id=f"{slug}:{q.id}") for q in c.quotes))
            for c in claims
        ]
    evidence = tuple(
        Evidence(f"{slug}:{i}" if ask.prefix_ids else i, ask.page, i, 1.0) for i in ids
    )
    draft = Draft(tuple(claims), abstained, short, 0.0 if abstained else 1.0, notes)
    return ThreadReply(draft, evidence, f"thread:{route}")


def stated(text: str, quotes: Iterable[Quote] = (), before: str = " ") -> Claim:
    """A computed statement; without anything to cite it asserts nothing that could be checked."""
    cited = tuple(quotes)
    if text.endswith("..") and not text.endswith("..."):
        text = text[:-1]  # a name's own full stop ends the sentence: "… by Lupe V."
    return Claim(text, cited, before=before, computed=True, asserts=bool(cited))


def cited(ask: Ask, comments: Iterable[Comment]) -> tuple[Quote, ...]:
    """One citation a comment, each by its opening words."""
    return tuple(opening(ask, comment) for comment in comments)


def opening(ask: Ask, comment: Comment) -> Quote:
    """A comment cited as a whole: by its opening words, an empty one by its header."""
    kept = ask.tables.openings
    if comment.id not in kept:
        place = ask.tables.opening(comment)
        kept[comment.id] = Quote(comment.id)
        if place is not None:
            text = ask.page.source[place.start : place.end]
            kept[comment.id] = Quote(comment.id, text, place.start, place.end)
    return kept[comment.id]


def line(ask: Ask, comment: Comment, *, whole: bool = True, indent: str = "") -> list[Claim]:
    """A comment as a line of its own: who, to whom, and the words, verbatim and cited."""
    who = comment.author or "Somebody"
    if comment.parent is not None:
        who += f" (to {ask.page.comment(comment.parent).author or 'somebody'})"
    if comment.is_empty:
        return [stated(f"{indent}{who}: (empty)", (Quote(comment.id),), before="\n")]
    extents = comment.body
    if not whole:
        start, end = comment.body[0].start, comment.body[0].end
        place = ask.tables.beginning(comment, 280)
        assert place is not None
        text = ask.page.source[place.start : place.end]
        more = " …" if place.end < end or len(comment.body) > 1 else ""
        quote = Quote(comment.id, text, start, place.end, comment.author or None)
        return [stated(f"{indent}{who}: “{text}{more}”", (quote,), before="\n")]
    claims = []
    for number, extent in enumerate(extents):
        text = ask.page.source[extent.start : extent.end]
        quote = Quote(comment.id, text, extent.start, extent.end, comment.author or None)
        lead = f"{indent}{who}: " if number == 0 else ""
        claims.append(stated(f"{lead}“{text}”", (quote,), before="\n" if number == 0 else " "))
    return claims


def lines(ask: Ask, comments: Sequence[Comment], *, whole: bool = True) -> list[Claim]:
    """Lines for some comments; none where there are too many to quote."""
    if len(comments) > QUOTED_AT_MOST:
        return []
    return [claim for comment in comments for claim in line(ask, comment, whole=whole)]


def number_of(count: int, one: str, many: str | None = None) -> str:
    """ "1 comment", "3 comments", "no comments"."""
    return f"{count or 'no'} {one if count == 1 else many or one + 's'}"


def times(count: int) -> str:
    """ "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def listed(names: Iterable[str], conjunction: str = "and") -> str:
    """ "A, B and C"; a long list is cut, saying how many more there are."""
    shown = list(names)
    if len(shown) > NAMED_AT_MOST:
        more = len(shown) - NAMED_AT_MOST
        return ", ".join(shown[:NAMED_AT_MOST]) + f" and {more} more"
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {conjunction} {shown[-1]}"


def people(comments: Iterable[Comment]) -> list[str]:
    """Distinct authors of some comments, in order."""
    return list(dict.fromkeys(c.author or "somebody" for c in comments))


def shown_id(comment: Comment) -> str:
    """ "#16.1", as comments are shown."""
    return f"#{comment.id[1:]}"


def whose(ask: Ask, wanted: Sequence[Comment]) -> str:
    """ "mark", or "#16 by mark" where single comments are asked about."""
    if ask.slots.references or ask.slots.order is not None:
        return listed(f"{shown_id(c)} by {c.author or 'nobody named'}" for c in wanted)
    return listed(ask.slots.authors)
