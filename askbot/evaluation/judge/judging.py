"""A judge of free-form answers: what it is shown, how its reply is read, and what is kept.

Only answers to questions with gold answers are sent. Whether a question was rightly declined, or
wrongly answered though the page does not say, is known without a judge.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from askbot.answers import Answer
from askbot.errors import QuestionSetError
from askbot.evaluation.judge.judgements import Judgement, Judgements, Key
from askbot.evaluation.runs.folder import JUDGEMENTS
from askbot.evaluation.runs.recording import writing
from askbot.evaluation.runs.workers import each
from askbot.evaluation.scores.items import Prediction
from askbot.evaluation.scores.scoring import matched
from askbot.evaluation.sets.questions import Ask, Entry, QuestionSet
from askbot.markers import strip_markers
from askbot.showing import shortened

REASON = 300
"""Characters of a judge's reason that are kept."""
_REPLY = re.compile(r"reason:[ \t]*(\S.*)\nverdict:[ \t]*(right|wrong)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Case:
    """An answer that is to be judged.

    Attributes:
        earlier: a dialogue's turns before this one, as (question, its gold answers).
        answers: one of them suffices; all_answers: every one is needed.
        given: the answer as a person sees it, without markers.
    """

    id: str
    turn: int
    question: str
    earlier: tuple[tuple[str, tuple[str, ...]], ...]
    answers: tuple[str, ...]
    all_answers: tuple[str, ...]
    given: str

    @property
    def key(self) -> Key:
        return self.id, self.turn

    @property
    def answer_sha256(self) -> str:
        return _digest(self.given)

    @property
    def gold_sha256(self) -> str:
        return _digest(json.dumps([self.question, self.earlier, self.answers, self.all_answers]))


@dataclass(frozen=True, slots=True)
class Opinion:
    """What came of asking a judge; `right` is None where its reply is no judgement."""

    right: bool | None
    reason: str
    usage: Mapping[str, float] | None = None


class Judge(Protocol):
    """Whoever judges; `askbot.evaluation.judge.chat_judge.ChatJudge` is one."""

    @property
    def model(self) -> str: ...

    @property
    def prompt_version(self) -> str: ...

    def opinion(self, case: Case) -> Opinion: ...


def cases_of(questions: QuestionSet, predictions: Iterable[Prediction]) -> Iterator[Case]:
    """The answers of a run that a judge is asked about.

    Raises:
        QuestionSetError: the predictions are not this question set's.
    """
    for prediction, entry, ask in matched(questions, predictions):
        given = shown_answer(prediction.answer)
        if given and (ask.answers or ask.all_answers):
            yield Case(
                id=entry.id,
                turn=ask.turn,
                question=ask.question,
                earlier=_earlier(entry, ask),
                answers=ask.answers,
                all_answers=ask.all_answers,
                given=given,
            )


def shown_answer(answer: Answer) -> str:
    """All that is said in an answer, the short one first; "" for a declined question."""
    if answer.abstained:
        return ""
    text = strip_markers(answer.answer).strip()
    short = (answer.short_answer or "").strip()
    return text if short in text else f"{short}\n{text}".strip()


def parse_reply(text: str) -> tuple[bool | None, str]:
    """The verdict and the reason in a judge's reply.

    Exactly the two lines that prompts/judge.txt asks for are a judgement. Of anything else, such as
    a verdict among other words, which the judged answer may have put there, nothing is guessed.

    Returns:
        (None, why not) where it is no judgement.
    """
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    found = _REPLY.fullmatch(lines)
    if found is None:
        return None, f"not in the form asked for: {shortened(text, REASON)}"
    return found.group(2).lower() == "right", shortened(found.group(1), REASON)


class Judging:
    """A run's answers before one judge, with what it has said of them already.

    A judgement that was kept counts again for the same answer, question, gold answers, model and
    prompt version. Where none came of an answer it is asked for again.

    Attributes:
        cases: all that a judge is asked about; found: what it said of them.
    """

    def __init__(
        self, judge: Judge, folder: Path, questions: QuestionSet, predictions: Iterable[Prediction]
    ) -> None:
        """Nothing is sent yet.

        Raises:
            QuestionSetError: the predictions are not this question set's, or a judgement that was
                kept is damaged.
        """
        self._judge, self._folder = judge, folder
        self.cases = {case.key: case for case in cases_of(questions, predictions)}
        self.found: dict[Key, Judgement] = {}
        for kept in read_judgements(self._path):
            if self._holds(kept):
                self.found[kept.id, kept.turn] = kept

    @property
    def left(self) -> list[Case]:
        """Answers that there is no judgement of."""
        return [case for case in self.cases.values() if not self._is_judged(case)]

    @property
    def judgements(self) -> Judgements:
        """All that has been said so far."""
        return Judgements(self._judge.model, self._judge.prompt_version, dict(self.found))

    @property
    def judged(self) -> int:
        return sum(map(self._is_judged, self.cases.values()))

    def run(self, told: Callable[[Judgement], object], *, workers: int = 1) -> None:
        """Ask for what is missing; each judgement is appended to `judgements.jsonl` as it comes.

        Args:
            told: called in this thread behind each.

        Raises:
            AskbotError: whatever the judge raises; StoreError: the folder cannot be written.
        """
        left = self.left
        if not left:
            return

        def keep(judgement: Judgement) -> None:
            with writing(self._folder):
                file.write(json.dumps(judgement.to_json(), ensure_ascii=False) + "\n")
                file.flush()
            self.found[judgement.id, judgement.turn] = judgement
            told(judgement)

        with writing(self._folder):
            _cut_to_whole_lines(self._path)
            opened = self._path.open("a", encoding="utf-8", newline="\n")
        with opened as file:
            each(left, self._judgement, keep, workers=workers)

    @property
    def _path(self) -> Path:
        return self._folder / JUDGEMENTS

    def _is_judged(self, case: Case) -> bool:
        found = self.found.get(case.key)
        return found is not None and found.right is not None

    def _holds(self, kept: Judgement) -> bool:
        case = self.cases.get((kept.id, kept.turn))
        return (
            case is not None
            and (kept.model, kept.prompt_version) == (self._judge.model, self._judge.prompt_version)
            and (kept.answer_sha256, kept.gold_sha256) == (case.answer_sha256, case.gold_sha256)
        )

    def _judgement(self, case: Case) -> Judgement:
        opinion = self._judge.opinion(case)
        return Judgement(
            id=case.id,
            turn=case.turn,
            right=opinion.right,
            reason=opinion.reason,
            model=self._judge.model,
            prompt_version=self._judge.prompt_version,
            answer_sha256=case.answer_sha256,
            gold_sha256=case.gold_sha256,
            usage=opinion.usage,
        )


def read_judgements(path: Path) -> Iterator[Judgement]:
    """The judgements of a file, of whatever judge; a last line that was not written whole is none.

    Raises:
        QuestionSetError: the file cannot be read, or a line is damaged.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise QuestionSetError(
            f"cannot read {path}: {error.strerror}; mend that, or move the file away"
        ) from None
    for number, line in enumerate(data[: data.rfind(b"\n") + 1].split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield Judgement.from_json(json.loads(line))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise QuestionSetError(
                f"{path}, line {number}: not a judgement; remove the line, and the answer is "
                "judged again"
            ) from None


def _cut_to_whole_lines(path: Path) -> None:
    if path.exists():
        data = path.read_bytes()
        os.truncate(path, data.rfind(b"\n") + 1)


def _earlier(entry: Entry, ask: Ask) -> tuple[tuple[str, tuple[str, ...]], ...]:
    before = [a for a in entry.asks if a.turn < ask.turn]
    return tuple((a.question, (*a.answers[:1], *a.all_answers)) for a in before)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
