"""One streamed request to a chat model, within a deadline, that can be broken off at once.

All requests run on one event loop in a thread of their own. That makes three things hold for every
provider alike: a request ends at its deadline though the server drips bytes for ever; whoever waits
can stop waiting (Ctrl-C, a closed generator); and stopping cancels the request, which closes its
connection, so that no further token is paid for.
"""

from __future__ import annotations

import asyncio
import atexit
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from askbot.answerers.failures import Kind, ModelFailure, told

if TYPE_CHECKING:
    from langchain_core.language_models import LanguageModelInput
    from langchain_core.messages import AIMessageChunk, BaseMessage
    from langchain_core.runnables import Runnable

GRACE = 0.5
"""Seconds past the deadline before a request that does not obey it is left behind."""
LONGEST = 40_000
"""Characters after which an answer is taken for a model that cannot stop."""
_THOUGHTS = ("<think>", "</think>")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point in time, and the time-out it came from (for messages)."""

    at: float
    seconds: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(time.monotonic() + seconds, seconds)

    @property
    def left(self) -> float:
        return max(0.0, self.at - time.monotonic())


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None = None


class Call:
    """A request: iterate for the text as it comes, then read `message` (tool calls, usage).

    Args:
        must_finish: a reply without a finish reason was cut off (real servers always give one).
    """

    def __init__(
        self,
        model: Runnable[LanguageModelInput, Any],
        messages: Sequence[BaseMessage],
        deadline: Deadline,
        name: str,
        *,
        must_finish: bool = True,
    ) -> None:
        self._model = model
        self._messages = list(messages)
        self._deadline = deadline
        self._name = name
        self._must_finish = must_finish
        self._queue: queue.SimpleQueue[AIMessageChunk | _End] = queue.SimpleQueue()
        self.message: AIMessageChunk | None = None

    def __iter__(self) -> Iterator[str]:
        """Text as it arrives, a model's spoken thoughts left out.

        Raises:
            ModelFailure: whatever went wrong; nothing else.
        """
        task = asyncio.run_coroutine_threadsafe(self._run(), _loop())
        try:
            yield from _without_thoughts(self._texts())
            self._judge_end()
        finally:
            _stop(task)

    def _texts(self) -> Iterator[str]:
        length = 0
        while True:
            try:
                item = self._queue.get(timeout=self._deadline.left + GRACE)
            except queue.Empty:
                raise self._failure("timeout") from None
            if isinstance(item, _End):
                if item.error is not None:
                    raise told(item.error, self._name, self._deadline.seconds) from None
                return
            self.message = item if self.message is None else self.message + item
            text = str(item.text)
            length += len(text)
            if length > LONGEST:
                raise self._failure("malformed")
            if text:
                yield text

    def _judge_end(self) -> None:
        message = self.message
        if message is None:
            raise self._failure("cut" if self._must_finish else "malformed")
        reason = finish_reason(message)
        if reason is None and self._must_finish:
            raise self._failure("cut")
        if reason is not None and ("filter" in reason or "safety" in reason or reason == "refusal"):
            raise self._failure("refused")

    @property
    def was_cut_short(self) -> bool:
        """Whether the model stopped because it ran out of room, not because it had ended."""
        reason = finish_reason(self.message) if self.message is not None else None
        return reason in ("length", "max_tokens")

    def _failure(self, kind: Kind) -> ModelFailure:
        return ModelFailure(kind, self._name, seconds=self._deadline.seconds)

    async def _run(self) -> None:
        try:
            async with asyncio.timeout(self._deadline.left):
                async for chunk in self._model.astream(self._messages):
                    self._queue.put(chunk)
        except asyncio.CancelledError:
            self._queue.put(_End(self._failure("cut")))
            raise
        except Exception as error:
            self._queue.put(_End(error))
        else:
            self._queue.put(_End())


def finish_reason(message: AIMessageChunk) -> str | None:
    """Why a reply ended, in lower case, under whatever name the provider gives it."""
    for name in ("finish_reason", "stop_reason", "done_reason", "status"):
        reason = message.response_metadata.get(name)
        if reason:
            return str(reason).lower()
    return None


def _without_thoughts(texts: Iterator[str]) -> Iterator[str]:
    """Leave out a leading "<think>…</think>", which some local servers send as text."""
    opening, closing = _THOUGHTS
    head = ""
    for text in texts:
        head += text
        bare = head.lstrip()
        if opening.startswith(bare[: len(opening)]) and len(bare) < len(opening):
            continue  # may still become "<think>"
        if bare.startswith(opening):
            _, ended, rest = bare.partition(closing)
            if not ended:
                continue
            head = rest.lstrip()
        if head:
            yield head
        yield from texts
        return
    if head and not head.lstrip().startswith(opening):
        yield head


def _stop(task: Future[None]) -> None:
    """Cancel a request and let it close its connection; a finished one is left alone."""
    if task.done():
        return
    task.cancel()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of all requests, made with the first of them."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="askbot-model", daemon=True)
    thread.start()

    def close() -> None:
        try:
            asyncio.run_coroutine_threadsafe(_cancel_all(), loop).result(1.0)
        except Exception:  # the process ends: nothing is left to do about it
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join(1.0)
        if not loop.is_running():
            loop.close()

    atexit.register(close)
    return loop


async def _cancel_all() -> None:
    others = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.wait(others, timeout=0.5) if others else None
