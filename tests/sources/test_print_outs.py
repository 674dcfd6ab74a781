"""Print-outs of blogs of many kinds, and text that only looks like one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from askbot.discussion import Page
from askbot.sources import parse
from askbot.sources.grammar import header, heading, is_closing, is_tool

Check = Callable[[Page], None]


def read(text: str) -> Page:
    return parse(text, format="text", slug="p", origin="t")


def told(page: Page) -> list[tuple[str, str, str]]:
    return [(c.id, c.author, page.text(c.id)) for c in page.comments]


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Comments (23)", 23),
        ("Comments: 23", 23),
        ("23 Comments", 23),
        ("1,024 Comments", 1024),
        ("1 Response to “A page”", 1),
        ("3 thoughts on “A page: part 2”", 3),
        ("One thought on “A page”", 1),
        ("No Comments Yet", None),
        ("0 comments", 0),
        ("## Comments (2)", 2),
        ("=== 4 replies ===", 4),
        ("Showing 12 comments", 12),
        ("7 Kommentare", 7),
        ("Discussion", None),
        ("COMMENTS", None),
    ],
)
def test_headings(line: str, count: int | None) -> None:
    found = heading(line)
    if line == "No Comments Yet":
        assert found is None
        assert is_closing(line)
        return
    assert found is not None
    assert found.count == count


@pytest.mark.parametrize(
    "line",
    [
        "He had no comment.",
        "Comments (3) appear below the article.",
        "The 3 comments were removed",
        "Discussion of the results follows",
        "Commentary",
        "x" * 300 + " comments (3)",
    ],
)
def test_no_headings(line: str) -> None:
    assert heading(line) is None


@pytest.mark.parametrize(
    ("line", "author", "posted"),
    [
        ("1. Ann says:", "Ann", None),
        ("12) Ann Lee wrote:", "Ann Lee", None),
        ("#3 Ann replied:", "Ann", None),
        ("[4] Ann says", "Ann", None),
        ("Simon says says:", "Simon says", None),
        ("He who said no said:", "He who said no", None),
        ("Ann said...", "Ann", None),
        ("Ann said…", "Ann", None),
        ("😀🔥 says:", "😀🔥", None),
        ("Ann\u00a0Lee says:", "Ann\u00a0Lee", None),
        ("A. N. Other says:", "A. N. Other", None),
        ("Ann on May 3, 2011 at 5:00 pm said:", "Ann", "May 3, 2011 at 5:00 pm"),
        ("Ann wrote on 3 May 2011:", "Ann", "3 May 2011"),
        ("On May 3, 2011, Ann wrote:", "Ann", "May 3, 2011"),
        ("Posted by: Ann | January 3, 2005 at 04:32 PM", "Ann", "January 3, 2005 at 04:32 PM"),
        ("Comment by Ann — May 3, 2006 @ 5:00 pm", "Ann", "May 3, 2006 @ 5:00 pm"),
        ("Ann • 3 years ago", "Ann", "3 years ago"),
        ("Ann (2011-05-03 17:00):", "Ann", "2011-05-03 17:00"),
        ("Ann | 03.05.2011, 17:00 | Reply", "Ann", "03.05.2011, 17:00"),
        ("* Ann says:", "Ann", None),
        ("Ann sagt:", "Ann", None),
        ("Ann dit :", "Ann", None),
    ],
)
def test_headers(line: str, author: str, posted: str | None) -> None:
    found = header(line)
    assert found is not None
    assert (found.author, found.posted) == (author, posted)
    assert found.inline is None


@pytest.mark.parametrize(
    "line",
    [
        "1. first point",
        "I went home. Then he says:",
        "says:",
        "Ann says",
        "http://example.org/ says:",
        "a " * 150 + "says:",
        "3.5 percent of all people",
        "In 2010 more than 50,600 were sent home",
    ],
)
def test_no_headers(line: str) -> None:
    assert header(line) is None


@pytest.mark.parametrize(
    "line", ["Reply", "Reply ↓", "[Reply]", "Like | Report abuse", "Permalink"]
)
def test_tools(line: str) -> None:
    assert is_tool(line)
    assert not is_tool("Reply to all of this, please")
    assert not is_tool("1" * 59 + "x")


def test_dates_and_tools_around_comments(assert_partition: Check) -> None:
    page = read(
        "A headline\n\nBody text.\n\n3 Responses to “A headline”\n\n"
        "Ann says:\nMay 3, 2011 at 5:00 pm\n\nFirst.\n\nBob says:\n\nNot Bob.\n\nReply\n\n"
        "Bob says:\nMay 4, 2011 at 5:00 pm\n\nSecond.\n\nReply\n\n"
        "    Simon says says:\n    May 4, 2011 at 6:00 pm\n\n    Deep.\n\n    Reply\n\n"
        "Leave a Reply\n\nName (required)\n"
    )
    assert told(page) == [
        ("c1", "Ann", "First.\n\nBob says:\n\nNot Bob."),
        ("c2", "Bob", "Second."),
        ("c2.1", "Simon says", "Deep."),
    ]
    assert [c.posted for c in page.comments] == [
        "May 3, 2011 at 5:00 pm",
        "May 4, 2011 at 5:00 pm",
        "May 4, 2011 at 6:00 pm",
    ]
    assert (page.title, page.claimed_comments) == ("A headline", 3)
    assert [page.text(p.id) for p in page.paragraphs] == ["A headline", "Body text."]
    assert_partition(page)


def test_blogger_puts_the_date_below(assert_partition: Check) -> None:
    page = read(
        "Body.\n\n2 comments:\n\nAnn said...\nHello\nthere\nMay 3, 2010 5:00 PM\n\n"
        "Bob said...\nMay 4, 2010 6:00 PM\n\nPost a Comment\n"
    )
    assert told(page) == [("c1", "Ann", "Hello\nthere"), ("c2", "Bob", "")]
    assert [c.posted for c in page.comments] == ["May 3, 2010 5:00 PM", "May 4, 2010 6:00 PM"]
    assert_partition(page)


def test_typepad_puts_the_name_below(assert_partition: Check) -> None:
    page = read(
        "Body.\n\nComments\n\nComments (2)\n\nI like it.\n\nMuch.\n\n"
        "Posted by: Ann | January 3, 2005 at 04:32 PM\n\nMe too.\n\n"
        "Posted by: Bob | January 3, 2005 at 04:35 PM\n\nPost a comment\n"
    )
    assert told(page) == [("c1", "Ann", "I like it.\n\nMuch."), ("c2", "Bob", "Me too.")]
    assert_partition(page)


def test_names_over_dates(assert_partition: Check) -> None:
    page = read("Body.\n\nComments\n\nAnn\n3 years ago\nhello\n\nBob Lee\n2 years ago\nhi\n")
    assert told(page) == [("c1", "Ann", "hello"), ("c2", "Bob Lee", "hi")]
    assert_partition(page)


def test_numbered_names_without_a_verb(assert_partition: Check) -> None:
    page = read(
        "Body.\n\nComments (3)\n\n1. Ann\n\n   Hello.\n\n   1. first point\n   2. second point\n\n"
        "2. Bob\n\n   Hi.\n\n   1. Cy\n\n      A reply.\n"
    )
    assert told(page) == [
        ("c1", "Ann", "Hello.\n\n1. first point\n   2. second point"),
        ("c2", "Bob", "Hi."),
        ("c2.1", "Cy", "A reply."),
    ]
    assert_partition(page)


def test_numbers_set_flush_right_do_not_nest() -> None:
    rows = "".join(f"{n:>4}. N{n} says:\n       text {n}\n" for n in range(8, 13))
    page = read(f"Body.\n\nComments (5)\n\n{rows}")
    assert [c.id for c in page.comments] == ["c1", "c2", "c3", "c4", "c5"]


def test_tabs_nest_like_spaces() -> None:
    page = read(
        "Body.\n\nComments (3)\n\n1. A says:\n\n\ttext\n\n\t1. B says:\n\n\t\tdeeper\n\n"
        "2. C says:\n\n\tx\n"
    )
    assert told(page) == [("c1", "A", "text"), ("c1.1", "B", "deeper"), ("c2", "C", "x")]


def test_text_at_the_indent_of_its_header() -> None:
    page = read(
        "Body.\n\nComments (2)\n\n1. A says:\n\none\n\nB says:\n\ntwo\n\n2. C says:\n\nthree\n\n"
        "Comments are closed.\n\nFooter\n"
    )
    assert told(page) == [("c1", "A", "one\n\nB says:\n\ntwo"), ("c2", "C", "three")]
    assert [page.source[e.start : e.end] for e in page.furniture] == [
        "Comments (2)",
        "Comments are closed.",
        "Footer",
    ]


def test_closing_words_inside_a_comment_are_its_text() -> None:
    page = read(
        "Body.\n\nComments (2)\n  1. A says:\n\n    Leave a Reply\n\n    Comments (9)\n\n"
        "  2. B says:\n\n    Leave a Reply\n\n    Discussion\n\nLeave a Reply\n\nName\n"
    )
    assert told(page) == [
        ("c1", "A", "Leave a Reply\n\nComments (9)"),
        ("c2", "B", "Leave a Reply\n\nDiscussion"),
    ]


def test_prose_that_mentions_comments_is_an_article() -> None:
    page = read(
        "What they said\n\nThe page showed\nComments (3)\nin its corner.\n\nDiscussion\n\n"
        "There was some.\n\nAs Ann says it:\n\nIt is so.\n\nAs Bob says:\n\nNo. He said: 1. no.\n"
    )
    assert not page.comments
    assert len(page.paragraphs) == 8
    assert page.text("p2") == "The page showed\nComments (3)\nin its corner."


def test_an_interview_is_not_a_discussion() -> None:
    page = read("Interview\n\nAnn says:\n\nYes.\n\nBob says:\n\nNo.\n\nAnn says:\n\nOh.\n")
    assert not page.comments
    assert len(page.paragraphs) == 7


def test_no_heading_but_numbered_headers() -> None:
    page = read("Body.\n\n  1. Ann says:\n\n    Yes.\n\n  2. Bob says:\n\n    No.\n")
    assert told(page) == [("c1", "Ann", "Yes."), ("c2", "Bob", "No.")]


def test_a_count_and_a_form_without_comments() -> None:
    page = read("One.\n\nTwo.\n\n5 Comments\n\nLeave a comment\n\nName\n\nEmail\n")
    assert [page.text(p.id) for p in page.paragraphs] == ["One.", "Two."]
    assert page.claimed_comments == 5
    assert not page.comments


def test_a_call_to_comment_within_the_article_hides_nothing() -> None:
    long = "This goes on for a good while after that line. " * 8
    page = read(f"One.\n\nLeave a comment\n\n{long}\n\nThree.\n")
    assert len(page.paragraphs) == 4


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A headline\n\nText.", "A headline"),
        ("# A headline #\n\nText.", "A headline"),
        ("A headline\n==========\n\nText.", "A headline"),
        ("Who wins?\n\nText.", "Who wins?"),
        ("BOSTON — It rained on Friday.\n\nText.", ""),
        ("Only one block", ""),
        ("Comments (3)\n\n1. A says:\n\nx", ""),
        ("x" * 200 + "\n\nText.", ""),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert read(text).title == title


def test_depth_is_bounded_without_losing_a_comment(assert_partition: Check) -> None:
    text = "Comments\n" + "".join(f"{' ' * n}1. N{n} says:\n" for n in range(300))
    page = read(text)
    assert len(page.comments) == 300
    assert max(c.depth for c in page.comments) == 99
    assert page.comments[-1].author == "N299"
    assert_partition(page)


@pytest.mark.parametrize("name", ["Cllr. No", "Wow. Just wow", "Fr. Mike"])
def test_a_full_stop_inside_a_numbered_name(name: str) -> None:
    page = read(f"One.\n\nComments (2)\n\n1. Ann says:\n\nYes.\n\n2. {name} says:\n\nNo. Never.\n")
    assert told(page) == [("c1", "Ann", "Yes."), ("c2", name, "No. Never.")]
