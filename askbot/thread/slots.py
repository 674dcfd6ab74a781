"""What a question about a thread points to: names, comments, places in order, a topic.

The names and numbers are taken out before the question is classified, so that the classifier sees
how something is asked and not about whom.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from askbot.discussion import Page
from askbot.thread.described import answer_to, described, quoted_comment, said_then, talked_about
from askbot.thread.handles import handle_in, is_handle
from askbot.thread.names import find_names, not_meant, without_excluded
from askbot.thread.tables import tables_of
from askbot.thread.vocabulary import LAST_WORDS, NUMBER_WORDS, ORDINAL_WORDS, SCAFFOLD, word_list
from askbot.thread.words import NameMatch, Token, tokens_of

STAND_INS = ("Alex", "Sam", "Chris")
"""What the first, second and third name become before a question is embedded."""

_NUMBER = "|".join(NUMBER_WORDS)
_REFERENCE = re.compile(
    rf"(?:#\s?|\bc(?=\d)|\b(?:comment|reply|remark)\s*(?:#|no\.?\s?|number\s|nr\.?\s?|id\s)?\s*c?)"
    rf"(?P<id>\d+(?:\.\d+)*|(?:{_NUMBER})\b)(?![\w%])"
    r"|(?:(?<=under )|(?<=below )|(?<=beneath )|(?<=to )|(?<=does )|(?<=did )|(?<=in )|(?<=is ))"
    rf"(?:number|no\.?|nr\.?) (?P<number>\d+(?:\.\d+)*|(?:{_NUMBER})\b)"
    r"(?=[?!.]*$| (?:says?|said|about|gets?|got))",
    re.IGNORECASE,
)
""" "Comment 5", "#5", and "what does number 5 say"."""
_BARE = re.compile(r"(?<![\w.$€£#])\d+(?:\.\d+)+(?![\w%])")
_QUOTED = re.compile(r"[\"“«]([^\"“”«»]{2,}?)[\"”»]|(?<![\w’'])[‘']([^‘’']{2,}?)[’'](?!\w)")
_NTH = re.compile(r"(\d+)(?:st|nd|rd|th)\Z")
_COUNTED = frozenset(
    word_list("""
    to who that in here comments posts replies ones people commenters things remarks messages
    """)
)


@dataclass(frozen=True, slots=True)
class Order:
    """A place in an order: 1 the first, -1 the last; `count` for "the first three"."""

    nth: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Slots:
    """A question taken apart.

    Attributes:
        references: ids of comments as asked for ("c16.1"), whether or not they exist.
        quoted: words in quotation marks.
        residue: words that neither ask about a thread nor name anybody, in order.
        skeleton: the question with names as N, comments as C, residue as X.
        masked: the question with names and numbers of comments replaced by stand-ins.
    """

    question: str
    names: tuple[NameMatch, ...]
    references: tuple[str, ...]
    order: Order | None
    quoted: str | None
    residue: tuple[Token, ...]
    skeleton: tuple[str, ...]
    masked: str

    @property
    def authors(self) -> tuple[str, ...]:
        """The one author of each name that fits only one, without repeats."""
        return tuple(dict.fromkeys(m.authors[0] for m in self.names if len(m.authors) == 1))

    def has(self, *words: str) -> bool:
        """Whether any of these folded words is in the question."""
        return not set(words).isdisjoint(self.skeleton)


def read_slots(question: str, page: Page, also: Sequence[NameMatch] = ()) -> Slots:
    """Take a question apart; see `Slots`.

    Args:
        also: words that stand for somebody without naming them, placed in `plainly(question)`.
    """
    question = corrected(plainly(question), page)
    names = find_names(question, page)
    if (rest := without_excluded(question, names)) is not None:
        question = rest[0]
        names = not_meant(find_names(question, page), rest[1])
    named = [n for n in names if n.how == "exact"]
    free = [a for a in also if not any(a.start < n.end and n.start < a.end for n in named)]
    kept = [n for n in names if not any(a.start < n.end and n.start < a.end for a in free)]
    names = tuple(sorted([*kept, *free], key=lambda n: n.start))
    references, spans = _references(question, page)
    names = tuple(n for n in names if not any(s < n.end and n.start < e for s, e in spans))
    quoted = _QUOTED.search(question)
    if quoted is not None and any(n.start == quoted.start() + 1 for n in names):
        quoted = None
    tokens = tokens_of(question)
    said = quoted.span() if quoted is not None else (0, 0)
    tables = tables_of(page)
    if not references and quoted is not None:
        words = quoted.group(1) or quoted.group(2)
        if place := quoted_comment(question, quoted.start(), words, names, tables):
            references, spans, quoted, said = (place,), [quoted.span()], None, (0, 0)
    elif not references:
        pointed = answer_to(question, names, tables) or described(question, tokens, names, tables)
        pointed = pointed or said_then(question, names, tables)
        pointed = pointed or (None if names else talked_about(question, tokens, names, tables))
        if pointed is not None:
            references, spans = pointed.ids, [(pointed.start, pointed.end)]
            names = tuple(n for n in names if not pointed.start <= n.start < pointed.end)
    names = tuple(n for n in names if not said[0] <= n.start < said[1])
    skeleton, residue = _skeleton(tokens, names, spans, said)
    return Slots(
        question=question,
        names=names,
        references=references,
        order=_order(tokens, names, [*spans, said]),
        quoted=(quoted.group(1) or quoted.group(2)) if quoted else None,
        residue=tuple(residue),
        skeleton=tuple(skeleton),
        masked=_masked(question, names, spans),
    )


_IDIOMS = (
    (re.compile(r"\b(?:break|breaks|broke) the ice\b", re.I), "commented first"),
    (re.compile(r"\b(?:get|gets|got|set|sets) the ball rolling\b", re.I), "commented first"),
    (
        re.compile(r"\b(?:round|wrap|wind|wound)(?:s|ed|ped)? (?:off|up)(?: the \w+)?\b", re.I),
        "commented last",
    ),
    (
        re.compile(r"\b(?:had|has|have|got|gets) the (?:last|final) (?:word|say)\b", re.I),
        "commented last",
    ),
    (re.compile(r"\b(?:pipes?|piped|spoke|speaks?) up\b", re.I), "commented"),
    (re.compile(r"\bpitch(?:es|ed)? in\b", re.I), "commented"),
)
_SHOWING = re.compile(r"\b(?:walk|take|talk|run|guide) (?:me|us) (?:through|thru)\b", re.I)
_THREAD = re.compile(r"\b(?:comments?|thread|discussion|commenters?|readers?|users?)\b", re.I)


def plainly(question: str) -> str:
    """The question with figures of speech for commenting said plainly, where it is about that."""
    question = _SHOWING.sub("show me", " ".join(question.split()))
    if _THREAD.search(question):
        for pattern, plain in _IDIOMS:
            question = pattern.sub(plain, question)
    return question


_CORE = tuple(
    word_list("""
    answered answering answers replied replies replying commented comments comment commenter
    commenters responded response responses mentioned mentions discussion separate different
    distinct
    """)
)
_OWN_WORDS = frozenset(("relied", "relies", "relying", "commended", "commend", "commander"))
"""Words as near to one about threads as a slip of the pen, which are none."""


def corrected(question: str, page: Page) -> str:
    """The question with slips in words about threads put right: "who anwsered Kim?".

    Only words that the page does not have, so that no name or subject is taken for a slip.
    """
    tables = tables_of(page)
    for token in reversed(tokens_of(question)):
        word = token.folded
        if len(word) < 6 or word in SCAFFOLD or word in _OWN_WORDS or not word.isalpha():
            continue
        meant = next((w for w in _CORE if _one_slip(word, w)), None)
        if meant and not tables.has_word(word) and word not in tables.names.by_token:
            question = question[: token.start] + meant + question[token.end :]
    return question


def _one_slip(word: str, meant: str) -> bool:
    if word[0] != meant[0] or abs(len(word) - len(meant)) > 1:
        return False
    from rapidfuzz.distance import OSA

    return OSA.distance(word, meant, score_cutoff=1) <= 1


def _references(question: str, page: Page) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
    ids, spans = [], []
    for match in _REFERENCE.finditer(question):
        number = (match["id"] or match["number"]).lower()
        ids.append(f"c{NUMBER_WORDS.get(number, number)}")
        spans.append(match.span())
    for match in _BARE.finditer(question):  # "what is 15.1 replying to": a number some comment has
        inside = any(s <= match.start() < e for s, e in spans)
        if not inside and f"c{match.group()}" in page:
            ids.append(f"c{match.group()}")
            spans.append(match.span())
    return tuple(dict.fromkeys(ids)), spans


def _skeleton(
    tokens: Sequence[Token],
    names: Sequence[NameMatch],
    spans: Sequence[tuple[int, int]],
    said: tuple[int, int],
) -> tuple[list[str], list[Token]]:
    """The skeleton and the residue; words in quotation marks (`said`) are never words of asking."""
    skeleton: list[str] = []
    residue: list[Token] = []
    for token in tokens:
        if any(n.start <= token.start < n.end for n in names):
            kind = "N"
        elif any(s <= token.start < e for s, e in spans):
            kind = "C"
        elif said[0] <= token.start < said[1]:
            kind = "X"
            residue.append(token)
        elif token.folded in ORDINAL_WORDS or _NTH.match(token.folded):
            kind = token.folded if token.folded in SCAFFOLD else "O"
        elif token.folded in SCAFFOLD:
            kind = token.folded
        else:
            kind = "X"
            residue.append(token)
        if not (kind in ("N", "C", "X") and skeleton and skeleton[-1] == kind):
            skeleton.append(kind)
    return skeleton, residue


def _order(
    tokens: Sequence[Token], names: Sequence[NameMatch], spans: Sequence[tuple[int, int]]
) -> Order | None:
    free = [
        t
        for t in tokens
        if not any(n.start <= t.start < n.end for n in names)
        and not any(s <= t.start < e for s, e in spans)
    ]
    words = [t.folded for t in free]
    for place, word in enumerate(words):
        number = _NTH.match(word)
        nth = int(number.group(1)) if number else ORDINAL_WORDS.get(word, LAST_WORDS.get(word, 0))
        if not nth:
            continue
        following = words[place + 1 : place + 3]
        if nth > 1 and following[:1] == ["last"]:
            return Order(-nth)
        if nth > 1 and words[place + 1 : place + 3] == ["to", "last"]:
            return Order(-nth)
        if nth == -1 and words[max(0, place - 2) : place] == ["next", "to"]:
            return Order(-2)
        count = _how_many(following)
        return Order(nth, count)
    return None


def _how_many(following: Sequence[str]) -> int:
    if following and (len(following) == 1 or following[1] in _COUNTED):
        if following[0].isdigit():
            return max(1, int(following[0]))
        return NUMBER_WORDS.get(following[0], 1)
    return 1


def _masked(question: str, names: Sequence[NameMatch], spans: Sequence[tuple[int, int]]) -> str:
    pieces = [(s, e, "comment 5") for s, e in spans]
    known: dict[tuple[str, ...], str] = {}
    for name in names:
        if name.authors not in known:
            known[name.authors] = STAND_INS[min(len(known), len(STAND_INS) - 1)]
        pieces.append((name.start, name.end, known[name.authors]))
    text, position = "", 0
    for start, end, stand_in in sorted(pieces):
        text += question[position:start] + stand_in
        position = end
    return text + question[position:]


def with_stand_in(slots: Slots) -> Slots | None:
    """The question with a capitalised name that nobody has as if somebody had it.

    None unless the name is all that is foreign in the question: one run of capitalised words; of a
    handle ("dr_snooze") the form is enough, and other foreign words may stand beside it.
    """
    run = handle_in(slots.question, slots.residue) or list(slots.residue)
    if not run or slots.names or slots.references or len(slots.residue) > 3:
        return None
    first, last = run[0], run[-1]
    if run == list(slots.residue) and not is_handle(span_text(slots.question, run)):
        if slots.skeleton.count("X") != 1 or not all(t.capital for t in run):
            return None
        if first.start == 0 and not first.possessive:
            return None
    rest = tuple(t for t in slots.residue if t not in run)
    masked = slots.question[: first.start] + STAND_INS[0] + slots.question[last.end :]
    skeleton = tuple("N" if kind == "X" else kind for kind in slots.skeleton)
    return replace(slots, masked=masked, skeleton=skeleton, residue=rest)


def span_text(question: str, tokens: Sequence[Token]) -> str:
    """The question's own words from the first to the last of these."""
    return question[tokens[0].start : tokens[-1].end] if tokens else ""
