"""The one citation check. Every answerer's draft goes through `check`; nothing else cites.

A citation holds when its id is in this turn's evidence, its quote is `source[start:end]` inside
that very passage, the speaker it names is the passage's author, and every number and name of a
statement that is not itself a quotation occurs in what it cites. What fails is returned with the
reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from askbot.answers import (
    Citation,
    Claim,
    Draft,
    Evidence,
    Quote,
    RejectedCitation,
    State,
    Statement,
)
from askbot.discussion import PASSAGE_ID, Comment
from askbot.text import fold, names, numbers, sentences, words

_SPEECH = (
    r"(?:says?|said|writes?|wrote|thinks?|thought|argues?|argued|asks?|asked|claims?|claimed|"
    r"believes?|believed|replies|replied|answers?|answered|points? out|pointed out|notes?|noted|"
    r"adds?|added|states?|stated|wants?|wanted|feels?|felt|complains?|complained|suggests?|"
    r"suggested|agrees?|agreed|disagrees?|disagreed|objects?|objected|mentions?|mentioned)"
)


_ATTRIBUTED = "attributed to "
_ELSEWHERE = "; they stand in "
MIN_WORDS = 4
"""Words that a refused quote must have to be looked for elsewhere; "he said" stands anywhere."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft after the check: the text with markers of what held, and everything that did not."""

    text: str
    citations: tuple[Citation, ...]
    rejected: tuple[RejectedCitation, ...]
    statements: tuple[Statement, ...]


def check(draft: Draft, evidence: Sequence[Evidence]) -> Checked:
    """Check every citation of a draft against the evidence of this turn.

    Returns:
        The answer text in which only verified ids stand behind each statement; citations in the
        order of the text, without repeats; rejected ones with reasons.
    """
    known = {item.id: item for item in evidence}
    citations: dict[tuple[str, int, int], Citation] = {}
    rejected: list[RejectedCitation] = [
        RejectedCitation(q.id, "", q.text or "not in the form [p12]") for q in draft.malformed
    ]
    statements: list[Statement] = []
    for claim in draft.claims:
        held, failed = _check_claim(claim, known)
        rejected.extend(failed)
        for citation in held:
            citations.setdefault((citation.id, citation.start, citation.end), citation)
        ids = tuple(dict.fromkeys(c.id for c in held))
        state: State = "supported" if ids else "unsupported" if claim.asserts else "no claim"
        statements.append(Statement(claim.text, state, ids))
    separators = [claim.before for claim in draft.claims]
    return Checked(
        compose(statements, separators),
        tuple(citations.values()),
        tuple(rejected),
        tuple(statements),
    )


def compose(statements: Sequence[Statement], separators: Sequence[str] = ()) -> str:
    """The answer text: each statement, its verified ids in brackets behind it."""
    text = ""
    for place, statement in enumerate(statements):
        separator = separators[place] if place < len(separators) else " "
        if place:
            text += separator
        text += statement.text + "".join(f" [{i}]" for i in statement.ids)
    return text


def _check_claim(
    claim: Claim, known: Mapping[str, Evidence]
) -> tuple[list[Citation], list[RejectedCitation]]:
    held: list[tuple[Citation, Evidence]] = []
    failed: list[RejectedCitation] = []
    for quote in claim.quotes:
        item = known.get(quote.id)
        outcome = _why_unknown(quote, known) if item is None else _locate(quote, item)
        if isinstance(outcome, str) or item is None:
            why = f"{outcome}{_said_elsewhere(quote, item, known)}"
            failed.append(RejectedCitation(quote.id, quote.text, why))
        else:
            held.append((outcome, item))
    if held and not claim.computed:
        reason = _unsupported_words(claim, [item for _, item in held])
        if reason:
            failed.extend(RejectedCitation(c.id, c.quote, reason) for c, _ in held)
            held = []
    return [citation for citation, _ in held], failed


def _why_unknown(quote: Quote, known: Mapping[str, Evidence]) -> str:
    slug, _, local = quote.id.rpartition(":")
    if not PASSAGE_ID.match(local):
        return f"{quote.id!r} is not a passage id (p12, c16.1)"
    pages = {item.page.slug: item.page for item in known.values()}
    if slug and slug not in pages:
        return f"no page {slug!r} is in this turn's evidence"
    candidates = [pages[slug]] if slug else list(pages.values())
    if not any(local in page for page in candidates):
        return f"there is no {local} on the page"
    return f"{quote.id} is not in this turn's evidence"


def _said_elsewhere(quote: Quote, cited: Evidence | None, known: Mapping[str, Evidence]) -> str:
    """Where else in the evidence a refused quote stands: right words under a wrong id."""
    if len(words(quote.text)) < MIN_WORDS or (cited and find_quote(quote.text, cited)):
        return ""
    whose = next((i for i in known.values() if i is not cited and find_quote(quote.text, i)), None)
    if whose is None:
        return ""
    return f"{_ELSEWHERE}{whose.id}{f' by {whose.author}' if whose.author else ''}"


def misattributed(rejected: RejectedCitation) -> bool:
    """Whether it was refused because its words are somebody else's, not because they are nobody's.

    That is a reason of `check`'s own making: a speaker named who is not the passage's author, or a
    quote that stands in another passage of the evidence.
    """
    return rejected.reason.startswith(_ATTRIBUTED) or _ELSEWHERE in rejected.reason


def _locate(quote: Quote, item: Evidence) -> Citation | str:
    """The citation for a claimed quote, or why there is none."""
    author = item.author
    if quote.author and fold(quote.author) != fold(author or ""):
        whose = f"by {author}" if author else "a paragraph of the article"
        return f"{_ATTRIBUTED}{quote.author}, but {item.id} is {whose}"
    source = item.page.source
    if quote.start is not None and quote.end is not None:
        start, end = quote.start, quote.end
        if not 0 <= start < end <= len(source) or source[start:end] != quote.text:
            return f"the source does not have these words at {start}..{end}"
        if not any(extent.contains(start, end) for extent in item.extents):
            return f"{start}..{end} lies outside {item.id}"
    elif quote.text:
        place = find_quote(quote.text, item)
        if place is None:
            return f"these words are not in {item.id}"
        start, end = place
    else:
        start, end = _whole(item)
    return Citation(
        id=item.id,
        page=item.page.slug,
        kind=item.kind,
        author=author,
        quote=source[start:end],
        start=start,
        end=end,
        source_sha256=item.page.sha256,
    )


def find_quote(text: str, item: Evidence) -> tuple[int, int] | None:
    """Where a quote stands verbatim inside a passage; whole words only, first occurrence."""
    source = item.page.source
    for extent in item.extents:
        start = source.find(text, extent.start, extent.end)
        while start >= 0:
            end = start + len(text)
            if _word_edges(source, start, end):
                return start, end
            start = source.find(text, start + 1, extent.end)
    return None


def _word_edges(source: str, start: int, end: int) -> bool:
    """False where a quote would begin or end inside a word or a number ("600" in "50,600")."""
    before, after = source[max(0, start - 2) : start], source[end : end + 2]
    if source[start].isalnum() and before:
        if before[-1].isalnum():
            return False
        if source[start].isdigit() and before[-1] in ".," and before[:-1].isdigit():
            return False
    if source[end - 1].isalnum() and after:
        if after[0].isalnum():
            return False
        if source[end - 1].isdigit() and after[0] in ".," and after[1:].isdigit():
            return False
    return True


def _whole(item: Evidence) -> tuple[int, int]:
    """What stands for a passage cited as a whole: its first sentence, or an empty one's header."""
    if not item.extents:
        part = item.page.part(item.local_id)
        assert isinstance(part, Comment)  # only a comment can be empty
        return part.header[0].start, part.header[-1].end
    first = item.extents[0]
    body = item.page.source[first.start : first.end]
    sentence = sentences(body)[0]
    return first.start + sentence.start, first.start + sentence.end


def _unsupported_words(claim: Claim, cited: Sequence[Evidence]) -> str | None:
    """Why the words of a statement do not follow from what it cites; None when they may."""
    speaker = _wrong_speaker(claim, cited)
    if speaker:
        return speaker
    if claim.verbatim:
        own = fold(claim.text)
        if any(own in fold(item.text) for item in cited):
            return None
        return "the statement is given as a quotation, but its words are not in the passage"
    texts = [item.text for item in cited]
    known_numbers = {n for text in texts for n in numbers(text)}
    for number in numbers(claim.text):
        if number not in known_numbers:
            return f"the statement says {number}, which the passage does not"
    surroundings = [item.author or "" for item in cited]
    surroundings += [item.replies_to.author for item in cited if item.replies_to]
    surroundings += [item.page.title for item in cited]
    known_words = {w for text in (*texts, *surroundings) for w in words(text)}
    for name in names(claim.text):
        if not set(words(name)) <= known_words:
            return f"the statement names {name}, which the passage does not"
    return None


def _wrong_speaker(claim: Claim, cited: Sequence[Evidence]) -> str | None:
    """Whether a commenter of the page is named as speaker, but somebody else is cited."""
    if claim.verbatim:
        return None
    own = fold(claim.text)
    speakers = {fold(item.author) for item in cited if item.author}
    reported = fold(" ".join(item.text for item in cited if item.kind == "paragraph"))
    for author in {a for item in cited for a in item.page.authors}:
        name = fold(author)
        if name in speakers or name not in own or name in reported:
            continue  # the article may report the words of somebody who comments too
        said = rf"(?<!\w){re.escape(name)}(?:\s+\w+ly)?\s+(?:also\s+)?{_SPEECH}\b"
        to = rf"(?:according to|as)\s+{re.escape(name)}(?!\w)"
        if re.search(said, own) or re.search(to, own):
            return f"{_ATTRIBUTED}{author}, but {', '.join(i.id for i in cited)} is not by {author}"
    return None
