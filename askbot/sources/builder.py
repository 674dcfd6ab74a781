"""From drafts to a `Page`: comment ids out of the tree, and a source rendered out of blocks.

Readers whose input has no text of its own to point into (HTML, JSON) hand their parts to a
`PageBuilder`, which lays them out as one plain text, blocks separated by blank lines, and records
where each stands. Every visible character of that text is in exactly one paragraph, comment
header, comment body or furniture extent, because nothing else writes to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from askbot.discussion import Comment, Extent, Page, Paragraph
from askbot.errors import SourceError
from askbot.sources.blocks import blocks, normalise

MAX_DEPTH = 100
"""Replies below this level are kept as siblings at it, or ids would grow without bound."""

MAX_PARTS = 200_000
"""More paragraphs and comments than this are refused: it is a data set, not a page."""

GAP = "\n\n"


@dataclass(slots=True)
class Draft:
    """A comment being read; `parent` is the place of its parent in the list of drafts."""

    author: str
    parent: int | None = None
    header: list[Extent] = field(default_factory=list)
    body: list[Extent] = field(default_factory=list)
    posted: str | None = None
    url: str | None = None


@dataclass(slots=True)
class Post:
    """A comment of a structured format, with its replies.

    Attributes:
        heading: the header line as it is to be shown; it must hold the author's name.
        paragraphs: its text, one string a paragraph.
        furniture: visible bits that are neither ("Reply", "3 points").
    """

    author: str
    heading: str
    paragraphs: Sequence[str] = ()
    furniture: Sequence[str] = ()
    posted: str | None = None
    url: str | None = None
    replies: list[Post] = field(default_factory=list)


def numbered(drafts: Sequence[Draft]) -> tuple[Comment, ...]:
    """Comments with ids from their places in the tree; a parent stands before its replies."""
    ids: list[str] = []
    depths: list[int] = []
    kept: list[int | None] = []
    children: dict[int | None, int] = {}
    for draft in drafts:
        parent = draft.parent
        while parent is not None and depths[parent] >= MAX_DEPTH - 1:
            parent = kept[parent]
        place = children[parent] = children.get(parent, 0) + 1
        ids.append(f"c{place}" if parent is None else f"{ids[parent]}.{place}")
        depths.append(0 if parent is None else depths[parent] + 1)
        kept.append(parent)
    return tuple(
        Comment(
            id=ids[i],
            author=draft.author,
            parent=None if (parent := kept[i]) is None else ids[parent],
            header=tuple(draft.header),
            body=tuple(draft.body),
            posted=draft.posted,
            url=draft.url,
        )
        for i, draft in enumerate(drafts)
    )


def assemble(
    *,
    slug: str,
    title: str,
    source: str,
    paragraphs: Sequence[Extent],
    drafts: Sequence[Draft],
    furniture: Sequence[Extent],
    claimed: int | None,
    origin: str,
    format: str,
) -> Page:
    """A page out of extents.

    Raises:
        SourceError: neither a paragraph nor a comment, or more than `MAX_PARTS` of them.
    """
    check_count(len(paragraphs) + len(drafts), origin)
    if not paragraphs and not drafts:
        if furniture:
            raise SourceError(
                f"{origin}: only page furniture (menus, forms, a comment count), no article and no "
                "comment; save the whole page, or give the text itself"
            )
        raise SourceError(f"{origin}: empty; give a page with an article or comments")
    return Page(
        slug=slug,
        title=title,
        source=source,
        paragraphs=tuple(Paragraph(f"p{n}", e) for n, e in enumerate(paragraphs, start=1)),
        comments=numbered(drafts),
        furniture=tuple(sorted(furniture)),
        claimed_comments=claimed,
        origin=origin,
        format=format,
    )


def check_count(count: int, origin: str) -> None:
    """Refuse what has too many parts to be a page.

    Raises:
        SourceError: there are more than `MAX_PARTS`.
    """
    if count > MAX_PARTS:
        raise SourceError(
            f"{origin}: more than {MAX_PARTS:,} paragraphs and comments; split it into pages"
        )


class PageBuilder:
    """Lays out parts as one text and keeps their extents."""

    def __init__(self, *, slug: str, origin: str, format: str) -> None:
        self._slug, self._origin, self._format = slug, origin, format
        self._pieces: list[str] = []
        self._length = 0
        self._paragraphs: list[Extent] = []
        self._furniture: list[Extent] = []
        self._drafts: list[Draft] = []

    def paragraph(self, text: str) -> None:
        """Add article text: one paragraph for each blank-line-separated block."""
        self._paragraphs.extend(self._add(text))

    def furniture(self, text: str) -> None:
        """Add text that belongs to neither article nor discussion."""
        self._furniture.extend(self._add(text))

    def comment(
        self,
        author: str,
        heading: str,
        *,
        parent: int | None = None,
        posted: str | None = None,
        url: str | None = None,
    ) -> int:
        """Start a comment with its header; gives the handle that its text and replies name."""
        draft = Draft(author, parent, list(self._add(heading)), posted=posted, url=url)
        self._drafts.append(draft)
        return len(self._drafts) - 1

    def comment_header(self, handle: int, text: str) -> None:
        """Add more of a comment's header, where the page shows it in pieces."""
        self._drafts[handle].header.extend(self._add(text))

    def comment_text(self, handle: int, text: str) -> None:
        """Add text of a comment: one extent for each blank-line-separated block."""
        self._drafts[handle].body.extend(self._add(text))

    def posts(self, posts: Sequence[Post], parent: int | None = None) -> None:
        """Add comments with all their replies, depth first."""
        stack = [(post, parent) for post in reversed(posts)]
        while stack:
            post, above = stack.pop()
            handle = self.comment(
                post.author, post.heading, parent=above, posted=post.posted, url=post.url
            )
            for text in post.paragraphs:
                self.comment_text(handle, text)
            for text in post.furniture:
                self.furniture(text)
            stack.extend((reply, handle) for reply in reversed(post.replies))

    def build(self, *, title: str = "", claimed: int | None = None) -> Page:
        """The page.

        Raises:
            SourceError: nothing to cite was added, or too much.
        """
        return assemble(
            slug=self._slug,
            title=title,
            source="".join(self._pieces),
            paragraphs=self._paragraphs,
            drafts=self._drafts,
            furniture=self._furniture,
            claimed=claimed,
            origin=self._origin,
            format=self._format,
        )

    def _add(self, text: str) -> Iterator[Extent]:
        text = normalise(text)
        added = []
        for block in blocks(text):
            if self._pieces:
                self._pieces.append(GAP)
                self._length += len(GAP)
            piece = text[block.start : block.end]
            self._pieces.append(piece)
            added.append(Extent(self._length, self._length + len(piece)))
            self._length += len(piece)
        check_count(len(self._pieces) // 2, self._origin)
        return iter(added)
