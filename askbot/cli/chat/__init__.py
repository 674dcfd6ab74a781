"""`askbot chat`: a conversation in a terminal, on a dumb terminal, or from a script."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from askbot.cli.context import Options, open_bot
from askbot.errors import SettingsError, StoreError, UsageError

if TYPE_CHECKING:
    from askbot.bot import Bot
    from askbot.cli.chat.conversation import Conversation
    from askbot.conversation.store import SessionStore
    from askbot.settings import Settings


def chat_command(options: Options, *, resume: str | None, page: str | None) -> None:
    """Talk until the person quits or the script ends.

    Raises:
        UsageError: options exclude each other; NotFound: no such page or session;
        ScriptError: stdin is a script and one of its lines failed.
    """
    from askbot.cli.chat.loop import chat_on_terminal, chat_script
    from askbot.cli.output import is_terminal

    if resume is not None and page is not None:
        raise UsageError("--resume goes on about the session's own page; leave --page out")
    settings = options.settings()
    bot = open_bot(settings)
    store, problem = _open_store(settings)
    try:
        conversation = _begin(bot, store, problem, resume, page)
        if is_terminal(sys.stdin):
            chat_on_terminal(conversation, options)
        else:
            chat_script(conversation, options)
    finally:
        if store is not None:
            store.close()


def _open_store(settings: Settings) -> tuple[SessionStore | None, str | None]:
    """The store of sessions; where it cannot be used, None and why."""
    from askbot.conversation.store import SessionStore

    try:
        return SessionStore(settings.home, wait=settings.lock_wait), None
    except StoreError as error:
        return None, str(error)


def _begin(
    bot: Bot,
    store: SessionStore | None,
    problem: str | None,
    resume: str | None,
    page: str | None,
) -> Conversation:
    from askbot.cli.chat.conversation import Conversation

    if resume is None:
        return Conversation(bot, store, bot.scope(page), problem)
    if store is None:
        raise StoreError(problem or "saved conversations cannot be read")
    if not resume.strip():
        raise SettingsError('--resume needs a session id, or "latest"')
    return Conversation.resumed(bot, store, store.load(resume))
