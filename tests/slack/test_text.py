"""Escaping, splitting and reading what people typed; answers under Slack's limits. Pure."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from slack_standin import wrong_with

from askbot.answers import Answer, Citation
from askbot.discussion import Page
from askbot.markers import scan
from askbot.slack.blocks import TEXT_LIMIT, answer_messages
from askbot.slack.incoming import Rules, from_event
from askbot.slack.mrkdwn import escape, markdown, read, shown_text, split, unescape, verbatim
from askbot.slack.pages import address_key
from askbot.slack.threads import ThreadMessage, permalink, thread_page
from askbot.slack.views import more_message, thread_message

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\u2060"),
    max_size=400,
)


@given(WORDS)
def test_escaped_text_mentions_nobody_and_says_the_same(text: str) -> None:
    assert "<" not in escape(text)
    assert ">" not in escape(text)
    for how in (escape, verbatim):
        for sign in ("<!", "<@", "<#"):
            assert sign not in how(text)
    assert shown_text(verbatim(unescape(escape(text)))) == shown_text(verbatim(text))
    assert unescape(escape(text)) == unescape(escape(unescape(escape(text))))


@given(WORDS, st.integers(0, 400))
def test_streamed_pieces_join(text: str, cut: int) -> None:
    assert markdown(text[:cut]) + markdown(text[cut:]) == markdown(text)


@given(st.text("ab. \n\x00", max_size=900), st.integers(8, 60))
def test_pieces_join_and_fit(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert "".join(pieces) == text
    assert all(len(p) <= limit for p in pieces)
    assert all(pieces) or pieces == [""]


def test_what_a_person_typed() -> None:
    raw = (
        "<@UBOT> hey <@U2|ann>, see <https://a.org/x|the page> &amp; <#C1|general> "
        "<!subteam^S1|@desk> <!here>?"
    )
    typed = read(raw, "UBOT", drop_links=["https://a.org/x"])
    assert typed.text == "hey @ann, see & #general @desk @here?"
    assert typed.to_bot
    assert typed.mentions == ("U2",)
    assert typed.links == ("https://a.org/x",)
    assert address_key("https://WWW.A.org/x/#top") == address_key("http://a.org/x")
    assert address_key("file:///etc/passwd") == address_key("notes.txt") == ""


def _answer(page: Page, sentences: int, filler: str) -> Answer:
    """A long answer that cites every passage of the page over and over, with hostile words."""
    parts = [p for p in page.parts() if p.extents]
    citations, text = [], []
    for number in range(sentences):
        part = parts[number % len(parts)]
        extent = part.extents[0]
        quote = page.source[extent.start : extent.end]
        citations.append(
            Citation(part.id, page.slug, "comment" if part.id[0] == "c" else "paragraph",
                     part.author, quote, extent.start, extent.end, page.sha256)
        )  # fmt: skip
        text.append(f"{filler} {number}. [{part.id}]")
    ids = tuple(p.id for p in parts)
    return Answer("q?", "q?", " ".join(text), False, tuple(citations), evidence=ids)


@given(
    st.integers(1, 120),
    st.sampled_from(["Words", "<!channel> *all* `x`", "長い文 " * 9, "a" * 200]),
)
def test_answers_of_any_length_fit_and_lose_nothing(
    town: Page, sentences: int, filler: str
) -> None:
    answer = _answer(town, sentences, filler)
    messages = answer_messages(answer, lambda _: town, "j" * 36)
    assert "".join(unescape(m.text) for m in messages) == answer.answer
    assert len(messages) == 1 or len(answer.answer) > TEXT_LIMIT
    cited = 0
    for message in (*messages, more_message(answer, lambda _: town)):
        body: dict[str, Any] = {"text": message.text, "blocks": list(message.blocks)}
        assert wrong_with(body) == ""
        assert "<!" not in json.dumps(body)
    for message in messages:
        cited += sum(len(m.ids) for m in scan(unescape(message.text)))
    assert cited == sentences, "a marker was cut in two"


def test_a_slack_thread_is_a_page_with_links(town: Page) -> None:
    url = "https://team.slack.com/"
    assert permalink(url, "C1", "17.0001", "17.0001") == f"{url}archives/C1/p170001"
    lines = ["First <!channel>\n\nsecond part", "Reply one", ""]
    messages = [
        ThreadMessage(f"P{n}", words, f"170000000{n}.000100", f"https://team.slack.com/{n}")
        for n, words in enumerate(lines)
    ]
    page = thread_page(messages, "C1", "1700000000.000100")
    assert [c.id for c in page.comments] == ["c1", "c1.1", "c1.2"]
    assert [c.author for c in page.comments] == ["P0", "P1", "P2"]
    assert page.text("c1") == "First <!channel>\n\nsecond part"
    assert page.comment("c1.2").is_empty
    assert page.comment("c1.1").url == "https://team.slack.com/1"
    assert page.slug == "slack-thread-c1-1700000000-000100"
    shown = thread_message(page, "c1.1")
    assert "https://team.slack.com/1" in json.dumps(shown.blocks)
    assert "<!" not in json.dumps(shown.blocks)


RULES = Rules("UBOT", "BBOT", frozenset({"T1"}), frozenset({"C1"}))


def _event(**event: Any) -> dict[str, Any]:
    inner = {"type": "message", "user": "U1", "ts": "1.1", "text": "<@UBOT> q?", "channel": "C1"}
    return {"team_id": "T1", "event_id": "E1", "event": inner | event}


def test_teams_and_channels_can_be_limited() -> None:
    assert from_event(_event(), RULES) is not None
    assert from_event(_event(channel="C2"), RULES) is None
    assert from_event(_event(channel="D2"), RULES) is not None
    assert from_event(_event() | {"team_id": "T2"}, RULES) is None
    assert from_event(_event(text="q?", thread_ts="1.0"), RULES) is not None
    silent = Rules("UBOT", followups=False)
    assert from_event(_event(text="q?", thread_ts="1.0"), silent) is None
    assert from_event(_event(thread_ts="1.0"), silent) is not None
