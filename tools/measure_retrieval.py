"""Measure retrieval with the learned ranking beside others.

Usage: python tools/measure_retrieval.py HOME QUESTIONS.jsonl:SLUG… [--squad FILE.json…]

Question sets are over indexed pages of HOME; entries tagged "tune" and "test" count alike, because
the ranking is learned from other pages (tools/fit_ranking.py). A SQuAD-format file is cut into
pages of 40 paragraphs, whose questions must find their own paragraph.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from askbot.bot import Bot
from askbot.embedding import DEFAULT_MODEL
from askbot.index import tables
from askbot.passages import sentence_extents
from askbot.retrieval.ranking import PLAIN, Ranking, ranking_for
from askbot.retrieval.search import lexical_share, search
from askbot.settings import Settings

LEARNED = ranking_for(DEFAULT_MODEL)
VARIANTS: dict[str, Ranking] = {
    "BM25 only": Ranking(0.0, 0.0, 1.0, 0.08),
    "cosine only": Ranking(1.0, 0.0, 0.0, 0.08),
    "cosine and BM25 by halves": Ranking(0.5, 0.0, 0.5, 0.08),
    "with the nearest sentence": PLAIN,
    "learned": LEARNED,
    "learned, BM25 0.3": replace(
        LEARNED,
        passage=0.7 * LEARNED.passage / (LEARNED.passage + LEARNED.sentence),
        sentence=0.7 * LEARNED.sentence / (LEARNED.passage + LEARNED.sentence),
        lexical=0.3,
    ),
}


def over_question_set(bot: Bot, path: str, slug: str) -> list[list[int]]:
    """Rank of the first gold passage for each variant (99: not among the first ten)."""
    ranks: list[list[int]] = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if "thread" in entry.get("tags", ()) or not entry.get("evidence"):
            continue
        (vector,) = bot.encode([entry["question"]])
        row = []
        for ranking in VARIANTS.values():
            hits = search(
                entry["question"], vector, bot.store.tables, bot.store.page, k=10, slug=slug,
                ranking=ranking,
            )  # fmt: skip
            ids = list(dict.fromkeys(hit.evidence.local_id for hit in hits))
            row.append(min((ids.index(g) for g in entry["evidence"] if g in ids), default=99))
        ranks.append(row)
    return ranks


def over_squad(bot: Bot, path: str, pages: int) -> Iterator[list[int]]:
    """As above, over pages made of a SQuAD-format file's paragraphs."""
    paragraphs = [
        p for article in json.loads(Path(path).read_text())["data"] for p in article["paragraphs"]
    ]
    random.Random(7).shuffle(paragraphs)
    for start in range(0, min(len(paragraphs), pages * 40), 40):
        part = paragraphs[start : start + 40]
        texts = [p["context"] for p in part]
        spoken = [[t[e.start : e.end] for e in sentence_extents(t)] for t in texts]
        rows = [tables.Row("x", f"p{n}", f"p{n}", 0, 0, "") for n in range(len(part))]
        with tempfile.TemporaryDirectory() as folder:
            sentences = bot.encode([s for own in spoken for s in own])
            counts = [len(own) for own in spoken]
            tables.build(Path(folder), rows, texts, bot.encode(texts), (sentences, counts))
            table = tables.load(Path(folder))
            for gold, paragraph in enumerate(part):
                for qa in paragraph["qas"][:3]:
                    yield _ranks(table, bot, qa["question"], gold)


def _ranks(table: tables.SearchTables, bot: Bot, question: str, gold: int) -> list[int]:
    (vector,) = bot.encode([question])
    lexical, every, row = lexical_share(table, question), table.rows_of(None), []
    for ranking in VARIANTS.values():
        projected = ranking.project(vector)
        fused = (
            ranking.passage * table.dense(projected, every)
            + ranking.sentence * table.best_sentence(projected, every)
            + ranking.lexical * lexical
        )
        row.append(int((fused > fused[gold]).sum()))
    return row


def show(name: str, ranks: list[list[int]]) -> None:
    """Recall at 1, 3 and 5 and mean reciprocal rank for each variant."""
    table = np.array(ranks)
    print(f"{name}: {len(table)} questions")
    for column, variant in enumerate(VARIANTS):
        r = table[:, column]
        recall = [float((r < k).mean()) for k in (1, 3, 5)]
        mrr = float((1 / (1 + r)).mean())
        print(f"  {variant}: " + " ".join(f"{v:.3f}" for v in recall) + f" mrr {mrr:.3f}")


def main() -> None:
    """Print a table for each data set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--squad", nargs="*", default=[])
    parser.add_argument("--pages", type=int, default=8)
    args = parser.parse_args()
    bot = Bot.open(Settings(home=args.home))
    for item in args.sets:
        path, _, slug = item.rpartition(":")
        show(item, over_question_set(bot, path, slug))
    for path in args.squad:
        show(path, list(over_squad(bot, path, args.pages)))


if __name__ == "__main__":
    main()
