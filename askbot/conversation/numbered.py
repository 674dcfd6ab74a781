"""References to a cited passage by its place in the list: "the second one", "source 2", "#16"."""

from __future__ import annotations

from askbot.conversation import lexicon as lx
from askbot.conversation.reference import Reference
from askbot.conversation.tokens import Token, is_content

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
OTHER = -2
"""The place of "the other one": whichever was not asked about yet."""
SHORT_LEAD = 3
"""Words before a bare "the first" that is all a question asks for ("and what about the first?")."""
_SHOWN = lx.words("""you showed shown cited mentioned quoted listed gave named above""")


def citation(tokens: list[Token], i: int) -> tuple[Reference, int] | None:
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
        if low == "the" and following[0] == "other" and _ends_there(following[1:3]):
            length = 3 if following[1] == "one" else 2
            return _cited(tokens[i], tokens[i + length - 1], "one", OTHER), length
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
                (named and tail[0] not in ("that", "who", "by", "about", "of", "in", "from"))
                or shown
                or (bare and following[0] in ("former", "latter", "second", "third"))
                or (bare and i <= SHORT_LEAD and i + 2 >= sum(t.is_word for t in tokens))
            ):
                length = 2 if bare else 3
                if shown and not bare:
                    length += 1 if tail[0] in _SHOWN and tail[1] not in _SHOWN else 2
                last = tokens[min(i + length, len(tokens)) - 1]
                number = _ORDINALS[following[0]]
                name = "one" if bare else noun
                return _cited(tokens[i], last, name, number), length
        if (
            following[0] in lx.SPOT_NOUNS | lx.CITATION_NOUNS
            and following[1] in _SHOWN
            and low == "the"
        ):
            length = 4 if following[2] in _SHOWN else 3
            last = tokens[min(i + length, len(tokens)) - 1]
            return _cited(tokens[i], last, following[0], None), length
    return None


def _ends_there(following: list[str]) -> bool:
    """Whether "the other", or "the other one", is all that is said of it."""
    after = following[1] if following[0] == "one" else following[0]
    return not after or not after[0].isalnum()


def _cited(first: Token, last: Token, noun: str, number: int | None) -> Reference:
    return Reference("citation", first.start, last.end, noun=noun, number=number)


def _int(digits: str) -> int | None:
    return int(digits) if digits.isdigit() and len(digits) < 6 else None
