"""Words that look like references and are none: "is it true that", "is there", "these who"."""

from __future__ import annotations

from askbot.conversation import lexicon as lx
from askbot.conversation.tokens import Token, is_content, is_verb

_ADJECTIVES = lx.words(
    """true false possible impossible important hard easy difficult fair unfair
    legal illegal lawful ok okay right wrong necessary common normal safe
    worth better best time good bad clear known said claimed reported
    mandatory certain obvious constitutional racist correct strange odd
    surprising shocking sad"""
)
_RAISING = lx.words(
    """going supposed allowed designed used able meant ready expected required
    willing about intended forced made planned bound due set free asked told
    likely unlikely"""
)
"""Predicates whose "it … to" is about a thing: "is it going to change?"."""
_BE = lx.words("is was be been being isn't wasn't")
_SEEM = lx.words("""become became becomes look looks sound sounds feel feels get seem seems
    seemed appear appears appeared""")
_TAKE = lx.words("""take takes took happen happens happened turn turns turned matter matters
    cost costs rain snow help helps hurt hurts bother bothers surprise
    surprises make makes made""")
_PAGE_SAYS = lx.words("say says mention mentions state list describe tell")
_CLAUSE = frozenset(("to", "that", "if", "whether", "when", "how", "who", "for"))


def expletive_it(tokens: list[Token], i: int) -> bool:
    """Whether "it" stands for a later clause, a time, or the page ("does it say who …")."""
    lows = [t.low for t in tokens]
    before, rest = (lows[i - 1] if i else ""), lows[i + 1 :]
    after = rest[0] if rest else ""
    later = _CLAUSE.intersection(rest[1:])
    if "time" in lows[:i] and "what" in lows[:i] and before in _BE:
        return True
    if (
        before in _BE
        or (before in lx.AUX and after in ("be", "have"))
        or after in _BE | {"has", "had", "would", "will"}
    ):
        return _copular(lows[:i], before, rest)
    if after in _SEEM:
        return bool(later) and (
            after.startswith(("seem", "appear")) or bool(_ADJECTIVES.intersection(rest[1:4]))
        )
    if after in _TAKE:
        return (
            bool(later)
            or after in ("matter", "rain", "snow")
            or (
                after == "take"
                and "long" in lows[:i]
                and not any(is_content(t) for t in tokens[i + 2 :])
            )
        )
    if after in _PAGE_SAYS and before in lx.AUX:
        return any(is_content(t) for t in tokens[i + 2 :])
    # "oppose it when …", "find it strange that …"
    return (
        is_verb(tokens, i - 1)
        and before not in lx.AUX
        and (
            after in ("when", "if", "that")
            or (bool(_ADJECTIVES.intersection(rest[:1])) and bool(later))
        )
        if i
        else False
    )


def _copular(front: list[str], before: str, rest: list[str]) -> bool:
    """ "it" with a form of "be": a cleft, or a predicate with the clause that "it" announces."""
    predicate = [
        w
        for w in rest
        if w not in _BE and w not in lx.AUX and w not in ("not", "so", "very", "really", "too")
    ]
    if not predicate:
        return False
    if "what" in front and predicate[0] == "like":
        return True
    if "time" in predicate[:3] and {"about", "high"}.intersection(predicate[:2]):
        return True
    if predicate[0] in _RAISING:
        return predicate[0] in ("said", "likely", "unlikely") and "that" in predicate
    if predicate[0] in ("that", "who", "to", "if", "for") and (before in _BE or "be" in rest[:1]):
        return len(predicate) > 2  # "who was it that …", "whose idea was it to …"
    if {"that", "who", "which", "whom"}.intersection(predicate[1:7]):
        return True  # "was it Heffernan who signed?", "is it true that …"
    clause = {"to", "if", "whether", "when", "how", "for"}.intersection(predicate[1:])
    return bool(clause) and (
        predicate[0] in _ADJECTIVES or "to" in predicate[1:5] or predicate[0] in ("a", "an", "the")
    )


def existential_there(tokens: list[Token], i: int) -> bool:
    """Whether "there" says that something exists, rather than where."""
    before = tokens[i - 1].low if i else ""
    after = tokens[i + 1].low if i + 1 < len(tokens) else ""
    if (
        before in lx.AUX
        or after in lx.AUX
        or not before
        or after in ("exist", "exists", "seem", "seems", ",")
    ):
        return True
    return before in ("out", "over", "up", "down", "get", "in")


def page_they(tokens: list[Token], i: int) -> bool:
    """ "they" for whoever wrote the page: "do they say in the article …"."""
    lows = [t.low for t in tokens]
    return (
        any(
            lows[n : n + 2] in (["in", "the"], ["in", "this"])
            and n + 2 < len(lows)
            and lows[n + 2] in lx.PAGE_NOUNS | {"comments"}
            for n in range(i, len(lows))
        )
        and lows[i] == "they"
    )
