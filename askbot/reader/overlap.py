"""How much of a question's wording a text has: features for the calibration."""

from __future__ import annotations

from collections.abc import Iterable

from askbot.reader.phrases import content_words, is_number, phrases

_STEM = 5


def lexical_overlap(question: str, text: str) -> float:
    """Share of the question's content words found in `text`; 1.0 where it has none.

    Words count as found if their first five letters are (inflected forms mostly agree in those).
    """
    wanted = {word[:_STEM] for word in content_words(question)}
    if not wanted:
        return 1.0
    return len(wanted & {word[:_STEM] for word in content_words(text)}) / len(wanted)


def missing_names(question: str, texts: Iterable[str]) -> int:
    """How many names and numbers of the question none of `texts` has."""
    known = {word[:_STEM] for text in texts for word in content_words(text)}
    found = 0
    for phrase in phrases(question, longest=6):
        if phrase.kind == "number" and any(char.isdigit() for char in phrase.text):
            found += not any(is_number(w) and phrase.text.lower()[:_STEM] == w for w in known)
        elif phrase.kind == "name":
            parts = {word[:_STEM] for word in content_words(phrase.text)}
            found += bool(parts - known)
    return found
