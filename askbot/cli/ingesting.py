"""`askbot ingest` and `askbot forget`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from askbot.cli import complain
from askbot.cli.context import Options
from askbot.cli.output import show
from askbot.cli.progress import shown_progress
from askbot.errors import AskbotError, SourceError, UsageError

if TYPE_CHECKING:
    from askbot.cli.layout import Hanging
    from askbot.discussion import Page
    from askbot.index.ingest import Ingested


def ingest_command(
    options: Options,
    targets: Sequence[str],
    *,
    slug: str | None,
    allow_private: bool,
    rebuild: bool,
) -> None:
    """Read every target, index what could be read, and say what became of each page.

    Raises:
        UsageError: nothing was named, or options exclude each other.
        SourceError: a target could not be read (the others are indexed all the same).
    """
    if rebuild:
        if targets or slug:
            raise UsageError("--rebuild works on the saved pages; give no path and no --slug")
        _rebuild(options)
        return
    if not targets:
        raise UsageError('name a file, a folder or an address to ingest ("-" for standard input)')
    if slug is not None and len(targets) > 1:
        raise UsageError("--slug names one page; ingest the others in calls of their own")
    if slug is not None:
        _check_slug(slug)
    settings = options.settings(allow_private_addresses=True if allow_private else None)
    failures: list[AskbotError] = []
    pages: list[Page] = []
    with shown_progress("reading") as progress:
        from askbot import sources
        from askbot.index.bundled import ingest_pages

        for number, target in enumerate(targets):
            progress(f"reading {target}", number, len(targets))
            try:
                pages += sources.read(
                    target,
                    settings=settings,
                    slug=slug,
                    stdin=sys.stdin.buffer,
                    report=failures.append,
                )
            except SourceError as error:
                failures.append(error)
        done = (
            ingest_pages(pages, settings, replace_slug=slug is not None, progress=progress)
            if pages
            else []
        )
    show(*(_outcome(one) for one in done))
    for failure in failures[:-1]:
        complain(str(failure))
    if failures:
        raise failures[-1]


def _check_slug(slug: str) -> None:
    from askbot.discussion import slugify

    if slug != slugify(slug, ""):
        raise UsageError(
            f"{slug!r} is not a slug: use at most 60 lower-case letters, digits and hyphens, "
            f"such as {slugify(slug)!r}"
        )


def _outcome(done: Ingested) -> Hanging:
    from askbot.cli.layout import Hanging, text
    from askbot.cli.passages import page_heading

    what: list[str] = [done.status]
    if done.status != "unchanged":
        what.append(f"{done.embedded} passages embedded")
        if done.reused:
            what.append(f"{done.reused} kept")
    line = page_heading(done.entry).body
    line.append_text(text(": ", (", ".join(what), "green" if done.embedded else "dim")))
    return Hanging(line, "", "    ")


def _rebuild(options: Options) -> None:
    with shown_progress("rebuilding") as progress:
        from askbot.index.ingest import rebuild

        entries = rebuild(options.settings(), progress=progress)
    from askbot.cli.passages import page_heading

    show(*(page_heading(entry) for entry in entries))


def forget_command(options: Options, slug: str) -> None:
    """Take a page out of the index.

    Raises:
        NotFound: it is not there.
    """
    with shown_progress(f"forgetting {slug}"):
        from askbot.index.ingest import forget

        entry = forget(slug, options.settings())
    from askbot.cli.layout import Hanging, text
    from askbot.cli.safe import one_line

    title = f" ({one_line(entry.title)})" if entry.title else ""
    show(Hanging(text("forgot ", (entry.slug, "bold cyan"), title)))
