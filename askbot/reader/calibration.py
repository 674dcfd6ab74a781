"""From what reader and retrieval say to the probability that the page answers the question.

Logistic regression (Platt, 1999, over several features), in plain Python at question time. The
weights are in `model/calibration.json`, written by `python -m askbot.reader.calibrate`: "reader"
uses the reader's scores of one passage, "page" those of the best of several candidates together
with what retrieval knows.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from askbot.errors import ReaderError
from askbot.reader.package import PACKAGED
from askbot.reader.types import Reading

FILE = "calibration.json"
NO_SPAN = -20.0
"""Stands for the score of a span where there is none."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a question's best passage among the candidates.

    Attributes:
        span: score of its best span (`Span.score`, unbounded, 0 where as likely as no answer).
        answerable: logit of the answerability head for that passage.
        margin: `span` less the best score of any other candidate, at least 0 for the best one.
        second: `span` less the score of the second span of the same passage.
        dense_top: cosine of question and the best passage, in [-1, 1].
        lexical_overlap: share of the question's content words found in that passage, in [0, 1].
        missing_names: names and numbers of the question that the page's candidates do not have.
        lead: retrieval score of the best passage less the highest among the candidates, at most 0:
            an answer from what retrieval put last is doubtful.
        yes_or_no: the question asks no more than that; a span seldom tells.
    """

    span: float
    answerable: float
    margin: float = 0.0
    second: float = 0.0
    dense_top: float = 0.0
    lexical_overlap: float = 0.0
    missing_names: int = 0
    lead: float = 0.0
    yes_or_no: bool = False

    def features(self) -> tuple[float, ...]:
        """Values as the logistic takes them; long tails are cut."""
        return (
            _within(self.span, 15.0),
            _within(self.answerable, 8.0),
            _within(self.margin, 10.0),
            _within(self.second, 10.0),
            self.dense_top,
            self.lexical_overlap,
            float(min(self.missing_names, 3)),
            _within(self.lead, 0.3),
            float(self.yes_or_no),
        )


FEATURES = (
    "span", "answerable", "margin", "second", "dense_top", "lexical_overlap", "missing_names",
    "lead", "yes_or_no",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic weights by feature name, and the threshold chosen on the tuning set."""

    weights: dict[str, float]
    bias: float
    threshold: float

    @classmethod
    def load(cls, kind: str = "page", folder: Path | None = None) -> Calibration:
        """The packaged fit ("page" or "reader"), or the one in `folder`; raises ReaderError."""
        path = (folder or PACKAGED) / FILE
        try:
            fit = json.loads(path.read_text(encoding="utf-8"))[kind]
            weights = {str(name): float(value) for name, value in fit["weights"].items()}
            unknown = sorted(set(weights) - set(FEATURES))
            if unknown:
                raise KeyError(f"unknown features {unknown}")
            return cls(weights, float(fit["bias"]), float(fit["threshold"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ReaderError(
                f"{path} has no usable fit {kind!r} ({error}); reinstall askbot, "
                "or make it with python -m askbot.reader.calibrate"
            ) from error

    def probability(self, evidence: Evidence) -> float:
        """Probability in (0, 1) that the passage, or the page, answers."""
        values = dict(zip(FEATURES, evidence.features(), strict=True))
        total = self.bias + sum(w * values[name] for name, w in self.weights.items())
        return logistic(total)

    def of_reading(self, reading: Reading) -> float:
        """Probability from one passage's reading alone."""
        return self.probability(evidence_of([reading]))


def evidence_of(
    readings: Sequence[Reading],
    *,
    best: int | None = None,
    dense_top: float = 0.0,
    lexical_overlap: float = 0.0,
    missing_names: int = 0,
    lead: float = 0.0,
    yes_or_no: bool = False,
) -> Evidence:
    """Evidence from the candidates' readings; `best` is the index of the passage answered from.

    By default that with the highest span score. With no readings the span counts as absent.
    """
    scores = [r.spans[0].score if r.spans else NO_SPAN for r in readings]
    if not scores:
        return Evidence(NO_SPAN, NO_SPAN, missing_names=missing_names)
    chosen = max(range(len(scores)), key=scores.__getitem__) if best is None else best
    others = [s for n, s in enumerate(scores) if n != chosen]
    reading = readings[chosen]
    return Evidence(
        span=scores[chosen],
        answerable=reading.answerable,
        margin=scores[chosen] - max(others) if others else 0.0,
        second=scores[chosen] - reading.spans[1].score if len(reading.spans) > 1 else 0.0,
        dense_top=dense_top,
        lexical_overlap=lexical_overlap,
        missing_names=missing_names,
        lead=lead,
        yes_or_no=yes_or_no,
    )


def logistic(value: float) -> float:
    """1 / (1 + exp(-value)) without overflow."""
    if value >= 0:
        return 1.0 / (1.0 + math.exp(-value))
    scaled = math.exp(value)
    return scaled / (1.0 + scaled)


def _within(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))
