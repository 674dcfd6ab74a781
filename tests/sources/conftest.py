"""What every reader's tests share: the partition check, and a plain view of a page's comments."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from askbot.discussion import Extent, Page

Outline = list[tuple[str, str, list[str]]]


def _assert_partition(page: Page) -> None:
    owners = [0] * len(page.source)

    def claim(extents: Iterable[Extent]) -> None:
        for extent in extents:
            assert 0 <= extent.start < extent.end <= len(page.source)
            text = page.source[extent.start : extent.end]
            assert text == text.strip()
            for i in range(extent.start, extent.end):
                owners[i] += 1

    for paragraph in page.paragraphs:
        claim(paragraph.extents)
    for comment in page.comments:
        claim(comment.header)
        claim(comment.body)
    claim(page.furniture)
    for i, character in enumerate(page.source):
        assert owners[i] == 1 or (character.isspace() and owners[i] <= 1), (i, character, owners[i])


def _outline(page: Page) -> Outline:
    return [(c.id, c.author, [page.source[e.start : e.end] for e in c.body]) for c in page.comments]


@pytest.fixture(scope="session")
def assert_partition() -> Callable[[Page], None]:
    """Fails unless every visible character is in exactly one part."""
    return _assert_partition


@pytest.fixture(scope="session")
def outline() -> Callable[[Page], Outline]:
    """A page's comments as (id, author, paragraphs)."""
    return _outline
