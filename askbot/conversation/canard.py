"""CANARD (Elgohary, Peskov & Boyd-Graber 2019): follow-up questions that people wrote out in full.

Used to fit and to measure, never at run time; the data (CC BY-SA 4.0) is not part of askbot.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from askbot.answers import Answer
from askbot.conversation.turns import Turn
from askbot.discussion import Extent, Page, Paragraph
from askbot.text import content_words, stem

_PARENTHESIS = re.compile(r"\s*\([^)]*\)")
_UNKNOWN = "I don't know."


@dataclass(frozen=True, slots=True)
class Example:
    """A question of a dialogue, its rewrite by a person, and the turns before it.

    Attributes:
        history: (question, answer) of each turn before, the answer "" where there was none.
    """

    dialogue: str
    number: int
    question: str
    rewrite: str
    page: Page
    history: tuple[tuple[str, str], ...]


def read(path: Path) -> Iterator[Example]:
    """The examples of a CANARD file, in its order."""
    for record in json.loads(path.read_text(encoding="utf-8")):
        title, section, *lines = record["History"]
        title = _PARENTHESIS.sub("", title)
        source = f"{title}\n\n{section}"
        extent = Extent(len(title) + 2, len(source))
        page = Page("canard", title, source, (Paragraph("p1", extent),), ())
        pairs = zip(lines[::2], lines[1::2], strict=False)
        history = tuple((q, "" if a == _UNKNOWN else a) for q, a in pairs)
        yield Example(
            record["QuAC_dialog_id"], record["Question_no"], record["Question"], record["Rewrite"],
            page, history,
        )  # fmt: skip


def as_turn(question: str, searched_for: str, answer: str) -> Turn:
    """A turn as a session would hold it."""
    return Turn(
        question, Answer(question, searched_for, answer, not answer, short_answer=answer or None)
    )


def stem_counts(text: str) -> dict[str, int]:
    """Stems of the content words of a text with their counts."""
    counts: dict[str, int] = {}
    for word in content_words(text):
        counts[stem(word)] = counts.get(stem(word), 0) + 1
    return counts


def overlap(made: str, wanted: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of content stems (ROUGE-1 without stop words)."""
    a, b = stem_counts(made), stem_counts(wanted)
    common = sum(min(n, b.get(w, 0)) for w, n in a.items())
    precision = common / sum(a.values()) if a else float(not b)
    recall = common / sum(b.values()) if b else float(not a)
    return (
        precision,
        recall,
        2 * precision * recall / (precision + recall) if common else float(not a and not b),
    )


def added(question: str, rewrite: str) -> frozenset[str]:
    """Content stems that the rewrite has and the question has not."""
    return frozenset(stem_counts(rewrite)) - frozenset(stem_counts(question))
