"""The generators of unanswerable questions really change what is asked, and only as they say."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from askbot.reader import perturb
from askbot.reader.encoding import Encoder
from askbot.reader.examples import Example
from askbot.reader.package import PACKAGED, TOKENIZER
from askbot.reader.phrases import phrases, sentences
from askbot.reader.sampling import MIX, Item, Sampler
from askbot.reader.speakers import handle, speaker_item
from askbot.reader.transplant import Donors, other_opening
from askbot.reader.tuning import tuning_items
from askbot.reader.windows import encode_item
from askbot.reader.wordnet import inflect, installed

PASSAGE = (
    "The Harrow ferry opened in 1909 and crossed the Teal river for 112 years. "
    "In 2021 the town council of Harrow closed it, because only nine passengers rode each day. "
    "A bus built in Leeds replaced it. The mayor, Ada Quill, had asked London for 40,000 pounds."
)


def example(question: str, answer: str, passage: str = PASSAGE, group: str = "t/Ferry") -> Example:
    start = passage.index(answer)
    return Example(question, question, passage, ((start, start + len(answer)),), group)


EXAMPLES = [
    example("When did the Harrow ferry open?", "1909"),
    example("Why did the town council close the ferry in 2021?", "only nine passengers rode"),
    example("Who asked London for 40,000 pounds?", "Ada Quill"),
    example("Where was the bus that replaced the ferry built?", "Leeds"),
    example(
        "How high is the old lighthouse of Teal Point?",
        "31 metres",
        "The old lighthouse of Teal Point is 31 metres high. It was lit by gas until 1950. "
        "The council sold the lighthouse to a couple from Harrow.",
    ),
]
SAMPLER = Sampler(EXAMPLES, None)
CHANGES_QUESTION = ("swap", "exchange", "opposite", "negate", "condition")


def drawn(kind: str) -> list[tuple[Example, Item]]:
    rng = random.Random(4)
    found = []
    for _ in range(30):
        for given in EXAMPLES:
            item = SAMPLER.make(kind, given, rng)
            if item:
                found.append((given, item))
    return found


@pytest.mark.parametrize("kind", CHANGES_QUESTION)
def test_a_changed_question_differs_in_words_and_has_no_span(kind: str) -> None:
    made = drawn(kind)
    assert made
    for given, item in made:
        assert item.span is None
        assert item.question.lower().split() != given.question.lower().split()
        assert item.passage == given.passage


def test_swapped_phrases_never_come_from_the_answer() -> None:
    for given, item in drawn("swap"):
        gold = given.answers[0]
        if gold not in given.question:
            assert gold not in item.question


def test_number_swap_gives_another_number() -> None:
    rng = random.Random(1)
    pool = perturb.Pool()
    for _ in range(50):
        new = perturb.swap_number("What happened in 1909?", PASSAGE, pool, rng)
        assert new is not None
        assert new != "What happened in 1909?"
        assert new.startswith("What happened in ")
        assert [p.kind for p in phrases(new)].count("number") == 1


@pytest.mark.parametrize("number", ["1909", "40,000", "31", "2.4", "7%"])
def test_nudged_number_differs_and_keeps_its_look(number: str) -> None:
    rng = random.Random(0)
    for _ in range(20):
        new = perturb.nudge_number(number, rng)
        assert new is not None
        assert new != number
        assert [c.isdigit() for c in new] == [c.isdigit() for c in number]


def test_opposite_and_negation_by_hand() -> None:
    rng = random.Random(0)
    assert perturb.opposite("Who was the first mayor?", None, rng) == "Who was the last mayor?"
    made = {perturb.negate("When did the ferry open?", rng) for _ in range(30)}
    assert "When didn't the ferry open?" in made
    assert all(m and ("n't" in m or " not " in m or " never " in m) for m in made)
    assert perturb.negate("Who never rode the ferry?", rng) is None


def test_passage_swap_keeps_question_and_takes_its_words_out_of_the_passage() -> None:
    made = drawn("passage_swap")
    assert made
    for given, item in made:
        assert item.question == given.question
        assert item.passage != given.passage
        assert item.span is None


def test_renamed_item_still_points_at_its_answer() -> None:
    made = drawn("renamed")
    assert made
    for given, item in made:
        assert item.question != given.question
        assert item.span is not None
        assert item.passage[slice(*item.span)] in given.answers


def test_removed_and_other_passages_have_none_of_the_answers() -> None:
    for kind in ("removed", "same_page", "elsewhere"):
        made = drawn(kind)
        assert made, kind
        for given, item in made:
            assert item.span is None
            assert all(a.lower() not in item.passage.lower() for a in given.answers)


def test_speaker_items_name_the_author_or_have_no_answer() -> None:
    rng = random.Random(2)
    kinds = set()
    for _ in range(200):
        given = rng.choice(EXAMPLES)
        start, end = given.spans[0]
        base = Item(given.question, "", given.passage, (start, end), start, "speaker")
        item = speaker_item(base, rng)
        if item is None:
            continue
        author = re.split(r" commented| replied to ", item.context)[0]
        assert author != item.context
        if item.span is None:
            assert author.lower() not in item.question.lower().split("?")[0].split(", ")[0]
            kinds.add("wrong speaker")
        elif item.question != given.question:
            assert author in item.question
            assert item.passage[slice(*item.span)].strip()
            kinds.add("right speaker")
    assert kinds == {"wrong speaker", "right speaker"}
    assert len({handle(rng) for _ in range(100)}) > 50


def test_a_question_moved_to_another_subject_keeps_its_form_and_loses_its_answer() -> None:
    passage = "The old tram of Dale Street is red. The council bought it from Bath."
    examples = [*EXAMPLES, example("Who painted the tram?", "The council", passage)]
    donors = Donors(examples, None)
    rng = random.Random(3)
    made = [found for _ in range(60) if (found := donors.question(passage, rng))]
    assert len({question for question, _ in made}) > 3
    starts = {start for start, _ in sentences(passage)}
    for question, focus in made:
        assert focus in starts
        assert any(word in passage for word in question.rstrip("?").split() if len(word) > 2)
        assert question not in {e.question for e in examples}
    named = [
        found for _ in range(60) if (found := donors.question(passage, rng, subject="oldsalt"))
    ]
    assert named
    assert all("oldsalt" in question for question, _ in named)


@pytest.mark.parametrize(
    ("question", "passage", "possible"),
    [
        ("When did Ada leave?", "Ada left with a heavy heart.", {"Why", "Where"}),
        ("When did Ada leave?", "Ada left Bath because of rain.", {"Where"}),
        ("Why did Ada leave?", "Ada left in 1999.", set()),
        ("How many boats did Ada sell?", "Ada sold boats.", set()),
    ],
)
def test_another_opening_only_where_nothing_could_answer_it(
    question: str, passage: str, possible: set[str]
) -> None:
    rng = random.Random(1)
    made = {other_opening(question, passage, rng) for _ in range(40)} - {None}
    assert {m.split()[0] for m in made if m} <= possible
    assert bool(made) == bool(possible)


def test_the_mix_is_a_distribution_with_a_third_unanswerable() -> None:
    assert sum(MIX.values()) == pytest.approx(1.0)
    rng = random.Random(5)
    drawn_items = [SAMPLER.draw(rng.choice(EXAMPLES), rng) for _ in range(1500)]
    share = sum(i.span is None for i in drawn_items) / len(drawn_items)
    assert 0.25 < share < 0.45
    with pytest.raises(ValueError, match="unknown kind"):
        SAMPLER.make("invented", EXAMPLES[0], rng)


def test_the_same_seed_draws_the_same_items() -> None:
    def draw(seed: int) -> list[Item]:
        rng = random.Random(seed)
        return [SAMPLER.draw(e, rng) for e in EXAMPLES * 5]

    assert draw(3) == draw(3)
    assert draw(3) != draw(4)
    assert tuning_items(EXAMPLES, None, 4, seed=1) == tuning_items(EXAMPLES, None, 4, seed=1)


def test_windows_hold_the_answer() -> None:
    encoder = Encoder.from_file(PACKAGED / TOKENIZER)
    rng = random.Random(0)
    for given in EXAMPLES:
        for wanted in (5, 20, 200):
            item = SAMPLER.make("plain", given, rng)
            assert item is not None
            encoded = encode_item(item, encoder, rng, wanted)
            assert encoded is not None
            first = encoded.sequence.first
            low = encoded.sequence.offsets[encoded.start - first][0]
            high = encoded.sequence.offsets[encoded.end - first][1]
            assert given.passage[low:high] == given.answers[0]


def test_sentences_cover_every_word() -> None:
    spans = sentences(PASSAGE)
    assert len(spans) == 4
    covered = "".join(PASSAGE[s:e] for s, e in spans)
    assert covered.replace(" ", "") == PASSAGE.replace(" ", "")
    assert sentences("") == []
    assert [
        ("Dr. Quill left." in "Dr. Quill left. She is old."[s:e])
        for s, e in sentences("Dr. Quill left. She is old.")
    ] == [True, False]


def test_inflect() -> None:
    assert inflect("city", "s") == "cities"
    assert inflect("box", "s") == "boxes"
    assert inflect("like", "ing") == "liking"
    assert inflect("carry", "ed") == "carried"
    assert inflect("road", "") == "road"


@pytest.mark.slow
@pytest.mark.skipif(
    not Path("/usr/share/wordnet/data.noun").is_file(), reason="WordNet's files are not installed"
)
def test_wordnet_relations() -> None:
    wordnet = installed()
    assert wordnet is not None
    assert "north" in wordnet.antonyms("south")
    assert wordnet.lemma("cities") == ("city", "n", "s")
    assert not set(wordnet.sisters("city")) & set(wordnet.synonyms("city"))
