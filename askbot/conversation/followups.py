"""Follow-up questions completed from the conversation, without a language model.

The gate comes first (`gate.references`, `ellipsis.fragment`): where it finds nothing that points
outside the question, the question is searched exactly as it was typed. What it finds is resolved
one reference at a time; a reference that nothing agrees with keeps the user's word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from askbot.conversation import lexicon as lx
from askbot.conversation.candidates import Candidate, candidates
from askbot.conversation.clauses import parse, proposition, short
from askbot.conversation.company import described_one, listed, other_one
from askbot.conversation.ellipsis import expand, fragment
from askbot.conversation.gate import of_thread, references
from askbot.conversation.names import Names, names_of
from askbot.conversation.phrases import phrases
from askbot.conversation.pointing import cited, described, enumerated, shown
from askbot.conversation.reference import Reference
from askbot.conversation.resolve import Resolved, rank
from askbot.conversation.tokens import Token, ends_at, is_content, is_verb, tokenize
from askbot.conversation.turns import Source, Turn, numbered_sources
from askbot.conversation.vicinity import leans, vicinity
from askbot.discussion import Page

MOST_NAMED = 4
"""Commenters that "they" may spell out; more are too many for a question."""
LISTS_OF_PEOPLE = ("thread:repeat", "thread:commenters", "thread:most", "thread:once")
LONGEST = 600
"""Characters up to which a question is looked at; a longer one tells its own context."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A question as it should be searched.

    Attributes:
        text: the whole question; the user's own where nothing was changed.
        changed: whether it differs from what was typed.
        ids: citations of earlier answers that it points at ("the second one").
        reason: one line on what was done, for `notes` and for people.
        near: where the conversation is on the page, for a follow-up: ids there and their shares.
        on_content: it goes on from what the page says, with no word about the thread.
    """

    text: str
    changed: bool
    ids: tuple[str, ...] = ()
    reason: str = ""
    near: Mapping[str, float] = field(default_factory=dict)
    on_content: bool = False


class FollowUps:
    """Completes follow-ups from the turns and the page alone."""

    def complete(self, question: str, turns: Sequence[Turn], page: Page) -> Completed:
        """The question as it should be searched after these turns about this page."""
        if not turns or not question.strip() or len(question) > LONGEST:
            return Completed(question, False, (), "stands alone")
        names = names_of(page)
        for told in (other_one(question, turns, names), described_one(question, turns, names)):
            if told is not None:
                near = vicinity(turns, page)
                return Completed(told, True, (), f"{question} = {told}", near)
        tokens = tokenize(question)
        found = references(tokens, question, names)
        content = turns[-1].answer.route == "content"
        alone = not found and not fragment(question, names, after_content=content)
        leaning = not alone or leans(question)
        near = vicinity(turns, page) if leaning else {}
        on_content = content and not of_thread(tokens, counting=not leaning)
        if alone:
            return Completed(question, False, (), "stands alone", near, on_content)
        done = _Completion(question, tokens, turns, page, names).run(found)
        return replace(done, near=near, on_content=on_content)


class _Completion:
    """One question at work: its tokens, the conversation, and what was replaced so far."""

    def __init__(
        self, question: str, tokens: list[Token], turns: Sequence[Turn], page: Page, names: Names
    ) -> None:
        self.question = question
        self.tokens = tokens
        self.turns = turns
        self.page = page
        self.names = names
        self.last = turns[-1].answer
        self.found = candidates(turns, page, names)
        own = phrases(question, names, tokens=tokens)
        self.own = frozenset(p.key for p in own)
        self.ids: list[str] = []
        self.chosen: dict[str, Resolved] = {}

    def run(self, found: list[Reference]) -> Completed:
        counted = shown(self.question, self.last, self.page)
        if counted is not None:
            return Completed(counted.text, True, counted.ids, f"{self.question} = {counted.text}")
        text = self.question
        replaced: list[str] = []
        for reference in reversed(found):
            resolved = self._resolve(reference)
            if resolved is None:
                continue
            self.ids.extend(i for i in resolved.ids if i not in self.ids)
            if not resolved.text:
                continue
            words = text[reference.start : reference.end]
            new = _possessive(resolved.text) if reference.possessive else resolved.text
            text = text[: reference.start] + new + text[reference.end :]
            replaced.insert(0, f"{words} = {resolved.text}")
        kind = fragment(text, self.names, after_content=self.last.route == "content")
        if kind:
            person = self._person()
            whole = expand(kind, text, self.last.searched_for, self.last, self.names, person)
            if whole and whole != text:
                text = whole
                replaced.append("completed from the question before")
        if text == self.question:
            reason = "points at an earlier answer" if self.ids else "nothing to complete it with"
            return Completed(self.question, False, tuple(self.ids), reason)
        return Completed(text, True, tuple(self.ids), "; ".join(replaced))

    def _resolve(self, reference: Reference) -> Resolved | None:
        if reference.kind == "citation":
            return (
                self._listed_person(reference)
                or enumerated(reference, self.turns, self.names)
                or cited(reference, self.turns, self.page)
            )
        if reference.kind == "claim":
            return self._claim(reference)
        if reference.kind == "time":
            return self._time()
        key = f"{reference.kind}/{reference.gender}/{reference.noun}"
        if key not in self.chosen:
            resolved = self._entity(reference)
            if resolved is None:
                return None
            people = {r.text for k, r in self.chosen.items() if k.startswith("person/")}
            if resolved.alone and resolved.text in people:
                resolved = Resolved("people")  # "what did they tell her?": whoever answered her
            self.chosen[key] = resolved
        return self.chosen[key]

    def _listed_person(self, reference: Reference) -> Resolved | None:
        """ "the second one" after a list of people ("who commented more than once?")."""
        if reference.noun != "one" or self.last.route not in LISTS_OF_PEOPLE:
            return None
        authors = list(dict.fromkeys(s.author for s in numbered_sources(self.last) if s.author))
        number = reference.number or 0
        if number == -1:
            number = len(authors)
        return Resolved(authors[number - 1]) if 0 < number <= len(authors) else None

    def _entity(self, reference: Reference) -> Resolved | None:
        ranked = rank(reference, self.found, self.own)
        if reference.kind == "plural":
            several = self._several(reference)
            of_speech = any(t.low in lx.OF_THREADS for t in self.tokens)
            alone = several.alone if several else bool(ranked) and ranked[0][1].author
            if alone and self.own and not of_speech:
                return None  # one commenter is no "they": "what do they charge in Bengaluru?"
            if several:
                return several
        if reference.kind == "person":
            ranked = self._who_answered(ranked) or ranked
        if reference.gender:  # "did she answer him?": two people
            others = {r.text for k, r in self.chosen.items() if k.startswith("person/")}
            ranked = [(s, c) for s, c in ranked if c.text not in others]
        if not ranked:
            return None
        best = self._defined(ranked, reference) or ranked[0][1]
        if reference.kind == "noun" and best.head == reference.noun and not _tells_more(best):
            return None  # "that program" for "the program" adds nothing
        if reference.kind == "place" and not self._behind_preposition(reference):
            return Resolved(f"in {best.text}")
        ids = best.ids if self._only_speech(reference) else ()
        return Resolved(best.text, ids)

    def _defined(
        self, ranked: list[tuple[float, Candidate]], reference: Reference
    ) -> Candidate | None:
        """The name that "who is NAME?" or "what is NAME?" asked about, whatever was answered; and
        for "it" the one thing that "how much is the grant?" asked about."""
        clause = parse(self.last.searched_for)
        if clause is None or clause.subject or clause.aux not in lx.IS:
            return None
        found = phrases("is " + clause.rest, self.names)
        if len(found) != 1 or found[0].end - 3 < len(clause.rest.rstrip()):
            return None
        first = found[0]
        named = first.name and clause.wh.lower() in ("who", "what")
        thing = reference.kind == "thing" and clause.word != "who" and first.sort == "thing"
        if not named and not thing:
            return None
        return next((c for _, c in ranked if c.key >= first.key), None)

    def _who_answered(self, ranked: list[tuple[float, Candidate]]) -> list[tuple[float, Candidate]]:
        """ "he" after "who replied to mark?": whoever did, not mark; but mark is who answers it."""
        pronouns = sum(t.low in ("he", "she", "him", "her") for t in self.tokens)
        if self.last.route != "thread:replies-to" or self.last.abstained or pronouns != 1:
            return []
        asked = {p.key for p in phrases(self.last.searched_for, self.names) if p.author}
        told = [(s, c) for s, c in ranked if c.author]
        # "what did he answer?", "who else wrote to him?"
        answering = any(t.low in lx.REPLY | {"who", "anyone", "anybody"} for t in self.tokens)
        if len(asked) != 1 or not any(t.low in lx.SPEECH | lx.REPLY for t in self.tokens):
            return []
        return [(s, c) for s, c in told if (c.key in asked) == answering]

    def _behind_preposition(self, reference: Reference) -> bool:
        before = [t.low for t in self.tokens if t.end <= reference.start][-1:]
        return bool(before) and before[0] in lx.PREPOSITIONS

    def _several(self, reference: Reference) -> Resolved | None:
        """ "they" after a thread answer: the commenters it cited."""
        authors = listed(self.turns[-1], self.names)
        if not authors:
            return None
        sources = numbered_sources(self.last)
        ids = (
            tuple(s.id for s in sources if s.author in authors)
            if self._only_speech(reference)
            else ()
        )
        if len(authors) > MOST_NAMED:
            return Resolved("", ids) if ids else None
        return Resolved(_listed(authors), ids, alone=len(authors) == 1)

    def _only_speech(self, reference: Reference) -> bool:
        """Whether the question asks only for the referent's words ("what did they say?")."""
        words = [
            t for t in self.tokens if t.is_word and not (reference.start <= t.start < reference.end)
        ]
        return any(t.low in lx.SPEECH | lx.REPLY for t in words) and not any(
            is_content(t) and t.low not in lx.SPEECH | lx.REPLY for t in words
        )

    def _claim(self, reference: Reference) -> Resolved | None:
        """ "that", "this", "so": a comment that is answered, what was said, or the thing named."""
        i = next(n for n, t in enumerate(self.tokens) if t.start == reference.start)
        before = {t.low for t in self.tokens[max(i - 2, 0) : i]}
        if before & lx.REPLY:
            spoken = [s for s in numbered_sources(self.last) if s.author]
            spot = next(filter(self._answered_by_asked, spoken), spoken[0] if spoken else None)
            if spot:
                return Resolved(described([spot.id], self.page), (spot.id,))
        said = proposition(self.last.searched_for, self.last, self.names)
        ids = tuple(s.id for s in numbered_sources(self.last)[:3])
        verb = i > 0 and is_verb(self.tokens, i - 1) and self.tokens[i - 1].low not in lx.AUX
        if (verb or before & lx.SPEECH) and ends_at(self.tokens, i) and said:
            return Resolved(f"that {said}", ids)
        measured = self.tokens[0].low == "how" and i > 2  # "how far is that?" is of a thing
        if (
            self.tokens[0].low in ("why", "how", "when", "where")
            and not measured
            and ends_at(self.tokens, i)
            and before & lx.AUX
            and said
        ):
            return Resolved(f"it that {said}", ())
        few = short(self.last)
        far = measured and self.tokens[1].low == "far"
        wanted = Reference("place" if far else "thing", reference.start, reference.end)
        ranked = rank(wanted, self.found, self.own)
        if few and "mean" in {t.low for t in self.tokens}:
            return Resolved(f"“{few}”", ids)
        if (
            said
            and before & lx.AUX
            and any(t.low in ("true", "right", "correct") for t in self.tokens[i:])
        ):
            return Resolved(f"that ({said})", ids)
        if ranked:
            return Resolved(ranked[0][1].text)
        return Resolved(f"that ({said})") if said else None

    def _answered_by_asked(self, source: Source) -> bool:
        """Whether somebody that the question names replied to a cited comment."""
        local = source.id.rpartition(":")[2]
        if local not in self.page:
            return False
        authors = {p.text for p in phrases(self.question, self.names) if p.author}
        return any(reply.author in authors for reply in self.page.replies(local))

    def _time(self) -> Resolved | None:
        few = short(self.last)
        if few and any(p.sort == "time" for p in phrases(few, self.names)):
            return Resolved(few)
        ranked = rank(Reference("time", 0, 0), self.found)
        return Resolved(ranked[0][1].text) if ranked else None

    def _person(self) -> Candidate | None:
        ranked = rank(Reference("person", 0, 0), self.found, self.own)
        named = [c for _, c in ranked if c.name]
        return named[0] if named else None


def _tells_more(candidate: Candidate) -> bool:
    return len(candidate.key) > 1


def _possessive(text: str) -> str:
    return (
        f"{text}’" if text.endswith("s") and " " in text and not text[0].isupper() else f"{text}’s"
    )


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " and " + texts[-1]
