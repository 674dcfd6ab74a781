"""Hacker News items as JSON, in both forms its APIs give.

Algolia's (`hn.algolia.com/api/v1/items/ID`): one object whose `children` nest the whole thread,
with `author`, `text` (HTML), `created_at`. Firebase's
(`hacker-news.firebaseio.com/v0/item/ID.json`): single items with `by`, `time` and the ids of their
`kids`; a thread is a list of them, or one a line, in any order.

The article is the story's text; a story without one has its title as only paragraph. Deleted and
dead comments keep their place, without an author or text where the API gives none. Kids that are
not in the list are left out (the page then claims more comments than it shows).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from askbot.discussion import Page
from askbot.errors import SourceError
from askbot.sources.builder import PageBuilder, Post, check_count
from askbot.sources.convokit import date_of

ITEM = "https://news.ycombinator.com/item?id="


def looks_like(record: Mapping[str, Any]) -> bool:
    """Whether an object is an item of either API."""
    if "id" not in record:
        return False
    kind = record.get("type") in ("story", "comment", "job", "poll", "pollopt")
    return kind or isinstance(record.get("children"), list) or isinstance(record.get("kids"), list)


def read(value: Any, *, slug: str, origin: str) -> Page:
    """Read one thread out of parsed JSON.

    Raises:
        SourceError: it is not one thread of Hacker News items.
    """
    records = value if isinstance(value, list) else [value]
    items: list[Mapping[str, Any]] = [r for r in records if isinstance(r, dict)]
    if not items or len(items) < len([r for r in records if r is not None]):
        raise SourceError(f"{origin}: not a list of Hacker News items; give item JSON")
    check_count(len(items), origin)
    if any(isinstance(item.get("children"), list) for item in items):
        if len(items) > 1:
            raise SourceError(f"{origin}: several threads in one file; give one a file")
        root, posts = items[0], _nested(items[0], origin)
    else:
        root, posts = _listed(items, origin)
    builder = PageBuilder(slug=slug, origin=origin, format="hackernews")
    title = " ".join(str(root.get("title") or "").split())
    if root.get("type") == "comment" and not title:
        top = _post(root)
        top.replies = posts
        posts = [top]
    else:
        if _text(root).strip():
            builder.furniture(title)
        else:
            builder.paragraph(title)
        builder.furniture(" · ".join(filter(None, (_author(root), _date(root)))))
        if isinstance(root.get("url"), str):
            builder.furniture(root["url"])
        builder.paragraph(_text(root))
    builder.posts(posts)
    stated = root.get("descendants", root.get("num_comments"))
    return builder.build(title=title, claimed=stated if isinstance(stated, int) else None)


def _nested(root: Mapping[str, Any], origin: str) -> list[Post]:
    """The comment trees under an Algolia item."""
    top: list[Post] = []
    stack: list[tuple[Mapping[str, Any], list[Post]]] = [(root, top)]
    count = 0
    while stack:
        item, into = stack.pop()
        children = [c for c in item.get("children") or [] if isinstance(c, dict)]
        count += len(children)
        check_count(count, origin)
        for child in children:
            if child.get("type") == "pollopt":
                continue
            post = _post(child)
            into.append(post)
            stack.append((child, post.replies))
    return top


def _listed(
    items: Sequence[Mapping[str, Any]], origin: str
) -> tuple[Mapping[str, Any], list[Post]]:
    """The root item of a Firebase list, and the comment trees under it."""
    by_id = {str(item.get("id")): item for item in items}
    listed = {str(kid) for item in items for kid in item.get("kids") or []}
    roots = [
        item
        for item in items
        if str(item.get("id")) not in listed and str(item.get("parent")) not in by_id
    ]
    stories = [item for item in roots if item.get("type") in ("story", "job", "poll")]
    if len(roots) != 1 and len(stories) != 1:
        raise SourceError(
            f"{origin}: {len(roots)} items that answer none of the others; give one thread's items"
        )
    root = stories[0] if len(stories) == 1 else roots[0]
    kids: dict[str, list[str]] = {
        str(i.get("id")): [str(k) for k in i.get("kids") or []] for i in items
    }
    known = {key: set(value) for key, value in kids.items()}
    for item in items:  # a comment that names its parent but is not among that one's kids
        parent, own = str(item.get("parent")), str(item.get("id"))
        if parent in known and own not in known[parent] and item is not root:
            kids[parent].append(own)
    top: list[Post] = []
    placed = {str(root.get("id"))}
    stack = [(str(root.get("id")), top)]
    while stack:
        name, into = stack.pop()
        for kid in kids[name]:
            child = by_id.get(kid)
            if child is not None and kid not in placed and child.get("type") != "pollopt":
                placed.add(kid)
                post = _post(child)
                into.append(post)
                stack.append((kid, post.replies))
    for kid, item in by_id.items():  # never lose one: what hangs nowhere stands at the end
        if kid not in placed and item.get("type") != "pollopt":
            top.append(_post(item))
    return root, top


def _post(item: Mapping[str, Any]) -> Post:
    author, posted = _author(item), _date(item)
    return Post(
        author=author,
        heading=" · ".join(filter(None, (author, posted))),
        paragraphs=[_text(item)],
        posted=posted,
        url=f"{ITEM}{item['id']}" if str(item.get("id", "")).isdigit() else None,
    )


def _author(item: Mapping[str, Any]) -> str:
    author = item.get("author") or item.get("by")
    return " ".join(author.split()) if isinstance(author, str) else ""


def _date(item: Mapping[str, Any]) -> str | None:
    stamp = item.get("created_at_i", item.get("time", item.get("created_at")))
    return date_of(stamp) if isinstance(stamp, (int, float, str)) else None


def _text(item: Mapping[str, Any]) -> str:
    text = item.get("text") or item.get("story_text") or item.get("comment_text")
    if not isinstance(text, str) or not text.strip():
        return ""
    from askbot.sources.html import text_of

    return text_of(text)
