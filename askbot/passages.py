"""Cut a page into the passages that are searched: whole parts, or runs of sentences of long ones.

A passage carries a context line (title, author, whom it answers) that is embedded and indexed with
it, because a reply such as "legally, yes" cannot be found without; the context is never quoted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from askbot.discussion import Comment, Extent, Page, Paragraph
from askbot.text import sentences

LONGEST = 700
"""Characters a part may have before it is split; all-MiniLM-L6-v2 was trained on 128 tokens."""
WINDOW = 480
"""Characters a passage of a split part is filled up to, whole sentences at a time."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A searchable piece of a part.

    Attributes:
        key: unique on the page: the part's id, or "p4/2" for the second window of a split part.
        part_id: the id it is cited by.
        extent: where its text stands in the page's source.
        text: `source[extent.start:extent.end]`.
        context: what a reader needs to know beside it; searched, never quoted.
    """

    key: str
    part_id: str
    extent: Extent
    text: str
    context: str

    @property
    def searchable(self) -> str:
        """What is embedded: the context line and the text."""
        return f"{self.context}\n{self.text}" if self.context else self.text


def sentence_texts(passage: Passage) -> list[str]:
    """The sentences of a passage as they are embedded one by one, one at least.

    A passage is often about more than the question is; its nearest sentence tells better.
    """
    return [passage.text[s.start : s.end] for s in sentence_extents(passage.text)]


@lru_cache(maxsize=256)
def sentence_extents(text: str) -> tuple[Extent, ...]:
    """Where the sentences of `sentence_texts` stand in a passage's text; remembered, because each
    span that is found in a passage asks for them."""
    return tuple(sentences(text)) or (Extent(0, len(text)),)


def context_line(page: Page, part: Paragraph | Comment) -> str:
    """Who speaks, to whom, and under which headline; "" where the page says none of it."""
    if isinstance(part, Paragraph):
        return page.title
    parent = None if part.parent is None else page.comment(part.parent).author
    return spoken_by(part.author, parent, page.title)


def spoken_by(author: str, parent: str | None, title: str) -> str:
    """A comment's context line; `parent` is the author of what it replies to.

    The reader is trained on lines of this form too: changing it takes training again.
    """
    name = author or "Somebody"
    spoken = f"{name} commented" if parent is None else f"{name} replied to {parent}"
    return f"{spoken} on “{title}”:" if title else f"{spoken}:"


def passages_of(page: Page) -> list[Passage]:
    """All passages of a page in reading order; empty comments have none."""
    passages: list[Passage] = []
    for part in page.parts():
        context = context_line(page, part)
        pieces = _pieces(page.source, part.extents)
        for number, extent in enumerate(pieces, 1):
            key = part.id if len(pieces) == 1 else f"{part.id}/{number}"
            text = page.source[extent.start : extent.end]
            passages.append(Passage(key, part.id, extent, text, context))
    return passages


def _pieces(source: str, extents: tuple[Extent, ...]) -> list[Extent]:
    """One piece for a short part; else windows of whole sentences, never across extents that have
    something else (a link, a nested reply) between them."""
    if not extents:
        return []
    whole = Extent(extents[0].start, extents[-1].end)
    contiguous = all(not source[a.end : b.start].strip() for a, b in pairwise(extents))
    if contiguous and whole.end - whole.start <= LONGEST:
        return [whole]
    pieces: list[Extent] = []
    for extent in extents:
        if extent.end - extent.start <= LONGEST:
            pieces.append(extent)
        else:
            pieces.extend(_windows(source, extent))
    return pieces


def _windows(source: str, extent: Extent) -> list[Extent]:
    """Windows of about WINDOW characters; each begins with the last sentence of the one before,
    where that is short, so that a thought over two sentences is found whole."""
    spans = [
        Extent(extent.start + s.start, extent.start + s.end)
        for s in sentences(source[extent.start : extent.end])
    ]
    spans = [piece for span in spans for piece in _hard_cut(span)]
    windows: list[Extent] = []
    first = 0
    while first < len(spans):
        last = first
        while last + 1 < len(spans) and spans[last + 1].end - spans[first].start <= WINDOW:
            last += 1
        windows.append(Extent(spans[first].start, spans[last].end))
        if last + 1 >= len(spans):
            break
        short = spans[last].end - spans[last].start <= WINDOW // 3
        first = last if short and last > first else last + 1
    return windows


def _hard_cut(span: Extent) -> list[Extent]:
    """A "sentence" without an end (a wall of text) is cut so that no passage outgrows the model."""
    limit = 2 * LONGEST
    cuts = range(span.start, span.end, limit)
    return [Extent(cut, min(cut + limit, span.end)) for cut in cuts]
