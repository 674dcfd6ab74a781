"""`askbot show` and `askbot pages`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askbot.cli.context import Options, open_bot
from askbot.cli.output import is_styled, show
from askbot.errors import NotFound, UsageError

if TYPE_CHECKING:
    from askbot.bot import Bot
    from askbot.cli.layout import Hanging
    from askbot.index.catalog import PageEntry


def show_command(options: Options, what: str | None, *, page: str | None) -> None:
    """Show a passage, or the ids of a page with their first words.

    Raises:
        NotFound: there is no such passage or page.
    """
    import sys

    from askbot.cli.labels import looks_like_id
    from askbot.cli.passages import page_lines

    bot = open_bot(options.settings())
    slugs = [entry.slug for entry in bot.catalog()]
    if what is not None and what not in slugs:
        if looks_like_id(what):
            show(*passage(bot, what, page, styled=is_styled(sys.stdout)))
            return
        raise NotFound(
            f"{what!r} is neither a passage id (p4, c16.1) nor an indexed page "
            f"({', '.join(slugs[:8])})"
        )
    if what is None and page is None and bot.scope() is None:
        pages_command(options)
        return
    found = bot.page(what or page)
    show(*page_lines(found, entry_of(bot, found.slug)))


def passage(bot: Bot, typed: str, page: str | None, *, styled: bool) -> list[Hanging]:
    """The lines of the passage a person named.

    Raises:
        UsageError, NotFound: there is no such passage.
    """
    from askbot.cli.labels import parse_id
    from askbot.cli.passages import passage_lines

    slug, local = parse_id(typed)
    if slug and page and slug != page:
        raise UsageError(f"{typed} names page {slug}, but --page {page}; leave one out")
    found = bot.page(slug or page)
    return passage_lines(found, found.part(local), styled=styled)


def entry_of(bot: Bot, slug: str) -> PageEntry:
    """The catalog's line for a page."""
    return next(entry for entry in bot.catalog() if entry.slug == slug)


def pages_command(options: Options) -> None:
    """List the indexed pages."""
    bot = open_bot(options.settings())
    show(*pages_table(bot.catalog()))


def pages_table(entries: tuple[PageEntry, ...], *, current: str | None = None) -> list[Hanging]:
    """A line a page: slug, counts, title and where it was read from."""
    from askbot.cli.layout import Hanging, text
    from askbot.cli.passages import page_heading
    from askbot.cli.safe import one_line

    lines = []
    for entry in entries:
        mark = "→ " if entry.slug == current else ""
        body = page_heading(entry).body
        body.append_text(text((f"  {one_line(entry.origin)}", "dim")))
        lines.append(Hanging(body, mark, "    "))
    return lines
