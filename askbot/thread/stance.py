"""Replies that open in agreement: "Agree 100%.", "Amen".

Whether a reply agrees is a judgement; how it opens is not. Only the opening is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.discussion import Comment
from askbot.thread.compose import Ask

_ASKED = re.compile(
    r"(?<!dis)\bagree[sd]?\b|\bsid(?:e[sd]?|ing) with\b|\bseconded\b|\bconcur\w*\b"
    r"|\bsame (?:view|opinion) as\b|\bon (?:the )?(?:same )?side\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|never|nobody|don.t|didn.t|doesn.t|disagree\w*)\b", re.IGNORECASE)
_OPENS = re.compile(
    r"\W*(?:(?:i|we) (?:totally |fully |completely |couldn.t )?agree|(?:totally |fully )?agreed?\b"
    r"|amen|exactly|absolutely|hear,? hear|well said|spot on|so true|very true|\+ ?1\b|100 ?%"
    r"|you(?:.re| are) (?:absolutely |so |quite )?right|good point|could not agree more"
    r"|(?:thank you|thanks) for saying|same here|preach|my thoughts exactly|seconded)",
    re.IGNORECASE,
)


def asks_who_agrees(question: str) -> bool:
    """Whether a question looks for those who agree with somebody."""
    return bool(_ASKED.search(question)) and not _NEGATED.search(question)


def opening_in_agreement(ask: Ask, comments: Sequence[Comment]) -> list[Comment]:
    """Those of some comments whose first words agree."""
    place = ask.tables.place
    return [c for c in comments if _OPENS.match(ask.tables.texts[place[c.id]])]
