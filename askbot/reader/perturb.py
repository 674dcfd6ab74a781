"""Small edits that turn an answerable question into one that its passage does not answer.

The kinds follow the table of Rajpurkar et al. (2018): entity and number swaps, antonyms, negation,
mutual exclusion and impossible conditions, and nouns put in another's place. Each function takes a
text and a random generator and returns the edited text, or None where it finds nothing to edit.
An edit changes words, never just case or space.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from askbot.reader.phrases import STOP_WORDS, Phrase, is_number, phrases, words
from askbot.reader.wordnet import WordNet

_OPPOSITES = [
    ("first", "last"), ("before", "after"), ("most", "least"), ("more", "less"),
    ("more", "fewer"), ("largest", "smallest"), ("biggest", "smallest"), ("highest", "lowest"),
    ("oldest", "youngest"), ("longest", "shortest"), ("best", "worst"), ("earliest", "latest"),
    ("north", "south"), ("east", "west"), ("northern", "southern"), ("eastern", "western"),
    ("start", "end"), ("started", "ended"), ("begin", "end"), ("began", "ended"),
    ("won", "lost"), ("win", "lose"), ("increase", "decrease"), ("increased", "decreased"),
    ("won", "refused"), ("like", "dislike"), ("love", "hate"), ("liked", "disliked"),
    ("good", "bad"), ("better", "worse"), ("easy", "hard"), ("support", "oppose"),
    ("supported", "opposed"), ("agree", "disagree"), ("same", "different"), ("early", "late"),
    ("bought", "sold"), ("buy", "sell"), ("founded", "dissolved"), ("created", "destroyed"),
    ("built", "demolished"), ("joined", "left"), ("allowed", "forbidden"), ("allow", "forbid"),
    ("above", "below"), ("inside", "outside"), ("high", "low"), ("higher", "lower"),
    ("larger", "smaller"), ("older", "younger"), ("male", "female"), ("man", "woman"),
    ("father", "mother"), ("son", "daughter"), ("husband", "wife"), ("brother", "sister"),
    ("always", "never"), ("accepted", "rejected"), ("approved", "rejected"), ("arrived", "left"),
    ("new", "old"), ("former", "current"), ("minimum", "maximum"), ("major", "minor"),
    ("positive", "negative"), ("recommend", "avoid"), ("long", "short"), ("many", "few"),
    ("public", "private"), ("local", "federal"), ("legal", "illegal"), ("with", "without"),
]  # fmt: skip
OPPOSITES: dict[str, tuple[str, ...]] = {}
for _one, _other in _OPPOSITES:
    OPPOSITES[_one] = (*OPPOSITES.get(_one, ()), _other)
    OPPOSITES[_other] = (*OPPOSITES.get(_other, ()), _one)

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|did|does|do|can|could|will|would|should|has|have|had)\b", re.IGNORECASE
)
_NEGATED = {"can": "can't", "will": "won't"}


@dataclass(slots=True)
class Pool:
    """Names, numbers and nouns to put in place of others, by kind."""

    wordnet: WordNet | None = None
    by_kind: dict[str, list[str]] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Take the phrases of `text` in."""
        for phrase in noun_phrases(text, self.wordnet):
            self.by_kind.setdefault(phrase.kind, []).append(phrase.text)

    def pick(self, kind: str, rng: random.Random) -> str | None:
        """A phrase of that kind, or None."""
        known = self.by_kind.get(kind)
        return rng.choice(known) if known else None


def replace_span(text: str, start: int, end: int, new: str) -> str:
    """`text` with [start, end) replaced."""
    return text[:start] + new + text[end:]


def _shares_word(one: str, other: str) -> bool:
    left, right = {w for _, _, w in words(one)}, {w for _, _, w in words(other)}
    stems = {w[:4] for w in left}
    return bool(left & right) or any(w[:4] in stems for w in right)


@lru_cache(maxsize=20_000)
def noun_phrases(text: str, wordnet: WordNet | None, *, longest: int = 3) -> tuple[Phrase, ...]:
    """Names, numbers, and runs of lower-case words that end in a noun and hold no verb."""
    found: list[Phrase] = []
    for phrase in phrases(text, longest=6):
        if phrase.kind != "noun" or wordnet is None:
            if len(phrase.text.split()) <= longest:
                found.append(phrase)
            continue
        run: list[tuple[int, int, str]] = []
        for start, end, word in [*words(phrase.text), (0, 0, "")]:
            letter = wordnet.lemma(word)[1] if word else ""
            if letter in ("n", "a"):
                run.append((start, end, letter))
                continue
            while run and run[-1][2] != "n":
                run.pop()
            if run and len(run) <= longest:
                first, last = run[0][0], run[-1][1]
                at = phrase.start
                found.append(Phrase(at + first, at + last, text[at + first : at + last], "noun"))
            run = []
    return tuple(found)


def swap_choice(
    question: str,
    passage: str,
    kinds: Sequence[str],
    pool: Pool,
    rng: random.Random,
    *,
    wordnet: WordNet | None = None,
    barred: Sequence[str] = (),
    from_passage: float = 0.65,
) -> tuple[Phrase, str] | None:
    """A phrase of the question and another of its kind to put in its place.

    The other comes from the passage (as people do who write unanswerable questions against it) or
    from `pool`; it shares no word with the question or with `barred` (the answers).
    """
    candidates = [p for p in noun_phrases(question, wordnet) if p.kind in kinds]
    rng.shuffle(candidates)
    known = noun_phrases(passage, wordnet) if candidates and passage else []
    for phrase in candidates:
        local = [p.text for p in known if p.kind == phrase.kind]
        rng.shuffle(local)
        near = rng.random() < from_passage
        pooled = [text for _ in range(4) if (text := pool.pick(phrase.kind, rng))]
        for new in (local[:8] + pooled) if near else (pooled + local[:4]):
            if not _shares_word(new, question) and not any(_shares_word(new, b) for b in barred):
                return phrase, _cased(new, phrase.text)
    return None


def exchange(
    question: str, answers: Sequence[str], wordnet: WordNet | None, rng: random.Random
) -> str | None:
    """Roles exchanged: two phrases of the question, or the answer put in a phrase's place.

    "What is Normandy a region of?" becomes "What is France a region of?".
    """
    found = noun_phrases(question, wordnet)
    short = [a for a in answers if 1 <= len(a.split()) <= 3 and not _shares_word(a, question)]
    if short and found and rng.random() < 0.6:
        answer = rng.choice(short)
        kind = "number" if is_number(answer.split()[0]) else "name" if answer.istitle() else "noun"
        alike = [p for p in found if p.kind == kind]
        if alike:
            phrase = rng.choice(alike)
            return replace_span(question, phrase.start, phrase.end, answer)
    pairs = [(p, q) for p in found for q in found if p.end < q.start and p.kind == q.kind]
    if not pairs:
        return None
    first, second = rng.choice(pairs)
    swapped = replace_span(question, second.start, second.end, first.text)
    return replace_span(swapped, first.start, first.end, second.text)


def _cased(new: str, old: str) -> str:
    return new.lower() if old.islower() else new


def nudge_number(number: str, rng: random.Random) -> str | None:
    """Another number of the same look: a year near by, another digit or number word."""
    digits = list(re.finditer(r"\d", number))
    if not digits:
        return None
    if re.fullmatch(r"1[5-9]\d\d|20[0-2]\d", number):
        return str(
            int(number) + rng.choice([-30, -20, -11, -10, -7, -4, -3, -2, -1, 1, 2, 3, 5, 8])
        )
    at = rng.choice(digits).start()
    new = rng.choice([d for d in "123456789" if d != number[at]])
    return number[:at] + new + number[at + 1 :]


def swap_number(question: str, passage: str, pool: Pool, rng: random.Random) -> str | None:
    """A number of the question changed to another, of the passage or made up."""
    found = [p for p in phrases(question) if p.kind == "number"]
    if not found:
        return None
    phrase = rng.choice(found)
    nudged = nudge_number(phrase.text, rng)
    if nudged and rng.random() < 0.6:
        return replace_span(question, phrase.start, phrase.end, nudged)
    choice = swap_choice(question, passage, ("number",), pool, rng)
    if choice:
        return replace_span(question, choice[0].start, choice[0].end, choice[1])
    return replace_span(question, phrase.start, phrase.end, nudged) if nudged else None


def opposite_choice(
    text: str, wordnet: WordNet | None, rng: random.Random, only: frozenset[str] | None = None
) -> tuple[int, int, str] | None:
    """A word of `text` (of `only`, if given) and an opposite: (start, end, opposite)."""
    options = []
    for start, end, word in words(text):
        if only is not None and word not in only:
            continue
        known = OPPOSITES.get(word, ())
        if not known and wordnet and word not in STOP_WORDS:
            known = wordnet.antonyms(word)
        if known:
            options.append((start, end, rng.choice(known)))
    return rng.choice(options) if options else None


def sister_choice(
    text: str, wordnet: WordNet | None, rng: random.Random, only: frozenset[str] | None = None
) -> tuple[int, int, str] | None:
    """A lower-case noun or verb of `text` and a word of the same family that is no synonym."""
    options = []
    for start, end, word in words(text):
        if only is not None and word not in only:
            continue
        if not text[start:end].islower() or word in STOP_WORDS or is_number(word) or not wordnet:
            continue
        known = wordnet.sisters(word)
        if known:
            options.append((start, end, rng.choice(known)))
    return rng.choice(options) if options else None


def opposite(question: str, wordnet: WordNet | None, rng: random.Random) -> str | None:
    """One word replaced by its opposite."""
    choice = opposite_choice(question, wordnet, rng)
    return replace_span(question, *choice) if choice else None


def sister(question: str, wordnet: WordNet | None, rng: random.Random) -> str | None:
    """One noun or verb replaced by a sister term."""
    choice = sister_choice(question, wordnet, rng)
    return replace_span(question, *choice) if choice else None


def negate(question: str, rng: random.Random) -> str | None:
    """The auxiliary negated, or "never" put after it."""
    found = _AUXILIARY.search(question)
    if not found or re.search(r"\b(?:not|never|no)\b|n't", question, re.IGNORECASE):
        return None
    auxiliary = found.group()
    if rng.random() < 0.6:
        new = _NEGATED.get(auxiliary.lower(), auxiliary + "n't")
        return replace_span(question, found.start(), found.end(), new)
    after = [(s, e, w) for s, e, w in words(question) if s > found.end()]
    if not after:
        return None
    # "did the band never release", "was never built": before a word that follows the subject
    place = rng.choice(after[: max(1, min(5, len(after)))])[0]
    return question[:place] + rng.choice(["not ", "never "]) + question[place:]


def add_condition(question: str, passage: str, pool: Pool, rng: random.Random) -> str | None:
    """A condition appended that the passage does not speak of."""
    tail = question.rstrip(" ?")
    year = rng.randint(1700, 2020)
    local = [p.text for p in phrases(passage, longest=3) if p.kind == "name"]
    name = rng.choice(local) if local and rng.random() < 0.5 else pool.pick("name", rng)
    forms = [f"{tail} before {year}?", f"{tail} in {year}?", f"{tail} after {year}?"]
    if name and not _shares_word(name, question):
        forms += [f"{tail} in {name}?", f"{tail} with {name}?", f"{tail} for {name}?"]
        forms += [f"{tail} according to {name}?", f"{tail} besides {name}?"]
    return rng.choice(forms)


def synonym(question: str, wordnet: WordNet | None, rng: random.Random) -> str | None:
    """One word replaced by a synonym; the question keeps its answer."""
    options = []
    for start, end, word in words(question):
        if wordnet and question[start:end].islower() and word not in STOP_WORDS and len(word) > 3:
            options += [(start, end, new) for new in wordnet.synonyms(word)[:4]]
    return replace_span(question, *rng.choice(options)) if options else None
