"""The gate: which words of a question can only be understood from what was said before.

Nothing found means that the question stands alone and is searched as it was typed. Binding inside
the question follows the usual constraints: a name binds a possessive ("Millona … her group") and
the subject of a later clause, but not an object of its own clause ("did mark answer him?"), and a
pronoun in a fronted clause may wait for its name ("before she signed, what did Heffernan …").
"""

from __future__ import annotations

import re

from askbot.conversation import lexicon as lx
from askbot.conversation.binding import bound
from askbot.conversation.demonstratives import definite, demonstrative, then, there
from askbot.conversation.expletive import expletive_it, page_they
from askbot.conversation.names import Names
from askbot.conversation.numbered import citation
from askbot.conversation.phrases import Phrase, phrases
from askbot.conversation.reference import Kind, Reference
from askbot.conversation.tokens import Token, ends_at, is_content, is_verb

_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
ENOUGH = 5
"""Content words from which a question finds its passages whatever "it" or "them" stands for: a
wrong guess could only harm."""
_PERSONAL = lx.words("he him his she her hers they them their theirs it its")
_AFTER_OBJECT_HER = (
    lx.PREPOSITIONS | lx.CONJUNCTIONS | lx.ADVERBS | lx.SUBORDINATORS | lx.AUX | lx.DETERMINERS
)


def references(tokens: list[Token], text: str, names: Names) -> list[Reference]:
    """The references of a question to what came before, in order; none if it stands alone."""
    found: list[Reference] = []
    own = phrases(text, names, tokens=tokens)
    quoted = [m.span() for m in _QUOTED.finditer(text)]
    i = 0
    while i < len(tokens):
        reference, used = _reference(tokens, i, own)
        if reference and not any(a <= reference.start < b for a, b in quoted):
            found.append(reference)
        i += max(used, 1)
    return found


def _reference(tokens: list[Token], i: int, own: list[Phrase]) -> tuple[Reference | None, int]:
    token = tokens[i]
    if any(p.author and p.start <= token.start < p.end for p in own):
        return None, 1  # part of a commenter's name
    cited = citation(tokens, i)
    if cited:
        return cited
    if token.low in _PERSONAL:
        return _personal(tokens, i, own), 1
    if token.low in ("this", "that", "these", "those"):
        return demonstrative(tokens, i)
    if token.low == "there":
        return there(tokens, i, own), 1
    if token.low == "then":
        return then(tokens, i), 1
    if (
        token.low == "so"
        and ends_at(tokens, i)
        and i
        and tokens[i - 1].low in lx.SPEECH | {"do", "did", "does"}
    ):
        return Reference("claim", token.start, token.end), 1
    if token.low == "the":
        return definite(tokens, i)
    return None, 1


def _personal(tokens: list[Token], i: int, own: list[Phrase]) -> Reference | None:
    token = tokens[i]
    low = token.low
    possessive = low in ("his", "their", "its") or (low == "her" and _is_possessive_her(tokens, i))
    if low in ("hers", "theirs"):
        possessive = True
    subject = not possessive and (
        low in ("he", "she", "they") or (low == "it" and _is_subject(tokens, i))
    )
    kind: Kind = (
        "person" if low in lx.PRONOUN_GENDER else "thing" if low in ("it", "its") else "plural"
    )
    if kind == "thing" and not possessive and expletive_it(tokens, i):
        return None
    if kind != "person" and not possessive and sum(is_content(t) for t in tokens) >= ENOUGH:
        return None
    if low == "they" and page_they(tokens, i):
        return None
    if bound(tokens, i, own, kind, lx.PRONOUN_GENDER.get(low, ""), possessive, subject):
        return None
    return Reference(kind, token.start, token.end, possessive, lx.PRONOUN_GENDER.get(low, ""))


def _is_possessive_her(tokens: list[Token], i: int) -> bool:
    if ends_at(tokens, i) or not tokens[i + 1].is_word:
        return False
    after = tokens[i + 1].low
    if after in ("right", "wrong", "straight") and ends_at(tokens, i + 1):
        return False  # "who put her right?"
    return after not in _AFTER_OBJECT_HER or after in (
        "own",
        "other",
        "first",
        "second",
        "last",
        "little",
        "later",
    )


def _is_subject(tokens: list[Token], i: int) -> bool:
    after = tokens[i + 1].low if i + 1 < len(tokens) else ""
    before = tokens[i - 1].low if i else ""
    return before in lx.AUX or (i + 1 < len(tokens) and (after in lx.AUX or is_verb(tokens, i + 1)))


def of_thread(tokens: list[Token], *, counting: bool) -> bool:
    """Whether a question has a word about threads; "back" is one where somebody writes it."""
    words = lx.OF_THREADS | lx.COUNTING if counting else lx.OF_THREADS
    lows = [t.low for t in tokens]
    return any(
        low in words and (low != "back" or lows[max(n - 1, 0)] in lx.BACK_TO)
        for n, low in enumerate(lows)
    )
