"""Pure text helpers shared by every layer: sentences, words, numbers and names, with offsets."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from askbot.discussion import Extent

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:[’'][^\W_]+)*", re.UNICODE)
_SENTENCE_BREAK = re.compile(r"(?:[!?]+|\.{2,}|…+)[\"”’)\]]*\s+(?=[\"“‘(]?[A-Z])|\n\s*\n")
"""Breaks that the sentence library leaves together: "???" before a capital, and blank lines."""
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_NAME_WORD = re.compile(r"[^\W\d_][^\W_]*(?:[’'\-.][^\W_]+)*\.?", re.UNICODE)

STOPWORDS = frozenset(
    """a about above after again all also am an and any anybody anyone anything are as at be because
    been before being but by can could did do does doing done down for from get got had has have he
    her here hers him his how i if in into is it its just me might more most much my no nor not now
    of off on once one only or other our out over own please said same say says she should so some
    somebody someone something such tell than that the their them then there these they thing
    things think this those through to too under until up us very want was we were what when where
    which while who whom whose why will with would you your""".split()  # noqa: SIM905 - quoting each would be harder to read
)


def sentences(text: str) -> list[Extent]:
    """Sentence extents of a text, trimmed of surrounding space; together they cover every word.

    Uses sentencex (Wikimedia's rule-based segmenter), and splits further at blank lines and after
    "???" or "……" before a capital letter, which blog comments use as full stops.
    """
    from sentencex import segment

    extents: list[Extent] = []
    position = 0
    for piece in segment("en", text):
        start = text.find(piece, position)
        if start < 0:  # the segmenter changed the piece: keep the text whole rather than lose it
            start, piece = position, text[position:]
        position = start + len(piece)
        cut = start
        for gap in _SENTENCE_BREAK.finditer(piece):
            extents.append(Extent(cut, start + gap.end()))
            cut = start + gap.end()
        extents.append(Extent(cut, position))
    if position < len(text):
        extents.append(Extent(position, len(text)))
    return _joined_fragments(
        text, [e for e in (trimmed(text, e) for e in extents) if e.start < e.end]
    )


def trimmed(text: str, extent: Extent) -> Extent:
    """The extent without the space at its ends."""
    start, end = extent.start, extent.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Extent(start, end)


def _joined_fragments(text: str, extents: list[Extent]) -> list[Extent]:
    """Attach pieces without a letter or digit (a stray quote mark) to the sentence before them."""
    joined: list[Extent] = []
    for extent in extents:
        if joined and not any(ch.isalnum() for ch in text[extent.start : extent.end]):
            joined[-1] = Extent(joined[-1].start, extent.end)
        else:
            joined.append(extent)
    return joined


def sentence_at(text: str, start: int, end: int) -> Extent:
    """The smallest run of whole sentences that holds `[start, end)`."""
    covering = [s for s in sentences(text) if s.start < end and s.end > start]
    if not covering:
        return Extent(start, end)
    return Extent(min(start, covering[0].start), max(end, covering[-1].end))


_PLAIN_BREAK = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bJr)(?<!\bSgt)(?<!\bGov)(?<!\bSen)"
    r"(?<!\bRep)(?<!\bLt)(?<!\bRev)(?<!\b[A-Za-z])[.!?…]+[\"”’')\]]*\s+|\n",
    re.IGNORECASE,
)


def plain_sentence_at(text: str, start: int, end: int) -> Extent:
    """`sentence_at` by a plain rule, for hundreds of comments at once, where the sentence library
    would take too long; it decides only how much of a cited comment is shown."""
    first, last = 0, len(text)
    for gap in _PLAIN_BREAK.finditer(text):
        if gap.end() <= start:
            first = gap.end()
        elif gap.start() >= end:
            last = gap.end()
            break
    return trimmed(text, Extent(first, last))


def fold(text: str) -> str:
    """Case-, accent- and typography-folded text for comparing words, never for quoting."""
    text = text.replace("’", "'").replace("‘", "'")
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text)
    return "".join(ch for ch in text if not unicodedata.combining(ch)).casefold()


def words(text: str) -> list[str]:
    """Folded words of a text, in order; possessive 's and thousands separators removed."""
    return [w.removesuffix("'s").replace(",", "") for w in _WORD.findall(fold(text))]


def content_words(text: str) -> list[str]:
    """Folded words that carry meaning (stop words left out), in order."""
    return [w for w in words(text) if w not in STOPWORDS]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The English Snowball stem of a folded word."""
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]  # PyStemmer ships no types
    from Stemmer import Stemmer

    return Stemmer("english")


def stems(text: str) -> list[str]:
    """Stems of the content words of a text, in order."""
    return [stem(w) for w in content_words(text)]


def numbers(text: str) -> list[str]:
    """Numbers as written, thousands separators removed: "50,600" and "50600" are the same."""
    return [re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", n) for n in _NUMBER.findall(text)]


def names(text: str) -> list[str]:
    """Capitalised words inside a text that are not merely sentence starts, in order.

    A heuristic for checking claims: words in capitals or with an initial capital; the first word of
    a sentence counts only if it is not a stop word and another capitalised word follows it, or it
    carries an inner capital.
    """
    found: list[str] = []
    for extent in sentences(text):
        tokens = list(_NAME_WORD.finditer(text, extent.start, extent.end))
        for position, match in enumerate(tokens):
            word = match.group().rstrip(".")
            if not word[0].isupper() or fold(word) in STOPWORDS:
                continue
            if position == 0 and not any(ch.isupper() for ch in word[1:]):
                following = tokens[1].group() if len(tokens) > 1 else ""
                if not following[:1].isupper():
                    continue
            found.append(re.sub(r"[’']s$", "", word))
    return found
