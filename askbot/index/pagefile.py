"""A page as a JSON file: the source with its digest, and where each part stands in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from askbot.discussion import Comment, Extent, Page, Paragraph
from askbot.errors import StoreDamaged

FORMAT = 1


def dump(page: Page) -> bytes:
    """The page as UTF-8 JSON."""
    record = {
        "format_version": FORMAT,
        "slug": page.slug,
        "title": page.title,
        "origin": page.origin,
        "format": page.format,
        "claimed_comments": page.claimed_comments,
        "sha256": page.sha256,
        "source": page.source,
        "paragraphs": [[p.id, p.extent.start, p.extent.end] for p in page.paragraphs],
        "comments": [
            {
                "id": c.id,
                "author": c.author,
                "parent": c.parent,
                "header": _pairs(c.header),
                "body": _pairs(c.body),
                "posted": c.posted,
                "url": c.url,
            }
            for c in page.comments
        ],
        "furniture": _pairs(page.furniture),
    }
    return json.dumps(record, ensure_ascii=True).encode("ascii")


def load(data: bytes, where: str) -> Page:
    """The page in a file's bytes.

    Raises:
        StoreDamaged: they are not what `dump` wrote, or the source does not match its digest.
    """
    try:
        record: dict[str, Any] = json.loads(data)
        page = Page(
            slug=record["slug"],
            title=record["title"],
            source=record["source"],
            paragraphs=tuple(Paragraph(i, Extent(s, e)) for i, s, e in record["paragraphs"]),
            comments=tuple(
                Comment(
                    c["id"],
                    c["author"],
                    c["parent"],
                    _extents(c["header"]),
                    _extents(c["body"]),
                    c["posted"],
                    c["url"],
                )
                for c in record["comments"]
            ),
            furniture=_extents(record["furniture"]),
            claimed_comments=record["claimed_comments"],
            origin=record["origin"],
            format=record["format"],
        )
        intact = page.sha256 == record["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreDamaged(
            f"{where} is damaged ({type(error).__name__}); ingest the page again from where it came"
        ) from None
    if not intact:
        raise StoreDamaged(
            f"{where} is damaged (its text does not match its sha256); ingest the page again "
            f"from {page.origin or 'where it came'}"
        )
    return page


def _pairs(extents: Iterable[Extent]) -> list[list[int]]:
    return [[e.start, e.end] for e in extents]


def _extents(pairs: Iterable[Iterable[int]]) -> tuple[Extent, ...]:
    return tuple(Extent(*pair) for pair in pairs)
