"""A follow-up that the rules could not complete, completed by the model and then checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from askbot.answerers.failures import ModelFailure
from askbot.answerers.prompts import prompt
from askbot.answerers.showing import Exchange, conversation
from askbot.answerers.window import MOST_TURNS
from askbot.text import content_words, numbers, stem

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from askbot.answerers.attempts import Attempts

LONGEST = 400
"""Characters of a question."""
KNOWN = 0.8
"""Share of the new question's content words that must stand in the conversation."""


def condensed(
    question: str,
    history: Sequence[Exchange],
    attempts: Callable[[Callable[[int], Sequence[BaseMessage]]], Attempts],
) -> str | None:
    """The question rewritten so that it stands alone; None where that fails or adds something."""
    if not history:
        return None
    recent = list(history)[-MOST_TURNS:]

    def build(halvings: int) -> Sequence[BaseMessage]:
        told = conversation(recent[-max(1, len(recent) // 2**halvings) :])
        return prompt("condense").messages(conversation=told, question=question)

    tried = attempts(build)
    try:
        for _ in tried.run():
            pass
    except ModelFailure:
        return None
    lines = [line.strip() for line in tried.text.strip().splitlines() if line.strip()]
    if len(lines) != 1:
        return None
    line = lines[0].strip("\"'“”` ")
    told = " ".join([question, *(f"{t.question} {t.plain_answer}" for t in recent)])
    return line if _adds_nothing(line, told) else None


def _adds_nothing(line: str, told: str) -> bool:
    if not line or len(line) > LONGEST or not set(numbers(line)) <= set(numbers(told)):
        return False
    own = [stem(w) for w in content_words(line)]
    known = {stem(w) for w in content_words(told)}
    return not own or sum(w in known for w in own) / len(own) >= KNOWN
