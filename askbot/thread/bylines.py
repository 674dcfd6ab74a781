"""Who wrote the article: the byline of a page, and the commenter who bears that name.

Only the head of a page is read, line by line, whatever the format: readers keep a byline either as
part of the first block ("By Ada Quill, Harwick Gazette") or beside it as furniture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from askbot.answers import Quote
from askbot.discussion import Page
from askbot.thread.tables import PageTables, name_tokens
from askbot.thread.vocabulary import word_list

HEAD_PARAGRAPHS = 3
"""Paragraphs from whose start on a page is no longer searched for a byline."""
LONGEST_LINE = 140
"""Characters of a line that may be a byline; a sentence that starts with "By" is longer."""

_PART = r"(?:[A-ZÀ-ÖØ-Þ][^\s,|·•;:()]*|(?:de|da|del|van|von|der|den|la|le|al|bin|ter|af|zu)(?=\s))"
_NAME = rf"{_PART}(?:[ \u00a0]{_PART}){{0,4}}"
_NAMES = rf"(?P<names>{_NAME}(?:(?:,|,? (?i:and)| &) {_NAME})*?)"
_ENDS = r"(?=\s*(?:$|[,|·•;(–—]|- |\bon\b|\bin\b|\bat\b|\bfor\b|\bfrom\b|\bof\b|\d))"
_BY = re.compile(rf"(?:[Bb]y|BY)(?::|\b)\s*{_NAMES}{_ENDS}")
_POSTED_BY = re.compile(
    r"(?:Posted|Published|Written|Words|Text|Story|Report|Article|Submitted|Filed|Started)\b"
    r"[^.]{0,60}?\bby:?\s+(?P<names>[^\s,|·•;:()]+(?: [A-Z][^\s,|·•;:()]*){0,4})"
)
_LABEL = re.compile(rf"(?:Author|Writer|Reporter|Words|Text):\s*{_NAMES}{_ENDS}")
_PRESS = (
    r"Gazette|Times|News|Herald|Sentinel|Tribune|Observer|Journal|Courier|Echo|Mail|Chronicle|Star"
    r"|Standard|Press|Post|Guardian|Argus|Mercury|Record|Reporter|reporter|[Cc]orrespondent"
    r"|[Ss]taff|[Cc]olumnist|[Ww]riter|[Ee]ditor|[Jj]ournalist|[Bb]logger"
)
_WITH_PAPER = re.compile(rf"{_NAMES},\s[^.!?]*\b(?:{_PRESS})\b[^.!?]*$")
_HANDLE = re.compile(r"(?P<names>\S+) · \d{4}-\d\d-\d\d")
_NO_NAME = frozenset(
    word_list("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december staff editor editors admin the a an our updated
    published posted
    """)
)
_PARTED = re.compile(r",? and | & |, ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Byline:
    """Who a page says wrote its article, and where it says so.

    Attributes:
        names: the authors' names in order; empty where the page names none.
        line: the byline itself, cited where it stands in a paragraph.
    """

    names: tuple[str, ...] = ()
    line: Quote | None = None


def byline(page: Page) -> Byline:
    """The first line at the head of a page that names who wrote it."""
    for start, text in _head(page):
        found = _named(text)
        if found:
            return Byline(found, _quoted(page, start, start + len(text)))
    return Byline()


def byline_of(tables: PageTables) -> Byline:
    """The page's byline, read once and kept with its tables."""
    if tables.byline is None:
        tables.byline = byline(tables.page)
    assert isinstance(tables.byline, Byline)
    return tables.byline


def _head(page: Page) -> list[tuple[int, str]]:
    """Lines above the body of the article: where each starts, and its words."""
    paragraphs = page.paragraphs
    end = len(page.source)
    if len(paragraphs) >= HEAD_PARAGRAPHS:
        end = paragraphs[HEAD_PARAGRAPHS - 1].extent.start
    elif page.comments and page.comments[0].header:
        end = page.comments[0].header[0].start
    lines = []
    position = 0
    for raw in page.source[:end].split("\n"):
        text = raw.strip()
        if text and len(text) <= LONGEST_LINE:
            lines.append((position + raw.index(text), text))
        position += len(raw) + 1
    return lines


def _named(text: str) -> tuple[str, ...]:
    for pattern in (_BY, _POSTED_BY, _LABEL, _WITH_PAPER, _HANDLE):
        found = pattern.match(text)
        if found:
            names = tuple(n.strip(" .") for n in _PARTED.split(found["names"]))
            if all(n and not _NO_NAME & set(name_tokens(n)) for n in names):
                return names
    return ()


def _quoted(page: Page, start: int, end: int) -> Quote | None:
    for paragraph in page.paragraphs[:HEAD_PARAGRAPHS]:
        if paragraph.extent.contains(start, end):
            return Quote(paragraph.id, page.source[start:end], start, end)
    return None


def bearers(tables: PageTables) -> tuple[str, ...]:
    """The commenters who bear a name of the byline: all of it, or its family name."""
    authors = tables.names.authors
    for same in (_whole, _abbreviated):
        found = tuple(a for a in authors for n in byline_of(tables).names if same(a, n))
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _whole(commenter: str, name: str) -> bool:
    """ "Ada Quill", "ada_quill", "AdaQuill" and "Ada Quill (Gazette)" for Ada Quill."""
    theirs, wanted = name_tokens(commenter.replace("_", " ")), name_tokens(name)
    if "".join(theirs) == "".join(wanted):
        return True
    return len(wanted) > 1 and theirs[: len(wanted)] == wanted


def _abbreviated(commenter: str, name: str) -> bool:
    """ "A. Quill", "Quill" and "Ada M. Quill" for Ada Quill: the family name, and what fits."""
    theirs, wanted = name_tokens(commenter.replace("_", " ")), name_tokens(name)
    if len(wanted) < 2 or not theirs or theirs[-1] != wanted[-1] or len(wanted[-1]) < 3:
        return False
    if len(theirs) == 1:
        return True
    first, asked = theirs[0], wanted[0]
    return first == asked or (1 in (len(first), len(asked)) and first[0] == asked[0])
