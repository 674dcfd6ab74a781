"""report.html and the comparison's page: what they say, that they stand alone, that they escape."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tracemalloc
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from report_runs import PLAIN, Board, Made, hostile_questions, made_run, scored
from selectolax.lexbor import LexborHTMLParser

from askbot.errors import QuestionSetError, StoreError
from askbot.evaluation import QuestionSet, compare, parse_questions
from askbot.evaluation.pages.comparison_page import write_comparison
from askbot.evaluation.pages.webpage import write_report
from askbot.evaluation.scores.flips import flips_of
from askbot.showing import neutral

VOID = {"meta", "link", "input", "br"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("web") / "run"
    made = made_run(folder, Board(), hostile_questions(), candidates=8, reader=False)
    write_report(folder, made.report, made.run, made.questions)
    return made


@pytest.fixture(scope="module")
def better(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A run that knows one notice more and another less."""
    folder = tmp_path_factory.mktemp("web") / "better"
    return made_run(folder, Board(("p3", "p2", "p4")), hostile_questions(), reader=True)


@pytest.fixture(scope="module")
def compared(made: Made, better: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web") / "comparison.html"
    comparison = compare(made.run, better.run, count=50)
    flips = flips_of(comparison, made.run, better.run)
    write_comparison(path, comparison, made.run, better.run, flips)
    return path


def page_of(made: Made) -> str:
    return (made.folder / "report.html").read_text("utf-8")


def data_of(html: str) -> list[dict[str, Any]]:
    (script,) = LexborHTMLParser(html).css("script#data")
    rows: list[dict[str, Any]] = json.loads(script.text())
    return rows


class Balance(HTMLParser):
    """Fails where an element is closed that is not the one open, or stays open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert name != "style", "the policy lets no style attribute through"
            assert not name.startswith("on")
            if name == "id":
                self.ids.append(value or "")
            if name in ("src", "href", "data", "action", "srcset", "poster", "xlink:href"):
                self.links.append((tag, value or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()


@pytest.fixture(params=["report", "comparison"])
def html(request: pytest.FixtureRequest, made: Made, compared: Path) -> str:
    return page_of(made) if request.param == "report" else compared.read_text("utf-8")


def test_pages_are_well_formed_and_stand_alone(html: str) -> None:
    parsed = Balance()
    parsed.feed(html)
    parsed.close()
    assert parsed.open == []
    assert len(set(parsed.ids)) == len(parsed.ids)
    assert all(link.startswith(("#", "data:,")) for _, link in parsed.links)
    targets = {link[1:] for tag, link in parsed.links if tag == "a" and "=" not in link}
    assert targets <= set(parsed.ids)
    (style,) = LexborHTMLParser(html).css("style")
    assert not re.search(r"url\(|@import|expression", style.text())


def test_the_policy_lets_only_the_pages_own_script_and_style_run(html: str) -> None:
    tree = LexborHTMLParser(html)
    policy = tree.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"]
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    scripts = [s.text() for s in tree.css("script") if s.attributes.get("type") is None]
    assert rules["script-src"] == (digest(scripts[0]) if scripts else "'none'")
    assert len(scripts) <= 1
    assert rules["style-src"] == digest(tree.css_first("style").text())


def digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def test_texts_are_escaped_and_neutral(html: str) -> None:
    tree = LexborHTMLParser(html)
    assert not tree.css("img")
    assert "\x00" not in html
    assert "\u2028" not in html
    assert "\u202e" not in html
    assert "window.broken" in html
    for script in tree.css("script"):
        assert "window.broken = 1</" not in script.text()
    for data in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.S):
        assert not re.search("[<>&]", data)


def test_figures_are_said_without_scripts(made: Made) -> None:
    tree = LexborHTMLParser(page_of(made))
    rows = {
        row.css_first("code").text(): row.text(deep=True)
        for row in tree.css("table.figures tr")
        if row.css_first("code")
    }
    assert set(rows) == {figure.metric for figure in made.report.figures}
    for figure in made.report.figures:
        if not figure.timed:
            assert f"{figure.value:.3f}" in rows[figure.metric]
            assert f"{figure.low:.3f} – {figure.high:.3f}" in rows[figure.metric]
    assert len(tree.css("svg.plot")) == 3
    assert "candidates 8" in tree.css_first("dl.facts").text()
    tags = [th.text() for th in tree.css("table.tags tbody th")]
    assert set(tags) == {neutral(t.tag) for t in made.report.by_tag}


def test_failing_questions_are_there_without_scripts(made: Made) -> None:
    html = page_of(made)
    inside = LexborHTMLParser(html.split("<noscript>")[1].split("</noscript>")[0])
    failing = {n: item for n, item in enumerate(made.report.items) if item.cause is not None}
    assert failing
    cards = inside.css("article")
    assert {card.attributes["id"] for card in cards} == {f"q-{n}" for n in failing}
    for card in cards:
        item = failing[int(str(card.attributes["id"])[2:])]
        assert card.css_first("h3").text() == neutral(item.question)
        assert card.css_first(".badge").text() == item.cause
        assert card.css_first(".pair").text().count("Expected") == 1
    listed = LexborHTMLParser(html).css("#errors .cause")
    assert [c.css_first("strong").text() for c in listed] == sorted(
        made.report.causes, key=lambda cause: -made.report.causes[cause]
    )


def test_every_question_is_in_the_data_with_what_was_expected_and_given(made: Made) -> None:
    rows = sorted(data_of(page_of(made)), key=lambda row: row["n"])
    assert [row["n"] for row in rows] == list(range(len(made.report.items)))
    answers = {(p.id, p.turn): p.answer for p in made.run.predictions()}
    for row, item, (_, ask) in zip(rows, made.report.items, made.questions, strict=True):
        answer = answers[item.id, item.turn]
        assert row["question"] == neutral(ask.question)
        assert row.get("cause") == item.cause
        assert row.get("any", []) == [neutral(text) for text in ask.answers]
        assert row.get("declinable", False) != ask.answerable
        assert row["given"] == neutral(answer.answer)
        assert row["confidence"] == round(answer.confidence, 3)
        assert [i for i, _ in row["found"]] == list(answer.evidence)
        assert [i for i, gold in row["found"] if gold] == [
            i for i in answer.evidence if i in ask.evidence
        ]
        assert row["rejected"][0][2] == "not in the evidence"
        assert row["ms"] == item.latency_ms
    assert sum(row["id"] == "d1" for row in rows) == 2


def test_answers_may_be_in_any_order_and_others_are_left_aside(made: Made, tmp_path: Path) -> None:
    lines = (made.folder / "predictions.jsonl").read_text("utf-8").split("\n")[:-1]
    (tmp_path / "predictions.jsonl").write_text("\n".join(reversed(lines)), "utf-8")
    plain = made.questions.select(["plain"])
    part = scored(tmp_path, plain)
    write_report(tmp_path, part.report, part.run, plain)
    rows = data_of(page_of(part))
    assert [row["n"] for row in rows] == list(range(PLAIN))[::-1]
    assert [row["id"] for row in rows] == [f"q{n}" for n in range(PLAIN)][::-1]


def test_a_run_with_nothing_to_show(tmp_path: Path) -> None:
    questions = parse_questions('{"id": "a", "question": "Who?", "answerable": false}')
    line = {"id": "a", "answer": {"question": "Who?", "answer": "No.", "abstained": True}}
    (tmp_path / "predictions.jsonl").write_text(json.dumps(line), "utf-8")
    one = scored(tmp_path, questions)
    write_report(tmp_path, one.report, one.run, questions)
    tree = LexborHTMLParser(page_of(one))
    assert "every question was handled right" in tree.css_first("#errors").text()
    assert not tree.css("table.tags")
    assert len(tree.css("svg.plot")) == 2
    assert data_of(page_of(one))[0]["id"] == "a"


def test_a_page_is_written_whole_or_not_at_all(made: Made, tmp_path: Path) -> None:
    old = scored(copied(made, tmp_path), made.questions)
    (tmp_path / "report.html").write_text("the one before", "utf-8")
    with (tmp_path / "predictions.jsonl").open("a", encoding="utf-8") as file:
        file.write("damaged\n")
    with pytest.raises(QuestionSetError, match="not a saved answer"):
        write_report(tmp_path, old.report, old.run, made.questions)
    assert page_of(old) == "the one before"
    assert not list(tmp_path.glob("*.part"))
    with pytest.raises(StoreError, match="cannot write the run"):
        write_report(tmp_path / "none", made.report, made.run, made.questions)


def copied(made: Made, folder: Path) -> Path:
    for name in ("predictions.jsonl", "run.json"):
        (folder / name).write_bytes((made.folder / name).read_bytes())
    return folder


def test_memory_does_not_grow_with_the_questions(tmp_path: Path) -> None:
    def peak(count: int) -> tuple[int, int]:
        folder = tmp_path / str(count)
        line = {"answers": ["4 euros"], "evidence": ["p4"], "question": "What is pool ticket 1?"}
        lines = (json.dumps({"id": f"q{n}", **line}) for n in range(count))
        questions = parse_questions("\n".join(lines))
        run = made_run(folder, Board(("p3", "p2")), questions)
        write_report(folder, run.report, run.run, questions)
        most = min(traced(folder, run, questions) for _ in range(2))
        return most, (folder / "report.html").stat().st_size

    def traced(folder: Path, run: Made, questions: QuestionSet) -> int:
        """The lesser of two counts: what other threads take meanwhile is counted too."""
        tracemalloc.start()
        write_report(folder, run.report, run.run, questions)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    (few, small), (many, large) = peak(100), peak(1200)
    assert large - small > 1_000_000
    assert many - few < (large - small) / 2


# ------------------------------------------------------------------ two runs


def test_flips_name_both_answers(made: Made, better: Made, compared: Path) -> None:
    comparison = compare(made.run, better.run, count=50)
    flips = flips_of(comparison, made.run, better.run)
    ways = [flip.turned for flip in flips]
    assert set(ways) == {"right", "wrong"}
    assert ways == sorted(ways, reverse=True)  # those that turned wrong first
    tree = LexborHTMLParser(compared.read_text("utf-8"))
    for way in ("wrong", "right"):
        cards = tree.css(f"#{way} article")
        expected = [flip for flip in flips if flip.turned == way]
        assert [card.css_first("h3").text() for card in cards] == [
            neutral(flip.question) for flip in expected
        ]
        for card, flip in zip(cards, expected, strict=True):
            given = [text.text() for text in card.css(".text")]
            assert given == [neutral(flip.before.answer), neutral(flip.after.answer)]
    counted = re.findall(r"\d+", tree.css_first("h1").text())
    assert counted == [str(ways.count("right")), str(ways.count("wrong"))]
    differing = tree.css_first("dl.facts").text()
    assert "off → on" in differing
    rows = tree.css("table.differences tbody tr")
    assert [row.css_first("code").text() for row in rows] == [
        d.metric for d in comparison.differences
    ]
    assert all(len(row.css("svg circle")) == 1 for row in rows)


def test_a_comparison_that_cannot_be_written(made: Made, tmp_path: Path) -> None:
    same = compare(made.run, made.run, count=20)
    assert flips_of(same, made.run, made.run) == []
    with pytest.raises(StoreError, match="cannot be written"):
        write_comparison(tmp_path / "no" / "x.html", same, made.run, made.run, [])
    write_comparison(tmp_path / "x.html", same, made.run, made.run, [])
    text = (tmp_path / "x.html").read_text("utf-8")
    assert "0 questions turned right, 0 turned wrong" in text
    assert "made of the same code, settings and pages" in text
