"""Reading question-answering files into examples, and splitting them by paragraph.

Formats: SQuAD 1.1/2.0 JSON (SQuADShifts and SQuAD itself), QED JSON lines (Lamm et al., 2021) and
FriendsQA JSON (Yang & Choi, 2019).
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askbot.errors import ReaderError
from askbot.passages import spoken_by

_QED_BEFORE = re.compile(r" +(?=[.,;:!?%)\]}]|'(?:s|re|ve|ll|d|m|t)?(?:\W|$)|n't\b)")
_QED_AFTER = re.compile(r"(?<=[(\[{$£€#]) +")
_QED_HYPHEN = re.compile(r"(?<=\w) - (?=\w)")


@dataclass(frozen=True, slots=True)
class Example:
    """A question about `passage`, with gold spans (start, end) in it; none if it does not say.

    `group` names the page that the passage comes from; `context` is the line that tells the reader
    where the passage stands (speaker, title) and is never answered from.
    """

    id: str
    question: str
    passage: str
    spans: tuple[tuple[int, int], ...]
    group: str
    context: str = ""

    @property
    def source(self) -> str:
        """The data set that `group` begins with."""
        return self.group.partition("/")[0]

    @property
    def answers(self) -> tuple[str, ...]:
        """Texts of the gold spans."""
        return tuple(self.passage[start:end] for start, end in self.spans)


def read_json(path: Path) -> Any:
    """Parse a JSON file; raises ReaderError where it is missing or no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReaderError(
            f"cannot read {path}: {error.strerror or error}; check the path"
        ) from error
    except ValueError as error:
        raise ReaderError(f"{path} is not valid JSON ({error}); is it a SQuAD file?") from error


def load_squad(path: Path) -> list[Example]:
    """Examples of a SQuAD-format file, 1.1 or 2.0. Raises ReaderError where it is not one."""
    try:
        return list(_squad_examples(read_json(path), path.stem))
    except (KeyError, TypeError, AttributeError) as error:
        raise ReaderError(f"{path} is not in SQuAD format: {error!r}") from error


def _squad_examples(document: Any, stem: str) -> Iterator[Example]:
    for article in document["data"]:
        group = f"{stem}/{article.get('title', '')}"
        for paragraph in article["paragraphs"]:
            passage = paragraph["context"]
            for item in paragraph["qas"]:
                answers = [] if item.get("is_impossible") else item.get("answers", [])
                spans = tuple(_located(passage, a["text"], a["answer_start"]) for a in answers)
                yield Example(str(item["id"]), item["question"].strip(), passage, spans, group)


def _located(passage: str, text: str, start: int) -> tuple[int, int]:
    """The span of `text` nearest to `start`; the files have some offsets that are off."""
    if passage[start : start + len(text)] == text:
        return start, start + len(text)
    places = [m.start() for m in re.finditer(re.escape(text), passage)]
    if not places:
        return start, start + len(text)
    nearest = min(places, key=lambda place: abs(place - start))
    return nearest, nearest + len(text)


def detokenise(text: str) -> str:
    """Undo the token spacing of Natural Questions text ("in 1956 ) ." becomes "in 1956).")."""
    text = text.replace("``", '"').replace("''", '"').replace(" -- ", " – ")
    text = re.sub(r'"\s+([^"]*?)\s+"', r'"\1"', text)
    return _QED_HYPHEN.sub("-", _QED_AFTER.sub("", _QED_BEFORE.sub("", text)))


def load_qed(path: Path) -> list[Example]:
    """Answerable examples of a QED file, with the token spacing undone."""
    found: list[Example] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        raw, passage = row["paragraph_text"], detokenise(row["paragraph_text"])
        spans: set[tuple[int, int]] = set()
        for answer in row["original_nq_answers"]:
            for part in answer if len(answer) == 1 else ():
                span = _nearest(passage, detokenise(part["string"]), raw, part["start"])
                if span:
                    spans.add(span)
        if spans:
            question = row["question_text"].strip() + "?"
            group = f"qed/{row['title_text']}"
            found.append(
                Example(str(row["example_id"]), question, passage, tuple(sorted(spans)), group)
            )
    return found


def _nearest(passage: str, text: str, raw: str, raw_start: int) -> tuple[int, int] | None:
    text = text.strip()
    expected = len(detokenise(raw[:raw_start]))
    places = [m.start() for m in re.finditer(re.escape(text), passage)] if text else []
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - expected))
    return start, start + len(text)


def load_friends(path: Path, *, around: int = 3) -> list[Example]:
    """FriendsQA as comments by a speaker, and as short exchanges with the speakers named.

    Each answer inside an utterance gives one example whose passage is that utterance (with the
    speaker in `context`) and one whose passage is the utterance with `around` lines each side,
    as "Speaker: words"; an answer that is a speaker gives the second only.
    """
    found: list[Example] = []
    for dialogue in read_json(path)["data"]:
        for paragraph in dialogue["paragraphs"]:
            lines = [
                (" and ".join(u["speakers"]) or "Someone", detokenise(u["utterance"].strip()))
                for u in paragraph["utterances:"]
            ]
            for item in paragraph["qas"]:
                question = detokenise(item["question"].strip())
                group = f"friends/{dialogue['title']}"
                found.extend(_friends_examples(item, question, group, lines, around))
    return found


def _friends_examples(
    item: Any, question: str, group: str, lines: list[tuple[str, str]], around: int
) -> Iterator[Example]:
    for number, answer in enumerate(item["answers"]):
        place, text = answer["utterance_id"], detokenise(answer["answer_text"].strip())
        speaker, words = lines[place]
        first = max(0, place - around)
        offset, passage = 0, ""
        for index in range(first, min(len(lines), place + around + 1)):
            name, said = lines[index]
            if index == place:
                offset = len(passage)
            passage += f"{name}: {said}\n"
        id_ = f"{item['id']}-{number}"
        if answer["is_speaker"]:
            if text and passage[offset:].startswith(text):
                span = (offset, offset + len(text))
                yield Example(f"{id_}-who", question, passage.rstrip(), (span,), group)
            continue
        start = words.find(text)
        if not text or start < 0:
            continue
        shift = offset + len(speaker) + 2
        span = (start + shift, start + shift + len(text))
        yield Example(f"{id_}-lines", question, passage.rstrip(), (span,), group)
        if len(words.split()) >= 8:
            own = (start, start + len(text))
            yield Example(
                f"{id_}-own", question, words, (own,), group, spoken_by(speaker, None, "")
            )


def held_out(example: Example, share: float) -> bool:
    """Whether an example belongs to the held-out slice: a stable hash of its passage decides.

    For the project's own pages, which are few, it is a hash of the page, and a larger share.
    """
    if example.source == "written":
        return zlib.crc32(example.group.encode("utf-8")) % 8 == 0
    return zlib.crc32(example.passage.encode("utf-8")) % 10_000 < share * 10_000


def split(examples: Iterable[Example], share: float) -> tuple[list[Example], list[Example]]:
    """(training, held-out) examples, no passage on both sides."""
    training: list[Example] = []
    kept: list[Example] = []
    for example in examples:
        (kept if held_out(example, share) else training).append(example)
    return training, kept
