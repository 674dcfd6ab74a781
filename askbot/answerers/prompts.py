"""The prompt files: their sections, blanks and versions (see prompts/README.md)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from askbot.errors import ProviderError
from askbot.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.messages import BaseMessage
    from langchain_core.prompts import ChatPromptTemplate

_HEAD = re.compile(r"version: (\S+)\n")
_SECTION = re.compile(r"^--- (system|human|history|text)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PromptFile:
    """One file of prompts/.

    Attributes:
        sections: (role, text) in file order.
        version: "answer.txt 1 3f29a0c7": the file, its version, and its digest's beginning.
    """

    name: str
    version: str
    sections: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The text of a file that is part of another prompt."""
        return self.sections[0][1]

    def messages(self, history: Sequence[BaseMessage] = (), **blanks: str) -> list[BaseMessage]:
        """The messages to send, blanks filled in; blanks are never read as templates again."""
        return self._template().format_messages(history=list(history), **blanks)

    def _template(self) -> ChatPromptTemplate:
        from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder

        parts = [
            MessagesPlaceholder("history") if role == "history" else (role, text)
            for role, text in self.sections
        ]
        return ChatPromptTemplate.from_messages(parts)


@cache
def prompt(name: str, *parts: str) -> PromptFile:
    """Load `prompts/NAME.txt`; `parts` are prompts it includes, which count in its version.

    Raises:
        NotFound: the file is missing; ProviderError: it is not in the documented form.
    """
    text = resource("prompts", f"{name}.txt").read_text(encoding="utf-8")
    head = _HEAD.match(text)
    pieces = _SECTION.split(text[head.end() :] if head else "")
    sections = tuple(
        (role, body.strip("\n")) for role, body in zip(pieces[1::2], pieces[2::2], strict=True)
    )
    if head is None or not sections:
        raise ProviderError(
            f"prompts/{name}.txt lacks its version line or a section; restore the file"
        )
    whole = text + "".join(
        resource("prompts", f"{part}.txt").read_text(encoding="utf-8") for part in parts
    )
    digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
    return PromptFile(name, f"{name}.txt {head.group(1)} {digest}", sections)
