"""A question as tokens with offsets: enough grammar to see what could refer to what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askbot.conversation import lexicon as lx
from askbot.text import fold

_TOKEN = re.compile(r"[#¶]?\d+(?:[.,:]\d+)*|\w+(?:[.’'-]\w+)*|[^\w\s]")
_CONTRACTED = re.compile(
    r"(i|you|he|she|it|we|they|that|this|there|here|who|what|where|when|why|how|which)['’](s|re|ll|ve|d|m)",
    re.IGNORECASE,
)
_CLITICS = {"s": "is", "re": "are", "ll": "will", "ve": "have", "d": "would", "m": "am"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a punctuation mark; `low` is folded, a possessive 's removed (`owns` tells)."""

    text: str
    low: str
    start: int
    end: int
    owns: bool = False

    @property
    def is_word(self) -> bool:
        return self.low[0].isalnum() or self.low[0] in "#¶"


def tokenize(text: str) -> list[Token]:
    """Tokens of a text in order; "what's" gives "what" and "is" (at the place of "'s")."""
    tokens = []
    for match in _TOKEN.finditer(text):
        word, start = match.group(), match.start()
        contracted = _CONTRACTED.fullmatch(word)
        if contracted:
            cut = start + contracted.end(1)
            first, rest = contracted[1], word[contracted.end(1) :]
            tokens.append(Token(first, first.lower(), start, cut))
            tokens.append(Token(rest, _CLITICS[contracted[2].lower()], cut, match.end()))
            continue
        low = word.lower() if word.isascii() else fold(word)
        owns = low.endswith("'s")
        low = low.removesuffix("'s") if owns else low
        tokens.append(Token(word, low or word, start, match.end(), owns))
    return tokens


_DO = lx.words("do does did don't doesn't didn't")
_OBJECTS = lx.words("it them him me us")
_SENTENCE_END = frozenset('.!?:;“”"')
_ADJECTIVES = lx.words("""
    medical federal local legal public criminal social financial political national regional
    annual private personal new old recent free big small
""")
_BEFORE_NOUN = lx.words("which what whose many few several more most other")


def is_verb(tokens: list[Token], i: int) -> bool:
    """Whether token `i` is likely a verb (auxiliaries included) where it stands."""
    low = tokens[i].low
    if low in lx.AUX:
        return True
    before = tokens[i - 1].low if i else ""
    if low not in lx.VERBS:
        return _only_verb(tokens, i) or _has_object(tokens, i)
    if low in lx.NOUN_TOO and (
        before in lx.DETERMINERS | _BEFORE_NOUN | _ADJECTIVES or before in lx.PREPOSITIONS - {"to"}
    ):
        return False
    if tokens[i].text[0].isupper() and i and tokens[i - 1].text not in _SENTENCE_END:
        return False
    return not (before in lx.DETERMINERS and not low.endswith("s"))


def _only_verb(tokens: list[Token], i: int) -> bool:
    """ "what did he discover": "did" needs a verb, and no other word of the clause can be it."""
    start = i
    while start > 0 and tokens[start - 1].is_word and tokens[start - 1].low not in lx.AUX:
        start -= 1
    if not 0 < start < i or tokens[start - 1].low not in _DO or not is_content(tokens[i]):
        return False
    if any(t.low in lx.VERBS for t in tokens[start:]):
        return False
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    return after is None or not is_content(after)


def _has_object(tokens: list[Token], i: int) -> bool:
    """ "come and sniff it": a plain word with a pronoun for its object."""
    if i + 1 >= len(tokens) or tokens[i + 1].low not in _OBJECTS or not tokens[i].text.islower():
        return False
    before = tokens[i - 1].low if i else ""
    return is_content(tokens[i]) and before in ("and", "to", "or", "not", "can", "will", "i", "you")


def is_content(token: Token) -> bool:
    """Whether a token can be part of a noun phrase: no function word, no punctuation."""
    return (
        token.is_word
        and token.low not in lx.WH
        and token.low not in lx.AUX
        and token.low not in lx.DETERMINERS
        and token.low not in lx.PREPOSITIONS
        and token.low not in lx.CONJUNCTIONS
        and token.low not in lx.PRONOUNS
        and token.low not in lx.ADVERBS
        and token.low not in lx.SUBORDINATORS
        and not (token.low.endswith("ly") and len(token.low) > 4 and token.text[0].islower())
    )


def ends_at(tokens: list[Token], i: int) -> bool:
    """Whether nothing but punctuation follows token `i`."""
    return all(not t.is_word for t in tokens[i + 1 :])
