"""Writing a run's folder, so that a run which is killed goes on where it was.

Answers are appended as they come, the answers of an entry in one write. A process that is killed
leaves whole entries and perhaps a piece of one, which is cut off when the run goes on.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from askbot.errors import QuestionSetError, StoreError
from askbot.evaluation.runs.folder import (
    HTML,
    JUDGEMENTS,
    MARKDOWN,
    PREDICTIONS,
    PREVIOUS,
    RECORD,
    REPORT,
    parse_prediction,
    prediction_line,
    read_record,
)
from askbot.evaluation.runs.identity import Identity
from askbot.evaluation.scores.items import Prediction
from askbot.evaluation.scores.report import Report
from askbot.evaluation.sets.questions import QuestionSet

RUNNING, COMPLETE = "running", "complete"
NOTED = 2.0
"""Seconds between notes in run.json of how long the asking has taken so far."""


class Recording:
    """A run that is being made.

    Attributes:
        done: ids of the entries that are answered already.
    """

    def __init__(self, folder: Path, record: dict[str, Any], done: set[str]) -> None:
        self.folder, self.done = folder, done
        self.resumed = len(done)
        self._record = record
        self._file: IO[str] | None = None
        self._began = self._noted = time.monotonic()
        self._before = (record["timed_answers"], record["asking_s"])
        self._answers = 0

    @classmethod
    def begin(
        cls, folder: Path, identity: Identity, questions: QuestionSet, *, workers: int, fresh: bool
    ) -> Recording:
        """Start a run in a folder, or go on with the one that was broken off there.

        A finished run that stands there is moved to `previous/`.

        Args:
            fresh: ask everything again, whatever stands there.

        Raises:
            QuestionSetError: an unfinished run of other settings, code, questions or pages stands
                there; StoreError: the folder cannot be written.
        """
        record = read_record(folder)
        unfinished = record.get("state") == RUNNING and not fresh
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if unfinished and (changed := identity.differences(record)):
                raise QuestionSetError(
                    f"{folder} holds a run that was broken off, of other {' and '.join(changed)}; "
                    "give another --out, or --fresh to ask everything again"
                )
            if not unfinished:
                _set_aside(folder)
                record = {"timed_answers": 0, "asking_s": 0.0, "started": _now()}
            record |= {"state": RUNNING, "workers": workers, **identity.to_json()}
            record["questions"] = len(questions)
            done = _whole_entries(folder / PREDICTIONS, questions) if unfinished else set()
            recording = cls(folder, record, done)
            recording._note()
            recording._file = (folder / PREDICTIONS).open("a", encoding="utf-8", newline="\n")
        return recording

    def keep(self, predictions: Sequence[Prediction]) -> None:
        """Save the answers of one entry."""
        assert self._file is not None, "the recording is closed"
        with writing(self.folder):
            self._file.write("".join(f"{prediction_line(p)}\n" for p in predictions))
            self._file.flush()
            self._answers += len(predictions)
            if time.monotonic() - self._noted > NOTED:
                self._note()
        self.done.add(predictions[0].id)

    def close(self) -> None:
        """Stop writing; what is kept stays."""
        if self._file is not None:
            with suppress(StoreError), writing(self.folder):
                self._note()
            self._file.close()
            self._file = None

    def complete(self) -> None:
        """Say in run.json that every question was asked."""
        self.close()
        self._record |= {"state": COMPLETE, "finished": _now(), "peak_memory_mb": _peak_memory()}
        with writing(self.folder):
            self._save_record()

    def _note(self) -> None:
        self._noted = time.monotonic()
        answers, seconds = self._before
        self._record["timed_answers"] = answers + self._answers
        self._record["asking_s"] = round(seconds + self._noted - self._began, 3)
        self._save_record()

    def _save_record(self) -> None:
        replace_file(self.folder / RECORD, _json(self._record))


def save_report(folder: Path, report: Report) -> None:
    """Write report.json, as a whole or not at all.

    Raises:
        StoreError: the folder cannot be written.
    """
    with writing(folder), replacing(folder / REPORT) as write:
        write(_json(report.summary_json()).removesuffix("\n}\n"))
        write(',\n "items": [')
        for number, item in enumerate(report.items):  # at once they take 70 MB of ten thousand
            line = json.dumps(item.to_json(), ensure_ascii=False, allow_nan=False)
            write(f"{',' if number else ''}\n  {line}")
        write("\n ]\n}\n")


def _json(record: Mapping[str, Any]) -> str:
    return f"{json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)}\n"


def _set_aside(folder: Path) -> None:
    """Move a run that stands here to `previous/`, in place of the one there."""
    names = (RECORD, PREDICTIONS, REPORT, MARKDOWN, HTML, JUDGEMENTS)
    there = [folder / name for name in names if (folder / name).exists()]
    if not there:
        return
    previous = folder / PREVIOUS
    if previous.exists():
        shutil.rmtree(previous)
    previous.mkdir()
    for path in there:
        path.rename(previous / path.name)


def _whole_entries(path: Path, questions: QuestionSet) -> set[str]:
    """Ids of the entries that are answered to their last turn; the file is cut behind them.

    Raises:
        QuestionSetError: a line before the last is damaged.
    """
    if not path.exists():
        return set()
    turns = {entry.id: len(entry.asks) for entry in questions.entries}
    data = path.read_bytes()
    end, open_turns = 0, 0
    done: set[str] = set()
    for number, line in enumerate(_lines(data), 1):
        prediction = parse_prediction(line.decode("utf-8"), f"{path}, line {number}")
        open_turns += len(line)
        if prediction.turn == turns.get(prediction.id):
            done.add(prediction.id)
            end, open_turns = end + open_turns, 0
    if end < len(data):
        os.truncate(path, end)
    return done


def _lines(data: bytes) -> Iterator[bytes]:
    """The lines that were written to their end."""
    start = 0
    while (stop := data.find(b"\n", start)) >= 0:
        yield data[start : stop + 1]
        start = stop + 1


def replace_file(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one."""
    with replacing(path) as write:
        write(text)


@contextmanager
def replacing(path: Path) -> Iterator[Callable[[str], object]]:
    """Write a file piece by piece; it takes its place when all is written."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            yield file.write
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a failure to write into a line that says what to do."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"cannot write the run to {folder}: {error.strerror}; free some space there or give "
            "another --out"
        ) from None


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")


def _peak_memory() -> float | None:
    """Most memory this process has had, in MB; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)
