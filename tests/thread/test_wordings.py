"""Thread questions in wordings the router was not fitted to, and content questions beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from askbot.discussion import Page

DATA = Path(__file__).with_name("data")


def gold(spec: str, page: Page) -> set[str]:
    """The ids that a question's answer has to cite; see the head of wordings.tsv."""
    comments = page.comments
    if spec == "all":
        return {c.id for c in comments}
    if spec == "top":
        return {c.id for c in comments if c.parent is None}
    if spec == "replies":
        return {c.id for c in comments if c.parent is not None}
    kind, _, whose = spec.partition("=")
    if kind == "by":
        return {c.id for c in comments if c.author == whose}
    if kind == "to":
        roots = [whose] if whose in page else [c.id for c in comments if c.author == whose]
        return {reply.id for root in roots for reply in page.replies(root)}
    return set(spec.split())


def right_share(name: str, pages: dict[str, Page], ask: Callable) -> tuple[float, list[str]]:  # type: ignore[type-arg]
    rows = [
        line.split("\t")
        for line in (DATA / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    wrong = []
    for slug, question, spec, parts in rows:
        page = pages[slug]
        asked = ask(question, page)
        if asked is None:
            wrong.append(question)
            continue
        reply, checked = asked
        assert not checked.rejected, question
        cited = {citation.id for citation in checked.citations}
        said = f"{checked.text} {reply.draft.short_answer or ''}"
        exact = spec == "?" or cited == gold(spec, page)
        if not exact or not all(part in said for part in parts.split("|")):
            wrong.append(question)
    return 1 - len(wrong) / len(rows), wrong


@pytest.mark.parametrize("name", sorted(p.name for p in DATA.glob("wordings*.tsv")))
def test_thread_questions_are_answered_exactly(
    name: str,
    pages: dict[str, Page],
    ask: Callable,  # type: ignore[type-arg]
) -> None:
    share, wrong = right_share(name, pages, ask)
    assert share >= 0.95, wrong


def test_content_questions_are_left_alone(pages: dict[str, Page], ask: Callable) -> None:  # type: ignore[type-arg]
    lines = (DATA / "content.txt").read_text(encoding="utf-8").splitlines()
    questions = [line for line in lines if line and not line.startswith("#")]
    assert len(questions) >= 190
    for page in pages.values():
        taken = [q for q in questions if ask(q, page) is not None]
        assert len(taken) <= 0.02 * len(questions), taken
