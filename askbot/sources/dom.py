"""HTML to a light tree of what is visible, with selectolax's HTML5 parser (lexbor).

Dropped as not visible: script, style, template, noscript, the head, iframes' fallbacks, comments,
and elements with `hidden` or an inline `display:none`. Everything else is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from askbot.errors import SourceError

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

DEEPEST = 20_000
"""Elements open at once; the parser's time grows with the square of it (about a second here)."""

MOST_NODES = 2_000_000
MOST_ATTRIBUTES = 5_000

INVISIBLE = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "title",
        "meta",
        "link",
        "base",
        "iframe",
        "noembed",
        "noframes",
        "object",
        "applet",
        "audio",
        "video",
        "canvas",
        "param",
        "source",
        "track",
        "datalist",
    ]
)
BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "details",
        "dialog",
        "dd",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
        "button",
        "select",
        "option",
        "textarea",
        "optgroup",
    ]
)
_CLOSED_BY_OTHERS = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "body",
        "html",
        "head",
        "colgroup",
        "rp",
        "rt",
    ]
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)|<!--.*?(?:-->|\Z)", re.DOTALL)
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{65536,}")
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


@dataclass(eq=False, slots=True)
class Element:
    """An element with its visible content: text and elements in order."""

    tag: str
    attributes: dict[str, str]
    classes: tuple[str, ...] = ()
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """An attribute's value, "" where it is missing."""
        return self.attributes.get(name, "")

    def ancestors(self) -> Iterator[Element]:
        """From the parent up."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def elements(self, *, within: Set[Element] = frozenset()) -> Iterator[Element]:
        """Elements below this one in document order, not entering those in `within`."""
        stack = [c for c in reversed(self.children) if isinstance(c, Element)]
        while stack:
            element = stack.pop()
            if element in within:
                continue
            yield element
            stack.extend(c for c in reversed(element.children) if isinstance(c, Element))

    def outermost(
        self, test: Callable[[Element], bool], *, within: Set[Element] = frozenset()
    ) -> Iterator[Element]:
        """Elements below this one that pass a test, in order, not looking inside them."""
        stack = [c for c in reversed(self.children) if isinstance(c, Element)]
        while stack:
            element = stack.pop()
            if element in within:
                continue
            if test(element):
                yield element
            else:
                stack.extend(c for c in reversed(element.children) if isinstance(c, Element))

    def texts(self, *, within: Set[Element] = frozenset()) -> Iterator[str]:
        """Visible strings below this one in document order, not entering those in `within`."""
        stack: list[Element | str] = list(reversed(self.children))
        while stack:
            item = stack.pop()
            if isinstance(item, str):
                yield item
            elif item not in within:
                if item.tag in BLOCK or item.tag == "br":
                    yield " "
                stack.extend(reversed(item.children))

    def text(self, *, within: Set[Element] = frozenset()) -> str:
        """The visible text on one line, runs of space made one."""
        return " ".join("".join(self.texts(within=within)).split())


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page: its body, and what the head and the scripts say.

    Attributes:
        meta: `content` by `property`, `name` or `itemprop`, the first of each.
        canonical: the address the page gives for itself, "" if none.
        json_ld: texts of the JSON-LD scripts.
    """

    body: Element
    title: str
    meta: dict[str, str]
    canonical: str
    json_ld: tuple[str, ...]


def parse(html: str, *, origin: str) -> Document:
    """Parse a page or a fragment.

    Raises:
        SourceError: nested or filled beyond what any page is.
    """
    from selectolax.lexbor import LexborHTMLParser

    _check(html, origin)
    root = LexborHTMLParser(html).root
    body = Element("body", {})
    if root is None:
        return Document(body, "", {}, "", ())
    head = _Head()
    _convert(root, body, head, origin)
    return Document(body, head.title, head.meta, head.canonical, tuple(head.json_ld))


@dataclass(slots=True)
class _Head:
    title: str = ""
    canonical: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    json_ld: list[str] = field(default_factory=list)

    def note(self, node: LexborNode, tag: str, attributes: dict[str, str]) -> None:
        if tag == "meta":
            for name in ("property", "name", "itemprop"):
                if key := attributes.get(name):
                    self.meta.setdefault(key.strip().lower(), attributes.get("content", ""))
        elif tag == "title" and not self.title:
            self.title = " ".join(node.text(deep=True).split())
        elif tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
            self.canonical = self.canonical or attributes.get("href", "").strip()
        elif tag == "script" and "ld+json" in attributes.get("type", "").lower():
            self.json_ld.append(node.text(deep=True))


def _convert(root: LexborNode, body: Element, head: _Head, origin: str) -> None:
    """Copy the visible tree without recursion, however deep it is."""
    into = body
    node: LexborNode | None = root.first_child
    depth = 0
    count = 0
    in_head = False
    while node is not None:
        count += 1
        if count > MOST_NODES:
            raise SourceError(f"{origin}: more than {MOST_NODES:,} elements; split the page")
        enter = None
        tag = node.tag
        if tag == "-text":
            if not in_head and (text := node.text_content):
                into.children.append(text)
        elif tag and tag[0] not in "-!":
            attributes = {key: value or "" for key, value in node.attributes.items()}
            head.note(node, tag, attributes)
            if tag == "head":
                in_head = node.first_child is not None
                enter = into
            elif tag == "body":
                body.attributes.update(attributes)
                body.classes = tuple(attributes.get("class", "").split())
                enter = into
            elif not in_head and not _is_hidden(tag, attributes):
                classes = tuple(attributes.get("class", "").split())
                enter = Element(tag, attributes, classes, into)
                into.children.append(enter)
        child = node.first_child if enter is not None else None
        if child is not None and enter is not None:
            node, into, depth = child, enter, depth + 1
            continue
        while node is not None and node.next is None:
            if depth == 0:
                return
            node, depth = node.parent, depth - 1
            if node is not None and node.tag == "head":
                in_head = False
            elif into is not body and node is not None:
                into = into.parent or body
        node = node.next if node is not None else None


def _is_hidden(tag: str, attributes: dict[str, str]) -> bool:
    if tag in INVISIBLE or ("hidden" in attributes and attributes["hidden"] != "until-found"):
        return True
    style = attributes.get("style")
    return bool(style and _HIDDEN_STYLE.search(style))


def _check(html: str, origin: str) -> None:
    """Refuse what the parser would take minutes over: it is quadratic in depth and attributes."""
    depth = deepest = 0
    for match in _TAG.finditer(html):
        tag = match[2]
        if tag and tag.lower() not in _CLOSED_BY_OTHERS:
            depth = max(0, depth + (-1 if match[1] else 1))
            deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise SourceError(
            f"{origin}: elements nested more than {DEEPEST:,} deep; this is not a page to be read"
        )
    for match in _LONG_TAG.finditer(html):
        if len(match[0].split(maxsplit=MOST_ATTRIBUTES)) > MOST_ATTRIBUTES:
            raise SourceError(f"{origin}: an element with thousands of attributes; this is no page")
