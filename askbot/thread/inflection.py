"""Words in any inflection: how a topic is looked for in comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from askbot.discussion import Comment
from askbot.thread.tables import PageTables, light_fold, name_tokens
from askbot.thread.vocabulary import DETERMINERS


def with_words(
    tables: PageTables, words: Sequence[str], among: Sequence[Comment], *, every: bool = True
) -> list[Comment]:
    """Comments that have all (or any) of some words, in any inflection."""
    patterns = [(key(word), re.compile(p)) for word in words if (p := phrase(word))]
    need = all if every else any
    found = []
    for comment in among:
        text = tables.texts[tables.place[comment.id]]
        if need(start in text and bool(pattern.search(text)) for start, pattern in patterns):
            found.append(comment)
    return found


def with_exactly(
    tables: PageTables, text: str, among: Sequence[Comment] | None = None
) -> list[Comment]:
    """Comments that have just these words one after the other; none where there are no words."""
    pattern = exactly(text)
    if pattern is None:
        return []
    among = tables.comments if among is None else among
    return [c for c in among if pattern.search(tables.texts[tables.place[c.id]])]


def _stem(word: str) -> str:
    start = word
    while not all(form.startswith(start) for form in forms(word)):
        start = start[:-1]
    return start


_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")


def exactly(text: str) -> re.Pattern[str] | None:
    """A pattern for just these words one after the other; None where there are none."""
    words = _WORD.findall(light_fold(text))
    return _side_by_side(map(re.escape, words)) if words else None


def with_any_ending(text: str) -> re.Pattern[str] | None:
    """As `exactly`, but the last word may go on as it is inflected: "nephew", "nephews"."""
    words = name_tokens(text)
    if not words:
        return None
    last = "|".join(re.escape(f) for f in sorted(forms(words[-1])) if f.startswith(words[-1]))
    return _side_by_side([*map(re.escape, words[:-1]), f"(?:{last})"])


def _side_by_side(patterns: Iterable[str]) -> re.Pattern[str]:
    """Whole words one after the other."""
    together = r"[^\w]+".join(patterns)
    return re.compile(rf"(?<![^\W_]){together}(?![^\W_])")


@lru_cache(maxsize=256)
def key(topic: str) -> str:
    """Letters that every inflection of the topic's longest word starts with: a quick first look."""
    parts = name_tokens(topic)
    keys = [_stem(part) for part in parts if part not in DETERMINERS]
    return max(keys, key=len, default="")


@lru_cache(maxsize=256)
def phrase(topic: str) -> str:
    """A pattern for the topic's words one after the other, each in any inflection; "" for none."""
    parts = list(name_tokens(topic))
    while parts and parts[0] in DETERMINERS:
        parts.pop(0)
    if not parts:
        return ""
    words = [
        f"(?:{'|'.join(sorted(map(re.escape, forms(p)), key=len, reverse=True))})" for p in parts
    ]
    together = r"(?:'s)?[^a-z0-9]{1,3}".join(words)
    return rf"(?<![^\W_]){together}(?:'s)?(?![^\W_])"


@lru_cache(maxsize=1024)
def forms(word: str) -> frozenset[str]:
    """Regular English inflections that share a lemma with a folded word, the word included."""
    if len(word) < 3 or any(ch.isdigit() for ch in word):
        return frozenset({word})
    bases = {word}
    if word.endswith("ies") and len(word) > 4:
        bases.add(word[:-3] + "y")
    elif word.endswith("es") and len(word) > 4:
        bases |= {word[:-2], word[:-1]} if word[-3] in "sxzho" else {word[:-1]}
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        bases.add(word[:-1])
    for ending in ("ed", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            bare = word[: -len(ending)]
            bases |= {bare, bare + "e"}
            if bare[-1] == bare[-2]:
                bases.add(bare[:-1])
    return frozenset(f for base in bases for f in _inflected(base))


def _inflected(base: str) -> set[str]:
    made = {base, base + "s", base + "ed", base + "ing"}
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        made.add(base + "es")
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        made |= {base[:-1] + "ies", base[:-1] + "ied"}
    if base.endswith("e"):
        made |= {base + "d", base[:-1] + "ing"}
    if (
        len(base) > 2
        and base[-1] not in "aeiouwxy"
        and base[-2] in "aeiou"
        and base[-3] not in "aeiou"
    ):
        made |= {base + base[-1] + "ed", base + base[-1] + "ing"}
    return made
