"""A question cut at its question word and auxiliary, so that its parts can be used again."""

from __future__ import annotations

from dataclasses import dataclass

from askbot.answers import Answer
from askbot.conversation import lexicon as lx
from askbot.conversation.names import Names
from askbot.conversation.phrases import phrases
from askbot.conversation.tokens import Token, is_verb, tokenize

SHORT_ANSWER = 10
"""Words up to which a short answer is put into a completed question."""
_DO = frozenset(("do", "does", "did"))


@dataclass(frozen=True, slots=True)
class Clause:
    """ "Why | did | the state wait": `wh`, `aux` and `rest`, each as written, "" where absent.

    Attributes:
        subject: the question word is the subject ("who signed it").
    """

    wh: str
    aux: str
    rest: str
    subject: bool

    @property
    def word(self) -> str:
        """The question word itself, lower case."""
        return next((w for w in self.wh.lower().split() if w in lx.WH), "")


def bare(question: str) -> str:
    """A question without what may open it ("and", "ok, so") and without its end mark."""
    tokens = tokenize(question)
    start = 0
    while start < len(tokens) and (tokens[start].low in lx.DISCOURSE or not tokens[start].is_word):
        start += 1
    if start >= len(tokens):
        return ""
    return spelt_out(question[tokens[start].start :].rstrip(" ?.!…"))


def spelt_out(text: str) -> str:
    """ "who'd have to pay" as "who would have to pay": its parts must be whole words."""
    tokens = tokenize(text)
    for n in range(len(tokens) - 1, 0, -1):
        token, before = tokens[n], tokens[n - 1]
        if before.low in lx.WH and token.start == before.end and token.text[0] in "'’":
            text = f"{text[: token.start]} {token.low}{text[token.end :]}"
    return text


def parse(question: str) -> Clause | None:
    """The parts of a question; None if it does not look like one."""
    text = bare(question)
    tokens = tokenize(text)
    words = [n for n, t in enumerate(tokens) if t.is_word]
    if not words:
        return None
    first = tokens[0].low
    if first in lx.AUX:
        return Clause("", tokens[0].text, text[tokens[0].end :].strip(), False)
    wh = (
        0
        if first in lx.WH
        else 1
        if len(tokens) > 1 and tokens[1].low in lx.WH and first in lx.PREPOSITIONS
        else None
    )
    if wh is None:
        return None
    for n in range(wh + 1, min(len(tokens), wh + 9)):
        if tokens[n].low in lx.AUX:
            own = tokens[wh].low in ("who", "what", "which") or n > wh + 1
            after = own and n + 1 < len(tokens) and _verb_like(tokens, n + 1)
            return Clause(
                text[: tokens[n].start].strip(),
                tokens[n].text,
                text[tokens[n].end :].strip(),
                after,
            )
        if is_verb(tokens, n):
            return Clause(
                text[: tokens[n].start].strip(), "", text[tokens[n].start :].strip(), True
            )
    return None


def _verb_like(tokens: list[Token], n: int) -> bool:
    return is_verb(tokens, n) or (
        tokens[n].low in lx.ADVERBS and n + 1 < len(tokens) and is_verb(tokens, n + 1)
    )


def short(answer: Answer) -> str:
    """The answer's few words, "" if it has none or they are many."""
    text = " ".join((answer.short_answer or "").split()).strip(" .,;:“”\"'")
    return text if text and len(text.split()) <= SHORT_ANSWER and not answer.abstained else ""


def proposition(question: str, answer: Answer, names: Names) -> str:
    """What question and answer say together ("the scanner cost $14,000"), "" if unclear."""
    clause = parse(question)
    if clause is None:
        return ""
    found = short(answer)
    if clause.subject:
        who = with_noun(found, clause) or ("someone" if clause.word == "who" else "something")
        return _joined(who, clause.aux, clause.rest)
    statement = clause.rest
    if clause.aux and clause.aux.lower() not in _DO:
        subject = next(iter(phrases("is " + clause.rest, names)), None)
        cut = max(subject.end - 3, 0) if subject and subject.start <= 7 else 0
        statement = _joined(clause.rest[:cut], clause.aux, clause.rest[cut:])
    return _joined(statement, found if clause.wh else "")


def with_noun(found: str, clause: Clause) -> str:
    """ "50,600" as the answer to "how many people": "50,600 people"."""
    lead = ("how many ", "how much ")
    if found and clause.wh.lower().startswith(lead) and len(found.split()) <= 3:
        noun = clause.wh[len(lead[0]) :].strip()
        return found if noun.lower() in found.lower() else f"{found} {noun}"
    return found


def subject_of(clause: Clause, names: Names) -> str:
    """The noun phrase that opens the rest of an inverted question, "" if none does."""
    first = next(iter(phrases("is " + clause.rest, names)), None)
    if first is None or first.start > 7:
        return ""
    return clause.rest[: first.end - 3]


def _joined(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())


def lower_first(text: str) -> str:
    """Lower-case an opening question word or auxiliary; names keep their capital."""
    word = text.split(" ", 1)[0] if text else ""
    return text[:1].lower() + text[1:] if word.lower() in lx.WH | lx.AUX | lx.PREPOSITIONS else text
