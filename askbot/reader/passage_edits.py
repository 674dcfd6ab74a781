"""Edits of a training passage: a phrase replaced, the answer's sentences taken out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.reader.examples import Example
from askbot.reader.phrases import content_words, sentences


def densest(passage: str, question: str) -> int:
    """Start of the sentence of `passage` that shares most content words with `question`."""
    wanted = set(content_words(question))
    spans = sentences(passage) or [(0, len(passage))]
    return max(spans, key=lambda s: len(wanted & set(content_words(passage[s[0] : s[1]]))))[0]


def without_answer(passage: str, example: Example) -> str | None:
    """The sentences of the passage that hold no gold answer, if at least two are left."""
    kept = []
    answers = [a.lower() for a in example.answers]
    for start, end in sentences(passage):
        touched = any(start < e and s < end for s, e in example.spans)
        sentence = passage[start:end]
        if not touched and not any(a in sentence.lower() for a in answers):
            kept.append(sentence)
    if len(kept) < 2:
        return None
    return " ".join(kept)


def replace_outside(
    passage: str,
    old: str,
    new: str,
    barred: Sequence[tuple[int, int]],
    span: tuple[int, int] | None,
) -> tuple[str, tuple[int, int]] | None:
    """(passage with `old` replaced, moved span); None if unchanged or a gold answer has `old`."""
    start, end = span or (0, 0)
    pieces: list[str] = []
    at = shift = 0
    for found in re.finditer(rf"\b{re.escape(old)}\b", passage, re.IGNORECASE):
        if any(found.start() < e and s < found.end() for s, e in barred):
            return None
        pieces += [passage[at : found.start()], new]
        at = found.end()
        if found.end() <= start:
            shift += len(new) - len(found.group())
    if not pieces:
        return None
    pieces.append(passage[at:])
    return "".join(pieces), (start + shift, end + shift)
