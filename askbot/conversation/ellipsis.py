"""Questions without a clause: "why?", "who else?", "and in Boston?", "what about mark?"."""

from __future__ import annotations

import re

from askbot.answers import Answer
from askbot.conversation import lexicon as lx
from askbot.conversation.candidates import Candidate
from askbot.conversation.clauses import (
    Clause,
    bare,
    lower_first,
    parse,
    proposition,
    subject_of,
)
from askbot.conversation.names import Names
from askbot.conversation.phrases import Phrase, phrases
from askbot.conversation.question_words import OPEN_ENDED, ask_again
from askbot.conversation.tokens import Token, is_content, is_verb, tokenize

_FILLERS = lx.words("""else exactly precisely not many much long often far old come so then more
    others other too again of them starting beginning ending""")
_ANSWERS = lx.words("answer reply response reaction replies responses answers reactions comeback")
_COMMENT = re.compile(r"\b(?:comment c|paragraph p)[\d.]+(?: by [^?]+?)?(?= say| said|$)")
_COUNTABLE = lx.words("""comment comments commenter commenters paragraph paragraphs reply replies
    people times words""")
_OF_ANYTHING = lx.words("people times words")
_BITS = lx.words("bit part sentence passage line words paragraph")
_BE = lx.words("is are was were am")
_ANY = lx.words("any anything anyone anybody something someone somebody")


def fragment(question: str, names: Names, *, after_content: bool = False) -> str:
    """The kind of ellipsis that a question is, "" if it has a clause of its own.

    "about": a new topic in the old question; "wh": a bare question word; "noun": a question word
    with a noun only; "to whom": of replies; "which bit": of what is quoted;
    "answers": what a comment was answered; "any": "anything about taxes?";
    "else": "anyone else?"; "says who"; "reply": a verb of replying without saying to whom; "aux":
    "does Boston?".

    Args:
        after_content: the last answer was not about the thread, so that "how many people?" does
            not ask for commenters.
    """
    text = bare(question)
    tokens = [t for t in tokenize(text) if t.is_word]
    if not tokens or len(tokens) > 9:
        return ""
    lows = [t.low for t in tokens]
    opened = question.lstrip().split(" ", 1)[0].lower().strip(",") in ("and", "but", "or", "so")
    if len(lows) == 1 and lows[0] in OPEN_ENDED:
        return "wh"
    if lows[-1] in _ANSWERS and (lows[:-1] in ([], ["the"], ["any"])):
        return "answers"
    if lows[:2] in (["what", "about"], ["how", "about"]) and len(lows) > 2:
        return "about" if not any(t.low in lx.AUX for t in tokens) else ""
    if lows in (["says", "who"], ["said", "who"]):
        return "says who"
    if lows in (["who", "to"], ["whom", "to"], ["to", "who"], ["to", "whom"]) and not after_content:
        return "to whom"
    if len(lows) == 2 and lows[0] in ("which", "what") and lows[1] in _BITS and not after_content:
        return "which bit"
    if lows[-1] == "else" and len(lows) == 2 and lows[0] in lx.WH | _ANY:
        return "else"
    if (
        lows[0] in ("any", "anything", "something")
        and len(lows) > 2
        and lows[1] in ("about", "on", "regarding")
    ):
        return "any"
    if _is_bare_wh(tokens):
        return "wh"
    if _asks_for_reply(tokens):
        return "reply"
    verbs = any(is_verb(tokens, n) for n in range(len(tokens)))
    if (
        lows[0] in lx.AUX - _BE
        and len(lows) <= 4
        and not any(is_verb(tokens, n) for n in range(1, len(tokens)))
    ):
        found = phrases(text, names)
        return "aux" if len(found) == 1 and found[0].name and found[0].end >= len(text) - 1 else ""
    if verbs:
        return ""
    countable = _COUNTABLE - _OF_ANYTHING if after_content else _COUNTABLE
    if lows[0] in ("which", "what", "how") and len(lows) <= 4 and not set(lows) & countable:
        return "noun" if "by" not in lows else ""
    if lows[0] in lx.PREPOSITIONS and lows[1:2] and lows[1] in lx.WH and len(lows) <= 4:
        return "noun"
    if (
        opened
        and len(lows) <= 6
        and (lows[0] in lx.PREPOSITIONS or is_content(tokens[0]) or lows[0] in lx.DETERMINERS)
    ):
        return "about"
    if lows[0] in lx.PREPOSITIONS and lows[1:2] and lows[1] in lx.WH and len(lows) <= 4:
        return "noun"
    if lows[0] in lx.PREPOSITIONS and len(lows) <= 3 and question.rstrip().endswith("?"):
        return "about"
    return ""


def _is_bare_wh(tokens: list[Token]) -> bool:
    lows = [t.low for t in tokens]
    wh = [n for n, w in enumerate(lows) if w in lx.WH]
    if not wh or wh[0] > 2:
        return False
    if lows[-2:] in (["are", "there"], ["were", "there"]) and lows[:-2][-1:] in (
        ["many"],
        ["much"],
    ):
        lows = lows[:-2]  # "how many are there?"
    return all(w in lx.WH or w in lx.PREPOSITIONS or w in _FILLERS for w in lows) or lows == [
        "how",
        "come",
    ]


def _asks_for_reply(tokens: list[Token]) -> bool:
    lows = [t.low for t in tokens]
    if lows[-1] in ("back", "too", "either"):
        lows = lows[:-1]
    who = lows[0] == "who" or (
        lows[0] in ("did", "does", "do", "has", "have")
        and lows[1:2]
        and lows[1] in lx.INDEFINITE_PEOPLE
    )
    return bool(who) and 2 <= len(lows) <= 4 and lows[-1] in lx.REPLY | {"pushed", "push", "wrote"}


def expand(
    kind: str, question: str, before: str, answer: Answer, names: Names, person: Candidate | None
) -> str | None:
    """The whole question, built on the one before; None where nothing fits.

    Args:
        kind: what `fragment` said.
        before: the question before, already completed.
        answer: its answer.
        person: who the conversation is about at this point.
    """
    end = "?"
    text = bare(question)
    clause = parse(before)
    done: str | None
    if kind == "about":
        done = _about(text, before, clause, names)
    elif kind == "aux":
        done = _about(text.split(" ", 1)[1], before, clause, names)
    elif kind == "answers":
        done = _answers(answer)
    elif kind == "any":
        done = _any(text, clause, person)
    elif kind == "reply":
        done = f"{text} {_preposition(text)} {person.text}" if person else None
    elif kind == "to whom":
        done = f"to whom did {person.text} reply" if person else None
    elif kind == "which bit":
        done = None
        if person and answer.route == "thread:quotes":
            done = f"which sentence of the article does {person.text} quote"
    elif kind == "says who":
        said = proposition(before, answer, names)
        done = f"who says that {said}" if said else None
    elif kind == "else":
        done = _else(text, before, clause, names)
    else:
        done = ask_again(text, before, clause, answer, names)
    return done + end if done else None


def _preposition(text: str) -> str:
    last = text.split()[-1].lower()
    if last in (
        "agree",
        "agreed",
        "agrees",
        "disagree",
        "disagreed",
        "disagrees",
        "argue",
        "argued",
    ):
        return "with"
    return "on" if last == "back" else "" if last.startswith("answer") else "to"


def _about(text: str, before: str, clause: Clause | None, names: Names) -> str | None:
    """Put the new topic where the old question has one of its sort; else behind it."""
    tokens = tokenize(text)
    lead = [t.low for t in tokens[:2]]
    preposition = ""
    if lead in (["what", "about"], ["how", "about"]):
        text = text[tokens[1].end :].strip()
    elif lead and lead[0] in lx.PREPOSITIONS:
        preposition, text = tokens[0].text, text[tokens[0].end :].strip()
    inner = tokenize(text)
    if inner and inner[0].low in lx.PREPOSITIONS and not preposition:
        preposition, text = inner[0].text, text[inner[0].end :].strip()
    new = next(iter(phrases("about " + text, names)), None)
    if new and new.author:
        text = new.text
    whole = bare(before)
    if not text:
        return None
    if _COMMENT.match(text) and _COMMENT.search(whole):
        return _COMMENT.sub(text, whole, count=1)
    slot = _slot(new, preposition, whole, names) if new else None
    if slot:
        return f"{whole[: slot.start]}{text}{whole[slot.end :]}"
    if clause and clause.subject and clause.word == "who" and new and new.sort == "person":
        return f"what about {text}: {lower_first(whole)}"
    return f"{whole} {preposition or 'about'} {text}"


def _slot(new: Phrase, preposition: str, before: str, names: Names) -> Phrase | None:
    every = phrases(before, names)
    old = [p for p in every if p.head not in _COUNTABLE] or every
    lead = preposition.lower()
    kin = [p for p in old if p.head == new.head and " " in p.text and p.text != new.text]
    if kin and " " in new.text and not (lead or new.author):
        return kin[-1]  # "the licence part" for "the grant part"
    if lead:  # "in Boston": the phrase behind the same preposition, if it is of the same sort
        for phrase in old:
            words = before[: phrase.start].lower().split()
            if words[-1:] == [lead] and (phrase.sort == new.sort or lead == "about"):
                return phrase
        return next((p for p in old if p.sort == new.sort == "place"), None)
    if new.sort == "unknown" and new.name:
        names_only = [p for p in old if p.name and p.sort in ("unknown", "person", "place")]
        return names_only[-1] if names_only else next((p for p in old if p.name), None)
    same = [p for p in old if p.sort == new.sort and p.head not in lx.INDEFINITE_PEOPLE]
    if new.name and any(p.name for p in same):
        same = [p for p in same if p.name]
    if not same:
        same = [p for p in old if p.sort == "unknown" and p.name == new.name]
    if not same:  # "which comments mention the elm?": whatever is asked about is its topic
        return old[-1] if len(old) < len(every) and not new.author else None
    if new.sort in ("person", "place"):
        return same[0]
    about = [p for p in same if before[: p.start].lower().split()[-1:] == ["about"]]
    return (about or same)[-1]


def _answers(answer: Answer) -> str | None:
    """ "and the answer?": who replied to the comment that was cited last."""
    spoken = [c for c in answer.citations if c.author]
    return f"who replied to comment {spoken[0].id} by {spoken[0].author}" if spoken else None


def _any(text: str, clause: Clause | None, person: Candidate | None) -> str | None:
    """ "anything about taxes?" where somebody's words were asked for; else it stands alone."""
    topic = text.split(" ", 1)[1]
    if clause and any(t.low in lx.SPEECH for t in tokenize(clause.rest)) and person:
        return f"did {person.text} say anything {topic}"
    return None


def _else(text: str, before: str, clause: Clause | None, names: Names) -> str | None:
    if clause is None:
        return None
    asks_who = text.lower().startswith(
        ("who", "any one", "anyone", "anybody", "someone", "somebody")
    )
    if clause.word == ("who" if asks_who else "what") and clause.wh.lower() in (
        "who",
        "what",
        "who else",
        "what else",
    ):
        return f"{'who' if asks_who else 'what'} else {clause.aux} {clause.rest}".replace("  ", " ")
    subject = subject_of(clause, names)
    rest = clause.rest[len(subject) :].strip()
    verb = next((t.low for t in tokenize(rest)), "")
    if asks_who and subject and verb in lx.REPLY and not clause.wh:
        return f"who else did {rest}"  # "did Kwame answer her?": whoever answered her
    if asks_who and subject and rest:
        noun = clause.wh.split(" ", 1)[1] if " " in clause.wh else ""
        return f"{clause.aux} anyone besides {subject} {rest} {noun}".rstrip()
    if not asks_who and subject:
        return f"what else about {subject}: {lower_first(bare(before))}"
    return None
