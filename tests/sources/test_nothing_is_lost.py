"""Every visible character is in exactly one part, whatever the input."""

from __future__ import annotations

import html as html_escape
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from askbot.discussion import Page
from askbot.errors import SourceError
from askbot.sources import dom, parse_all
from askbot.sources.blocks import normalise

Check = Callable[[Page], None]

FRAGMENTS = [
    "Comments (3)",
    "## Comments (2)",
    "3 Responses to “A page”",
    "Comments are closed.",
    "Leave a Reply",
    "Reply",
    "Discussion",
    "1. Ann says:",
    "  1. Ann says:",
    "\t2) Bob wrote on May 3, 2011 at 5:00 pm:",
    "    1. first point",
    "Ann says:",
    "Ann said...",
    "Ann says: yes: no",
    "May 3, 2011 at 5:00 pm | Permalink",
    "Posted by: Ann | May 3, 2011 at 5:00 PM",
    "Ann • 3 years ago",
    "- **Ann** (3 May 2011): yes",
    "  - **Bob**: no",
    "> **Ann** says:",
    ">> **Bob**:",
    "> text",
    "### Ann, 3 May 2011",
    "---",
    "===",
    "```",
    "<!-- note -->",
    "[x]: http://example.org/",
    "title: T",
    "\u00a0",
    "\ufeff",
    "\u200b",
    "😀 says:",
    "",
    "",
    "word",
    "a sentence that ends.",
]
chunks = st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=40))
joints = st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\n \n", " ", "\u2028", "\x0c"])
texts = st.lists(st.tuples(chunks, joints), max_size=25).map(
    lambda pairs: "".join(chunk + joint for chunk, joint in pairs)
)


def visible(text: str) -> list[str]:
    return [c for c in text if not c.isspace()]


def pages_of(text: str, format: str) -> list[Page]:
    try:
        return parse_all(text, format=format, slug="page", origin="test")
    except SourceError:  # nothing but spaces, or but furniture
        return []


@settings(max_examples=200, deadline=None)
@given(text=texts)
def test_plain_text(text: str, assert_partition: Check) -> None:
    for page in pages_of(text, "text"):
        assert page.source == normalise(text.removeprefix("\ufeff"))
        assert_partition(page)


@settings(max_examples=200, deadline=None)
@given(text=texts)
def test_markdown(text: str, assert_partition: Check) -> None:
    for page in pages_of(text, "markdown"):
        assert page.source == normalise(text.removeprefix("\ufeff"))
        assert_partition(page)


tags = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<br>",
        "<div>",
        "</div>",
        "<ol class='comment-list'>",
        "</ol>",
        "<li class='comment' id='comment-1'>",
        "<li>",
        "</li>",
        "<article class='comment'>",
        "<article>",
        "</article>",
        "<div class='comment'>",
        "<div class='replies'>",
        "<div class='entry-content'>",
        "<div class='comment-content'>",
        "<div class='comment-body'>",
        "<div class='comment-author vcard'>",
        "<cite class='fn'>",
        "</cite>",
        "<span class='says'>",
        "</span>",
        "<time>",
        "</time>",
        "<h1>",
        "</h1>",
        "<nav>",
        "</nav>",
        "<pre>",
        "</pre>",
        "<table><tr><td>",
        "</td></tr></table>",
        "<b>",
        "</b>",
        "<a href='#comment-1'>",
        "</a>",
        "<button>",
        "</button>",
        "<form>",
        "</form>",
        "<aside>",
        "</aside>",
        "<div itemprop=comment itemscope itemtype='https://schema.org/Comment'>",
        "<span itemprop=author>",
        "<p itemprop=text>",
        "<!-- c -->",
        "<script>var x</script>",
        "<style>p {}</style>",
    ]
)
words = st.one_of(st.sampled_from(FRAGMENTS), st.text(alphabet='aé<&>" \n\t\u00a0😀', max_size=12))
markup = st.lists(st.one_of(tags, words.map(html_escape.escape)), max_size=40).map("".join)


@settings(max_examples=200, deadline=None)
@given(markup=markup)
def test_html_keeps_all_visible_text(markup: str, assert_partition: Check) -> None:
    markup = markup.lstrip("\ufeff")
    shown = "".join(dom.parse(markup, origin="test").body.texts())
    for page in pages_of(markup, "html"):
        assert_partition(page)
        assert visible(page.source) == visible(normalise(shown))
