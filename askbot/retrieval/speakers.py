"""Commenters that a question names, and whether only their own words can answer it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askbot.discussion import Page
from askbot.text import fold
from askbot.thread.names import find_names
from askbot.thread.words import NameMatch

MOST_PAGES = 25
"""Pages whose commenters are looked up in a question that goes to all pages."""


@dataclass(frozen=True, slots=True)
class Speakers:
    """Commenters that a question names.

    Attributes:
        authors: their names as on the page.
        only: the question asks what they said, so that nobody else's comments can answer it.
        rest: the question without the names, for matching the topic.
    """

    authors: tuple[str, ...] = ()
    only: bool = False
    rest: str = ""


_SAYING = (
    r"(?:say|says|said|saying|write|writes|wrote|think|thinks|thought|argue|argues|argued|claim|"
    r"claims|claimed|believe|believes|believed|feel|feels|felt|suggest|suggests|suggested|want|"
    r"wants|wanted|ask|asks|asked|mention|mentions|mentioned|propose|proposes|proposed|complain|"
    r"complains|complained|demand|demands|demanded|expect|expects|expected|describe|describes|"
    r"described|recommend|recommends|recommended|compare|compares|compared|predict|predicts|"
    r"predicted|warn|warns|warned|object|objects|objected|agree|agrees|disagree|disagrees|"
    r"point(?:s|ed)? out|report|reports|reported|note|notes|noted|admit|admits|admitted|comment|"
    r"comments|commented|worry|worries|worried|hope|hopes|hoped|fear|fears|feared)"
)
"""Verbs whose subject is the speaker of the words that answer."""


def speakers_in(question: str, pages: Sequence[Page]) -> Speakers:
    """The commenters of these pages that a question names.

    `only` needs the name as the subject of what was said ("what did NAME say", "NAME's view",
    "according to NAME"), and nobody else named beside: "why does A disagree with B" may be answered
    from both.
    """
    matches: dict[tuple[int, int], NameMatch] = {}
    for page in pages:
        for match in find_names(question, page):
            matches.setdefault((match.start, match.end), match)
    if not matches:
        return Speakers()
    ordered = sorted(matches.values(), key=lambda m: m.start)
    authors = tuple(dict.fromkeys(a for m in ordered for a in m.authors))
    rest = question
    for match in reversed(ordered):
        rest = f"{rest[: match.start]} {rest[match.end :]}"
    only = (
        len(ordered) == 1
        and _is_subject(question, ordered[0])
        and not any(_in_article(author, page) for author in authors for page in pages)
    )
    return Speakers(authors, only, " ".join(rest.split()))


def _in_article(author: str, page: Page) -> bool:
    """Whether the article names this commenter too, so that it may report what they said."""
    name = re.compile(rf"(?<!\w){re.escape(fold(author))}(?!\w)")
    return any(name.search(fold(page.text(p.id))) for p in page.paragraphs)


def _is_subject(question: str, name: NameMatch) -> bool:
    before, after = question[: name.start], question[name.end :]
    if re.search(r"\b(?:according to|by|from)\s+$", before, re.IGNORECASE):
        return True
    if re.match(
        r"[’']s?\s+(?:\w+\s+)?(?:view|opinion|point|argument|comment|take|position|idea|worry|"
        r"complaint|reason|claim|suggestion|proposal|question|answer|reply|stance)",
        after,
        re.I,
    ):
        return True
    helped = re.search(
        r"\b(?:did|does|do|is|was|has|had|would|can|could|will|should)\s+$", before, re.I
    )
    if helped:
        return bool(re.search(rf"\b{_SAYING}\b", after, re.IGNORECASE))
    return bool(re.match(rf"\s+(?:\w+ly\s+|also\s+)?{_SAYING}\b", after, re.IGNORECASE))
