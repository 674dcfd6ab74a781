"""Two runs side by side as a page that stands alone: what differs, and which questions flipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from askbot.errors import StoreError
from askbot.evaluation.pages.templating import write_page
from askbot.evaluation.pages.wording import HEADLINES, Fact, differing, facts, metric_of
from askbot.evaluation.runs.folder import Run
from askbot.evaluation.scores.comparison import Comparison, Difference
from askbot.evaluation.scores.flips import DECISIVE, Flip, turned
from askbot.evaluation.scores.metrics import Unit


@dataclass(frozen=True, slots=True)
class _Panel:
    """The differences of one unit, which share an axis from -`end` to `end`."""

    unit: Unit
    end: float
    differences: tuple[Difference, ...]


def write_comparison(
    path: Path, comparison: Comparison, before: Run, after: Run, flips: Sequence[Flip]
) -> None:
    """Write the comparison of two runs, as a whole or not at all; the page runs no script.

    Raises:
        StoreError: the file cannot be written.
    """
    right, wrong = turned(comparison)
    by_name = {d.metric: d for d in comparison.differences}
    try:
        write_page(
            path,
            "comparison.html",
            right=right,
            wrong=wrong,
            before=before,
            after=after,
            headlines=[by_name[name] for name in HEADLINES if name in by_name],
            panels=_panels(comparison.differences),
            differing=differing(before.record, after.record),
            facts=_side_by_side(before, after),
            groups=[(way, [f for f in flips if f.turned == way]) for way in ("wrong", "right")],
            others=[change for change in comparison.changes if change.metric != DECISIVE],
        )
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written ({error.strerror}); name a file in a folder that exists"
        ) from None


def _panels(differences: Sequence[Difference]) -> list[_Panel]:
    units: dict[Unit, list[Difference]] = {}
    for difference in differences:
        units.setdefault(metric_of(difference.metric).unit, []).append(difference)
    panels = []
    for unit, members in units.items():
        reach = max(max(abs(d.low), abs(d.high), abs(d.difference)) for d in members)
        panels.append(_Panel(unit, reach or 1.0, tuple(members)))
    return panels


def _side_by_side(before: Run, after: Run) -> list[tuple[str, str, str]]:
    """(what, of the run before, of the run after)."""
    old, new = _facts(before), _facts(after)
    return [(name, old.get(name, ""), new.get(name, "")) for name in {**old, **new}]


def _facts(run: Run) -> dict[str, str]:
    found: list[Fact] = [] if run.report is None else facts(run.record, run.report)
    return {"folder": str(run.folder), **dict(found)}
