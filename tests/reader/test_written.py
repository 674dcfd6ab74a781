"""The project's own training questions: read as they are meant, and every one of them sound."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from askbot.errors import ReaderError
from askbot.reader.examples import Example, split
from askbot.reader.sampling import Sampler
from askbot.reader.written import (
    PAGES,
    UNANSWERABLE,
    load_unanswerable,
    load_written_pages,
)
from askbot.resources import resource

TRAINING = Path(str(resource("corpus", "training")))

PAGE = {
    "page": "mill",
    "title": "The mill is sold",
    "parts": [
        {"id": "p1", "text": "Jane Thorn sold the mill on Friday."},
        {"id": "c1", "author": "oldsalt", "text": "It was never hers to sell."},
        {"id": "c1.1", "author": "Mo", "text": "Says who? It cost her 40 pounds."},
    ],
}


def written(folder: Path, *rows: object) -> Path:
    path = folder / PAGES
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_parts_stand_under_the_context_lines_of_an_index(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        PAGE,
        {"page": "mill", "part": "p1", "q": "Who sold it?", "a": "Jane Thorn"},
        {"page": "mill", "part": "c1", "q": "Why not?", "a": None},
        {"page": "mill", "part": "c1.1", "q": "What did it cost?", "a": "40 pounds"},
    )
    sold, why, cost = load_written_pages(path)
    assert sold.answers == ("Jane Thorn",)
    assert sold.context == "The mill is sold"
    assert why.spans == ()
    assert why.context == "oldsalt commented on “The mill is sold”:"
    assert cost.context == "Mo replied to oldsalt on “The mill is sold”:"
    assert {e.group for e in (sold, why, cost)} == {"written/mill"}


@pytest.mark.parametrize(
    "row",
    [
        {"page": "mill", "part": "p1", "q": "Who?", "a": "Jane Torn"},
        {"page": "mill", "part": "p9", "q": "Who?", "a": None},
        {"page": "none", "part": "p1", "q": "Who?", "a": None},
        {"page": "mill", "part": "p1", "a": None},
        ["no", "object"],
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, row: object) -> None:
    with pytest.raises(ReaderError, match="line 2"):
        load_written_pages(written(tmp_path, PAGE, row))


def test_unanswerable_questions_find_their_passage_by_a_questions_id(tmp_path: Path) -> None:
    known = Example("q7", "Who?", "Jane Thorn sold the mill.", ((0, 10),), "wiki/Mill")
    path = tmp_path / UNANSWERABLE
    rows = [{"id": "q7", "qs": ["When?", "Why?"]}, {"id": "gone", "qs": ["Where?"]}]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = load_unanswerable(path, [known])
    assert [(e.question, e.passage, e.spans, e.group) for e in found] == [
        ("When?", known.passage, (), known.group),
        ("Why?", known.passage, (), known.group),
    ]


def test_what_a_page_does_not_answer_is_asked_of_any_part_of_it(tmp_path: Path) -> None:
    rows = [
        {"page": "mill", "part": p["id"], "q": f"Q{p['id']}?", "a": None} for p in PAGE["parts"]
    ]
    sampler = Sampler(load_written_pages(written(tmp_path, PAGE, *rows)), None)
    rng = random.Random(2)
    drawn = [sampler.draw(sampler.examples[0], rng) for _ in range(80)]
    assert all(item.span is None and item.question == "Qp1?" for item in drawn)
    titled = {e.context for e in sampler.examples}
    bare = {"", "oldsalt commented:", "Mo replied to oldsalt:"}
    assert {item.context for item in drawn} == titled | bare


def test_what_a_page_does_not_answer_is_asked_mostly_where_a_search_would_look(
    tmp_path: Path,
) -> None:
    rows = [
        {"page": "mill", "part": "p1", "q": "Who lent her the pounds it cost?", "a": None},
        {"page": "mill", "part": "c1", "q": "When?", "a": None},
        {"page": "mill", "part": "c1.1", "q": "Why?", "a": None},
    ]
    sampler = Sampler(load_written_pages(written(tmp_path, PAGE, *rows)), None)
    rng = random.Random(4)
    drawn = [sampler.draw(sampler.examples[0], rng).passage for _ in range(400)]
    own, other, close = (drawn.count(part["text"]) for part in PAGE["parts"])
    assert own > close > 2 * other > 0


def test_the_packaged_questions_are_sound() -> None:
    pages = load_written_pages(TRAINING / PAGES)
    training, held = split(pages, 0.05)
    assert not {e.group for e in training} & {e.group for e in held}
    assert 0.35 < sum(not e.spans for e in pages) / len(pages) < 0.65
    asked = [(e.group, e.passage, e.question) for e in pages]
    assert len(asked) == len(set(asked))
    rows = (TRAINING / UNANSWERABLE).read_text(encoding="utf-8").splitlines()
    assert all(json.loads(row)["qs"] for row in rows)
