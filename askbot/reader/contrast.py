"""Unanswerable questions by other means than training's, to see whether the reader generalises.

Used for tuning and calibration only: words replaced by neighbours in the backbone's own word
embeddings, questions spliced from two of the same passage, and real questions of the paragraph
next door.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from askbot.reader.examples import Example
from askbot.reader.phrases import STOP_WORDS, is_number, phrases, words
from askbot.reader.sampling import Item

_NEAREST, _SKIPPED = 12, 2
_KINDS = ("neighbour", "splice", "neighbour", "next")


class Neighbours:
    """Nearest words by cosine of static word embeddings; the very nearest are skipped."""

    def __init__(self, table: npt.NDArray[np.float32], vocabulary: Sequence[str]) -> None:
        """`table` has a row a word of `vocabulary`."""
        kept = [n for n, word in enumerate(vocabulary) if word.isalpha() and len(word) > 3]
        self._words = [vocabulary[n] for n in kept]
        rows = table[kept]
        self._rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        self._place = {word: n for n, word in enumerate(self._words)}

    @classmethod
    def of_backbone(cls, folder: Path) -> Neighbours:
        """From a sentence-transformers folder of all-MiniLM-L6-v2."""
        from safetensors.numpy import load_file

        table = load_file(str(folder / "model.safetensors"))["embeddings.word_embeddings.weight"]
        vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        return cls(table, vocabulary)

    def of(self, word: str) -> list[str]:
        """Neighbours of a lower-cased word that do not begin as it does; none if unknown."""
        place = self._place.get(word)
        if place is None:
            return []
        near = np.argsort(-(self._rows @ self._rows[place]))[1 : _NEAREST + 1]
        found = [self._words[n] for n in near if self._words[n][:4] != word[:4]]
        return found[_SKIPPED:]


def neighbour(question: str, near: Neighbours, rng: random.Random) -> str | None:
    """One content word replaced by a neighbour."""
    options = [(s, e, w) for s, e, w in words(question) if w not in STOP_WORDS and not is_number(w)]
    rng.shuffle(options)
    for start, end, word in options:
        found = near.of(word)
        if found:
            new = rng.choice(found)
            new = new.capitalize() if question[start].isupper() else new
            return question[:start] + new + question[end:]
    return None


def splice(one: str, other: str) -> str | None:
    """The opening of one question, up to its first phrase, with the rest of another."""
    first, second = phrases(one), phrases(other)
    if not first or not second or first[0].start == 0:
        return None
    made = one[: first[0].start] + other[second[0].start :]
    return made if made.lower() not in (one.lower(), other.lower()) else None


def contrast_items(
    examples: Sequence[Example], near: Neighbours, count: int, *, seed: int
) -> list[Item]:
    """`count` unanswerable items: half by neighbours, the rest spliced or from next door."""
    rng = random.Random(seed)
    by_passage: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_passage[example.passage].append(example)
    passages = list(by_passage)
    found: list[Item] = []
    for _ in range(8 * count):
        if len(found) == count:
            break
        example = rng.choice(list(examples))
        question: str | None = None
        passage, kind = (
            example.passage,
            ("neighbour", "splice", "neighbour", "next")[len(found) % 4],
        )
        if kind == "neighbour":
            question = neighbour(example.question, near, rng)
        elif kind == "splice":
            question = splice(example.question, rng.choice(by_passage[passage]).question)
        else:
            place = passages.index(passage) + rng.choice((-1, 1))
            if 0 <= place < len(passages):
                passage, question = passages[place], example.question
            if by_passage[passage][0].group != example.group or any(
                answer.lower() in passage.lower() for answer in example.answers
            ):
                question = None
        if question:
            found.append(Item(question, example.context, passage, None, 0, kind))
    return found
