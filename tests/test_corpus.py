"""The question sets agree with the pages they are about, as askbot's own readers read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from askbot.discussion import Comment, Page
from askbot.evaluation import Ask, Entry, QuestionSet, read_questions
from askbot.evaluation.scores.matching import says, tokens
from askbot.sources import parse

CORPUS = Path(__file__).parent.parent / "corpus"
KINDS = {"article", "comment", "opinion", "thread", "unanswerable", "follow-up"}
NUMBER_WORDS = {"one": 1, "two": 2, "twice": 2, "three": 3, "four": 4}


@dataclass(frozen=True)
class Source:
    """A page of the corpus, its question set, and what the page looks like to a reader."""

    path: str
    format: str
    slug: str
    questions: str
    paragraphs: int
    comments: int
    claimed: int | None
    deepest: int


SOURCES = (
    Source(
        "secure-communities.txt", "text", "secure-communities", "questions.jsonl", 14, 29, 27, 3
    ),
    Source(
        "extra/night-bus.html", "html", "night-bus", "extra/night-bus.questions.jsonl", 8, 15, 15, 2
    ),
    Source("extra/beavers.txt", "text", "beavers", "extra/beavers.questions.jsonl", 10, 16, 18, 2),
    Source(
        "extra/compost.hn.json",
        "hackernews",
        "compost",
        "extra/compost.questions.jsonl",
        4,
        14,
        None,
        2,
    ),
)
every_source = pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.slug)


@cache
def page_of(source: Source) -> Page:
    text = (CORPUS / source.path).read_text("utf-8")
    return parse(text, format=source.format, slug=source.slug, origin=source.path)


@cache
def questions_of(source: Source) -> QuestionSet:
    return read_questions(CORPUS / source.questions)


def shown(page: Page, passage_id: str) -> str:
    """A passage with its author's name, which is as good an answer as its words."""
    return f"{page.part(passage_id).author or ''} | {page.text(passage_id)}"


def named_authors(page: Page, ask: Ask) -> list[str]:
    return [author for author in page.authors if says(ask.question, author)]


def comments_by(page: Page, authors: list[str]) -> set[str]:
    return {c.id for c in page.comments if c.author in authors}


@every_source
def test_pages_have_the_structure_that_they_are_there_for(source: Source) -> None:
    page = page_of(source)
    assert [p.id for p in page.paragraphs] == [f"p{n}" for n in range(1, source.paragraphs + 1)]
    assert len(page.comments) == source.comments
    assert page.claimed_comments == source.claimed
    assert max(c.depth for c in page.comments) == source.deepest
    assert len(page.authors) < len(page.comments), "nobody comments twice"


@every_source
def test_ids_exist_and_every_evidence_passage_supports_an_answer(source: Source) -> None:
    page = page_of(source)
    for entry, ask in questions_of(source):
        for passage_id in (*ask.evidence, *ask.all_evidence):
            assert passage_id in page, (entry.id, passage_id)
        if ask.answers and "thread" not in ask.tags:
            for passage_id in ask.evidence:
                assert any(says(shown(page, passage_id), a) for a in ask.answers), (
                    entry.id,
                    passage_id,
                )


@every_source
def test_every_answer_stands_in_an_evidence_passage(source: Source) -> None:
    page = page_of(source)
    for entry, ask in questions_of(source):
        if not ask.evidence and (ask.all_evidence or "thread" in ask.tags):
            continue  # computed: see below
        for answer in (*ask.answers, *ask.all_answers):
            assert any(says(shown(page, i), answer) for i in ask.evidence), (entry.id, answer)


@every_source
def test_unanswerable_questions_ask_for_nothing(source: Source) -> None:
    for entry, ask in questions_of(source):
        if not ask.answerable:
            assert not ask.evidence, entry.id
            assert not ask.all_evidence, entry.id


@every_source
def test_thread_answers_are_what_the_comment_tree_says(source: Source) -> None:
    page = page_of(source)
    for entry, ask in questions_of(source):
        if ask.all_evidence:
            check_thread(page, entry, ask)


def check_thread(page: Page, entry: Entry, ask: Ask) -> None:
    cited = [page.comment(i) for i in ask.all_evidence]
    for answer in (*ask.answers, *ask.all_answers):
        number = int(answer) if answer.isdigit() else NUMBER_WORDS.get(answer)
        if number is None:
            assert answer in {c.author for c in cited}, (entry.id, answer)
        else:
            assert number == len(cited), (entry.id, answer)
    expected = expected_comments(page, ask)
    if expected is not None:
        assert set(ask.all_evidence) == expected, entry.id


def expected_comments(page: Page, ask: Ask) -> set[str] | None:
    """The comments that the tree gives for the kind of question that its tags name."""
    authors = named_authors(page, ask)
    kinds = set(ask.tags)
    if "empty" in kinds:
        return {c.id for c in page.comments if c.is_empty}
    if "most" in kinds:
        number = {a: len(comments_by(page, [a])) for a in page.authors}
        return comments_by(page, [a for a, n in number.items() if n == max(number.values())])
    if "quote" in kinds:
        return {c.id for c in page.comments if quotes_article(page, c)}
    if "order" in kinds:
        first = says(ask.question, "first")
        return {page.comments[0 if first else -1].id}
    if authors and "reply" in kinds:
        to = {c.id for c in page.comments if c.author in authors}
        answers = {c.id for c in page.comments if c.parent in to and c.author not in authors}
        first_only = {c.id for c in page.replies(sorted(to)[0])}
        return first_only if says(ask.question, "first comment") else answers
    if authors and kinds & {"count", "author"}:
        return comments_by(page, authors)
    return None


def quotes_article(page: Page, comment: Comment) -> bool:
    """Whether eight words in a row stand in the article too."""
    article = [f" {' '.join(tokens(page.text(p.id)))} " for p in page.paragraphs]
    words = tokens(page.text(comment.id))
    runs = (f" {' '.join(words[n : n + 8])} " for n in range(len(words) - 7))
    return any(run in paragraph for run in runs for paragraph in article)


def test_counts_over_the_bundled_page() -> None:
    page = page_of(SOURCES[0])
    by_question = {ask.question: ask for _, ask in questions_of(SOURCES[0])}
    assert by_question["How many comments are shown?"].answers == (str(len(page.comments)),)
    people = by_question["How many different people commented?"].answers
    assert str(len(page.authors)) in people
    replies = by_question["How many of the comments are replies?"].answers
    assert str(len(page.comments) - len(page.replies(None))) in replies
    longest = max(page.replies(None), key=lambda c: len(list(page.descendants(c.id))))
    assert by_question["Which comment started the longest exchange?"].answers == (longest.author,)


@every_source
def test_every_entry_has_a_kind_and_is_for_tuning_or_for_testing(source: Source) -> None:
    questions = questions_of(source)
    for entry in questions.entries:
        tags = set(entry.asks[0].tags)
        assert len(tags & {"tune", "test"}) == 1, entry.id
        assert tags & KINDS, entry.id
        assert entry.page == (None if source is SOURCES[0] else source.slug), entry.id
    split = [("tune" in e.asks[0].tags) for e in questions.entries]
    if source.slug in ("beavers", "compost"):
        assert not any(split), "this page is for testing only"
    else:
        assert 0.4 < sum(split) / len(split) < 0.6


def test_the_bundled_set_is_large_and_of_every_kind() -> None:
    questions = questions_of(SOURCES[0])
    assert len(questions.entries) >= 120
    for kind in KINDS:
        assert len(questions.select([kind])) >= 15, kind
    texts = [ask.question for entry, ask in questions if len(entry.asks) == 1]
    assert len(set(texts)) == len(texts)
