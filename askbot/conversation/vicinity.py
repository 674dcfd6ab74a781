"""Where a conversation has got to on the page: what was cited last, and what stands beside it.

A follow-up is mostly answered where the last answer was, in the same passage, the next paragraph,
or a reply. What is found there gets a bonus in the search; the question stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.conversation.turns import Turn
from askbot.discussion import Comment, Page, Paragraph

LOOK_BACK = 2
BESIDE = 0.6
"""Share of the bonus for what stands beside a cited passage, beside that for the passage itself."""
EARLIER = 0.5
"""Share for the turn before the last."""
FOUND, MOST_FOUND = 0.7, 2
"""Share for the best passages that an answer about content was chosen from: it may have been the
wrong one, or none at all."""
MOST_CITED = 6
"""A turn that cites more (a count of all comments) was in no one place."""

SHORT = 5
"""Words up to which a question hardly says by itself what it is about ("until when, roughly?")."""

_LEANS = re.compile(
    r"^\s*(?:and|but|so|then|or)\b"
    r"|\bones\b"
    r"|\b(?:afterwards?|before that|after that|in turn|as well)\W*$"
    r"|\b(?:that|this|these|those) "
    r"(?:is|was|are|were|claim|statement|idea|remark|story|view|point)\b",
    re.IGNORECASE,
)


def leans(question: str) -> bool:
    """Whether a question that stands by itself still sounds like the next in a conversation."""
    return bool(_LEANS.search(question)) or len(question.split()) <= SHORT


def vicinity(turns: Sequence[Turn], page: Page) -> dict[str, float]:
    """Local ids of passages near the last answers, each with its share (0 to 1] of the bonus."""
    found: dict[str, float] = {}
    for age, turn in enumerate(reversed(turns[-LOOK_BACK:])):
        if turn.answer.route == "content":
            for local_id in (i.rpartition(":")[2] for i in turn.answer.evidence[:MOST_FOUND]):
                if local_id in page:
                    found[local_id] = max(found.get(local_id, 0.0), FOUND * EARLIER**age)
        cited = dict.fromkeys(c.id.rpartition(":")[2] for c in turn.answer.citations)
        here = [i for i in cited if i in page]
        if len(here) > MOST_CITED:
            continue
        share = EARLIER**age
        for local_id in here:
            found[local_id] = max(found.get(local_id, 0.0), share)
            for beside in _beside(page, local_id):
                found[beside] = max(found.get(beside, 0.0), share * BESIDE)
    return found


def _beside(page: Page, local_id: str) -> list[str]:
    part = page.part(local_id)
    if isinstance(part, Paragraph):
        place = int(local_id[1:])
        return [i for i in (f"p{place - 1}", f"p{place + 1}") if i in page]
    assert isinstance(part, Comment)
    replies = [reply.id for reply in page.replies(local_id)]
    return [*replies, part.parent] if part.parent else replies
