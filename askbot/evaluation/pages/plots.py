"""Plots as SVG that is part of a page: coloured by its style sheet, readable at 360 pixels.

Plots hold numbers only and need no escaping. `axes` ones have a coordinate system of their own and
grow with the page; `strip` ones are a line high and stretch with the cell they stand in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

WIDTH, HEIGHT = 360, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 22, 28, 40
STRIP = 14
"""Height of a strip in pixels."""
NAME = 75
"""Width that the name of a percentile needs."""
BINS = 28
"""Bars of a latency distribution at most."""

Point = tuple[float, float]
Tick = tuple[float, str]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Values to pixels along one axis."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(1.0, max(0.0, share)) * (self.stop - self.start)


def risk_coverage(points: Sequence[tuple[float, float, float]], stands: Point | None) -> Markup:
    """Share wrong over share answered.

    Args:
        points: as `curves.risk_coverage` gives them.
        stands: the (coverage, risk) of the run itself, None if nothing was answered.
    """
    risks = [risk for _, risk, _ in points] + ([stands[1]] if stands else [])
    top = next(t for t in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if t >= max(risks, default=0.0) - 1e-9)
    x = _across(0, 1)
    y = _up(0, top)
    path = " ".join(f"{x(c):.1f},{y(r):.1f}" for c, r, _ in points)
    drawn = [f'<polyline class="line" points="{path}"/>']
    for coverage, risk, confidence in _thinned(points, 40):
        says = f"{risk:.1%} wrong of the {coverage:.1%} with confidence {confidence:.2f} or more"
        drawn.append(_dot(x(coverage), y(risk), 5, "hover", says))
    if stands is not None:
        says = f"this run: {stands[1]:.1%} wrong of the {stands[0]:.1%} it answered"
        drawn.append(_dot(x(stands[0]), y(stands[1]), 5, "stands", says))
    return _axes(
        f"Risk over coverage, {len(points)} points",
        drawn,
        (x, [(n / 4, f"{n * 25} %") for n in range(5)], "questions answered"),
        (y, [(top * n / 4, f"{100 * top * n / 4:g} %") for n in range(5)], "of them wrong"),
    )


def reliability(points: Sequence[tuple[float, float, int]]) -> Markup:
    """Share answerable over confidence, the area of a dot being its questions."""
    x, y = _across(0, 1), _up(0, 1)
    most = max((n for _, _, n in points), default=1)
    drawn = [f'<path class="ideal" d="M{x(0)} {y(0)}L{x(1)} {y(1)}"/>']
    if points:
        path = " ".join(f"{x(c):.1f},{y(share):.1f}" for c, share, _ in points)
        drawn.append(f'<polyline class="line" points="{path}"/>')
    for confidence, share, n in points:
        says = f"confidence {confidence:.2f}: {share:.0%} of {n} can be answered"
        drawn.append(_dot(x(confidence), y(share), 3 + 7 * math.sqrt(n / most), "dot", says))
    quarters = [(n / 4, f"{n / 4:g}") for n in range(5)]
    percents = [(n / 4, f"{n * 25} %") for n in range(5)]
    return _axes(
        f"Reliability in {len(points)} bins",
        drawn,
        (x, quarters, "confidence"),
        (y, percents, "can be answered"),
    )


def latency(values: Sequence[float], marks: Sequence[Tick]) -> Markup:
    """How many questions took how long, on a logarithmic axis.

    Args:
        values: milliseconds, at least one.
        marks: (milliseconds, name) of the percentiles.
    """
    low, high = _decade(min(values), max(values))
    bins = min(BINS, max(6, round(math.sqrt(len(values)) * 2)))
    start, stop = math.log10(low), math.log10(high)
    step = (stop - start) / bins
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int((math.log10(max(value, low)) - start) / step))] += 1
    most = max(counts)
    # Room above the bars for the names of the percentiles.
    x, y = _across(start, stop), _up(0, most * 1.4)
    drawn = []
    for n, count in enumerate(counts):
        if count:
            left, right = start + n * step, start + (n + 1) * step
            says = f"{count} of {10**left:,.3g} to {10**right:,.3g} ms"
            drawn.append(
                f'<rect class="bar" x="{x(left) + 0.5:.1f}" y="{y(count):.1f}" '
                f'width="{x(right) - x(left) - 1:.1f}" height="{y(0) - y(count):.1f}">'
                f"<title>{says}</title></rect>"
            )
    drawn += _marks([(x(math.log10(max(value, low))), name) for value, name in marks])
    return _axes(
        f"Distribution of {len(values)} latencies",
        drawn,
        (x, [(math.log10(v), f"{v:,g}") for v in _round_values(low, high)], "milliseconds"),
        (y, _counts(most), "questions"),
    )


def bar(value: float, span: tuple[float, float] | None = None) -> Markup:
    """A strip from 0 to 1: a share as a bar, and its interval as a line over the bar's end."""
    return _strip(
        f'<rect class="rail" width="100%" height="{STRIP}"/>'
        f'<rect class="bar" width="{_percent(value)}" height="{STRIP}"/>'
        f"{'' if span is None else _whisker(*span)}"
    )


def interval_strip(value: float, low: float, high: float, end: float = 1.0) -> Markup:
    """A strip from 0 to `end`: an interval as a line and the value as a dot on it."""
    return _strip(
        f'<rect class="rail" y="6" width="100%" height="2"/>{_whisker(low / end, high / end)}'
        f'<circle class="dot" cx="{_percent(value / end)}" cy="{STRIP // 2}" r="4"/>'
    )


def difference_strip(value: float, low: float, high: float, end: float, verdict: str) -> Markup:
    """A row of a forest plot, from -`end` to `end`, with a line at zero."""

    def place(number: float) -> float:
        return 0.02 + 0.96 * (number / end + 1) / 2

    return _strip(
        f'<rect class="zero" x="50%" width="1" height="{STRIP}"/>'
        f'<g class="{verdict}">{_whisker(place(low), place(high))}'
        f'<circle class="dot" cx="{_percent(place(value))}" cy="{STRIP // 2}" r="4"/></g>'
    )


def _marks(marks: Sequence[Tick]) -> list[str]:
    """Lines at places from left to right, each with its name beside it.

    A name stands to the left of its line where it would run out of the plot, or into a line whose
    own name stands to the left. Each line begins at the height of its name, those with a name to
    the left higher, so that no line crosses a name.
    """
    to_left: list[Tick] = []
    to_right: list[Tick] = []
    edge: float = WIDTH
    for at, name in reversed(marks):
        if at + NAME > edge:
            to_left.append((at, name))
            edge = at
        else:
            to_right.insert(0, (at, name))
    drawn = []
    for row, (at, name) in enumerate((*to_left, *to_right)):
        top = TOP + 12 * row
        side, shift = ("end", -4) if row < len(to_left) else ("start", 4)
        drawn.append(f'<path class="mark" d="M{at:.1f} {top}V{HEIGHT - BOTTOM}"/>')
        drawn.append(
            f'<text class="mark" x="{at + shift:.1f}" y="{top + 9}" text-anchor="{side}">'
            f"{name}</text>"
        )
    return drawn


def _strip(drawn: str) -> Markup:
    from markupsafe import Markup

    return Markup(
        f'<svg class="strip" width="100%" height="{STRIP}" aria-hidden="true">{drawn}</svg>'
    )


def _whisker(low: float, high: float) -> str:
    middle = STRIP // 2
    ends = (_percent(low), _percent(high))
    caps = "".join(
        f'<line class="whisker" x1="{end}" x2="{end}" y1="3" y2="{STRIP - 3}"/>' for end in ends
    )
    line = f'<line class="whisker" x1="{ends[0]}" x2="{ends[1]}" y1="{middle}" y2="{middle}"/>'
    return line + caps


def _percent(share: float) -> str:
    return f"{100 * min(1.0, max(0.0, share)):.2f}%"


def _across(low: float, high: float) -> _Scale:
    return _Scale(low, high, LEFT, WIDTH - RIGHT)


def _up(low: float, high: float) -> _Scale:
    return _Scale(low, high, HEIGHT - BOTTOM, TOP)


def _dot(x: float, y: float, radius: float, kind: str, says: str) -> str:
    return (
        f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">'
        f"<title>{says}</title></circle>"
    )


def _axes(
    label: str,
    drawn: Iterable[str],
    across: tuple[_Scale, Sequence[Tick], str],
    up: tuple[_Scale, Sequence[Tick], str],
) -> Markup:
    from markupsafe import Markup

    x, x_ticks, x_name = across
    y, y_ticks, y_name = up
    base = HEIGHT - BOTTOM
    parts = [f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">']
    for value, name in y_ticks:
        at = f"{y(value):.1f}"
        parts.append(f'<path class="grid" d="M{LEFT} {at}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at}" dy="4" text-anchor="end">{name}</text>')
    for value, name in x_ticks:
        at = f"{x(value):.1f}"
        parts.append(f'<path class="grid" d="M{at} {base}v4"/>')
        parts.append(f'<text x="{at}" y="{base + 16}" text-anchor="middle">{name}</text>')
    parts.append(f'<path class="axis" d="M{LEFT} {base}H{WIDTH - RIGHT}"/>')
    parts += drawn
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{x_name}</text>')
    parts.append(f'<text x="2" y="12">{y_name}</text></svg>')
    return Markup("".join(parts))


def _thinned(
    points: Sequence[tuple[float, float, float]], most: int
) -> Sequence[tuple[float, float, float]]:
    step = max(1, math.ceil(len(points) / most))
    return points[::step]


def _decade(least: float, most: float) -> tuple[float, float]:
    """Round ends of a logarithmic axis, at least a factor of two apart."""
    least = max(least, 0.1)
    most = max(most, least)
    low = max(v for v in _series(least / 10) if v <= least)
    high = min(v for v in _series(most) if v > most)
    return low, high


def _series(start: float) -> list[float]:
    """1, 2, 5, 10, 20, 50 … from the power of ten at or below `start`, three decades."""
    power = math.floor(math.log10(start))
    return [float(f"{digit}e{power + n}") for n in range(3) for digit in (1, 2, 5)]


def _round_values(low: float, high: float) -> list[float]:
    values: list[float] = []
    decades = math.log10(high / low)
    digits = (1, 2, 5) if decades <= 2.2 else (1,)
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        values += [v for d in digits if low <= (v := float(f"{d}e{power}")) <= high]
    return values


def _counts(most: int) -> list[Tick]:
    step = next(
        s for power in range(7) for s in (10**power, 2 * 10**power, 5 * 10**power) if most / s <= 5
    )
    return [(n, f"{n:,}") for n in range(0, most + 1, step)]
