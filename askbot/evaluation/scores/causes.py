"""Whether a question was handled right and, where it was not, at which step it went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Cause = Literal[
    "wrong route",
    "wrongly answered",
    "not retrieved",
    "wrongly declined",
    "retrieved but not chosen",
    "wrong span",
    "wrong comments",
]
"""In the order in which a question meets them; each wrong question has the first that holds."""

MEANING: Mapping[Cause, str] = {
    "wrong route": "computed over the comments though it asks for content, or the other way round",
    "wrongly answered": "the page does not say, and something was answered",
    "not retrieved": "no gold passage was among those handed to the answerer",
    "wrongly declined": "a gold passage was there, and the question was declined",
    "retrieved but not chosen": "a gold passage was there, and another was cited",
    "wrong span": "a gold passage was cited, and other words of it were given",
    "wrong comments": "computed, but over other comments than the right ones",
}

CONTENT = "content"
COMPUTED = "thread"
"""The name in a question set for every route but content."""


def same_route(wanted: str, taken: str) -> bool:
    """Whether a question went the way that its set asks for."""
    return taken == wanted or (wanted == COMPUTED and taken != CONTENT)


def cause_of(
    *,
    right: bool,
    answerable: bool,
    abstained: bool,
    route_held: bool | None,
    retrieved: bool | None,
    cited: bool | None,
    computed: bool,
) -> Cause | None:
    """The first step at which a question went wrong; None where it was handled right.

    Args:
        route_held, retrieved, cited: whether it took the right way, a gold passage was handed to
            the answerer, and one was cited; None where the question set does not say.
    """
    if right:
        return None
    if route_held is False:
        return "wrong route"
    if not answerable:
        return "wrongly answered"
    if retrieved is False:
        return "not retrieved"
    if abstained:
        return "wrongly declined"
    if computed:
        return "wrong comments"
    if cited is False:
        return "retrieved but not chosen"
    return "wrong span"
