"""HTML comment markup as blog software writes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from askbot.discussion import Page
from askbot.errors import SourceError
from askbot.sources import parse

Check = Callable[[Page], None]
Told = list[tuple[str, str, str]]

KUBRICK = """<div class="post"><h2 class="entry-title">T</h2><p>Art</p></div>
<h3>2 Responses to &#8220;T&#8221;</h3><ol class="commentlist">
<li class="alt" id="comment-11"><cite><a href="#">Al</a></cite> Says:<br />
<small class="commentmetadata"><a href="#comment-11">January 3rd, 2006 at 5:00 pm</a></small>
<p>One <em>two</em>.</p><p>Please <b>reply</b> by May 3, 2011.</p></li>
<li id="comment-12"><cite>Cy</cite> Says:<br /><p>As <cite>Al</cite> said.</p></li></ol>"""

BLOGGER = """<div class='post hentry'><h3 class='post-title entry-title'>T</h3>
<div class='post-body entry-content'>Art</div></div><div class='comments' id='comments'>
<h4>2 comments:</h4><ol id='top-ra'><li class="comment" id="c55"><div class="comment-block">
<div class="comment-header"><cite class="user"><a href="u">Al</a></cite><span class="datetime">
<a href="https://b.example/p.html#c55">May 3, 2011 at 5:00 PM</a></span></div>
<p class="comment-content">One<br>two</p><span class="comment-actions"><a>Reply</a></span></div>
<div class="comment-replies"><div class="comment-thread"><ol><div><li class="comment" id="c56">
<div class="comment-block"><div class="comment-header"><cite class="user">Cy</cite></div>
<p class="comment-content">three</p></div></li></div></ol></div></div></li></ol></div>"""

OLD_BLOGGER = """<div class='post-body'>Art</div><div id='comments'><h4>2 comments:</h4>
<dl id='comments-block'><dt class='comment-author'><a href='u'>Al</a> said...</dt>
<dd class='comment-body'><p>One</p></dd><dd class='comment-footer'>May 3, 2011 5:00 PM</dd>
<dt class='comment-author'>Cy said...</dt><dd class='comment-body'><p>two</p></dd>
<dd class='comment-footer'>May 4, 2011 5:00 PM</dd></dl></div>"""

FLAT_DEPTHS = """<main><h1>T</h1><p>Art</p></main><div class="comments">
<div class="comment depth-1"><b>Al</b><p>one</p></div>
<div class="comment depth-2"><b>Bo</b><p>two</p></div>
<div class="comment depth-1"><b>Cy</b><p>three</p></div></div>"""

REPLIES_BESIDE = """<h1>T</h1><p>Art</p>
<div class="comment"><span class="author">Al</span><p>one</p></div>
<div class="replies"><div class="comment"><span class="author">Bo</span><p>two</p></div></div>
<div class="comment"><p><b>Cy:</b> three</p></div>"""

NESTED_ARTICLES = """<article><h1>T</h1><p>Art</p></article><section><h2>Comments (3)</h2>
<article class="comment"><header><strong>Al</strong> <time>2020-01-01</time></header><p>one</p>
<article class="comment"><h4>Bo</h4><p>two</p></article></article>
<article class="comment"><h4>Cy</h4><p>three</p></article></section>"""

PARENT_IDS = """<main><p>Art</p></main><ul>
<li class="comment" id="comment-1"><b>Al</b><p>one</p></li>
<li class="comment" id="comment-2" data-parent="1"><b>Bo</b><p>two</p></li>
<li class="comment" id="comment-3"><b>Cy</b><p>three</p></li></ul>"""

UNMARKED_LIST = """<h1>T</h1><p>Art</p><h3>Comments (3)</h3><ol><li>Al says:<p>one</p><ol>
<li>Bo says:<p>two</p></li></ol></li><li>Cy says:<p>three</p></li></ol><h3>Leave a Reply</h3>"""

PREFORMATTED = """<pre>
Art

Comments (3)
  1. Al says:

     one

     1. Bo says:

        two

  2. Cy says:

     three
</pre>"""

RDFA = """<p>Art</p><div typeof="schema:Comment"><span property="schema:author">Al</span>
<div property="schema:text">one</div><div typeof="schema:Comment">
<span property="schema:author">Bo</span><div property="schema:text">two</div></div></div>
<div typeof="schema:Comment"><span property="schema:author">Cy</span>
<div property="schema:text">three</div></div>"""

THREE: Told = [("c1", "Al", "one"), ("c1.1", "Bo", "two"), ("c2", "Cy", "three")]


def read(markup: str, origin: str = "https://site.example/post") -> Page:
    return parse(markup, format="html", slug="p", origin=origin)


def told(page: Page) -> Told:
    return [(c.id, c.author, page.text(c.id)) for c in page.comments]


@pytest.mark.parametrize(
    ("markup", "comments"),
    [
        pytest.param(
            KUBRICK,
            [("c1", "Al", "One two.\n\nPlease reply by May 3, 2011."), ("c2", "Cy", "As Al said.")],
            id="kubrick",
        ),
        pytest.param(BLOGGER, [("c1", "Al", "One\ntwo"), ("c1.1", "Cy", "three")], id="blogger"),
        pytest.param(OLD_BLOGGER, [("c1", "Al", "One"), ("c2", "Cy", "two")], id="old blogger"),
        pytest.param(FLAT_DEPTHS, THREE, id="depth classes"),
        pytest.param(REPLIES_BESIDE, THREE, id="replies beside"),
        pytest.param(NESTED_ARTICLES, THREE, id="nested articles"),
        pytest.param(PARENT_IDS, THREE, id="parent ids"),
        pytest.param(UNMARKED_LIST, THREE, id="unmarked list"),
        pytest.param(PREFORMATTED, THREE, id="preformatted"),
        pytest.param(RDFA, THREE, id="RDFa"),
    ],
)
def test_comment_markup(markup: str, comments: Told, assert_partition: Check) -> None:
    page = read(markup)
    assert told(page) == comments
    assert page.text(page.paragraphs[-1].id) == "Art"
    assert_partition(page)


def test_dates_and_links() -> None:
    page = read(KUBRICK)
    assert page.comments[0].posted == "January 3rd, 2006 at 5:00 pm"
    assert page.comments[0].url == "https://site.example/post#comment-11"
    assert page.claimed_comments == 2
    assert page.title == "T"
    assert read(BLOGGER).comments[0].url == "https://b.example/p.html#c55"
    assert read(KUBRICK, origin="page.html").comments[0].url is None


def test_what_is_article_and_what_is_not(assert_partition: Check) -> None:
    page = read(
        '<html><head><title>T | Site</title></head><body><header><a href="/">Site</a></header>'
        "<nav><ul><li>Home</li></ul></nav><main><article><h1>T</h1><div class='entry-content'>"
        "<p>One <b>two</b>&nbsp;three.</p><ul><li>a</li><li>b</li></ul><p>x<br>y<br><br>z</p>"
        "<div class='sharedaddy'>Share this</div><pre>  keep\n\n  this</pre></div></article></main>"
        "<aside>Side</aside><div id='respond'><h3>Leave a Reply</h3></div>"
        "<script>var hidden</script><p hidden>hidden</p><p style='display: none'>hidden</p>"
        "<footer>Powered</footer></body></html>"
    )
    assert [page.text(p.id) for p in page.paragraphs] == [
        "One two\u00a0three.",
        "a\nb",
        "x\ny",
        "z",
        "keep",
        "this",
    ]
    assert "hidden" not in page.source
    assert {page.source[e.start : e.end] for e in page.furniture} == {
        "T",
        "Site",
        "Home",
        "Share this",
        "Side",
        "Leave a Reply",
        "Powered",
    }
    assert_partition(page)


def test_pingbacks_are_furniture() -> None:
    page = read(
        '<p>Art</p><ol><li class="pingback" id="comment-1"><p>Pingback: <a>Else</a></p></li>'
        '<li class="comment" id="comment-2"><cite class="fn">Al</cite> says:<p>one</p></li></ol>'
    )
    assert told(page) == [("c1", "Al", "one")]


def test_json_ld_adds_only_what_is_not_shown(assert_partition: Check) -> None:
    script = (
        '<script type="application/ld+json">{"@context": "https://schema.org", "@graph": ['
        '{"@type": "Article", "@id": "#a", "commentCount": 3},'
        '{"@type": "Person", "@id": "#al", "name": "Al"},'
        '{"@type": "Comment", "@id": "#1", "author": {"@id": "#al"}, "text": "one"},'
        '{"@type": "Comment", "@id": "#2", "parentItem": {"@id": "#1"}, "author": "Bo",'
        ' "text": "<p>two</p><p>2 &lt; 3</p>", "dateCreated": "2020-01-01"}]}</script>'
    )
    page = read(f"<p>Art</p>{script}")
    assert told(page) == [("c1", "Al", "one"), ("c1.1", "Bo", "two\n\n2 < 3")]
    assert page.comments[1].posted == "2020-01-01"
    assert page.claimed_comments == 3
    assert_partition(page)
    shown = '<div class="comment"><b>Al</b><p>one</p></div>'
    assert told(read(f"<p>Art</p>{shown}{script}")) == [("c1", "Al", "one")]


@pytest.mark.parametrize("script", ["{not json", "[" * 100_000, "null", '{"@type": "Comment"}'])
def test_broken_json_ld_is_ignored(script: str) -> None:
    page = read(f'<p>Art</p><script type="application/ld+json">{script}</script>')
    assert not page.comments


@pytest.mark.parametrize(
    "markup", ["<html></html>", "<nav>Home</nav>", "<script>x</script>", "<h3>5 Comments</h3>"]
)
def test_no_page(markup: str) -> None:
    with pytest.raises(SourceError, match=r"empty|only page furniture"):
        read(markup)
