"""A page, and turns about it as a chat would hold them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from askbot.answers import Answer, Citation
from askbot.conversation.turns import Turn
from askbot.discussion import Page, kind_of
from askbot.sources import plaintext
from askbot.text import sentences

CORPUS = Path(__file__).resolve().parents[2] / "corpus"

MILL = """The old mill in Ashby will become a library, the council decided on Tuesday.

Nora Winfield, the council’s architect, said the roof alone will cost 310,000 euros. “It leaks
like a sieve,” Winfield told reporters.

Tom Hale, who owns the bakery next door, fears for his parking spaces. He has asked for a meeting.

The Ashby Heritage Society collected 4,100 signatures to save the building in March 2019.

The nearby town of Brell opened a library in its own mill in 2016.

Comments (7)

  1. bookworm says:

    At last! My children have to take the bus to Brell for every book.

    1. flourpower says:

      And who pays for the roof? We do.

      1. bookworm says:

        The Heritage Society pays a third of it. Read the article.

  2. Sandra P. says:

    I signed in 2019. The millwheel has to stay.

  3. grumpy old man says:

    Nobody reads any more. Build a car park.

    1. Sandra P. says:

      I do, and so do my sisters.

  4. quiet one says:


Leave a Reply

Your name
"""

Say = Callable[..., Turn]


@pytest.fixture(scope="session")
def mill() -> Page:
    return plaintext.read(MILL, slug="mill", origin="mill.txt")


@pytest.fixture(scope="session")
def corpus_page() -> Page:
    path = CORPUS / "secure-communities.txt"
    return plaintext.read(path.read_text("utf-8"), slug="secure-communities", origin=str(path))


def make_turn(
    page: Page,
    question: str,
    short: str | None = None,
    ids: tuple[str, ...] = (),
    *,
    thread: bool = False,
    searched_for: str | None = None,
) -> Turn:
    """A turn whose answer cites the sentence of each passage that holds `short`."""
    citations = []
    texts = []
    for passage_id in ids:
        start, end = _sentence(page, passage_id, short or "")
        quote = page.source[start:end]
        citations.append(
            Citation(
                passage_id,
                page.slug,
                kind_of(passage_id),
                page.part(passage_id).author,
                quote,
                start,
                end,
                page.sha256,
            )
        )
        texts.append(f"{quote} [{passage_id}]")
    text = " ".join(texts)
    if thread:
        text = f"{short} " + " ".join(f"[{i}]" for i in ids)
    answer = Answer(
        question,
        searched_for or question,
        text or "The page does not say.",
        not ids,
        tuple(citations),
        evidence=ids,
        short_answer=short,
        route="replies" if thread else "content",
    )
    return Turn(question, answer)


def _sentence(page: Page, passage_id: str, words: str) -> tuple[int, int]:
    extents = page.part(passage_id).extents
    for extent in extents:
        text = page.source[extent.start : extent.end]
        for sentence in sentences(text):
            if words and words.lower() in text[sentence.start : sentence.end].lower():
                return extent.start + sentence.start, extent.start + sentence.end
    return (extents[0].start, extents[0].end) if extents else (0, 0)
