"""Citation markers in running text: `[p12]`, `[c16.1]`, `[p3, c4]`, and what only looks like one.

One form counts, so that a reader, a renderer and the checker can never disagree about what was
cited. Everything else that resembles a citation is returned with the reason it does not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from askbot.answers import Claim, Draft, Quote
from askbot.text import sentences

_LOCAL = r"(?:p[1-9]\d*|c[1-9]\d*(?:\.[1-9]\d*)*)"
_ID = rf"(?:[a-z0-9]+(?:-[a-z0-9]+)*:)?{_LOCAL}"
_GOOD = re.compile(rf"\[({_ID}(?:, ?{_ID})*)\]")
_SUSPECT = re.compile(
    r"""
    [\[({<【〔〖«‹⟦［（]+\s*(?:\^|\#|¶|source:?|cite:?|ref:?|id:?|passage|paragraph|comment)?\s*
    (?:[a-z0-9]+(?:-[a-z0-9]+)*:)?[pc]?\s?\d+(?:\.\d+)*
    (?:\s*(?:[,;&]|and|to|-|–|—|\.\.|…)\s*(?:[a-z0-9-]+:)?[pc]?\s?\d+(?:\.\d+)*)*
    \s*(?:†[^\]】)]*)?[\])}>】〕〗»›⟧］）]+
    |¶\s?\d+
    |(?<![\w&])\#\d+(?:\.\d+)*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RANGE = re.compile(r"\d\s*(?:-|–|—|\.\.|…|\bto\b)\s*(?:[a-z0-9-]+:)?[pc]?\s?\d", re.IGNORECASE)
_LETTERED = re.compile(r"[pc]\s?\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker at `text[start:end]`; `problem` says why it does not count, None if it does."""

    start: int
    end: int
    ids: tuple[str, ...]
    problem: str | None = None


def scan(text: str) -> list[Marker]:
    """All markers of a text in order, good ones and those in a form that does not count."""
    found: list[Marker] = []
    for match in _SUSPECT.finditer(text):
        raw = match.group()
        good = _GOOD.fullmatch(raw)
        if good:
            ids = tuple(part.strip() for part in good.group(1).split(","))
            found.append(Marker(match.start(), match.end(), ids))
            continue
        if not _LETTERED.search(raw) and not raw.startswith(("[", "【", "¶", "#")):
            continue  # "(2010)" and "<3" are prose
        found.append(Marker(match.start(), match.end(), (raw,), _problem(raw)))
    return found


def _problem(raw: str) -> str:
    if _RANGE.search(raw):
        return "a range is not a citation: each passage must be named"
    if raw.startswith("[[") or raw.count("[") > 1:
        return "nested brackets are not a citation: write [p12]"
    return "not in the form [p12]"


def strip_markers(text: str) -> str:
    """The text without any marker, and without the space before one."""
    for marker in reversed(scan(text)):
        text = text[: marker.start].rstrip(" ") + text[marker.end :]
    return text


def draft_from_text(text: str, *, confidence: float = 0.0) -> Draft:
    """Read an answer written with markers as a draft: one claim a sentence, quotes where given.

    A marker belongs to the sentence it stands in or directly behind. A passage in double quotation
    marks inside the sentence is what its citation is said to quote; without one the citation
    stands for the passage as a whole.
    """
    claims: list[Claim] = []
    malformed: list[Quote] = []
    for before, sentence in _cited_sentences(text):
        markers = scan(sentence)
        malformed.extend(Quote(m.ids[0], m.problem or "") for m in markers if m.problem)
        bare = strip_markers(sentence).strip()
        quoted = [q for q in _quoted(bare) if len(q.split()) > 1]
        ids = dict.fromkeys(i for m in markers if not m.problem for i in m.ids)
        quotes = tuple(Quote(i, q) for i in ids for q in (quoted or [""]))
        if bare:
            claims.append(Claim(bare, quotes, before=before))
    return Draft(tuple(claims), confidence=confidence, malformed=tuple(malformed))


def _quoted(text: str) -> list[str]:
    return [a or b for a, b in re.findall(r"“([^“”]+)”|\"([^\"]+)\"", text)]


def _cited_sentences(text: str) -> list[tuple[str, str]]:
    """Sentences with the markers directly behind their full stop, and what separates them."""
    blank = list(text)
    for marker in scan(text):  # dots inside ids must not end a sentence
        blank[marker.start : marker.end] = "\x00" * (marker.end - marker.start)
    hidden = "".join(blank)
    pieces: list[list[int]] = []
    for extent in sentences(hidden):
        start = extent.start
        lead = re.match(r"[\x00\s]+", hidden[extent.start : extent.end])
        if lead and pieces:  # markers that lead a sentence belong to the one before
            pieces[-1][1] = start + len(lead.group().rstrip())
            start += lead.end()
        if start < extent.end:
            pieces.append([start, extent.end])
    out: list[tuple[str, str]] = []
    end = 0
    for start, stop in pieces:
        gap = text[end:start]
        out.append(("\n" if "\n" in gap else " ", text[start:stop]))
        end = stop
    return out
