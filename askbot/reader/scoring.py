"""Answers of a reader in training, over whole passages, for choosing between checkpoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch

from askbot.reader.encoding import Encoder, Sequence384, collate
from askbot.reader.metric import BestThreshold, Gold, Prediction, Scores, best_threshold, evaluate
from askbot.reader.network import Reader
from askbot.reader.sampling import Item
from askbot.reader.spans import Picked, pick_spans


def read_items(
    reader: Reader, encoder: Encoder, items: Sequence[Item], budget: int = 6000
) -> Iterator[tuple[int, Picked | None, float, float]]:
    """(item number, best span, null score, answerable logit) for each item, in length order."""
    sequences = [encoder.sequence(i.question, i.context, i.passage) for i in items]
    order = sorted(range(len(items)), key=lambda n: len(sequences[n]))
    batches: list[list[int]] = [[]]
    for number in order:
        if batches[-1] and len(sequences[number]) * (len(batches[-1]) + 1) > budget:
            batches.append([])
        batches[-1].append(number)
    for batch in batches:
        chosen: list[Sequence384] = [sequences[n] for n in batch]
        made = collate(chosen)
        with torch.inference_mode():
            start, end, answer = reader(
                torch.from_numpy(made.ids),
                torch.from_numpy(made.types),
                torch.from_numpy(made.attention),
                torch.from_numpy(made.selectable),
            )
        for row, number in enumerate(batch):
            picked, null = pick_spans(
                start[row].numpy(), end[row].numpy(), chosen[row], items[number].passage
            )
            yield number, (picked[0] if picked else None), null, float(answer[row])


def score(
    reader: Reader, encoder: Encoder, items: Sequence[Item]
) -> tuple[Scores, BestThreshold, BestThreshold]:
    """Forced scores, and the best thresholds on the span margin and on the answerable logit."""
    golds = [
        Gold(str(n), (i.passage[i.span[0] : i.span[1]],) if i.span else ())
        for n, i in enumerate(items)
    ]
    by_margin: dict[str, Prediction] = {}
    by_head: dict[str, Prediction] = {}
    for number, span, _, answer in read_items(reader, encoder, items):
        text = items[number].passage[span.start : span.end] if span else ""
        by_margin[str(number)] = Prediction(text, -span.score if span else 1e9)
        by_head[str(number)] = Prediction(text, -answer)
    return (
        evaluate(golds, by_margin),
        best_threshold(golds, by_margin),
        best_threshold(golds, by_head),
    )
