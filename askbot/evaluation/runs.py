"""A run on disk: `predictions.jsonl` (id, turn, answer) and `report.json` in one folder."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from askbot.answers import Answer
from askbot.errors import NotFound, QuestionSetError, StoreError
from askbot.evaluation.report import Report
from askbot.evaluation.scoring import Prediction

PREDICTIONS = "predictions.jsonl"
REPORT = "report.json"


@dataclass(frozen=True, slots=True)
class Run:
    """A saved run; `report` is None where only predictions were saved."""

    folder: Path
    predictions: tuple[Prediction, ...]
    report: Report | None = None


def prediction_line(prediction: Prediction) -> str:
    """A line of `predictions.jsonl`, without its line break."""
    record = {
        "id": prediction.id,
        "turn": prediction.turn,
        "answer": prediction.answer.to_json(),
    }
    return json.dumps(record, ensure_ascii=False)


def write_run(folder: Path, report: Report) -> None:
    """Save a run, each file as a whole or not at all; a run that is there is replaced.

    Raises:
        StoreError: the folder cannot be written.
    """
    lines = "".join(f"{prediction_line(p)}\n" for p in report.predictions)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # The old report goes first: it must never stand beside predictions it was not made from.
        (folder / REPORT).unlink(missing_ok=True)
        _replace(folder / PREDICTIONS, lines)
        text = json.dumps(report.to_json(), ensure_ascii=False, indent=1, allow_nan=False)
        _replace(folder / REPORT, f"{text}\n")
    except OSError as error:
        raise StoreError(
            f"cannot write the run to {folder}: {error.strerror}; give another folder"
        ) from None


def read_run(folder: Path) -> Run:
    """Read a saved run.

    Raises:
        NotFound: there is no run in this folder.
        QuestionSetError: it is damaged; the message names the file and the line.
    """
    path = folder / PREDICTIONS
    predictions: dict[tuple[str, int], Prediction] = {}
    for number, line in enumerate(_read(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            prediction = _prediction(json.loads(line))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise QuestionSetError(
                f"{path}, line {number}: not a saved answer ({_reason(error)}); run "
                "`askbot eval` again"
            ) from None
        if (key := (prediction.id, prediction.turn)) in predictions:
            raise QuestionSetError(
                f"{path}, line {number}: a second answer to {key[0]} (turn {key[1]}); keep one"
            )
        predictions[key] = prediction
    if not predictions:
        raise QuestionSetError(f"{path} is empty: run `askbot eval` again")
    report = None
    if (folder / REPORT).exists():
        try:
            report = Report.from_json(json.loads(_read(folder / REPORT)))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise QuestionSetError(
                f"{folder / REPORT} is damaged ({_reason(error)}): score the run again with "
                f"`askbot eval QUESTIONS --from {folder}`"
            ) from None
    return Run(folder, tuple(predictions.values()), report)


def _prediction(record: dict[str, object]) -> Prediction:
    if not isinstance(record["id"], str) or not isinstance(record["answer"], dict):
        raise TypeError("id must be a string and answer an object")
    turn = record.get("turn", 1)
    if not isinstance(turn, int) or isinstance(turn, bool):
        raise TypeError("turn must be a whole number")
    return Prediction(record["id"], turn, Answer.from_json(record["answer"]))


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise NotFound(
            f"no run at {path.parent}: `askbot eval QUESTIONS --out` makes one"
        ) from None
    except UnicodeDecodeError:
        raise QuestionSetError(f"{path} is not UTF-8: run `askbot eval` again") from None
    except OSError as error:
        raise QuestionSetError(
            f"cannot read {path}: {error.strerror}; give a run's folder"
        ) from None


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
