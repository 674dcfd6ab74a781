"""ConvoKit corpora: `utterances.jsonl`, one JSON object a line.

Fields (https://convokit.cornell.edu/documentation/data_format.html): `id`, `speaker`,
`conversation_id`, `reply_to`, `timestamp`, `text`, `meta`; the older names `user`, `root` and
`reply-to` are read too. Each conversation is a page of its own.

The article is the conversation's root post: the single utterance that replies to nothing or whose
id is the conversation's id, when it has text; its paragraphs become p1, p2, … and the replies to it
the top-level comments. A conversation with several such utterances has no article: all are
comments. An utterance that replies to one that is missing (deleted, or not in the file) is kept at
top level; nothing is dropped. "[deleted]" and "[removed]" stay as the text they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from askbot.discussion import Page, slugify
from askbot.errors import SourceError
from askbot.sources.builder import PageBuilder, Post, check_count


@dataclass(frozen=True, slots=True)
class Utterance:
    """One line of the file."""

    id: str
    speaker: str
    text: str
    conversation: str | None
    reply_to: str | None
    posted: str | None
    url: str | None
    title: str


def read(text: str, *, slug: str, origin: str) -> list[Page]:
    """Read every conversation; with several, the slug is `slug-conversation_id`.

    Raises:
        SourceError: a line is not an utterance, an id is used twice, or there is no text at all.
    """
    conversations = _grouped(list(_utterances(text, origin)))
    pages = []
    slugs: set[str] = set()
    for name, members in conversations.items():
        own = slug if len(conversations) == 1 else f"{slug}-{slugify(name, fallback='thread')}"
        while own in slugs:
            own += "-x"
        slugs.add(own)
        pages.append(_page(name, members, slug=own, origin=origin))
    return pages


def looks_like(record: Mapping[str, Any]) -> bool:
    """Whether an object has the fields of an utterance."""
    return "id" in record and "text" in record and ("speaker" in record or "user" in record)


def _utterances(text: str, origin: str) -> Iterator[Utterance]:
    seen: set[str] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SourceError(
                f"{origin}: line {number} is not JSON ({error}); an utterances.jsonl file has one "
                "object a line"
            ) from None
        if not isinstance(record, dict) or not looks_like(record):
            raise SourceError(
                f"{origin}: line {number} has no id, speaker and text; every utterance needs them"
            )
        utterance = _utterance(record)
        if utterance.id in seen:
            raise SourceError(
                f"{origin}: line {number} repeats the id {utterance.id}; mend the file"
            )
        seen.add(utterance.id)
        check_count(len(seen), origin)
        yield utterance
    if not seen:
        raise SourceError(f"{origin}: empty; an utterances.jsonl file has one object a line")


def _utterance(record: Mapping[str, Any]) -> Utterance:
    speaker = record.get("speaker", record.get("user"))
    if isinstance(speaker, dict):
        speaker = speaker.get("id", "")
    meta = record.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    reply_to = record.get("reply_to", record.get("reply-to"))
    conversation = record.get("conversation_id", record.get("root"))
    link = meta.get("permalink") or meta.get("url")
    title = meta.get("title")
    stamp = record.get("timestamp")
    return Utterance(
        id=str(record["id"]),
        speaker=" ".join(str(speaker or "").split()),
        text=record["text"] if isinstance(record["text"], str) else "",
        conversation=None if conversation is None else str(conversation),
        reply_to=None if reply_to in (None, "") else str(reply_to),
        posted=date_of(stamp) if isinstance(stamp, (int, float, str)) else None,
        url=link if isinstance(link, str) and link.startswith(("http://", "https://")) else None,
        title=" ".join(title.split()) if isinstance(title, str) else "",
    )


def date_of(stamp: float | str) -> str | None:
    """A time stamp in Unix seconds as "2011-01-03 17:00 UTC"; other text as it is."""
    from datetime import UTC, datetime

    try:
        moment = datetime.fromtimestamp(float(stamp), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return str(stamp).strip() or None if isinstance(stamp, str) else None
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def _grouped(utterances: Sequence[Utterance]) -> dict[str, list[Utterance]]:
    """Utterances by conversation, in order of first appearance.

    Where a line names no conversation, it belongs to that of what it replies to.
    """
    by_id = {u.id: u for u in utterances}
    named: dict[str, str] = {}
    for utterance in utterances:
        trail: list[str] = []
        current: Utterance | None = utterance
        name = utterance.id
        while current is not None and current.id not in trail[-1:]:
            if current.id in named or current.conversation is not None:
                name = named.get(current.id) or current.conversation or current.id
                break
            trail.append(current.id)
            name = current.id
            current = by_id.get(current.reply_to) if current.reply_to else None
            if current is not None and len(trail) > len(utterances):
                break
        named.update(dict.fromkeys([utterance.id, *trail], name))
    grouped: dict[str, list[Utterance]] = {}
    for utterance in utterances:
        grouped.setdefault(named[utterance.id], []).append(utterance)
    return grouped


def _page(name: str, members: Sequence[Utterance], *, slug: str, origin: str) -> Page:
    present = {u.id for u in members}
    tops = [u for u in members if u.reply_to is None or u.id == name]
    roots = [u for u in tops if u.id == name] or tops
    article = roots[0] if len(roots) == 1 and roots[0].text.strip() else None
    builder = PageBuilder(slug=slug, origin=origin, format="convokit")
    title = ""
    if article is not None:
        title = article.title
        if title:
            builder.furniture(title)
        builder.furniture(_heading(article))
        builder.paragraph(article.text)
    posts = {u.id: _post(u) for u in members if u is not article}
    top: list[Post] = []
    for utterance in members:
        if utterance is article:
            continue
        parent = posts.get(utterance.reply_to) if utterance.reply_to in present else None
        (top if parent is None else parent.replies).append(posts[utterance.id])
    builder.posts(top + _in_rings(members, posts, top))
    return builder.build(title=title)


def _post(utterance: Utterance) -> Post:
    return Post(
        author=utterance.speaker,
        heading=_heading(utterance),
        paragraphs=[utterance.text],
        posted=utterance.posted,
        url=utterance.url,
    )


def _heading(utterance: Utterance) -> str:
    return " · ".join(part for part in (utterance.speaker, utterance.posted) if part)


def _in_rings(
    members: Sequence[Utterance], posts: Mapping[str, Post], top: Sequence[Post]
) -> list[Post]:
    """Posts that no top-level post leads to, because they reply to each other in a ring.

    The first of each ring is cut loose and becomes a top-level post.
    """
    reached: set[int] = set()

    def reach(post: Post) -> None:
        stack = [post]
        while stack:
            current = stack.pop()
            if id(current) not in reached:
                reached.add(id(current))
                stack.extend(current.replies)

    for post in top:
        reach(post)
    loose: list[Post] = []
    for utterance in members:
        post_ = posts.get(utterance.id)
        if post_ is not None and id(post_) not in reached:
            parent = posts.get(utterance.reply_to or "")
            if parent is not None:
                parent.replies = [reply for reply in parent.replies if reply is not post_]
            loose.append(post_)
            reach(post_)
    return loose
