"""The shared seed page, where it is present: ids, authors and counts only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from askbot.discussion import Page
from askbot.sources import plaintext

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed" / "article.txt"

pytestmark = pytest.mark.skipif(not SEED.is_file(), reason="the shared seed page is absent")


@pytest.fixture(scope="module")
def page() -> Page:
    return plaintext.read(SEED.read_text(encoding="utf-8"), slug="seed", origin="seed")


def test_ids(page: Page) -> None:
    assert [p.id for p in page.paragraphs] == [f"p{n}" for n in range(1, 14)]
    expected = [f"c{n}" for n in range(1, 21)]
    expected[16:16] = ["c16.1", "c16.1.1"]
    assert [c.id for c in page.comments] == expected


def test_authors(page: Page) -> None:
    authors = {c.id: c.author for c in page.comments}
    assert authors["c1"] == "John Joseph Grimes"
    assert [authors[i] for i in ("c13", "c14", "c16.1")] == ["cynic"] * 3
    assert [authors[i] for i in ("c16", "c16.1.1", "c17")] == ["mark"] * 3
    assert [authors[i] for i in ("c19", "c20")] == ["richard g king"] * 2
    assert len(page.authors) == 17


def test_empty_comment_and_counts(page: Page) -> None:
    assert [c.id for c in page.comments if c.is_empty] == ["c19"]
    assert page.claimed_comments == 23
    assert len(page.comments) == 22
    assert {c.id: len(c.body) for c in page.comments if len(c.body) > 1} == {"c9": 2, "c18": 2}


def test_furniture_starts_at_the_form(page: Page, assert_partition: Callable[[Page], None]) -> None:
    furniture = [page.source[e.start : e.end] for e in page.furniture]
    assert furniture[:2] == ["Comments (23)", "Leave a Reply"]
    assert page.title == ""
    assert_partition(page)
