"""Learn what passages are ranked by: the matrix that a question's vector goes through, and weights.

Usage: python tools/fit_ranking.py [--pages FILE.jsonl] [--cache FILE.npz] [--bf16]

Every answerable question of a training page must put the part that answers it before the page's
other parts (a softmax over them). The pages that no training sees (`examples.held_out`) are
measured on only. Encoding takes twenty minutes on two cores, a third of it with `--bf16` where the
processor has AMX; `--cache` keeps the vectors.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from askbot.discussion import Extent
from askbot.embedding import PageEncoder
from askbot.index import tables
from askbot.passages import Passage, sentence_texts, spoken_by
from askbot.reader.examples import Example, held_out
from askbot.reader.written import has_headline
from askbot.retrieval import ranking, search
from askbot.settings import Settings
from askbot.text import numbers

RATE, EPOCHS, PAGES_A_STEP = 3e-4, 3, 4


@dataclass(frozen=True, slots=True)
class AskedPage:
    """A page's passages (n), their sentences (m), and its questions (q).

    Attributes:
        owner: (m,) the passage that each sentence stands in.
        known: (q, n, 3) BM25 share, whether a number and whether the author is in the question.
        shapes: (n, 2) whether a passage is of the article, and how long it is.
        gold: (q,) the passage that answers.
    """

    questions: Tensor
    passages: Tensor
    sentences: Tensor
    owner: Tensor
    known: Tensor
    shapes: Tensor
    gold: Tensor


class Vectors:
    """Encodes texts, and keeps what it has encoded."""

    def __init__(self, cache: Path | None) -> None:
        self._path, self._known = cache, {}
        if cache and cache.is_file():
            with np.load(cache) as saved:
                self._known = dict(zip(saved["keys"].tolist(), saved["vectors"], strict=True))

    def learn(self, texts: Iterable[str]) -> None:
        new = [t for t in dict.fromkeys(texts) if _key(t) not in self._known]
        if new:
            new.sort(key=len)
            made = PageEncoder(Settings()).encode(new)
            self._known.update((_key(t), v) for t, v in zip(new, made, strict=True))
            if self._path:
                keys, rows = list(self._known), np.stack(list(self._known.values()))
                np.savez(self._path, keys=np.array(keys), vectors=rows)

    def of(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self._known[_key(t)] for t in texts])


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def read_pages(path: Path, cache: Path | None) -> dict[str, AskedPage]:
    """The training pages with their answerable questions, by name."""
    parts: dict[str, list[Passage]] = {}
    authors: dict[str, list[str]] = {}
    asked: dict[str, list[tuple[str, int]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        name = row["page"]
        if "parts" in row:
            title = row["title"] if has_headline(name) else ""
            by = {p["id"]: p.get("author") for p in row["parts"]}
            authors[name] = [by[p["id"]] or "" for p in row["parts"]]
            parts[name] = [
                Passage(p["id"], p["id"], Extent(0, len(p["text"])), p["text"],
                        spoken_by(by[p["id"]], by.get(p["id"].rpartition(".")[0]), title)
                        if by[p["id"]] else title)
                for p in row["parts"]
            ]  # fmt: skip
        elif row["a"] is not None:
            ids = [p.part_id for p in parts[name]]
            asked.setdefault(name, []).append((row["q"], ids.index(row["part"])))
    vectors = Vectors(cache)
    vectors.learn(
        text
        for name, passages in parts.items()
        for text in (
            *(p.searchable for p in passages),
            *(s for p in passages for s in sentence_texts(p)),
            *(q for q, _ in asked.get(name, ())),
        )
    )
    return {n: _page(parts[n], authors[n], asked[n], vectors) for n in parts if n in asked}


def _page(
    passages: Sequence[Passage],
    authors: Sequence[str],
    asked: Sequence[tuple[str, int]],
    vectors: Vectors,
) -> AskedPage:
    spoken = [sentence_texts(p) for p in passages]
    matrix = vectors.of([p.searchable for p in passages])
    rows = [tables.Row("x", p.key, p.part_id, 0, p.extent.end, "") for p in passages]
    with tempfile.TemporaryDirectory() as folder:
        tables.build(Path(folder), rows, [p.searchable for p in passages], matrix)
        table = tables.load(Path(folder))
        known = np.stack([_known(table, q, passages, authors) for q, _ in asked])
    return AskedPage(
        torch.tensor(vectors.of([q for q, _ in asked])),
        torch.tensor(matrix),
        torch.tensor(vectors.of([s for part in spoken for s in part])),
        torch.tensor([n for n, part in enumerate(spoken) for _ in part]),
        torch.tensor(known),
        torch.tensor(table.shapes),
        torch.tensor([gold for _, gold in asked]),
    )


def _known(
    table: tables.SearchTables, question: str, passages: Sequence[Passage], authors: Sequence[str]
) -> np.ndarray:
    asked = set(numbers(question))
    low = question.casefold()
    return np.stack(
        [
            search.lexical_share(table, question),
            np.array([bool(asked & set(numbers(p.text))) for p in passages], np.float32),
            np.array([bool(a) and a.casefold() in low for a in authors], np.float32),
        ],
        axis=1,
    ).astype(np.float32)


def scores(page: AskedPage, projection: Tensor, shares: Tensor) -> Tensor:
    """(q, n) fused scores, as `search` computes them."""
    asked = F.normalize(page.questions @ projection, dim=1)
    nearest = torch.full((len(asked), len(page.passages)), -1.0).scatter_reduce(
        1, page.owner[None].expand(len(asked), -1), asked @ page.sentences.T, "amax",
        include_self=False,
    )  # fmt: skip
    weights = torch.softmax(shares[:3], 0)
    return (
        weights[0] * (asked @ page.passages.T)
        + weights[1] * nearest
        + weights[2] * page.known[..., 0]
        + shares[3] * page.known[..., 1]
        + (page.shapes @ shares[4:])[None]
        + search.AUTHOR_BONUS * page.known[..., 2]
    )


def recall(pages: Sequence[AskedPage], projection: Tensor, shares: Tensor) -> list[float]:
    """Share of questions whose part is among the first 1, 3 and 5."""
    ranks = []
    with torch.no_grad():
        for page in pages:
            found = scores(page, projection, shares)
            ranks.append((found > found.gather(1, page.gold[:, None])).sum(1))
    all_ranks = torch.cat(ranks)
    return [round(float((all_ranks < k).float().mean()), 4) for k in (1, 3, 5)]


def main() -> None:
    """Fit, print what it gains, and write `askbot/retrieval/ranking.npz`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, default=Path("corpus/training/pages.jsonl"))
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--bf16", action="store_true", help="encode in bfloat16 (for AMX)")
    args = parser.parse_args()
    torch.manual_seed(7)
    with torch.autocast("cpu", torch.bfloat16, enabled=args.bf16):
        pages = read_pages(args.pages, args.cache)
    kept = {n for n in pages if held_out(Example("", "", "", (), f"written/{n}", ""), 0.05)}
    training, held = ([p for n, p in pages.items() if (n in kept) == k] for k in (False, True))
    counts = [sum(len(p.gold) for p in group) for group in (training, held)]
    print(f"{len(training)} pages, {len(held)} held out; questions: {counts}")
    width = training[0].questions.shape[1]
    start = ranking.PLAIN
    projection = torch.eye(width).requires_grad_()
    cosines = (start.passage, start.sentence, start.lexical)
    shares = torch.tensor(
        [*map(float, np.log(cosines)), start.number, start.article, start.length]
    ).requires_grad_()
    heat = torch.tensor(20.0).requires_grad_()
    print(
        "cosine and BM25 by halves",
        recall(held, torch.eye(width), torch.tensor([6.0, -6, 6, 0.08, 0, 0])),
    )
    print("plain", recall(held, projection, shares))
    optimizer = torch.optim.Adam(
        [{"params": [projection], "lr": RATE}, {"params": [shares], "lr": 0.01},
         {"params": [heat], "lr": 0.1}]
    )  # fmt: skip
    steps = args.epochs * (len(training) // PAGES_A_STEP + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: max(0.0, 1 - n / steps))
    order = random.Random(7)
    for epoch in range(args.epochs):
        order.shuffle(training)
        for first in range(0, len(training), PAGES_A_STEP):
            step = training[first : first + PAGES_A_STEP]
            losses = [
                F.cross_entropy(heat * scores(p, projection, shares), p.gold, reduction="sum")
                for p in step
            ]
            optimizer.zero_grad()
            (torch.stack(losses).sum() / sum(len(p.gold) for p in step)).backward()
            optimizer.step()
            schedule.step()
        weights = [round(w, 3) for w in torch.softmax(shares.detach()[:3], 0).tolist()]
        print(f"epoch {epoch + 1}: held out {recall(held, projection, shares)}, "
              f"training {recall(training, projection, shares)}, shares {weights}, "
              f"number, article, length {[round(w, 3) for w in shares[3:].tolist()]}, "
              f"heat {heat.item():.1f}", flush=True)  # fmt: skip
    final = [*torch.softmax(shares[:3], 0).tolist(), *shares[3:].tolist()]
    target = Path("askbot/retrieval") / ranking.FILE
    np.savez_compressed(
        target,
        weights=np.array(final),
        projection=projection.detach().numpy().astype(np.float16),
    )
    print(f"{target}: {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
