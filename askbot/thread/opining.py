"""Which questions are for opinions of those who comment, and on what."""

from __future__ import annotations

import re

from askbot.thread.slots import Slots
from askbot.thread.vocabulary import THREAD_WORDS, word_list

_OPINING = THREAD_WORDS | frozenset(
    word_list("""
    think thinks thought feel feels felt say says saying said opinion opinions view views mood
    stance people readers reader users everyone everybody anyone anybody argue argued talk talks
    talked talking debate thoughts verdict buzz sentiment sentiments consensus reception feeling
    feelings tone
    """)
)
"""Words of which a question for opinions has one, unless the router has no doubt of it."""
_ASKED_FOR = re.compile(
    r"^(?:thoughts|verdict|buzz|sentiments?|consensus|reception|feelings?|tone)"
    r" (?:on|about|of|for|towards?|regarding) ",
    re.IGNORECASE,
)
_ASKED_OF = frozenset(
    ("here", "below", "comments", "commenter", "commenters", "posters", "readers")
)
_THINKING = frozenset(("think", "feel", "opinion", "opinions", "views", "view", "stance"))
_MAKE_OF = re.compile(
    r"\bmak(?:e|ing) of\b|\b(?:feelings?|verdict|mood) (?:on|about)\b", re.IGNORECASE
)


def opining(slots: Slots) -> bool:
    """Whether a question has a word that one for opinions has."""
    return not _OPINING.isdisjoint((*slots.skeleton, *(t.folded for t in slots.residue)))


def asks_commenters(slots: Slots) -> bool:
    """Whether a question names commenters and what people think: its topic may be anything."""
    thinking = slots.has(*_THINKING) or bool(_MAKE_OF.search(slots.question))
    return thinking and slots.has(*_ASKED_OF)


def without_what_is_asked_for(topic: str) -> str:
    """ "velcro" of "the verdict on velcro"."""
    return _ASKED_FOR.sub("", topic)


_ON = r"(?:about|of|on|to|towards?|over|regarding|concerning)"
_CROWD = (
    r"(?:(?:the|other|most|all|any|our|of|those|your) )*"
    r"(?:commenters?|commentators?|readers|posters|users|comments|those commenting"
    r"|(?:people|folks|everyone|everybody|others|users) (?:in the (?:comments?|thread)"
    r"(?: section)?|here|below|commenting|down (?:here|there)|who commented))"
)
_SAYING = (
    r"(?:thinks?|thinking|thought|says?|saying|said|feels?|feeling|felt|have to say|make"
    r"|tell|telling|told|argue|arguing|talk|talking|react|reacting|respond|responding)(?: us)?"
)
_VIEWS = (
    r"(?:opinions?|views?|reactions?|thoughts?|takes?|feelings?|attitudes?|sentiments?|verdicts?"
    r"|mood|comments?|remarks?)"
)
_OF_NOBODY = r"(?!.* (?:from|by|of) )"
"""Behind views that nobody is named with: "reactions to the ruling from officials" has somebody."""
_FORMS = (
    # what do commenters have to say about X; what is said in the comments about X
    rf"(?:what|how)(?:[’']s| do| did| does| are| is| were| have| has)? (?:{_CROWD} "
    rf"(?:here |below )?(?:been )?{_SAYING}|(?:being )?said (?:in|by|among) {_CROWD}) {_ON}",
    # what do people think of X, now: then the article may tell
    r"(?:what|how)(?: do| are)? (?:people|folks|everyone|everybody) (?:make|thinks?|thinking|feel"
    rf"|feeling|says?|saying) {_ON}",
    # what's the readers' take on X; commenters' views on X
    rf"(?:what|how)(?:[’']s| are| is| were| was)? {_CROWD}(?:[’']s?|s)? {_VIEWS} {_ON}",
    rf"(?:any |the |some |what )?{_CROWD}(?:[’']s?)? {_VIEWS} {_ON}",
    # what's the mood about X; reactions to X; any thoughts on X
    rf"what(?:[’']?s| is| are) (?:the )?(?:general |overall |common )?{_VIEWS}"
    rf" (?:about|on|over|to|towards?|regarding){_OF_NOBODY}",
    r"(?:any |some |what )?(?:(?:reactions?|attitudes?|feelings?) (?:to|towards?|about|on|over)"
    r"|(?:opinions?|views?|thoughts?|takes?|sentiments?|comments?|remarks?)"
    rf" (?:about|on|over|regarding|concerning)){_OF_NOBODY}",
    # has anybody got an opinion on X; do the readers say anything about X
    r"(?:(?:has|have|does|do|did|is|are) )?(?:there )?(?:any|some)(?:one|body)(?: else)?"
    rf"(?: here| below| in the (?:comments?|thread))? (?:got|have|has|voice[sd]?|express(?:es|ed)?)"
    rf" (?:an? |any |some )?{_VIEWS} {_ON}",
    rf"(?:do|did|have|are) {_CROWD} (?:say|said|saying|got|have) anything (?:to say )?{_ON}",
)
_OUTRIGHT = re.compile(
    rf"^(?:(?:so|and|ok|well|but|now)[, ]+)*(?:{'|'.join(_FORMS)}) (?P<topic>.+)$", re.IGNORECASE
)
_HERE = re.compile(
    r"(?:[\s,]+(?:here|(?:in|among|from) the (?:comments?|thread|discussion)(?: section)?|below"
    r"|down (?:here|there)|please|plz))*[\s?!.]*$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r",\s*(?:do|does|did|is|are|was|were|can|could|will|should|what|who|how|and what|any)\b.*$",
    re.IGNORECASE,
)
"""A second question behind the topic: "the petition, do people trust it?"."""


def asked_outright(question: str) -> str:
    """The topic of a question that says that it is for opinions; "" of any other."""
    found = _OUTRIGHT.match(question)
    return _HERE.sub("", _MORE.sub("", found["topic"])) if found else ""
