"""A random discussion, printed in each format, is read back as it was: tree, authors, texts."""

from __future__ import annotations

import html as html_escape
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from askbot.discussion import Page
from askbot.sources import parse

Check = Callable[[Page], None]
Outline = list[tuple[str, str, list[str]]]

NAMES = [
    "Ann",
    "come on",
    "David P. McConnell",
    "richard g king",
    "Simon says",
    "Mr. Who said no",
    "😀🔥",
    "Ünal Ö.",
    "中村",
    "jack1",
    "42",
    "O’Neil-Smith",
    "x@example.org",
    "Fed up in the town of Milford",
    "Dr. J. R. Smith Jr.",
    "A. N. Other",
    "R2-D2",
]
LINES = [
    "Bob says:",
    "He said: no.",
    "first point\n2. second point",
    "Comments (3)",
    "3 Responses to this",
    "Leave a Reply",
    "Discussion",
    "see http://example.org/a?b=c#d",
    "50,600 of 75 percent…",
    "“quoted” — and ‘so’ on",
    "it\u00a0is\u00a0so",
    "I read: 1. this, 2. that.",
]
word = st.text(alphabet="abcdefgéïß0123456789,!'", min_size=1, max_size=8).filter(
    lambda w: not w.isdigit()
)
sentence = st.lists(word, min_size=3, max_size=12).map(lambda ws: "So " + " ".join(ws))
paragraph = st.one_of(sentence, sentence, st.sampled_from(LINES))
names = st.one_of(
    st.sampled_from(NAMES), st.text(alphabet="abcdeF ghi", min_size=1, max_size=12)
).map(lambda n: " ".join(n.split()) or "anon")


@dataclass
class Node:
    author: str
    paragraphs: list[str]
    replies: list[Node] = field(default_factory=list)


@st.composite
def a_tree(draw: st.DrawFn) -> list[Node]:
    """Up to ten comments, each at most one level below the one before it."""
    top: list[Node] = []
    open_: list[list[Node]] = [top]
    for _ in range(draw(st.integers(1, 10))):
        depth = draw(st.integers(0, len(open_) - 1))
        del open_[depth + 1 :]
        node = Node(draw(names), draw(st.lists(paragraph, max_size=3)))
        open_[depth].append(node)
        open_.append(node.replies)
    return top


trees = a_tree()
articles = st.lists(sentence, min_size=1, max_size=4)


def walk(tree: list[Node], prefix: str = "c") -> Iterator[tuple[str, Node]]:
    for i, node in enumerate(tree, start=1):
        name = f"{prefix}{i}"
        yield name, node
        yield from walk(node.replies, f"{name}.")


def expected(tree: list[Node]) -> Outline:
    return [(name, node.author, node.paragraphs) for name, node in walk(tree)]


def squeezed(outline: Outline) -> Outline:
    """With runs of space made one, for formats that indent or wrap."""
    return [(i, a, [" ".join(p.split()) for p in ps]) for i, a, ps in outline]


def as_text(article: list[str], tree: list[Node], step: int, deeper: int, numbered: bool) -> str:
    out = ["\n\n".join(article), "", f"Comments ({sum(1 for _ in walk(tree))})"]

    def show(level: list[Node], indent: int) -> None:
        for number, node in enumerate(level, start=1):
            lead = f"{number}. " if numbered else ""
            out.extend([f"{' ' * indent}{lead}{node.author} says:", ""])
            for text in node.paragraphs:
                lines = text.split("\n")
                out.extend(" " * (indent + deeper) + line for line in lines)
                out.append("")
            show(node.replies, indent + step)

    show(tree, 2)
    out.extend(["Leave a Reply", "", "Name (required)", ""])
    return "\n".join(out)


@settings(max_examples=80, deadline=None)
@given(
    article=articles,
    tree=trees,
    step=st.integers(1, 8),
    deeper=st.integers(1, 6),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_numbered_plain_text(
    article: list[str],
    tree: list[Node],
    step: int,
    deeper: int,
    newline: str,
    outline: Callable[[Page], Outline],
    assert_partition: Check,
) -> None:
    text = as_text(article, tree, step, deeper, numbered=True)
    page = parse(text.replace("\n", newline), format="text", slug="p", origin="t")
    assert squeezed(outline(page)) == squeezed(expected(tree))
    assert [page.text(p.id) for p in page.paragraphs] == article
    assert page.claimed_comments == len(page.comments)
    assert_partition(page)


@settings(max_examples=50, deadline=None)
@given(article=articles, tree=trees, step=st.integers(1, 8))
def test_unnumbered_plain_text(
    article: list[str], tree: list[Node], step: int, outline: Callable[[Page], Outline]
) -> None:
    for _, node in walk(tree):
        node.paragraphs = [p for p in node.paragraphs if not p.endswith("says:")]
    text = as_text(article, tree, step, step, numbered=False)
    page = parse(text, format="text", slug="p", origin="t")
    assert squeezed(outline(page)) == squeezed(expected(tree))


def as_wordpress(article: list[str], tree: list[Node], modern: bool) -> str:
    count = sum(1 for _ in walk(tree))
    e = html_escape.escape
    serial = iter(range(1, 10_000))

    def show(level: list[Node], depth: int) -> str:
        return "".join(one(node, depth) for node in level)

    def one(node: Node, depth: int) -> str:
        n = next(serial)
        body = "".join(f"<p>{e(p)}</p>" for p in node.paragraphs)
        replies = show(node.replies, depth + 1)
        children = f'<ol class="children">{replies}</ol>' if replies else ""
        if modern:
            inside = (
                f'<article id="div-comment-{n}" class="comment-body"><footer class="comment-meta">'
                f'<div class="comment-author vcard"><b class="fn">{e(node.author)}</b> '
                '<span class="says">says:</span></div><div class="comment-metadata">'
                f'<a href="#comment-{n}"><time>May 3, 2011 at 5:00 pm</time></a></div></footer>'
                f'<div class="comment-content">{body}</div>'
                '<div class="reply"><a>Reply</a></div></article>'
            )
        else:
            inside = (
                f'<div id="div-comment-{n}" class="comment-body"><div class="comment-author vcard">'
                f'<cite class="fn">{e(node.author)}</cite> <span class="says">says:</span></div>'
                f'<div class="comment-meta commentmetadata"><a href="#comment-{n}">'
                f'May 3, 2011 at 5:00 pm</a></div>{body}<div class="reply">Reply</div></div>'
            )
        return f'<li class="comment depth-{depth}" id="comment-{n}">{inside}{children}</li>'

    paragraphs = "".join(f"<p>{e(p)}</p>" for p in article)
    return (
        f'<html><head><title>T</title></head><body><nav><a href="/">Home</a></nav>'
        f'<div class="post"><div class="entry-content">{paragraphs}</div></div>'
        f'<div id="comments"><h3>{count} Responses to “T”</h3>'
        f'<ol class="commentlist">{show(tree, 1)}</ol></div>'
        '<div id="respond"><h3>Leave a Reply</h3></div></body></html>'
    )


@settings(max_examples=50, deadline=None)
@given(article=articles, tree=trees, modern=st.booleans())
def test_wordpress(
    article: list[str],
    tree: list[Node],
    modern: bool,
    outline: Callable[[Page], Outline],
    assert_partition: Check,
) -> None:
    page = parse(as_wordpress(article, tree, modern), format="html", slug="p", origin="t")
    assert squeezed(outline(page)) == squeezed(expected(tree))
    assert [page.text(p.id) for p in page.paragraphs] == article
    assert page.claimed_comments == len(page.comments)
    assert {c.posted for c in page.comments} == {"May 3, 2011 at 5:00 pm"}
    assert_partition(page)


def as_microdata(tree: list[Node]) -> str:
    e = html_escape.escape
    return "".join(
        '<div itemprop="comment" itemscope itemtype="https://schema.org/Comment">'
        '<span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        f'<span itemprop="name">{e(node.author)}</span></span>'
        f'<div itemprop="text">{"".join(f"<p>{e(p)}</p>" for p in node.paragraphs)}</div>'
        f"{as_microdata(node.replies)}</div>"
        for node in tree
    )


@settings(max_examples=40, deadline=None)
@given(tree=trees)
def test_microdata(tree: list[Node], outline: Callable[[Page], Outline]) -> None:
    markup = f"<article><h1>T</h1><p>Body.</p>{as_microdata(tree)}</article>"
    page = parse(markup, format="html", slug="p", origin="t")
    assert squeezed(outline(page)) == squeezed(expected(tree))


def as_json_ld(tree: list[Node]) -> list[dict[str, object]]:
    return [
        {
            "@type": "Comment",
            "author": {"@type": "Person", "name": node.author},
            "text": "\n\n".join(node.paragraphs),
            "comment": as_json_ld(node.replies),
        }
        for node in tree
    ]


@settings(max_examples=40, deadline=None)
@given(tree=trees)
def test_json_ld(tree: list[Node], outline: Callable[[Page], Outline]) -> None:
    data = {"@type": "BlogPosting", "commentCount": 7, "comment": as_json_ld(tree)}
    script = json.dumps(data).replace("<", "\\u003c")
    markup = f'<p>Body.</p><script type="application/ld+json">{script}</script>'
    page = parse(markup, format="html", slug="p", origin="t")
    assert squeezed(outline(page)) == squeezed(expected(tree))
    assert page.claimed_comments == 7


def as_markdown(tree: list[Node], indent: int = 0) -> str:
    pad = " " * indent
    out = ""
    for node in tree:
        first, *rest = [p.replace("\n", f"\n{pad}  ") for p in node.paragraphs] or [""]
        out += f"{pad}- **{node.author}** (3 May 2011): {first}".rstrip() + "\n\n"
        out += "".join(f"{pad}  {p}\n\n" for p in rest)
        out += as_markdown(node.replies, indent + 2)
    return out


@settings(max_examples=50, deadline=None)
@given(article=articles, tree=trees)
def test_markdown(article: list[str], tree: list[Node], outline: Callable[[Page], Outline]) -> None:
    body = "\n\n".join(article)
    text = f"# T\n\n{body}\n\n## Comments\n\n{as_markdown(tree)}\n## Leave a Reply\n\nForm\n"
    page = parse(text, format="markdown", slug="p", origin="t")
    assert squeezed(outline(page)) == squeezed(expected(tree))
    assert [page.text(p.id) for p in page.paragraphs] == ["T", *article]


@settings(max_examples=50, deadline=None)
@given(article=articles, tree=trees, shuffle=st.randoms(use_true_random=False))
def test_convokit(
    article: list[str],
    tree: list[Node],
    shuffle: object,
    outline: Callable[[Page], Outline],
) -> None:
    records: list[dict[str, object]] = [
        {"id": "root", "speaker": "op", "reply_to": None, "text": "\n\n".join(article)}
    ]

    def add(level: list[Node], parent: str) -> None:
        for i, node in enumerate(level):
            own = f"{parent}-{i}"
            text = "\n\n".join(node.paragraphs)
            records.append({"id": own, "speaker": node.author, "reply_to": parent, "text": text})
            add(node.replies, own)

    add(tree, "root")
    for record in records:
        record |= {"conversation_id": "root", "timestamp": 1304442000, "meta": {}}
    lines = "\n".join(json.dumps(r) for r in records)
    page = parse(lines, slug="p", origin="t")
    assert squeezed(outline(page)) == squeezed(expected(tree))
    assert [page.text(p.id) for p in page.paragraphs] == article


def as_algolia(level: list[Node]) -> list[dict[str, object]]:
    return [
        {
            "id": id(node) % 10_000_000,
            "type": "comment",
            "author": node.author,
            "text": "<p>".join(html_escape.escape(p) for p in node.paragraphs),
            "created_at_i": 1304442000,
            "children": as_algolia(node.replies),
        }
        for node in level
    ]


@settings(max_examples=40, deadline=None)
@given(tree=trees)
def test_hacker_news_nested(tree: list[Node], outline: Callable[[Page], Outline]) -> None:
    story = {"id": 1, "type": "story", "title": "T", "children": as_algolia(tree)}
    page = parse(json.dumps(story), slug="p", origin="t")
    assert squeezed(outline(page)) == squeezed(expected(tree))
    assert page.title == "T"


@settings(max_examples=40, deadline=None)
@given(tree=trees, as_lines=st.booleans())
def test_hacker_news_listed(
    tree: list[Node], as_lines: bool, outline: Callable[[Page], Outline]
) -> None:
    story: dict[str, object] = {
        "id": 1,
        "type": "story",
        "title": "T",
        "by": "op",
        "descendants": 99,
    }
    items = [story]

    def add(level: list[Node], parent: dict[str, object]) -> None:
        kids = []
        for node in level:
            text = "<p>".join(html_escape.escape(p) for p in node.paragraphs)
            item: dict[str, object] = {
                "id": len(items) + 1,
                "type": "comment",
                "by": node.author,
                "parent": parent["id"],
                "text": text,
                "time": 1304442000,
            }
            items.append(item)
            kids.append(item["id"])
            add(node.replies, item)
        parent["kids"] = kids

    add(tree, story)
    text = "\n".join(map(json.dumps, items)) if as_lines else json.dumps(items)
    page = parse(text, slug="p", origin="t")
    assert squeezed(outline(page)) == squeezed(expected(tree))
    assert page.claimed_comments == 99
