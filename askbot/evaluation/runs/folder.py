"""A run's folder: what is in it, and reading it.

`run.json` says what the run was made of and how far it got, `predictions.jsonl` has a line for each
answer (id, turn, answer), and `report.json` is what they are worth; `report.md` and `report.html`
show that to people. `previous/` holds the run that stood there before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askbot.answers import Answer
from askbot.errors import NotFound, QuestionSetError
from askbot.evaluation.scores.items import Prediction
from askbot.evaluation.scores.report import Report

RECORD = "run.json"
PREDICTIONS = "predictions.jsonl"
REPORT = "report.json"
MARKDOWN = "report.md"
HTML = "report.html"
JUDGEMENTS = "judgements.jsonl"
PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Run:
    """A saved run.

    Attributes:
        report: None where only predictions were saved.
        record: what `run.json` holds; empty where there is none.
    """

    folder: Path
    report: Report | None
    record: Mapping[str, Any]

    def predictions(self) -> Iterator[Prediction]:
        """The answers, read as they are asked for.

        Raises:
            QuestionSetError: a line is damaged or stands twice.
        """
        return read_predictions(self.folder / PREDICTIONS)

    @property
    def throughput_qps(self) -> float | None:
        """Questions answered a second of asking, where that was measured."""
        answered, seconds = self.record.get("timed_answers"), self.record.get("asking_s")
        return answered / seconds if answered and seconds else None


def prediction_line(prediction: Prediction) -> str:
    """A line of `predictions.jsonl`, without its line break."""
    record = {
        "id": prediction.id,
        "turn": prediction.turn,
        "answer": prediction.answer.to_json(),
    }
    return json.dumps(record, ensure_ascii=False)


def read_run(folder: Path, *, scored: bool = True) -> Run:
    """Read a saved run, all but its answers; without `scored`, without its report too.

    Raises:
        NotFound: there is no run in this folder.
        QuestionSetError: it is damaged; the message names the file.
    """
    if not (folder / PREDICTIONS).is_file():
        raise NotFound(f"no run at {folder}: `askbot eval QUESTIONS --out DIR` makes one")
    report = None
    if scored and (folder / REPORT).exists():
        try:
            report = Report.from_json(read_object(folder / REPORT))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise QuestionSetError(
                f"{folder / REPORT} is damaged ({_reason(error)}): score the run again with "
                f"`askbot eval QUESTIONS --score {folder}`"
            ) from None
    return Run(folder, report, read_record(folder))


def read_record(folder: Path) -> dict[str, Any]:
    """What `run.json` holds; empty where there is none, as in a run of an older askbot."""
    path = folder / RECORD
    if not path.exists():
        return {}
    try:
        return read_object(path)
    except (TypeError, ValueError) as error:
        raise QuestionSetError(
            f"{path} is damaged ({_reason(error)}): remove it, or run `askbot eval` again"
        ) from None


def read_object(path: Path) -> dict[str, Any]:
    """A file that holds one JSON object.

    Raises:
        TypeError, ValueError: it does not; QuestionSetError: it cannot be read.
    """
    try:
        record = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise _unreadable(path, error) from None
    if not isinstance(record, dict):
        raise TypeError("not a JSON object")
    return record


def read_predictions(path: Path) -> Iterator[Prediction]:
    """The answers of a file, one by one.

    Raises:
        QuestionSetError: the file is empty or cannot be read, or a line is damaged or stands twice.
    """
    seen: set[tuple[str, int]] = set()
    number = 0
    try:
        # Lines end at \n only: JSON strings may hold U+2028 and its like unescaped.
        with path.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                prediction = parse_prediction(line, f"{path}, line {number}")
                if (key := (prediction.id, prediction.turn)) in seen:
                    raise QuestionSetError(
                        f"{path}, line {number}: a second answer to {key[0]} (turn {key[1]}); "
                        "keep one"
                    )
                seen.add(key)
                yield prediction
    except UnicodeDecodeError:
        raise QuestionSetError(f"{path} is not UTF-8: run `askbot eval` again") from None
    except OSError as error:
        raise _unreadable(path, error) from None
    if not seen:
        raise QuestionSetError(f"{path} is empty: run `askbot eval` again")


def parse_prediction(line: str, where: str) -> Prediction:
    """A line of `predictions.jsonl`.

    Raises:
        QuestionSetError: it is not one; the message begins with `where`.
    """
    try:
        return _prediction(json.loads(line))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise QuestionSetError(
            f"{where}: not a saved answer ({_reason(error)}); run `askbot eval` again"
        ) from None


def _prediction(record: dict[str, object]) -> Prediction:
    if not isinstance(record["id"], str) or not isinstance(record["answer"], dict):
        raise TypeError("id must be a string and answer an object")
    turn = record.get("turn", 1)
    if not isinstance(turn, int) or isinstance(turn, bool):
        raise TypeError("turn must be a whole number")
    return Prediction(record["id"], turn, Answer.from_json(record["answer"]))


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _unreadable(path: Path, error: OSError) -> QuestionSetError:
    return QuestionSetError(f"cannot read {path}: {error.strerror}; give a run's folder")
