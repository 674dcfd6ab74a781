"""report.md, as a renderer of Markdown reads it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from report_runs import HOSTILE, LONG, Board, Made, hostile_questions, made_run
from selectolax.lexbor import LexborHTMLParser

from askbot.errors import StoreError
from askbot.evaluation import Prediction, parse_questions, score_run
from askbot.evaluation.pages.markdown import SHOWN, escaped, markdown, save_markdown
from askbot.showing import one_line, shortened


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("markdown") / "run"
    return made_run(folder, Board(), hostile_questions(), candidates=8, reader=True)


def rendered(text: str) -> LexborHTMLParser:
    """HTML as GitHub would make it, raw HTML let through."""
    return LexborHTMLParser(MarkdownIt("commonmark").enable("table").render(text))


def cells(html: LexborHTMLParser) -> list[list[str]]:
    return [[cell.text() for cell in row.css("td, th")] for row in html.css("tr")]


def test_what_was_run_is_said(made: Made) -> None:
    said = dict(row for row in cells(rendered(written(made))) if len(row) == 2)
    assert said["askbot"] == "9.9, code cccccccc"
    assert said["settings"].startswith("candidates 8, reader on, hash ")
    assert said["pages"].startswith("town dddddddd, index ")
    assert said["question set"] == f"hash {made.questions.sha256[:8]}"
    assert "by 1 worker" in said["asked"]


def test_every_figure_stands_with_its_interval_and_meaning(made: Made) -> None:
    rows = {row[0]: row[1:] for row in cells(rendered(written(made)))}
    assert made.report.figures
    for figure in made.report.figures:
        value, interval, n, what = rows[figure.metric]
        assert value.split()[0] == (
            f"{figure.value:.1f}" if figure.timed and figure.value < 100 else f"{figure.value:.3f}"
        )
        assert interval.count("–") == 1
        assert n == str(figure.n)
        assert what
    assert rows["false_declines"][3].endswith("lower is better")


def test_texts_show_as_they_were_written_and_break_nothing(made: Made) -> None:
    html = rendered(written(made))
    assert not html.css("script, img, b, em, a")
    widths = [{len(row) for row in cells_of_table(table)} for table in html.css("table")]
    assert widths == [{2}, {5}, {7}, {3}]
    items = [item.text() for item in html.css("li")]
    for text in HOSTILE[:3]:
        assert any(one_line(f"When is the bridge shut? {text}")[:60] in item for item in items)
    tags = [row[0] for row in cells(html)]
    assert all(one_line(text) in tags for text in HOSTILE)
    assert LONG[:150] in written(made)


def test_failures_stand_under_their_cause_and_the_rest_is_counted(made: Made) -> None:
    text = written(made)
    heads = [h.text() for h in rendered(text).css("h3")]
    counts = made.report.causes
    assert set(heads) == set(counts)
    assert [counts[h] for h in heads] == sorted(counts.values(), reverse=True)
    questions = parse_questions(
        "\n".join(
            json.dumps({"id": f"q{n}", "question": "Why is the pool shut?", "answerable": False})
            for n in range(SHOWN + 3)
        )
    )
    many = made_run(made.folder.parent / "many", Board(), questions)
    said = markdown(many.report, {}, questions)
    assert said.count("expected: to be declined") == SHOWN
    assert "… and 3 more in `report.html`" in said


def test_a_run_without_faults_times_or_record() -> None:
    questions = parse_questions('{"id": "a", "question": "Who?", "answerable": false}')
    answer = replace(Board().ask("Who?"), timings_ms={})
    said = markdown(score_run(questions, [Prediction("a", 1, answer)], count=20), {}, questions)
    assert "Nothing." in said
    assert "latency" not in said
    assert "## By tag" not in said
    assert said.endswith("|\n")


def test_it_is_saved_whole_or_not_at_all(made: Made, tmp_path: Path) -> None:
    save_markdown(made.folder, made.report, made.run.record, made.questions)
    assert (made.folder / "report.md").read_text("utf-8") == written(made)
    with pytest.raises(StoreError, match="cannot write the run"):
        save_markdown(tmp_path / "none", made.report, {}, made.questions)


@pytest.mark.parametrize("text", [*HOSTILE, "1. x", "- x", "# x", "\\| x", "~~x~~", "![x](y)", " "])
def test_escaped_text_is_itself_again(text: str) -> None:
    html = rendered(f"| a | b |\n|---|---|\n| {escaped(text)} | c |")
    assert cells(html)[1] == [one_line(text), "c"]
    assert escaped("word " * 50, 20) == shortened("word " * 50, 20)


def cells_of_table(table: object) -> list[list[str]]:
    return [[cell.text() for cell in row.css("td, th")] for row in table.css("tr")]  # type: ignore[attr-defined]


def written(made: Made) -> str:
    return markdown(made.report, made.run.record, made.questions)
