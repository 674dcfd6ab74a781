"""One exchange of a conversation, and the numbers its sources go by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from askbot.answers import Answer, Citation
from askbot.markers import scan


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was typed, and the answer that was shown."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Source:
    """A cited passage under the number a reader sees; every quote taken from it in this answer."""

    number: int
    id: str
    citations: tuple[Citation, ...]

    @property
    def author(self) -> str | None:
        return self.citations[0].author


@lru_cache(maxsize=256)
def _marked(text: str) -> tuple[str, ...]:
    """The ids that an answer's text marks, in order; earlier turns are asked again and again."""
    return tuple(i for m in scan(text) if not m.problem for i in m.ids)


def numbered_sources(answer: Answer) -> tuple[Source, ...]:
    """The sources of an answer, numbered from 1 by their first marker in its text.

    Cited passages without a marker follow in the order of `citations`. "The second one" means the
    source numbered 2 here, so every interface that shows numbers should take them from here.
    """
    by_id: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        by_id.setdefault(citation.id, []).append(citation)
    order = [i for i in dict.fromkeys((*_marked(answer.answer), *by_id)) if i in by_id]
    return tuple(Source(n, i, tuple(by_id[i])) for n, i in enumerate(order, 1))
