"""Questions that look for whoever speaks of something: "who brought up a spreadsheet?".

An embedding of such a question is mostly about the thing. Whether it asks for comments can be told
from the page: they speak of it, and the article either does not or is not asked.
"""

from __future__ import annotations

import re

from askbot.thread.compose import Ask
from askbot.thread.mentions import CUES, find_mentions, with_its_noun, without_title
from askbot.thread.roles import surname_of
from askbot.thread.slots import span_text
from askbot.thread.vocabulary import HERE, READERS

_SEEKER = (
    rf"(?:who(?: else)?|(?:(?:does|do|did|has|have|is) )?"
    rf"(?:which|what|any|whose|the|is there an?|are there any) {READERS}"
    rf"|which (?:people|persons?|one)|{READERS}"
    r"|(?:(?:does|did|do|has|have|is|are|was|were) )?(?:any|some)(?:one|body)(?: else)?)"
)
_OF = (
    r"mention\w*|repeat\w*|name-?drop\w*|(?:bring|brings|brought|bringing) up|rais(?:e|es|ed|ing)"
    r"|(?:quot|cit)(?:e|es|ed|ing)"
    r"|(?:has|have|had|got) (?:something|anything|things|stuff|a lot) to say (?:about|on)"
    r"|(?:comment|post|remark)\w* (?:about|on)|refer(?:s|red|ring)? to|discuss\w*"
    r"|(?:talk\w*|speaks?|spoke|speaking|writ\w+|wrote|complain\w*|moan\w*|rant\w*|jok\w+"
    r"|gripe\w*|griping|grumbl\w+|whin\w+|vent\w*|fret\w*|fuss\w*"
    r"|ask\w*|worr\w+|wonder\w*) (?:about|of|on|over)"
    r"|(?:(?:is|are|was|were|gets?|got) )?(?:upset|angry|mad|worried|happy|thrilled|concerned|glad"
    r"|annoyed|furious|excited|curious|unhappy|cross|bitter|sceptical|skeptical) (?:about|at|over)"
)
_FEELING = (
    r"prais\w+|defend\w*|thank\w*|blam\w+|critici[sz]\w+|attack\w*|mock\w*|insult\w*|lik(?:e|es|ed)"
    r"|hat(?:e|es|ed|ing)|lov(?:e|es|ed|ing)|support\w*|oppos\w+"
)
_SEEKS = re.compile(
    rf"^(?:so |and |ok |well |but )?{_SEEKER}\b"
    r"(?: (?:that|who|which|here|in the (?:comments?|thread)))?"
    rf"(?: (?:ever|also|actually|here|even))? (?P<verb>{_OF}|(?P<feeling>{_FEELING})) (?P<what>.+)",
    re.IGNORECASE,
)
_ON = re.compile(
    r"^(?:so |and )?(?:(?:is|are|was|were) there (?:an?|any) "
    r"(?:comments?|posts?|remarks?|repl(?:y|ies))(?: here| below)?"
    r"|(?:(?:is|are|was|were) there )?any (?:talk|mention|discussion|complaints?|jokes?|word))"
    r" (?P<verb>on|of|about|regarding|concerning|over) (?P<what>.+)",
    re.IGNORECASE,
)
"""Without a verb: "is there a comment on kitchens?", "any talk of kitchens?"."""
_WORDED = re.compile(
    r"\bthe (?:exact |very )?(?:words?|term|phrase|expression)\b (?P<what>.+)", re.IGNORECASE
)
""" "Where does the word spreadsheet occur in the comments?"."""
_IN_WHICH = re.compile(
    rf"^(?:(?:list|show me|give me|find|so|and) )?(?:(?:which|what|any|all|the) )*{READERS} "
    r"(?:in which|where|wherein|that have|which have|that has|having|with|bringing up"
    r"|mentioning|that mention) (?P<what>.+)",
    re.IGNORECASE,
)
""" "Comments in which a spreadsheet comes up"."""
_FIGURE = frozenset(("figure", "number", "statistic", "stat", "sum", "amount", "line", "remark"))
"""What a figure or saying is called behind itself: "who repeats the 6.8 million figure"."""
_NOW = re.compile(r"s$|s up$|s (?:to|about|of|on|over)$|^mention$", re.IGNORECASE)
_ANYBODY = re.compile(r"\b(?:any|some)(?:one|body)\b", re.IGNORECASE)


def _known(ask: Ask, start: int) -> str | None:
    """The foreign words from there on, where some comment has them."""
    topic = [t for t in ask.slots.residue if t.start >= start]
    while topic and topic[-1].folded in CUES:
        topic.pop()
    words = ask.slots.quoted or span_text(ask.question, topic)
    return words if words and find_mentions(ask, words, ask.tables.comments) else None


def sought(ask: Ask) -> str | None:
    """What a question looks for in comments, in its own words; None where it looks for nothing.

    Where the article has the same words it is asked about them in other ways than "who brings up
    X", "does anyone mention X" and "which reader …"; "who raised X" then is about the article.
    """
    if ask.slots.has(*HERE) and not ask.slots.names and not ask.slots.references:
        worded = _WORDED.search(ask.question) or _IN_WHICH.match(ask.question)
        if worded and (known := _known(ask, worded.start("what"))):
            return known
    found = _ON.match(ask.question) or _SEEKS.match(ask.question)
    if found is None or ask.slots.names or ask.slots.references:
        return None
    topic = [t for t in ask.slots.residue if t.start >= found.start("what")]
    while topic[1:] and topic[-1].folded in _FIGURE:
        topic.pop()
    if not topic:
        return None
    commenters = bool(re.search(rf"\b{READERS}\b", ask.question[: found.start("what")], re.I))
    here = commenters or ask.slots.has(*HERE, "comment")
    if "feeling" in found.groupdict() and found["feeling"] and not here:
        return None
    text = with_its_noun(ask, topic)
    of_comments = here or not ask.tables.in_article(t.folded for t in topic)
    now = _ANYBODY.search(found.group()) or _NOW.search(found["verb"])
    if not (of_comments or now):
        return None
    for known in (text, without_title(text), surname_of(text, ask.tables)):
        if known and find_mentions(ask, known, ask.tables.comments):
            return known
    # a name or a figure has no other words: that no comment has it is the answer
    exact = any(t.capital or t.raw[0].isdigit() for t in topic)
    exact = exact or (len(topic) == 1 and found["verb"].lower().startswith("mention"))
    return text if here and exact else None
