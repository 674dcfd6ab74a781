"""report.html: a run for the people who wrote its questions, in one file that stands alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from askbot.evaluation.pages import plots
from askbot.evaluation.pages.cards import cards
from askbot.evaluation.pages.templating import json_pieces, write_page
from askbot.evaluation.pages.wording import (
    HEADLINES,
    TAG_METRICS,
    TAGS,
    facts,
    failures,
    grouped,
    metric_of,
)
from askbot.evaluation.runs.folder import HTML, Run
from askbot.evaluation.runs.recording import writing
from askbot.evaluation.scores.curves import reliability, risk_coverage
from askbot.evaluation.scores.report import Figure, Report
from askbot.evaluation.sets.questions import QuestionSet

LISTED = 12
"""Questions listed under a cause; all are among the questions below."""


def write_report(folder: Path, report: Report, run: Run, questions: QuestionSet) -> None:
    """Write report.html into a run's folder, as a whole or not at all.

    The answers are read from the run's file one by one, twice: those that went wrong for readers
    without scripts, and all for the others. Memory does not grow with them.

    Raises:
        StoreError: the folder cannot be written.
        QuestionSetError: an answer of the run is damaged.
    """
    with writing(folder):
        write_page(
            folder / HTML,
            "report.html",
            script="report.js",
            report=report,
            facts=facts(run.record, report),
            headlines=[f for name in HEADLINES if (f := report.figure(name)) is not None],
            groups=grouped(report.figures),
            ends=_ends(report.figures),
            curves=_curves(report),
            tags=_tags(report),
            more_tags=max(0, len(report.by_tag) - TAGS),
            tag_metrics=_tag_metrics(report),
            failures=failures(report),
            listed=LISTED,
            failing=cards(report, run, questions, failing=True),
            data=json_pieces(cards(report, run, questions)),
        )


def _ends(figures: tuple[Figure, ...]) -> dict[str, float]:
    """By metric, the end of the axis on which its interval is drawn: 1 for a share, else the
    largest end of an interval of its unit."""
    ends: dict[str, float] = {"share": 1.0}
    for figure in figures:
        unit = metric_of(figure.metric).unit
        if unit != "share":
            ends[unit] = max(ends.get(unit, 1e-9), figure.high, figure.value)
    return {figure.metric: ends[metric_of(figure.metric).unit] for figure in figures}


def _curves(report: Report) -> dict[str, Any]:
    """The plots by name; one that has nothing to show is None."""
    items = report.items
    answered = [item for item in items if not item.abstained]
    wrong = sum(not item.answered_right for item in answered)
    stands = (len(answered) / len(items), wrong / len(answered)) if answered else None
    times = [item.latency_ms for item in items if item.latency_ms is not None]
    marks = [
        (figure.value, f"{percent} %: {figure.value:,.3g}")
        for percent in (50, 95, 99)
        if (figure := report.figure(f"latency_p{percent}_ms")) is not None
    ]
    return {
        "risk_coverage": plots.risk_coverage(risk_coverage(items), stands) if items else None,
        "reliability": plots.reliability(reliability(items)) if items else None,
        "latency": plots.latency(times, marks) if times else None,
    }


def _tag_metrics(report: Report) -> list[str]:
    """Those of `TAG_METRICS` that some question bears."""
    return [name for name in TAG_METRICS if report.figure(name) is not None]


def _tags(report: Report) -> list[tuple[str, int, Figure, list[Figure | None]]]:
    """(tag, questions, share right, other figures), those with most to mend first."""
    rows = [
        (tag, count, right, others)
        for tag, count, (right, *others) in report.tag_rows(("right", *_tag_metrics(report)))
        if right is not None
    ]
    return sorted(rows, key=lambda row: row[2].value)[:TAGS]
