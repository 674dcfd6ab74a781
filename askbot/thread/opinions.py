"""What commenters think about something: by commenter, one verbatim line each, replies below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askbot.answers import Claim, Quote
from askbot.discussion import Comment, Extent
from askbot.text import sentences
from askbot.thread.compose import Ask, ThreadReply, cited, listed, number_of, people, reply, stated
from askbot.thread.mentions import find_mentions, matching, topic_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CANDIDATES = 16
"""Passages that retrieval is asked for."""
SHOWN = 6
"""Commenters that get a line; the others are counted."""
NEAR = 0.62
"""A comment without the topic's words counts when it scores this share of the best one."""
SENTENCES = 24
"""Sentences that are embedded to choose the lines: about 20 ms, once for a page."""


@dataclass(frozen=True, slots=True)
class View:
    """A comment on the topic and the sentence that speaks to it."""

    comment: Comment
    sentence: Extent
    score: float


def opinions(ask: Ask) -> ThreadReply | None:
    """What commenters think about a topic; about the page as a whole where none is named."""
    if ask.slots.authors and not ask.slots.residue:
        return None
    topic, _ = topic_of(ask) if ask.slots.residue or ask.slots.quoted else ("", ())
    searched = topic or ask.page.title or _lead(ask)
    comments = _on_topic(ask, topic, searched)
    if not comments:
        return None
    views = _views(ask, searched, comments)
    who = people(v.comment for v in views)
    about = f" about “{topic}”" if topic else ""
    text = f"{number_of(len(views), 'comment')} by {number_of(len(who), 'person', 'people')}{about}"
    shown = set(who[:SHOWN])
    text += (
        f", the {len(shown)} most relevant people first:"
        if len(who) > SHOWN
        else ", the most relevant first:"
    )
    claims = [stated(text, cited(ask, [v.comment for v in views]))]
    told: set[str] = set()
    for name in who[:SHOWN]:
        best = next(v for v in views if (v.comment.author or "somebody") == name)
        if best.comment.id in told:
            continue
        claims.append(_line(ask, best.comment, best.sentence, ""))
        told.add(best.comment.id)
        for answer in ask.page.replies(best.comment.id):
            if answer.id not in told and not answer.is_empty:
                own = next((v.sentence for v in views if v.comment == answer), None)
                place = own or ask.tables.opening(answer)
                if place is not None:
                    claims.append(_line(ask, answer, place, "  ↳ "))
                    told.add(answer.id)
    return reply(ask, "opinions", claims, short=None)


def _lead(ask: Ask) -> str:
    return ask.page.text(ask.page.paragraphs[0].id)[:200] if ask.page.paragraphs else ""


def _on_topic(ask: Ask, topic: str, searched: str) -> list[tuple[Comment, float]]:
    """Comments on the topic with their scores, best first: those that mention it, and those that
    retrieval finds nearly as near as the nearest."""
    found: dict[str, float] = {}
    hits = [e for e in ask.search(searched, CANDIDATES) if e.kind == "comment"]
    best = max((e.score for e in hits), default=0.0)
    for rank, hit in enumerate(hits):
        if not topic or hit.score >= NEAR * best:
            found.setdefault(hit.local_id, 1.0 - rank / 100)
    if topic:
        words = [t.folded for t in ask.slots.residue]
        said = {m.comment.id for m in find_mentions(ask, topic, ask.tables.comments)}
        said |= {c.id for c in matching(ask, words, ask.tables.comments)} if words else set()
        if said:
            # Where the topic's own words are used, nearness alone is kept only at the very top.
            found = {i: s for n, (i, s) in enumerate(found.items()) if i in said or n < 3}
        for comment_id in said:
            found[comment_id] = found.get(comment_id, 0.3) + 1.0
    ranked = sorted(found.items(), key=lambda item: (-item[1], ask.tables.place[item[0]]))
    return [(ask.page.comment(i), score) for i, score in ranked]


def _views(ask: Ask, searched: str, comments: Sequence[tuple[Comment, float]]) -> list[View]:
    """For each comment the sentence nearest to the topic."""
    pieces: list[tuple[int, Extent]] = []
    for number, (comment, _) in enumerate(comments):
        for extent in _sentences(ask, comment) if len(pieces) < SENTENCES else ():
            pieces.append((number, extent))
    vectors = _embedded(ask, [searched, *(ask.page.source[e.start : e.end] for _, e in pieces)])
    nearness = vectors[1:] @ vectors[0] if pieces else ()
    chosen: dict[int, tuple[float, Extent]] = {}
    for (number, extent), near in zip(pieces, nearness, strict=True):
        if number not in chosen or near > chosen[number][0]:
            chosen[number] = (float(near), extent)
    views = []
    for number, (comment, score) in enumerate(comments):
        place = chosen[number][1] if number in chosen else ask.tables.opening(comment)
        if place is not None:
            views.append(View(comment, place, score))
    return views


def _sentences(ask: Ask, comment: Comment) -> list[Extent]:
    source = ask.page.source
    return [
        Extent(e.start + s.start, e.start + s.end)
        for e in comment.body
        for s in sentences(source[e.start : e.end])
    ]


def _embedded(ask: Ask, texts: Sequence[str]) -> NDArray[np.float32]:
    """Embeddings of some texts; a page's sentences are kept, the topic is always new."""
    import numpy as np

    kept = ask.tables.sentence_vectors
    missing = [t for t in dict.fromkeys(texts) if t not in kept]
    if missing:
        for text, vector in zip(missing, ask.encode(missing), strict=True):
            kept[text] = vector
    vectors: NDArray[np.float32] = np.stack([kept[t] for t in texts])
    kept.pop(texts[0], None)
    return vectors


def _line(ask: Ask, comment: Comment, place: Extent, indent: str) -> Claim:
    text = ask.page.source[place.start : place.end]
    who = comment.author or "Somebody"
    if comment.parent is not None:
        who += f" (to {listed([ask.page.comment(comment.parent).author or 'somebody'])})"
    quote = Quote(comment.id, text, place.start, place.end, comment.author or None)
    return stated(f"{indent}{who}: “{text}”", (quote,), before="\n")
