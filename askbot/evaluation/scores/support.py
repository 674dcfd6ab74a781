"""Whether an answer's citations hold its statements up: enough together, and each one needed.

Citation recall and precision as in ALCE (Gao et al. 2023, "Enabling Large Language Models to
Generate Text with Citations", section 4.2): a statement is recalled if all it cites together
supports it; a citation of such a statement is precise unless it does not support the statement by
itself and the others do without it. ALCE asks a model whether text supports text. Here code does,
so that a figure can be relied on: every number and name of the statement and most of its other
words stand in what is cited. Statements computed over the comments are about the cited comments
rather than made of their words; whether those are the right ones is another metric's matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from askbot.answers import Answer
from askbot.text import content_words, fold, names, numbers, stem, words

ENOUGH = 0.6
"""Share of a statement's content words that its citations must have; a paraphrase keeps about
that many, a sentence about something else does not."""


@dataclass(frozen=True, slots=True)
class Support:
    """How many statements are held up of those that claim, how many citations are needed of all."""

    held: int
    statements: int
    needed: int
    citations: int


def support_of(answer: Answer) -> Support | None:
    """The counts for an answer; None where nothing in it claims anything, or it was computed."""
    if answer.route != "content" or answer.abstained:
        return None
    said: dict[str, list[str]] = {}
    for citation in answer.citations:
        # A statement may name who it quotes.
        said.setdefault(citation.id, []).append(f"{citation.author or ''} {citation.quote}")
    held = needed = citations = claims = 0
    for statement in answer.statements:
        if statement.state == "no claim":
            continue
        claims += 1
        texts = [" ".join(said.get(passage, ())) for passage in statement.ids]
        citations += len(texts)
        if not supports(texts, statement.text):
            continue
        held += 1
        for place, text in enumerate(texts):
            others = texts[:place] + texts[place + 1 :]
            needed += supports([text], statement.text) or not supports(others, statement.text)
    return Support(held, claims, needed, citations) if claims else None


def supports(texts: Sequence[str], statement: str) -> bool:
    """Whether these texts together say what the statement says, as far as words can tell."""
    if not texts:
        return False
    cited = " ".join(texts)
    if fold(statement) in fold(cited):
        return True
    if not set(numbers(statement)) <= set(numbers(cited)):
        return False
    known = set(words(cited))
    if not all(set(words(name)) <= known for name in names(statement)):
        return False
    wanted = {stem(word) for word in content_words(statement)}
    have = {stem(word) for word in content_words(cited)}
    return len(wanted & have) >= ENOUGH * len(wanted)
