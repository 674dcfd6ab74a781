"""What every answerer hands back, and how its sentences without support are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from askbot.answers import Draft, Evidence
from askbot.citations import Checked, compose
from askbot.retrieval.search import Hit

UNSUPPORTED = " (unsupported)"
"""What stands behind a sentence that no citation holds up, in every interface."""


class Answerer(Protocol):
    """Drafts an answer from found passages."""

    @property
    def name(self) -> str:
        """What `Answer.engine` says."""

    def draft(self, question: str, hits: Sequence[Hit]) -> Draft:
        """A draft over these passages, best first."""


@dataclass(frozen=True, slots=True)
class Written:
    """A draft, to be checked against `evidence`; `engine` is who wrote it."""

    draft: Draft
    evidence: tuple[Evidence, ...]
    engine: str
    prompt_version: str | None = None
    usage: Mapping[str, float] | None = None


def marked(checked: Checked, draft: Draft) -> str:
    """The answer text with a sign behind each sentence that no citation holds up."""
    text = ""
    for place, (statement, claim) in enumerate(zip(checked.statements, draft.claims, strict=True)):
        sign = UNSUPPORTED if statement.state == "unsupported" else ""
        text += (claim.before if place else "") + compose([statement]) + sign
    return text
