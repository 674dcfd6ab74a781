"""HTML: an article, and the comments that `html_comments` finds in it.

The normalised source is the page's visible text, laid out one block a paragraph: block elements
and double line breaks separate blocks, items of a list or rows of a table are lines of one block.

Article paragraphs are the blocks of the main container (`itemprop=articleBody`, `.entry-content`
and the like, `<article>`, `<main>`); the headline is the page's title and no paragraph of its body.
A page that marks no container has its whole body read, less navigation, asides, footers and blocks
that are mostly links. All other visible text is furniture. A page whose comments are not marked up
(a `<pre>`, a list with "NAME says:") is read by the plain-text grammar from its comments' heading
on. Comments that only the JSON-LD holds are added at the end.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from askbot.discussion import Extent, Page
from askbot.sources import dom, grammar, html_comments, jsonld
from askbot.sources.blocks import blocks as cut
from askbot.sources.blocks import normalise
from askbot.sources.builder import PageBuilder, assemble
from askbot.sources.comment_parts import Found
from askbot.sources.html_article import headline_of, regions_of
from askbot.sources.html_layout import Block, Kind, lay_out, tidy
from askbot.sources.marks import find_section, headings
from askbot.sources.threads import Discussion


def read(text: str, *, slug: str, origin: str) -> Page:
    """Read an HTML page.

    Raises:
        SourceError: it shows neither an article nor comments, or is no page at all.
    """
    document = dom.parse(text, origin=origin)
    comments = html_comments.find(document.body)
    title, headline = headline_of(document, comments)
    regions = regions_of(document.body, comments, headline)
    blocks = lay_out(document.body, regions)
    posts, stated, article = jsonld.read(document.json_ld)
    claimed, heads = _claimed(blocks, has_comments=bool(comments))
    if regions[document.body][0] == "paragraph":
        heads |= {id(block) for block in blocks if block.is_menu}
    claimed = _stated(document, stated) if claimed is None else claimed
    if not comments and not posts:
        page = _by_lines(blocks, heads, slug=slug, origin=origin, title=title, claimed=claimed)
        if page is not None:
            return page
    base = document.canonical or document.meta.get("og:url", "") or origin
    builder = PageBuilder(slug=slug, origin=origin, format="html")
    emitter = _Emitter(builder, comments, base)
    for block in blocks:
        emitter.add(block, furniture=id(block) in heads)
    emitter.finish()
    if article and not emitter.paragraphs:
        builder.paragraph(article)
    builder.posts(jsonld.unseen(posts, (b.text() for b in blocks)))
    return builder.build(title=title, claimed=claimed)


def text_of(fragment: str, *, origin: str = "") -> str:
    """The visible text of an HTML fragment, blocks separated by blank lines."""
    tree = dom.parse(fragment, origin=origin).body
    return "\n\n".join(block.text() for block in lay_out(tree, {tree: ("paragraph", -1)}))


class _Emitter:
    """Hands blocks to the builder, comment by comment."""

    def __init__(self, builder: PageBuilder, comments: Sequence[Found], base: str) -> None:
        self._builder, self._comments, self._base = builder, comments, base
        self._handles: list[int] = []
        self._begun: set[int] = set()
        self.paragraphs = 0

    def add(self, block: Block, *, furniture: bool) -> None:
        """Place one block; `furniture` overrides what its region says."""
        comment = block.pieces[0].comment
        if comment < 0:
            self._page_block(block, furniture)
            return
        self._open(comment)
        for role, text in self._runs(block, comment):
            if role == "header":
                self._builder.comment_header(self._handles[comment], text)
            elif role == "body":
                self._begun.add(comment)
                self._builder.comment_text(self._handles[comment], text)
            else:
                self._builder.furniture(text)

    def finish(self) -> None:
        """Start the comments that show nothing at all."""
        self._open(len(self._comments) - 1)

    def _open(self, comment: int) -> None:
        while len(self._handles) <= comment:
            found = self._comments[len(self._handles)]
            parent = None if found.parent is None else self._handles[found.parent]
            url = self._absolute(found.url)
            self._handles.append(
                self._builder.comment(found.author, "", parent=parent, posted=found.posted, url=url)
            )

    def _absolute(self, url: str | None) -> str | None:
        if not url:
            return None
        joined = urljoin(self._base, url) if "://" in self._base else url
        return joined if urlsplit(joined).scheme in ("http", "https") else None

    def _page_block(self, block: Block, furniture: bool) -> None:
        if furniture or not block.is_paragraph:
            self._builder.furniture(block.text())
        else:
            self._builder.paragraph(block.text())
            self.paragraphs += 1

    def _runs(self, block: Block, comment: int) -> list[tuple[Kind, str]]:
        """The block's text by role, with what merely introduces a comment moved to its header."""
        found = self._comments[comment]
        own = self._kind_of_own(block, found, begun=comment in self._begun)
        has_own = any(p.kind == "own" and p.text.strip() for p in block.pieces)
        runs: list[tuple[Kind, str]] = []
        for piece in block.pieces:
            kind = own if piece.kind == "own" else piece.kind
            within_text = comment in self._begun or any(k == "body" for k, _ in runs)
            if own == "body" and has_own and within_text and kind in ("header", "tools"):
                kind = "body"  # a name or a date that the text mentions
            if runs and (runs[-1][0] == kind or not piece.text.strip()):
                # The name and the date are often set apart by style sheets only.
                apart = kind == "header" and piece.text[:1].isalnum() and runs[-1][1][-1:].isalnum()
                runs[-1] = (runs[-1][0], runs[-1][1] + " " * apart + piece.text)
            elif kind == "body" and runs and runs[-1][0] == "header" and not found.has_content:
                cut = grammar.lead_in(piece.text)
                runs[-1] = ("header", runs[-1][1] + piece.text[:cut])
                if piece.text[cut:]:
                    runs.append((kind, piece.text[cut:]))
            else:
                runs.append((kind, piece.text))
        return [(kind, shown) for kind, text in runs if (shown := tidy(text))]

    def _kind_of_own(self, block: Block, found: Found, *, begun: bool) -> Kind:
        """What the unmarked text of a comment is in this block."""
        line = tidy("".join(p.text for p in block.pieces if p.kind == "own"))
        if found.has_content:
            return "tools" if begun or grammar.is_tool(line) else "header"
        if begun:
            return "tools" if grammar.is_tool(line) else "body"
        header = grammar.header(line)
        introduces = header and header.form == "verb" and header.author == found.author
        return "header" if introduces or grammar.date_line(line) else "body"


def _claimed(blocks: Sequence[Block], *, has_comments: bool) -> tuple[int | None, set[int]]:
    """The comment count that a block states, and the blocks that only state one."""
    heads: set[int] = set()
    count: int | None = None
    for block in blocks:
        if block.pieces[0].comment >= 0:
            has_comments = False
            continue
        text = block.text()
        heading = grammar.heading(text) if len(text) <= grammar.LONGEST else None
        if heading and heading.count is not None:
            heads.add(id(block))
            # The last heading before the comments is theirs; without comments, the first will do.
            count = heading.count if has_comments or count is None else count
    return count, heads


def _stated(document: dom.Document, in_json: int | None) -> int | None:
    """The count in the page's data: JSON-LD or microdata."""
    if in_json is not None:
        return in_json
    for key in ("commentcount", "interactioncount"):
        digits = re.search(r"\d+", document.meta.get(key, ""))
        if digits and len(digits[0]) < 10:
            return int(digits[0])
    return None


def _by_lines(
    blocks: Sequence[Block],
    heads: set[int],
    *,
    slug: str,
    origin: str,
    title: str,
    claimed: int | None,
) -> Page | None:
    """Read the comments by the plain-text grammar, nested as lists are; None if it finds none."""
    parts = [
        block.text() if block.pre else textwrap.indent(block.text(), "  " * block.depth)
        for block in blocks
    ]
    source = normalise("\n\n".join(parts))
    section = find_section(source, headings(source, origin))
    if section is None:
        return None
    discussion = Discussion(source, section)
    paragraphs: list[Extent] = []
    furniture = discussion.furniture
    position = 0
    for block, part in zip(blocks, parts, strict=True):
        end = min(position + len(part), section.start)
        off = id(block) in heads or not block.is_paragraph
        (furniture if off else paragraphs).extend(cut(source, position, end))
        position += len(part) + 2
        if position >= section.start:
            break
    return assemble(
        slug=slug,
        title=title,
        source=source,
        paragraphs=paragraphs,
        drafts=discussion.drafts,
        furniture=furniture,
        claimed=section.count if claimed is None else claimed,
        origin=origin,
        format="html",
    )
