"""What to ask a model to mend, and which of two attempts is the better one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from askbot.answerers.drafting import declines, draft
from askbot.answerers.typography import neutral
from askbot.answers import Claim, Draft, Evidence
from askbot.citations import Checked, check

MOST = 12
"""Objections that are listed; more would be a different answer."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A text of the model, drafted and checked."""

    text: str
    draft: Draft
    checked: Checked

    @classmethod
    def of(cls, text: str, evidence: Sequence[Evidence], computed: Sequence[Claim] = ()) -> Attempt:
        drafted = draft(text, evidence, computed)
        return cls(text, drafted, check(drafted, evidence))

    @property
    def declines(self) -> bool:
        return declines(self.text)

    @property
    def unsupported(self) -> int:
        return sum(s.state == "unsupported" for s in self.checked.statements)

    @property
    def supported(self) -> int:
        return sum(s.state == "supported" for s in self.checked.statements)

    @property
    def holds(self) -> bool:
        """Nothing to object to."""
        return self.declines or not (self.unsupported or self.checked.rejected)

    @property
    def confidence(self) -> float:
        """The share of its stating sentences that a citation holds up."""
        stating = self.supported + self.unsupported
        return self.supported / stating if stating else 0.0

    def objections(self) -> str:
        """The list of what did not hold, for the model."""
        lines = [
            f"- No citation holds for: {neutral(s.text)}"
            for s in self.checked.statements
            if s.state == "unsupported"
        ]
        for rejected in self.checked.rejected:
            quote = f' with "{neutral(rejected.quote)}"' if rejected.quote else ""
            lines.append(f"- {neutral(rejected.id)}{quote}: {neutral(rejected.reason)}")
        return "\n".join(dict.fromkeys(lines[:MOST]))

    def is_better_than(self, other: Attempt) -> bool:
        """Fewer sentences that nothing holds up, then more that hold, then fewer rejections.

        Declining is only better than an answer of which nothing holds.
        """
        if self.declines or other.declines:
            return self.declines and not other.supported
        return self._rank < other._rank

    @property
    def _rank(self) -> tuple[int, int, int]:
        return (
            self.unsupported + 100 * (not self.supported),
            -self.supported,
            len(self.checked.rejected),
        )
