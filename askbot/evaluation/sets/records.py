"""One record of a question set: a JSON object, its fields, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class BadRecord(Exception):
    """What is wrong with one record, said to the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that was left out, or that does not hold.

    Attributes:
        where: "line 3", or the place in a JSON document ("data[0].paragraphs[2].qas[1]").
        reason: what is wrong and what to do about it, in one line.
    """

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


def json_object(line: str) -> dict[str, Any]:
    """The object on a line.

    Raises:
        BadRecord: it is not one, or has a key twice.
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) < len(pairs):
            raise BadRecord("a key stands twice in one object: keep one of them")
        return record

    try:
        record = json.loads(line, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise BadRecord(
            f"not JSON ({error.msg} at column {error.colno}): one object a line"
        ) from None
    except RecursionError:
        raise BadRecord("nested too deeply: one flat object a line") from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise BadRecord("a number has too many digits: write it as a string") from None
    if not isinstance(record, dict):
        raise BadRecord('not a JSON object: write {"id": …, "question": …}')
    return record


def string(record: Mapping[str, Any], key: str) -> str:
    """A field that must be there. Raises BadRecord where it is no string or an empty one."""
    value = record.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadRecord(f'"{key}" must be a string that is not empty')
    return value


def strings(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list that may be absent. Raises BadRecord where it is not a list of such strings."""
    value = record.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise BadRecord(f'"{key}" must be a list of strings that are not empty')
    return tuple(value)


def identifier(record: Mapping[str, Any], key: str) -> str:
    """An id, which other projects' files also write as a number.

    Raises:
        BadRecord: it is neither a string that is not empty nor a whole number.
    """
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise BadRecord(f'"{key}" must be a string that is not empty or a whole number')
    return value


def listed(value: Any, key: str) -> list[Any]:
    """A list inside a JSON document.

    Raises:
        BadRecord: it is none.
    """
    if not isinstance(value, list):
        raise BadRecord(f'"{key}" must be a list')
    return value


def mapping(value: Any) -> Mapping[str, Any]:
    """An object inside a JSON document.

    Raises:
        BadRecord: it is none.
    """
    if not isinstance(value, Mapping):
        raise BadRecord("not a JSON object")
    return value
