"""Whether a question set agrees with the pages it is about, before anything is asked.

Checked are that every evidence id is on its page, that every answer stands word for word in its
evidence (or is an author's name), that every evidence passage has an answer in it, and that no
question is asked twice. Answers that only code can check are left alone: those tagged "thread" and
those whose evidence is `all_evidence` alone. Tags may be anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from askbot.discussion import Page
from askbot.errors import AskbotError
from askbot.evaluation.scores.matching import says, tokens
from askbot.evaluation.sets.loaded import Loaded
from askbot.evaluation.sets.questions import Ask, Entry
from askbot.evaluation.sets.records import Fault

COMPUTED = "thread"
"""Tag of questions whose answer is computed over the comments and stands nowhere."""

PageNamed = Callable[[str | None], Page]
"""Gives the page of a slug, or for None the one that questions without a page are about."""


def check_set(loaded: Loaded, page_named: PageNamed) -> list[Fault]:
    """Everything that does not hold, with what could not be read, in the order of the file."""
    own = {page.slug: page for page in loaded.pages}

    def page_of(slug: str | None) -> Page:
        return own[slug] if slug in own else page_named(slug)

    faults = list(loaded.faults)
    asked: dict[tuple[str, ...], str] = {}
    for entry in loaded.questions.entries:
        where = _where(loaded, entry)
        key = (entry.page or "", *(" ".join(tokens(ask.question)) for ask in entry.asks))
        if key in asked:
            faults.append(Fault(where, f"asks the same as {asked[key]}: keep one of them"))
        asked.setdefault(key, where)
        for ask in entry.asks:
            turn = f", turn {ask.turn}" if len(entry.asks) > 1 else ""
            for reason in _check(entry, ask, page_of, verbatim=loaded.verbatim):
                faults.append(Fault(f"{where}{turn}", reason))
    return faults


def _where(loaded: Loaded, entry: Entry) -> str:
    place = loaded.places.get(entry.id)
    return entry.id if place is None or place == entry.id else f"{place} ({entry.id})"


def _check(entry: Entry, ask: Ask, page_of: PageNamed, *, verbatim: bool) -> Iterator[str]:
    shown: dict[str, str] = {}
    named = (*ask.evidence, *ask.all_evidence)
    if not named and entry.page is None:
        return  # about no page in particular
    missing = False
    for passage_id in named or ("",):
        slug, _, local = passage_id.rpartition(":")
        try:
            page = page_of(slug or entry.page)
            if local:
                part = page.part(local)
                shown[passage_id] = f"{part.author or ''} | {page.text(local)}"
        except AskbotError as error:
            missing = True
            yield str(error)
    if missing or not verbatim or not ask.evidence or COMPUTED in ask.tags:
        return
    answers = (*ask.answers, *ask.all_answers)
    for answer in answers:
        if not any(_stands(answer, shown[i]) for i in ask.evidence):
            yield (
                f'the answer "{answer}" stands in none of {", ".join(ask.evidence)}: quote the '
                "page, or name the passage that says so"
            )
    for passage_id in ask.evidence:
        if answers and not any(_stands(answer, shown[passage_id]) for answer in answers):
            yield f"{passage_id} has none of the answers: drop it, or add the answer it gives"


def _stands(answer: str, text: str) -> bool:
    # A symbol such as "∞" has no words to compare, and may be a right answer all the same.
    return answer in text or says(text, answer)
