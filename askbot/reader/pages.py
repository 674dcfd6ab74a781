"""Tuning questions asked of whole pages: an article's paragraphs stand for a page's passages."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from askbot.reader.examples import Example
from askbot.reader.phrases import content_words
from askbot.reader.sampling import Sampler
from askbot.reader.tuning import UNANSWERABLE
from askbot.reader.wordnet import installed

CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its candidate passages best first, and their cosines to it.

    `answers` is empty where the page does not answer.
    """

    question: str
    passages: tuple[str, ...]
    cosines: tuple[float, ...]
    answers: tuple[str, ...]
    kind: str


def asked_of_pages(examples: Sequence[Example], count: int, rng: random.Random) -> Iterator[Asked]:
    """`count` answerable questions, and `count` that their page does not answer.

    A third of the latter are changed questions (the generators of training), a third questions
    whose own paragraph is taken off the page, and a third questions asked of another page.
    """
    pages: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        if example.passage not in pages[example.group]:
            pages[example.group].append(example.passage)
    sampler = Sampler(examples, installed())
    dense = Dense()
    chosen = rng.sample(list(examples), min(len(examples), 2 * count))
    kinds, weights = zip(*[k for k in UNANSWERABLE if k[0] not in _PASSAGE_KINDS], strict=True)
    for number, example in enumerate(chosen):
        page, question, kind = pages[example.group], example.question, "answerable"
        if number >= count:
            kind = ("changed", "removed", "elsewhere")[number % 3]
            if kind == "changed":
                item = sampler.make(rng.choices(kinds, weights)[0], example, rng)
                if item is None:
                    continue
                question = item.question
            elif kind == "removed":
                page = [p for p in page if not any(a in p for a in example.answers)]
            else:
                page = pages[rng.choice([g for g in pages if g != example.group])]
        answers = example.answers if kind == "answerable" else ()
        yield _ask(question, page, answers, kind, dense)


_PASSAGE_KINDS = ("passage_swap", "removed", "same_page")


def _ask(
    question: str, page: Sequence[str], answers: tuple[str, ...], kind: str, dense: Dense
) -> Asked:
    cosines = dense.cosines(question, page)
    lexical = _idf_overlap(question, page)
    # reciprocal ranks of the two lists summed (Cormack et al., 2009)
    fused: Counter[int] = Counter()
    for scores in (cosines, lexical):
        for rank, number in enumerate(sorted(range(len(page)), key=lambda n: -scores[n])):
            fused[number] += 1 / (60 + rank)  # type: ignore[assignment]
    top = [number for number, _ in fused.most_common(CANDIDATES)]
    return Asked(
        question, tuple(page[n] for n in top), tuple(cosines[n] for n in top), answers, kind
    )


def _idf_overlap(question: str, page: Sequence[str]) -> list[float]:
    sets = [set(content_words(p)) for p in page]
    wanted = set(content_words(question))
    weight = {w: math.log((len(page) + 1) / (1 + sum(w in s for s in sets))) for w in wanted}
    return [sum(weight[w] for w in wanted & s) for s in sets]


class Dense:
    """Cosines by the sentence encoder that the pages are indexed with."""

    def __init__(self) -> None:
        from sentence_transformers import SentenceTransformer

        from askbot.reader.package import backbone_folder

        self._model = SentenceTransformer(str(backbone_folder()), device="cpu")
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    def cosines(self, question: str, texts: Sequence[str]) -> list[float]:
        """Cosine of the question to each text."""
        new = [t for t in texts if t not in self._known]
        if new:
            made = self._model.encode(new, normalize_embeddings=True, show_progress_bar=False)
            self._known.update(zip(new, made, strict=True))
        asked = self._model.encode([question], normalize_embeddings=True, show_progress_bar=False)
        return [float(asked[0] @ self._known[t]) for t in texts]
