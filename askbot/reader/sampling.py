"""What the reader is trained on: answerable items, and unanswerable ones made from them.

An item is drawn afresh each time, so no two passes over the examples see the same negatives or
windows. About two thirds keep their answer; see `MIX` for the rest.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from askbot.reader import perturb
from askbot.reader.examples import Example
from askbot.reader.passage_edits import densest, replace_outside, without_answer
from askbot.reader.phrases import content_words, sentences, words
from askbot.reader.speakers import about, context_line, handle, speaker_item
from askbot.reader.transplant import Donors, other_opening
from askbot.reader.wordnet import WordNet


@dataclass(frozen=True, slots=True)
class Item:
    """One training input: `span` in `passage` (None: no answer); a window keeps `focus`."""

    question: str
    context: str
    passage: str
    span: tuple[int, int] | None
    focus: int
    kind: str


_ON_TITLE = re.compile(r" on “.*”:$")

MIX: dict[str, float] = {
    "plain": 0.38,
    "speaker": 0.08,
    "renamed": 0.05,  # the same swap in question and passage: unusual, yet answerable
    "synonym": 0.02,
    "swap": 0.075,
    "exchange": 0.02,
    "opposite": 0.035,
    "sister": 0.03,
    "negate": 0.02,
    "condition": 0.015,
    "opening": 0.02,
    "passage_swap": 0.035,
    "removed": 0.04,
    "same_page": 0.08,
    "elsewhere": 0.01,
    "transplant": 0.09,
}

OTHER_PART, CLOSE_PART = 0.45, 0.3
"""How often a page's unanswerable question is put to another part, and to one close to it."""


class Sampler:
    """Draws items from examples. All randomness comes from the generator handed to `draw`."""

    def __init__(
        self, examples: Sequence[Example], wordnet: WordNet | None, mix: dict[str, float] = MIX
    ) -> None:
        self.examples = list(examples)
        self._wordnet = wordnet
        self._kinds, self._weights = list(mix), list(mix.values())
        self._passages = list(dict.fromkeys(e.passage for e in examples))
        self._index = {passage: number for number, passage in enumerate(self._passages)}
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._pools: dict[str, perturb.Pool] = defaultdict(lambda: perturb.Pool(wordnet))
        self._pages: dict[str, set[int]] = defaultdict(set)
        self._contexts: dict[str, str] = {}
        self._donors = {
            source: Donors([e for e in examples if e.spans and e.source == source], wordnet)
            for source in {e.source for e in examples if e.spans}
        }
        for number, passage in enumerate(self._passages):
            for word in set(content_words(passage)):
                self._postings[word].append(number)
        for example in examples:
            self._pages[example.group].add(self._index[example.passage])
            self._pools[example.source].add(example.question)
            self._contexts.setdefault(example.passage, example.context)

    def draw(self, example: Example, rng: random.Random) -> Item:
        """An item made from `example`; the plain one where the drawn kind does not apply."""
        if not example.spans:
            return self._written(example, rng)
        kind = rng.choices(self._kinds, self._weights)[0]
        return self.make(kind, example, rng) or self.make("plain", example, rng) or _plain(example)

    def make(self, kind: str, example: Example, rng: random.Random) -> Item | None:
        """An item of that kind, or None where the example does not allow it."""
        span = rng.choice(example.spans)
        pool = self._pools[example.source]
        item = Item(example.question, example.context, example.passage, span, span[0], kind)
        if kind == "plain":
            context = _untitled(item.context, rng) or _title_line(example, rng)
            return replace(item, context=context)
        if kind == "speaker":
            return None if example.context else speaker_item(item, rng)
        if kind in ("renamed", "passage_swap"):
            return self._passage_swap(item, example, pool, rng, both=kind == "renamed")
        if kind == "synonym":
            new = perturb.synonym(example.question, self._wordnet, rng)
            return replace(item, question=new) if new else None
        if kind == "removed":
            left = without_answer(item.passage, example)
            focus = densest(left, item.question) if left else 0
            return replace(item, passage=left, span=None, focus=focus) if left else None
        if kind in ("same_page", "elsewhere"):
            return self._other_passage(item, example, rng, same_page=kind == "same_page")
        if kind == "transplant":
            return self._transplanted(item, example, rng)
        question = self._perturbed(kind, example, pool, rng)
        if question is None or question.lower() == example.question.lower():
            return None
        return replace(item, question=question, span=None)

    def _written(self, example: Example, rng: random.Random) -> Item:
        """A question that has no answer, at its passage or, for a page's, at another of the page.

        That no part of its page answers is known of written pages only. What is put there for it
        is mostly what a search would find, since that is what the reader is given in use.
        """
        passage, context = example.passage, example.context
        roll = rng.random() if example.source == "written" else 1.0
        if roll < OTHER_PART:
            page = self._pages[example.group]
            close = self._closest(example.question, page) if roll < CLOSE_PART else []
            passage = self._passages[rng.choice(close or sorted(page))]
            context = self._contexts[passage]
        elif not context:
            context = _title_line(example, rng)
        focus = densest(passage, example.question)
        return Item(example.question, _untitled(context, rng), passage, None, focus, "written")

    def _perturbed(
        self, kind: str, example: Example, pool: perturb.Pool, rng: random.Random
    ) -> str | None:
        question, passage = example.question, example.passage
        if kind == "swap":
            if rng.random() < 0.5:
                number = perturb.swap_number(question, passage, pool, rng)
                if number:
                    return number
            kinds = ("name",) if rng.random() < 0.6 else ("noun",)
            for allowed in (kinds, ("name", "noun")):
                choice = perturb.swap_choice(
                    question,
                    passage,
                    allowed,
                    pool,
                    rng,
                    wordnet=self._wordnet,
                    barred=example.answers,
                )
                if choice:
                    phrase, new = choice
                    return perturb.replace_span(question, phrase.start, phrase.end, new)
            return None
        if kind == "exchange":
            return perturb.exchange(question, example.answers, self._wordnet, rng)
        if kind == "opposite":
            return perturb.opposite(question, self._wordnet, rng)
        if kind == "sister":
            return perturb.sister(question, self._wordnet, rng)
        if kind == "negate":
            return perturb.negate(question, rng)
        if kind == "condition":
            return perturb.add_condition(question, passage, pool, rng)
        if kind == "opening":
            return other_opening(question, passage, rng)
        raise ValueError(f"unknown kind of item {kind!r}")

    def _passage_swap(
        self, item: Item, example: Example, pool: perturb.Pool, rng: random.Random, *, both: bool
    ) -> Item | None:
        """A phrase that question and passage share, replaced in the passage (or in both)."""
        shared = frozenset(w for _, _, w in words(item.question))
        start, end = next(
            ((s, e) for s, e in sentences(item.passage) if s <= item.focus < e), (0, 0)
        )
        old = new = ""
        roll = rng.random()
        if roll < 0.5 and not both:
            chooser = perturb.opposite_choice if roll < 0.25 else perturb.sister_choice
            choice = chooser(item.passage[start:end], self._wordnet, rng, shared)
            if choice:
                old, new = item.passage[start:end][choice[0] : choice[1]], choice[2]
        if not old:
            kinds = ("name", "number") if rng.random() < 0.7 else ("noun",)
            swap = perturb.swap_choice(
                item.question,
                "",
                kinds,
                pool,
                rng,
                wordnet=self._wordnet,
                barred=example.answers,
                from_passage=0,
            )
            if swap is None:
                return None
            old, new = swap[0].text, swap[1]
            if swap[0].kind == "number":
                new = perturb.nudge_number(old, rng) or new
        if not re.search(rf"\b{re.escape(old)}\b", item.passage, re.IGNORECASE):
            return None
        edited = replace_outside(item.passage, old, new, example.spans, item.span)
        if edited is None:
            return None
        passage, span = edited
        if not both:
            return replace(item, passage=passage, span=None, focus=span[0])
        question = re.sub(
            rf"\b{re.escape(old)}\b", lambda _: new, item.question, flags=re.IGNORECASE
        )
        return replace(item, question=question, passage=passage, span=span, focus=span[0])

    def _transplanted(self, item: Item, example: Example, rng: random.Random) -> Item | None:
        """Another passage's question about something of this one, or about its author."""
        subject, context = None, item.context or _title_line(example, rng)
        if not item.context and rng.random() < 0.3:
            name = handle(rng)
            context = context_line(name, rng)
            subject = name if rng.random() < 0.6 else None
        source = example.source if rng.random() < 0.8 else rng.choice(sorted(self._donors))
        topic = self._donors[source].foreign(example.passage, rng)
        if subject and topic and rng.random() < 0.35:
            asked = about(subject, topic, rng)
            return replace(item, question=asked, context=context, span=None)
        moved = self._donors[source].question(example.passage, rng, subject=subject)
        if moved is None:
            return None
        return replace(item, question=moved[0], context=context, span=None, focus=moved[1])

    def _other_passage(
        self, item: Item, example: Example, rng: random.Random, *, same_page: bool
    ) -> Item | None:
        """The passage replaced by one like it that has none of the answers."""
        page = self._pages[example.group]
        own = self._index[example.passage]
        if not same_page or len(page) < 2:
            ranked = [rng.randrange(len(self._passages)) for _ in range(5)]
        else:
            ranked = self._closest(example.question, page)
            rng.shuffle(ranked)
        answers = [a.lower() for a in example.answers]
        telling = self._telling_words(example.question)
        for number in ranked:
            passage = self._passages[number]
            lowered = passage.lower()
            # "What does the author like?" may well be answered by any other post
            elsewhere = any(word not in lowered for word in telling)
            if number != own and elsewhere and not any(a in lowered for a in answers):
                focus = densest(passage, example.question)
                context = self._contexts[passage]
                return replace(item, passage=passage, span=None, focus=focus, context=context)
        return None

    def _closest(self, question: str, page: set[int]) -> list[int]:
        """Up to five passages of a page that share most with a question, in their rare words."""
        scores: Counter[int] = Counter()
        for word in set(content_words(question)):
            places = self._postings.get(word, [])
            weight = math.log(len(self._passages) / len(places)) if places else 0.0
            for number in places:
                if number in page:
                    scores[number] += weight  # type: ignore[assignment]
        return [number for number, _ in scores.most_common(5)]

    def _telling_words(self, question: str) -> list[str]:
        """Beginnings of the question's words that few passages have."""
        few = max(2, len(self._passages) // 50)
        words = content_words(question)
        return [w[:5] for w in words if len(self._postings.get(w, ())) < few]


def _plain(example: Example) -> Item:
    span = example.spans[0]
    return Item(example.question, example.context, example.passage, span, span[0], "plain")


def _untitled(context: str, rng: random.Random) -> str:
    """A context line as a page without a headline has it, every other time."""
    if rng.random() < 0.5:
        return context
    return _ON_TITLE.sub(":", context) if context.endswith(":") else ""


def _title_line(example: Example, rng: random.Random) -> str:
    """A context line with the page's title, two times in five where there is one."""
    source, _, title = example.group.partition("/")
    if rng.random() > 0.4 or source == "friends" or not title or "Amazon" in title:
        return ""
    return title.replace("_", " ") if title != "reddit" else ""
