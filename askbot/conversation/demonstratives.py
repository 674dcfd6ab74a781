"""This, that, there, then, and "the comment": pointing words that are no personal pronouns."""

from __future__ import annotations

from askbot.conversation import lexicon as lx
from askbot.conversation.expletive import existential_there
from askbot.conversation.phrases import Phrase
from askbot.conversation.reference import Reference
from askbot.conversation.tokens import Token, ends_at, is_content, is_verb


def demonstrative(tokens: list[Token], i: int) -> tuple[Reference | None, int]:
    token = tokens[i]
    low = token.low
    before = tokens[i - 1].low if i else ""
    if before in ("is", "was", "be") and i > 1 and tokens[i - 2].low == "it":
        return None, 1  # "could it be that …"
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
        is_content(nxt) and not (nxt.low in lx.VERBS and nxt.low not in lx.NOUN_TOO)
    ) or nxt.low == "same":
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


def there(tokens: list[Token], i: int, own: list[Phrase]) -> Reference | None:
    if existential_there(tokens, i):
        return None
    if any(p.sort == "place" and p.end <= tokens[i].start for p in own):
        return None
    return Reference("place", tokens[i].start, tokens[i].end)


def then(tokens: list[Token], i: int) -> Reference | None:
    before = tokens[i - 1].low if i else ""
    if before in ("since", "by", "until", "before", "till", "back"):
        start = tokens[i - 1].start if before == "back" else tokens[i].start
        return Reference("time", start, tokens[i].end)
    return None


def definite(tokens: list[Token], i: int) -> tuple[Reference | None, int]:
    """ "the comment", "the commenter" without anything that says which."""
    if i + 1 >= len(tokens):
        return None, 1
    head = tokens[i + 1].low
    if head not in lx.words(
        """comment commenter poster reply paragraph passage quote quotation citation"""
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
