"""Plots are well-formed SVG whose every mark lies inside, whatever the numbers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.evaluation.pages import plots

shares = st.floats(0, 1)
points = st.lists(st.tuples(shares, shares, shares), max_size=60)
bins = st.lists(st.tuples(shares, shares, st.integers(1, 10**6)), max_size=10)
times = st.lists(st.floats(0, 1e7), min_size=1, max_size=60)
SPACE = 2.0
"""Pixels that a rounded corner or a line's width may stand out."""


def inside(svg: str) -> ET.Element:
    """The plot, after checking where its marks and the ends of its texts are."""
    root = ET.fromstring(svg)
    for node in root.iter():
        for name, end in (("cx", plots.WIDTH), ("cy", plots.HEIGHT), ("x", plots.WIDTH)):
            if name in node.attrib:
                assert -SPACE <= float(node.attrib[name]) <= end + SPACE, node.attrib
        if node.tag == "rect":
            assert float(node.attrib["height"]) >= 0
            assert float(node.attrib["y"]) + float(node.attrib["height"]) <= plots.HEIGHT
        if node.tag == "text":
            assert node.text
            wide = 6.2 * len(node.text)
            at, anchor = float(node.attrib["x"]), node.attrib.get("text-anchor", "start")
            left = at - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
            assert left >= -SPACE, node.text
            assert left + wide <= plots.WIDTH + SPACE, node.text
    return root


@given(points, st.none() | st.tuples(shares, shares))
def test_risk_and_coverage(curve: list[tuple[float, float, float]], stands: object) -> None:
    root = inside(plots.risk_coverage(curve, stands))  # type: ignore[arg-type]
    rings = [node for node in root.iter("circle") if node.attrib["class"] == "stands"]
    assert len(rings) == (stands is not None)


@given(bins)
def test_reliability(found: list[tuple[float, float, int]]) -> None:
    root = inside(plots.reliability(found))
    assert len(list(root.iter("circle"))) == len(found)


@given(times)
def test_latency_counts_every_question_once(values: list[float]) -> None:
    ordered = sorted(values)
    marks = [(ordered[int(len(ordered) * q)], f"{q:.0%}: 1,234") for q in (0.5, 0.95)]
    root = inside(plots.latency(values, marks))
    counts = [int(str(bar.findtext("title")).split()[0]) for bar in root.iter("rect")]
    assert sum(counts) == len(values)


@pytest.mark.parametrize("values", [[0.0], [5.0] * 3, [1e7], [0.1, 1e6], [99.99, 100.0, 100.01]])
def test_latency_of_few_values(values: list[float]) -> None:
    root = inside(plots.latency(values, [(values[-1], "99 %: 1e+07")]))
    axis = [float(str(t.text).replace(",", "")) for t in root.iter("text") if _is_number(t.text)]
    assert axis


def _is_number(text: str | None) -> bool:
    return bool(re.fullmatch(r"[\d,.]+", text or ""))


@given(shares, shares, shares)
def test_strips_show_the_interval_around_the_value(a: float, b: float, c: float) -> None:
    low, value, high = sorted((a, b, c))
    for svg in (plots.bar(value, (low, high)), plots.interval_strip(value, low, high)):
        root = ET.fromstring(svg)
        places = [float(line.attrib["x1"].rstrip("%")) for line in root.iter("line")]
        assert places == pytest.approx([100 * low, 100 * low, 100 * high], abs=0.01)
    row = ET.fromstring(plots.difference_strip(value - 1, low - 1, high - 1, 1.0, "worse"))
    dot = float(next(row.iter("circle")).attrib["cx"].rstrip("%"))
    assert dot <= 50.01
    assert next(row.iter("g")).attrib["class"] == "worse"


@given(st.lists(st.floats(plots.LEFT, plots.WIDTH - plots.RIGHT), min_size=1, max_size=3))
def test_names_of_percentiles_meet_no_line_and_no_edge(places: list[float]) -> None:
    marks = [(at, f"{n}9 %: 1,234") for n, at in enumerate(sorted(places), 1)]
    drawn = plots._marks(marks)
    lines = [re.match(r'<path class="mark" d="M([\d.]+) (\d+)V', d) for d in drawn[::2]]
    starts = [(float(found[1]), float(found[2])) for found in lines if found]
    assert sorted(at for at, _ in starts) == pytest.approx(sorted(places), abs=0.06)
    for text, own in zip(drawn[1::2], starts, strict=True):
        node = ET.fromstring(text)
        wide = 6.2 * len(str(node.text))
        at, y = float(node.attrib["x"]), float(node.attrib["y"])
        left = at - wide if node.attrib["text-anchor"] == "end" else at
        assert left >= plots.LEFT - SPACE
        assert left + wide <= plots.WIDTH + SPACE
        crossed = [x for x, top in starts if top < y and left < x < left + wide]
        assert not crossed, (own, crossed)
