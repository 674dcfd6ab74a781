"""Quality gates: `--min recall@5=0.95`, or over one tag `--min recall@5:comment=0.9`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from askbot.errors import GateError, UsageError
from askbot.evaluation.report import Report
from askbot.evaluation.statistics import BY_NAME


@dataclass(frozen=True, slots=True)
class Gate:
    """At least this good: a least value, or a greatest where lower is better (false_declines)."""

    metric: str
    value: float
    tag: str | None = None

    @property
    def name(self) -> str:
        return self.metric if self.tag is None else f"{self.metric}:{self.tag}"

    def failure(self, report: Report) -> str | None:
        """Why the report does not meet the gate, None if it does."""
        found = report.figure(self.metric, self.tag)
        if found is None:
            return f"{self.name} was not measured: no question bears it"
        lower = BY_NAME[self.metric].better == "lower"
        met = found.value <= self.value if lower else found.value >= self.value
        if met:
            return None
        side = "above" if lower else "below"
        return f"{self.name} is {found.value:.4g} over {found.n}, {side} {self.value:g}"


def parse_gate(text: str) -> Gate:
    """Read `METRIC=VALUE` or `METRIC:TAG=VALUE`.

    Raises:
        UsageError: it has another form, or there is no such metric.
    """
    left, equals, right = text.partition("=")
    metric, _, tag = (part.strip() for part in left.partition(":"))
    try:
        value = float(right) if equals else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{text!r} is not a gate: write METRIC=VALUE, such as recall@5=0.95")
    if metric not in BY_NAME:
        raise UsageError(f"no metric {metric!r}; there are {', '.join(BY_NAME)}")
    return Gate(metric, value, tag or None)


def check_gates(report: Report, gates: Iterable[Gate]) -> None:
    """Pass if the report meets every gate.

    Raises:
        GateError: it does not; the message names every gate that is not met.
    """
    failures = [failure for gate in gates if (failure := gate.failure(report)) is not None]
    if failures:
        raise GateError("; ".join(failures))
