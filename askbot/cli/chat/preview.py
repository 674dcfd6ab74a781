"""What a chat model has written so far, shown while it writes; the checked answer replaces it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.text import Text

from askbot.cli.chat.conversation import Conversation
from askbot.cli.output import console, is_styled, show
from askbot.cli.progress import shown_progress
from askbot.cli.safe import neutral

if TYPE_CHECKING:
    from askbot.answerers.streaming import TextDelta

WAITING = "looking it up"


@contextmanager
def watched(conversation: Conversation) -> Iterator[None]:
    """Show that, and what, an answer is being made; Ctrl-C leaves what had come on the screen."""
    if conversation.bot.settings.model is None or not is_styled(sys.stdout):
        with shown_progress(WAITING):
            yield
        return
    from rich.live import Live
    from rich.spinner import Spinner

    written = ""
    waiting = Spinner("dots", Text(WAITING, "dim"))
    with Live(waiting, console=console(), transient=True, refresh_per_second=10) as live:

        def add(piece: TextDelta) -> None:
            nonlocal written
            written = piece.text if piece.restart else written + piece.text
            shown = Text(neutral(written), "dim") if written.strip() else waiting
            live.update(shown, refresh=True)  # not at the next tick: a tenth of a second is seen

        conversation.watch = add
        stopped = False
        try:
            yield
        except KeyboardInterrupt:
            stopped = True
            raise
        finally:
            conversation.watch = None
            live.stop()
            if stopped and written.strip():
                show(Text(neutral(written), "dim"))
