"""Which comments mention something: its words in any inflection, next to one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from askbot.answers import Claim, Quote
from askbot.discussion import Comment, Extent
from askbot.thread.compose import (
    QUOTED_AT_MOST,
    Ask,
    ThreadReply,
    cited,
    listed,
    number_of,
    people,
    reply,
    stated,
    times,
)
from askbot.thread.names import NameMatch, Token, tokens_of
from askbot.thread.slots import span_text
from askbot.thread.tables import name_tokens
from askbot.thread.vocabulary import DETERMINERS, word_list

_CUES = frozenset(
    word_list("""
    find search appear appears appeared come comes came show shows occur occurs touch touches
    discuss discussed fall falls deal deals quote quoted namedrop namedrops
    mention mentions mentioned mentioning refer refers referred referring bring brings brought
    talk talks talked talking about contain contains containing include includes use uses used
    word phrase name names named naming speak speaks of on regarding concerning with for
    reference references term say says said write writes wrote
    """)
)
_LINKS = frozenset(
    word_list("""
    of the and or a an in for to on at 's by with s & vs
    """)
)
_CLOSING = frozenset(
    word_list("""
    in the comments comment section by name anywhere at all here thread
    """)
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A comment that mentions something, and where in its text it first does."""

    comment: Comment
    start: int
    end: int


LONGEST_TOPIC = 3
"""Words that a topic which nobody mentions may have."""


def mentions(ask: Ask) -> ThreadReply | None:
    """Which comments mention a topic, a word or a person, and whose they are."""
    if not ask.slots.has(*_CUES):
        return None
    topic, authors = topic_of(ask)
    if not topic:
        return None
    among = [c for c in ask.tables.comments if not authors or c.author in authors]
    found = find_mentions(ask, topic, among)
    scope = f" by {listed(authors)}" if authors else ""
    if not found:
        if len(topic.split()) > LONGEST_TOPIC and not ask.slots.quoted:
            return None  # nobody looks for so many words together: it asks for what they say
        apart = [t.folded for t in ask.slots.residue]
        if apart[1:] and not ask.slots.quoted and matching(ask, apart, among, every=False):
            return None  # not in these words, but perhaps in others
        text = f"No comment{scope} mentions “{topic}”."
        where = cited(ask, among) if authors else ()
        return reply(ask, "mentions", [stated(text, where)], short="none")
    comments = [m.comment for m in found]
    verb = "mentions" if len(found) == 1 else "mention"
    text = f"{number_of(len(found), 'comment')}{scope} {verb} “{topic}”"
    if not authors:
        text += f", by {listed(people(comments))}"
    if ask.slots.has("often", "times") and (total := occurrences(ask, topic, found)) > len(found):
        text += f" ({times(total)} in all)"
    claims = [
        stated(f"{text}:" if len(found) <= QUOTED_AT_MOST else f"{text}.", cited(ask, comments))
    ]
    if len(found) <= QUOTED_AT_MOST:
        claims += [mention_line(ask, m) for m in found]
    counted = ask.slots.has("many", "often", "number")
    persons = ask.slots.has("people", "commenters", "readers", "users", "who")
    short = listed(people(comments)) if ask.slots.has("who") else None
    if counted:
        short = str(len(people(comments)) if persons else len(found))
    return reply(ask, "mentions", claims, short=short)


def mention_line(ask: Ask, mention: Mention) -> Claim:
    """The sentence of a comment that mentions it, as a line of its own."""
    place = sentence_around(ask, mention.comment, mention.start, mention.end)
    text = ask.page.source[place.start : place.end]
    author = mention.comment.author
    quote = Quote(mention.comment.id, text, place.start, place.end, author or None)
    return stated(f"{author or 'Somebody'}: “{text}”", (quote,), before="\n")


def topic_of(ask: Ask) -> tuple[str, tuple[str, ...]]:
    """What is asked about, and whose comments are asked about ("did A mention X").

    A name behind the word of mentioning is the topic ("who mentions A"); one before it restricts.
    """
    slots = ask.slots
    if slots.quoted:
        return slots.quoted, slots.authors
    tokens = tokens_of(slots.question)
    cues = [t for t in tokens if t.folded in _CUES and not _in_name(t.start, slots.names)]
    first_cue = cues[0].start if cues else 0
    if slots.residue:
        return _widest(slots.question, ask), slots.authors
    behind = [n for n in slots.names if n.start > first_cue]
    if cues and behind:
        whose = [n for n in slots.names if n.start < first_cue]
        return behind[-1].text, tuple(n.authors[0] for n in whose)
    if not cues:
        return "", slots.authors
    rest = [t for t in tokens if t.start > cues[-1].start]
    while rest and rest[-1].folded in _CLOSING:
        rest.pop()
    while rest and rest[0].folded in (*_CUES, *DETERMINERS, "up", "to"):
        rest.pop(0)
    return span_text(slots.question, rest), slots.authors


def _in_name(start: int, names: Sequence[NameMatch]) -> bool:
    return any(n.start <= start < n.end for n in names)


def _widest(question: str, ask: Ask) -> str:
    """The longest run of words that are no words of asking, small words inside it included."""
    tokens = tokens_of(question)
    residue = {t.start for t in ask.slots.residue}
    runs: list[list[Token]] = []
    run: list[Token] = []
    for token in tokens:
        if token.start in residue or (run and token.folded in _LINKS):
            run.append(token)
        else:
            runs.append(run)
            run = []
    runs.append(run)
    for run in runs:
        while run and run[-1].start not in residue:
            run.pop()
    best = max(reversed(runs), key=lambda r: sum(t.start in residue for t in r))
    if best and best[0].start > 0 and best[0].capital:
        # A name written with a capital may start with a word of asking: "First Parish".
        place = tokens.index(best[0])
        while place > 1 and tokens[place - 1].capital:
            place -= 1
            best.insert(0, tokens[place])
    return span_text(question, best)


def find_mentions(ask: Ask, topic: str, among: Sequence[Comment]) -> list[Mention]:
    """Comments in which the topic's words stand together, in any inflection; of "A or B" either."""
    parts = [part for part in re.split(r"\s+or\s+", topic) if phrase(part)]
    if not parts:
        return []
    pattern = re.compile("|".join(map(phrase, parts)))
    keys = [_key(part) for part in parts]
    found = []
    for comment in among:
        text = ask.tables.texts[ask.tables.place[comment.id]]
        if any(key in text for key in keys) and (first := pattern.search(text)):
            found.append(Mention(comment, first.start(), first.end()))
    return found


def occurrences(ask: Ask, topic: str, found: Sequence[Mention]) -> int:
    """How often the topic occurs in all of these comments."""
    parts = [p for part in re.split(r"\s+or\s+", topic) if (p := phrase(part))]
    pattern = re.compile("|".join(parts))
    texts = (ask.tables.texts[ask.tables.place[m.comment.id]] for m in found)
    return sum(1 for text in texts for _ in pattern.finditer(text))


def matching(
    ask: Ask, words: Sequence[str], among: Sequence[Comment], *, every: bool = True
) -> list[Comment]:
    """Comments that have all (or any) of some words, in any inflection."""
    patterns = [(_key(word), re.compile(p)) for word in words if (p := phrase(word))]
    need = all if every else any
    found = []
    for comment in among:
        text = ask.tables.texts[ask.tables.place[comment.id]]
        if need(key in text and bool(pattern.search(text)) for key, pattern in patterns):
            found.append(comment)
    return found


def _stem(word: str) -> str:
    start = word
    while not all(form.startswith(start) for form in forms(word)):
        start = start[:-1]
    return start


@lru_cache(maxsize=256)
def _key(topic: str) -> str:
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


_BREAK = re.compile(r"[.!?…]+[\"”’')\]]*\s+|\n")


def sentence_around(ask: Ask, comment: Comment, start: int, end: int) -> Extent:
    """The sentence of a comment that has `[start, end)` of its text, as an extent of the source."""
    text = ask.tables.texts[ask.tables.place[comment.id]]
    first, last = 0, len(text)
    for gap in _BREAK.finditer(text):
        if gap.end() <= start:
            first = gap.end()
        elif gap.start() >= end:
            last = gap.end()
            break
    while last > first and text[last - 1].isspace():
        last -= 1
    while first < last and text[first].isspace():
        first += 1
    place = ask.tables.source_place(comment, first, last)
    return place or ask.tables.opening(comment, 280) or comment.header[0]
