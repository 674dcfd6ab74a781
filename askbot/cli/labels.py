"""How passages are called on the screen (¶4, #16.1 cynic) and how people may call them."""

from __future__ import annotations

import re

from askbot.errors import UsageError
from askbot.showing import label, part_label, reply_context

__all__ = ["label", "looks_like_id", "parse_id", "part_label", "reply_context"]

_TYPED = re.compile(
    r"(?:(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*):)?"
    r"(?P<kind>¶|\#|p|c|para(?:graph)?|comment)?\s*(?P<number>[1-9]\d*(?:\.[1-9]\d*)*)\Z",
    re.IGNORECASE,
)


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
