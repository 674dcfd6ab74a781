"""Answers questions about the discussion itself, or leaves them to content retrieval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from askbot.discussion import Page
from askbot.thread import counts, mentions, opinions, quoting, reading, replying, structure
from askbot.thread.compose import Ask, Search, ThreadReply
from askbot.thread.people import problem, targets
from askbot.thread.routing import Guess, Router, default_router
from askbot.thread.slots import Slots, read_slots
from askbot.thread.tables import tables_of
from askbot.thread.vocabulary import THREAD_WORDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askbot.thread.compose import Encode

Handler = Callable[[Ask], ThreadReply | None]

SURE, LIKELY, DOUBTFUL = 0.25, 0.4, 0.6
"""Probability of being about the thread from which a question is taken: where nothing in it is
foreign to a thread; where something is, beside words about threads, a name or a comment; and where
it has none of those. Set on the tuning questions, see docs."""

HANDLERS: Mapping[str, Handler] = {
    "count": counts.count,
    "claimed": counts.claimed,
    "commenters_count": counts.commenters,
    "commenters": counts.commenters,
    "most": counts.most,
    "repeat": counts.repeat,
    "once": counts.once,
    "top_level": counts.top_level,
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
    "reply_count": replying.reply_count,
    "reply_list": structure.reply_list,
    "most_replied": structure.most_replied,
    "unanswered": structure.unanswered,
    "answered": structure.answered,
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
        if not slots.skeleton:
            return None
        guess = self.guess(slots, vector)
        if guess.thread < threshold(slots):
            return None
        ask = Ask(slots, tables_of(page), search, self._encode, prefix_ids)
        return problem(ask) or HANDLERS[guess.kind](ask)

    def guess(self, slots: Slots, vector: NDArray[np.float32] | None = None) -> Guess:
        """What kind of question this is."""
        if vector is None or slots.masked != slots.question:
            (vector,) = self._encode([slots.masked])
        return (self._router or default_router()).classify(slots, vector)


def threshold(slots: Slots) -> float:
    """How sure the router has to be, given what the question has."""
    if not slots.residue:
        return SURE
    about_threads = THREAD_WORDS.union(("N", "C")).intersection(slots.skeleton)
    return LIKELY if about_threads else DOUBTFUL
