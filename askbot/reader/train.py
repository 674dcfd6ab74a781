"""Train the reader: `python -m askbot.reader.train --data DIR --out DIR --minutes 100`."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from askbot.errors import AskbotError
from askbot.reader.examples import Example, load_friends, load_qed, load_squad, split
from askbot.reader.written import PAGES, UNANSWERABLE, load_unanswerable, load_written_pages

TRAINING_FILES = (
    "squadshifts_new_wiki_v1.0.json",
    "squadshifts_amazon_reviews_v1.0.json",
    "squadshifts_reddit_train.json",
)
TUNING_FILE = "squad_tune_1.1.json"
HELD_OUT = 0.05
WEIGHTS = {"friends": 0.35, "squadshifts_new_wiki_v1.0": 1.5}


def training_examples(
    data: Path, written: Path | None = None
) -> tuple[list[Example], list[Example]]:
    """(training, held-out) examples of all training sets under `data`, and of the project's own."""
    examples: list[Example] = []
    for name in TRAINING_FILES:
        examples += load_squad(data / name)
    examples += load_qed(data / "qed_dev.jsonl")
    examples += load_friends(data / "friendsqa_dev.json")
    if written is not None:
        examples += load_unanswerable(written / UNANSWERABLE, examples)
        examples += load_written_pages(written / PAGES)
    return split(examples, HELD_OUT)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; exit code 1 with one line where a file is missing or damaged."""
    parser = argparse.ArgumentParser(prog="askbot.reader.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the data sets")
    parser.add_argument("--written", type=Path, help="folder with the project's own questions")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and log")
    parser.add_argument("--minutes", type=float, default=100.0, help="training time")
    parser.add_argument("--resume", action="store_true", help="go on from OUT/last.pt")
    parser.add_argument("--start", type=Path, help="an exported model whose weights to begin with")
    parser.add_argument("--backbone", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--rate", type=float, default=2e-4, help="peak learning rate")
    parser.add_argument("--head-rate", type=float, default=1e-3, help="the same for the heads")
    parser.add_argument("--batch", type=int, default=24, help="examples a step")
    parser.add_argument("--threads", type=int, default=2, help="training threads")
    parser.add_argument("--bf16", action="store_true", help="products in bfloat16 (for AMX)")
    parser.add_argument("--freeze", type=int, default=0, help="lowest layers not to train")
    parser.add_argument("--dropout", type=float, default=0.0, help="share of values left out")
    parser.add_argument("--fresh", metavar="SLUG", help="written pages from here on count more")
    parser.add_argument("--times", type=float, default=2.0, help="how many times as often")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--steps", type=int, help="stop after this many steps")
    parser.add_argument("--every", type=float, default=600, help="seconds between checkpoints")
    parser.add_argument("--tune", type=int, default=200, help="tuning questions of each kind")
    options = parser.parse_args(arguments)
    try:
        return _train(options)
    except AskbotError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _weight(example: Example) -> float:
    """How often an example is drawn in a pass; SQuADShifts' unanswerable questions are few."""
    twice = not example.spans and example.source != "written"
    return 2.0 if twice else WEIGHTS.get(example.source, 1.0)


def _from(examples: Sequence[Example], group: str) -> set[str]:
    """That group and those that come after it; none where it is not there."""
    order = list(dict.fromkeys(example.group for example in examples))
    return set(order[order.index(group) :]) if group in order else set()


def _train(options: argparse.Namespace) -> int:
    from askbot.reader.encoding import Encoder
    from askbot.reader.network import Reader, load_backbone
    from askbot.reader.package import backbone_folder
    from askbot.reader.restore import restore
    from askbot.reader.sampling import Sampler
    from askbot.reader.scoring import score
    from askbot.reader.training import Plan, State, Trainer, freeze, fresh
    from askbot.reader.tuning import tuning_items
    from askbot.reader.wordnet import installed

    training, held = training_examples(options.data, options.written)
    held = [example for example in held if example.spans]
    tuned = load_squad(options.data / TUNING_FILE)
    options.out.mkdir(parents=True, exist_ok=True)

    def write(**fields: object) -> None:
        with (options.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({"at": time.strftime("%H:%M:%S"), **fields}) + "\n")

    import torch

    torch.manual_seed(options.seed)
    plan = Plan(
        seconds=options.minutes * 60,
        peak_rate=options.rate,
        head_rate=options.head_rate,
        batch=options.batch,
        threads=options.threads,
        micro_tokens=1200 if options.bf16 else 480,  # bfloat16 wants longer products
        seed=options.seed,
        steps=options.steps,
        frozen_layers=options.freeze,
        bf16=options.bf16,
        dropout=options.dropout,
    )
    backbone = options.backbone or backbone_folder()
    reader = Reader(plan.dropout)
    load_backbone(reader, backbone)
    if options.start:
        restore(reader, options.start)
    encoder = Encoder.from_file(backbone / "tokenizer.json", kept=50_000)
    state = fresh(reader, plan)
    last = options.out / "last.pt"
    if options.resume and last.is_file():
        state.load(last)
    freeze(state, plan.frozen_layers)
    wordnet = installed()
    sampler = Sampler(training, wordnet)
    tuning = tuning_items(tuned, wordnet, options.tune, seed=1)
    rng = random.Random(2)
    slices = {
        "tune": tuning,
        "held": tuning_items(rng.sample(held, min(len(held), 600)), wordnet, options.tune, seed=3),
    }
    # a small data folder may have nothing held out
    measured = {name: items for name, items in slices.items() if items and options.tune}
    fresh_pages = _from(training, f"written/{options.fresh}")
    weights = [_weight(e) * (options.times if e.group in fresh_pages else 1.0) for e in training]
    write(examples=len(training), held=len(held), wordnet=wordnet is not None, step=state.step)
    best = -1.0

    def checkpoint(current: State) -> None:
        nonlocal best
        current.save(last, plan)
        figures: dict[str, float] = {}
        torch.set_num_threads(options.threads)
        for name, items in measured.items():
            forced, margin, head = score(current.averaged, encoder, items)
            figures[f"{name}_forced"] = round(forced.has_answer_f1 or 0.0, 2)
            figures[f"{name}_margin"] = round(margin.f1, 2)
            figures[f"{name}_head"] = round(head.f1, 2)
        torch.set_num_threads(1)
        write(step=current.step, minutes=round(current.elapsed / 60, 1), **figures)
        if figures and (value := figures["tune_margin"] + figures["tune_forced"]) > best:
            best = value
            current.save(options.out / "best.pt", plan)

    def report(step: int, loss: float, done: float) -> None:
        write(step=step, loss=round(loss, 4), done=round(done, 4))

    Trainer(state, plan, sampler, encoder, weights).run(report, checkpoint, options.every)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
