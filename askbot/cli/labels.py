"""How passages are called on the screen (¶4, #16.1 cynic) and how people may call them."""

from __future__ import annotations

import re

from askbot.cli.safe import one_line
from askbot.discussion import Comment, Page, Paragraph
from askbot.errors import UsageError

_TYPED = re.compile(
    r"(?:(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*):)?"
    r"(?P<kind>¶|\#|p|c|para(?:graph)?|comment)?\s*(?P<number>[1-9]\d*(?:\.[1-9]\d*)*)\Z",
    re.IGNORECASE,
)


def label(passage_id: str, author: str | None = None) -> str:
    """ "¶12" or "#16.1 cynic", behind the page's slug where the id carries one."""
    slug, _, local = passage_id.rpartition(":")
    mark = f"¶{local[1:]}" if local.startswith("p") else f"#{local[1:]}"
    name = one_line(author) if author else ""
    return " ".join(part for part in (slug, mark, name) if part)


def part_label(part: Paragraph | Comment) -> str:
    """`label` of a part of a page."""
    return label(part.id, part.author)


def reply_context(page: Page, part: Paragraph | Comment) -> str:
    """ "replying to #16 mark" for a reply, else ""."""
    if not isinstance(part, Comment) or part.parent is None:
        return ""
    return f"replying to {part_label(page.comment(part.parent))}"


def looks_like_id(typed: str) -> bool:
    return _TYPED.match(typed.strip()) is not None


def parse_id(typed: str) -> tuple[str | None, str]:
    """(slug or None, id) of what a person typed: p4, ¶4, c16.1, #16.1, 16.1, page-slug:p4.

    A number without a letter is a comment, as the pages number them.

    Raises:
        UsageError: it is no id in any of these forms.
    """
    match = _TYPED.match(typed.strip())
    if match is None:
        raise UsageError(
            f"{typed!r} is not a passage id: write p4 for a paragraph, c16.1 for a comment"
        )
    kind = (match["kind"] or "c").lower()
    letter = "p" if kind == "¶" or kind.startswith("p") else "c"
    if letter == "p" and "." in match["number"]:
        raise UsageError(f"{typed!r} is not a passage id: paragraphs are p1, p2, …")
    return (match["slug"].lower() if match["slug"] else None), letter + match["number"]
