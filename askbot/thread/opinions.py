"""What commenters think about something: by commenter, one verbatim line each, replies below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askbot.answers import Claim, Quote
from askbot.discussion import Comment, Extent
from askbot.text import sentences
from askbot.thread.compose import Ask, ThreadReply, cited, listed, number_of, people, reply, stated
from askbot.thread.inflection import with_words
from askbot.thread.mentions import Mention, find_mentions, sentence_around, topic_of
from askbot.thread.opining import asked_outright, opining, without_what_is_asked_for
from askbot.thread.reading import said
from askbot.thread.roles import surname_of
from askbot.thread.words import Token, tokens_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CANDIDATES = 16
"""Passages that retrieval is asked for."""
SHOWN = 6
"""Commenters that get a line; the others are counted."""
NEAR = 0.62
"""Of the page as a whole, a comment counts when it scores this share of the best one."""
NEAR_TOPIC, LEAST = 0.78, 0.34
"""On a topic, a comment without its words counts from this share of the best, and this score."""
RARE = 3
"""Comments that may have a word by which a topic is found where nothing else is."""
SENTENCES = 6
"""Sentences that are embedded to choose lines, a millisecond each; kept with the page."""


def _topic(ask: Ask, outright: str) -> str:
    """What opinions are asked on; `outright` is the topic that the question's form gives, or ""."""
    words = {t.folded for t in tokens_of(outright)}
    if outright and (ask.slots.names or words & {t.folded for t in ask.slots.residue}):
        return outright
    topic, _ = topic_of(ask) if ask.slots.residue or ask.slots.quoted else ("", ())
    return without_what_is_asked_for(topic)


@dataclass(frozen=True, slots=True)
class View:
    """A comment on the topic and the sentence that speaks to it."""

    comment: Comment
    sentence: Extent
    score: float


def opinions(ask: Ask) -> ThreadReply | None:
    """What commenters think about a topic; about the page as a whole where none is named."""
    if ask.slots.authors and not ask.slots.residue and ask.slots.has("what", "how"):
        wrote = [c for a in ask.slots.authors for c in ask.tables.by_author[a]]
        return said(ask, wrote)  # nothing but a person is named: what the person wrote
    if ask.slots.has("who", "which", "whom") or (ask.slots.authors and not ask.slots.residue):
        return None  # "who agrees that …" is for retrieval to find
    outright = asked_outright(ask.question)
    if ask.slots.residue and not (ask.certain or outright) and not opining(ask.slots):
        return None  # "what are they doing with the empty wing"
    topic = _topic(ask, outright)
    searched = topic or ask.page.title or _lead(ask)
    views = _on_topic(ask, topic, searched)
    if not views:
        text = f"No commenter speaks about “{topic}”." if topic else "Nobody commented."
        return reply(ask, "opinions", [stated(text)], abstained=True)
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
        for answer in ask.page.descendants(best.comment.id):
            if answer.id not in told and not answer.is_empty:
                own = next((v.sentence for v in views if v.comment == answer), None)
                place = own or ask.tables.opening(answer)
                if place is not None:
                    indent = "  " * (answer.depth - best.comment.depth)
                    claims.append(_line(ask, answer, place, f"{indent}↳ "))
                    told.add(answer.id)
    return reply(ask, "opinions", claims, short=None)


def _lead(ask: Ask) -> str:
    return ask.page.text(ask.page.paragraphs[0].id)[:200] if ask.page.paragraphs else ""


def _on_topic(ask: Ask, topic: str, searched: str) -> list[View]:
    """Comments on the topic, best first: those that mention it, and those that retrieval finds
    nearly as near as the nearest."""
    hits = [e for e in ask.search(searched, CANDIDATES) if e.kind == "comment"]
    best = max((e.score for e in hits), default=0.0)
    least = max(NEAR_TOPIC * best, LEAST) if topic else NEAR * best
    rank = {e.local_id: 1.0 - n / 100 for n, e in enumerate(hits) if e.score >= least}
    said = _mentioned(ask, topic) if topic else {}
    if topic and not said:
        named = [t for t in ask.slots.residue if t.capital or t.raw[0].isdigit()]
        if said := _with_a_rare_word(ask, named if rank else ask.slots.residue):
            rank = {}
    near = [i for i in rank if i not in said]
    views = [View(ask.page.comment(i), place, 1.3 + rank.get(i, 0.0)) for i, place in said.items()]
    for comment_id, place in _nearest(ask, searched, near).items():
        views.append(View(ask.page.comment(comment_id), place, rank[comment_id]))
    if not topic:
        placed = {v.comment.id for v in views}
        for comment in (ask.page.comment(i) for i in near if i not in placed):
            if (opening := ask.tables.opening(comment)) is not None:
                views.append(View(comment, opening, rank[comment.id]))
    return sorted(views, key=lambda v: (-v.score, ask.tables.place[v.comment.id]))


def _mentioned(ask: Ask, topic: str) -> dict[str, Extent]:
    """Comments with the topic's words, together or apart, and the sentence with the first."""
    every = ask.tables.comments
    held_by = surname_of(topic, ask.tables)
    either = f"{topic} or {held_by}" if held_by else topic
    found = {m.comment.id: m for m in find_mentions(ask, either, every)}
    words = [t.folded for t in ask.slots.residue]
    apart = with_words(ask.tables, words, every) if len(words) > 1 else []
    for word in words[:1]:
        rest = [c for c in apart if c.id not in found]
        found |= {m.comment.id: m for m in find_mentions(ask, word, rest)}
    return _places(ask, found.values())


def _with_a_rare_word(ask: Ask, words: Sequence[Token]) -> dict[str, Extent]:
    """Comments with the rarest of these words, where only few have it."""
    every = ask.tables.comments
    few = [m for w in words if 0 < len(m := find_mentions(ask, w.raw, every)) <= RARE]
    rarest = min(few, key=len, default=[])
    return _places(ask, rarest)


def _places(ask: Ask, found: Iterable[Mention]) -> dict[str, Extent]:
    """The sentence with each mention, by comment."""
    return {m.comment.id: sentence_around(ask, m.comment, m.start, m.end) for m in found}


def _nearest(ask: Ask, searched: str, ids: Sequence[str]) -> dict[str, Extent]:
    """For each comment the sentence nearest to the topic."""
    pieces: list[tuple[str, Extent]] = []
    for comment_id in ids:
        if len(pieces) < SENTENCES:
            pieces += [(comment_id, e) for e in _sentences(ask, ask.page.comment(comment_id))]
    pieces = pieces[:SENTENCES]
    if not pieces:
        return {}
    vectors = _embedded(ask, [searched, *(ask.page.source[e.start : e.end] for _, e in pieces)])
    nearest: dict[str, tuple[Extent, float]] = {}
    for (comment_id, extent), near in zip(pieces, vectors[1:] @ vectors[0], strict=True):
        if comment_id not in nearest or near > nearest[comment_id][1]:
            nearest[comment_id] = (extent, float(near))
    return {comment_id: extent for comment_id, (extent, _) in nearest.items()}


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
