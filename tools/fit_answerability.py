"""Fit the probability that a page answers a question, and print how good it is.

Usage: python tools/fit_answerability.py [--model FOLDER] [--declined 0.08] [--every 3]

Asks the bundled question sets of their pages (and a share of them of the wrong page), and those
training pages that training holds out; reads what is found with the reader, and fits the logistic
on the entries tagged "tune" and the held-out pages. The threshold declines `--declined` of the
answerable ones among them. `--every 3` takes each third question of the held-out pages. The
figures printed are on the entries tagged "test".
Writes the "page" fit into the model's calibration.json.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from askbot import sources
from askbot.answerers.reading import ReaderScorer
from askbot.bot import Bot
from askbot.discussion import Page
from askbot.index.bundled import ingest_pages
from askbot.reader.calibrate import fit
from askbot.reader.calibration import FEATURES, FILE, Evidence
from askbot.reader.examples import split
from askbot.reader.package import PACKAGED
from askbot.reader.written import PAGES as WRITTEN_PAGES
from askbot.reader.written import has_headline, load_written_pages
from askbot.resources import resource
from askbot.settings import Settings
from askbot.sources.builder import PageBuilder

PAGES = {
    "secure-communities": ("secure-communities.txt", "questions.jsonl"),
    "night-bus": ("extra/night-bus.html", "extra/night-bus.questions.jsonl"),
    "beavers": ("extra/beavers.txt", "extra/beavers.questions.jsonl"),
    "compost": ("extra/compost.hn.json", "extra/compost.questions.jsonl"),
}
USED = (
    "span", "answerable", "margin", "second", "dense_top", "missing_names", "lead", "yes_or_no",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A question's evidence and whether its page answers it."""

    evidence: Evidence
    answers: bool
    tune: bool
    easy: bool


def held_out_pages() -> tuple[list[Page], list[tuple[str, str, bool]]]:
    """Training pages that no training sees, and (question, slug, has an answer) for each."""
    path = Path(str(resource("corpus", "training"))) / WRITTEN_PAGES
    _, held = split(load_written_pages(path), 0)
    asked = [(e.question, e.group.removeprefix("written/"), bool(e.spans)) for e in held]
    slugs = {slug for _, slug, _ in asked}
    pages: list[Page] = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if "parts" not in row or row["page"] not in slugs:
            continue
        builder = PageBuilder(slug=row["page"], origin="corpus/training", format="written")
        handles: dict[str, int] = {}
        for part in row["parts"]:
            if "author" not in part:
                builder.paragraph(part["text"])
                continue
            parent = handles.get(part["id"].rpartition(".")[0])
            name = part["author"]
            handles[part["id"]] = builder.comment(name, f"{name} says:", parent=parent)
            builder.comment_text(handles[part["id"]], part["text"])
        pages.append(builder.build(title=row["title"] if has_headline(row["page"]) else ""))
    return pages, asked


def rows(bot: Bot, scorer: ReaderScorer, more: list[tuple[str, str, bool]]) -> list[Row]:
    """Evidence for every single content question, and for some asked of the wrong page."""
    made: list[Row] = []
    entries = [(question, slug, answers, True) for question, slug, answers in more]
    for slug, (_, name) in PAGES.items():
        for line in resource("corpus", name).read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            tags = entry.get("tags", ())
            if "turns" not in entry and "thread" not in tags:
                answers = entry.get("answerable", True)
                entries.append((entry["question"], slug, answers, "tune" in tags))
    for question, slug, answers, tune in entries:
        made += _row(bot, scorer, question, slug, answers, tune, easy=False)
    answerable = [(question, slug, tune) for question, slug, answers, tune in entries if answers]
    chance = random.Random(5)
    for question, slug, tune in chance.sample(answerable, len(answerable) // 4):
        other = chance.choice([s for s in PAGES if s != slug])
        made += _row(bot, scorer, question, other, False, tune, easy=True)
    return made


def _row(
    bot: Bot, scorer: ReaderScorer, question: str, slug: str, answers: bool, tune: bool, easy: bool
) -> list[Row]:
    _, evidence = scorer.read(question, bot.search(question, page=slug))
    return [] if evidence is None else [Row(evidence, answers, tune, easy)]


def main() -> None:
    """Fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=PACKAGED)
    parser.add_argument("--declined", type=float, default=0.08)
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    scorer = ReaderScorer(args.model)
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        for slug, (name, _) in PAGES.items():
            pages = sources.read(str(resource("corpus", name)), settings=settings, slug=slug)
            ingest_pages(pages, settings, replace_slug=True)
        pages, more = held_out_pages()
        ingest_pages(pages, settings)
        made = rows(Bot.open(settings), scorer, more[:: args.every])
    columns = [FEATURES.index(name) for name in USED]
    features = np.array([[row.evidence.features()[c] for c in columns] for row in made])
    truth = np.array([float(row.answers) for row in made])
    tune = np.array([row.tune for row in made])
    weights, bias = fit(features[tune], truth[tune], penalty=2.0)
    chance = 1 / (1 + np.exp(-(features @ weights + bias)))
    threshold = float(np.quantile(chance[tune & (truth == 1)], args.declined))
    hard = np.array([not row.easy for row in made])
    for name, part in (("tune", tune), ("test", ~tune)):
        no, yes = part & (truth == 0), part & (truth == 1)
        print(
            f"{name}: {yes.sum()} answerable, {no.sum()} not; declined at {threshold:.3f}: "
            f"{(chance[yes] < threshold).mean():.3f} of the answerable, "
            f"{(chance[no] < threshold).mean():.3f} of the others, "
            f"{(chance[no & hard] < threshold).mean():.3f} of those asked of their own page; "
            f"AUROC {_auroc(chance[part], truth[part]):.3f}"
        )
    path = args.model / FILE
    fits = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    fits["page"] = {
        "weights": dict(zip(USED, map(float, weights), strict=True)),
        "bias": float(bias),
        "threshold": threshold,
    }
    path.write_text(json.dumps(fits, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _auroc(chance: np.ndarray, truth: np.ndarray) -> float:
    ranks = np.argsort(np.argsort(chance))
    yes = truth == 1
    pairs = yes.sum() * (~yes).sum()
    return float((ranks[yes].sum() - yes.sum() * (yes.sum() - 1) / 2) / pairs)


if __name__ == "__main__":
    main()
