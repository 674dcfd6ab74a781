"""Checking a saved answer again, against the pages as they are indexed now."""

from __future__ import annotations

from collections.abc import Callable

from askbot.answers import Answer, Citation, RejectedCitation
from askbot.discussion import Comment, Page
from askbot.errors import AskbotError
from askbot.markers import scan
from askbot.text import fold


def verify(answer: Answer, page_of: Callable[[str], Page]) -> list[RejectedCitation]:
    """Re-check a saved answer against the indexed source.

    Args:
        page_of: gives the indexed page for a slug; may raise NotFound.

    Returns:
        Everything that no longer holds, with the reason; empty when all citations verify.
    """
    failures: list[RejectedCitation] = []
    for citation in answer.citations:
        reason = _why_stale(citation, answer, page_of)
        if reason:
            failures.append(RejectedCitation(citation.id, citation.quote, reason))
    cited = {citation.id for citation in answer.citations}
    for marker in scan(answer.answer) if not answer.abstained else ():
        failures.extend(
            RejectedCitation(i, "", "cited in the text, but not among the citations")
            for i in marker.ids
            if not marker.problem and i not in cited
        )
    quotes = " ".join(citation.quote for citation in answer.citations)
    if answer.short_answer and answer.route == "content" and answer.engine == "extractive":
        failures.extend(
            RejectedCitation("", short, "the short answer is in no cited quote")
            for short in answer.short_answer.split("; ")
            if fold(short) not in fold(quotes)
        )
    for statement in answer.statements:
        if fold(statement.text) not in fold(answer.answer):
            failures.append(
                RejectedCitation("", statement.text, "the answer's text was changed since")
            )
    return failures


def _why_stale(citation: Citation, answer: Answer, page_of: Callable[[str], Page]) -> str | None:
    slug, _, local = citation.id.rpartition(":")
    if slug and slug != citation.page:
        return f"the id names page {slug}, the citation page {citation.page}"
    try:
        page = page_of(citation.page)
        part = page.part(local)
    except AskbotError as error:
        return str(error)
    if answer.evidence and citation.id not in answer.evidence:
        return f"{citation.id} is not in the answer's evidence"
    if page.sha256 != citation.source_sha256:
        return f"page {citation.page} has changed since (sha256 differs); ask again"
    if page.source[citation.start : citation.end] != citation.quote or not citation.quote:
        return f"the source does not have these words at {citation.start}..{citation.end}"
    extents = part.extents or (part.header if isinstance(part, Comment) else ())
    inside = any(e.contains(citation.start, citation.end) for e in extents)
    if not inside and not (
        not part.extents and extents[0].start <= citation.start and citation.end <= extents[-1].end
    ):
        return f"{citation.start}..{citation.end} lies outside {citation.id}"
    if citation.author != part.author:
        return f"attributed to {citation.author}, but {citation.id} is by {part.author}"
    return None
