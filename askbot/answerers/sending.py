"""A request to a chat model as messages, fitted to its window, and the evidence they show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askbot.answerers.failures import ModelFailure
from askbot.answerers.prompts import PromptFile
from askbot.answerers.providers import Chat
from askbot.answerers.showing import Exchange, Shown, one_line, passages
from askbot.answerers.tools import ThreadTool
from askbot.answerers.window import Fitted, fit, room_of, tokens
from askbot.answers import Draft, Evidence
from askbot.markers import strip_markers
from askbot.retrieval.search import Hit
from askbot.thread.compose import ThreadReply

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage


@dataclass(frozen=True, slots=True)
class Request:
    """A question to a chat model.

    Attributes:
        hits: what was found, best first.
        offline: the extractive draft over `hits`, made only if the model fails.
        history: earlier turns, oldest first.
        reply: the computed answer, for a question about the discussion.
        thread: computes such an answer, for models that call tools.
    """

    question: str
    hits: Sequence[Hit]
    offline: Callable[[], Draft]
    history: tuple[Exchange, ...] = ()
    reply: ThreadReply | None = None
    thread: Callable[[str], ThreadReply | None] | None = None


class Sending:
    """The messages of a request, fitted to the window, and what evidence they show."""

    def __init__(self, chat: Chat, request: Request, file: PromptFile, **blanks: str) -> None:
        self.file = file
        self._chat = chat
        self._request = request
        self._blanks = blanks
        self._fitted = Fitted((), ())
        self._sent = 0

    @property
    def left_out(self) -> int:
        return self._fitted.left_out

    def evidence(self, tool: ThreadTool | None) -> tuple[Evidence, ...]:
        """What the model was shown; only this may be cited."""
        shown = [*self._fitted.evidence, *(tool.evidence if tool else ())]
        return tuple({item.id: item for item in shown}.values())

    def build(self, halvings: int) -> list[BaseMessage]:
        reply = self._request.reply
        if reply is not None:
            candidates = [Shown(item) for item in reply.evidence]
        else:
            candidates = [Shown(hit.evidence, hit.extent) for hit in self._request.hits]
        fixed = (*(text for _, text in self.file.sections), *self._blanks.values())
        bare = sum(tokens(text) for text in (*fixed, self._request.question)) + 64
        room = room_of(self._chat.window) - bare
        if halvings:  # of what was sent: a window that is smaller than told says nothing else
            room = min(room, self._sent // 2**halvings)
        self._fitted = fit(candidates, self._request.history if not halvings else (), room)
        if not halvings:
            self._sent = self._fitted.used
        if not self._fitted.shown:
            raise ModelFailure("too long", self._chat.name)
        return self.file.messages(
            _turns(self._fitted.history),
            title=one_line(self._title()),
            passages=passages(self._fitted.shown),
            question=self._request.question,
            **self._blanks,
        )

    def _title(self) -> str:
        titles = dict.fromkeys(item.page.title for item in self._fitted.evidence)
        return "; ".join(title for title in titles if title) or "(untitled)"


def _turns(history: Sequence[Exchange]) -> list[BaseMessage]:
    from langchain_core.messages import AIMessage, HumanMessage

    messages: list[BaseMessage] = []
    for turn in history:
        messages += [HumanMessage(turn.question), AIMessage(turn.plain_answer or "(none)")]
    return messages


def as_data(text: str) -> str:
    """A computed answer as lines of data, without its markers."""
    return "\n".join(f"| {line}" for line in strip_markers(text).splitlines())
