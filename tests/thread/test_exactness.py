"""What each kind of thread question computes, over a small page whose tree is written out here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from askbot.discussion import Page
from askbot.sources.builder import PageBuilder

from .conftest import assert_computed, post

Ask = Callable[[str, Page], Any]


@pytest.fixture(scope="module")
def page() -> Page:
    builder = PageBuilder(slug="bridge", origin="test", format="html")
    builder.paragraph("The old bridge at Harwick will be closed to lorries from May.")
    builder.paragraph(
        "Engineers found cracks in 14 of its 60 girders, said the county surveyor, Ada Quill. "
        "A new bridge would cost nine million pounds and take until 2031."
    )
    builder.posts(
        [
            post(
                "mark",
                "About time. My windows rattle at every lorry.",
                replies=(
                    post(
                        "Ann Lee",
                        "They will rattle at buses too.",
                        replies=(post("mark", "Buses I can live with."),),
                    ),
                    post("come on", "Buy thicker windows?"),
                ),
            ),
            post("John Smith", "“Engineers found cracks in 14 of its 60 girders” - and before?"),
            post("John Doe", "Taxes, taxes, taxes."),
            post("quiet"),
            post("Ann Lee", "I walked over it in 1987.", "It shook even then."),
            post(
                "driver_22",
                "@mark some of us have to earn a living, and fuel tax is enough.",
            ),
        ]
    )
    return builder.build(title="Bridge", claimed=11)


CASES = [
    ("How many comments are there?", "c1 c1.1 c1.1.1 c1.2 c2 c3 c4 c5 c6", "9 comments|claims 11"),
    ("How many comments by Ann Lee?", "c1.1 c5", "Ann Lee wrote 2 comments"),
    ("How many different people commented?", "c1 c1.1 c1.1.1 c1.2 c2 c3 c4 c5 c6", "7 people"),
    ("Who commented most?", "c1 c1.1 c1.1.1 c5", "mark and Ann Lee"),
    ("Who commented more than once?", "c1 c1.1 c1.1.1 c5", "2 people|mark (2)|Ann Lee (2)"),
    ("Who commented only once?", "c1.2 c2 c3 c4 c6", "5 people"),
    ("Who commented first?", "c1", "mark"),
    ("Who wrote the last comment?", "c6", "driver_22"),
    ("What's the 3rd comment?", "c3", "Taxes, taxes, taxes."),
    ("What did Ann Lee say?", "c1.1 c5", "rattle at buses too.|in 1987.|shook even then."),
    ("what did come on say?", "c1.2", "thicker windows"),
    ("Who replied to mark?", "c1.1 c1.2 c6", "Ann Lee|come on|Not placed as a reply"),
    ("Who did mark reply to?", "c1.1 c1.1.1", "Ann Lee"),
    ("Did Ann Lee reply to mark?", "c1.1", "Yes"),
    ("Did mark reply to come on?", "c1 c1.1.1 c1.2", "No, mark did not reply to come on"),
    ("Do mark and Ann Lee talk to each other?", "c1.1 c1.1.1", "Yes"),
    ("How many replies did comment 1 get?", "c1.1 c1.1.1 c1.2", "2 replies|3 comments"),
    ("How many of the comments are replies?", "c1.1 c1.1.1 c1.2", "3 of 9"),
    ("Who replied to whom?", "c1.1 c1.1.1 c1.2", "Ann Lee to mark|mark to Ann Lee"),
    ("Which comment got the most replies?", "c1 c1.1 c1.2", "#1 by mark"),
    ("Which comments got no replies?", "c1.1.1 c1.2 c2 c3 c4 c5 c6", "7 of 9"),
    ("Show the thread under comment 1", "c1.1 c1.1.1 c1.2", "3 comments below #1"),
    ("Show the thread under comment 1.1", "c1.1.1", "1 comment below #1.1"),
    ("What is comment 1.1.1 a reply to?", "c1.1.1 c1.1", "#1.1 by Ann Lee"),
    ("Which comments are empty?", "c4", "quiet"),
    ("Which comment is the longest?", "c6", "driver_22"),
    ("Which comment is the shortest?", "c1.2 c3", "come on|John Doe"),
    ("Which comments mention taxes?", "c3 c6", "2 comments"),
    ("How many comments mention windows?", "c1 c1.2", "2 comments"),
    ("Did mark mention lorries?", "c1", "1 comment by mark"),
    ("Which comments quote the article?", "c2", "paragraph 2"),
    ("Which paragraph does John Smith quote?", "c2 p2", "paragraph 2"),
    ("How many top-level comments are there?", "c1 c2 c3 c4 c5 c6", "6 comments"),
]


@pytest.mark.parametrize(("question", "cited", "said"), CASES)
def test_computed(question: str, cited: str, said: str, page: Page, ask: Ask) -> None:
    assert not assert_computed(ask, question, page, cited, said).draft.abstained


def test_everything_said_is_verbatim_and_in_order(page: Page, ask: Ask) -> None:
    _, checked = ask("What did Ann Lee say?", page)
    own = [page.source[e.start : e.end] for i in ("c1.1", "c5") for e in page.part(i).extents]
    places = [checked.text.index(text) for text in own]
    assert places == sorted(places)
    assert set(own) <= {c.quote for c in checked.citations}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What did Zebedee say?", "Nobody called Zebedee commented here."),
        ("Who replied to Jon Smyth?", "John Smith"),
        ("Show comment 77", "no comment #77"),
    ],
)
def test_what_is_not_there(question: str, said: str, page: Page, ask: Ask) -> None:
    reply, checked = ask(question, page)
    assert said in checked.text
    if "#77" in said or "Zebedee" in said:
        assert reply.draft.abstained


def test_an_ambiguous_name_is_asked_back(page: Page, ask: Ask) -> None:
    reply, checked = ask("What did John say?", page)
    assert reply.route == "thread:which-name"
    assert "John Smith and John Doe" in checked.text


def test_what_one_person_said_about_something_is_left_to_retrieval(page: Page, ask: Ask) -> None:
    assert ask("What did Ann Lee say about buses?", page) is None


def test_no_link_to_the_article(page: Page, ask: Ask) -> None:
    reply, checked = ask("Which paragraph does John Doe quote?", page)
    assert "No quotation" in checked.text
    assert reply.draft.short_answer == "none"


def test_opinions_show_replies_under_what_they_answer(page: Page, ask: Ask) -> None:
    reply, checked = ask("What do commenters think about windows?", page)
    assert reply.route == "thread:opinions"
    lines = checked.text.splitlines()
    mark = next(n for n, line in enumerate(lines) if line.startswith("mark: "))
    assert lines[mark + 1].startswith("  ↳ ")
    assert all(c.quote in page.text(c.id) for c in checked.citations)


def test_a_page_without_comments(ask: Ask) -> None:
    builder = PageBuilder(slug="bare", origin="test", format="html")
    builder.paragraph("Nothing was said about this.")
    page = builder.build()
    _, checked = ask("How many comments are there?", page)
    assert "no comments" in checked.text
    for question in ("Who commented most?", "Who commented last?", "Which comments are empty?"):
        asked = ask(question, page)
        assert asked is None or not asked[1].citations
