"""Which page is meant: links that are indexed pages, and the /askbot words about pages."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from askbot.answers import Answer
from askbot.index.catalog import PageEntry
from askbot.slack.mrkdwn import escape, read


def page_by_link(
    words: str, bot_user: str, pages: Sequence[PageEntry]
) -> tuple[str, list[str]] | None:
    """The page that a link in a message is, with the links that say so; None if none is."""
    by_address = {address_key(entry.origin): entry.slug for entry in pages}
    by_address.pop("", None)
    links = read(words, bot_user).links
    hits = [link for link in links if address_key(link) in by_address]
    if not hits:
        return None
    return by_address[address_key(hits[0])], hits


def address_key(url: str) -> str:
    """An address without what does not tell pages apart; "" for what is no web address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return ""
    host = parts.netloc.lower().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def same_page(answer: Answer, slug: str | None) -> bool:
    """Whether an earlier answer was about this page, so that a follow-up may refer to it."""
    pages = {citation.page for citation in answer.citations}
    return slug is None or not pages or slug in pages


def pages_text(pages: Sequence[PageEntry], current: str) -> str:
    """The indexed pages as mrkdwn lines."""
    lines = [
        f"• `{p.slug}` {escape(p.title)}{' (used here)' if p.slug == current else ''}"
        for p in pages
    ]
    return "\n".join(lines) or "No page is indexed yet."
