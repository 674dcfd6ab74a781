"""The one tool a model may call: a question about the comment tree, computed by code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from askbot.answerers.showing import Shown, passages
from askbot.answers import Claim, Evidence
from askbot.thread.compose import ThreadReply

if TYPE_CHECKING:
    from langchain_core.messages import ToolMessage

NAME = "thread"
MOST_SHOWN = 8
"""Passages of a result whose words are shown; further ones are only cited."""


@dataclass(slots=True)
class ThreadTool:
    """Computes, and keeps what it computed so that the answer can be checked against it."""

    compute: Callable[[str], ThreadReply | None]
    computed: list[Claim] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def schema(self) -> dict[str, Any]:
        """The tool as every provider takes it."""
        return {
            "type": "function",
            "function": {
                "name": NAME,
                "description": (
                    "Computes exactly what is asked about the discussion itself: how many "
                    "comments, who wrote most, who replied to whom, who has no reply. Use it "
                    "instead of counting. Copy the sentence it returns word for word."
                ),
                "parameters": {
                    "type": "object",
                    "properties": {
                        "question": {
                            "type": "string",
                            "description": "One whole question about the comments, in English.",
                        }
                    },
                    "required": ["question"],
                },
            },
        }

    def results(self, calls: Sequence[Mapping[str, Any]]) -> list[ToolMessage]:
        """A result message for each call, in order; a call that makes no sense is told so."""
        from langchain_core.messages import ToolMessage

        return [
            ToolMessage(self._result(call), tool_call_id=str(call.get("id") or ""), name=NAME)
            for call in calls
        ]

    def _result(self, call: Mapping[str, Any]) -> str:
        arguments = call.get("args")
        question = arguments.get("question") if isinstance(arguments, Mapping) else None
        if call.get("name") != NAME or not isinstance(question, str) or not question.strip():
            return "There is no such tool; call thread with one question."
        reply = self.compute(" ".join(question.split()))
        if reply is None or reply.draft.abstained:
            return "This cannot be computed from the discussion; answer from the passages."
        self.computed += [claim for claim in reply.draft.claims if claim.computed]
        known = {item.id for item in self.evidence}
        self.evidence += [item for item in reply.evidence if item.id not in known]
        said = "\n".join(claim.text for claim in reply.draft.claims)
        return (
            f"Computed result, exact (copy word for word, no ids needed):\n{said}\n\n"
            f"{passages([Shown(item) for item in reply.evidence[:MOST_SHOWN]])}"
        )
