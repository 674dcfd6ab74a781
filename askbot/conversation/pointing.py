"""References to what an answer cited: "the second one", "that paragraph", "#2"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.answers import Answer
from askbot.conversation import lexicon as lx
from askbot.conversation.clauses import short
from askbot.conversation.names import Names
from askbot.conversation.numbered import OTHER
from askbot.conversation.phrases import phrases_of
from askbot.conversation.reference import Reference
from askbot.conversation.resolve import Resolved
from askbot.conversation.turns import Source, Turn, numbered_sources
from askbot.discussion import Page, kind_of

_THEM = r"(?:they|them|those|these|it|that)"
_SHOW = re.compile(
    r"\W*(?:and |so |ok |okay )*(?:"
    rf"(?:what|which)(?:['’]re| (?:ones )?(?:are|were|is|was)) {_THEM}"
    rf"|(?:please )?(?:show|list|read|print|quote|give)(?: me)?(?: out)? {_THEM}"
    rf"|(?:let me|can i|could i) (?:see|read) {_THEM})"
    r"(?: all| then| please| out)*\W*$",
    re.IGNORECASE,
)
_WHO = re.compile(r"\W*(?:and |so |but )?who\b", re.IGNORECASE)
_ENUMERATION = re.compile(r",? and |, ")
LOOK_BACK = 3
MOST_NAMED = 4


def cited(reference: Reference, turns: Sequence[Turn], page: Page) -> Resolved | None:
    """The passages a reference points at, in the last answer that has any that fit."""
    recent = [numbered_sources(turn.answer) for turn in reversed(turns[-LOOK_BACK:])]
    if reference.number == OTHER:
        return _other(recent, page)
    if reference.number is not None and any(len(sources) > 1 for sources in recent):
        recent = [sources for sources in recent if len(sources) > 1]  # an order needs a list
    for sources in recent:
        if not sources:
            continue
        chosen = _choose(reference, sources)
        if chosen:
            return Resolved(described(chosen, page), tuple(chosen))
        if reference.number is not None and reference.noun not in "#¶":
            return None  # "the fifth one" of three: not for an older answer to guess
    if reference.noun in ("#", "¶") and reference.number:
        local = ("c" if reference.noun == "#" else "p") + str(reference.number)
        if local in page:
            return Resolved(described([local], page), (local,))
    return None


def enumerated(reference: Reference, turns: Sequence[Turn], names: Names) -> Resolved | None:
    """ "the first one" of the things that an answer lists in one breath ("Nebraska and Utah"), or
    of the people whom the sentence names that says who."""
    number = reference.number or 0
    if reference.noun != "one" or number == OTHER:
        return None
    for turn in reversed(turns[-LOOK_BACK:]):
        if turn.answer.route != "content" or ";" in (turn.answer.short_answer or ""):
            continue
        items = [i for i in _ENUMERATION.split(short(turn.answer)) if i]
        if len(items) > 1:
            place = len(items) if number == -1 else number
            return Resolved(items[place - 1]) if 0 < place <= len(items) else None
        people = _people(turn, names)
        if people and 0 < number <= len(people):
            return Resolved(people[number - 1])
    return None


def _people(turn: Turn, names: Names) -> list[str]:
    """Who is named in the one sentence that answers "who …?", from the answer's few words on."""
    sources = numbered_sources(turn.answer)
    if len(sources) != 1 or not _WHO.match(turn.answer.searched_for):
        return []
    quote = sources[0].citations[0].quote
    start = max(quote.find(short(turn.answer)), 0)
    found = (p for p in phrases_of(quote, names) if p.name and p.sort == "person")
    return list(dict.fromkeys(p.text for p in found if p.end > start))


def _other(recent: Sequence[Sequence[Source]], page: Page) -> Resolved | None:
    """ "the other one": of the last list, the first that no later answer was about."""
    asked: set[str] = set()
    for sources in recent:
        if len(sources) > 1:
            left = [s.id for s in sources if s.id not in asked]
            return Resolved(described(left[:1], page), tuple(left[:1])) if left else None
        asked.update(s.id for s in sources)
    return None


def _choose(reference: Reference, sources: Sequence[Source]) -> list[str]:
    noun = reference.noun.removesuffix("s") if len(reference.noun) > 1 else reference.noun
    number = reference.number
    if noun in ("#", "¶"):
        local = ("c" if noun == "#" else "p") + str(number)
        named = [s.id for s in sources if s.id.rpartition(":")[2] == local]
        if named or noun == "¶":
            return named
        return [s.id for s in sources if s.number == number]
    fitting = [s for s in sources if _fits(noun, s.id)]
    if number is None:
        plural = reference.noun.endswith("s") and reference.noun not in ("us",)
        return [s.id for s in (fitting if plural else fitting[:1])]
    if noun in lx.CITATION_NOUNS or noun == "[":
        fitting = list(sources)
    if number == -1:
        return [fitting[-1].id] if fitting else []
    return [fitting[number - 1].id] if 0 < number <= len(fitting) else []


def _fits(noun: str, passage_id: str) -> bool:
    kind = kind_of(passage_id)
    if noun in ("comment", "post", "remark"):
        return kind == "comment"
    if noun in ("reply", "response"):
        return kind == "comment" and "." in passage_id.rpartition(":")[2]
    if noun == "paragraph":
        return kind == "paragraph"
    return True


def described(ids: Sequence[str], page: Page) -> str:
    """ "comment c7 by mark", "paragraph p4", several joined by "and"."""
    texts = [_described(i, page) for i in ids[:MOST_NAMED]]
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " and " + texts[-1]


def shown(question: str, answer: Answer, page: Page) -> Resolved | None:
    """ "what were they?", "show me those": the comments that an answer about the thread counted."""
    if answer.route == "content" or answer.abstained or not _SHOW.match(question):
        return None
    ids = tuple(dict.fromkeys(s.id for s in numbered_sources(answer) if s.author))
    if not 0 < len(ids) <= MOST_NAMED:
        return None
    return Resolved(f"what did {described(ids, page)} say?", ids)


def _described(passage_id: str, page: Page) -> str:
    local = passage_id.rpartition(":")[2]
    if kind_of(passage_id) == "paragraph":
        return f"paragraph {passage_id}"
    author = page.part(local).author if local in page else None
    return f"comment {passage_id} by {author}" if author else f"comment {passage_id}"
