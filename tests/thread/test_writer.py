"""Whoever wrote the article, as one of the commenters: by the byline, in any place it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from askbot.discussion import Page
from askbot.sources import plaintext
from askbot.sources.builder import PageBuilder, Post
from askbot.thread.bylines import bearers, byline
from askbot.thread.tables import tables_of

Ask = Callable[[str, Page], Any]


def page_with(head: str, *authors: str) -> Page:
    says = "\n\n".join(
        f"  {n}. {author} says:\n\n     A word from me." for n, author in enumerate(authors, 1)
    )
    body = "The mill will be sold in June.\n\nNobody knows to whom.\n\nIt has stood for long."
    text = f"{head}\n\n{body}\n\nComments ({len(authors)})\n\n{says}\n"
    return plaintext.read(text, slug="mill", origin="mill.txt")


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("The mill is sold\nBy Ada Quill", ("Ada Quill",)),
        ("The mill is sold\nBy Ada Quill, Harwick Gazette, 3 May 2021", ("Ada Quill",)),
        ("The mill is sold\nPosted by Ada Quill on May 3, 2021", ("Ada Quill",)),
        ("The mill is sold\nPosted on 3 May 2021 by millwatcher", ("millwatcher",)),
        ("The mill is sold\n\nAda Quill, Gazette Reporter", ("Ada Quill",)),
        ("The mill is sold\nBY ADA QUILL AND BO VAN DER LEE", ("ADA QUILL", "BO VAN DER LEE")),
        ("The mill is sold\nAuthor: Ada Quill", ("Ada Quill",)),
        ("The mill is sold\nBy Tuesday", ()),
        ("The mill is sold\nBy the river", ()),
        ("The mill is sold", ()),
    ],
)
def test_bylines(head: str, names: tuple[str, ...]) -> None:
    page = page_with(head, "Lev")
    found = byline(page)
    assert found.names == names
    if found.line is not None:
        assert page.source[found.line.start : found.line.end] == found.line.text


@pytest.mark.parametrize(
    ("commenter", "same"),
    [
        ("Ada Quill", True),
        ("ada_quill", True),
        ("A. Quill", True),
        ("Ada Quill (Gazette)", True),
        ("Quill", True),
        ("Ada", False),
        ("Bo Quill", False),
        ("T. Quill", False),
        ("Quillfeather", False),
    ],
)
def test_who_bears_the_name(commenter: str, same: bool) -> None:
    page = page_with("The mill is sold\nBy Ada Quill", "Lev", commenter)
    assert bearers(tables_of(page)) == ((commenter,) if same else ())


@pytest.fixture(scope="module")
def joined() -> Page:
    builder = PageBuilder(slug="mill", origin="test", format="html")
    builder.paragraph("Posted by Ada Quill on May 3, 2021")
    builder.paragraph("The mill will be sold in June.")
    builder.paragraph("Nobody knows to whom.")
    answer = Post("Ada Quill", "Ada Quill says:", ("In June, as I wrote.",))
    builder.posts(
        [
            Post("Lev", "Lev says:", ("When?",), replies=[answer]),
            Post("Ada Quill", "Ada Quill says:", ("It is sold.",)),
        ]
    )
    return builder.build(title="The mill is sold")


@pytest.mark.parametrize(
    ("question", "cited", "said"),
    [
        ("Did the author of the article reply to anyone?", "c1.1", "Ada Quill replied to Lev"),
        ("How many comments did the blogger write?", "c1.1 c2", "Ada Quill wrote 2 comments"),
        ("Did whoever wrote the post comment again?", "c2", "Yes"),
        ("Did the OP answer any of the readers?", "c1.1", "Lev"),
    ],
)
def test_the_writer_is_a_commenter(
    question: str, cited: str, said: str, joined: Page, ask: Ask
) -> None:
    reply, checked = ask(question, joined)
    assert {c.id for c in checked.citations} == set(cited.split()), reply.route
    assert said in checked.text
    assert any("Ada Quill" in note for note in reply.draft.notes)


def test_the_writer_did_not_comment(ask: Ask) -> None:
    page = page_with("The mill is sold\nBy Ada Quill, Harwick Gazette", "Lev", "Mona")
    reply, checked = ask("Did the journalist reply to any comment?", page)
    assert "nobody called Ada Quill commented here" in checked.text
    assert [c.quote for c in checked.citations] == ["By Ada Quill, Harwick Gazette"]
    assert not reply.draft.abstained


def test_a_page_without_a_byline_declines(ask: Ask) -> None:
    page = page_with("The mill is sold", "Lev", "Mona")
    reply, checked = ask("How many comments did the author of the article leave?", page)
    assert reply.draft.abstained
    assert "does not say who wrote the article" in checked.text


@pytest.mark.parametrize(
    "question",
    [
        "What does the author think of the sale?",
        "Who is the author of this article?",
        "Why did the blogger write this?",
        "Does anyone agree with the author?",
    ],
)
def test_what_the_writer_says_is_left_to_retrieval(question: str, joined: Page, ask: Ask) -> None:
    asked = ask(question, joined)
    assert asked is None or "Ada Quill" not in asked[1].text
