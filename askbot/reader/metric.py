"""Exact match and F1 as the SQuAD 1.1 and 2.0 evaluation scripts compute them.

Rajpurkar et al., "SQuAD: 100,000+ Questions" (2016), section 6.1, and "Know What You Don't Know"
(2018), section 5: lower-case, drop punctuation, drop articles, collapse white space; a question's
score is its best over the gold answers; an unanswerable one scores 1 for the empty answer only.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_PUNCTUATION = set(string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b", re.UNICODE)


def normalise(answer: str) -> str:
    """The form in which answers are compared."""
    lowered = "".join(char for char in answer.lower() if char not in _PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", lowered).split())


def exact(gold: str, predicted: str) -> float:
    """1.0 where both normalise to the same string, else 0.0."""
    return float(normalise(gold) == normalise(predicted))


def f1(gold: str, predicted: str) -> float:
    """Harmonic mean of token precision and recall; an empty side scores 1.0 only against empty."""
    gold_tokens, predicted_tokens = normalise(gold).split(), normalise(predicted).split()
    if not gold_tokens or not predicted_tokens:
        return float(gold_tokens == predicted_tokens)
    shared = sum((Counter(gold_tokens) & Counter(predicted_tokens)).values())
    if shared == 0:
        return 0.0
    precision, recall = shared / len(predicted_tokens), shared / len(gold_tokens)
    return 2 * precision * recall / (precision + recall)


@dataclass(frozen=True, slots=True)
class Gold:
    """Gold answers of a question; `answers` is empty where the text does not say."""

    id: str
    answers: tuple[str, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """Answers that count: those not empty once normalised, else the empty answer."""
        return tuple(a for a in self.answers if normalise(a)) or ("",)


@dataclass(frozen=True, slots=True)
class Prediction:
    """A predicted span and the score that it is no answer (higher: less likely to answer)."""

    text: str
    no_answer: float = 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Means in per cent over `total` questions; None where there is no such question."""

    total: int
    exact: float
    f1: float
    has_answer_total: int
    has_answer_exact: float | None
    has_answer_f1: float | None
    no_answer_total: int
    no_answer_accuracy: float | None


@dataclass(frozen=True, slots=True)
class BestThreshold:
    """Best figures in per cent over all thresholds on `Prediction.no_answer`, and where."""

    exact: float
    exact_threshold: float
    f1: float
    f1_threshold: float


def score_one(gold: Gold, text: str) -> tuple[float, float]:
    """(exact, F1) of one predicted answer, best over the gold answers."""
    kept = gold.kept
    return max(exact(g, text) for g in kept), max(f1(g, text) for g in kept)


def evaluate(
    golds: Sequence[Gold], predictions: Mapping[str, Prediction], threshold: float | None = None
) -> Scores:
    """Score predictions; above `threshold` the empty answer is given (None: always the span).

    Raises KeyError where a question has no prediction.
    """
    scored: list[tuple[bool, float, float]] = []
    for gold in golds:
        prediction = predictions[gold.id]
        empty = threshold is not None and prediction.no_answer > threshold
        scored.append((gold.kept != ("",), *score_one(gold, "" if empty else prediction.text)))
    has = [s for s in scored if s[0]]
    none = [s for s in scored if not s[0]]

    def mean(rows: list[tuple[bool, float, float]], column: int) -> float | None:
        return 100 * sum(float(row[column]) for row in rows) / len(rows) if rows else None

    return Scores(
        total=len(scored),
        exact=mean(scored, 1) or 0.0,
        f1=mean(scored, 2) or 0.0,
        has_answer_total=len(has),
        has_answer_exact=mean(has, 1),
        has_answer_f1=mean(has, 2),
        no_answer_total=len(none),
        no_answer_accuracy=mean(none, 1),
    )


def best_threshold(golds: Sequence[Gold], predictions: Mapping[str, Prediction]) -> BestThreshold:
    """Sweep the threshold as `find_best_thresh` of the SQuAD 2.0 script does."""

    def sweep(column: int) -> tuple[float, float]:
        current = sum(gold.kept == ("",) for gold in golds)
        best, threshold = float(current), float("-inf")
        for gold in sorted(golds, key=lambda g: predictions[g.id].no_answer):
            prediction = predictions[gold.id]
            if gold.kept == ("",):
                current -= 1 if prediction.text else 0
            else:
                current += score_one(gold, prediction.text)[column]  # type: ignore[assignment]
            if current > best:
                best, threshold = float(current), prediction.no_answer
        return 100 * best / len(golds) if golds else 0.0, threshold

    best_exact, exact_threshold = sweep(0)
    best_f1, f1_threshold = sweep(1)
    return BestThreshold(best_exact, exact_threshold, best_f1, f1_threshold)
