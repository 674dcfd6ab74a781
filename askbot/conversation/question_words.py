"""A bare question word completed from the question before: "why?", "how many?", "until?"."""

from __future__ import annotations

from askbot.answers import Answer
from askbot.conversation import lexicon as lx
from askbot.conversation.clauses import (
    Clause,
    bare,
    lower_first,
    proposition,
    short,
    subject_of,
    with_noun,
)
from askbot.conversation.names import Names

OPEN_ENDED = lx.words("until till since from by")
"""Prepositions that ask for a time by themselves ("until?")."""


def ask_again(
    text: str, before: str, clause: Clause | None, answer: Answer, names: Names
) -> str | None:
    """ "why?" + "Did the state wait?" gives "why did the state wait?"; and so on by form."""
    if clause is None:
        return f"{text}: {bare(before)}" if before else None
    text = lower_first(text)
    text = f"{text} when" if text.lower() in OPEN_ENDED else text
    low = text.lower()
    found = short(answer)
    noun = clause.wh.split(" ", 1)[1] if " " in clause.wh else ""
    if clause.subject and noun and not found and clause.word in ("which", "what"):
        return f"{text} {clause.aux} the {noun} {clause.rest}".replace("  ", " ")
    if low == "why not" and clause.aux and not clause.subject:
        subject = subject_of(clause, names)
        return f"why {clause.aux} {subject} not {clause.rest[len(subject) :].strip()}"
    if low.endswith(("how many", "how much")):
        return _how_many(text, before, clause, names)
    if low in ("who", "whom", "what", "which", "which one", "who exactly") and found:
        return f"{text}: {proposition(before, answer, names)}"
    if not clause.wh:
        return f"{text} {lower_first(bare(before))}"
    if (
        clause.word in ("why", "when", "where", "how")
        and clause.aux
        and len(clause.wh.split()) == 1
    ):
        return f"{text} {clause.aux} {clause.rest}"
    if clause.subject and clause.aux and found:
        return f"{text} {clause.aux} {found} {clause.rest}"
    plain_wh = low.split()[0] in ("why", "when", "where", "how") and len(low.split()) <= 2
    if plain_wh and clause.aux and not clause.subject and found:
        return f"{text} {clause.aux} {clause.rest} {with_noun(found, clause)}"
    said = proposition(before, answer, names)
    if not said:
        return None
    plain = clause.subject or clause.aux.lower() not in ("do", "does", "did") or not found
    if plain and low.split()[0] in ("why", "when", "where", "how") and len(low.split()) <= 2:
        return f"{text} is it that {said}"
    return f"{text}: {said}"


def _how_many(text: str, before: str, clause: Clause, names: Names) -> str | None:
    if text.split()[0].lower() in lx.PREPOSITIONS and not clause.wh:
        return f"{text} {lower_first(bare(before))}"  # "by how much did the board …"
    if clause.wh.lower().startswith("how many"):
        return f"{text} {bare(before)[len('how many') :].strip()}"
    if clause.subject and clause.word == "who":
        return f"{text} people {clause.aux} {clause.rest}".replace("  ", " ")
    if clause.word in ("which", "what") and len(clause.wh.split()) > 1:
        noun = clause.wh.split(" ", 1)[1]
        return f"{text} {noun} {clause.aux} {clause.rest}".replace("  ", " ")
    subject = subject_of(clause, names)
    if not clause.wh and subject:
        plain = subject.removeprefix("the ").removeprefix("The ").removeprefix("any ")
        plain = "people" if plain.lower() in lx.INDEFINITE_PEOPLE else plain
        auxiliary = "" if clause.aux.lower() in ("do", "does", "did") else clause.aux
        return " ".join(f"{text} {plain} {auxiliary} {clause.rest[len(subject) :]}".split())
    return f"{text}: {lower_first(bare(before))}"
