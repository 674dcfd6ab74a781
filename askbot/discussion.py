"""The domain model: a page is an article (paragraphs) and the discussion under it (comments).

Every part of a page is one or more extents of its normalised source, so that anything cited can be
checked as `source[start:end]`. Ids follow the contract: `p1`, `p2`, … for paragraphs and `c16.1.1`
for the first reply to the first reply to the sixteenth top-level comment.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from askbot.errors import NotFound

Kind = Literal["paragraph", "comment"]

PASSAGE_ID = re.compile(r"(?:p[1-9]\d*|c[1-9]\d*(?:\.[1-9]\d*)*)\Z")
"""What a passage id looks like without a page prefix."""


@dataclass(frozen=True, slots=True, order=True)
class Extent:
    """A half-open range of the page's source, in Unicode code points."""

    start: int
    end: int

    def contains(self, start: int, end: int) -> bool:
        """Whether `[start, end)` lies wholly inside."""
        return self.start <= start <= end <= self.end


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One blank-line-separated block of the article's body."""

    id: str
    extent: Extent

    @property
    def extents(self) -> tuple[Extent, ...]:
        return (self.extent,)

    @property
    def author(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment; `body` has an extent for each of its paragraphs, and none if it is empty.

    Attributes:
        author: the name as shown on the page, without "says:".
        parent: the id of the comment it replies to, None at top level.
        header: where the name, number and date stand.
        posted: the date as the page shows it, if it does.
        url: a link to this very comment, if the page has one.
    """

    id: str
    author: str
    parent: str | None = None
    header: tuple[Extent, ...] = ()
    body: tuple[Extent, ...] = ()
    posted: str | None = None
    url: str | None = None

    @property
    def extents(self) -> tuple[Extent, ...]:
        return self.body

    @property
    def is_empty(self) -> bool:
        return not self.body

    @property
    def depth(self) -> int:
        """0 at top level, 1 for a reply to it, …"""
        return self.id.count(".")


@dataclass(frozen=True)
class Page:
    """A read page. Not slotted: the look-up tables are computed once, on first use.

    Attributes:
        slug: the page's short name, unique in an index.
        title: the headline, or "" when the page shows none.
        source: the normalised text that every extent refers to.
        furniture: what belongs to neither article nor discussion ("Leave a Reply" …).
        claimed_comments: the number of comments the page itself states, if it does.
        origin: where it was read from (a path, a URL, "stdin").
        format: the reader that read it ("text", "html", …).
    """

    slug: str
    title: str
    source: str
    paragraphs: tuple[Paragraph, ...]
    comments: tuple[Comment, ...]
    furniture: tuple[Extent, ...] = ()
    claimed_comments: int | None = None
    origin: str = ""
    format: str = "text"

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the normalised source in UTF-8."""
        return hashlib.sha256(self.source.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def _by_id(self) -> dict[str, Paragraph | Comment]:
        return {part.id: part for part in self.parts()}

    @cached_property
    def _children(self) -> dict[str | None, tuple[Comment, ...]]:
        grouped: dict[str | None, list[Comment]] = {}
        for comment in self.comments:
            grouped.setdefault(comment.parent, []).append(comment)
        return {parent: tuple(replies) for parent, replies in grouped.items()}

    @cached_property
    def authors(self) -> tuple[str, ...]:
        """Distinct comment authors in order of first appearance."""
        return tuple(dict.fromkeys(c.author for c in self.comments if c.author))

    def __contains__(self, passage_id: object) -> bool:
        return passage_id in self._by_id

    def part(self, passage_id: str) -> Paragraph | Comment:
        """The paragraph or comment with this id.

        Raises:
            NotFound: the page has no such id.
        """
        try:
            return self._by_id[passage_id]
        except KeyError:
            raise NotFound(
                f"{self.slug} has no {passage_id}: it has {self.span_of_ids()}; "
                "`askbot show` lists them"
            ) from None

    def comment(self, comment_id: str) -> Comment:
        """The comment with this id.

        Raises:
            NotFound: the page has no such comment.
        """
        part = self.part(comment_id)
        if not isinstance(part, Comment):
            raise NotFound(f"{comment_id} is a paragraph, not a comment; comments are c1, c2, …")
        return part

    def parts(self) -> Iterator[Paragraph | Comment]:
        """Paragraphs, then comments, in reading order."""
        yield from self.paragraphs
        yield from self.comments

    def replies(self, comment_id: str | None) -> tuple[Comment, ...]:
        """Direct replies to a comment; for None, the top-level comments."""
        return self._children.get(comment_id, ())

    def descendants(self, comment_id: str) -> Iterator[Comment]:
        """Every reply below a comment, depth first, in page order."""
        stack = list(reversed(self.replies(comment_id)))
        while stack:
            comment = stack.pop()
            yield comment
            stack.extend(reversed(self.replies(comment.id)))

    def ancestors(self, comment_id: str) -> tuple[Comment, ...]:
        """The comments above one, nearest first."""
        chain: list[Comment] = []
        parent = self.comment(comment_id).parent
        while parent is not None:
            above = self.comment(parent)
            chain.append(above)
            parent = above.parent
        return tuple(chain)

    def text(self, passage_id: str) -> str:
        """The words of a part; a comment's paragraphs are joined by a blank line, "" if empty."""
        return "\n\n".join(self.source[e.start : e.end] for e in self.part(passage_id).extents)

    def span_of_ids(self) -> str:
        """For messages: "p1..p13 and c1..c20" (or what there is of it)."""
        spans = []
        if self.paragraphs:
            spans.append(f"p1..p{len(self.paragraphs)}")
        top = self.replies(None)
        if top:
            spans.append(f"c1..{top[-1].id}")
        return " and ".join(spans) or "nothing to cite"


def kind_of(passage_id: str) -> Kind:
    """Paragraph or comment, told by the id (with or without a page prefix)."""
    return "paragraph" if passage_id.rpartition(":")[2].startswith("p") else "comment"


def slugify(text: str, fallback: str = "page") -> str:
    """A slug of lower-case letters, digits and hyphens, at most 60 characters long."""
    import unicodedata

    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")[:60].strip("-")
    return slug or fallback
