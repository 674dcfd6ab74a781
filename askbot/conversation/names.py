"""What a page tells about names: commenters, full names of people, genders."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from askbot.conversation import lexicon as lx
from askbot.conversation.tokens import Token, is_content, tokenize
from askbot.discussion import Page
from askbot.text import fold

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LETTERS = re.compile(r"[^\W\d_]+")


def name_parts(name: str) -> list[str]:
    """The folded words in a name or nickname, "BlueHeronMom" or "niece_of_nair"."""
    return [fold(part) for part in _LETTERS.findall(_HUMP.sub(" ", name))]


class Names:
    """What a page tells about names: commenters, full names, genders. Built once for a page."""

    def __init__(self, page: Page | None) -> None:
        self.authors: dict[tuple[str, ...], str] = {}
        for author in page.authors if page else ():
            self.authors.setdefault(tuple(t.low for t in tokenize(author) if t.is_word), author)
        self.authors.pop((), None)
        lengths: dict[str, set[int]] = {}
        for key in self.authors:
            lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}
        self.full: dict[str, str] = {}
        self.said: set[str] = set()
        self.places: set[str] = set()
        self.told: dict[str, str] = {}
        if page:
            self._read_article(page)
            self._read_genders(page)

    def _read_article(self, page: Page) -> None:
        """Full names of people in the article, so that "Heffernan" is known to be a person."""
        for paragraph in page.paragraphs:
            tokens = tokenize(page.text(paragraph.id))
            i = 0
            while i < len(tokens):
                j = i
                while j < len(tokens) and tokens[j].text[:1].isupper() and tokens[j].is_word:
                    j += 1
                if j - i >= 2:
                    lows = [t.low for t in tokens[i:j]]
                    first = next((n for n, w in enumerate(lows) if w in lx.GIVEN), None)
                    if first is None and _is_described(tokens, j) and not set(lows) & lx.PLACES:
                        first = 0
                    if (
                        first is not None
                        and len(lows) - first >= 2
                        and not set(lows) & lx.ORGANISATION_WORDS
                    ):
                        self.full.setdefault(
                            lows[-1], " ".join(t.text for t in tokens[i + first : j])
                        )
                before = tokens[i - 1].low if i else ""
                town = i > 1 and before == "of" and tokens[i - 2].low in ("town", "city", "village")
                if j == i + 1 and (before in ("in", "near") or town):
                    self.places.add(tokens[i].low)
                for k in (j, i - 1):  # "Millona said", "said Millona"
                    if j > i and 0 <= k < len(tokens) and tokens[k].low in ("said", "says", "told"):
                        self.said.add(tokens[j - 1].low)
                i = max(j, i + 1)

    def _read_genders(self, page: Page) -> None:
        """What the article calls its people, "he" or "she", by surname; mixed evidence is none."""
        heard: dict[str, Counter[str]] = {}
        for paragraph in page.paragraphs:
            named: set[str] = set()
            for token in tokenize(page.text(paragraph.id)):
                if self.person(token.low) and token.text[:1].isupper():
                    named.add(token.low)
                elif token.low in lx.PRONOUN_GENDER and len(named) == 1:
                    heard.setdefault(next(iter(named)), Counter())[
                        lx.PRONOUN_GENDER[token.low]
                    ] += 1
        for name, counts in heard.items():
            (gender, most), total = counts.most_common(1)[0], counts.total()
            if most >= 0.8 * total:
                self.told[name] = gender

    def author_at(self, tokens: list[Token], i: int) -> tuple[str, int] | None:
        """The commenter named at token `i`, as the page writes the name, and the token after it.

        A name that is also a common word ("mark", "come on") counts only where a name can stand:
        not behind an article, and not as the verb of the question.
        """
        lengths = self._lengths.get(tokens[i].low)
        if not lengths:
            return None
        here: list[str] = []
        ends: list[int] = []
        for j in range(i, len(tokens)):
            if tokens[j].is_word:
                here.append(tokens[j].low)
                ends.append(j + 1)
                if len(here) == lengths[0]:
                    break
        for length in lengths:
            shown = self.authors.get(tuple(here[:length])) if length <= len(here) else None
            if shown is None:
                continue
            j = ends[length - 1]
            if tokens[i].text[0].isupper() or self._can_be_name(tokens, i, j):
                return shown, j
        return None

    def _can_be_name(self, tokens: list[Token], i: int, j: int) -> bool:
        before = tokens[i - 1].low if i else ""
        if before in lx.DETERMINERS and before not in ("that", "all"):
            return False
        key = [t.low for t in tokens[i:j] if t.is_word]
        common = all(
            w in lx.VERBS or w in lx.ADVERBS or not is_content(tokens[i + n])
            for n, w in enumerate(key)
        )
        if not common:
            return True
        # "come on", "just asking", "mark": only after what introduces somebody
        return before in lx.AUX | lx.PREPOSITIONS | lx.REPLY | {"and", "or", "is", "that", "who"}

    def person(self, word: str) -> bool:
        """Whether the article knows this surname as a person's."""
        return word in self.full or word in self.said

    def gender(self, words: list[str]) -> str:
        """Gender told by a title or a first name anywhere in the name, else "" for unknown."""
        if len(words) == 1 and words[0] in self.full:
            words = [fold(w) for w in self.full[words[0]].split()]
        for word in words:
            title = lx.TITLES.get(word.rstrip("."), "") or lx.PERSON_NOUNS.get(word, "")
            if title:
                return title
        given = next((w for w in words if w in lx.GIVEN), "")
        if given:
            return "f" if given in lx.FEMALE else "m"
        return self.told.get(words[-1], "") if words else ""


def _is_described(tokens: list[Token], j: int) -> bool:
    """Whether what ends before token `j` is told about as a person is: ", 58, taught", ", a …"."""
    if j + 1 >= len(tokens) or tokens[j].text != ",":
        return False
    after = tokens[j + 1].low
    return (after.isdigit() and 15 <= int(after) <= 110) or after in ("a", "an", "who", "whose")


class _ByContent:
    """A page that hashes by its content, so that its names are read once."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __hash__(self) -> int:
        return hash(self.page.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByContent) and other.page.sha256 == self.page.sha256


@lru_cache(maxsize=8)
def _read(page: _ByContent) -> Names:
    return Names(page.page)


def names_of(page: Page) -> Names:
    """The page's names; kept for the pages used last."""
    return _read(_ByContent(page))
