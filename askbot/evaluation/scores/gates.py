"""Quality gates: `--min recall@5=0.95`, `--max latency_p95_ms=80`, over one tag `recall@5:comment`.

A question set may bring its own: `NAME.thresholds.toml` beside `NAME.jsonl`, or `thresholds.toml`
in its folder, with the tables `[min]` and `[max]`.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from askbot.errors import GateError, QuestionSetError, UsageError
from askbot.evaluation.scores.metrics import BY_NAME, Better
from askbot.evaluation.scores.report import THROUGHPUT, Report

Side = Literal["min", "max"]
THRESHOLDS = "thresholds.toml"


@dataclass(frozen=True, slots=True)
class Gate:
    """A figure must be at least (min) or at most (max) this."""

    metric: str
    value: float
    side: Side
    tag: str | None = None

    @property
    def name(self) -> str:
        return self.metric if self.tag is None else f"{self.metric}:{self.tag}"

    def __str__(self) -> str:
        return f"{self.name} {'>=' if self.side == 'min' else '<='} {self.value:g}"

    def failure(self, report: Report) -> str | None:
        """Why the report does not meet the gate, None if it does."""
        found = report.figure(self.metric, self.tag)
        if found is None:
            return f"{self.name} was not measured: no question bears it"
        met = found.value >= self.value if self.side == "min" else found.value <= self.value
        if met:
            return None
        where = "below" if self.side == "min" else "above"
        return f"{self.name} is {found.value:.4g} over {found.n}, {where} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A gate and why it was not met, None if it was."""

    gate: Gate
    failure: str | None


def parse_gate(text: str, side: Side) -> Gate:
    """Read `METRIC=VALUE` or `METRIC:TAG=VALUE`.

    Raises:
        UsageError: it has another form, there is no such metric, or its better side is the other.
    """
    name, equals, right = text.partition("=")
    try:
        value = float(right) if equals else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{text!r} is not a gate: write METRIC=VALUE, such as recall@5=0.95")
    return _gate(name, value, side)


def _gate(name: str, value: float, side: Side) -> Gate:
    metric, _, tag = (part.strip() for part in name.partition(":"))
    if metric not in BY_NAME and metric != THROUGHPUT:
        raise UsageError(f"no metric {metric!r}; there are {', '.join(BY_NAME)}, {THROUGHPUT}")
    better: Better = BY_NAME[metric].better if metric in BY_NAME else "higher"
    if (better == "higher") != (side == "min"):
        other = "max" if side == "min" else "min"
        raise UsageError(f"{metric} is better when {better}: give it a {other}, not a {side}")
    return Gate(metric, value, side, tag or None)


def thresholds_of(questions: Path) -> list[Gate]:
    """The gates that a question set brings; none where it has no file for them.

    Args:
        questions: the set's file, or its folder.

    Raises:
        QuestionSetError: the file is not in its form.
    """
    if questions.is_dir():
        places = [questions / THRESHOLDS]
    else:
        own = questions.with_name(f"{questions.stem}.{THRESHOLDS}")
        places = [own, questions.with_name(THRESHOLDS)]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        return []
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise QuestionSetError(f"{path} cannot be read as TOML: {error}; mend it") from None
    return list(_gates_in(tables, path))


def _gates_in(tables: dict[str, Any], path: Path) -> Iterable[Gate]:
    for side in ("min", "max"):
        table = tables.pop(side, {})
        if not isinstance(table, dict):
            raise QuestionSetError(f"{path}: [{side}] must be a table of metrics and numbers")
        for name, value in table.items():
            if not isinstance(value, int | float) or isinstance(value, bool):
                raise QuestionSetError(f"{path}: {side}.{name} must be a number")
            try:
                yield _gate(name, float(value), "min" if side == "min" else "max")
            except UsageError as error:
                raise QuestionSetError(f"{path}: {error}") from None
    if tables:
        raise QuestionSetError(f"{path}: unknown {', '.join(tables)}; there are [min] and [max]")


def merged(given: Sequence[Gate], brought: Sequence[Gate]) -> list[Gate]:
    """Gates from the command line, and the set's own for what these do not speak of."""
    spoken = {(gate.name, gate.side) for gate in given}
    return [*given, *(gate for gate in brought if (gate.name, gate.side) not in spoken)]


def outcomes(report: Report, gates: Iterable[Gate]) -> list[Outcome]:
    """How the report does at each gate."""
    return [Outcome(gate, gate.failure(report)) for gate in gates]


def require(outcomes: Sequence[Outcome]) -> None:
    """Pass if every gate was met.

    Raises:
        GateError: one was not; the message names every one.
    """
    failures = [outcome.failure for outcome in outcomes if outcome.failure is not None]
    if failures:
        raise GateError(f"{len(failures)} of {len(outcomes)} gates not met: {'; '.join(failures)}")
