"""Answers questions about the discussion itself, or leaves them to content retrieval."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from askbot.discussion import Page
from askbot.thread import (
    capitals,
    counts,
    levels,
    mentions,
    neighbours,
    opining,
    opinions,
    presence,
    quoting,
    reading,
    reply_counts,
    replying,
    structure,
    verbatim,
    writer,
)
from askbot.thread.compose import Ask, Search, ThreadReply
from askbot.thread.handles import handle_in
from askbot.thread.people import nobody_called, problem, targets
from askbot.thread.routing import Guess, Router, default_router
from askbot.thread.seeking import sought
from askbot.thread.slots import Slots, plainly, read_slots, span_text, with_stand_in
from askbot.thread.tables import PageTables, tables_of
from askbot.thread.vocabulary import HERE, OF_THREADS, THREAD_WORDS, word_list

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askbot.thread.compose import Encode

_SPOKEN = THREAD_WORDS | frozenset({"say", "says", "said", "saying", "tell", "told"})

_A_WORK = re.compile(r"^who (?:has |have )?(?:wrote|written|write) X")
"""Who wrote something: what stands behind the verb is no person."""

_BY_OTHERS = re.compile(
    r"^(?:so |and )?what did (?:people|others|other \w+|everyone|everybody|folks|users|they)"
    r" (?:tell|say to|reply to|answer|respond to|write to) N\b"
)
"""What others told somebody, which reads much like what somebody told."""

Handler = Callable[[Ask], ThreadReply | None]

SURE, LIKELY, DOUBTFUL, VAGUE = 0.25, 0.4, 0.6, 0.65
"""Probability of being about the thread from which a question is taken: where nothing in it is
foreign to a thread; where something is, beside words about threads, a name or a comment; where
it has none of those; and where it has none of those and nothing foreign either, as "who was for
it?" has not. Set on the tuning questions, see docs."""

TORN = 0.3
"""Below this the router cannot tell the kinds apart: with foreign words, a content question."""

CERTAIN = 0.9
"""Probability from which words that the vocabulary does not know are taken for words of asking."""

NEVER = 1.1
"""More than any probability: foreign words, with words about threads that the article has too."""

ABOUT_PEOPLE = frozenset(
    {
        "show", "count", "present", "again", "neighbours", "repliers", "replied_to", "reply_count",
        "chain", "between",
    }
)  # fmt: skip
"""Kinds that ask about one person, whom the page may not have."""

TOPICAL = frozenset({"mentions", "opinions", "show"})
"""Kinds that ask about something or somebody whom the page may not know."""

OF_NOTHING = frozenset({"count", "claimed", "commenters_count"})
"""Kinds that ask about nothing but the thread, so that "mention page 31" is none of them."""

HANDLERS: Mapping[str, Handler] = {
    "count": counts.count,
    "claimed": counts.claimed,
    "commenters_count": counts.commenters,
    "commenters": counts.commenters,
    "most": counts.most,
    "repeat": counts.repeat,
    "once": counts.once,
    "present": presence.present,
    "capitals": capitals.capitals,
    "again": counts.again,
    "top_level": levels.top_level,
    "nested": structure.by_depth,
    "reply_only": levels.reply_only,
    "top_only": levels.top_only,
    "neighbours": neighbours.neighbours,
    "anonymous": counts.anonymous,
    "posted": lambda ask: counts.posted(ask, targets(ask)),
    "show": reading.show,
    "all_comments": reading.all_comments,
    "empty": reading.empty,
    "longest": reading.longest,
    "shortest": reading.shortest,
    "repliers": replying.repliers,
    "replied_to": replying.replied_to,
    "between": replying.between,
    "reply_count": reply_counts.reply_count,
    "reply_list": structure.reply_list,
    "most_replied": structure.most_replied,
    "unanswered": structure.by_answer,
    "answered": structure.by_answer,
    "chain": structure.chain,
    "longest_thread": structure.longest_thread,
    "mentions": mentions.mentions,
    "quotes": quoting.quotes,
    "opinions": opinions.opinions,
}


class ThreadAnswerer:
    """Computes answers over a page's comment tree.

    Args:
        encode: the question encoder, (n, d) L2-normalised rows.
    """

    def __init__(self, encode: Encode, router: Router | None = None) -> None:
        self._encode = encode
        self._router = router

    def answer(
        self,
        question: str,
        page: Page,
        search: Search,
        *,
        vector: NDArray[np.float32] | None = None,
        prefix_ids: bool = False,
    ) -> ThreadReply | None:
        """The computed answer; None where the question is about what the page says.

        Args:
            search: the retriever restricted to this page: (text, k) to passages, best first.
            vector: the question's embedding, if the caller has it; used where nothing was masked.
            prefix_ids: write ids as "slug:c4".
        """
        slots = read_slots(question, page)
        if not set(slots.skeleton) - {"who", "what", "why", "when", "where", "how", "which"}:
            return None
        tables = tables_of(page)
        role = writer.writer_named(plainly(question), page)
        if role:
            ask = Ask(read_slots(question, page, role), tables, search, self._encode, prefix_ids)
            if (kind := self._kind_with_writer(ask.slots)) is not None:
                found = writer.absent(ask) or problem(ask) or HANDLERS[kind](ask)
                return writer.with_note(found, ask.slots) if found else None
        ask = Ask(slots, tables, search, self._encode, prefix_ids)
        if verbatim.asks_for_words(ask):
            return problem(ask) or verbatim.who_wrote(ask)
        guess = self.guess(slots, vector if slots.masked == question else None)
        if role and guess.kind in writer.KINDS:
            return None
        if _may_be_of_the_article(slots, tables) or _asks_for_a_place(slots, guess.kind):
            return None
        torn = bool(slots.residue) and guess.probability < TORN
        asked = guess.kind == "opinions" and opining.asks_commenters(slots)
        if outright := _kind_by_form(slots):
            guess, asked = Guess(outright, 1.0, 1.0), True
        if not asked and (
            torn or guess.thread < threshold(slots, guess.kind, tables.article_words)
        ):
            if topic := sought(ask):
                return mentions.mentioning(ask, topic)
            second = self._about_a_stranger(slots, tables)
            if second is None:
                return _nobody_of_that_handle(ask)
            guess = second
        if slots.residue and guess.kind in OF_NOTHING and (topic := sought(ask)):
            return mentions.mentioning(ask, topic)
        ask = replace(ask, certain=guess.thread >= CERTAIN)
        kind = "repliers" if _BY_OTHERS.search(" ".join(slots.skeleton)) else guess.kind
        found = problem(ask) or HANDLERS[kind](ask)
        if found is None and (topic := sought(ask)):
            return mentions.mentioning(ask, topic)
        return found or _nobody_of_that_handle(ask)

    def _kind_with_writer(self, slots: Slots) -> str | None:
        """The kind of a question in which the article's writer is one of the commenters."""
        guess = self.guess(slots)
        sure = guess.thread >= (CERTAIN if slots.residue else DOUBTFUL)
        return guess.kind if sure and writer.speaks_of_commenting(slots, guess.kind) else None

    def _about_a_stranger(self, slots: Slots, tables: PageTables) -> Guess | None:
        """Another look at a question whose only foreign words are a name the page does not have.

        An embedding of "what did Leopold say?" is as much about Leopold as about saying; with a
        stand-in for the name it can be told apart.
        """
        renamed = with_stand_in(slots)
        spoken = set(slots.skeleton) & _SPOKEN
        if renamed is None or not spoken or _A_WORK.search(" ".join(slots.skeleton)):
            return None
        if not slots.has(*HERE, "comment") and any(
            tables.has_word(t.folded) for t in slots.residue
        ):
            return None
        guess = self.guess(renamed)
        return guess if guess.kind in ABOUT_PEOPLE and guess.thread >= DOUBTFUL else None

    def guess(self, slots: Slots, vector: NDArray[np.float32] | None = None) -> Guess:
        """What kind of question this is; `vector`, if given, embeds `slots.masked`."""
        if vector is None:
            (vector,) = self._encode([slots.masked])
        return (self._router or default_router()).classify(slots, vector)


def _kind_by_form(slots: Slots) -> str:
    """The kind of a question whose form leaves no doubt of it; "" of any other."""
    if opining.asked_outright(slots.question):
        return "opinions"
    return "quotes" if quoting.asks_which_paragraph(slots) else ""


def _nobody_of_that_handle(ask: Ask) -> ThreadReply | None:
    """That nobody is called by a handle of the question, of which the page has nothing."""
    handle = handle_in(ask.question, ask.slots.residue)
    if not handle or ask.slots.names or not ask.slots.has(*_SPOKEN):
        return None
    if any(ask.tables.has_word(t.folded) for t in handle):
        return None
    return nobody_called(ask, span_text(ask.question, handle))


_SPEAKING = ("spoke", "speak", "speaks", "spoken", "talked", "talk")


def _may_be_of_the_article(slots: Slots, tables: PageTables) -> bool:
    """Whether people are asked about who spoke, as some do in the article.

    "How many people spoke?" has no word that only a thread has, and a hearing has speakers.
    """
    if not slots.has(*_SPEAKING) or slots.names or slots.references:
        return False
    if slots.has(*OF_THREADS, "readers"):
        return False
    return any(word.startswith(("speak", "spoke", "talk")) for word in tables.article_words)


_WHERE = re.compile(r"^(?:so |and )?where\b(?P<to> (?:should|must|can|may|do (?:i|we|you)))?", re.I)
_HAVING_PLACES = ("quotes", "mentions", "posted", "nested", "neighbours")


def _asks_for_a_place(slots: Slots, kind: str) -> bool:
    """Whether it is asked where something is that no thread has: "where do I send a comment?"."""
    found = _WHERE.match(slots.question)
    if found is None or kind in _HAVING_PLACES:
        return False
    return bool(found["to"] or slots.residue)


_ELSEWHERE = frozenset(
    word_list("chain chains exchange post posts message messages user users poster posters thread")
)
"""Words about threads that are of other things as well: a chain of shops, the post office."""


def threshold(slots: Slots, kind: str, article: Collection[str] = ()) -> float:
    """How sure the router has to be, given what the question has.

    Args:
        article: the words of the article, in which a chain may be one of shops.
    """
    doubtful = {
        word
        for word in _ELSEWHERE.intersection(slots.skeleton)
        if word in article or word.removesuffix("s") in article
    }
    about_threads = THREAD_WORDS.union(("N", "C")).intersection(slots.skeleton)
    if slots.residue and doubtful and about_threads <= doubtful:
        return NEVER
    if not slots.residue:
        return SURE if about_threads or slots.has("here", "below") else VAGUE
    if len(slots.residue) > 2 and kind not in TOPICAL:
        return DOUBTFUL
    return LIKELY if about_threads else DOUBTFUL
