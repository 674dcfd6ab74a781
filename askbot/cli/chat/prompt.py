"""The line that is typed: history, completion, several lines, a toolbar. prompt_toolkit's part."""

from __future__ import annotations

import os

from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.shortcuts import CompleteStyle

from askbot.cli.chat.completion import ChatCompleter
from askbot.cli.chat.conversation import Conversation
from askbot.cli.output import columns
from askbot.cli.safe import one_line, shortened

HISTORY = "chat-history"


class _KeptHistory(FileHistory):
    """History on disk; a full disk costs the history, not the chat."""

    def store_string(self, string: str) -> None:
        try:
            super().store_string(string)
        except OSError:
            return


def _history(conversation: Conversation) -> History:
    path = conversation.bot.settings.home / HISTORY
    try:
        # Questions are private: only their author may read them.
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600))
    except OSError:
        return InMemoryHistory()
    return _KeptHistory(path)


class Prompt:
    """Reads lines from a capable terminal."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._session: PromptSession[str] = PromptSession(
            message=[("bold", "> ")],
            multiline=True,
            prompt_continuation="  ",
            history=_history(conversation),
            completer=ChatCompleter(conversation),
            complete_while_typing=True,
            complete_style=CompleteStyle.COLUMN,
            reserve_space_for_menu=5,
            key_bindings=_keys(),
            bottom_toolbar=self._toolbar,
            enable_history_search=False,
        )

    def read(self) -> str:
        """A line, or several.

        Raises:
            KeyboardInterrupt: Ctrl-C, which gives the line up; EOFError: Ctrl-D on an empty line.
        """
        return self._session.prompt()

    def _toolbar(self) -> StyleAndTextTuples:
        return [("", toolbar_text(self._conversation, columns()))]


def toolbar_text(conversation: Conversation, width: int) -> str:
    """Page, its size, the session, cut to the terminal's width."""
    entry = conversation.entry()
    parts = ["all pages"]
    if entry is not None:
        parts = [entry.slug, f"{entry.shown} comments"]
    parts.append(f"session {conversation.session_id}" if conversation.session_id else "not begun")
    if conversation.problem:
        parts[-1] = "not saved"
    parts.append("/help")
    return " " + shortened(one_line(" · ".join(parts)), max(10, width - 2))


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion:
            buffer.complete_state = None  # Enter takes the chosen completion, not yet the line
        else:
            buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.newline(copy_margin=False)

    return keys
