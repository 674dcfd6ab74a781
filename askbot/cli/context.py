"""What every command starts from: settings, a bot, and something to look at while it loads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from askbot.bot import Bot
    from askbot.cli.render import Manner


@dataclass(frozen=True, slots=True)
class Options:
    """The options before the command's name."""

    home: Path | None = None
    model: str | None = None
    verbose: bool = False

    def settings(self, **more: Any) -> Settings:
        """Settings with these options over variables and the TOML file.

        Raises:
            SettingsError: one of them cannot be used.
        """
        return load_settings(home=self.home, model=self.model, **more)


def open_bot(settings: Settings) -> Bot:
    """A bot; while it loads, stderr says what it is doing (on a terminal).

    Raises:
        StoreError, EncoderError and their kind.
    """
    from askbot.cli.progress import shown_progress

    with shown_progress("starting") as progress:
        from askbot.bot import Bot

        return Bot.open(settings, progress=progress)


def manner(options: Options, *, more: str | None = None) -> Manner:
    """How to render on stdout as it is now."""
    import sys

    from askbot.cli.output import is_styled
    from askbot.cli.render import Manner

    if more is None:
        return Manner(styled=is_styled(sys.stdout), verbose=options.verbose)
    return Manner(styled=is_styled(sys.stdout), verbose=options.verbose, more=more)
