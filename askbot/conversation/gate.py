"""The gate: which words of a question can only be understood from what was said before.

Nothing found means that the question stands alone and is searched as it was typed. Binding inside
the question follows the usual constraints: a name binds a possessive ("Millona … her group") and
the subject of a later clause, but not an object of its own clause ("did mark answer him?"), and a
pronoun in a fronted clause may wait for its name ("before she signed, what did Heffernan …").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from askbot.conversation import lexicon as lx
from askbot.conversation.phrases import Names, Phrase, phrases
from askbot.conversation.tokens import Token, ends_at, is_content, is_verb

Kind = Literal["person", "plural", "thing", "place", "time", "claim", "noun", "citation", "ones"]


@dataclass(frozen=True, slots=True)
class Reference:
    """Words `text[start:end]` that point outside the question.

    Attributes:
        possessive: what they resolve to takes 's.
        gender: "f" or "m" for she and he.
        noun: the head noun of "that paragraph", "this program".
        number: the place in a list ("the second one"), -1 for the last; None without.
    """

    kind: Kind
    start: int
    end: int
    possessive: bool = False
    gender: str = ""
    noun: str = ""
    number: int | None = None


_ORDINALS = {
    w: n
    for n, group in enumerate(
        (
            "first 1st",
            "second 2nd",
            "third 3rd",
            "fourth 4th",
            "fifth 5th",
            "sixth 6th",
            "seventh 7th",
        ),
        1,
    )
    for w in group.split()
} | {"last": -1, "final": -1, "latter": -1, "former": 1}
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_SHOWN = lx._set("you showed shown cited mentioned quoted listed gave named above")
_GENDER = {"she": "f", "her": "f", "hers": "f", "he": "m", "him": "m", "his": "m"}
_PERSONAL = lx._set("he him his she her hers they them their theirs it its")
_AFTER_OBJECT_HER = (
    lx.PREPOSITIONS | lx.CONJUNCTIONS | lx.ADVERBS | lx.SUBORDINATORS | lx.AUX | lx.DETERMINERS
)
_EXPLETIVE = lx._set(
    """true false possible impossible likely unlikely clear important hard easy difficult fair unfair
    legal illegal lawful ok okay right wrong necessary common normal safe worth better best time good
    bad known said claimed expected reported mandatory required certain obvious constitutional racist
    correct allowed strange odd surprising shocking sad"""
)
_IT_VERBS = lx._set(
    "seem seems seemed appear appears appeared take takes took happen happens turn turns matter cost costs rain"
)
_PAGE_SAYS = lx._set("say says mention mentions state list describe")


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
    cited = _citation(tokens, i)
    if cited:
        return cited
    if token.low in _PERSONAL:
        return _personal(tokens, i, own), 1
    if token.low in ("this", "that", "these", "those"):
        return _demonstrative(tokens, i)
    if token.low == "there":
        return _there(tokens, i, own), 1
    if token.low == "then":
        return _then(tokens, i), 1
    if (
        token.low == "so"
        and ends_at(tokens, i)
        and i
        and tokens[i - 1].low in lx.SPEECH | {"do", "did", "does"}
    ):
        return Reference("claim", token.start, token.end), 1
    if token.low == "the":
        return _definite(tokens, i)
    return None, 1


def _citation(tokens: list[Token], i: int) -> tuple[Reference, int] | None:
    """ "the second one", "source 2", "the last comment you showed", "#2"."""
    low = tokens[i].low
    following = [t.low for t in tokens[i + 1 : i + 6]] + [""] * 5
    if low[0] in "#¶" and low[1:].replace(".", "").isdigit():
        return Reference(
            "citation", tokens[i].start, tokens[i].end, noun=low[0], number=_int(low[1:])
        ), 1
    if low in lx.CITATION_NOUNS - {"one", "result", "link"} and following[0].isdigit():
        return Reference(
            "citation", tokens[i].start, tokens[i + 1].end, noun=low, number=_int(following[0])
        ), 2
    if low == "[" and following[0].isdigit() and following[1] == "]":
        return Reference(
            "citation", tokens[i].start, tokens[i + 2].end, noun="[", number=_int(following[0])
        ), 3
    if low in ("the", "that", "this", "your", "number"):
        if low == "number":
            numeral = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}.get(following[0])
            if (
                numeral
                and (i + 2 >= len(tokens) or not is_content(tokens[i + 2]))
                and not (i and tokens[i - 1].low == "the")
            ):
                return Reference(
                    "citation", tokens[i].start, tokens[i + 1].end, noun="one", number=numeral
                ), 2
            return None
        if following[0] in _ORDINALS:
            noun = following[1]
            tail = following[2:4]
            shown = tail[0] in _SHOWN or tail[:2] == ["of", "them"] or tail[:2] == ["of", "those"]
            named = noun in (
                "one",
                "source",
                "citation",
                "quote",
                "quotation",
                "reference",
                "footnote",
            )
            bare = not noun or not noun[0].isalnum()
            if (
                named
                and tail[0] not in ("that", "who", "by", "about", "of", "in", "from")
                or shown
                or (bare and following[0] in ("former", "latter", "second", "third"))
            ):
                length = 2 if bare else 3
                if shown and not bare:
                    length += 1 if tail[0] in _SHOWN and tail[1] not in _SHOWN else 2
                last = tokens[min(i + length, len(tokens)) - 1]
                return Reference("citation", tokens[i].start, last.end, noun=noun if not bare else "one",
                                 number=_ORDINALS[following[0]]), length  # fmt: skip
        if (
            following[0] in lx.SPOT_NOUNS | lx.CITATION_NOUNS
            and following[1] in _SHOWN
            and low == "the"
        ):
            length = 4 if following[2] in _SHOWN else 3
            return Reference("citation", tokens[i].start, tokens[min(i + length, len(tokens)) - 1].end,
                             noun=following[0], number=None), length  # fmt: skip
    return None


def _int(digits: str) -> int | None:
    return int(digits) if digits.isdigit() and len(digits) < 6 else None


def _personal(tokens: list[Token], i: int, own: list[Phrase]) -> Reference | None:
    token = tokens[i]
    low = token.low
    possessive = low in ("his", "their", "its") or (low == "her" and _is_possessive_her(tokens, i))
    if low in ("hers", "theirs"):
        possessive = True
    subject = not possessive and (
        low in ("he", "she", "they") or (low == "it" and _is_subject(tokens, i))
    )
    kind: Kind = "person" if low in _GENDER else "thing" if low in ("it", "its") else "plural"
    if kind == "thing" and not possessive and _pleonastic(tokens, i):
        return None
    if _bound(tokens, i, own, kind, _GENDER.get(low, ""), possessive, subject):
        return None
    return Reference(kind, token.start, token.end, possessive, _GENDER.get(low, ""))


def _is_possessive_her(tokens: list[Token], i: int) -> bool:
    if ends_at(tokens, i) or not tokens[i + 1].is_word:
        return False
    after = tokens[i + 1].low
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


def _pleonastic(tokens: list[Token], i: int) -> bool:
    """ "it" that refers to nothing, or to the page ("does it say who …")."""
    lows = [t.low for t in tokens]
    before, rest = (lows[i - 1] if i else ""), lows[i + 1 :]
    nxt = rest[0] if rest else ""
    if "'" in tokens[i].text or "’" in tokens[i].text:  # it's
        rest = ["is", *rest]
        nxt = "is"
    if "time" in lows[:i] and "what" in lows[:i] and before in ("is", "was"):
        return True
    be = before in ("is", "was", "be") or before == "isn't"
    if be and any(w in ("who", "that", "which", "whom") for w in rest[:6]):
        return True  # "was it Heffernan who signed?"
    if nxt in ("become", "became", "becomes", "look", "looks", "sound", "sounds", "feel", "get"):
        return bool(set(rest[1:4]) & _EXPLETIVE) and goes_on_from(rest)
    if be and "what" in lows[:i] and nxt == "like":
        return True
    goes_on = any(
        w in ("to", "that", "if", "whether", "for", "when", "how", "who", "like") for w in rest[1:]
    )
    if before in lx.AUX and nxt in _EXPLETIVE | {"not", "n't"}:  # is it true that
        return goes_on or nxt == "worth"
    if nxt in lx.AUX:  # … it is (not) true that; it has become clear
        window = set(rest[1:5])
        return bool(window & _EXPLETIVE) and (goes_on or "time" in window)
    if nxt in _IT_VERBS:  # how long does it take to, does it seem that, does it matter
        return (
            goes_on
            or nxt in ("matter", "rain", "seems", "appears")
            or (
                nxt == "take"
                and not any(is_content(t) for t in tokens[i + 2 :])
                and len(lows) > 3
                and "long" in lows
            )
        )
    if nxt in _PAGE_SAYS and before in lx.AUX:
        return any(is_content(t) for t in tokens[i + 2 :])
    if lows[:i] == ["what", "is"] and rest[:1] == ["like"]:
        return True
    return "how" in lows[:i] and rest[:1] == ["that"]


def goes_on_from(rest: list[str]) -> bool:
    """Whether a clause or an infinitive follows that "it" stands in for."""
    return any(w in ("to", "that", "if", "whether", "when", "how", "who") for w in rest[1:])


def _bound(
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
        if before and (possessive or subject or len(before) > 1 and _different(before)):
            return True
        if any(_clause_between_offsets(tokens, p.end, position) for p in before):
            return True
    if kind != "thing":  # who, anyone, nobody bind in a later clause, and people their own things
        for j in range(i):
            if tokens[j].low in lx.INDEFINITE_PEOPLE | {"who", "whoever"}:
                indefinite = tokens[j].low not in ("who", "whoever") and gender != "f"
                said = subject and tokens[i - 1].low in lx.SPEECH
                later = said or _clause_between_offsets(tokens, tokens[j].end, position)
                if indefinite and possessive or later and (possessive or subject or indefinite):
                    return True
    if fronted and i < fronted:  # cataphora
        return any(p.start >= tokens[fronted - 1].end and _fits(p, kind, gender) for p in own)
    return False


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
        if t.low in lx.SPEECH and any(
            r.is_word and r.low not in lx.PREPOSITIONS | lx.ADVERBS for r in rest
        ):
            if not any(r.low in lx.PREPOSITIONS for r in rest[:1]):
                return True
    return False


def _demonstrative(tokens: list[Token], i: int) -> tuple[Reference | None, int]:
    token = tokens[i]
    low = token.low
    before = tokens[i - 1].low if i else ""
    if ends_at(tokens, i):
        if before in lx.DETERMINERS or before in ("like", "just"):
            return (
                (Reference("claim", token.start, token.end), 1) if before == "like" else (None, 1)
            )
        if low == "this" and sum(is_content(t) for t in tokens) > 1:
            return None, 1  # "a report on this": the page's own matter
        return Reference(
            "plural" if low in ("these", "those") else "claim", token.start, token.end
        ), 1
    nxt = tokens[i + 1]
    can_refer = (
        not i
        or before in lx.AUX | lx.PREPOSITIONS | lx.WH | lx.CONJUNCTIONS | {"all", "exactly", "not"}
        or (low != "that" and is_verb(tokens, i - 1))
        or before in lx.REPLY
        or (i == 1 and before in lx.DISCOURSE)
        or not tokens[i - 1].is_word
    )
    if low == "that" and before in lx.WH and before not in ("why", "how", "when", "where"):
        can_refer = False
    if low == "that" and before in lx.SPEECH and nxt.low not in lx.SPOT_NOUNS:
        can_refer = False
    if not can_refer and not (
        nxt.low in lx.SPOT_NOUNS and low in ("that", "this", "these", "those")
    ):
        return None, 1
    if nxt.low in ("one", "ones"):
        return Reference("citation", token.start, nxt.end, noun="one"), 2
    if (
        is_content(nxt)
        and not (nxt.low in lx.VERBS and nxt.low not in lx.NOUN_TOO)
        or nxt.low == "same"
    ):
        return _demonstrative_noun(tokens, i)
    if low == "this" and sum(is_content(t) for t in tokens) > 2:
        return None, 1  # the page's own matter
    if low in ("these", "those"):
        if nxt.low in (
            "who",
            "that",
            "which",
            "being",
            "with",
            "in",
            "of",
            "from",
            "without",
            "here",
            "whose",
        ) or (nxt.low.endswith(("ed", "ing"))):
            return None, 1
        return Reference("plural", token.start, token.end), 1
    if (
        nxt.low in lx.AUX
        or is_verb(tokens, i + 1)
        or before in lx.AUX | lx.PREPOSITIONS
        or not nxt.is_word
        or (nxt.low in lx.PREPOSITIONS | lx.ADVERBS | lx.CONJUNCTIONS)
    ):
        if before in lx.PREPOSITIONS and nxt.low in lx.PRONOUNS:
            return None, 1
        return Reference("claim", token.start, token.end), 1
    return None, 1


def _demonstrative_noun(tokens: list[Token], i: int) -> tuple[Reference | None, int]:
    """ "that paragraph", "this program"; not if the rest of the question says which one."""
    token = tokens[i]
    j = i + 1
    while j + 1 < len(tokens) and is_content(tokens[j + 1]) and not is_verb(tokens, j + 1):
        j += 1
    head = tokens[j].low
    if token.low == "this" and (head in lx.PAGE_NOUNS or tokens[i + 1].low in ("much", "many")):
        return None, j - i + 1
    if head in ("way", "much", "many", "long", "far", "kind", "sort", "type"):
        return None, j - i + 1
    after = tokens[j + 1] if j + 1 < len(tokens) else None
    if after is not None and after.low in (
        "who",
        "that",
        "which",
        "of",
        "about",
        "by",
        "from",
        "with",
        "being",
        "whose",
        "where",
    ):
        return None, j - i + 1
    if after is not None and head.endswith("s") and after.low.endswith(("ed", "ing")):
        return None, j - i + 1
    if (
        after is not None
        and token.low in ("those", "these")
        and after.low in ("in", "without", "here")
    ):
        return None, j - i + 1
    singular = head.removesuffix("s")
    if singular in lx.SPOT_NOUNS:
        return Reference("citation", token.start, tokens[j].end, noun=head, number=None), j - i + 1
    return Reference("noun", token.start, tokens[j].end, noun=head), j - i + 1


def _there(tokens: list[Token], i: int, own: list[Phrase]) -> Reference | None:
    before = tokens[i - 1].low if i else ""
    after = tokens[i + 1].low if i + 1 < len(tokens) else ""
    be = lx._set(
        "is are was were be been has have had will would might could should can may isn't aren't wasn't weren't exist"
    )
    if before in be or after in be or not before or "'" in tokens[i].text or "’" in tokens[i].text:
        return None
    if before in ("out", "over", "up", "down", "get", "in", "being"):
        return None
    if any(p.sort == "place" and p.end <= tokens[i].start for p in own):
        return None
    return Reference("place", tokens[i].start, tokens[i].end)


def _then(tokens: list[Token], i: int) -> Reference | None:
    before = tokens[i - 1].low if i else ""
    if before in ("since", "by", "until", "before", "till", "back"):
        start = tokens[i - 1].start if before == "back" else tokens[i].start
        return Reference("time", start, tokens[i].end)
    return None


def _definite(tokens: list[Token], i: int) -> tuple[Reference | None, int]:
    """ "the comment", "the commenter" without anything that says which."""
    if i + 1 >= len(tokens):
        return None, 1
    head = tokens[i + 1].low
    if head not in lx._set(
        "comment commenter poster reply paragraph passage quote quotation citation"
    ):
        return None, 1
    after = tokens[i + 2] if i + 2 < len(tokens) else None
    if after is not None and after.is_word:
        closed = after.low in lx.AUX or (
            is_verb([tokens[i + 1], after], 1) and not after.low.endswith(("ed", "ing"))
        )
        if not closed:
            return None, 2
    if head in ("commenter", "poster"):
        return Reference("person", tokens[i].start, tokens[i + 1].end), 2
    return Reference("citation", tokens[i].start, tokens[i + 1].end, noun=head, number=None), 2
