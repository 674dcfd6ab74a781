"""Fixed sets of answerable and unanswerable questions, made once from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence

from askbot.reader.examples import Example
from askbot.reader.sampling import Item, Sampler
from askbot.reader.wordnet import WordNet

UNANSWERABLE = (
    ("swap", 0.36),
    ("opposite", 0.14),
    ("sister", 0.12),
    ("negate", 0.1),
    ("condition", 0.04),
    ("passage_swap", 0.06),
    ("removed", 0.06),
    ("same_page", 0.12),
)


def tuning_items(
    examples: Sequence[Example], wordnet: WordNet | None, count: int, *, seed: int
) -> list[Item]:
    """`count` answerable questions as they stand and about as many unanswerable ones."""
    if not examples:
        return []
    rng = random.Random(seed)
    sampler = Sampler(examples, wordnet)
    chosen = rng.sample(list(examples), min(count, len(examples)))
    items = [
        Item(e.question, e.context, e.passage, e.spans[0], e.spans[0][0], "answerable")
        for e in chosen
    ]
    kinds, weights = zip(*UNANSWERABLE, strict=True)
    made = 0
    for _ in range(count * 4):
        if made == count:
            break
        item = sampler.make(rng.choices(kinds, weights)[0], rng.choice(list(examples)), rng)
        if item and item.span is None:
            items.append(item)
            made += 1
    return items
