"""Which comments quote the article, and which paragraph.

A quotation is a run of the article's words: seven or more as they are, or four or more in quotation
marks, or a sentence that aligns nearly exactly with a paragraph (rapidfuzz's partial ratio on
folded words, 88 of 100). A shared name of many words is no quotation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from askbot.answers import Claim, Quote
from askbot.discussion import Comment, Extent, Page, Paragraph
from askbot.text import STOPWORDS
from askbot.thread.compose import (
    Ask,
    ThreadReply,
    cited,
    listed,
    number_of,
    people,
    reply,
    shown_id,
    stated,
)
from askbot.thread.inflection import with_words
from askbot.thread.people import targets
from askbot.thread.slots import Slots
from askbot.thread.tables import PageTables, light_fold

RUN = 7
MARKED_RUN = 4
ALIKE = 88.0
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_MARKED = re.compile(r"[\"“”«]\s*([^\"“”«»]+?)\s*[\"“”»]")
_ASKS_WHERE = re.compile(
    r"\b(?:wh?ich|what)\s(?:\w+\s)?(?:paragraph|passage|part|sentence|line|statement)s?\b"
    r"|\bfrom where\b|\bwhere (?:was|were|is|are|did|does|do) (?:it|they|that|this|those)\b"
    r"|\bwhere\b.*\b(?:from|taken|lifted|copied)[?!.]*$",
    re.IGNORECASE,
)
_WHICH_PARAGRAPH = re.compile(
    r"\b(?:wh?ich|what) (?:paragraphs?\b|(?:part|passage|sentence|line|bit) (?:of|in) the (?:\w+ )?"
    r"(?:article|story|piece|text|post|report)\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?…\n]+")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of a comment that stand in a paragraph, as extents of the source."""

    comment: Comment
    paragraph: Paragraph
    words: Extent


def asks_which_paragraph(slots: Slots) -> bool:
    """Whether a question wants the paragraph that somebody's comment speaks of."""
    pointed = len(slots.authors) == 1 or len(slots.references) == 1
    return pointed and bool(_WHICH_PARAGRAPH.search(slots.question))


def quotes(ask: Ask) -> ThreadReply | None:
    """Which comments quote the article and which paragraph; for one that does not, the nearest."""
    if len(ask.slots.residue) > 1 and not ask.slots.authors and not ask.slots.references:
        return None
    every = quotations(ask.tables)
    wanted = targets(ask)
    if not wanted and ask.slots.authors:  # "a third" is no place in an order here
        wanted = [c for a in ask.slots.authors for c in ask.tables.by_author[a]]
    if wanted is not None:
        mine = [q for q in every if q.comment in wanted]
        return _listed(ask, mine) if mine else _without_quotation(ask, wanted)
    if not every:
        text = "No comment quotes the article word for word."
        return reply(ask, "quotes", [stated(text, cited(ask, ask.tables.comments))], short="none")
    return _listed(ask, every)


def _listed(ask: Ask, found: Sequence[Quotation]) -> ThreadReply:
    comments = list({q.comment.id: q.comment for q in found}.values())
    verb = "quotes" if len(comments) == 1 else "quote"
    text = (
        f"{number_of(len(comments), 'comment')} {verb} the article, by {listed(people(comments))}:"
    )
    claims = [stated(text, cited(ask, comments))]
    with_paragraph = bool(_ASKS_WHERE.search(ask.question))
    for quotation in found:
        words = ask.page.source[quotation.words.start : quotation.words.end]
        place = quotation.words
        quote = Quote(quotation.comment.id, words, place.start, place.end)
        who = quotation.comment.author or "Somebody"
        at = f"{who} quotes paragraph {quotation.paragraph.id[1:]}: “{words}”"
        also = (Quote(quotation.paragraph.id),) if with_paragraph else ()
        claims.append(stated(at, (quote, *also), before="\n"))
    paragraphs = dict.fromkeys(q.paragraph.id for q in found)
    short = listed(paragraphs) if with_paragraph else listed(people(comments))
    if ask.slots.has("many", "number"):
        short = str(len(comments))
    return reply(ask, "quotes", claims, short=short)


_FIGURE = re.compile(r"(?<![\w.,])\d[\d.,]*\d(?![\w])|(?<![\w.,])\d{2,}(?!\w)")


def _without_quotation(ask: Ask, comments: Sequence[Comment]) -> ThreadReply:
    """The paragraph with the same figures, or else the nearest one."""
    words = [t.folded for t in ask.slots.residue]
    if words and len(comments) > 1:  # "skeptic's 412 of 2,600": the comment with most of it
        held = [len([w for w in words if with_words(ask.tables, [w], [c])]) for c in comments]
        comments = [c for c, n in zip(comments, held, strict=True) if n == max(held)]
    asked, held_by = _figures(ask.question), _paragraphs_by_figure(ask.page)
    for comment in comments:
        own = _figures(ask.page.text(comment.id))
        for shared in (own & asked, own):
            found: dict[str, list[str]] = {}
            for figure in sorted(shared):
                if len(having := held_by.get(figure, [])) == 1:
                    found.setdefault(having[0], []).append(figure)
            if found:
                return _sharing(ask, comment, found)
    return _nearest(ask, comments)


def _figures(text: str) -> set[str]:
    return set(_FIGURE.findall(text))


def _paragraphs_by_figure(page: Page) -> dict[str, list[str]]:
    held_by: dict[str, list[str]] = {}
    for paragraph in page.paragraphs:
        for figure in _figures(page.text(paragraph.id)):
            held_by.setdefault(figure, []).append(paragraph.id)
    return held_by


def _sharing(ask: Ask, comment: Comment, found: Mapping[str, Sequence[str]]) -> ThreadReply:
    claims = [_no_quotation(ask, [comment])]
    places = [p.id for p in ask.page.paragraphs if p.id in found]
    for place in places:
        text = f"It has a figure of paragraph {place[1:]}: {listed(found[place])}."
        claims.append(stated(text, (Quote(place),)))
    return reply(ask, "quotes", claims, short=listed(places))


def _no_quotation(ask: Ask, comments: Sequence[Comment]) -> Claim:
    who = listed(f"{shown_id(c)} by {c.author or 'nobody named'}" for c in comments)
    return stated(f"No quotation of the article in {who}.", cited(ask, comments))


def _nearest(ask: Ask, comments: Sequence[Comment]) -> ThreadReply:
    """No quotation: the paragraph that is nearest in meaning, said to be unlinked."""
    claims = [_no_quotation(ask, comments)]
    text = " ".join(ask.page.text(c.id) for c in comments)[:600]
    near = next((e for e in ask.search(text, 30) if e.kind == "paragraph"), None) if text else None
    if near is not None:
        say = f"The nearest paragraph is {near.local_id[1:]}, but no words link the two."
        claims.append(stated(say, (Quote(near.local_id),)))
    return reply(ask, "quotes", claims, short="none")


def quotations(tables: PageTables) -> list[Quotation]:
    """All quotations on a page, in page order; found once and kept with the tables."""
    if tables.quotations is None:
        tables.quotations = _find(tables)
    return [q for q in tables.quotations if isinstance(q, Quotation)]


def _find(tables: PageTables) -> list[object]:
    page = tables.page
    paragraphs = [(p, light_fold(page.text(p.id))) for p in page.paragraphs]
    article = [(p, _WORD.findall(text)) for p, text in paragraphs]
    grams = {
        tuple(words[n : n + MARKED_RUN]) for _, words in article for n in range(len(words) - 3)
    }
    found: list[object] = []
    for comment, text in zip(tables.comments, tables.texts, strict=True):
        words = _WORD.findall(text)
        # Any run of six words has a whole four-word gram at a place divisible by three.
        step = 1 if any(mark in text for mark in '"“”«') else 3
        if any(tuple(words[n : n + MARKED_RUN]) in grams for n in range(0, len(words) - 3, step)):
            found.extend(_in_comment(tables, comment, text, paragraphs))
    return found


def _in_comment(
    tables: PageTables, comment: Comment, text: str, paragraphs: Sequence[tuple[Paragraph, str]]
) -> list[Quotation]:
    marked = [m.span(1) for m in _MARKED.finditer(text)]
    candidates = [(s, e, MARKED_RUN) for s, e in marked]
    for match in _SENTENCE.finditer(text):
        if not any(s < match.end() and match.start() < e for s, e in marked):
            candidates.append((match.start(), match.end(), RUN))
    found: dict[str, Quotation] = {}
    for start, end, least in sorted(candidates):
        best = _best_paragraph(text[start:end], least, paragraphs, tables, comment)
        if best is None or best[0].id in found:
            continue
        paragraph, first, last = best
        place = tables.source_place(comment, start + first, start + last)
        if place is not None:
            found[paragraph.id] = Quotation(comment, paragraph, place)
    return list(found.values())


def _best_paragraph(
    piece: str,
    least: int,
    paragraphs: Sequence[tuple[Paragraph, str]],
    tables: PageTables,
    comment: Comment,
) -> tuple[Paragraph, int, int] | None:
    """The paragraph that shares the longest run of words with a piece, and the run's place."""
    spans = [m.span() for m in _WORD.finditer(piece)]
    words = [piece[s:e] for s, e in spans]
    if len(words) < least:
        return None
    best: tuple[int, Paragraph, int] | None = None
    for paragraph, text in paragraphs:
        first, size = _longest_run(words, _WORD.findall(text))
        if size >= MARKED_RUN - 1 and (best is None or size > best[0]):
            best = (size, paragraph, first)
    if best is None:
        return None
    size, paragraph, first = best
    run = words[first : first + size]
    telling = [w for w in run if w not in STOPWORDS]
    if size >= least and len(telling) >= min(4, least - 1) and not _is_name(run, comment, tables):
        return paragraph, spans[first][0], spans[first + size - 1][1]
    if _aligned(words, {p.id: t for p, t in paragraphs}[paragraph.id]) >= ALIKE:
        return paragraph, spans[0][0], spans[-1][1]
    return None


def _longest_run(words: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """Where the longest common run of two word lists starts in the first, and its length."""
    places: dict[str, list[int]] = {}
    for n, word in enumerate(other):
        places.setdefault(word, []).append(n)
    best_first, best_size = 0, 0
    previous: dict[int, int] = {}
    for n, word in enumerate(words):
        current = {place: previous.get(place - 1, 0) + 1 for place in places.get(word, ())}
        for size in current.values():
            if size > best_size:
                best_first, best_size = n - size + 1, size
        previous = current
    return best_first, best_size


def _aligned(words: Sequence[str], paragraph: str) -> float:
    from rapidfuzz import fuzz

    if len(words) < 6:
        return 0.0
    return float(fuzz.partial_ratio(" ".join(words), " ".join(_WORD.findall(paragraph))))


def _is_name(run: Sequence[str], comment: Comment, tables: PageTables) -> bool:
    """Whether a shared run is a long name ("the Coalition for …"): it is all in capitals."""
    text = tables.page.text(comment.id)
    telling = [w for w in run if w not in STOPWORDS and not w[0].isdigit()]
    return bool(telling) and all(
        re.search(rf"\b{re.escape(w.capitalize())}|\b{re.escape(w.upper())}\b", text)
        for w in telling
    )
