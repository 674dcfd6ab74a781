"""The pure parts: the preview under any chunking, quotations, failures told, usage, prompts."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from askbot.answerers.drafting import draft
from askbot.answerers.failures import told
from askbot.answerers.prompts import prompt
from askbot.answerers.providers import open_chat, parse
from askbot.answerers.quotations import quotations
from askbot.answerers.streaming import Preview
from askbot.answerers.typography import folded, realigned
from askbot.answerers.usage import Meter, spent
from askbot.answerers.window import fit, tokens
from askbot.answers import Evidence
from askbot.discussion import Page
from askbot.markers import scan
from askbot.settings import Settings

PIECES = st.lists(
    st.sampled_from([
        "The bus runs", " 12 times", ".", " ", "[p4]", " [c1, c2]", "[p", "4]", "(see", " it)",
        "[p99]", "¶4", "#16.1", "【4†x】", "\n", "Yes!", " No?", "(2010)", "[[p4]]", "“a b”",
        "3 < 4",
    ]),
    max_size=14,
).map("".join)  # fmt: skip


def preview(text: str, cuts: list[int]) -> str:
    """What is shown of a text that comes in these pieces; ids on p4 and c1 hold."""
    shown = Preview(
        lambda s: tuple(i for m in scan(s) if not m.problem for i in m.ids if i in ("p4", "c1"))
    )
    places = sorted({0, len(text), *(c % (len(text) + 1) for c in cuts)})
    out = "".join(shown.feed(text[a:b]) for a, b in pairwise(places))
    return out + shown.finish()


@given(PIECES, st.lists(st.integers(0, 400), max_size=20))
@example("The bus. [p4] It runs [p99]. (2010) x", list(range(40)))
def test_the_preview_shows_every_word_and_no_id_that_does_not_hold(
    text: str, cuts: list[int]
) -> None:
    shown = preview(text, cuts)
    for marker in scan(shown):
        assert not marker.problem
        assert set(marker.ids) <= {"p4", "c1"}
    letters = [ch for ch in shown if ch.isalpha()]
    bare = text
    for marker in reversed(scan(text)):
        bare = bare[: marker.start] + bare[marker.end :]
    ids = sum(sum(ch.isalpha() for ch in "".join(m.ids)) for m in scan(shown))
    assert len(letters) == sum(ch.isalpha() for ch in bare) + ids


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said "a b" and “c”.', ["a b", "c"]),
        ("He said 'a b', it's x's.", ["a b"]),
        ("„a“ and «b» and »c«", ["a", "b", "c"]),
        ('He said "a b', ["a b"]),
        ("a b” he said", ["a b"]),
        ("don’t, the boats’ crew, Tim O’Dea", []),
        ("rock ’n’ roll", []),
    ],
)
def test_quotations(text: str, quoted: list[str]) -> None:
    assert [text[e.start : e.end].strip() for e in quotations(text)] == quoted


@given(st.text(max_size=60))
def test_folding_never_changes_letters_or_digits(text: str) -> None:
    same, places = folded(text)
    assert len(same) == len(places)
    assert [c for c in same if c.isalnum()] == [
        c for c in text if c.isalnum() and c in same
    ] or any(not c.isprintable() for c in text)


def test_a_quotation_is_found_under_typographic_variants(town: Page) -> None:
    item = Evidence("p3", town, "p3")
    for variant in (
        "“We cannot keep paying 40,000 pounds a year for nine people,” said Ruth Bell",
        '"We cannot keep paying 40,000 pounds a year for nine people," said Ruth Bell',
        "We cannot\u00a0keep paying\n40,000 pounds",
        "We cannot keep pay\u00ading",
        "nine people.",
    ):
        place = realigned(variant, item)
        assert place is not None, variant
        assert place[1] > place[0]
    for wrong in ("We cannot keep paying 40 000 pounds", "we Cannot keep", "annot keep", "", "…"):
        assert realigned(wrong, item) is None, wrong


@given(st.text(max_size=300))
def test_any_text_can_be_drafted(text: str) -> None:
    draft(text, [])


class Refused(Exception):
    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(text)
        self.status_code = status


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Refused(429), "busy"), (Refused(529), "server"), (Refused(401), "key"),
        (Refused(400, "API key not valid. Please pass a valid API key."), "key"),
        (Refused(400, "prompt is too long: 300000 tokens > 200000 maximum"), "too long"),
        (Refused(413), "too long"), (Refused(404), "unknown model"), (Refused(400), "request"),
        (TimeoutError(), "timeout"), (ConnectionRefusedError(), "connection"),
        (json.JSONDecodeError("x", "y", 0), "malformed"), (ValueError("?"), "malformed"),
    ],
)  # fmt: skip
def test_failures_are_told_apart(error: Exception, kind: str) -> None:
    failure = told(error, "openai:x", 5)
    assert failure.kind == kind
    assert "openai:x" in str(failure)
    assert str(error) not in str(failure) or not str(error)


def test_providers_are_parsed() -> None:
    assert parse("ollama:llama3.2:3b")[1] == "llama3.2:3b"
    assert parse(" Google:gemini-2.5-flash ")[0].langchain == "google_genai"
    assert parse("openai:org/model:free")[1] == "org/model:free"


def test_spending_is_told_in_a_line() -> None:
    assert "cost nothing" in spent([None, None])
    meter = Meter(1.0, 2.0)
    assert meter.total() is None
    meter.begin()
    assert "no token counts" in spent([meter.total()])
    usage = {"calls": 2.0, "input_tokens": 1500.0, "output_tokens": 20.0, "cost_usd": 0.0125}
    line = spent([usage, None, usage])
    assert line == "2 answers, 4 calls · 3,000 tokens in · 40 out · $0.0250"


def test_every_prompt_is_in_its_form() -> None:
    folder = Path(__file__).resolve().parents[2] / "prompts"
    for file in folder.glob("*.txt"):
        loaded = prompt(file.stem)
        assert loaded.version.startswith(f"{file.stem}.txt 1 ")
        assert len(loaded.version.split()[-1]) == 8
    text = (folder / "answer.txt").read_text(encoding="utf-8")
    assert "Right:  The bridge cost 4 million. [p7]" in text
    assert "Wrong:" in text
    assert prompt("answer", "decline").version != prompt("answer").version


def test_blanks_are_not_templates() -> None:
    (message,) = prompt("repair").messages(problems="{question} {0} {{x}}")
    assert "{question} {0} {{x}}" in str(message.content)


def test_fitting_leaves_no_room_unused_and_none_overdrawn(town: Page) -> None:
    from askbot.answerers.showing import Exchange, Shown, passages

    candidates = [Shown(Evidence(part.id, town, part.id)) for part in town.parts()]
    history = [Exchange("q " * 50, "a " * 50)] * 9
    for room in range(0, 900, 50):
        fitted = fit(candidates, history, room)
        spent_ = tokens(passages(fitted.shown)) if fitted.shown else 0
        spent_ += sum(tokens(t.question + t.plain_answer) for t in fitted.history)
        assert spent_ <= room
        assert len(fitted.shown) + fitted.left_out == len(candidates)


@pytest.mark.parametrize("model", ["openai:gpt-5-mini", "anthropic:claude-haiku-4-5", "google:g"])
def test_every_provider_can_be_set_up_with_a_key(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent; the package must accept our options, and its own retries must be off."""
    for key in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.setenv(key, "sk-secret-24680")
    pytest.importorskip(parse(model)[0].package)
    chat = open_chat(Settings(model=model, model_timeout=7.0))
    assert chat.name == model
    assert 8192 <= chat.window <= 32_000
    assert getattr(chat.model, "max_retries") in (0, 1)  # noqa: B009
    assert "sk-secret" not in repr(chat)
