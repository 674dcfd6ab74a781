"""Which elements of an HTML page are comments, who wrote them, and what in them is what.

Known forms: WordPress comment lists (old and HTML5 markup), Blogger, schema.org `Comment` in
microdata and RDFa, and generic `<article class="comment">` or `<li id="comment-12">` markup. A reply
is recognised by nesting, by a list of replies that follows its parent, by WordPress's `depth-N`
class, or by a `data-parent` id. Pingbacks and trackbacks are not comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from typing import Literal

from askbot.sources import grammar
from askbot.sources.dom import Element

Role = Literal["header", "body", "tools"]

_COMMENT = re.compile(
    r"(?:comment|c-comment|commentitem|comment[-_]+(?:item|entry|wrapper|wrap|node|container|block|box"
    r"|single|thread)|single-comment|comments?__item|h-cite|comtr|usercomment|user-comment)\Z"
)
_COMMENT_ID = re.compile(r"(?:li-|div-|dsq-)?comment[-_]?\d+\Z", re.IGNORECASE)
_NOT_COMMENT = re.compile(r"(?:pingback|trackback|comment-?form|comment-?respond)\Z")
_REPLIES = re.compile(
    r"(?:children|child|replies|(?:child|sub|nested)-?comments|comments?[-_]+(?:replies|children)"
    r"|reply-list|thread-replies|thread-chrome)\Z"
)
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
_DEPTH = re.compile(r"(?:depth|level|indent)[-_]?(\d{1,3})\Z")
_TAGS = frozenset("li div article section blockquote tr dd details".split())
_NAMES_PROPERTY = frozenset({"author", "creator"})
_DATES_PROPERTY = frozenset({"datecreated", "datepublished", "commenttime"})
_CONTENT_PROPERTY = frozenset({"text", "commenttext", "description"})


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


def find(body: Element) -> list[Found]:
    """The comments in a tree, in page order, each parent before its replies."""
    candidates = [e for e in body.elements() if _is_candidate(e)]
    active = set(candidates)
    _merge_wrappers(candidates, active)
    described: dict[Element, Found] = {}
    for element in candidates:
        if element in active:
            found = _describe(element, active)
            if found.author or _is_certain(element):
                described[element] = found
    for element, found in list(described.items()):
        outer = _outer(element, described.keys())
        if (
            not found.author
            and outer
            and described[outer].author
            and not _replies_between(element, outer)
        ):
            del described[element]
    if len(described) < len(active):
        kept = described.keys()
        described = {element: _describe(element, kept) for element in described}
    return _nested(list(described.values()))


def properties(element: Element) -> set[str]:
    """The microdata or RDFa property names of an element, lower-case and without a prefix."""
    names = f"{element.get('itemprop')} {element.get('property')}".lower().split()
    return {name.rpartition(":")[2] for name in names}


def _types(element: Element) -> set[str]:
    names = f"{element.get('itemtype')} {element.get('typeof')}".split()
    return {re.split(r"[/:#]", name)[-1] for name in names}


def _is_certain(element: Element) -> bool:
    """Whether markup says "comment" so plainly that a missing name does not matter."""
    return (
        bool(_types(element) & {"Comment", "UserComments"})
        or _COMMENT_ID.match(element.get("id")) is not None
    )


def _is_candidate(element: Element) -> bool:
    classes = [c.lower() for c in element.classes]
    if any(_NOT_COMMENT.match(c) for c in classes):
        return False
    if _types(element) & {"Comment", "UserComments"}:
        return True
    if "itemscope" in element.attributes and "comment" in properties(element):
        return True
    if element.tag not in _TAGS:
        return False
    return any(_COMMENT.match(c) for c in classes) or bool(_COMMENT_ID.match(element.get("id")))


def _outer(element: Element, among: Set[Element]) -> Element | None:
    return next((above for above in element.ancestors() if above in among), None)


def _replies_between(element: Element, outer: Element) -> bool:
    for above in element.ancestors():
        if above is outer:
            return False
        if above.tag in ("ul", "ol", "dl") or _is_replies(above):
            return True
    return False


def _is_replies(element: Element) -> bool:
    return any(_REPLIES.match(c.lower()) for c in element.classes)


def _merge_wrappers(candidates: Iterable[Element], active: set[Element]) -> None:
    """Leave one element a comment where markup wraps it twice, and none for a mere list."""
    for element in candidates:
        while element in active and not any(t.strip() for t in element.texts(within=active)):
            inner = _inner(element, active)
            if not inner:
                break
            same_level = [e for e in inner if e.parent is inner[0].parent]
            if len(same_level) > 1 and not _is_certain(element):
                active.discard(element)
            else:
                active.discard(inner[0])


def _inner(element: Element, active: Set[Element]) -> list[Element]:
    """The nearest candidates below an element."""
    found: list[Element] = []
    stack = [c for c in reversed(element.children) if isinstance(c, Element)]
    while stack:
        below = stack.pop()
        if below in active:
            found.append(below)
        else:
            stack.extend(c for c in reversed(below.children) if isinstance(c, Element))
    return found


def _describe(element: Element, active: Set[Element]) -> Found:
    found = Found(element)
    within = frozenset(e for e in _inner(element, active))
    own = list(element.elements(within=within))
    author = _author(found, own, within)
    for content in _contents(own, author):
        found.roles[content] = "body"
    inside = _inside(found.roles)
    keep = set() if author is None else {author, *author.ancestors()}
    keep |= {above for content in found.roles for above in content.ancestors()}
    for part in own:
        if part in inside or part in found.roles:
            continue
        classes = [c.lower() for c in part.classes]
        if part is author:
            found.roles[part] = "header"
        elif part.tag in ("button", "form", "nav", "textarea", "select") or any(
            _TOOLS.match(c) for c in classes
        ):
            if part not in keep:
                found.roles[part] = "tools"
        elif (
            part.tag in ("time", "cite", "header")
            or any(_META.match(c) or _DATE.match(c) for c in classes)
            or properties(part) & _DATES_PROPERTY
        ):
            found.roles.setdefault(part, "header")
    _drop_wide_headers(found, within)
    found.posted = _posted(own, found, inside)
    found.url = _url(own, found, inside)
    return found


def _inside(roles: Iterable[Element]) -> set[Element]:
    return {below for element in roles for below in element.elements()}


def _drop_wide_headers(found: Found, within: Set[Element]) -> None:
    """A "meta" element that holds the text, or reads like it, is a wrapper and no header."""
    contents = [e for e, role in found.roles.items() if role == "body"]
    holders = {above for content in contents for above in content.ancestors()}
    for element, role in list(found.roles.items()):
        if role == "header" and (
            element in holders or len(element.text(within=within)) > grammar.LONGEST
        ):
            del found.roles[element]


def _author(found: Found, own: list[Element], within: Set[Element]) -> Element | None:
    tests: list[Callable[[Element], bool]] = [
        lambda e: bool(properties(e) & _NAMES_PROPERTY),
        lambda e: "fn" in e.classes or "p-author" in e.classes,
        lambda e: any(_AUTHOR.match(c.lower()) for c in e.classes),
        lambda e: e.tag == "cite" or "author" in e.get("rel").split(),
    ]
    for test in tests:
        for element in own:
            if test(element) and (name := _name(element, within)):
                found.author = name
                return element
    for key in ("data-author", "data-username", "data-user"):
        if found.element.get(key).strip():
            found.author = found.element.get(key).strip()
            return None
    first = next((c for c in found.element.children if isinstance(c, Element) or c.strip()), "")
    if isinstance(first, str):
        header = grammar.header(" ".join(first.split()))
        if header and header.form == "verb":
            found.author = header.author
        return None
    lead = next((e for e in own if e.text(within=within)), None)
    while lead is not None and lead.tag not in ("b", "strong", "h3", "h4", "h5", "h6"):
        text = lead.text(within=within)
        header = grammar.header(text) or grammar.bare_name(text)
        if header and header.form in ("verb", "by", "dated", "colon") and header.inline is None:
            found.author = header.author
            return lead
        first = next((c for c in lead.children if isinstance(c, Element) or c.strip()), "")
        lead = first if isinstance(first, Element) and first not in within else None
    if lead is not None and (name := _name(lead, within)) and grammar.is_name(name, 6):
        found.author = name
        return lead
    return None


def _name(element: Element, within: Set[Element]) -> str:
    """The name that an author element shows, without its date, "says:" and the like."""
    below = list(element.elements(within=within))
    for inner in below:
        if "name" in properties(inner) or "fn" in inner.classes:
            element = inner
            below = list(inner.elements(within=within))
            break
    aside = frozenset(
        e
        for e in below
        if e.tag in ("time", "button", "form")
        or any(_DATE.match(c.lower()) or c.lower() in ("says", "badge") for c in e.classes)
    )
    text = element.text(within=within | aside)
    for inner in below:
        label = inner.text()
        linked = inner.tag in ("a", "b", "strong", "cite")
        if linked and label and text.startswith(label) and inner not in aside:
            text = label
            break
    header = grammar.header(text)
    if header and header.form in ("verb", "by", "dated"):
        text = header.author
    text = text.rstrip(" :,|·•–—").strip()
    return text if len(text) <= grammar.LONGEST else ""


def _contents(own: list[Element], author: Element | None) -> list[Element]:
    above = set() if author is None else {author, *author.ancestors()}
    above |= set() if author is None else set(author.elements())
    tests: list[Callable[[Element], bool]] = [
        lambda e: bool(properties(e) & _CONTENT_PROPERTY),
        lambda e: any(_CONTENT.match(c.lower()) for c in e.classes),
        lambda e: any(_LOOSE_CONTENT.match(c.lower()) for c in e.classes),
    ]
    for test in tests:
        matches = [e for e in own if e not in above and test(e)]
        nested = _inside(matches)
        outermost = [e for e in matches if e not in nested]
        if outermost:
            return outermost
    return []


def _posted(own: list[Element], found: Found, inside: set[Element]) -> str | None:
    outside = [e for e in own if e not in inside and found.roles.get(e) != "body"]
    for element in outside:
        classes = [c.lower() for c in element.classes]
        exact = element.tag == "time" or bool(properties(element) & _DATES_PROPERTY)
        if exact or any(_DATE.match(c) or _META.match(c) for c in classes):
            text = element.text()
            date = grammar.find_date(text)
            if date or not exact:
                if date:
                    return date
                continue
            shown = text or element.get("datetime") or element.get("content")
            if 0 < len(shown) <= 80:
                return shown
    return None


def _url(own: list[Element], found: Found, inside: set[Element]) -> str | None:
    for element in own:
        href = element.get("href").strip()
        if element.tag == "a" and element not in inside:
            _, hash_, fragment = href.partition("#")
            if hash_ and re.match(r"c(?:omment)?[-_]?\d", fragment):
                return href
    identifier = found.element.get("id")
    return f"#{identifier}" if identifier else None


def _nested(found: list[Found]) -> list[Found]:
    """Give each comment its parent."""
    place = {f.element: i for i, f in enumerate(found)}
    by_id = {f.element.get("id") or f.element.get("data-id"): i for i, f in enumerate(found)}
    depths: list[int] = []
    trail: list[int] = []
    for i, comment in enumerate(found):
        element = comment.element
        outer = _outer(element, place.keys())
        parent = place[outer] if outer is not None else _before_replies(element, place)
        if parent is None:
            named = element.get("data-parent") or element.get("data-parent-id")
            parent = by_id.get(named) if named else None
            if parent is None and named:
                parent = by_id.get(f"comment-{named}")
        if parent is None and (depth := _stated_depth(element)):
            while trail and depths[trail[-1]] >= depth:
                trail.pop()
            parent = trail[-1] if trail else None
        if parent is not None and parent >= i:
            parent = None
        comment.parent = parent
        depths.append(_stated_depth(element) or 0)
        trail.append(i)
    return found


def _stated_depth(element: Element) -> int | None:
    for name in element.classes:
        if match := _DEPTH.match(name.lower()):
            return int(match[1])
    for key in ("data-depth", "data-level", "aria-level"):
        if element.get(key).isdigit():
            return int(element.get(key)[:3])
    return None


def _before_replies(element: Element, place: dict[Element, int]) -> int | None:
    """The comment that the list of replies around an element stands behind."""
    for above in element.ancestors():
        if _is_replies(above) or (above.tag in ("ul", "ol") and _follows_comment(above, place)):
            return _comment_before(above, place)
    return None


def _follows_comment(container: Element, place: dict[Element, int]) -> bool:
    parent = container.parent
    return parent is not None and any(
        isinstance(c, Element) and c in place for c in parent.children
    )


def _comment_before(container: Element, place: dict[Element, int]) -> int | None:
    """The nearest comment among the earlier siblings, or first in one of them."""
    siblings = container.parent.children if container.parent else []
    for i in range(siblings.index(container) - 1, -1, -1):
        sibling = siblings[i]
        if not isinstance(sibling, Element) or _is_replies(sibling):
            continue
        if sibling in place:
            return place[sibling]
        inner = next((e for e in sibling.elements() if e in place), None)
        if inner is not None:
            return place[inner]
    return None
