"""What in a comment's element is what: its author, header, text, tools, date and link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from askbot.sources import grammar
from askbot.sources.dom import Element

Role = Literal["header", "body", "tools"]

_AUTHOR = re.compile(
    r"(?:.*[-_])?(?:author|username|user-?name|commenter|nick(?:name)?|poster|hnuser|display-?name)"
    r"(?:[-_]+(?:name|link))?\Z|(?:comment[-_]+)?(?:user|name|by)\Z|commentauthor\Z"
)
_CONTENT = re.compile(
    r"(?:comment|usertext|post|message)[-_]*(?:content|text|body|message|copy|entry-content)\Z"
    r"|e-content\Z|commtext\Z"
)
_LOOSE_CONTENT = re.compile(r"(?:content|text|body|message|entry|md)\Z")
_DATE = re.compile(
    r"(?:.*[-_])?(?:date|time|datetime|timestamp|published|posted|age|permalink)\Z|dt-published\Z"
)
_META = re.compile(
    r"(?:.*[-_])?(?:meta|metadata|says|vcard|avatar|badge|byline|author|in-reply-to)\Z"
    r"|commentmetadata\Z|(?:comment[-_]*)?(?:header|head|info|title)\Z|tagline\Z"
)
_TOOLS = re.compile(
    r"(?:comment[-_]*)?(?:reply|actions?|footer|tools|buttons|controls|menu)\Z|reply[-_]?link\Z"
    r"|comment-(?:reply|edit|report)-\w+\Z|(?:.*[-_])?(?:votes?|likes?|share|sharing|edit-link|flag)\Z"
    r"|comment-awaiting-moderation\Z|flat-list\Z"
)
_NAMES_PROPERTY = frozenset({"author", "creator"})
_DATES_PROPERTY = frozenset({"datecreated", "datepublished", "commenttime"})
_CONTENT_PROPERTY = frozenset({"text", "commenttext", "description"})


_OWN_LINK = re.compile(r"#c(?:omment)?[-_]?\d")
_TOOL_TAGS = frozenset({"button", "form", "nav", "textarea", "select"})
_LEADS = frozenset({"cite", "b", "strong", "h2", "h3", "h4", "h5", "h6"})
_LOOKED_AT = 200
"""Elements of a name or a header that are looked at; no real one has as many."""


@dataclass(eq=False, slots=True)
class Found:
    """A comment element, its place in the tree, and the roles of the elements in it."""

    element: Element
    parent: int | None = None
    author: str = ""
    posted: str | None = None
    url: str | None = None
    roles: dict[Element, Role] = field(default_factory=dict)

    @property
    def has_content(self) -> bool:
        """Whether an element is marked as the text (else the text is what no role claims)."""
        return "body" in self.roles.values()


def properties(element: Element) -> set[str]:
    """The microdata or RDFa property names of an element, lower-case and without a prefix."""
    names = f"{element.get('itemprop')} {element.get('property')}".lower().split()
    return {name.rpartition(":")[2] for name in names}


def describe(element: Element, within: Set[Element]) -> Found:
    """Find the parts of a comment; `within` are the comments nested in it."""
    found = Found(element)
    author = _author(found, within)
    contents = _contents(element, author, within)
    found.roles.update(dict.fromkeys(contents, "body"))
    holders = {above for content in contents for above in content.ancestors()}
    if author is not None:
        found.roles.setdefault(author, "header")
        holders.update(author.ancestors())
    outside = list(_outside(found, holders, within))
    found.posted = _posted(outside)
    found.url = _url(element, outside)
    return found


def _outside(found: Found, holders: Set[Element], within: Set[Element]) -> Iterator[Element]:
    """The elements around the text; gives those of headers and tools their role on the way."""
    stack = [c for c in reversed(found.element.children) if isinstance(c, Element)]
    while stack:
        part = stack.pop()
        if part in within or found.roles.get(part) == "body":
            continue
        yield part
        if part not in found.roles and part not in holders:
            if part.tag in _TOOL_TAGS or _is_classed(part, _TOOLS):
                found.roles[part] = "tools"
            elif _looks_like_header(part) and _is_short(part, within):
                found.roles[part] = "header"
        if part in found.roles:
            yield from islice(part.elements(within=within), _LOOKED_AT)
        else:
            stack.extend(c for c in reversed(part.children) if isinstance(c, Element))


def _looks_like_header(part: Element) -> bool:
    if part.tag in ("time", "header") or properties(part) & _DATES_PROPERTY:
        return True
    return _is_classed(part, _META) or _is_classed(part, _DATE)


def _is_classed(element: Element, pattern: re.Pattern[str]) -> bool:
    return any(pattern.match(c.lower()) for c in element.classes)


def _is_short(element: Element, within: Set[Element]) -> bool:
    """Whether it is no longer than a header; a "meta" element that holds text is a wrapper."""
    length = 0
    for i, text in enumerate(element.texts(within=within)):
        length += len(text.strip())
        if length > grammar.LONGEST or i > _LOOKED_AT:
            return False
    return True


def _author(found: Found, within: Set[Element]) -> Element | None:
    element = found.element
    tests: list[Callable[[Element], bool]] = [
        lambda e: bool(properties(e) & _NAMES_PROPERTY),
        lambda e: "fn" in e.classes or "p-author" in e.classes,
        lambda e: _is_classed(e, _AUTHOR),
        lambda e: "author" in e.get("rel").split(),
    ]
    if part := _named(found, tests, within):
        return part
    for key in ("data-author", "data-username", "data-user"):
        if name := element.get(key).strip():
            found.author = name
            return None
    return _leading(found, within) or _named(found, [lambda e: e.tag == "cite"], within)


def _named(
    found: Found, tests: list[Callable[[Element], bool]], within: Set[Element]
) -> Element | None:
    if found.author:
        return None
    for test in tests:
        for part in found.element.outermost(test, within=within):
            if name := _name(part, within):
                found.author = name
                return part
    return None


def _leading(found: Found, within: Set[Element]) -> Element | None:
    """The author by what the comment starts with: "NAME says:", or a name in bold."""
    lead: Element | str = found.element
    for _ in range(12):  # wrappers in wrappers
        assert isinstance(lead, Element)
        first = next((c for c in lead.children if _shows(c, within)), "")
        if first in within:
            return None
        if isinstance(first, str):
            header = grammar.header(" ".join(first.split()))
            if header and header.form == "verb":
                found.author = header.author
            return None
        lead = first
        if lead.tag in _LEADS:
            name = _name(lead, within)
            found.author = name if grammar.is_name(name, 6) else ""
            return lead if found.author else None
        if _is_short(lead, within):
            text = lead.text(within=within)
            header = grammar.header(text) or grammar.bare_name(text)
            named = header and header.form in ("verb", "by", "dated", "colon")
            if header and named and header.inline is None:
                found.author = header.author
                return lead
    return None


def _shows(item: Element | str, within: Set[Element]) -> bool:
    if isinstance(item, str):
        return bool(item.strip())
    return item in within or any(t.strip() for t in item.texts(within=within))


def _name(element: Element, within: Set[Element]) -> str:
    """The name that an author element shows, without its date, "says:" and the like."""
    below = list(islice(element.elements(within=within), _LOOKED_AT))
    inner = next((e for e in below if "name" in properties(e) or "fn" in e.classes), None)
    if inner is not None:
        element, below = inner, list(islice(inner.elements(within=within), _LOOKED_AT))
    aside = {
        e
        for e in below
        if e.tag in ("time", "button", "form")
        or _is_classed(e, _DATE)
        or any(c.lower() in ("says", "badge") for c in e.classes)
    }
    if not _is_short(element, within | aside):
        return ""
    text = element.text(within=within | aside)
    for inner in below:
        if inner.tag in ("a", "b", "strong", "cite") and inner not in aside:
            label = inner.text(within=within | aside)
            if label and text.startswith(label):
                text = label
                break
    header = grammar.header(text)
    if header and header.form in ("verb", "by", "dated"):
        text = header.author
    return text.rstrip(" :,|·•–—").strip()


def _contents(element: Element, author: Element | None, within: Set[Element]) -> list[Element]:
    """The elements that hold the text, outermost of the first kind that there is."""
    not_text = set() if author is None else {author, *author.ancestors(), *author.elements()}
    tests: list[Callable[[Element], bool]] = [
        lambda e: bool(properties(e) & _CONTENT_PROPERTY),
        lambda e: _is_classed(e, _CONTENT),
        lambda e: _is_classed(e, _LOOSE_CONTENT),
    ]
    for test in tests:
        if found := [e for e in element.outermost(test, within=within) if e not in not_text]:
            return found
    return []


def _posted(outside: list[Element]) -> str | None:
    """The date as the page shows it: from a marked time, a date's class, or a line of details."""
    tests: list[Callable[[Element], bool]] = [
        lambda e: e.tag == "time" or bool(properties(e) & _DATES_PROPERTY),
        lambda e: _is_classed(e, _DATE),
        lambda e: _is_classed(e, _META),
    ]
    for exact, test in zip((True, False, False), tests, strict=True):
        for element in filter(test, outside):
            text = element.text() if _is_short(element, frozenset()) else ""
            shown = grammar.find_date(text)
            if shown is None and exact:
                shown = text or element.get("datetime") or element.get("content")
            if shown and len(shown) <= 80:
                return shown
    return None


def _url(element: Element, outside: list[Element]) -> str | None:
    for part in outside:
        href = part.get("href").strip()
        if part.tag == "a" and _OWN_LINK.search(href):
            return href
    identifier = element.get("id")
    return f"#{identifier}" if identifier else None
