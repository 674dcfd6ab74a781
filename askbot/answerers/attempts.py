"""A model's text by as many requests as it takes: retries, a shorter prompt, tool calls."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from askbot.answerers.calls import Call, Deadline
from askbot.answerers.failures import ModelFailure
from askbot.answerers.providers import Chat
from askbot.answerers.usage import Meter

if TYPE_CHECKING:
    from langchain_core.language_models import LanguageModelInput
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import Runnable

    from askbot.answerers.tools import ThreadTool

HALVINGS = 2
"""Times that a prompt is halved when the model finds it too long."""
TOOL_ROUNDS = 3
"""Rounds of tool calls in one answer."""
FIRST_WAIT = 0.4
"""Seconds before the first repetition, where the provider names none; doubled each time."""


@dataclass(slots=True)
class Attempts:
    """Requests until one gives a text. `text` and `finish` are of the last one.

    Attributes:
        build: the messages to send, for a number of halvings of the prompt.
        tool: the thread tool, where the model may call it.
    """

    chat: Chat
    deadline: Deadline
    meter: Meter
    retries: int
    build: Callable[[int], Sequence[BaseMessage]]
    tool: ThreadTool | None = None
    text: str = ""
    was_cut_short: bool = False
    messages: list[BaseMessage] = field(default_factory=list)
    _plain: bool = False

    def run(self) -> Iterator[str | None]:
        """Text as it comes; None where what came so far is void, because the model starts again.

        Raises:
            ModelFailure: no text came within the deadline and the retries.
        """
        failed = halvings = 0
        while True:
            self.text = ""
            try:
                yield from self._once(halvings)
                return
            except ModelFailure as failure:
                if failure.kind == "too long" and halvings < HALVINGS:
                    halvings += 1
                elif failure.kind == "options" and not self._plain:
                    self._plain = True
                elif failure.is_retried and failed < self.retries:
                    wait = failure.retry_after
                    if wait is None:
                        wait = FIRST_WAIT * 2**failed * random.uniform(0.8, 1.2)
                    if wait >= self.deadline.left:
                        raise
                    failed += 1
                    time.sleep(wait)
                else:
                    raise
                if self.text:
                    yield None

    def _once(self, halvings: int) -> Iterator[str]:
        self.messages = list(self.build(halvings))
        for rounds in range(TOOL_ROUNDS + 1):
            tool = self.tool if rounds < TOOL_ROUNDS else None
            self.meter.begin()
            call = Call(
                self._model(tool),
                self.messages,
                self.deadline,
                self.chat.name,
                must_finish=self.chat.must_finish,
            )
            try:
                for text in call:
                    self.text += text
                    yield text
            finally:
                self.meter.add(call.message)
            message = call.message
            calls = list(getattr(message, "tool_calls", None) or ())
            if tool is None or message is None or not calls:
                break
            self.messages = [*self.messages, message, *tool.results(calls)]
        if not self.text.strip():
            raise ModelFailure("malformed", self.chat.name)
        self.was_cut_short = call.was_cut_short

    def _model(self, tool: ThreadTool | None) -> Runnable[LanguageModelInput, Any]:
        model = self.chat.model
        if self._plain:
            known = type(model).model_fields
            plain = {"stream_usage": False, "temperature": None}
            model = model.model_copy(update={k: v for k, v in plain.items() if k in known})
        if tool is None:
            return model
        return model.bind_tools([tool.schema])


def after(attempts: Attempts, text: str, request: BaseMessage) -> Attempts:
    """Attempts that go on from a finished one: its messages, its text, and a further request."""
    from langchain_core.messages import AIMessage

    messages = [*attempts.messages, AIMessage(text), request]
    return replace(
        attempts, build=lambda _: messages, tool=None, text="", was_cut_short=False, messages=[]
    )
