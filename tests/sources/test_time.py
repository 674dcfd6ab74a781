"""No input may be slow. Bounds are wide (a busy machine), but far below what is quadratic."""

from __future__ import annotations

import json
import time
from contextlib import suppress

import pytest

from askbot.errors import SourceError
from askbot.sources import parse_all


def comments(count: int) -> str:
    rows = (f"  {n}. Name {n} says:\n\n    Comment {n} is here.\n\n" for n in range(1, count + 1))
    return "Body.\n\nComments\n\n" + "".join(rows)


def nested(opening: str, times: int) -> str:
    return f"<p>Art</p>{opening * times}text"


MB = 1_000_000
TEXTS = {
    "prose in one line": "He said that it was so, and more comments (3) came. " * 400_000,
    "prose": "He said that it was so, and more came.\n" * 500_000,
    "one letter a line": "a\n" * 10 * MB,
    "blank lines": "\n" * 20 * MB + "x",
    "spaces": " " * 20 * MB + "x",
    "headings": "Comments (3)\n" * 100_000,
    "nested indents": "Comments\n"
    + "".join(f"{' ' * (n % 180)}1. A says:\n" for n in range(30_000)),
    "ever deeper": "Comments\n" + "".join(f"{' ' * n}1. A says:\n" for n in range(6_000)),
    "wide gaps": "Comments\n" + ("a" + " " * 40 + "says" + " " * 40 + "b says\n") * 20_000,
    "dates": "Comments\n" + ("on may 1 at 1:00 " * 11 + "\n") * 20_000,
    "verbs": "Comments\n" + ("says " * 38 + "\n") * 20_000,
    "tools": "Comments\n1. A says:\n\n  " + "1" * 58 + "x\n\n2. B says:\n\n  " + "1 " * 29 + "x\n",
    "bold": "## Comments\n" + ("**" * 90 + "\n") * 20_000,
    "quotes": "## Comments\n" + ("> " * 2_000 + "**A**: x\n") * 100,
    "fences": "```\n\n" * 50_000,
}
PAGES = {
    "divs": nested("<div>", 10_000),
    "comments in comments": nested('<div class="comment"><b>N</b>', 3_000),
    "wrappers": nested('<div class="comment">', 10_000),
    "details": '<li id="comment-1"><b>A</b>' + nested('<span class="meta">', 5_000),
    "names": '<li id="comment-1">' + nested('<span class="author">', 5_000),
    "posts": nested('<div class="post">', 10_000),
    "headlines": nested("<h1><div>", 5_000),
    "buttons": "<p>Art</p>" + "<button>x</button>" * 20_000,
    "replies beside": '<div class="comment"><b>A</b>x</div><div class="replies"></div>' * 5_000,
    "too deep": nested("<div>", 100_000),
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">x",
    "open tags": "<div" * MB,
    "open comments": "<!--" * MB,
}


def timed(text: str, format: str) -> float:
    started = time.process_time()
    with suppress(SourceError):
        parse_all(text, format=format, slug="p", origin="t")
    return time.process_time() - started


@pytest.mark.slow
@pytest.mark.parametrize("format", ["text", "markdown"])
@pytest.mark.parametrize("name", TEXTS)
def test_texts(name: str, format: str) -> None:
    assert timed(TEXTS[name], format) < 10


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_pages(name: str) -> None:
    assert timed(PAGES[name], "html") < 10


def test_a_thousand_comments_take_well_under_a_second() -> None:
    timed(comments(10), "text")
    assert timed(comments(1_000), "text") < 0.8
    rows = "".join(
        f'<li class="comment" id="comment-{n}"><cite class="fn">N{n}</cite> says:'
        f'<div class="comment-content"><p>Comment {n}</p></div></li>'
        for n in range(1_000)
    )
    timed("<p>warm</p>", "html")
    assert timed(f"<p>Art</p><ol>{rows}</ol>", "html") < 0.8


@pytest.mark.slow
def test_long_chains_in_json() -> None:
    chain = [
        {"id": n, "speaker": "a", "reply_to": n - 1 if n else None, "text": "x"}
        for n in range(20_000)
    ]
    assert timed("\n".join(map(json.dumps, chain)), "convokit") < 5
    ring = [
        {"id": n, "speaker": "a", "reply_to": (n + 1) % 9_000, "text": "x"} for n in range(9_000)
    ]
    assert timed("\n".join(map(json.dumps, ring)), "convokit") < 5
