"""Choose how a sentence is chosen: the weights in answerers/reading.py, and its lead.

Usage: python tools/tune_choice.py [--model FOLDER] [--every 5]

Reads the five best passages for questions over the training pages that no training sees, and
prints for each weighting how often the best sentence answers, and for each lead how many passages
are read and how often another sentence wins for it. Nothing is written: the constants are few.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fit_answerability import held_out_pages

from askbot.answerers import reading
from askbot.bot import Bot
from askbot.index.bundled import ingest_pages
from askbot.reader.examples import Example, split
from askbot.reader.inference import SpanReader
from askbot.reader.types import ReaderInput
from askbot.reader.written import PAGES, load_written_pages
from askbot.resources import resource
from askbot.settings import Settings
from askbot.text import fold

PASSAGE = (0.25, 0.5, 1.0)
RETRIEVAL = (16.0, 24.0, 32.0, 40.0, 48.0)
LEADS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)


@dataclass(frozen=True)
class Candidate:
    """A sentence with a span: from the passage of which rank, its scores, whether it answers."""

    rank: int
    promise: float
    span: float
    answerable: float
    found: float
    right: bool


Question = tuple[Candidate, ...]
Score = Callable[[Candidate], float]


def candidates(bot: Bot, reader: SpanReader, example: Example) -> Question:
    """What is read for a question of a held-out page."""
    gold = [fold(example.passage[a:b]) for a, b in example.spans]
    slug = example.group.removeprefix("written/")
    found: list[Candidate] = []
    for rank, hit in enumerate(bot.search(example.question, page=slug)[: reading.READ]):
        (read,) = reader.read(example.question, [ReaderInput(hit.context, hit.text)])
        for span in read.spans:
            sentence = reading.sentence_of(example.question, hit, span, read)
            right = any(g in fold(sentence.text) for g in gold)
            at = hit.score_at(span.start, span.end)
            found.append(Candidate(rank, hit.score, span.score, read.answerable, at, right))
    return tuple(found)


def scoring(passage: float, retrieval: float) -> Score:
    """The score that `reading` would give with these weights."""
    return lambda c: c.span + passage * c.answerable + retrieval * c.found


def in_rounds(question: Question, score: Score, retrieval: float, lead: float) -> Question:
    """The candidates that are seen where reading stops at a lead."""
    ranks = [list(group) for _, group in itertools.groupby(question, key=lambda c: c.rank)]
    seen: list[Candidate] = []
    for n, group in enumerate(ranks):
        waiting = max(c.promise for rest in ranks[n:] for c in rest)
        if seen and max(map(score, seen)) - retrieval * waiting > lead:
            break
        seen += group
    return tuple(seen)


def main() -> None:
    """Read once, print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--every", type=int, default=5)
    args = parser.parse_args()
    path = Path(str(resource("corpus", "training"))) / PAGES
    _, held = split(load_written_pages(path), 0)
    asked = [e for e in held if e.spans][:: args.every]
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        ingest_pages(held_out_pages()[0], settings)
        bot, reader = Bot.open(settings), SpanReader.load(args.model)
        questions = [q for e in asked if (q := candidates(bot, reader, e))]
    print(f"{len(questions)} questions; one of the sentences answers "
          f"{sum(any(c.right for c in q) for q in questions) / len(questions):.3f}")  # fmt: skip
    for passage, retrieval in itertools.product(PASSAGE, RETRIEVAL):
        score = scoring(passage, retrieval)
        right = sum(max(q, key=score).right for q in questions) / len(questions)
        print(f"passage {passage}, retrieval {retrieval}: best sentence answers {right:.4f}")
    score = scoring(reading.PASSAGE_WEIGHT, reading.RETRIEVAL_WEIGHT)
    for lead in LEADS:
        seen = [in_rounds(q, score, reading.RETRIEVAL_WEIGHT, lead) for q in questions]
        best = [max(s, key=score) for s in seen]
        read = sum(len({c.rank for c in s}) for s in seen) / len(seen)
        pairs = list(zip(best, questions, strict=True))
        right = sum(b.right for b in best) / len(best)
        other = sum(b != max(q, key=score) for b, q in pairs) / len(best)
        print(f"lead {lead}: {read:.2f} passages, answers {right:.4f}, another one {other:.4f}")


if __name__ == "__main__":
    main()
