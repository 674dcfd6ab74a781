"""Text made safe to show; see `askbot.showing`, which the Slack bridge shares."""

from __future__ import annotations

from askbot.showing import REPLACEMENT, neutral, one_line, shortened

__all__ = ["REPLACEMENT", "neutral", "one_line", "shortened"]
