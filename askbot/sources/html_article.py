"""Where the article of an HTML page is: its headline, its container, and what is furniture."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from askbot.sources.comment_parts import Found, properties
from askbot.sources.dom import Document, Element
from askbot.sources.html_layout import Region

_MOST_HEADLINES = 50

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
_OFF_TAGS = frozenset(["nav", "form", "button", "select", "textarea", "dialog"])
_OFF_TAGS_OUTSIDE = _OFF_TAGS | {"aside", "header", "footer"}


def headline_of(document: Document, comments: Sequence[Found]) -> tuple[str, Element | None]:
    """The headline and the element that shows it."""
    within = frozenset(c.element for c in comments)
    named = [document.meta.get("og:title", ""), document.title]
    shown: list[tuple[bool, bool, Element]] = []
    for element in document.body.elements(within=within):
        if len(shown) >= _MOST_HEADLINES:
            break
        marked = "headline" in properties(element)
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


def regions_of(
    body: Element, comments: Sequence[Found], headline: Element | None
) -> dict[Element, Region]:
    """Which elements change what the text in them is."""
    within = frozenset(c.element for c in comments)
    regions: dict[Element, Region] = {}
    containers = _containers(body, within)
    regions[body] = ("furniture", -1) if containers else ("paragraph", -1)
    for element in containers:
        regions[element] = ("paragraph", -1)
    below = {e for c in containers for e in c.elements(within=within)}
    holders = {above for c in containers for above in c.ancestors()}
    if not containers:  # a form or an aside around most of the page is no furniture
        total = _size(body, within)
        holders.update(
            e
            for e in body.children
            if isinstance(e, Element) and e.tag != "nav" and _size(e, within) * 2 > total
        )
    for element in body.elements(within=within):
        if element in holders or element in containers:
            continue
        inside = element in below
        names = [c.lower() for c in (*element.classes, element.get("id")) if c]
        pattern, tags = (_OFF_INSIDE, _OFF_TAGS) if inside else (_OFF_OUTSIDE, _OFF_TAGS_OUTSIDE)
        off = element.tag in tags or any(pattern.match(n) for n in names)
        if off:
            regions[element] = ("furniture", -1)
    if headline is not None:
        regions[headline] = ("furniture", -1)  # it is `Page.title`; p1 is the body's first block
    for i, comment in enumerate(comments):
        regions[comment.element] = ("own", i)
        for element, role in comment.roles.items():
            regions[element] = (role, i)
    return regions


def _size(element: Element, within: frozenset[Element]) -> int:
    return sum(len(text) for text in element.texts(within=within) if text != " ")


def _containers(body: Element, within: frozenset[Element]) -> list[Element]:
    """The elements that hold the article, outermost of the first kind that the page uses."""
    kinds: list[Callable[[Element], bool]] = [
        lambda e: "articlebody" in properties(e),
        lambda e: any(_CONTAINERS[0].match(c.lower()) for c in e.classes),
        lambda e: any(_CONTAINERS[1].match(c.lower()) for c in e.classes),
        lambda e: e.tag == "article",
        lambda e: e.tag == "main" or e.get("role") == "main",
    ]
    for is_kind in kinds:
        outer = [
            (e, _size(e, within))
            for e in body.outermost(is_kind, within=within)
            if e.tag not in ("form", "aside", "nav")
        ]
        longest = max((length for _, length in outer), default=0)
        if longest:
            return [e for e, length in outer if length * 4 >= longest]
    return []
