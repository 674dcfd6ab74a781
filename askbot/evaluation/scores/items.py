"""One scored question: everything that the figures of a report are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from askbot.answers import Answer

Ratio = tuple[float, float]
"""Points reached and points that could be reached."""

ONE: Ratio = (1.0, 1.0)
NONE: Ratio = (0.0, 1.0)
"""Most points are one of these; shared, ten thousand questions take little memory."""


def point(reached: float) -> Ratio:
    """One point that could be reached, and how much of it was."""
    return ONE if reached == 1 else NONE if reached == 0 else (float(reached), 1.0)


@dataclass(frozen=True, slots=True)
class Prediction:
    """An answer under the id and the turn of its question."""

    id: str
    turn: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Item:
    """One scored question.

    Attributes:
        ratios: by metric, the points of this question; a metric that does not apply is absent.
        cause: why it is wrong (`causes.MEANING`), None where it was handled right.
        latency_ms: `timings_ms.total` of the answer, None if it was not measured.
    """

    id: str
    turn: int
    question: str
    tags: tuple[str, ...]
    answerable: bool
    abstained: bool
    confidence: float
    engine: str
    route: str
    ratios: Mapping[str, Ratio]
    cause: str | None = None
    latency_ms: float | None = None

    @property
    def answered_right(self) -> bool:
        """Whether it was answered, and rightly; one that was rightly declined was not answered."""
        return self.answerable and self.cause is None

    def to_json(self) -> dict[str, Any]:
        """Lists and plain values only, without the latency, which differs from run to run."""
        return {
            "id": self.id,
            "turn": self.turn,
            "question": self.question,
            "tags": list(self.tags),
            "answerable": self.answerable,
            "abstained": self.abstained,
            "confidence": self.confidence,
            "engine": self.engine,
            "route": self.route,
            "cause": self.cause,
            "ratios": {name: list(ratio) for name, ratio in self.ratios.items()},
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any], latency_ms: float | None = None) -> Item:
        """Read back what `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: the record is not a saved item.
        """
        return cls(
            id=str(record["id"]),
            turn=int(record["turn"]),
            question=str(record["question"]),
            tags=tuple(record["tags"]),
            answerable=bool(record["answerable"]),
            abstained=bool(record["abstained"]),
            confidence=float(record["confidence"]),
            engine=str(record["engine"]),
            route=str(record["route"]),
            ratios={name: _ratio(n, d) for name, (n, d) in record["ratios"].items()},
            cause=None if record["cause"] is None else str(record["cause"]),
            latency_ms=None if latency_ms is None else float(latency_ms),
        )


def _ratio(reached: float, possible: float) -> Ratio:
    return point(reached) if possible == 1 else (float(reached), float(possible))
