"""report.md: what a run is worth, for a pull request or a terminal; report.html has the answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from askbot.evaluation.pages.wording import (
    TAG_METRICS,
    TAGS,
    Failures,
    amount,
    counted,
    expected,
    facts,
    failures,
    grouped,
    headline,
    interval,
    metric_of,
)
from askbot.evaluation.runs.folder import HTML, MARKDOWN, REPORT
from askbot.evaluation.runs.recording import replace_file, writing
from askbot.evaluation.scores.curves import reliability
from askbot.evaluation.scores.report import RESAMPLES, Figure, Report
from askbot.evaluation.sets.questions import Ask, QuestionSet
from askbot.showing import one_line, shortened

SHOWN = 10
"""Questions listed under a cause."""
LONG = 160
"""Characters of a question or of what is expected; it is a list to look over."""

_MARKS = re.compile(r"([\\`*_{}\[\]<>()#|~$&!])")


def markdown(report: Report, record: Mapping[str, Any], questions: QuestionSet) -> str:
    """The report in GitHub's Markdown; what people and pages wrote is shown as they wrote it.

    Args:
        record: what `run.json` holds; empty for a run that has none.
        questions: the set that the report is over, for what was expected.
    """
    asks = {(entry.id, ask.turn): ask for entry, ask in questions}
    parts = [
        [f"# Evaluation of {counted(len(report.items), 'question')}"],
        _summary(report),
        ["## What was run"],
        _table(("", ""), [(name, escaped(value)) for name, value in facts(record, report)]),
        ["## Figures"],
        [
            f"Intervals hold 95 % of {RESAMPLES:,} resamples of the questions; a dialogue is "
            "drawn as a whole."
        ],
        _figures(report),
        *_by_tag(report),
        ["## What went wrong"],
        *_errors(report, asks),
        *_calibration(report),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def save_markdown(
    folder: Path, report: Report, record: Mapping[str, Any], questions: QuestionSet
) -> None:
    """Write report.md into a run's folder, as a whole or not at all.

    Raises:
        StoreError: the folder cannot be written.
    """
    with writing(folder):
        replace_file(folder / MARKDOWN, markdown(report, record, questions))


def escaped(text: str, length: int | None = None) -> str:
    """Text in one line, of at most `length` characters, that Markdown shows as it is."""
    line = one_line(text) if length is None else shortened(text, length)
    return _MARKS.sub(r"\\\1", line)


def _summary(report: Report) -> list[str]:
    figure = report.figure("right")
    if figure is None:
        return []
    wrong = sum(report.causes.values())
    return [
        f"**{headline(figure.value)}** were handled right (95 % interval {headline(figure.low)} – "
        f"{headline(figure.high)}); {counted(wrong, 'question')} went wrong. Every question with "
        f"its answer is in `{HTML}`."
    ]


def _figures(report: Report) -> list[str]:
    rows: list[tuple[str, ...]] = []
    for name, figures in grouped(report.figures):
        rows.append((f"**{name}**", "", "", "", ""))
        rows += [_figure(figure) for figure in figures]
    return _table(("metric", "value", "95 % interval", "questions", "what it says"), rows, "lrrrl")


def _figure(figure: Figure) -> tuple[str, ...]:
    metric = metric_of(figure.metric)
    what = metric.what if metric.better == "higher" else f"{metric.what}; lower is better"
    value = amount(figure.value, metric.unit)
    return f"`{metric.name}`", value, interval(figure), f"{figure.n:,}", escaped(what)


def _by_tag(report: Report) -> list[list[str]]:
    if not report.by_tag:
        return []
    metrics = ("right", *TAG_METRICS)
    rows = [
        (
            escaped(tag),
            f"{count:,}",
            *("" if f is None else amount(f.value, metric_of(f.metric).unit) for f in figures),
        )
        for tag, count, figures in report.tag_rows(metrics)[:TAGS]
    ]
    header = ("tag", "asked", *(f"`{name}`" for name in metrics))
    more = len(report.by_tag) - TAGS
    rest = [f"{counted(more, 'more tag')} in `{REPORT}`."] if more > 0 else []
    return [["## By tag"], _table(header, rows, "l" + "r" * (len(header) - 1)), rest]


def _errors(report: Report, asks: Mapping[tuple[str, int], Ask]) -> list[list[str]]:
    groups = failures(report)
    if not groups:
        return [["Nothing."]]
    parts = []
    for group in groups:
        share = f"{counted(len(group.items), 'question')}: {escaped(group.meaning)}."
        parts += [[f"### {escaped(group.cause)}"], [share], _failing(group, asks)]
    return parts


def _failing(group: Failures, asks: Mapping[tuple[str, int], Ask]) -> list[str]:
    lines = []
    for _, item in group.items[:SHOWN]:
        name = item.id if item.turn == 1 else f"{item.id}, turn {item.turn}"
        ask = asks.get((item.id, item.turn))
        wanted = "" if ask is None else f" — expected: {escaped(expected(ask), LONG)}"
        lines.append(f"- **{escaped(name, LONG)}**: {escaped(item.question, LONG)}{wanted}")
    more = len(group.items) - SHOWN
    return [*lines, *([f"- … and {more:,} more in `{HTML}`"] if more > 0 else [])]


def _calibration(report: Report) -> list[list[str]]:
    points = reliability(report.items)
    if not points:
        return []
    rows = [(f"{c:.2f}", f"{share:.2f}", f"{n:,}") for c, share, n in points]
    says = (
        "Of the questions with about this confidence, how many can be answered from the page; "
        "the two are equal where the confidence is right."
    )
    header = ("confidence", "can be answered", "questions")
    return [["## Calibration"], [says], _table(header, rows, "rrr")]


def _table(header: Sequence[str], body: Iterable[Sequence[str]], align: str = "") -> list[str]:
    """Lines of a table; `align` has "l" or "r" for each column."""
    rules = ["---:" if side == "r" else "---" for side in align or "l" * len(header)]
    return [f"| {' | '.join(row)} |" for row in (header, rules, *body)]
