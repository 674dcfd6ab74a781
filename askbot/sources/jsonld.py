"""schema.org comments in JSON-LD, for pages that show none in their markup.

Reads `Comment` objects nested under `comment`, listed in a `@graph`, or linked by `parentItem`;
authors may be strings, objects or references by `@id`. Scripts that are not valid JSON are ignored:
they are not visible text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from askbot.sources.builder import Post

_ARTICLES = re.compile(r"(?:\w*Article|BlogPosting|SocialMediaPosting|DiscussionForumPosting)\Z")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|&(?:[a-zA-Z]{2,8}|#\d{1,6});")
_VISIBLE = re.compile(r"\W+")


def read(scripts: Sequence[str]) -> tuple[list[Post], int | None, str]:
    """The comment trees, the stated comment count, and the article's body, from script texts."""
    objects: list[Mapping[str, Any]] = []
    above: dict[int, int] = {}
    for script in scripts:
        try:
            value = json.loads(script)
        except (ValueError, RecursionError):
            continue
        _collect(value, objects, above)
    by_id = {str(o["@id"]): i for i, o in enumerate(objects) if "@id" in o and len(o) > 1}
    posts: dict[int, Post] = {}
    seen: set[str] = set()
    count: int | None = None
    article = ""
    for i, thing in enumerate(objects):
        kinds = _kinds(thing)
        if "Comment" in kinds and len(thing) > 2:
            identity = str(thing.get("@id") or f"#{i}")
            if identity not in seen:
                seen.add(identity)
                posts[i] = _post(thing, objects, by_id)
        elif any(_ARTICLES.match(kind) for kind in kinds):
            stated = str(thing.get("commentCount", ""))
            count = int(stated) if count is None and stated.isdigit() else count
            article = article or _text(thing.get("articleBody") or thing.get("text"))
    return _tree(objects, posts, above, by_id), count, article


def unseen(posts: Sequence[Post], shown: Iterable[str]) -> list[Post]:
    """The trees of which nothing is shown on the page yet."""
    if not posts:
        return []
    visible = _VISIBLE.sub("", "".join(shown))
    return [
        p for p in posts if not _VISIBLE.sub("", "".join(p.paragraphs)) or not _shown(p, visible)
    ]


def _shown(post: Post, visible: str) -> bool:
    return _VISIBLE.sub("", "".join(post.paragraphs)) in visible


def _collect(value: Any, objects: list[Mapping[str, Any]], above: dict[int, int]) -> None:
    """Every object in a document, in order, with the comment that it is nested under."""
    stack: list[tuple[Any, int | None]] = [(value, None)]
    while stack:
        item, holder = stack.pop()
        if isinstance(item, list):
            stack.extend((v, holder) for v in reversed(item))
        elif isinstance(item, dict):
            place = len(objects)
            objects.append(item)
            if holder is not None:
                above[place] = holder
            inside = place if "Comment" in _kinds(item) else holder
            stack.extend(
                (v, inside if key == "comment" else holder if key == "@graph" else None)
                for key, v in reversed(item.items())
                if key != "parentItem"
            )


def _kinds(thing: Mapping[str, Any]) -> list[str]:
    kinds = thing.get("@type", [])
    names = kinds if isinstance(kinds, list) else [kinds]
    return [re.split(r"[/:#]", str(name))[-1] for name in names]


def _post(
    thing: Mapping[str, Any], objects: Sequence[Mapping[str, Any]], by_id: dict[str, int]
) -> Post:
    author = _author(thing.get("author") or thing.get("creator"), objects, by_id)
    posted = str(thing.get("dateCreated") or thing.get("datePublished") or "") or None
    url = thing.get("url")
    return Post(
        author=author,
        heading=" · ".join(part for part in (author, posted) if part),
        paragraphs=[text] if (text := _text(thing.get("text") or thing.get("description"))) else [],
        posted=posted,
        url=url if isinstance(url, str) and url.startswith(("http://", "https://")) else None,
    )


def _author(value: Any, objects: Sequence[Mapping[str, Any]], by_id: dict[str, int]) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        name = value.get("name") or value.get("alternateName")
        if not name and str(value.get("@id")) in by_id:
            name = objects[by_id[str(value["@id"])]].get("name")
        value = name or ""
    return " ".join(str(value).split()) if isinstance(value, str) else ""


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "\n\n".join(v for v in value if isinstance(v, str))
    if not isinstance(value, str):
        return ""
    if _TAG.search(value):
        from askbot.sources.html import text_of

        return text_of(value)
    return value


def _tree(
    objects: Sequence[Mapping[str, Any]],
    posts: dict[int, Post],
    above: dict[int, int],
    by_id: dict[str, int],
) -> list[Post]:
    roots: list[Post] = []
    for i, post in posts.items():
        parent = posts.get(above[i]) if i in above else None
        if parent is None:
            for named in _ids(objects[i].get("parentItem")):
                place = by_id.get(named)
                # Only an earlier one, so that no chain of references closes into a ring.
                parent = posts.get(place) if place is not None and place < i else None
        (roots if parent is None else parent.replies).append(post)
    return roots


def _ids(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and "@id" in item:
            yield str(item["@id"])
        elif isinstance(item, str):
            yield item
