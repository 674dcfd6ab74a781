"""Commenters that a question names, and whether only their own words can answer it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askbot.discussion import Page
from askbot.text import fold
from askbot.thread.names import find_names
from askbot.thread.vocabulary import READERS
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
        comments: the question asks what commenters say, so that no paragraph can answer it.
    """

    authors: tuple[str, ...] = ()
    only: bool = False
    rest: str = ""
    comments: bool = False


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


_COMMENTERS = re.compile(
    r"\b(?P<word>commenter|poster)s?\b|\b(?:in|from|among|of) the (?P<in>comment)s?\b"
    r"|\b(?P<section>comment) section\b|\bdown (?:here|there)\b|\bbelow the article\b"
    r"|\b(?:anyone|anybody|people|folks|readers) here\b|\bin (?:the|this) thread\b"
    r"|\b(?:which|any|whose|is there an?) (?:other )?"
    r"(?P<kind>comment|post|remark|message|reader)s?\b",
    re.IGNORECASE,
)


_KIND = rf"(?:{READERS}|ones?)"
_SEEKS = re.compile(
    r"^(?:so |and |ok |but |well )*(?:"
    rf"(?:which|what|whose|any|is there (?:an?|one|any)|are there any) (?:other )?{_KIND}\b"
    rf"|(?:do|did|does|have|has|are|is) any(?: of (?:the|these|those))? (?:other )?{_KIND}\b"
    r"|(?:who|which of them|(?:(?:does|did|do|is|are|was|has|have) )?(?:any|some)(?:one|body))\b"
    r".*(?:\b(?:in|among|from|of) the (?:comments?|commenters|thread|discussion|posters)\b"
    r"|\bdown (?:here|there)\b)"
    r"|who (?:says?|tells? us|claims?) (?:that )?(?:they|he or she)\b)",
    re.IGNORECASE,
)


def seeks_commenter(question: str) -> bool:
    """Whether a question looks for commenters, or comments, by what they say."""
    return bool(_SEEKS.match(question))


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
    comments = _asks_commenters(question, pages)
    if not matches:
        return Speakers(comments=comments)
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
    return Speakers(authors, only, " ".join(rest.split()), comments)


def _asks_commenters(question: str, pages: Sequence[Page]) -> bool:
    """Whether a question is about what stands in the comments; not where an article speaks of
    comments, posters or readers itself, or nobody commented."""
    asked = _COMMENTERS.search(question) or _SEEKS.match(question)
    if asked is None or not any(page.comments for page in pages):
        return False
    word = next((w for w in asked.groupdict().values() if w), None)
    if word is None:
        return True
    said = re.compile(rf"\b{word}", re.IGNORECASE)
    return not any(said.search(page.text(p.id)) for page in pages for p in page.paragraphs)


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
