"""Antonyms, synonyms and sister terms from WordNet 3.0 database files, where they are installed.

Only training uses this, to make questions that look answerable and are not (Rajpurkar et al.,
2018, table 1: antonyms, negation, entity swaps). Debian's `wordnet-base` puts the files under
/usr/share/wordnet; without them the generators that need them are left out. Format: wndb(5WN).
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

_FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
_ANTONYM, _HYPERNYMS, _SIMILAR = "!", ("@", "@i"), "&"


class WordNet:
    """Lexical relations between single words of one part of speech."""

    def __init__(self, folder: Path) -> None:
        """Read the database files; raises OSError where they are missing."""
        self._senses: dict[str, list[str]] = defaultdict(list)
        self._words: dict[str, list[str]] = {}
        self._pointers: dict[str, list[tuple[str, str, int, int]]] = {}
        self._hyponyms: dict[str, list[str]] = defaultdict(list)
        for letter, name in _FILES.items():
            with (folder / f"data.{name}").open(encoding="latin-1") as lines:
                for line in lines:
                    if not line.startswith("  "):
                        self._read_synset(letter, line)
            with (folder / f"index.{name}").open(encoding="latin-1") as lines:
                for line in lines:
                    if line.startswith("  "):
                        continue
                    fields = line.split()
                    count = int(fields[2])
                    self._senses[f"{letter}:{fields[0]}"] = [
                        f"{letter}{offset}" for offset in fields[-count:]
                    ]
        self._counts = _usage(folder / "cntlist.rev")
        for key, pointers in self._pointers.items():
            for symbol, target, _, _ in pointers:
                if symbol in _HYPERNYMS:
                    self._hyponyms[target].append(key)

    def _read_synset(self, letter: str, line: str) -> None:
        fields = line.split(" | ", 1)[0].split()
        key, count = f"{letter}{fields[0]}", int(fields[3], 16)
        self._words[key] = [fields[4 + 2 * i].split("(")[0].lower() for i in range(count)]
        place = 4 + 2 * count
        pointers = []
        for i in range(int(fields[place])):
            symbol, offset, pos, ends = fields[place + 1 + 4 * i : place + 5 + 4 * i]
            pos = "a" if pos == "s" else pos
            pointers.append((symbol, f"{pos}{offset}", int(ends[:2], 16), int(ends[2:], 16)))
        self._pointers[key] = pointers

    @lru_cache(maxsize=50_000)  # noqa: B019 - one instance lives as long as a training run
    def lemma(self, word: str) -> tuple[str, str, str]:
        """(base form, part of speech, ending) of a lower-cased word; ("", "", "") if unknown.

        The part of speech is the one it has most often in WordNet's tagged texts; the ending is
        "", "s", "ed" or "ing", so that `inflect` can put it on another word.
        """
        options: list[tuple[int, str, str, str]] = []
        for ending, base, letters in _bases(word):
            for letter in letters:
                if f"{letter}:{base}" in self._senses:
                    options.append((self._counts.get(f"{letter}:{base}", 0), base, letter, ending))
        if not options:
            return "", "", ""
        _, base, letter, ending = max(options, key=lambda option: option[0])
        return base, letter, ending

    @lru_cache(maxsize=20_000)  # noqa: B019
    def antonyms(self, word: str) -> tuple[str, ...]:
        """Antonyms of the first senses of `word`, in the same inflected form."""
        base, letter, ending = self.lemma(word)
        found: set[str] = set()
        own = [s for pos in _FILES for s in self._senses.get(f"{pos}:{base}", [])[:3]]
        for synset in own:
            place = self._words[synset].index(base) + 1 if base in self._words[synset] else 0
            for symbol, target, source_word, target_word in self._pointers[synset]:
                if symbol == _ANTONYM and source_word == place and target_word:
                    found.add(self._words[target][target_word - 1])
        return self._usable(found, base, letter, ending, least=0)

    @lru_cache(maxsize=20_000)  # noqa: B019
    def synonyms(self, word: str) -> tuple[str, ...]:
        """Words of the first sense of `word`, in the same inflected form."""
        base, letter, ending = self.lemma(word)
        found: set[str] = set()
        for synset in self._senses.get(f"{letter}:{base}", [])[:1]:
            found.update(self._words[synset])
        return self._usable(found, base, letter, ending)

    @lru_cache(maxsize=20_000)  # noqa: B019
    def sisters(self, word: str) -> tuple[str, ...]:
        """Words with a parent in common with the first sense of a noun or verb, none a synonym."""
        base, letter, ending = self.lemma(word)
        if letter not in ("n", "v"):
            return ()
        found: set[str] = set()
        barred = {base}
        for synset in self._senses.get(f"{letter}:{base}", []):
            barred.update(self._words[synset])
        for synset in self._senses.get(f"{letter}:{base}", [])[:1]:
            for symbol, parent, _, _ in self._pointers[synset]:
                if symbol not in _HYPERNYMS:
                    continue
                barred.update(self._words[parent])
                for child in self._hyponyms[parent][:200]:
                    found.update(self._words[child][:1])
            for child in self._hyponyms[synset]:
                barred.update(self._words[child])
        return self._usable(found - barred, base, letter, ending)

    def _usable(
        self, found: set[str], base: str, letter: str, ending: str, least: int = 2
    ) -> tuple[str, ...]:
        # WordNet is full of species and jargon: keep words that its tagged texts use
        kept = sorted(w for w in found if w.isalpha() and w != base)
        kept = [w for w in kept if self._counts.get(f"{letter}:{w}", 0) >= least]
        return tuple(inflect(w, ending) for w in kept)


def _usage(path: Path) -> dict[str, int]:
    """How often each "letter:lemma" is tagged in WordNet's texts."""
    counts: dict[str, int] = defaultdict(int)
    with path.open(encoding="latin-1") as lines:
        for line in lines:
            key, _, count = line.split()
            lemma, _, sense = key.partition("%")
            counts[f"{'nvara'[int(sense[0]) - 1]}:{lemma}"] += int(count)
    return counts


def _bases(word: str) -> list[tuple[str, str, str]]:
    """Possible (ending, base, parts of speech) of a word by the regular rules of English."""
    found = [("", word, "nvar")]
    if word.endswith("s") and not word.endswith("ss"):
        found.append(("s", word[:-1], "nv"))
        if word.endswith("ies"):
            found.append(("s", word[:-3] + "y", "nv"))
        elif word.endswith("es"):
            found.append(("s", word[:-2], "nv"))
    for ending in ("ed", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            found += [(ending, stem, "v"), (ending, stem + "e", "v")]
            if stem[-1] == stem[-2]:
                found.append((ending, stem[:-1], "v"))
            if ending == "ed" and stem.endswith("i"):
                found.append((ending, stem[:-1] + "y", "v"))
    return found


def inflect(word: str, ending: str) -> str:
    """`word` with a regular ending "", "s", "ed" or "ing"."""
    if not ending:
        return word
    if ending == "s":
        if word.endswith("y") and word[-2:-1] not in "aeiou":
            return word[:-1] + "ies"
        return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")
    if ending == "ed":
        if word.endswith("y") and word[-2:-1] not in "aeiou":
            return word[:-1] + "ied"
        return word + ("d" if word.endswith("e") else "ed")
    return (word[:-1] if word.endswith("e") and not word.endswith("ee") else word) + "ing"


def installed(folder: Path = Path("/usr/share/wordnet")) -> WordNet | None:
    """WordNet where its files are in `folder`, else None."""
    return WordNet(folder) if (folder / "data.noun").is_file() else None
