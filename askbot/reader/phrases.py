"""Words, sentences and phrases of English text, by plain rules.

Training-time generators and the calibration features need a rough idea of content words, noun
phrases, names and numbers. A tagger would be a large dependency for that; the rules here are those
of RAKE (Rose et al., 2010: candidate phrases are runs of words between stop words) plus
capitalisation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+(?:['’.\-&][^\W_]+)*", re.UNICODE)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|No|Gov|Sen|Rep|Gen|Lt|Col|Sgt|Inc|Co|Ltd|e\.g|i\.e"
    r"|U\.S|U\.K|a\.m|p\.m)|\b[A-Z])\.$"
)

_STOP = """
a about above according after again against all also although am among an and another any are
    aren't around as at away be became because become been before being below between both but by
    called can can't cannot come could couldn't did didn't do does doesn't doing don't down during
    each either else ever every far few for from further gave get give go goes got had has hasn't
    have haven't having he he's her here hers herself him himself his how how's i i'm i've if in
    into is isn't it it's its itself just kind let like made make many may me might more most much
    must my myself name named neither no nor not of off often on once one only or other others our
    ours out over own per rather really said same say says see shall she should since so some
    someone something still such take than that that's the their theirs them themselves then there
    there's these they they're this those through thus to too toward towards type under until up
    upon us use used using very via was wasn't way we were weren't what what's when where whether
    which while who who's whom whose why will with within without won't would wouldn't yet you
    you're your yours yourself
"""
STOP_WORDS = frozenset(_STOP.split())

_NUMBERS = """
two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    thousand million billion dozen half third quarter twice
"""
NUMBER_WORDS = frozenset(_NUMBERS.split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of words `text[start:end]`; `kind` is "number", "name" or "noun"."""

    start: int
    end: int
    text: str
    kind: str


def words(text: str) -> list[tuple[int, int, str]]:
    """Words of `text` as (start, end, lower-cased word), offsets in code points."""
    return [(m.start(), m.end(), m.group().lower()) for m in WORD.finditer(text)]


def content_words(text: str) -> list[str]:
    """Lower-cased words of `text` that are not stop words, in order."""
    return [word for _, _, word in words(text) if word not in STOP_WORDS]


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of `text`; they cover all of it but the space between them."""
    found: list[tuple[int, int]] = []
    start = 0
    for gap in _SENTENCE_END.finditer(text):
        end = gap.start()
        if "\n" not in gap.group() and _ABBREVIATION.search(text[start:end]):
            continue
        # closing quotes that the gap swallowed belong to the sentence before it
        end += len(gap.group()) - len(gap.group().lstrip("\"'”’)]"))
        if text[start:end].strip():
            found.append((start, end))
        start = gap.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return found


def is_number(word: str) -> bool:
    """Whether `word` has a digit or is a number spelled out."""
    return any(char.isdigit() for char in word) or word.lower() in NUMBER_WORDS


def phrases(text: str, *, longest: int = 4) -> list[Phrase]:
    """Candidate phrases of `text`: numbers, capitalised names, and runs between stop words.

    A capitalised word that opens a sentence is no sign of a name, unless the next is one too.
    """
    found: list[Phrase] = []
    tokens = words(text)
    opening = {start for start, _ in sentences(text)}
    run: list[tuple[int, int]] = []
    run_kind = ""

    def close() -> None:
        if run and len(run) <= longest:
            start, end = run[0][0], run[-1][1]
            found.append(Phrase(start, end, text[start:end], run_kind))
        run.clear()

    previous_end = 0
    for start, end, word in tokens:
        surface = text[start:end]
        gap = text[previous_end:start]
        if is_number(word):
            kind = "number"
        elif word in STOP_WORDS or len(word) < 3:
            kind = ""
        elif surface[0].isupper() and start not in opening:
            kind = "name"
        else:
            kind = "noun"
        joined = bool(run) and gap == " " and kind == run_kind and kind != "number"
        if not joined:
            close()
        if kind:
            run_kind = kind
            run.append((start, end))
        previous_end = end
    close()
    return found
