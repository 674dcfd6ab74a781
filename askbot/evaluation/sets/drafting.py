"""A first draft of a question set from a page, for a person to edit.

Questions about the thread come with answers computed from the comment tree: the tree itself and not
askbot's own answerer, or the set would agree with whatever that gets wrong. Facts are drafted as
sentences with a gap: the gap's words are the answer, and `span` says where they stand in the page's
source. They read like no person's question; the person is to put them in words of their own, and to
take off the tag "draft".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import Any

from askbot.discussion import Comment, Extent, Page, Paragraph, kind_of
from askbot.errors import SourceError
from askbot.evaluation.sets.checking import COMPUTED
from askbot.text import STOPWORDS, fold, sentences

DRAFT = "draft"
FACTS = 20
"""Facts that are drafted unless more are wanted."""

_PEOPLE = 5
"""Commenters asked about by name, for each kind of question."""
_LONGEST = 240
"""Characters of a sentence that a person still reads as a question."""
_SHORTEST = 25

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_KINDS = (
    (
        "when",
        "When",
        re.compile(
            rf"\b(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}}\b)?(?:,? \d{{4}}\b)?|\b{_DAY}\b|"
            r"\b(?:19|20)\d\d\b"
        ),
    ),
    (
        "number",
        "How much",
        re.compile(
            r"[$£€] ?\d+(?:[.,]\d+)*(?: (?:million|billion))?|"
            r"\b\d+(?:[.,]\d+)*(?: (?:million|billion))?(?: ?%| per ?cent| pounds| dollars| euros)"
        ),
    ),
    ("number", "How many", re.compile(r"(?<![\w.,:/-])\d+(?:,\d{3})*(?![\w:/-]|[.,]\d)")),
    ("who", "Who or what", re.compile(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]*\.?)* [A-Z][\w’'-]+")),
)
"""What makes a fact that can be asked for: its tag, how the question begins, its form."""

_NOTICE = re.compile(r"©|copyright|all rights reserved", re.IGNORECASE)
_TIED_AFTER = re.compile(r" (?:and|of|for|the|de|van|von) [A-Z]")
_TIED_BEFORE = re.compile(r"[A-Z]\w+ (?:and|of|for|the|de|van|von) \Z")


def draft(page: Page, *, facts: int = FACTS) -> list[dict[str, Any]]:
    """Records of a question set about a page, in our own form.

    Args:
        facts: how many facts at most; they are taken from all over the page.

    Raises:
        SourceError: the page has nothing that a question could be drafted from.
    """
    records = [
        {"id": f"t{number}", **record, "page": page.slug}
        for number, record in enumerate(_thread(page), 1)
    ]
    records += [
        {"id": f"f{number}", **record, "page": page.slug}
        for number, record in enumerate(islice(_facts(page), facts), 1)
    ]
    if not records:
        raise SourceError(
            f"{page.slug} has no comments, and no number, date or name to ask for; write its "
            "questions by hand"
        )
    return records


def _computed(
    question: str,
    answers: list[str],
    kind: str,
    cited: list[Comment] | None = None,
    *,
    every: bool = False,
) -> dict[str, Any]:
    record: dict[str, Any] = {
        "question": question,
        "all_answers" if every and len(answers) > 1 else "answers": answers,
    }
    if cited:
        record["all_evidence"] = [comment.id for comment in cited]
    return record | {"tags": [COMPUTED, kind, DRAFT]}


def _thread(page: Page) -> Iterator[dict[str, Any]]:
    """Questions that the comment tree answers."""
    comments = page.comments
    if not comments:
        return
    own = {name: [c for c in comments if c.author == name] for name in page.authors}
    replies = sum(comment.parent is not None for comment in comments)
    yield _computed("How many comments are shown?", [str(len(comments))], "count")
    if page.claimed_comments is not None:
        claimed = [str(page.claimed_comments)]
        yield _computed("How many comments does the page claim to have?", claimed, "count")
    if all(comment.author for comment in comments):
        yield _computed("How many different people commented?", [str(len(own))], "count")
    yield _computed("How many of the comments are replies?", [str(replies)], "count")
    for question, comment in (
        ("Who left the first comment?", comments[0]),
        ("Who left the last comment?", comments[-1]),
    ):
        if comment.author:
            yield _computed(question, [comment.author], "order", [comment])
    most = max((len(written) for written in own.values()), default=0)
    busiest = [name for name, written in own.items() if len(written) == most]
    if most > 1 and len(busiest) == 1:
        yield _computed("Who commented the most?", busiest, "most", own[busiest[0]])
    empty = [comment for comment in comments if comment.is_empty]
    if len(empty) == 1 and empty[0].author:
        yield _computed("Which comment is empty?", [empty[0].author], "empty", empty)
    often = ((name, written) for name, written in own.items() if len(written) > 1)
    for name, written in islice(often, _PEOPLE):
        answers = [str(len(written))]
        yield _computed(f"How many comments did {name} write?", answers, "count", written)
    yield from islice(_repliers(page, own), _PEOPLE)


def _repliers(page: Page, own: dict[str, list[Comment]]) -> Iterator[dict[str, Any]]:
    for name, written in own.items():
        found = [r for comment in written for r in page.replies(comment.id) if r.author != name]
        if found and all(reply.author for reply in found):
            names = list(dict.fromkeys(reply.author for reply in found))
            yield _computed(f"Who replied to {name}?", names, "reply", found, every=True)


def _facts(page: Page) -> Iterator[dict[str, Any]]:
    """A fact of each part in turn, paragraphs and comments by turns, then a second of each."""
    found = {part.id: list(_facts_of(page, part)) for part in page.parts()}
    paragraphs = [found[part.id] for part in page.paragraphs]
    comments = [found[part.id] for part in page.comments]
    for again in range(max(map(len, found.values()), default=0)):
        for pair in zip_longest(paragraphs, comments):
            yield from (facts[again] for facts in pair if facts and again < len(facts))


def _facts_of(page: Page, part: Paragraph | Comment) -> Iterator[dict[str, Any]]:
    """At most one fact a sentence."""
    for extent in part.extents:
        text = page.source[extent.start : extent.end]
        for sentence in sentences(text):
            if not _SHORTEST <= sentence.end - sentence.start <= _LONGEST:
                continue
            place = Extent(extent.start + sentence.start, extent.start + sentence.end)
            fact = _fact(page, part, place)
            if fact is not None:
                yield fact


def _fact(page: Page, part: Paragraph | Comment, place: Extent) -> dict[str, Any] | None:
    sentence = page.source[place.start : place.end]
    if _NOTICE.search(sentence):
        return None
    for tag, asking, form in _KINDS:
        gap = _gap(form, sentence, whole_name=tag == "who")
        if gap is None:
            continue
        gapped = f"{sentence[: gap.start]}…{sentence[gap.end :]}"
        who = f" ({part.author})" if part.author else ""
        kind = "article" if kind_of(part.id) == "paragraph" else "comment"
        return {
            "question": f"{asking}{who}: “{' '.join(gapped.split())}”?",
            "answers": [sentence[gap.start : gap.end]],
            "evidence": [part.id],
            "span": [place.start + gap.start, place.start + gap.end],
            "tags": [kind, tag, DRAFT],
        }
    return None


def _gap(form: re.Pattern[str], sentence: str, *, whole_name: bool) -> Extent | None:
    """Where the first fact of this form stands; a name without the "In" or "The" before it, and
    none that "and" or "of" ties to more of it, because half a name is no answer."""
    for match in form.finditer(sentence):
        start, end = match.span()
        if not whole_name:
            return Extent(start, end)
        first, _, rest = match.group().partition(" ")
        if fold(first) in STOPWORDS:
            if " " not in rest:
                continue
            start += len(first) + 1
        if not _TIED_AFTER.match(sentence, end) and not _TIED_BEFORE.search(sentence[:start]):
            return Extent(start, end)
    return None
