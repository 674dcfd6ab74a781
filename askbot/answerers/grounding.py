"""Whether a statement in a model's own words may rest on a passage, beyond its numbers and names.

None of this proves that a passage entails a statement. It refuses what shares too few words with
it, numbers in words that it does not have, a commenter it has nothing to do with, an address it
does not give, and the plain opposite of its closest sentence. A refusal costs one repair round; a
miss would show a false statement as checked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.answers import Evidence
from askbot.text import content_words, fold, numbers, sentences, stem, words

SHARED = 0.4
"""Least share of a statement's content words, the title's left out, that the cited passages, their
authors or the comments they answer have."""
PART = 0.25
"""The same for each of several passages that a statement cites together."""
CLOSE = 0.8
"""A sentence with this share of the statement's words is what the statement restates."""

_NUMBER_WORDS: dict[str, float] = {
    "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12,
    "twice": 2, "thrice": 3, "double": 2, "triple": 3, "half": 0.5, "quarter": 0.25,
    "hundreds": 100, "thousands": 1000, "millions": 10**6, "dozens": 12,
}  # fmt: skip
_NEGATIVE = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|hardly|unable|"
    r"refus\w+|den(?:y|ies|ied|ying)|reject\w*|oppos\w+|object\w*|disput\w+|disagree\w*|"
    r"against|doubt\w*|stop\w*|fail\w*|lack\w*|false|untrue|wrong|rather)\b|n't\b",
    re.IGNORECASE,
)
_REPORTING_WORDS = """
        article page comment comments commenter author writer paragraph reader says said writes
        wrote argues argued claims claimed thinks thought believes states stated according mentions
        mentioned adds notes reports reported describes described calls called replies reply replied
        answers answered asks asked yes also both while
"""
_REPORTING = frozenset(stem(word) for word in words(_REPORTING_WORDS))
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s)\]>”\"]+|\b[\w.+-]+@[\w-]+\.\w+", re.IGNORECASE)


def best_sentence(statement: str, item: Evidence) -> tuple[int, int]:
    """The sentence of a passage that shares most words with the statement, as source offsets."""
    own = set(_stems(statement))
    best, most = (item.extents[0].start, item.extents[0].end), -1.0
    for start, end in _sentences(item):
        text = item.page.source[start:end]
        there = set(_stems(text))
        figures = len(set(numbers(text)) & set(numbers(statement)))
        score = len(own & there) + figures + len(own & there) / (len(there) + 5)
        if score > most:
            best, most = (start, end), score
    return best


def objection(statement: str, cited: Sequence[Evidence]) -> str | None:
    """Why a statement may not rest on these passages; None if nothing speaks against it."""
    texts = [item.text for item in cited]
    return (
        _strange_address(statement, texts)
        or _strange_number_word(statement, texts)
        or _strange_person(statement, cited)
        or _too_far(statement, cited)
        or _opposite(statement, cited)
    )


def unrelated(statement: str, item: Evidence) -> bool:
    """Whether a passage, one of several cited, shares too little with the statement to say it."""
    return _share(statement, [item]) < PART


def _strange_address(statement: str, texts: Sequence[str]) -> str | None:
    for match in _ADDRESS.finditer(statement):
        address = match.group().rstrip(".,;")
        if not any(address in text for text in texts):
            return f"the statement gives {address}, which the passage does not"
    return None


def _strange_number_word(statement: str, texts: Sequence[str]) -> str | None:
    there = {w for text in texts for w in words(text)}
    values = {float(n) for text in texts for n in numbers(text) if n.replace(".", "", 1).isdigit()}
    for word in words(statement):
        value = _NUMBER_WORDS.get(word)
        if value is None or word in there or value in values:
            continue
        if any(_NUMBER_WORDS.get(w) == value for w in there):
            continue
        return f"the statement says {word}, which the passage does not"
    return None


def _strange_person(statement: str, cited: Sequence[Evidence]) -> str | None:
    """A commenter who is named, but neither wrote, answers nor appears in what is cited."""
    near = {item.author for item in cited if item.author}
    near |= {item.replies_to.author for item in cited if item.replies_to}
    told = " ".join(words(" ".join((*(item.text for item in cited), *near))))
    own = f" {' '.join(words(statement))} "
    for author in dict.fromkeys(a for item in cited for a in item.page.authors):
        name = " ".join(words(author))
        if not name or author in near or len(name) < 2 or f" {name} " not in own:
            continue
        if f" {name} " in f" {told} " or not _as_name(author, statement):
            continue
        return f"the statement names {author}, who has nothing to do with what it cites"
    return None


def _as_name(author: str, statement: str) -> bool:
    """Whether the name stands in the statement as its author writes it, or capitalised."""
    for form in {author, author.title(), author.capitalize()}:
        if re.search(rf"(?<!\w){re.escape(form)}(?!\w)", statement):
            return True
    return False


def _too_far(statement: str, cited: Sequence[Evidence]) -> str | None:
    if not any(s not in _REPORTING for s in _stems(statement)):
        return "the statement has no word that could be checked against the passage"
    if _share(statement, cited) < SHARED:
        return "the statement shares too few words with the passage to be checked against it"
    return None


def _share(statement: str, cited: Sequence[Evidence]) -> float:
    """Which share of a statement's words is there; 1 for a statement without content words."""
    there = {s for item in cited for s in _stems(_with_heading(item))}
    title = {s for item in cited for s in _stems(item.page.title)}
    said = [s for s in _stems(statement) if s not in _REPORTING]
    own = [s for s in said if s not in title] or said  # every passage is about the page's subject
    return sum(s in there for s in own) / len(own) if own else 1.0


def _opposite(statement: str, cited: Sequence[Evidence]) -> str | None:
    """The statement negates the one sentence that it restates, or leaves out its negation."""
    own = [s for s in _stems(statement) if s not in _REPORTING and not _NEGATIVE.fullmatch(s)]
    if len(own) < 3:
        return None
    denied = _negated(re.sub(r"^\W*(?:yes|no)\b\W*", "", statement, flags=re.IGNORECASE))
    close = False
    for item in cited:
        heading = set(_stems(_heading(item)))
        words_ = [s for s in own if s not in heading] or own
        for start, end in _sentences(item):
            text = item.page.source[start:end]
            there = set(_stems(text))
            if sum(s in there for s in words_) / len(words_) >= CLOSE:
                if _negated(text) == denied:
                    return None
                close = True
    if not close:
        return None
    return "the statement says the opposite of the passage (one of them is negated)"


def _negated(text: str) -> bool:
    return bool(_NEGATIVE.search(fold(text)))


def _sentences(item: Evidence) -> list[tuple[int, int]]:
    source = item.page.source
    return [
        (extent.start + s.start, extent.start + s.end)
        for extent in item.extents
        for s in sentences(source[extent.start : extent.end])
    ]


def _heading(item: Evidence) -> str:
    return f"{item.page.title} {_people(item)}"


def _people(item: Evidence) -> str:
    above = item.replies_to
    return f"{item.author or ''} {above.author if above else ''}"


def _with_heading(item: Evidence) -> str:
    above = item.replies_to
    context = item.page.text(above.id) if above else ""
    return f"{_people(item)} {context} {item.text}"


def _stems(text: str) -> list[str]:
    return [stem(w) for w in content_words(text)]
