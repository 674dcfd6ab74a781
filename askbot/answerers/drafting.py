"""A model's text read as a draft, strictly: what the citation check could not see is refused here.

`askbot.citations.check` decides what a citation may stand for. A model can still write what that
check does not look at: half a marker, a second quotation that is altered where the first is right,
a number in words, the opposite of what the passage says. Such a statement keeps its words and loses
its citations, so that the check finds it unsupported; the reason is listed with the rejected ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from askbot.answerers.grounding import best_sentence, objection, unrelated
from askbot.answerers.quotations import quotations, unbalanced
from askbot.answerers.typography import realigned, visible
from askbot.answers import Claim, Draft, Evidence, Quote
from askbot.markers import draft_from_text, scan, strip_markers
from askbot.text import fold, names, numbers, words

_ID = r"(?:[a-z0-9-]+:)?[pc]\s?\d+(?:\.\d+)*"
_OPEN, _CLOSE = r"[\[({<【〔〖«‹⟦［（]", r"[\])}>】〕〗»›⟧］）]"
_HALF = re.compile(
    rf"{_OPEN}+\s*(?>{_ID}(?:\s*[,;&–-]\s*{_ID})*)[,;]?+\s*(?:\bc|\bp)?"
    rf"(?=\s*(?:$|[^\s\d.,;&\])}}>】〕〗»›⟧］）†–-]))"
    rf"|{_OPEN}+\s*[pc]?(?=\s*$)"
    rf"|(?<![\w\[({{<【,;&:-])(?<![\[({{<【,;&] ){_ID}\s*{_CLOSE}+",
    re.IGNORECASE | re.MULTILINE,
)
_LINK = re.compile(r"(?<=\])\([^()\s]*\)")
_MARKUP = re.compile(r"\*\*|__|`+|^#{1,6}\s+|^\s*>\s?", re.MULTILINE)
_ABSENCE = re.compile(
    r"(?:However, |But |Beyond that, )?(?:the|this|these|neither|nothing|no)\b[^.]{0,40}\b"
    r"(?:page|article|passages?|comments?|text|discussion)\b[^.]{0,40}\b"
    r"(?:does|do|did|says?|mentions?|states?|gives?|tells?|answers?)\b.{0,160}",
    re.IGNORECASE,
)
_ANSWER_WORD = re.compile(r"(?:yes|no|both|neither|none|correct)[.,!]?\Z", re.IGNORECASE)
_SENTINEL = "not on the page"
_DECLINES = re.compile(
    r"(?:i(?:['’]m| am)? (?:cannot|can['’]t|could not|couldn['’]t|do not|don['’]t|sorry|unable)\b|"
    r"unfortunately|sorry|there is no (?:information|mention)|no information|"
    r"(?:the|this|these|none of the) (?:given |provided )?(?:page|passages?|article|comments?|text)"
    r"[^.]{0,40} (?:does|do|did)(?: not|n['’]t)|not (?:mentioned|stated|given|answered)\b)",
    re.IGNORECASE,
)
ADDED_NOTHING = "nothing to add"


def declines(text: str) -> bool:
    """Whether a model says that the passages hold no answer (and cites nothing)."""
    bare = " ".join(re.sub(r"[*_`\"'.“”]", "", text).split()).casefold()
    if bare.startswith(_SENTINEL) or bare == ADDED_NOTHING:
        return True
    draft = draft_from_text(text)
    if any(claim.quotes for claim in draft.claims) or draft.malformed or len(draft.claims) > 3:
        return False
    return bool(_DECLINES.match(text.strip()))


def draft(text: str, evidence: Sequence[Evidence], computed: Sequence[Claim] = ()) -> Draft:
    """The draft that a model's text amounts to.

    Args:
        evidence: what it may cite.
        computed: statements that code computed in this turn; where the text repeats one word for
            word it counts as that statement, with that statement's citations.
    """
    known = {item.id: item for item in evidence}
    clean, halves = _without_half_markers(_MARKUP.sub("", _LINK.sub("", visible(text))).strip())
    read = draft_from_text(clean)
    malformed = [*halves, *read.malformed]
    claims = []
    for found in _joined(read.claims):
        claim = replace(found, text=without_markers(found.text))
        if not claim.text:
            continue
        given = _as_computed(claim, computed)
        if given is not None:
            claims.append(given)
            continue
        strict, refused = _strict(claim, known)
        claims.append(strict)
        malformed.extend(refused)
    return Draft(tuple(claims), malformed=tuple(malformed))


def without_markers(text: str) -> str:
    """The text without markers, those that only taking others out lays bare included."""
    while scan(text):
        text = strip_markers(text).strip()
    return text


def _without_half_markers(text: str) -> tuple[str, list[Quote]]:
    found = [m.group().strip() for m in _HALF.finditer(text)]
    if not found:
        return text, []
    return re.sub(r"[ \t]+([.,;!?])", r"\1", _HALF.sub("", text)), [
        Quote(raw, "half a marker is not a citation: write [p12]") for raw in found
    ]


def _joined(claims: Sequence[Claim]) -> list[Claim]:
    """Sentences that belong together: a quotation over two of them; "No." and its reason."""
    joined: list[Claim] = []
    for claim in claims:
        last = joined[-1] if joined else None
        if last is not None and (unbalanced(last.text) or _ANSWER_WORD.match(last.text)):
            ids = dict.fromkeys(q.id for q in (*last.quotes, *claim.quotes))
            joined[-1] = replace(
                last,
                text=last.text + claim.before + claim.text,
                quotes=tuple(Quote(i) for i in ids),
            )
        else:
            joined.append(claim)
    return joined


def _as_computed(claim: Claim, computed: Sequence[Claim]) -> Claim | None:
    own = words(claim.text)
    for given in computed:
        if given.computed and own and own == words(given.text):
            return replace(given, before=claim.before)
    return None


def _strict(claim: Claim, known: Mapping[str, Evidence]) -> tuple[Claim, list[Quote]]:
    """A claim with located quotations, or without citations and with the reasons."""
    ids = list(dict.fromkeys(q.id for q in claim.quotes))
    if not ids:
        return replace(claim, quotes=(), asserts=_asserts(claim.text)), []
    cited = [known[i] for i in ids if i in known]
    unknown = tuple(Quote(i) for i in ids if i not in known)
    if not cited:
        return replace(claim, quotes=unknown), []
    text = claim.text
    located: dict[str, list[tuple[int, int]]] = {item.id: [] for item in cited}
    for quoted in reversed(quotations(text)):
        words_ = text[quoted.start : quoted.end]
        found = None
        for item in cited:
            place = realigned(words_, item)
            if place is not None:
                located[item.id].append(place)
                found = found or item.page.source[place[0] : place[1]]
        if found is None:
            failed = tuple(Quote(item.id, words_) for item in cited)
            return replace(claim, quotes=(*failed, *unknown)), []
        tail = words_[len(words_.rstrip(",.;:!?")) :]
        if tail and not found.endswith(tail):
            found += tail  # the sentence's own punctuation, set inside the marks
        text = text[: quoted.start] + found + text[quoted.end :]
    reason = objection(text, cited)
    if reason:
        against = [Quote(item.id, reason) for item in cited]
        return replace(claim, text=text, quotes=unknown), against
    quotes: list[Quote] = []
    refused: list[Quote] = []
    for item in cited:
        places = located[item.id]
        if not places and len(cited) > 1 and unrelated(text, item):
            refused.append(Quote(item.id, "the passage shares too few words with the statement"))
            continue
        if not places and item.extents:
            places = [best_sentence(text, item)]
        source = item.page.source
        quotes += [Quote(item.id, source[a:b], a, b) for a, b in reversed(places)]
        if not item.extents:
            quotes.append(Quote(item.id))
    return replace(claim, text=text, quotes=(*quotes, *unknown)), refused


def _asserts(text: str) -> bool:
    """False for an uncited sentence that states nothing about what the page says."""
    if numbers(text) or quotations(text):
        return True
    if _ABSENCE.match(text) and re.search(r"\b(?:not|n['’]t|nothing|no|neither)\b", fold(text)):
        return False
    return not (text.rstrip().endswith(":") and len(words(text)) <= 12 and not names(text))
