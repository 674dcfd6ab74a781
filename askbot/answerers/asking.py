"""What kind of answer a question asks for."""

from __future__ import annotations

import re

_SEVERAL = re.compile(
    r"\b(?:which|what)\s+(?:\w+\s+){0,2}?(?!(?:is|was|does|has|this|his|its|us|says|ss)\b)"
    r"\w{2,}(?<!s)s\b(?!\s+of\b)(?=\s+(?:are|were|do|did|have|will|would|can|could|should|might|may|"
    r"must|\w+ed|get|give|come|that|who|which)\b|\s*\?)"
    r"|\b(?:who|what|where|which|anyone|anybody|anything) else\b"
    r"|\b(?:list|name|mention) (?:all|every|the|some|two|three|four)\b"
    r"|\ball the\b|\beverything\b|\bexamples of\b|\bwho all\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay|well|hey)\b\W*)*(?:do|does|did|can|could|will|would|should|is|are|was|"
    r"were|has|have|had|may|might|must|any|anyone|anybody|anything)(?:n['’]t)?\b",
    re.I,
)
_WHY = re.compile(r"^\s*(?:and\s+|but\s+|so\s+)?(?:why\b|how come\b|for what reason)", re.I)


def asks_for_several(question: str) -> bool:
    """Whether a question asks for a list ("which cities …", "who else …")."""
    return bool(_SEVERAL.search(question))


def asks_yes_or_no(question: str) -> bool:
    """Whether "yes" or "no" would answer a question: it has no words that a page could quote."""
    return bool(_YES_OR_NO.match(question))


def asks_why(question: str) -> bool:
    """Whether a question asks for a reason."""
    return bool(_WHY.search(question))
