"""A checked quote shown where it stands: highlighted inside its sentence."""

from __future__ import annotations

from rich.text import Text

from askbot.answers import Citation
from askbot.cli.safe import neutral
from askbot.discussion import Comment, Extent, Page
from askbot.text import sentences

OPEN, CLOSE = "«", "»"
"""Stand for the highlight where there are no styles."""
LONGEST = 700
"""Characters of surroundings on either side of a quote."""


def quote_in_sentence(
    citation: Citation, page: Page | None, short_answer: str | None = None, *, styled: bool
) -> Text:
    """The sentence or sentences a quote stands in, the quote (or the answer in it) marked.

    Where the quote is the whole sentence, the short answer inside it is marked instead. A page that
    changed since, or is not indexed any more, gives the saved quote alone.
    """
    if page is None or page.sha256 != citation.source_sha256:
        return Text(neutral(citation.quote)).append("  (not in the index any more)", "yellow")
    part = page.part(citation.id.rpartition(":")[2])
    if isinstance(part, Comment) and part.is_empty:
        header = neutral(citation.quote)
        return Text(f"(an empty comment; its header: {header.strip()})", "dim")
    around = surroundings(page, citation)
    marked = Extent(citation.start, citation.end)
    if around == marked:
        marked = _inside(page.source, around, short_answer) or marked
    out = Text()
    out.append(neutral(page.source[around.start : marked.start]), "dim")
    whole = marked == around
    if not styled and not whole:
        out.append(OPEN)
    out.append(neutral(page.source[marked.start : marked.end]), "" if whole else "bold green")
    if not styled and not whole:
        out.append(CLOSE)
    out.append(neutral(page.source[marked.end : around.end]), "dim")
    return out


def surroundings(page: Page, citation: Citation) -> Extent:
    """From the beginning of the sentence a quote begins in to the end of the one it ends in."""
    part = page.part(citation.id.rpartition(":")[2])
    start, end = citation.start, citation.end
    for extent in part.extents:
        if not (extent.start < citation.end and citation.start < extent.end):
            continue
        for sentence in sentences(page.source[extent.start : extent.end]):
            first, last = extent.start + sentence.start, extent.start + sentence.end
            if first < citation.end and citation.start < last:
                start = min(start, max(first, citation.start - LONGEST))
                end = max(end, min(last, citation.end + LONGEST))
    return Extent(start, end)


def _inside(source: str, around: Extent, short_answer: str | None) -> Extent | None:
    if not short_answer:
        return None
    at = source.find(short_answer, around.start, around.end)
    return None if at < 0 else Extent(at, at + len(short_answer))
