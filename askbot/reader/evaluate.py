"""Score the shipped reader on SQuAD-format files: `python -m askbot.reader.evaluate FILE.json`.

Prints what the SQuAD 1.1 and 2.0 scripts print (exact match, F1, HasAns/NoAns, best thresholds).
The answer is the best span of the passage; a question is declined where the reader's own
probability of an answer (calibration.json, "reader") is below the threshold. `--forced` never
declines. One line of JSON a file.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from askbot.errors import AskbotError
from askbot.reader.calibration import Calibration
from askbot.reader.examples import Example, load_squad
from askbot.reader.inference import SpanReader
from askbot.reader.metric import Gold, Prediction, best_threshold, evaluate
from askbot.reader.types import ReaderInput, Reading

CHUNK = 256


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; exit code 1 with one line where a file is missing or damaged."""
    parser = argparse.ArgumentParser(prog="askbot.reader.evaluate", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", help="SQuAD 1.1 or 2.0 format")
    parser.add_argument("--forced", action="store_true", help="always answer")
    parser.add_argument("--threshold", type=float, help="decline below this probability")
    parser.add_argument("--model", type=Path, help="folder of the model (default: the packaged)")
    parser.add_argument("--limit", type=int, help="only the first N questions")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--predictions", type=Path, help="write {id: answer} here as JSON")
    options = parser.parse_args(arguments)
    try:
        reader = SpanReader.load(options.model, threads=options.threads)
        calibration = Calibration.load("reader", options.model)
        threshold = calibration.threshold if options.threshold is None else options.threshold
        written: dict[str, str] = {}
        for path in options.files:
            examples = load_squad(path)[: options.limit]
            report = score_file(
                reader, calibration, examples, None if options.forced else threshold, written
            )
            sys.stdout.write(json.dumps({"file": path.name, **report}) + "\n")
            sys.stdout.flush()
        if options.predictions:
            options.predictions.write_text(json.dumps(written), encoding="utf-8")
    except AskbotError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def read_all(reader: SpanReader, examples: Sequence[Example]) -> list[Reading]:
    """Readings of all examples, in their order, in chunks of like length."""
    order = sorted(range(len(examples)), key=lambda n: len(examples[n].passage))
    readings: dict[int, Reading] = {}
    for at in range(0, len(order), CHUNK):
        numbers = order[at : at + CHUNK]
        pairs = [
            (examples[n].question, ReaderInput(examples[n].context, examples[n].passage))
            for n in numbers
        ]
        readings.update(zip(numbers, reader.read_pairs(pairs), strict=True))
    return [readings[n] for n in range(len(examples))]


def score_file(
    reader: SpanReader,
    calibration: Calibration,
    examples: Sequence[Example],
    threshold: float | None,
    written: dict[str, str] | None = None,
) -> dict[str, object]:
    """The report of one file; `threshold` is a probability, None to always answer."""
    began = time.monotonic()
    golds, predictions = [], {}
    for example, reading in zip(examples, read_all(reader, examples), strict=True):
        golds.append(Gold(example.id, example.answers))
        best = reading.best
        text = example.passage[best.start : best.end] if best else ""
        probability = calibration.of_reading(reading)
        predictions[example.id] = Prediction(text, 1 - probability)
        if written is not None:
            written[example.id] = text if threshold is None or probability >= threshold else ""
    scores = evaluate(golds, predictions, None if threshold is None else 1 - threshold)
    forced = evaluate(golds, predictions)
    report: dict[str, object] = {
        "threshold": threshold,
        **asdict(scores),
        "forced_has_answer_exact": forced.has_answer_exact,
        "forced_has_answer_f1": forced.has_answer_f1,
    }
    if scores.no_answer_total:
        report |= {f"best_{k}": v for k, v in asdict(best_threshold(golds, predictions)).items()}
    report["seconds"] = round(time.monotonic() - began, 1)
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in report.items()}


if __name__ == "__main__":
    raise SystemExit(main())
