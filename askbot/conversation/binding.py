"""Whether a pronoun has its antecedent inside the question.

The usual constraints: a name binds a possessive ("Millona … her group") and the subject of a later
clause, but not an object of its own clause ("did mark answer him?"); a pronoun in a fronted clause
may wait for its name ("before she signed, what did Heffernan …").
"""

from __future__ import annotations

from askbot.conversation import lexicon as lx
from askbot.conversation.phrases import Phrase
from askbot.conversation.reference import Kind
from askbot.conversation.tokens import Token, is_verb


def bound(
    tokens: list[Token],
    i: int,
    own: list[Phrase],
    kind: Kind,
    gender: str,
    possessive: bool,
    subject: bool,
) -> bool:
    """Whether the pronoun at `i` has its antecedent inside the question."""
    position = tokens[i].start
    fronted = _fronted_end(tokens)
    inverted = (
        subject
        and i > 0
        and tokens[i - 1].low in lx.AUX
        and "," not in [t.text for t in tokens[:i]]
        and (not _clause_between(tokens, _opening(tokens) + 1, i - 1))
    )
    if not inverted:
        before = [p for p in own if p.end <= position and _fits(p, kind, gender)]
        if before and (possessive or subject or (len(before) > 1 and _different(before))):
            return True
        if any(_clause_between_offsets(tokens, p.end, position) for p in before):
            return True
        if before and _has_within(tokens, i):
            return True
    if kind != "thing":  # who, anyone, nobody bind in a later clause, and people their own things
        for j in range(i):
            if tokens[j].low in lx.INDEFINITE_PEOPLE | _SOME:
                indefinite = tokens[j].low in lx.INDEFINITE_PEOPLE and gender != "f"
                said = subject and tokens[i - 1].low in lx.SPEECH
                later = said or _clause_between_offsets(tokens, tokens[j].end, position)
                if (indefinite and possessive) or (later and (possessive or subject or indefinite)):
                    return True
    if fronted and i < fronted:  # cataphora
        return any(p.start >= tokens[fronted - 1].end and _fits(p, kind, gender) for p in own)
    return False


_SOME = lx.words("who whoever one some many most few others each every all")


def _has_within(tokens: list[Token], i: int) -> bool:
    """ "which comments have no text in them": what has something has it within itself."""
    return tokens[i - 1].low in ("in", "inside", "within", "on", "with") and any(
        t.low in ("have", "has", "had", "with") for t in tokens[: i - 1]
    )


def _opening(tokens: list[Token]) -> int:
    """The token the question proper starts with."""
    return next((n for n, t in enumerate(tokens) if t.is_word and t.low not in lx.DISCOURSE), 0)


def _different(found: list[Phrase]) -> bool:
    return len({p.key for p in found}) > 1


def _fits(p: Phrase, kind: Kind, gender: str) -> bool:
    """A generous match: inside a question a doubtful antecedent still keeps it unchanged."""
    if kind == "person":
        return (
            p.sort in ("person", "unknown")
            and (not p.gender or not gender or p.gender == gender)
            and (not p.plural or p.name)
        )
    if kind == "plural":
        return p.plural or p.name or p.sort in ("person", "unknown") or p.head.endswith("s")
    return p.sort in ("thing", "unknown", "place") and not (
        p.plural and p.head.endswith("s") and not p.name
    )


def _fronted_end(tokens: list[Token]) -> int:
    """Length of a clause or phrase in front of the question proper ("When he was 20, …"), or 0."""
    start = next((n for n, t in enumerate(tokens) if t.is_word and t.low not in lx.DISCOURSE), 0)
    if start >= len(tokens):
        return 0
    first = tokens[start].low
    if first not in lx.PREPOSITIONS | lx.SUBORDINATORS:
        return 0
    second = tokens[start + 1].low if start + 1 < len(tokens) else ""
    if first in lx.WH and (
        second in lx.AUX or first in ("who", "what", "which", "whose", "how", "why")
    ):
        return 0
    for n in range(start + 1, len(tokens)):
        if tokens[n].text == ",":
            return n + 1
    for n in range(start + 2, len(tokens)):  # no comma: up to the question word or auxiliary
        if tokens[n].low in ("what", "who", "which", "why", "how", "where"):
            return n
    return 0


def _clause_between(tokens: list[Token], i: int, j: int) -> bool:
    """Whether a new clause begins in tokens `[i, j)`: a conjunction, or a verb of saying."""
    return any(
        t.low in lx.SUBORDINATORS
        or t.low in ("and", "but", "or")
        or t.text in ",;:"
        or t.low in lx.SPEECH
        for t in tokens[i:j]
    )


def _clause_between_offsets(tokens: list[Token], start: int, end: int) -> bool:
    inside = [t for t in tokens if start <= t.start and t.end <= end]
    # "did mark say about him": a verb of saying opens a clause only if a clause follows it
    for n, t in enumerate(inside):
        rest = inside[n + 1 :]
        if t.low in ("and", "but", "or") or t.text in ",;:":
            return True
        if t.low in lx.SUBORDINATORS and t.low not in lx.PREPOSITIONS:
            return True
        if t.low in lx.SUBORDINATORS and any(is_verb(inside, m) for m in range(n + 1, len(inside))):
            return True
        follows = any(r.is_word and r.low not in lx.PREPOSITIONS | lx.ADVERBS for r in rest)
        if t.low in lx.SPEECH and follows and rest[0].low not in lx.PREPOSITIONS:
            return True
    return False
