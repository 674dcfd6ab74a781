"""Real questions moved to a passage that has their subject but not what they ask.

A question of another passage has one of its phrases replaced by one of this passage, or by the
name of whoever wrote it: "When was the tower built?" becomes "When was the kayak built?". People
who ask a page what it does not say ask like that: the right subject, a detail that is missing.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from askbot.reader.examples import Example
from askbot.reader.perturb import noun_phrases, replace_span
from askbot.reader.phrases import Phrase, content_words, sentences, words
from askbot.reader.wordnet import WordNet

_DONORS = 60
_LONGEST_QUESTION = 14
_TEMPORAL = re.compile(
    r"\d|\b(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|year|month|week|day|century|after|before|when"
    r"|during|while|ago|later)s?\b",
    re.IGNORECASE,
)
_CAUSAL = re.compile(
    r"\b(?:because|since|due|so|to|as|for|thus|therefore|reason|cause[ds]?|why|led)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:in|at|on|near|from|where|to|into|by)\b", re.IGNORECASE)
_PROBES = {"when": _TEMPORAL, "why": _CAUSAL, "where": _PLACE}
_OPENING = re.compile(
    r"\b(when|where|why|how)(?=\s+(?:is|are|was|were|did|do|does|can|has|had)\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Donor:
    """A question, the phrase that another may replace, and the words that are left."""

    question: str
    phrase: Phrase
    rest: frozenset[str]
    answers: tuple[str, ...]
    passage: str


class Donors:
    """Questions by the kind ("name" or "noun") of a phrase that may be replaced."""

    def __init__(self, examples: Sequence[Example], wordnet: WordNet | None) -> None:
        self._wordnet = wordnet
        self._by_kind: dict[str, list[Donor]] = defaultdict(list)
        for example in examples:
            if len(example.question.split()) > _LONGEST_QUESTION:
                continue
            for phrase in noun_phrases(example.question, wordnet):
                if phrase.kind == "number":
                    continue
                left = replace_span(example.question, phrase.start, phrase.end, "")
                rest = frozenset(w[:5] for w in content_words(left))
                if rest:
                    donor = Donor(example.question, phrase, rest, example.answers, example.passage)
                    self._by_kind[phrase.kind].append(donor)

    def foreign(self, passage: str, rng: random.Random) -> str | None:
        """A phrase no word of which is in `passage`."""
        lowered = passage.lower()
        for _ in range(8):
            phrase = rng.choice(rng.choice(list(self._by_kind.values()))).phrase
            if not any(w[:5] in lowered for w in content_words(phrase.text)):
                return phrase.text
        return None

    def question(
        self, passage: str, rng: random.Random, *, subject: str | None = None
    ) -> tuple[str, int] | None:
        """(question, start of the sentence with its subject), or None.

        `subject` is a name that the passage need not hold (its author's); the subject is else a
        phrase of `passage`.
        """
        places = noun_phrases(passage, self._wordnet) if subject is None else ()
        options = [p for p in places if p.kind in self._by_kind]
        kind, start = "name", 0
        if subject is None:
            if not options:
                return None
            names = [p for p in options if p.kind == "name"]
            chosen = rng.choice(names if names and rng.random() < 0.6 else options)
            kind, subject, start = chosen.kind, chosen.text, chosen.start
        donors = self._by_kind.get(kind)
        if not donors:
            return None
        lowered = passage.lower()
        own = {w[:5] for w in content_words(passage)}
        fit = [
            donor
            for donor in (rng.choice(donors) for _ in range(_DONORS))
            if donor.passage != passage
            and 0 < len(donor.rest - own) < 4
            and not any(a.lower() in lowered for a in donor.answers)
            and subject.lower() not in donor.question.lower()
        ]
        if not fit:
            return None
        # words that the passage has make it harder; the rest is still not said
        hardest = max(fit, key=lambda d: len(d.rest & own) - 0.7 * len(d.rest - own))
        donor = hardest if rng.random() < 0.7 else fit[0]
        made = replace_span(donor.question, donor.phrase.start, donor.phrase.end, subject)
        return made, max((s for s, _ in sentences(passage) if s <= start), default=0)


def other_opening(question: str, passage: str, rng: random.Random) -> str | None:
    """When, where, why or how for another of them, where `passage` has no sign of an answer."""
    found = _OPENING.search(question)
    if not found:
        return None
    old = found.group().lower()
    shared = {w[:5] for w in content_words(question)}
    near = " ".join(
        passage[s:e]
        for s, e in sentences(passage)
        if shared & {w[:5] for _, _, w in words(passage[s:e])}
    )
    free = [new for new, probe in _PROBES.items() if new != old and not probe.search(near)]
    if not free:
        return None
    new = rng.choice(free)
    new = new.capitalize() if found.group()[0].isupper() else new
    return replace_span(question, found.start(), found.end(), new)
