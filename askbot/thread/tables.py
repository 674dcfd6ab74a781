"""What thread questions look up on a page, computed once a page and kept with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from askbot.answers import Quote
from askbot.discussion import Comment, Extent, Page
from askbot.text import fold, plain_sentence_at, trimmed
from askbot.thread.words import NameMatch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TOKEN = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")


def name_tokens(text: str) -> tuple[str, ...]:
    """The folded words of a name: ("david", "p", "mcconnell"), ("driver", "0417")."""
    return tuple(w.removesuffix("'s") for w in _TOKEN.findall(fold(text)))


@dataclass(frozen=True, slots=True)
class NameTable:
    """Commenters' names as they are looked up: whole, joined up, and word by word."""

    authors: tuple[str, ...]
    tokens: dict[str, tuple[str, ...]] = field(default_factory=dict)
    whole: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    joined: dict[str, tuple[str, ...]] = field(default_factory=dict)
    by_token: dict[str, tuple[str, ...]] = field(default_factory=dict)
    longest: int = 1

    @classmethod
    def of(cls, authors: Sequence[str]) -> NameTable:
        tokens = {author: name_tokens(author) for author in authors}
        whole: dict[tuple[str, ...], tuple[str, ...]] = {}
        joined: dict[str, tuple[str, ...]] = {}
        by_token: dict[str, tuple[str, ...]] = {}
        for author, parts in tokens.items():
            if not parts:
                continue
            whole[parts] = (*whole.get(parts, ()), author)
            joined["".join(parts)] = (*joined.get("".join(parts), ()), author)
            for part in dict.fromkeys(parts):
                by_token[part] = (*by_token.get(part, ()), author)
        longest = max((len(parts) for parts in tokens.values()), default=1)
        return cls(tuple(authors), tokens, whole, joined, by_token, longest)


class PageTables:
    """Look-ups over one page's comment tree; everything in page order."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.comments: tuple[Comment, ...] = page.comments
        self.quotations: list[object] | None = None
        self.byline: object = None
        self.openings: dict[str, Quote] = {}
        self.sentence_vectors: dict[str, NDArray[np.float32]] = {}
        self.names_found: dict[str, tuple[NameMatch, ...]] = {}

    @cached_property
    def names(self) -> NameTable:
        return NameTable.of(self.page.authors)

    @cached_property
    def place(self) -> dict[str, int]:
        """A comment's id to its place on the page, from 0."""
        return {comment.id: n for n, comment in enumerate(self.comments)}

    @cached_property
    def by_author(self) -> dict[str, tuple[Comment, ...]]:
        grouped: dict[str, list[Comment]] = {}
        for comment in self.comments:
            if comment.author:
                grouped.setdefault(comment.author, []).append(comment)
        return {author: tuple(own) for author, own in grouped.items()}

    @cached_property
    def reply_counts(self) -> Counter[str]:
        """How many direct replies each comment got; comments without any are absent."""
        return Counter(c.parent for c in self.comments if c.parent is not None)

    @cached_property
    def article(self) -> str:
        """The article's paragraphs, one a line."""
        return "\n".join(self.page.text(p.id) for p in self.page.paragraphs)

    @cached_property
    def article_words(self) -> frozenset[str]:
        """Every folded word of the article and of the headline."""
        words: set[str] = set(name_tokens(self.page.title))
        for paragraph in self.page.paragraphs:
            words.update(name_tokens(self.page.text(paragraph.id)))
        return frozenset(words)

    def in_article(self, words: Iterable[str]) -> bool:
        """Whether the article or the headline has all of these folded words."""
        return self.article_words.issuperset(words)

    def has_word(self, word: str) -> bool:
        """Whether a folded word stands anywhere in the article or in a comment."""
        return word in self.article_words or any(word in text for text in self.texts)

    def names_somebody(self, name: str) -> bool:
        """Whether the article or a comment speaks of somebody of this (family) name."""
        parts = name_tokens(name)
        if not parts:
            return False
        if parts[-1] in self.article_words:
            return True
        word = re.compile(rf"(?<![^\W_]){re.escape(parts[-1])}(?![^\W_])")
        return any(parts[-1] in text and word.search(text) for text in self.texts)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Each comment's text, folded letter for letter: places in it are places in the text."""
        return tuple(light_fold(self.page.text(c.id)) for c in self.comments)

    def source_place(self, comment: Comment, start: int, end: int) -> Extent | None:
        """Where `[start, end)` of a comment's text stands in the source; None across paragraphs."""
        position = 0
        for extent in comment.body:
            size = extent.end - extent.start
            if position <= start and end <= position + size:
                return Extent(extent.start + start - position, extent.start + end - position)
            position += size + 2
        return None

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """Words of each comment."""
        return tuple(len(text.split()) for text in self.texts)

    def opening(self, comment: Comment) -> Extent | None:
        """Where a comment's first sentence stands, cut at a word; None for an empty comment."""
        beginning = self.beginning(comment, 160)
        if beginning is None:
            return None
        text = self.page.source[beginning.start : comment.body[0].end]
        first = plain_sentence_at(text, 0, 1)
        return Extent(beginning.start, min(beginning.start + first.end, beginning.end))

    def beginning(self, comment: Comment, longest: int) -> Extent | None:
        """The first characters of a comment, cut at a word; None for an empty comment."""
        if not comment.body:
            return None
        start, end = comment.body[0].start, comment.body[0].end
        source = self.page.source
        if end - start > longest:
            space = source.rfind(" ", start, start + longest)
            end = space if space > start else start + longest
        return trimmed(source, Extent(start, end))

    def answers_to(self, actor: str, others: Collection[str]) -> list[Comment]:
        """The comments of one that stand in reply to any of some others, in page order."""
        return [
            c
            for c in self.by_author[actor]
            if c.parent is not None and self.page.comment(c.parent).author in others
        ]

    def replies_to(self, comments: Sequence[Comment]) -> list[Comment]:
        """Direct replies to any of these comments, in page order."""
        found = {r.id: r for c in comments for r in self.page.replies(c.id)}
        return sorted(found.values(), key=lambda c: self.place[c.id])


def light_fold(text: str) -> str:
    """Lower case without accents and curly apostrophes; every character stays in its place."""
    if not text.isascii():
        text = text.translate({ord(ch): _plain(ch) for ch in set(text) if ch > "\x7f"})
    return text.lower()


def _plain(character: str) -> str:
    folded = fold(character)
    return folded if len(folded) == 1 else character if len(character.lower()) == 1 else "?"


def tables_of(page: Page) -> PageTables:
    """The page's tables, made on first use and kept in its `__dict__` like a cached property."""
    found = page.__dict__.get("_thread_tables")
    if not isinstance(found, PageTables):
        found = page.__dict__["_thread_tables"] = PageTables(page)
    return found
