"""Samples of Inspect (https://inspect.aisi.org.uk/datasets.html): JSON lines or one JSON list.

`input` is the question, or chat messages with one from the user; `target` a right answer or several
of which any suffices; with `choices`, a target letter stands for its choice. Our own fields
(`page`, `evidence`, `all_evidence`, `all_answers`, `answerable`, `tags`) are read from `metadata`;
whatever else is in there is left for people's notes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from askbot.evaluation.sets.loaded import Reading
from askbot.evaluation.sets.questions import numbered_lines
from askbot.evaluation.sets.records import (
    BadRecord,
    identifier,
    json_object,
    listed,
    mapping,
    string,
)

OURS = ("page", "evidence", "all_evidence", "all_answers", "answerable", "tags")


def read_lines(text: str) -> Reading:
    """Read samples, one a line; one without an id is called by its place, as Inspect does."""
    reading = Reading()
    for place, (number, line) in enumerate(numbered_lines(text), 1):
        where = f"line {number}"
        with reading.at(where):
            reading.add(record_of(json_object(line), place), where)
    return reading


def read_records(samples: Sequence[Any]) -> Reading:
    """Read the samples of one JSON list."""
    reading = Reading()
    for place, sample in enumerate(samples, 1):
        where = f"[{place - 1}]"
        with reading.at(where):
            reading.add(record_of(mapping(sample), place), where)
    return reading


def record_of(sample: Mapping[str, Any], place: int) -> dict[str, Any]:
    """A sample in our own form; `place` counts from 1.

    Raises:
        BadRecord: it is no sample, or not one question.
    """
    metadata = sample.get("metadata")
    metadata = {} if metadata is None else mapping(metadata)
    record = {key: metadata[key] for key in OURS if metadata.get(key) is not None}
    named = sample.get("id") is not None
    record["id"] = identifier(sample, "id") if named else str(place)
    record["question"] = _question(sample.get("input"))
    answers = _answers(sample)
    if answers:
        record["answers"] = answers
    return record


def _question(value: Any) -> str:
    if isinstance(value, str):
        return string({"input": value}, "input").strip()
    if not isinstance(value, list):
        raise BadRecord('"input" must be a string or a list of chat messages')
    asked = [m for m in map(mapping, value) if m.get("role") == "user"]
    if len(asked) != 1:
        raise BadRecord(
            f'"input" has {len(asked)} messages by the user: give one, or write the dialogue as '
            '"turns" in askbot\'s own form'
        )
    content = asked[0].get("content")
    if isinstance(content, list):
        parts = [mapping(part) for part in content]
        if any(part.get("type") != "text" for part in parts):
            raise BadRecord('"input" has content that is not text')
        content = "\n".join(string(part, "text") for part in parts)
    return string({"content": content}, "content").strip()


def _answers(sample: Mapping[str, Any]) -> list[str]:
    value = sample.get("target")
    targets = [] if value is None or value == "" else [value] if isinstance(value, str) else value
    targets = [string({"target": target}, "target") for target in listed(targets, "target")]
    choices = sample.get("choices")
    if choices is None:
        return targets
    texts = [string({"choices": choice}, "choices") for choice in listed(choices, "choices")]
    return [_chosen(target, texts) for target in targets]


def _chosen(target: str, choices: Sequence[str]) -> str:
    """The choice that a target such as "B" stands for; a target that names its words stays."""
    if target in choices:
        return target
    number = ord(target) - ord("A") if len(target) == 1 else -1
    if not 0 <= number < len(choices):
        raise BadRecord(f'"target" is "{target}", which none of the {len(choices)} choices is')
    return choices[number]
