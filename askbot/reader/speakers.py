"""Passages as comments by someone, and questions that name whoever said it.

The corpus's own structure is used for augmentation: any passage can stand as a comment whose
context line names its author ("NAME replied to NAME2 on “TITLE”:"), and a question can name the
right author (keeps its answer) or another one (has none).
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from askbot.passages import spoken_by
from askbot.reader.phrases import phrases, sentences

if TYPE_CHECKING:
    from askbot.reader.sampling import Item

_FIRST = """
maria john dave ana Karl liz Mike sofia omar Nina Pete ruth Sam Tessa Ivan Grace hugo Leila Tom
Wendy Carlos Mei Frank Ada Jorge Beth Raj Olga Luke Hannah Victor Rosa Neil Paula
"""
_LAST = """
Carter Silva Novak Green O'Neil Haddad Park Duarte Miller Weiss Costa Brown Reyes Hall Moreau Khan
Lopez Bell Jensen Price Rossi Ward Sato Cole Fox Lind Vega Stone
"""
_HANDLE = """
concerned citizen truth reader skeptic taxpayer night owl local voice plain speaker north ender old
timer bay stater quiet observer realist dreamer worker nurse vet teacher
"""
_TITLES = (
    "the city council vote",
    "the new bus lanes",
    "the school budget",
    "the police programme",
    "the hospital plan",
    "the housing bill",
    "the library hours",
    "the harbour tunnel",
    "the wage law",
    "the recycling rules",
    "the election debate",
    "the water rates",
)
FIRST_NAMES, LAST_NAMES, HANDLE_WORDS = _FIRST.split(), _LAST.split(), _HANDLE.split()


def handle(rng: random.Random) -> str:
    """An invented commenter's name, of the looks that comment pages have."""
    roll = rng.random()
    if roll < 0.3:
        return rng.choice(FIRST_NAMES)
    if roll < 0.55:
        return f"{rng.choice(FIRST_NAMES).capitalize()} {rng.choice(LAST_NAMES)}"
    if roll < 0.65:
        return f"{rng.choice(FIRST_NAMES).capitalize()} {rng.choice('ABCDEFGHJKLMNPRSTW')}."
    if roll < 0.8:
        return f"{rng.choice(HANDLE_WORDS)}{rng.choice(['', '_', ' '])}{rng.choice(HANDLE_WORDS)}"
    if roll < 0.9:
        return f"{rng.choice(HANDLE_WORDS)}{rng.randint(1, 99)}"
    return rng.choice(HANDLE_WORDS)


def context_line(name: str, rng: random.Random) -> str:
    """A comment's context line for `name`, with parent and title some of the time."""
    parent = handle(rng) if rng.random() < 0.4 else None
    return spoken_by(name, parent, rng.choice(_TITLES) if rng.random() < 0.7 else "")


def speaker_item(item: Item, rng: random.Random) -> Item | None:
    """The item as a comment, with a question that may name its author, or a wrong one."""
    name = handle(rng)
    item = replace(item, context=context_line(name, rng))
    roll = rng.random()
    if roll < 0.25:
        return item
    asked, span = name, item.span
    if roll > 0.8:
        asked = handle(rng)
        if name.lower() in asked.lower() or asked.lower() in item.context.lower():
            return None
        span = None
    if rng.random() < 0.5:
        question = _lower_first(item.question)
        form = rng.choice(["According to {name}, {q}", "In {name}'s comment, {q}", "{name}: {q}"])
        return replace(item, question=form.format(name=asked, q=question), span=span)
    return _about(item, asked, span is not None, rng)


def _about(item: Item, asked: str, right: bool, rng: random.Random) -> Item | None:
    """ "What does NAME say about TOPIC?": answered by the sentence that speaks of the topic."""
    spans = [
        (s, e) for s, e in sentences(item.passage) if 5 <= len(item.passage[s:e].split()) <= 24
    ]
    if not spans:
        return None
    start, end = rng.choice(spans)
    topics = [p.text for p in phrases(item.passage[start:end]) if p.kind in ("noun", "name")]
    topics = [t for t in topics if item.passage.lower().count(t.lower()) == 1]
    if not topics:
        return None
    topic = max(topics, key=len) if rng.random() < 0.5 else rng.choice(topics)
    span = _trimmed(item.passage, start, end) if right else None
    return replace(item, question=about(asked, topic, rng), span=span, focus=start)


def about(name: str, topic: str, rng: random.Random) -> str:
    """A question for what `name` says about `topic`."""
    form = rng.choice(
        [
            "What does {name} say about {topic}?",
            "What did {name} say about the {topic}?",
            "What does {name} think of {topic}?",
            "What is {name}'s view on {topic}?",
        ]
    )
    return form.format(name=name, topic=topic)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1] in " .!?\n\"'”’)":
        end -= 1
    return start, end


def _lower_first(question: str) -> str:
    first = question.split(" ", 1)[0]
    known = {
        "What",
        "Who",
        "When",
        "Where",
        "Why",
        "How",
        "Which",
        "In",
        "Is",
        "Are",
        "Did",
        "Does",
    }
    return question[0].lower() + question[1:] if first in known else question
