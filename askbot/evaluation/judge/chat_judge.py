"""A chat model asked whether an answer is right; called like the models that write answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from askbot.answerers.attempts import Attempts
from askbot.answerers.calls import Deadline
from askbot.answerers.failures import Kind, ModelFailure
from askbot.answerers.prompts import prompt
from askbot.answerers.providers import Chat, open_chat, parse
from askbot.answerers.typography import neutral
from askbot.answerers.usage import Meter
from askbot.answerers.window import room_of, tokens
from askbot.evaluation.judge.judging import Case, Opinion, parse_reply
from askbot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

PROMPT = "judge"

_NO_JUDGEMENT: dict[Kind, str] = {
    "refused": "the model declined to judge this (the provider's content filter)",
    "too long": "the answer is too long for the model's window (ASKBOT_MODEL_CONTEXT)",
    "malformed": "the model gave nothing usable",
}
"""Failures that lie in one answer; after any other the next answer would fail alike."""


class ChatJudge:
    """A judge that is a chat model. Nothing of it is imported before it is needed."""

    def __init__(self, spec: str, settings: Settings) -> None:
        """Take "provider:name" as the judge.

        Raises:
            UsageError: it is not in that form, or the provider is unknown.
        """
        provider, name = parse(spec)
        self.model = f"{provider.extra}:{name}"
        self._settings = _of_the_judge(self.model, settings)

    @property
    def prompt_version(self) -> str:
        return prompt(PROMPT).version

    @cached_property
    def chat(self) -> Chat:
        """The model.

        Raises:
            UsageError: its package is not installed; ProviderError: its key is missing, or it
                cannot be set up.
        """
        return open_chat(self._settings, instead="leave --judge out")

    def opinion(self, case: Case) -> Opinion:
        """Ask about one answer.

        Raises:
            ModelFailure: the model cannot be asked (about this or any other answer).
        """
        settings = self._settings
        meter = Meter(settings.model_price_input, settings.model_price_output)
        attempts = Attempts(
            self.chat,
            Deadline.after(settings.model_timeout),
            meter,
            settings.model_retries,
            lambda halvings: self._messages(case, halvings),
        )
        try:
            for _ in attempts.run():
                pass
        except ModelFailure as failure:
            if failure.kind not in _NO_JUDGEMENT:
                raise
            return Opinion(None, _NO_JUDGEMENT[failure.kind], meter.total())
        if attempts.was_cut_short:
            return Opinion(None, "the model stopped at its length limit", meter.total())
        return Opinion(*parse_reply(attempts.text), meter.total())

    def _messages(self, case: Case, halvings: int) -> Sequence[BaseMessage]:
        file = prompt(PROMPT)
        blanks = _blanks(case)
        needed = sum(tokens(text) for _, text in file.sections)
        needed += sum(map(tokens, blanks.values()))
        # A part of an answer cannot be judged, and some servers cut a long prompt silently.
        if halvings or needed > room_of(self.chat.window):
            raise ModelFailure("too long", self.chat.name)
        return file.messages((), **blanks)


def _blanks(case: Case) -> dict[str, str]:
    earlier = [
        line
        for question, answers in case.earlier
        for line in (_data(question, "question: "), _data("; ".join(answers), "right answer: "))
        if line
    ]
    gold = [_data(answer, "any: ") for answer in case.answers]
    gold += [_data(answer, "each: ") for answer in case.all_answers]
    return {
        "earlier": "\n".join(earlier) or "(nothing)",
        "question": _data(case.question),
        "gold": "\n".join(gold),
        "given": _data(case.given),
    }


def _data(text: str, sign: str = "") -> str:
    """Text as lines that a model can tell from its instructions, whatever stands in them."""
    lines = [line for line in neutral(text).split("\n") if line.strip()]
    return "\n".join(f"| {sign}{line}" for line in lines)


def _of_the_judge(model: str, settings: Settings) -> Settings:
    """The settings with the judge as their model.

    The prices, the window and the server's address of a model that writes the answers are not
    those of a judge that is another model.
    """
    mine = replace(settings, model=model)
    if settings.model is None:
        return mine
    provider, name = parse(settings.model)
    if f"{provider.extra}:{name}" == model:
        return mine
    return replace(
        mine,
        base_url=settings.base_url if model.startswith(f"{provider.extra}:") else None,
        model_context=None,
        model_price_input=None,
        model_price_output=None,
    )
