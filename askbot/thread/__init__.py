"""Questions about the discussion itself, computed over the comment tree."""

from askbot.thread.answerer import ThreadAnswerer
from askbot.thread.compose import ThreadReply
from askbot.thread.names import find_names
from askbot.thread.words import NameMatch

__all__ = ["NameMatch", "ThreadAnswerer", "ThreadReply", "find_names"]
