"""Passages on the screen: one with its surroundings, a page's list of ids, a comment thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from askbot.cli.labels import part_label, reply_context
from askbot.cli.layout import Hanging, text
from askbot.cli.quoting import CLOSE, OPEN
from askbot.cli.safe import neutral, one_line, shortened
from askbot.discussion import Comment, Extent, Page, Paragraph
from askbot.index.catalog import PageEntry

EXCERPT = 72
EMPTY = "(no text)"


def first_words(page: Page, part: Paragraph | Comment, length: int = EXCERPT) -> str:
    """The beginning of a part in one line."""
    return shortened(page.text(part.id), length) or EMPTY


def passage_lines(
    page: Page,
    part: Paragraph | Comment,
    *,
    marks: Sequence[Extent] = (),
    styled: bool = True,
) -> list[Hanging]:
    """A passage in full with its offsets, what stands around it, and its place in the thread.

    Args:
        marks: extents of the page's source to highlight inside it.
    """
    lines: list[Hanging] = []
    before, after = _neighbours(page, part)
    if before is not None:
        lines.append(_mention(page, before))
    posted = part.posted if isinstance(part, Comment) else None
    about = [a for a in (reply_context(page, part), one_line(posted or ""), _offsets(part)) if a]
    lines.append(Hanging(text((part_label(part), "bold"), (f", {'; '.join(about)}", "dim"))))
    if not part.extents:
        lines.append(Hanging(Text(EMPTY, "dim"), "  "))
    for number, extent in enumerate(part.extents):
        if number:
            lines.append(Hanging(Text()))
        lines.append(Hanging(_marked(page.source, extent, marks, styled), "  "))
    if isinstance(part, Comment):
        if part.url:
            lines.append(Hanging(Text(one_line(part.url), "dim"), "  "))
        for reply in page.replies(part.id):
            lines.append(_mention(page, reply, "↳ "))
    if after is not None:
        lines.append(_mention(page, after))
    return lines


def _mention(page: Page, part: Paragraph | Comment, mark: str = "") -> Hanging:
    return Hanging(Text(f"{mark}{part_label(part)}  {first_words(page, part)}", "dim"), "", "    ")


def _offsets(part: Paragraph | Comment) -> str:
    if not part.extents:
        return ""
    return "source " + ", ".join(f"{e.start}–{e.end}" for e in part.extents)


def _neighbours(
    page: Page, part: Paragraph | Comment
) -> tuple[Paragraph | Comment | None, Paragraph | Comment | None]:
    """What to mention before and after: paragraphs beside a paragraph, the parent of a reply."""
    if isinstance(part, Comment):
        return (page.comment(part.parent) if part.parent else None), None
    at = page.paragraphs.index(part)
    before = page.paragraphs[at - 1] if at else None
    after = page.paragraphs[at + 1] if at + 1 < len(page.paragraphs) else None
    return before, after


def _marked(source: str, extent: Extent, marks: Sequence[Extent], styled: bool) -> Text:
    out, position = Text(), extent.start
    for mark in sorted(marks):
        start, end = max(mark.start, position), min(mark.end, extent.end)
        if start >= end:
            continue
        out.append(neutral(source[position:start]))
        quote = neutral(source[start:end])
        out.append(quote if styled else f"{OPEN}{quote}{CLOSE}", "bold green")
        position = end
    return out.append(neutral(source[position : extent.end]))


def page_lines(page: Page, entry: PageEntry) -> list[Hanging]:
    """Title, counts and every id of a page with its first words."""
    lines = [page_heading(entry)]
    lines += [
        Hanging(Text(first_words(page, p)), Text(f"{part_label(p)}  ", "cyan"), "    ")
        for p in page.paragraphs
    ]
    lines += thread_lines(page)
    return lines


def page_heading(entry: PageEntry) -> Hanging:
    """ "slug: title, 13 paragraphs, 22 comments (the page says 23)"; a page may have no title."""
    title = f"{one_line(entry.title)}, " if entry.title.strip() else ""
    return Hanging(text((entry.slug, "bold cyan"), f": {title}{counts(entry)}"))


def counts(entry: PageEntry) -> str:
    """ "13 paragraphs, 22 comments (the page says 23)"."""
    says = ""
    if entry.claimed is not None and entry.claimed != entry.shown:
        says = f" (the page says {entry.claimed})"
    return f"{_many(entry.paragraphs, 'paragraph')}, {_many(entry.shown, 'comment')}{says}"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def thread_lines(page: Page, root: str | None = None, chosen: str | None = None) -> list[Hanging]:
    """The comment tree as a drawing: all of it, or what hangs below one comment.

    Args:
        chosen: the id to set off.
    """
    tops = page.replies(None) if root is None else (page.comment(root),)
    return [line for top in tops for line in _branch(page, top, "", "", chosen)]


def _branch(
    page: Page, comment: Comment, lead: str, below: str, chosen: str | None
) -> Iterator[Hanging]:
    """Depth first without recursion: threads may be deeper than Python's stack."""
    stack = [(comment, lead, below)]
    while stack:
        node, own, under = stack.pop()
        replies = page.replies(node.id)
        style = "bold green" if node.id == chosen else "bold"
        mark = "→ " if node.id == chosen else ""
        body = text((f"{mark}{part_label(node)}", style), f"  {first_words(page, node)}")
        wrapped = under + ("│  " if replies else "   ")
        yield Hanging(body, Text(own, "dim"), Text(wrapped, "dim"))
        for place, reply in reversed(list(enumerate(replies, 1))):
            last = place == len(replies)
            arm, trunk = ("└─ ", "   ") if last else ("├─ ", "│  ")
            stack.append((reply, under + arm, under + trunk))
