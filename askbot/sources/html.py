"""HTML: an article, and the comments that `html_comments` finds in it.

The normalised source is the page's visible text, laid out one block a paragraph: block elements
and double line breaks separate blocks, items of a list or rows of a table are lines of one block.

Article paragraphs are the blocks of the main container (`itemprop=articleBody`, `.entry-content`
and the like, `<article>`, `<main>`), plus the headline, which is a paragraph here as in plain text.
A page that marks no container has its whole body read, less navigation, asides, footers and blocks
that are mostly links. All other visible text is furniture. A page whose comments are not marked up
(a `<pre>`, a list with "NAME says:") is read by the plain-text grammar from its comments' heading
on. Comments that only the JSON-LD holds are added at the end.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

from askbot.discussion import Extent, Page
from askbot.sources import dom, grammar, html_comments, jsonld
from askbot.sources.blocks import blocks as cut
from askbot.sources.blocks import normalise
from askbot.sources.builder import PageBuilder, assemble
from askbot.sources.dom import BLOCK, Element
from askbot.sources.html_comments import Found
from askbot.sources.marks import find_section, headings
from askbot.sources.threads import Discussion

Kind = Literal["paragraph", "furniture", "header", "body", "tools", "own"]
"""What a text is; "own" is text of a comment that no marked element claims."""

_CONTAINERS = (
    re.compile(
        r"(?:entry|post|article|story|blog|td-post)[-_]*(?:content|body|text)\Z|e-content\Z"
    ),
    re.compile(r"hentry\Z|h-entry\Z|(?:blog-)?post\Z|story\Z|article\Z"),
)
_HEADLINE = re.compile(
    r"(?:entry|post|article|story|page)[-_]*(?:title|headline)\Z|headline\Z|p-name\Z"
)
_OFF = (
    r"(?:.*[-_])?(?:nav|navigation|share|sharing|social|sharedaddy|related|relatedposts|breadcrumbs?"
    r"|pagination|newsletter|subscribe|cookie|advert|respond)\Z|comment-?(?:form|respond).*"
    r"|comments?(?:[-_](?:area|section|list|wrap))?\Z"
)
_OFF_INSIDE = re.compile(_OFF)
"""Furniture wherever it stands, within the article's container too."""
_OFF_OUTSIDE = re.compile(_OFF + r"|(?:.*[-_])?(?:menu|sidebar|widget|promo|ads?|skip-link)\Z")
_OFF_TAGS = frozenset("nav form button select textarea dialog".split())
_OFF_TAGS_OUTSIDE = _OFF_TAGS | {"aside", "header", "footer"}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LINES = frozenset("li tr dt dd option caption".split())
_GROUPS = BLOCK - _LINES - {"td", "th"}


@dataclass(slots=True)
class Piece:
    """A run of text in a block."""

    text: str
    kind: Kind
    comment: int
    linked: bool
    pre: bool


@dataclass(slots=True)
class Block:
    """Text between two block boundaries; `depth` counts the list items it stands in."""

    pieces: list[Piece]
    depth: int

    @property
    def pre(self) -> bool:
        return any(p.pre for p in self.pieces)

    def text(self) -> str:
        """What it shows; the indents of preformatted text are kept."""
        text = "".join(p.text for p in self.pieces)
        return text.strip("\r\n") if self.pre else _tidy(text)

    @property
    def is_paragraph(self) -> bool:
        return any(p.kind == "paragraph" and p.text.strip() for p in self.pieces)

    @property
    def is_menu(self) -> bool:
        """Whether it is short and mostly links."""
        sizes = [(len(p.text.strip()), p.linked) for p in self.pieces]
        total = sum(size for size, _ in sizes)
        return (
            total <= grammar.LONGEST and sum(s for s, linked in sizes if linked) * 10 >= total * 7
        )


def read(text: str, *, slug: str, origin: str) -> Page:
    """Read an HTML page.

    Raises:
        SourceError: it shows neither an article nor comments, or is no page at all.
    """
    document = dom.parse(text, origin=origin)
    comments = html_comments.find(document.body)
    title, headline = _title(document, comments)
    regions = _regions(document.body, comments, headline)
    blocks = _blocks(document.body, regions)
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
    return "\n\n".join(block.text() for block in _blocks(tree, {tree: ("paragraph", -1)}))


def _title(document: dom.Document, comments: Sequence[Found]) -> tuple[str, Element | None]:
    """The headline and the element that shows it."""
    within = frozenset(c.element for c in comments)
    named = [document.meta.get("og:title", ""), document.title]
    shown: list[tuple[bool, bool, Element]] = []
    for element in document.body.elements(within=within):
        marked = "headline" in html_comments.properties(element)
        classed = any(_HEADLINE.match(c.lower()) for c in element.classes)
        if element.tag == "h1" or ((marked or classed) and element.tag in ("h2", "h3", "p", "div")):
            label = element.text()
            if label and len(label) <= 300:
                shown.append((any(label in name for name in named), marked or classed, element))
    for wanted in ((True, True), (True, False), (False, True), (False, False)):
        for agrees, marked, element in shown:
            if (agrees, marked) == wanted:
                return element.text(), element
    return next((" ".join(name.split()) for name in named if name.strip()), ""), None


def _regions(
    body: Element, comments: Sequence[Found], headline: Element | None
) -> dict[Element, tuple[Kind, int]]:
    """Which elements change what the text in them is."""
    within = frozenset(c.element for c in comments)
    regions: dict[Element, tuple[Kind, int]] = {}
    containers = _containers(body, within)
    regions[body] = ("furniture", -1) if containers else ("paragraph", -1)
    for element in containers:
        regions[element] = ("paragraph", -1)
    below = {e for c in containers for e in c.elements(within=within)}
    holders = {above for c in containers for above in c.ancestors()}
    for element in body.elements(within=within):
        if element in holders or element in containers:
            continue
        inside = element in below
        names = [c.lower() for c in (*element.classes, element.get("id")) if c]
        pattern, tags = (_OFF_INSIDE, _OFF_TAGS) if inside else (_OFF_OUTSIDE, _OFF_TAGS_OUTSIDE)
        off = element.tag in tags or any(pattern.match(n) for n in names)
        if off and not (not containers and _holds_page(element, body, within)):
            regions[element] = ("furniture", -1)
    if headline is not None:
        regions[headline] = ("paragraph", -1)
    for i, comment in enumerate(comments):
        regions[comment.element] = ("own", i)
        for element, role in comment.roles.items():
            regions[element] = (role, i)
    return regions


def _holds_page(element: Element, body: Element, within: frozenset[Element]) -> bool:
    """Whether an element that looks like furniture holds most of the page (a form around it all)."""
    if element.parent is not body:
        return False
    return len(element.text(within=within)) * 2 > len(body.text(within=within))


def _containers(body: Element, within: frozenset[Element]) -> list[Element]:
    """The elements that hold the article, outermost of the first kind that the page uses."""
    elements = [e for e in body.elements(within=within) if e.tag not in ("form", "aside", "nav")]
    kinds: list[list[Element]] = [
        [e for e in elements if "articlebody" in html_comments.properties(e)],
        *(
            [e for e in elements if any(pattern.match(c.lower()) for c in e.classes)]
            for pattern in _CONTAINERS
        ),
        [e for e in elements if e.tag == "article"],
        [e for e in elements if e.tag == "main" or e.get("role") == "main"],
    ]
    for matches in kinds:
        nested = {below for e in matches for below in e.elements()} if len(matches) > 1 else set()
        outer = [(e, len(e.text(within=within))) for e in matches if e not in nested]
        longest = max((length for _, length in outer), default=0)
        if longest:
            return [e for e, length in outer if length * 4 >= longest]
    return []


def _blocks(body: Element, regions: dict[Element, tuple[Kind, int]]) -> list[Block]:
    """The visible text in document order, cut at block boundaries and where its kind changes."""
    walk = _Walk()
    open_ = regions.get(body, ("paragraph", -1))
    stack: list[tuple[Element | str, tuple[Kind, int], bool, bool, bool]] = [
        (child, open_, False, False, False) for child in reversed(body.children)
    ]
    while stack:
        item, region, linked, pre, leaving = stack.pop()
        if isinstance(item, str):
            walk.text(item, region, linked=linked, pre=pre)
            continue
        walk.edge(item, leaving=leaving)
        if not leaving:
            stack.append((item, region, linked, pre, True))
            region = regions.get(item, region)
            linked = linked or item.tag == "a"
            pre = pre or item.tag in ("pre", "textarea")
            stack.extend((c, region, linked, pre, False) for c in reversed(item.children))
    walk.flush()
    return walk.blocks


class _Walk:
    """Collects text into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[Piece] = []
        self._depth = 0
        self._breaks = 0

    def text(self, text: str, region: tuple[Kind, int], *, linked: bool, pre: bool) -> None:
        kind, comment = region
        text = text if pre else _SPACES.sub(" ", text)
        if self._pieces and self._pieces[-1].comment != comment:
            self.flush()
        if text.strip():
            self._breaks = 0
        if text.strip() or self._pieces or pre:
            self._pieces.append(Piece(text, kind, comment, linked, pre))

    def edge(self, element: Element, *, leaving: bool) -> None:
        """Take note of where an element starts or ends."""
        if element.tag == "br":
            self._breaks += leaving
            if self._breaks >= 2:
                self.flush()
            elif leaving:
                self._space("\n")
        elif element.tag in _GROUPS:
            self.flush()
        elif element.tag in _LINES:
            self._space("\n")
            if element.tag in ("li", "dd"):
                self._depth += -1 if leaving else 1
        elif element.tag in ("td", "th"):
            self._space("\t")

    def _space(self, gap: str) -> None:
        if self._pieces and not self._pieces[-1].text.rstrip(" ").endswith("\n"):
            self._pieces[-1].text += gap

    def flush(self) -> None:
        """End the block."""
        self._breaks = 0
        if any(p.text.strip() for p in self._pieces):
            self.blocks.append(Block(self._pieces, self._depth))
        self._pieces = []


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
        runs: list[tuple[Kind, str]] = []
        for piece in block.pieces:
            kind = piece.kind
            if kind == "own":
                kind = self._place_of_own(found, comment, runs, piece.text)
            if runs and (runs[-1][0] == kind or not piece.text.strip()):
                runs[-1] = (runs[-1][0], runs[-1][1] + piece.text)
            elif kind == "body" and runs and runs[-1][0] == "header" and not found.has_content:
                cut = grammar.lead_in(piece.text)
                runs[-1] = ("header", runs[-1][1] + piece.text[:cut])
                if piece.text[cut:]:
                    runs.append((kind, piece.text[cut:]))
            else:
                runs.append((kind, piece.text))
        return [(kind, tidy) for kind, text in runs if (tidy := _tidy(text))]

    def _place_of_own(
        self, found: Found, comment: int, runs: list[tuple[Kind, str]], text: str
    ) -> Kind:
        """What unmarked text of a comment is."""
        line = _tidy(text)
        if found.has_content:
            return "tools" if comment in self._begun or grammar.is_tool(line) else "header"
        if not runs and comment not in self._begun:
            header = grammar.header(line)
            introduces = header and header.form == "verb" and header.author == found.author
            if introduces or grammar.date_line(line):
                return "header"
        return "tools" if comment in self._begun and grammar.is_tool(line) else "body"


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


def _tidy(text: str) -> str:
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", text) if "\n" in text else text
    return re.sub(r" {2,}", " ", text).strip()
