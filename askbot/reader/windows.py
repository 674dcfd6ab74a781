"""Cutting training passages to windows of whole sentences, and batching them by length."""

from __future__ import annotations

import bisect
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from askbot.reader.encoding import Encoder, Sequence384
from askbot.reader.phrases import sentences
from askbot.reader.sampling import Item


@dataclass(frozen=True, slots=True)
class Encoded:
    """A training input: the sequence and the token indices of its span, (0, 0) for none."""

    sequence: Sequence384
    start: int
    end: int
    kind: str

    @property
    def answerable(self) -> bool:
        """Whether there is a span."""
        return self.start > 0


@lru_cache(maxsize=50_000)
def _sentence_starts(passage: str) -> tuple[int, ...]:
    return tuple(start for start, _ in sentences(passage)) or (0,)


def encode_item(
    item: Item, encoder: Encoder, rng: random.Random, wanted: int, *, longest: int = 260
) -> Encoded | None:
    """Encode an item in a window of whole sentences around its focus, `wanted` tokens or more.

    The window grows at random to either side, so that the answer may stand anywhere in it. None
    where the span cannot be had in `longest` tokens.
    """
    tokens = encoder.tokens(item.passage)
    if not tokens.ids:
        return None
    begins = [start for start, _ in tokens.offsets]
    low, high = item.span or (item.focus, item.focus + 1)
    bounds = [bisect.bisect_left(begins, s) for s in _sentence_starts(item.passage)]
    bounds = [0, *bounds[1:], len(begins)]
    at_low = bisect.bisect_right(begins, low) - 1
    at_high = max(at_low, bisect.bisect_left(begins, high) - 1)
    left = max(0, bisect.bisect_right(bounds, at_low) - 1)
    right = max(left + 1, bisect.bisect_left(bounds, at_high + 1))
    while bounds[right] - bounds[left] < wanted and (left > 0 or right < len(bounds) - 1):
        if right == len(bounds) - 1 or (left > 0 and rng.random() < 0.5):
            left -= 1
        else:
            right += 1
    first, last = bounds[left], bounds[right]
    if last - first > longest:
        first = max(first, min(at_low - rng.randint(0, longest // 2), last - longest))
        last = first + longest
    if at_high >= last:
        return None
    sequence = encoder.sequence(item.question, item.context, item.passage, first, last)
    if item.span is None:
        return Encoded(sequence, 0, 0, item.kind)
    start, end = at_low - first + sequence.first, at_high - first + sequence.first
    if end >= len(sequence) - 1:
        return None
    return Encoded(sequence, start, end, item.kind)


def bucketed(items: Sequence[Encoded], budget: int, rng: random.Random) -> list[list[Encoded]]:
    """Micro-batches of like length, each of at most `budget` padded tokens, in random order."""
    ordered = sorted(items, key=lambda i: len(i.sequence) + rng.random())
    batches: list[list[Encoded]] = [[]]
    for item in ordered:
        if batches[-1] and len(item.sequence) * (len(batches[-1]) + 1) > budget:
            batches.append([])
        batches[-1].append(item)
    rng.shuffle(batches)
    return batches
