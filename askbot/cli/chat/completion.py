"""Completion in the chat: slash commands, ids, pages, files and the names of commenters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from askbot.cli.chat.commands import ALL, COMMANDS
from askbot.cli.chat.conversation import Conversation
from askbot.cli.labels import part_label
from askbot.cli.passages import first_words
from askbot.cli.safe import one_line
from askbot.conversation.turns import numbered_sources
from askbot.errors import AskbotError

LEAST = 2
"""Letters of a name that must be there before names are offered."""
LONGEST_NAME = 6
"""Words of a name that are looked back at."""


class ChatCompleter(Completer):
    """Completes by what stands before the cursor."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._files = PathCompleter(expanduser=True)

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        before = document.text_before_cursor
        try:
            if not before.startswith("/"):
                return list(self._names(before))
            name, space, argument = before[1:].partition(" ")
            if not space:
                return list(_commands(name))
            if name == "export":
                inner = Document(argument, len(argument))
                return list(self._files.get_completions(inner, complete_event))
            return list(self._arguments(name, argument.lstrip()))
        except AskbotError:  # the page is being replaced, say: nothing to offer just now
            return []

    def _names(self, before: str) -> Iterator[Completion]:
        starts = [match.start() for match in re.finditer(r"\S+", before)][-LONGEST_NAME:]
        offered: set[str] = set()
        for start in starts:  # the longest stretch of words first
            typed = before[start:].lstrip("@“\"'(")
            if len(typed) < LEAST:
                continue
            for author in self._authors():
                fits = author.casefold().startswith(typed.casefold())
                if fits and author not in offered and author != typed:
                    offered.add(author)
                    yield Completion(author, -len(typed), display_meta="commenter")

    def _authors(self) -> list[str]:
        names = (one_line(a) for page in self._conversation.pages() for a in page.authors)
        return list(dict.fromkeys(name for name in names if name))

    def _arguments(self, command: str, typed: str) -> Iterator[Completion]:
        for value, about in self._values(command, typed.lstrip("#¶")):
            if value.startswith(typed.lstrip("#¶").lower()):
                yield Completion(value, -len(typed), display_meta=about)

    def _values(self, command: str, typed: str) -> Iterator[tuple[str, str]]:
        conversation = self._conversation
        if command in ("show", "thread"):
            single = conversation.slug is not None
            number = "c" if typed[:1].isdigit() else ""
            for page in conversation.pages():
                for part in page.parts() if command == "show" else page.comments:
                    value = part.id if single else f"{page.slug}:{part.id}"
                    if number and single:
                        value = value.removeprefix(number)
                    yield value, f"{part_label(part)}  {first_words(page, part, 48)}"
        elif command == "page":
            for entry in conversation.bot.catalog():
                yield entry.slug, one_line(entry.title)
            yield ALL, "every page"
        elif command == "sources" and conversation.turns:
            for source in numbered_sources(conversation.last.answer):
                yield str(source.number), one_line(f"{source.id} {source.author or ''}")


def _commands(typed: str) -> Iterator[Completion]:
    for command in COMMANDS.values():
        if command.name.startswith(typed.lower()):
            yield Completion(
                command.name, -len(typed), display=command.usage, display_meta=command.about
            )
