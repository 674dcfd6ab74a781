"""Fit the probabilities on tuning data: `python -m askbot.reader.calibrate --data DIR`.

Writes `calibration.json` beside the model and prints, by five-fold cross-validation over the
questions, reliability (predicted against observed) and risk against coverage. See docs/reader.md.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from askbot.errors import AskbotError
from askbot.reader.calibration import FEATURES, FILE, Evidence, evidence_of, logistic
from askbot.reader.contrast import Neighbours, contrast_items
from askbot.reader.examples import Example, load_squad
from askbot.reader.inference import SpanReader
from askbot.reader.metric import Gold, score_one
from askbot.reader.overlap import lexical_overlap, missing_names
from askbot.reader.package import PACKAGED, backbone_folder
from askbot.reader.pages import Asked, asked_of_pages
from askbot.reader.sampling import Item
from askbot.reader.tuning import tuning_items
from askbot.reader.types import ReaderInput
from askbot.reader.wordnet import installed
from askbot.reader.written import load_unanswerable

Floats = npt.NDArray[np.float64]
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """Evidence for one question, whether the text answers it, and the F1 of the best span."""

    evidence: Evidence
    answers: bool
    f1: float
    kind: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; exit code 1 with one line where a file is missing or damaged."""
    parser = argparse.ArgumentParser(prog="askbot.reader.calibrate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the tuning file")
    parser.add_argument("--written", type=Path, help="written unanswerable questions over it")
    parser.add_argument("--model", type=Path, default=PACKAGED, help="folder of the model")
    parser.add_argument("--questions", type=int, default=400, help="answerable ones of each fit")
    parser.add_argument("--only", choices=("reader", "page"), help="just one of the fits")
    parser.add_argument("--declined", type=float, default=0.05, help="share to decline wrongly")
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args(arguments)
    try:
        reader = SpanReader.load(options.model)
        examples = load_squad(options.data / "squad_tune_1.1.json")
        if options.only != "page":
            written = load_unanswerable(options.written, examples) if options.written else []
            rows = passage_rows(reader, examples, written, options.questions, options.seed)
            used = ("span", "answerable", "second")
            _write(
                options.model, "reader", _fit_and_report("reader", rows, used, best_f1_threshold)
            )
        if options.only != "reader":
            rows = page_rows(reader, examples, options.questions, options.seed)

            def choose(chances: Floats, rows: Sequence[Row]) -> float:
                return quantile_threshold(chances, rows, options.declined)

            _write(options.model, "page", _fit_and_report("page", rows, FEATURES, choose))
    except AskbotError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _write(folder: Path, name: str, made: dict[str, object]) -> None:
    """Put one fit into the folder's file, beside the other."""
    path = folder / FILE
    fits = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    fits[name] = made
    path.write_text(json.dumps(fits, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def passage_rows(
    reader: SpanReader,
    examples: Sequence[Example],
    written: Sequence[Example],
    count: int,
    seed: int,
) -> list[Row]:
    """Questions with the passage they were asked of: as they stand, and as many unanswerable.

    The latter are the written ones; without them, half by the generators of training, half
    by others (`contrast`).
    """
    made: list[Item] = tuning_items(examples, installed(), count, seed=seed)
    items = [i for i in made if i.span]
    if written:
        items += [Item(e.question, e.context, e.passage, None, 0, "written") for e in written]
    else:
        items += [i for i in made if not i.span][: count // 2]
        near = Neighbours.of_backbone(backbone_folder())
        items += contrast_items(examples, near, count // 2, seed=seed)
    readings = reader.read_pairs([(i.question, ReaderInput(i.context, i.passage)) for i in items])
    rows = []
    for item, reading in zip(items, readings, strict=True):
        best = reading.best
        text = item.passage[best.start : best.end] if best else ""
        answers = (item.passage[item.span[0] : item.span[1]],) if item.span else ()
        f1 = score_one(Gold("", answers), text)[1]
        rows.append(Row(evidence_of([reading]), item.span is not None, f1, item.kind))
    return rows


def page_rows(reader: SpanReader, examples: Sequence[Example], count: int, seed: int) -> list[Row]:
    """Questions over a whole article, read in its five passages that look best."""
    rows = []
    for asked in asked_of_pages(examples, count, random.Random(seed)):
        readings = reader.read(asked.question, [ReaderInput("", t) for t in asked.passages])
        evidence = evidence_of(readings)
        scores = [r.spans[0].score if r.spans else float("-inf") for r in readings]
        chosen = max(range(len(scores)), key=scores.__getitem__)
        passage, best = asked.passages[chosen], readings[chosen].best
        evidence = evidence_of(
            readings,
            dense_top=asked.cosines[chosen],
            lexical_overlap=lexical_overlap(asked.question, passage),
            missing_names=missing_names(asked.question, asked.passages),
        )
        text = passage[best.start : best.end] if best else ""
        rows.append(Row(evidence, bool(asked.answers), _f1(asked, text), asked.kind))
    return rows


def _f1(asked: Asked, text: str) -> float:
    return score_one(Gold("", asked.answers), text)[1]


def fit(features: Floats, truth: Floats, penalty: float = 1.0) -> tuple[Floats, float]:
    """Weights and bias of an L2-penalised logistic regression, by Newton's method.

    Features (rows, columns) are standardised inside; the weights returned are for raw ones.
    """
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    design = np.hstack([(features - mean) / spread, np.ones((len(features), 1))])
    ridge = penalty * np.eye(design.shape[1])
    ridge[-1, -1] = 0.0
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (chance - truth) + ridge @ weights
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + ridge
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    raw = weights[:-1] / spread
    return raw, float(weights[-1] - raw @ mean)


def best_f1_threshold(chances: Floats, rows: Sequence[Row]) -> float:
    """The threshold with the highest mean F1, the empty answer counting as SQuAD 2.0 does."""
    order = np.argsort(-chances)
    gain = np.array([rows[n].f1 if rows[n].answers else -1.0 for n in order])
    best = int(np.argmax(np.concatenate([[0.0], np.cumsum(gain)])))
    if best == 0:
        return 1.0
    upper = chances[order[best - 1]]
    lower = chances[order[best]] if best < len(order) else 0.0
    return float((upper + lower) / 2)


def quantile_threshold(chances: Floats, rows: Sequence[Row], declined: float) -> float:
    """The threshold below which that share of the answerable questions falls."""
    return float(np.quantile(chances[[r.answers for r in rows]], declined))


def _fit_and_report(
    name: str,
    rows: Sequence[Row],
    used: Sequence[str],
    choose: Callable[[Floats, Sequence[Row]], float],
) -> dict[str, object]:
    columns = [FEATURES.index(feature) for feature in used]
    features = np.array([r.evidence.features() for r in rows])[:, columns]
    truth = np.array([float(r.answers) for r in rows])
    # rows of one question (as it stands, and changed) are apart: the folds are random
    folds = np.random.default_rng(0).integers(0, FOLDS, len(rows))
    chances = np.zeros(len(rows))
    for number in range(FOLDS):
        weights, bias = fit(features[folds != number], truth[folds != number])
        held = folds == number
        chances[held] = [logistic(v) for v in features[held] @ weights + bias]
    threshold = choose(chances, rows)
    weights, bias = fit(features, truth)
    _print_report(name, rows, chances, threshold)
    return {
        "weights": {f: round(float(w), 6) for f, w in zip(used, weights, strict=True)},
        "bias": round(bias, 6),
        "threshold": round(threshold, 4),
    }


def _print_report(name: str, rows: Sequence[Row], chances: Floats, threshold: float) -> None:
    out = sys.stdout.write
    truth = np.array([r.answers for r in rows])
    order = np.argsort(chances)
    ranks = np.empty(len(rows))
    ranks[order] = np.arange(1, len(rows) + 1)
    positive = int(truth.sum())
    area = (ranks[truth].sum() - positive * (positive + 1) / 2) / (
        positive * (len(rows) - positive)
    )
    out(f"\n### {name}: {positive} answerable, {len(rows) - positive} not\n\n")
    out(f"area under the ROC curve {area:.3f}, Brier {np.mean((chances - truth) ** 2):.3f}, ")
    declined = chances < threshold
    out(f"threshold {threshold:.3f}: declines {declined[~truth].mean():.3f} of the ")
    out(f"unanswerable and {declined[truth].mean():.3f} of the answerable\n\n")
    out("| predicted | questions | mean predicted | observed |\n|---|---|---|---|\n")
    for low in np.arange(0, 1, 0.1):
        inside = (chances >= low) & (chances < low + 0.1 + (low > 0.89) * 1e-9)
        if inside.any():
            out(f"| {low:.1f}–{low + 0.1:.1f} | {inside.sum()} | {chances[inside].mean():.2f} ")
            out(f"| {truth[inside].mean():.2f} |\n")
    out("\n| coverage | answered wrongly or where there is no answer (1 - mean F1) |\n|---|---|\n")
    worth = np.array([r.f1 if r.answers else 0.0 for r in rows])[order[::-1]]
    for share in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0):
        out(f"| {share:.1f} | {1 - worth[: max(1, round(share * len(rows)))].mean():.3f} |\n")
    out("\n| kind | questions | declined |\n|---|---|---|\n")
    for kind in dict.fromkeys(r.kind for r in rows):
        own = np.array([r.kind == kind for r in rows])
        out(f"| {kind} | {own.sum()} | {declined[own].mean():.3f} |\n")


if __name__ == "__main__":
    raise SystemExit(main())
