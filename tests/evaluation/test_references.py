"""Metrics against the reference implementations, on the same predictions, to 1e-6.

Retrieval against pytrec_eval, answers against the logic of SQuAD's official script, written out
here again from its paper (the script itself is not in the package index).
"""

from __future__ import annotations

import collections
import random
import re
import string
from collections.abc import Callable

import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from askbot.answers import Answer
from askbot.evaluation import Prediction, QuestionSet, score_run
from askbot.evaluation.scores.ranking import Ranking, ranked
from askbot.evaluation.sets.questions import Ask, Entry

MakeAnswer = Callable[..., Answer]
PLACES = [("town", f"p{n}") for n in range(1, 16)]


@given(
    found=st.lists(st.sampled_from(PLACES), unique=True),
    gold=st.dictionaries(st.sampled_from(PLACES), st.integers(1, 4), min_size=1),
)
def test_rankings_are_those_of_trec_eval(
    found: list[tuple[str, str]], gold: dict[tuple[str, str], int]
) -> None:
    measures = {"recip_rank", "ndcg_cut.10", "recall.1,3,5"}
    qrels = {"q": {place[1]: grade for place, grade in gold.items()}}
    evaluator = pytrec_eval.RelevanceEvaluator(qrels, measures)
    run = {"q": {place[1]: 100.0 - n for n, place in enumerate(found)}}
    figures = evaluator.evaluate(run).get("q", collections.defaultdict(float))
    (ours,) = ranked([Ranking(tuple(found), gold)])
    theirs = {
        "mrr": figures["recip_rank"],
        "ndcg@10": figures["ndcg_cut_10"],
        **{f"R@{k}": figures[f"recall_{k}"] for k in (1, 3, 5)},
    }
    assert ours == pytest.approx(theirs, abs=1e-6)


def test_a_ranking_without_gold_has_no_figure() -> None:
    one, none = Ranking((("", "p1"),), {("town", "p1"): 1}), Ranking((("", "p1"),), {})
    first, second = ranked([one, none])
    assert first["mrr"] == 1.0, "a page that is not known may be any"
    assert second == {}


def official_normalise(text: str) -> str:
    text = text.lower()
    text = "".join(character for character in text if character not in set(string.punctuation))
    text = re.sub(r"\b(a|an|the)\b", " ", text)
    return " ".join(text.split())


def official_f1(gold: str, given_: str) -> float:
    gold_words, words = official_normalise(gold).split(), official_normalise(given_).split()
    if not gold_words or not words:
        return float(gold_words == words)
    same = sum((collections.Counter(gold_words) & collections.Counter(words)).values())
    if same == 0:
        return 0.0
    precision, recall = same / len(words), same / len(gold_words)
    return 2 * precision * recall / (precision + recall)


WORDS = ["The", "a", "pool", "Pool,", "3", "May", "(costs)", "4.50", "euros", "an", "—", "iris's"]
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


@given(st.lists(st.tuples(st.lists(TEXT, max_size=3), st.one_of(st.none(), TEXT)), min_size=1))
def test_answers_are_scored_as_squad_scores_them(
    answer: MakeAnswer, cases: list[tuple[list[str], str | None]]
) -> None:
    entries, predictions, em, f1 = [], [], [], []
    for number, (golds, given_) in enumerate(cases):
        ask = Ask("a?", answers=tuple(golds), answerable=bool(golds))
        entries.append(Entry(f"q{number}", (ask,)))
        made = answer("a?", given_ or "no", short=given_, abstained=given_ is None)
        predictions.append(Prediction(f"q{number}", 1, made))
        kept = [gold for gold in golds if official_normalise(gold)] or [""]
        said = given_ or ""
        em.append(max(float(official_normalise(g) == official_normalise(said)) for g in kept))
        f1.append(max(official_f1(gold, said) for gold in kept))
    report = score_run(QuestionSet(tuple(entries)), predictions, count=2)
    for name, values in (("answer_em", em), ("answer_f1", f1)):
        figure = report.figure(name)
        assert figure is not None
        assert figure.value == pytest.approx(sum(values) / len(values), abs=1e-6)


def test_figures_of_a_whole_run_are_the_means_of_trec_eval(answer: MakeAnswer) -> None:
    chance = random.Random(5)
    entries, predictions = [], []
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    names = [f"p{n}" for n in range(1, 13)]
    for number in range(60):
        found, gold = chance.sample(names, 8), chance.sample(names, chance.randint(1, 3))
        grades = {passage: chance.randint(1, 3) for passage in gold}
        ask = Ask("a?", evidence=tuple(gold), grades=tuple(grades.items()))
        entries.append(Entry(f"q{number}", (ask,), "town"))
        predictions.append(Prediction(f"q{number}", 1, answer("a?", "x", evidence=found)))
        qrels[f"q{number}"] = grades
        run[f"q{number}"] = {passage: 100.0 - n for n, passage in enumerate(found)}
    report = score_run(QuestionSet(tuple(entries)), predictions, count=2)
    measures = {"recip_rank", "ndcg_cut.10", "recall.1,3,5"}
    theirs = pytrec_eval.RelevanceEvaluator(qrels, measures).evaluate(run).values()
    for ours, name in (
        ("mrr", "recip_rank"),
        ("ndcg@10", "ndcg_cut_10"),
        ("recall@1", "recall_1"),
        ("recall@3", "recall_3"),
        ("recall@5", "recall_5"),
        ("R@5", "recall_5"),
    ):
        figure = report.figure(ours)
        assert figure is not None
        assert figure.value == pytest.approx(sum(t[name] for t in theirs) / 60, abs=1e-6)
