"""From start and end logits to the best spans of a passage, at word boundaries."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from askbot.reader.encoding import Sequence384

MAX_ANSWER = 40
BEST = 5
_EDGE_BEFORE = " \t\n\r.,;:!?…)]}»”"
_EDGE_AFTER = " \t\n\r.,;:!?…([{«“"
_INITIALS = re.compile(r"\b(?:\w\.){2,}\Z")
"""A full stop that belongs to its word: "U.S.", "p.m."."""
_CLOSERS = {")": "(", "]": "[", "}": "{", "”": "“", "»": "«"}
_OPENERS = {opener: closer for closer, opener in _CLOSERS.items()}


@dataclass(frozen=True, slots=True)
class Picked:
    """`text[start:end]` and its score: start plus end logit minus the null score."""

    start: int
    end: int
    score: float


def pick_spans(
    start: npt.NDArray[np.float32],
    end: npt.NDArray[np.float32],
    sequence: Sequence384,
    text: str,
    *,
    best: int = BEST,
    longest: int = MAX_ANSWER,
) -> tuple[list[Picked], float]:
    """The n best spans of a passage, none overlapping a better one, and the null score.

    `start` and `end` are logits over the tokens of `sequence`, whose offsets are into `text`.
    A span is at most `longest` tokens long; it is widened to whole words and loses punctuation at
    its edges. The null score is the sum of the two logits at `[CLS]`.
    """
    null = float(start[0] + end[0])
    first, count = sequence.first, len(sequence.offsets)
    if count == 0:
        return [], null
    starts, ends = start[first : first + count], end[first : first + count]
    scores = starts[:, None] + ends[None, :]
    places = np.arange(count)
    length = places[None, :] - places[:, None]
    scores = np.where((length >= 0) & (length < longest), scores, -np.inf)
    # enough of the best pairs that non-overlapping ones are among them
    flat = scores.ravel()
    take = min(flat.size, 40 * best)
    order = np.argpartition(-flat, take - 1)[:take]
    order = order[np.argsort(-flat[order], kind="stable")]
    order = order[np.isfinite(flat[order])]
    rows, columns = np.divmod(order, count)
    worded = np.array([any(map(str.isalnum, text[a:b])) for a, b in sequence.offsets])
    found: list[Picked] = []
    at = 0
    while at < len(order) and len(found) < best:
        row, column = int(rows[at]), int(columns[at])
        score = float(flat[order[at]]) - null
        at += 1
        edges = tidy(text, sequence.offsets[row][0], sequence.offsets[column][1])
        if edges is None or any(edges[0] < p.end and p.start < edges[1] for p in found):
            continue
        found.append(Picked(edges[0], edges[1], score))
        # no edge loses a letter, so pairs that share a word with this span are left untried
        taken = np.concatenate(([0], np.cumsum(worded & (places >= row) & (places <= column))))
        free = taken[columns[at:] + 1] == taken[rows[at:]]
        rows, columns, order = rows[at:][free], columns[at:][free], order[at:][free]
        at = 0
    return found, null


def tidy(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Widen [start, end) to whole words and trim punctuation; None where nothing is left."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and end > 0 and text[end - 1].isalnum():
        end += 1
    while True:
        while start < end and (text[start] in _EDGE_BEFORE or text[start].isspace()):
            start += 1
        while (
            start < end
            and (text[end - 1] in _EDGE_AFTER or text[end - 1].isspace())
            and not _INITIALS.search(text, start, end)
        ):
            end -= 1
        shorter = _unpaired(text, start, end)
        if shorter == (start, end):
            break
        start, end = shorter
    return (start, end) if start < end else None


def _unpaired(text: str, start: int, end: int) -> tuple[int, int]:
    """Without a bracket or quote mark at an edge whose partner lies outside the span."""
    inside = text[start:end]
    if not inside:
        return start, end
    if inside[-1] in _CLOSERS and _CLOSERS[inside[-1]] not in inside:
        return start, end - 1
    if inside[0] in _OPENERS and _OPENERS[inside[0]] not in inside:
        return start + 1, end
    if inside.count('"') == 1:
        return start + (inside[0] == '"'), end - (inside[-1] == '"' and len(inside) > 1)
    return start, end
