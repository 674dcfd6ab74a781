"""Transcripts: numbered sources, escaped texts, and answers that read back unchanged."""

from __future__ import annotations

import dataclasses
import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.answers import Answer, Citation, RejectedCitation, Statement
from askbot.conversation.export import export, to_html, to_json, to_markdown
from askbot.conversation.sessions import Session
from askbot.conversation.transcript import read_transcript
from askbot.conversation.turns import Turn, numbered_sources
from askbot.errors import SessionError

from .conftest import make_turn


def session_of(*turns: Turn, title: str = "What does the roof cost?") -> Session:
    stamp = "2026-11-24T06:18:24.123+00:00"
    return Session("261124-061824", "mill", title, stamp, stamp, turns, (stamp,) * len(turns))


@pytest.fixture
def session(mill) -> Session:
    first = make_turn(mill, "What does the roof cost?", "310,000 euros", ("p2",))
    second = make_turn(
        mill,
        "and who replied to bookworm?",
        "flourpower",
        ("c1.1",),
        thread=True,
        searched_for="who replied to bookworm in the thread?",
    )
    return session_of(first, second)


HOSTILE = (
    '<script>alert(1)</script> --> ]]> <!-- askbot-answers 1\n{} --> & "quotes" *bold* '
    "[x](y) `code` # | \\"
)


def hostile_session() -> Session:
    citation = Citation("c1", "mill", "comment", HOSTILE, HOSTILE, 0, len(HOSTILE), "ab" * 32)
    answer = Answer(HOSTILE, HOSTILE, f"{HOSTILE} [c1]", False, (citation,), notes=(HOSTILE,))
    return session_of(Turn(HOSTILE, answer), title=HOSTILE)


@pytest.mark.parametrize("form", ["markdown", "json", "html"])
def test_every_form_reads_back_the_same_answers(session, form):
    assert read_transcript(export(session, form)) == [t.answer for t in session.turns]


@pytest.mark.parametrize("form", ["markdown", "json", "html"])
def test_hostile_texts_read_back_too(form):
    session = hostile_session()
    assert read_transcript(export(session, form)) == [t.answer for t in session.turns]


@pytest.mark.parametrize("form", ["markdown", "json", "html"])
def test_an_empty_session_exports(form):
    assert read_transcript(export(session_of(), form)) == []


def test_markdown_shows_numbers_places_and_quotes(session):
    text = to_markdown(session)
    shown = text.partition("<!--")[0]
    assert "310,000 euros" in shown
    assert "\\[1\\]" in shown
    assert "[p2]" not in shown
    assert "1. ¶2" in shown
    assert "1. \\#1.1 flourpower" in shown
    assert "> " in shown
    assert "Searched for: who replied to bookworm in the thread?" in shown


def test_markdown_cannot_be_broken_out_of():
    shown = to_markdown(hostile_session()).rpartition("<!-- askbot-answers 1\n")[0]
    assert "<" not in shown
    assert "[x](y)" not in shown
    for line in shown.splitlines():
        assert line.count("`") == line.count("\\`")


class Outline(HTMLParser):
    """Collects tags, attributes, comments and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.comments: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_data(self, data):
        self.texts.append(data)


def test_html_stands_alone_and_escapes_everything():
    outline = Outline(to_html(hostile_session()))
    names = {tag for tag, _ in outline.tags}
    assert names.isdisjoint({"script", "img", "iframe", "link", "object", "form", "base"})
    for _, attributes in outline.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert not str(attributes.get("href") or "#").startswith(("http", "javascript"))
    assert len(outline.comments) == 1  # the answers; nothing that was quoted opened another
    assert "<script>alert(1)</script>" in "".join(outline.texts)


def test_html_links_each_number_to_its_source(session):
    outline = Outline(to_html(session))
    ids = [a["id"] for _, a in outline.tags if "id" in a]
    targets = [str(a["href"])[1:] for tag, a in outline.tags if tag == "a"]
    assert targets == ["turn-1-source-1", "turn-2-source-1"]
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))


def test_json_carries_the_whole_answers(session):
    record = json.loads(to_json(session))
    assert record["id"] == session.id
    assert [t["question"] for t in record["turns"]] == [t.question for t in session.turns]
    saved = json.loads(json.dumps(session.turns[0].answer.to_json()))
    assert record["turns"][0]["answer"] == saved


def test_sources_are_numbered_by_first_marker_then_by_order(mill):
    def cite(passage_id: str) -> Citation:
        return make_turn(mill, "q", "", (passage_id,)).answer.citations[0]

    answer = Answer(
        "q",
        "q",
        "One [c1]. Two [p2, c1]. [p99] is unknown.",
        False,
        (cite("p2"), cite("c2"), cite("c1"), cite("p2")),
    )
    sources = numbered_sources(answer)
    assert [(s.number, s.id, len(s.citations)) for s in sources] == [
        (1, "c1", 1),
        (2, "p2", 2),
        (3, "c2", 1),
    ]


def test_other_saved_forms_are_read(session):
    answers = [t.answer for t in session.turns]
    lines = [json.dumps(a.to_json()) for a in answers]
    assert read_transcript(lines[0]) == answers[:1]
    assert read_transcript("\n".join(lines) + "\n\n") == answers
    assert read_transcript("\ufeff[" + ",".join(lines) + "]") == answers
    run = [
        json.dumps({"id": "q1", "turn": n, "answer": a.to_json()}) for n, a in enumerate(answers)
    ]
    assert read_transcript("\n".join(run)) == answers
    flat = [json.dumps({"id": "q1", "turn": n, **a.to_json()}) for n, a in enumerate(answers)]
    assert read_transcript("\n".join(flat)) == answers


@pytest.mark.parametrize(
    "text", ["", "hello", "{}", "[1]", '{"turns": [3]}', "# Title\n\ntext", '{"question": 1}']
)
def test_what_is_no_transcript_is_refused_in_one_line(text):
    with pytest.raises(SessionError, match="askbot ask --json") as caught:
        read_transcript(text)
    assert "\n" not in str(caught.value)


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
citations = st.builds(
    Citation,
    st.sampled_from(["p1", "c2", "c2.1", "mill:c3"]),
    st.just("mill"),
    st.just("comment"),
    st.none() | texts,
    texts,
    st.integers(0, 9),
    st.integers(9, 99),
    st.just("0" * 64),
)
answers = st.builds(
    Answer,
    texts,
    texts,
    texts | st.just("Some [p1] and [c2]. --> [c2.1]"),
    st.booleans(),
    st.lists(citations, max_size=3).map(tuple),
    st.lists(st.builds(RejectedCitation, texts, texts, texts), max_size=2).map(tuple),
    short_answer=st.none() | texts,
    notes=st.lists(texts, max_size=2).map(tuple),
    statements=st.lists(
        st.builds(Statement, texts, st.just("supported"), st.just(("p1",))), max_size=2
    ).map(tuple),
)


@given(st.lists(answers, max_size=3), texts, st.sampled_from(["markdown", "json", "html"]))
def test_any_session_reads_back(made, question, form):
    session = session_of(*(Turn(question, a) for a in made), title=question)
    assert read_transcript(export(session, form)) == made


@given(answers)
def test_html_has_only_our_own_tags(answer):
    allowed = {
        "html", "head", "meta", "title", "style", "body", "h1", "p", "section", "h2", "ol", "li",
        "blockquote", "a",
    }  # fmt: skip
    page = to_html(session_of(Turn(answer.question, answer)))
    assert {tag for tag, _ in Outline(page).tags} <= allowed


def test_a_changed_quote_does_not_read_back_as_the_same(session):
    text = to_markdown(session).replace("310,000 euros", "31,000 euros")
    assert read_transcript(text)[0] != session.turns[0].answer
    assert dataclasses.replace(session.turns[0].answer) == session.turns[0].answer
