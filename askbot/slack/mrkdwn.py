"""Text to Slack and from Slack: escaping, and reading what people typed.

Slack's three control characters are & < >; everything it treats as a mention or a link is written
with < and >, so escaped text can mention nobody (docs.slack.dev, "Formatting message text").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from askbot.showing import neutral

JOINER = "\u2060"
"""Word joiner: invisible, no break; put behind a "<" that would begin a mention."""

_MENTION = re.compile(r"<(?=[!@#])")
_TOKEN = re.compile(r"<([^<>]*)>")
_MARKDOWN = re.compile(r"([\\`*_~\[\]#|])")


def escape(text: str) -> str:
    """Text for `mrkdwn` and for a message's `text`: nothing in it is a mention or a link."""
    return neutral(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The inverse of `escape`, for what Slack sends."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def verbatim(text: str) -> str:
    """Text for a `rich_text` element, which Slack shows as it stands.

    Such text cannot mention anybody; a joiner behind "<" keeps it so should an export or another
    client read it as mrkdwn.
    """
    return _MENTION.sub("<" + JOINER, neutral(text))


def markdown(text: str) -> str:
    """Text for streamed `markdown_text`, character by character, so that pieces can be joined."""
    return _MARKDOWN.sub(r"\\\1", escape(text))


def shown_text(text: str) -> str:
    """What a person reads of text that `verbatim` or `escape` made."""
    return unescape(text).replace(JOINER, "")


@dataclass(frozen=True, slots=True)
class Typed:
    """A message as a person meant it.

    Attributes:
        text: the words, without mentions of the bot and without links that stand alone.
        links: addresses in the message, in order.
        mentions: ids of the people mentioned, the bot left out.
        to_bot: the bot is mentioned.
    """

    text: str
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    to_bot: bool = False


def read(raw: str, bot_user: str, *, drop_links: Iterable[str] = ()) -> Typed:
    """Read the `text` of a message event.

    Args:
        bot_user: the bot's own user id.
        drop_links: addresses that only say which page is meant; they are taken out of the words.
    """
    links: list[str] = []
    mentions: list[str] = []
    to_bot = False
    dropped = set(drop_links)

    def replace(match: re.Match[str]) -> str:
        nonlocal to_bot
        target, _, label = match.group(1).partition("|")
        if target.startswith("@"):
            if target[1:] == bot_user:
                to_bot = True
                return " "
            mentions.append(target[1:])
            return "@" + (label or target[1:])
        if target.startswith("#"):
            return "#" + (label or target[1:])
        if target.startswith("!"):
            return label or "@" + target[1:].partition("^")[0]
        links.append(unescape(target))
        if links[-1] in dropped:
            return " "
        return label or target

    text = _TOKEN.sub(replace, raw)
    words = " ".join(unescape(neutral(text)).split())
    return Typed(words, tuple(links), tuple(mentions), to_bot)


def split(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` characters that joined give the text, cut where a reader pauses.

    Runs of NUL stand for what must not be cut (citation markers); they belong to the sentence
    before them.
    """
    pieces: list[str] = []
    while len(text) > limit:
        window = text[:limit]
        cut = max(window.rfind("\n") + 1, _last_sentence(window)) or window.rfind(" ") + 1
        cut = cut if cut > limit // 4 else window.rfind(" ") + 1 or limit
        pieces.append(text[:cut])
        text = text[cut:]
    if text or not pieces:
        pieces.append(text)
    return pieces


def _last_sentence(window: str) -> int:
    ends = [m.end() for m in re.finditer(r"[.!?…][\"”’)]*(?:\s*\x00+)*\s", window)]
    return ends[-1] if ends else 0
