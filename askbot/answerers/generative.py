"""Answers written by a chat model from the passages found, and checked like any other answer."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from askbot.answerers.attempts import Attempts, after
from askbot.answerers.calls import Deadline
from askbot.answerers.condensing import condensed
from askbot.answerers.extractive import decline
from askbot.answerers.failures import ModelFailure
from askbot.answerers.prompts import prompt
from askbot.answerers.providers import Chat, open_chat
from askbot.answerers.repair import Attempt
from askbot.answerers.sending import Request, Sending, as_data
from askbot.answerers.showing import Exchange
from askbot.answerers.streaming import Preview, TextDelta
from askbot.answerers.tools import ThreadTool
from askbot.answerers.usage import Meter
from askbot.answerers.written import Written
from askbot.answers import Draft, Evidence
from askbot.citations import check
from askbot.settings import Settings
from askbot.thread.compose import ThreadReply

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage


class GenerativeAnswerer:
    """Writes answers with one chat model. Nothing of the model is imported before it is needed."""

    def __init__(self, settings: Settings, chat: Chat | None = None) -> None:
        self._settings = settings
        if chat is not None:
            self.__dict__["chat"] = chat

    @cached_property
    def chat(self) -> Chat:
        """The model. Raises UsageError or ProviderError where it cannot be set up."""
        return open_chat(self._settings)

    @property
    def name(self) -> str:
        return self.chat.name

    def begin(self) -> Work:
        """Start on one question; its time-out runs from its first request."""
        prices = self._settings.model_price_input, self._settings.model_price_output
        return Work(
            self.chat, self._settings.model_timeout, Meter(*prices), self._settings.model_retries
        )


class Work:
    """One question at work: all its requests share a meter, and a deadline from the first on."""

    def __init__(self, chat: Chat, seconds: float, meter: Meter, retries: int) -> None:
        self.chat = chat
        self.meter = meter
        self._seconds = seconds
        self._retries = retries

    @cached_property
    def deadline(self) -> Deadline:
        return Deadline.after(self._seconds)

    def condense(self, question: str, history: Sequence[Exchange]) -> str | None:
        """A follow-up as a whole question; None where the model gives nothing that can be used."""
        return condensed(question, history, self._attempts)

    def stream(self, request: Request) -> Generator[TextDelta | Written, None, None]:
        """Pieces to show while the model writes, then what came of it.

        A failure of the model ends in the computed or extractive draft with a note; only closing
        the iterator (or Ctrl-C) leaves without a `Written`, and breaks the request off.
        """
        if request.reply is not None:
            yield from self._beside(request, request.reply)
        elif not request.hits:
            yield self._written(decline((), 0.0), (), None)
        else:
            yield from self._answer(request)

    def _answer(self, request: Request) -> Generator[TextDelta | Written, None, None]:
        file = prompt("answer", "decline")
        tool = ThreadTool(request.thread) if request.thread and self.chat.calls_tools else None
        sending = Sending(self.chat, request, file, decline=prompt("decline").text)
        attempts = self._attempts(sending.build, tool)
        try:
            yield from self._shown(attempts, lambda: sending.evidence(tool), tool)
            attempt, version, notes = self._mended(attempts, sending, tool)
        except ModelFailure as failure:
            notes = (f"{failure}; this answer was made offline",)
            draft = request.offline()
            found = tuple({hit.evidence.id: hit.evidence for hit in request.hits}.values())
            yield self._written(
                replace(draft, notes=(*draft.notes, *notes)), found, None, "extractive"
            )
            return
        evidence = sending.evidence(tool)
        if attempt.declines:
            declined = decline(request.hits, 0.0)
            yield self._written(replace(declined, notes=notes), evidence, version)
            return
        if sending.left_out:
            notes += (f"{sending.left_out} passages found had no room in the model's window",)
        draft = replace(attempt.draft, confidence=attempt.confidence, notes=notes)
        yield self._written(draft, evidence, version)

    def _mended(
        self, attempts: Attempts, sending: Sending, tool: ThreadTool | None
    ) -> tuple[Attempt, str, tuple[str, ...]]:
        """The checked text, after one round of repair where something did not hold."""
        computed = tool.computed if tool else ()
        evidence = sending.evidence(tool)
        attempt = Attempt.of(attempts.text, evidence, computed)
        version = sending.file.version
        cut = attempts.was_cut_short
        notes: tuple[str, ...] = ()
        if not attempt.holds:
            file = prompt("repair")
            (request,) = file.messages(problems=attempt.objections())
            again = after(attempts, attempt.text, request)
            version = f"{version}, {file.version}"
            try:
                for _ in again.run():
                    pass
            except ModelFailure as failure:
                notes += (f"what did not hold could not be mended: {failure}",)
            else:
                mended = Attempt.of(again.text, evidence, computed)
                if mended.is_better_than(attempt):
                    attempt, cut = mended, again.was_cut_short
                    notes += ("the model mended its answer once after the check",)
        if not attempt.declines and attempt.unsupported:
            count, all_ = attempt.unsupported, attempt.supported + attempt.unsupported
            what = "sentence is" if all_ == 1 else "sentences are"
            notes += (f"{count} of {all_} {what} not supported by a verified citation",)
        if cut:
            notes += (f"{self.chat.name} stopped at its length limit",)
        return attempt, version, notes

    def _beside(
        self, request: Request, reply: ThreadReply
    ) -> Generator[TextDelta | Written, None, None]:
        """A computed answer as it is, and what the model adds from the comments it cites."""
        said = check(reply.draft, reply.evidence)
        if reply.draft.abstained or not said.citations:
            yield self._written(reply.draft, reply.evidence, None, "computed")
            return
        yield TextDelta(said.text)
        file = prompt("thread")
        sending = Sending(self.chat, request, file, computed=as_data(said.text))
        attempts = self._attempts(sending.build)
        try:
            yield from self._shown(attempts, lambda: sending.evidence(None), None, said.text + " ")
        except ModelFailure as failure:
            note = f"{failure}; the computed answer stands alone"
            draft = replace(reply.draft, notes=(*reply.draft.notes, note))
            yield self._written(draft, reply.evidence, file.version, "computed")
            return
        attempt = Attempt.of(attempts.text, sending.evidence(None))
        pairs = zip(attempt.draft.claims, attempt.checked.statements, strict=True)
        added = [claim for claim, statement in pairs if statement.state == "supported"]
        notes = reply.draft.notes
        if attempt.declines:
            added = []
        elif attempt.unsupported:
            notes += (
                f"{attempt.unsupported} of the model's remarks did not hold and are left out",
            )
        engine = self.chat.name if added else "computed"
        if added and "\n" in said.text:
            added[0] = replace(added[0], before="\n")
        draft = replace(reply.draft, claims=(*reply.draft.claims, *added), notes=notes)
        yield self._written(draft, reply.evidence, file.version, engine)

    def _shown(
        self,
        attempts: Attempts,
        evidence: Callable[[], Sequence[Evidence]],
        tool: ThreadTool | None,
        before: str = "",
    ) -> Iterator[TextDelta]:
        """The pieces of an attempt for the screen; `before` stands in front of them."""

        def verify(sentence: str) -> tuple[str, ...]:
            found = Attempt.of(sentence, evidence(), tool.computed if tool else ())
            if found.unsupported:
                return ()
            return tuple(dict.fromkeys(i for s in found.checked.statements for i in s.ids))

        preview = Preview(verify)
        gap = " " if before else ""
        for text in attempts.run():
            if text is None:
                preview = Preview(verify)
                yield TextDelta(before.rstrip(), restart=True)
                gap = " " if before else ""
                continue
            piece = preview.feed(text)
            if piece:
                yield TextDelta(gap + piece)
                gap = ""
        piece = preview.finish()
        if piece:
            yield TextDelta(gap + piece)

    def _attempts(
        self, build: Callable[[int], Sequence[BaseMessage]], tool: ThreadTool | None = None
    ) -> Attempts:
        return Attempts(self.chat, self.deadline, self.meter, self._retries, build, tool)

    def _written(
        self,
        draft: Draft,
        evidence: tuple[Evidence, ...],
        version: str | None,
        engine: str | None = None,
    ) -> Written:
        return Written(draft, evidence, engine or self.chat.name, version, self.meter.total())
