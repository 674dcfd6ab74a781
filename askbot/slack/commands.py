"""/askbot use SLUG, pages, help: answered at once, from the store and the catalog file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from askbot.errors import NotFound
from askbot.index.catalog import Catalog, read_catalog
from askbot.index.files import Layout
from askbot.settings import Settings
from askbot.slack.incoming import Rules
from askbot.slack.memory import Places
from askbot.slack.mrkdwn import escape
from askbot.slack.pages import pages_text

HELP = (
    "`/askbot QUESTION` asks; `/askbot pages` lists the pages; `/askbot use SLUG` chooses this "
    "channel's page and `/askbot use default` the default again. Or mention me, or write to me; in "
    "a thread where I was asked, just go on."
)


class Commands:
    """The words of /askbot that are not questions."""

    def __init__(self, settings: Settings, places: Places, rules: Rules) -> None:
        self._settings, self._places, self._rules = settings, places, rules

    def reply(self, body: Mapping[str, Any]) -> str | None:
        """The reply, as mrkdwn; None where the words are a question."""
        team, channel = str(body.get("team_id", "")), str(body.get("channel_id", ""))
        words = str(body.get("text") or "").split()
        if not self._rules.allow(team, channel):
            return "I do not answer in this channel."
        if not words or words == ["help"]:
            return HELP
        if words == ["pages"]:
            current = self._places.channel_page(team, channel) or self._settings.page or ""
            return pages_text(self._catalog().pages, current)
        if words[0] == "use" and len(words) <= 2:
            return self._use(team, channel, words[1] if len(words) == 2 else "")
        return None

    def _use(self, team: str, channel: str, slug: str) -> str:
        if not slug:
            current = self._places.channel_page(team, channel)
            default = self._settings.page or "the only page, or all"
            return f"This channel uses `{current}`." if current else f"Default here: {default}."
        if slug == "default":
            self._places.set_channel(team, channel, "")
            return "This channel uses the default page again."
        try:
            entry = self._catalog().entry(slug.strip("`"))
        except NotFound as error:
            return escape(str(error))
        self._places.set_channel(team, channel, entry.slug)
        return f"Questions in this channel go to `{entry.slug}` now: {escape(entry.title)}"

    def _catalog(self) -> Catalog:
        return read_catalog(Layout(self._settings.home))
