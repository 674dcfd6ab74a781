"""Questions about the discussion itself, computed over the comment tree."""

from askbot.thread.answerer import ThreadAnswerer
from askbot.thread.compose import ThreadReply
from askbot.thread.names import NameMatch, find_names

__all__ = ["NameMatch", "ThreadAnswerer", "ThreadReply", "find_names"]
