"""Measure retrieval for a range of fusion weights.

Usage: python tools/tune_retrieval.py HOME QUESTIONS.jsonl:SLUG… [--squad FILE.json…]

Question sets are over indexed pages of HOME; only entries tagged "tune" count. A SQuAD-format file
is cut into pages of 40 paragraphs, whose questions must find their own paragraph.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np

from askbot.bot import Bot
from askbot.retrieval import search as searching
from askbot.settings import Settings

WEIGHTS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)


def over_question_set(bot: Bot, path: str, slug: str) -> list[list[int]]:
    """Rank of the first gold passage for each weight (99: not among the first ten)."""
    ranks: list[list[int]] = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if "tune" not in entry.get("tags", ()) or not entry.get("evidence"):
            continue
        row = []
        for weight in WEIGHTS:
            searching.DENSE_WEIGHT = weight
            found = [h.evidence.local_id for h in bot.search(entry["question"], page=slug, k=10)]
            ids = list(dict.fromkeys(found))
            row.append(min((ids.index(g) for g in entry["evidence"] if g in ids), default=99))
        ranks.append(row)
    return ranks


def over_squad(bot: Bot, path: str, pages: int) -> list[list[int]]:
    """As above, over pages made of a SQuAD-format file's paragraphs."""
    import tempfile

    from askbot.index import tables

    paragraphs = [
        p for article in json.loads(Path(path).read_text())["data"] for p in article["paragraphs"]
    ]
    random.Random(7).shuffle(paragraphs)
    ranks: list[list[int]] = []
    for start in range(0, min(len(paragraphs), pages * 40), 40):
        part = paragraphs[start : start + 40]
        texts = [p["context"] for p in part]
        rows = [tables.Row("x", f"p{n}", f"p{n}", 0, 0, "") for n in range(len(part))]
        with tempfile.TemporaryDirectory() as folder:
            tables.build(Path(folder), rows, texts, bot.encode(texts))
            table = tables.load(Path(folder))
            table.vectors = np.array(table.vectors)
        for gold, paragraph in enumerate(part):
            for qa in paragraph["qas"][:3]:
                (vector,) = bot.encode([qa["question"]])
                dense = table.dense(vector, table.rows_of(None))
                lexical = searching._lexical_share(table, qa["question"])
                ranks.append(
                    [
                        int(
                            (
                                w * dense + (1 - w) * lexical
                                > (w * dense + (1 - w) * lexical)[gold]
                            ).sum()
                        )
                        for w in WEIGHTS
                    ]
                )
    return ranks


def show(name: str, ranks: list[list[int]]) -> None:
    """Recall at 1, 3 and 5 and mean reciprocal rank for each weight."""
    table = np.array(ranks)
    print(f"{name}: {len(table)} questions")
    for column, weight in enumerate(WEIGHTS):
        r = table[:, column]
        recall = [float((r < k).mean()) for k in (1, 3, 5)]
        mrr = float((1 / (1 + r)).mean())
        print(f"  dense {weight:.1f}: " + " ".join(f"{v:.3f}" for v in recall) + f" mrr {mrr:.3f}")


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
        show(path, over_squad(bot, path, args.pages))


if __name__ == "__main__":
    main()
