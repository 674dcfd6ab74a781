"""Which elements of an HTML page are comments, who wrote them, and what in them is what.

Known forms: WordPress comment lists (old and HTML5 markup), Blogger, schema.org `Comment` in
microdata and RDFa, and generic `<article class="comment">` or `<li id="comment-12">` markup. A
reply is recognised by nesting, by a list of replies that follows its parent, by WordPress's
`depth-N` class, or by a `data-parent` id. Pingbacks and trackbacks are not comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

from askbot.sources.comment_parts import Found, describe, properties
from askbot.sources.dom import Element

_WRAPPERS = 4
"""Elements that markup may wrap around one comment."""

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
_DEPTH = re.compile(r"(?:depth|level|indent)[-_]?(\d{1,3})\Z")
_TAGS = frozenset(["li", "div", "article", "section", "blockquote", "tr", "dd", "details"])


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


def _describe(element: Element, comments: Set[Element]) -> Found:
    return describe(element, frozenset(_inner(element, comments)))


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
        for _ in range(_WRAPPERS):
            if element not in active or any(t.strip() for t in element.texts(within=active)):
                break
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


def _nested(found: list[Found]) -> list[Found]:
    """Give each comment its parent."""
    place = {f.element: i for i, f in enumerate(found)}
    by_id = {f.element.get("id") or f.element.get("data-id"): i for i, f in enumerate(found)}
    known: dict[Element, int | None] = {}
    depths: list[int] = []
    trail: list[int] = []
    for i, comment in enumerate(found):
        element = comment.element
        outer = _outer(element, place.keys())
        parent = place[outer] if outer is not None else _before_replies(element, place, known)
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


def _before_replies(
    element: Element, place: dict[Element, int], known: dict[Element, int | None]
) -> int | None:
    """The comment that the list of replies around an element stands behind."""
    for above in element.ancestors():
        if above not in known:
            is_list = _is_replies(above) or (
                above.tag in ("ul", "ol") and _follows_comment(above, place)
            )
            known[above] = _comment_before(above, place) if is_list else None
        if known[above] is not None:
            return known[above]
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
