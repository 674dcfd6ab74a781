"""Fit the ranking weights on CANARD: `python -m askbot.conversation.fit --data canard_dev.json`.

A conditional logit over the candidates of each reference (which of them did the person write in its
place?), with a Gaussian prior centred on hand-set weights: what CANARD cannot teach, having no
commenters and no citations, stays as set. Each example is used twice, with the article's title
among the candidates and without it, since a news page's headline names nobody.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from askbot.conversation.canard import Example, added, as_turn, read, stem_counts
from askbot.conversation.candidates import FEATURES, candidates
from askbot.conversation.gate import references
from askbot.conversation.names import names_of
from askbot.conversation.phrases import phrases
from askbot.conversation.resolve import kinds, ranked_features
from askbot.conversation.tokens import tokenize

PRIOR: dict[str, float] = {
    "question": 3.0, "question_first": 0.6, "question_last": 0.3, "question_about": 0.8,
    "older_question": 1.8, "short_answer": 2.2, "answer": 1.0, "answer_first": 1.4,
    "older_answer": 0.3, "cited_author": 0.4, "quote": 0.3, "title": 0.5, "name": 0.6,
    "author": 0.6, "again": 0.5, "length": 0.1, "fits": 0.8, "doubtful": -0.8, "asked": 2.5,
    "gender": 0.7,
}  # fmt: skip
PRIOR_BY_KIND: dict[str, dict[str, float]] = {
    "plural": {"name": 0.5, "author": -1.5, "cited_author": 0.0},
    "thing": {"question_about": 1.2, "question_last": 0.8, "name": 0.8},
    "noun": {"fits": 3.0},
}


FIRM = {"plural": {"name": 100.0}, "thing": {"name": 100.0}}
"""Priors that hold against the data: CANARD's articles are about bands and albums, whose names are
what "they" and "it" mean there; on a news page they rather are the last question's plain nouns."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One reference: features (candidates, features) and which candidates are right."""

    dialogue: str
    kind: str
    features: NDArray[np.float64]
    right: NDArray[np.bool_]


def choices(examples: Sequence[Example]) -> list[Choice]:
    """The references of CANARD whose referent is among the candidates.

    Earlier questions are taken as people completed them, so that one wrong choice does not spoil
    those after it.
    """
    rewrites = {(e.dialogue, e.number): e.rewrite for e in examples}
    made: list[Choice] = []
    for example in examples:
        wanted = added(example.question, example.rewrite)
        if not example.history or not wanted:
            continue
        turns = [
            as_turn(question, rewrites.get((example.dialogue, n), question), answer)
            for n, (question, answer) in enumerate(example.history, 1)
        ]
        names = names_of(example.page)
        tokens = tokenize(example.question)
        own = frozenset(p.key for p in phrases(example.question, names, tokens=tokens))
        everything = candidates(turns, example.page, names)
        untitled = [
            c for c in everything if set(c.features) - {"title", "name", "author", "length"}
        ]
        for reference in references(tokens, example.question, names):
            if reference.kind not in kinds():
                continue
            for found in (everything, untitled):
                rows, right = [], []
                for candidate, features in ranked_features(reference, found, own):
                    stems = frozenset(stem_counts(candidate.text))
                    rows.append(
                        [
                            features.get(f, 0.0) * (f != "title" or found is everything)
                            for f in FEATURES
                        ]
                    )
                    right.append(bool(stems) and len(stems & wanted) * 2 >= len(stems))
                if any(right) and not all(right):
                    made.append(
                        Choice(example.dialogue, reference.kind, np.array(rows), np.array(right))
                    )
    return made


def prior(kind: str) -> NDArray[np.float64]:
    """The hand-set weights of a kind of reference."""
    own = {**PRIOR, **PRIOR_BY_KIND.get(kind, {})}
    return np.array([own.get(name, 0.0) for name in FEATURES])


def fit(
    data: Sequence[Choice], kind: str, *, strength: float = 2.0, steps: int = 300
) -> NDArray[np.float64]:
    """Weights that maximise the posterior, by gradient ascent with Adam (Kingma & Ba 2015)."""
    start = prior(kind)
    if not data:
        return start
    firm = strength * np.array([FIRM.get(kind, {}).get(name, 1.0) for name in FEATURES])
    rows = np.concatenate([c.features for c in data])
    right = np.concatenate([c.right for c in data]).astype(float)
    sizes = np.array([len(c.right) for c in data])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    weights = start.copy()
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, steps + 1):
        scores = rows @ weights
        shares = np.exp(scores - np.repeat(np.maximum.reduceat(scores, first), sizes))
        of_all = shares / np.repeat(np.add.reduceat(shares, first), sizes)
        of_right = shares * right
        of_right = of_right / np.repeat(np.maximum(np.add.reduceat(of_right, first), 1e-300), sizes)
        gradient = rows.T @ (of_right - of_all) - firm * (weights - start)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        weights += 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def accuracy(data: Sequence[Choice], weights: NDArray[np.float64]) -> float:
    """Share of references whose best candidate is a right one."""
    return (
        float(np.mean([c.right[int(np.argmax(c.features @ weights))] for c in data]))
        if data
        else 0.0
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, report accuracy on held-out dialogues, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="a CANARD file (dev.json)")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("weights.json"))
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args(arguments)
    data = choices(list(read(options.data)))
    dialogues = sorted({c.dialogue for c in data})
    fold = {d: n % options.folds for n, d in enumerate(dialogues)}
    weights: dict[str, dict[str, float]] = {}
    report: dict[str, dict[str, float]] = {}
    for kind in kinds():
        own = [c for c in data if c.kind == kind]
        held, before = [], []
        for n in range(options.folds):
            test = [c for c in own if fold[c.dialogue] == n]
            if test:
                learnt = fit([c for c in own if fold[c.dialogue] != n], kind)
                held.append(accuracy(test, learnt) * len(test))
                before.append(accuracy(test, prior(kind)) * len(test))
        final = fit(own, kind)
        weights[kind] = {n: round(float(w), 3) for n, w in zip(FEATURES, final, strict=True)}
        report[kind] = {
            "references": len(own),
            "held_out_accuracy": round(sum(held) / max(len(own), 1), 4),
            "hand_set_accuracy": round(sum(before) / max(len(own), 1), 4),
        }
        sys.stdout.write(f"{kind}: {report[kind]}\n")
    record = {
        "fitted_on": "CANARD dev (Elgohary, Peskov & Boyd-Graber 2019), CC BY-SA 4.0",
        "method": "conditional logit with a Gaussian prior on hand-set weights; see fit.py",
        "report": report,
        "weights": weights,
    }
    options.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
