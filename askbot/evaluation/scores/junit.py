"""A run as JUnit XML, which build servers show: a test case for each gate and each question.

Only a gate that is not met is a failure. A question that went wrong is skipped with its cause,
since a set is allowed wrong answers as long as its gates are met.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from askbot.evaluation.scores.gates import Outcome
from askbot.evaluation.scores.items import Item
from askbot.evaluation.scores.report import Report

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold; a question may have them."""


def junit(report: Report, outcomes: Sequence[Outcome], *, name: str) -> str:
    """The document; `name` is the question set's."""
    root = ElementTree.Element("testsuites", name="askbot eval")
    failed = [outcome for outcome in outcomes if outcome.failure is not None]
    gates = ElementTree.SubElement(
        root,
        "testsuite",
        name="gates",
        tests=str(len(outcomes)),
        failures=str(len(failed)),
        errors="0",
        skipped="0",
    )
    properties = ElementTree.SubElement(gates, "properties")
    for figure in report.figures:
        ElementTree.SubElement(
            properties, "property", name=figure.metric, value=f"{figure.value:.6g}"
        )
    for outcome in outcomes:
        case = ElementTree.SubElement(
            gates, "testcase", classname=_clean(name), name=_clean(str(outcome.gate))
        )
        if outcome.failure is not None:
            ElementTree.SubElement(case, "failure", message=_clean(outcome.failure))
    questions = ElementTree.SubElement(
        root,
        "testsuite",
        name="questions",
        tests=str(len(report.items)),
        failures="0",
        errors="0",
        skipped=str(sum(item.cause is not None for item in report.items)),
        time=f"{sum(item.latency_ms or 0 for item in report.items) / 1000:.3f}",
    )
    for item in report.items:
        _question(questions, item, name)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _question(suite: ElementTree.Element, item: Item, name: str) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=_clean(name),
        name=_clean(f"{item.id}/{item.turn} {item.question}"),
        time=f"{(item.latency_ms or 0) / 1000:.3f}",
    )
    if item.cause is not None:
        ElementTree.SubElement(case, "skipped", message=item.cause)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
