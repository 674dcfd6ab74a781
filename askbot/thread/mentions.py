"""Which comments mention something: its words in any inflection, next to one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askbot.answers import Claim, Quote
from askbot.discussion import Comment, Extent
from askbot.text import plain_sentence_at
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
from askbot.thread.inflection import key, phrase, with_any_ending, with_exactly, with_words
from askbot.thread.slots import span_text
from askbot.thread.vocabulary import DETERMINERS, word_list
from askbot.thread.words import NameMatch, Token, tokens_of

CUES = frozenset(
    word_list("""
    find search appear appears appeared come comes came show shows occur occurs occurring touch
    touches turn turns turned crop crops cropped pop pops popped
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
    if not ask.slots.has(*CUES):
        return None
    topic, authors = topic_of(ask)
    return mentioning(ask, topic, authors) if topic else None


def mentioning(ask: Ask, topic: str, authors: Sequence[str] = ()) -> ThreadReply | None:
    """Which comments (of `authors`, if any) have a topic's words, and whose they are."""
    among = [c for c in ask.tables.comments if not authors or c.author in authors]
    found = _word_for_word(ask, topic, among) or find_mentions(ask, topic, among)
    if not found and (bare := without_title(topic)) and (found := find_mentions(ask, bare, among)):
        topic = bare
    scope = f" by {listed(authors)}" if authors else ""
    if not found:
        words = [t.folded for t in tokens_of(topic)]
        if not authors and _WHO.match(ask.question) and ask.tables.in_article(words):
            return None  # "who mentioned mattresses": somebody in the article
        if len(topic.split()) > LONGEST_TOPIC and not ask.slots.quoted:
            return None  # nobody looks for so many words together: it asks for what they say
        apart = [t.folded for t in ask.slots.residue]
        if apart[1:] and not ask.slots.quoted and with_words(ask.tables, apart, among, every=False):
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


_THE_WORD = re.compile(
    r"\bthe (?:exact |very )?(?:words?|terms?|phrase|expression)\b", re.IGNORECASE
)


def _word_for_word(ask: Ask, topic: str, among: Sequence[Comment]) -> list[Mention]:
    """Comments with "the word X" as it is asked for, whatever it ends in; none where another form
    may be meant."""
    pattern = with_any_ending(topic) if _THE_WORD.search(ask.question) else None
    if pattern is None:
        return []
    texts = ((c, ask.tables.texts[ask.tables.place[c.id]]) for c in among)
    matches = ((c, pattern.search(text)) for c, text in texts)
    return [Mention(c, m.start(), m.end()) for c, m in matches if m]


_WHO = re.compile(
    r"(?:so |and )?who(?: else)?\b(?!.*\b(?:comment|thread|discuss)\w*)", re.IGNORECASE
)
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}) ?(?:thousand|k)\b", re.IGNORECASE)
_TITLED = re.compile(
    r"^(?:the )?(?:(?:state|us|u\.s\.|vice|lt\.?|lieutenant|deputy|former|acting|ex) )*"
    r"(?:senator|sen|governor|gov|representative|rep|congress(?:man|woman)|mayor|president|sheriff"
    r"|officer|captain|chief|judge|justice|commissioner|council(?:man|woman|lor|or|member)"
    r"|alderman|superintendent|secretary|director|chair(?:man|woman|person)?|minister|professor"
    r"|prof|doctor|dr|mr|mrs|ms|miss|sir|rev|reverend|father|sister|pastor|sgt|sergeant|lt"
    r"|trooper|deputy|principal|coach|nurse|inspector|detective|agent|attorney)\.? (?=[^\W\d_])",
    re.IGNORECASE,
)


def without_title(topic: str) -> str:
    """ "Hale" of "Senator Hale": comments rarely write the title; "" where there is none."""
    bare = _TITLED.sub("", topic)
    return bare if bare != topic else ""


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
    cues = [t for t in tokens if t.folded in CUES and not _in_name(t.start, slots.names)]
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
    while rest and rest[0].folded in (*CUES, *DETERMINERS, "up", "to"):
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
    return with_its_noun(ask, best)


def with_its_noun(ask: Ask, topic: Sequence[Token]) -> str:
    """A topic in the question's words; a number with what it is one of, where a comment writes it
    so: "page 31"."""
    if topic and topic[0].raw[0].isdigit():
        before = [t for t in tokens_of(ask.question) if t.end <= topic[0].start][-1:]
        counted = span_text(ask.question, [*before, *topic])
        if before and with_exactly(ask.tables, counted):
            return counted
    return span_text(ask.question, topic)


def _alternatives(topic: str) -> list[str]:
    """What a topic may be called: either of "A or B"; "385 thousand" in digits too."""
    parts = re.split(r"\s+or\s+", topic)
    digits = [_THOUSANDS.sub(r"\1,000", part) for part in parts]
    return [part for part in dict.fromkeys((*parts, *digits)) if phrase(part)]


def find_mentions(ask: Ask, topic: str, among: Sequence[Comment]) -> list[Mention]:
    """Comments in which the topic's words stand together, in any inflection; of "A or B" either."""
    parts = _alternatives(topic)
    if not parts:
        return []
    pattern = re.compile("|".join(map(phrase, parts)))
    keys = [key(part) for part in parts]
    found = []
    for comment in among:
        text = ask.tables.texts[ask.tables.place[comment.id]]
        if any(k in text for k in keys) and (first := pattern.search(text)):
            found.append(Mention(comment, first.start(), first.end()))
    return found


def occurrences(ask: Ask, topic: str, found: Sequence[Mention]) -> int:
    """How often the topic occurs in all of these comments."""
    pattern = re.compile("|".join(map(phrase, _alternatives(topic))))
    texts = (ask.tables.texts[ask.tables.place[m.comment.id]] for m in found)
    return sum(1 for text in texts for _ in pattern.finditer(text))


def sentence_around(ask: Ask, comment: Comment, start: int, end: int) -> Extent:
    """The sentence of a comment that has `[start, end)` of its text, as an extent of the source."""
    text = ask.tables.texts[ask.tables.place[comment.id]]
    around = plain_sentence_at(text, start, end)
    place = ask.tables.source_place(comment, around.start, around.end)
    return place or ask.tables.beginning(comment, 280) or comment.header[0]
