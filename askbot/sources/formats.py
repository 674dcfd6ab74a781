"""Which format a page is in, told by its name, its content type and what it starts with."""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import Any, Literal

from askbot.discussion import Page
from askbot.errors import SourceError

Format = Literal["text", "html", "markdown", "json", "jsonl"]

SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
CONTENT_TYPES: dict[str, Format] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "application/json": "json",
    "text/json": "json",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
    "application/x-jsonlines": "jsonl",
}
NAMES = "text, html, markdown, convokit or hackernews"

_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*|<!--.{0,2000}?-->\s*){0,20}"
    r"<(?:!doctype\s+html|html|head|body|article|main|div|section|h1|p|ol|ul|table|script|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_CLOSING_TAG = re.compile(r"</(?:p|div|li|article|html|body|h1|h2|span|a)\s*>", re.IGNORECASE)
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|```|\[[^\]\n]{1,80}\]: \S|[-*] \*\*\S)", re.MULTILINE)


def of_name(name: str) -> Format | None:
    """By suffix; None if it says nothing."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def looks_like_html(text: str) -> bool:
    """Whether a text starts as HTML does, or is full of its tags."""
    head = text[:65_536]
    return bool(_HTML_START.match(head[:8_192])) or (
        head.lstrip()[:1] == "<" and len(_CLOSING_TAG.findall(head)) >= 2
    )


def sniff(text: str) -> Format:
    """By content."""
    head = text[:65_536].lstrip()
    if head[:1] in "{[" and head:
        first, _, rest = head.partition("\n")
        if head[0] == "{" and rest.strip().startswith("{") and _is_json(first):
            return "jsonl"
        if _is_json(first) or re.match(r"[{\[]\s*[\"{\[\]}]", head):
            return "json"
    if looks_like_html(text):
        return "html"
    return "markdown" if len(_MARKDOWN.findall(head)) >= 2 else "text"


def read_all(text: str, *, format: str | None, slug: str, origin: str) -> list[Page]:
    """Read decoded text; `format` None sniffs it.

    Raises:
        SourceError: it is no page in that format.
    """
    from askbot.sources import convokit, hackernews, html, markdown, plaintext

    text = text.removeprefix("\ufeff")
    match format or sniff(text):
        case "text":
            return [plaintext.read(text, slug=slug, origin=origin)]
        case "html":
            return [html.read(text, slug=slug, origin=origin)]
        case "markdown":
            return [markdown.read(text, slug=slug, origin=origin)]
        case "convokit":
            return convokit.read(text, slug=slug, origin=origin)
        case "hackernews":
            return [hackernews.read(_json(text, origin), slug=slug, origin=origin)]
        case "jsonl":
            return _read_lines(text, slug=slug, origin=origin)
        case "json":
            return _read_json(text, slug=slug, origin=origin)
    raise SourceError(f"{origin}: unknown format {format!r}; use {NAMES}")


def _read_json(text: str, *, slug: str, origin: str) -> list[Page]:
    from askbot.sources import convokit, hackernews

    value = _json(text, origin)
    records = value if isinstance(value, list) else [value]
    first = next((r for r in records if isinstance(r, dict)), None)
    if first is not None and hackernews.looks_like(first):
        return [hackernews.read(value, slug=slug, origin=origin)]
    if first is not None and convokit.looks_like(first):
        text = "\n".join(json.dumps(record) for record in records)
        return convokit.read(text, slug=slug, origin=origin)
    raise SourceError(
        f"{origin}: JSON, but neither a Hacker News item nor ConvoKit utterances; "
        "askbot reads those two forms of JSON"
    )


def _read_lines(text: str, *, slug: str, origin: str) -> list[Page]:
    from askbot.sources import convokit, hackernews

    rows = [line for line in text.split("\n") if line.strip()]
    first = _json(rows[0], origin) if rows else None
    if isinstance(first, dict) and hackernews.looks_like(first) and not convokit.looks_like(first):
        values = [_json(row, origin) for row in rows]
        return [hackernews.read(values, slug=slug, origin=origin)]
    return convokit.read(text, slug=slug, origin=origin)


def _json(text: str, origin: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise SourceError(
            f"{origin}: not valid JSON ({error}); mend it or fetch it again"
        ) from None
    except RecursionError:
        raise SourceError(
            f"{origin}: JSON nested too deeply to be a page; check the file"
        ) from None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
