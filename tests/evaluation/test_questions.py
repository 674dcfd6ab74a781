"""The question-set form: what is read, and one line for what is not in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askbot.errors import NotFound, QuestionSetError
from askbot.evaluation import parse_questions, read_questions

DIALOGUE = {
    "id": "d3",
    "tags": ["follow-up", "tune"],
    "turns": [
        {"question": "Who is the mayor?", "answers": ["Iris Holt"], "evidence": ["p5"]},
        {"question": "What does she want?", "answerable": False, "tags": ["near-miss"]},
    ],
}


def test_the_documented_examples_are_read() -> None:
    text = (
        '{"id": "q12", "question": "How many?", "answers": ["50,600"], "evidence": ["p12"], '
        '"answerable": true, "tags": ["article", "number"]}\n\n' + json.dumps(DIALOGUE)
    )
    questions = parse_questions(text)
    assert len(questions) == 3
    first, dialogue = questions.entries
    assert first.asks[0].answers == ("50,600",)
    assert first.asks[0].evidence == ("p12",)
    assert first.asks[0].tags == ("article", "number")
    assert [a.turn for a in dialogue.asks] == [1, 2]
    assert [a.answerable for a in dialogue.asks] == [True, False]
    assert dialogue.asks[0].tags == ("follow-up", "tune")
    assert dialogue.asks[1].tags == ("follow-up", "tune", "near-miss", "later-turn")


def test_a_line_separator_inside_a_string_does_not_break_the_line() -> None:
    questions = parse_questions('{"id": "q1", "question": "a\u2028b?", "answers": ["x"]}\r\n')
    assert questions.entries[0].asks[0].question == "a\u2028b?"


def test_notes_are_left_alone_and_misspelt_keys_are_not() -> None:
    parse_questions('{"id": "q1", "question": "a?", "answers": ["x"], "written_by": "me"}')
    with pytest.raises(QuestionSetError, match='line 1: unknown key "answer": did you mean "answ'):
        parse_questions('{"id": "q1", "question": "a?", "answer": ["x"]}')


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"question": "a?", "answers": ["x"]}', '"id" must be a string'),
        ('{"id": 7, "question": "a?", "answers": ["x"]}', '"id" must be a string'),
        ('{"id": "q", "question": " ", "answers": ["x"]}', '"question" must be a string'),
        ('{"id": "q", "question": "a?", "answers": "x"}', '"answers" must be a list'),
        ('{"id": "q", "question": "a?", "answers": [""]}', '"answers" must be a list'),
        ('{"id": "q", "question": "a?", "answers": ["x"], "evidence": ["4"]}', "passage id"),
        ('{"id": "q", "question": "a?", "answers": ["x"], "evidence": ["c16.0"]}', "passage id"),
        ('{"id": "q", "question": "a?", "answers": ["x"], "evidence": ["A b:p1"]}', "passage id"),
        ('{"id": "q", "question": "a?"}', "neither answers nor evidence"),
        ('{"id": "q", "question": "a?", "answerable": "no"}', "true or false"),
        ('{"id": "q", "question": "a?", "answerable": false, "answers": ["x"]}', "drop one"),
        ('{"id": "q", "question": "a?", "answers": ["x"], "answers": ["y"]}', "twice"),
        ('{"id": "q", "question": "a?", "answers": ["x"], "page": "My Page"}', "not a slug"),
        ('{"id": "d", "turns": []}', '"turns" must be a list'),
        ('{"id": "d", "turns": ["a?"]}', "turn 1 is not an object"),
        ('{"id": "d", "turns": [{"question": "a?"}]}', "turn 1: neither answers"),
        ('{"id": "d", "question": "b?", "turns": [{"question": "a?"}]}', 'beside "turns"'),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_malformed_line_is_named_with_its_number(line: str, why: str) -> None:
    good = '{"id": "ok", "question": "a?", "answers": ["x"]}'
    with pytest.raises(QuestionSetError) as caught:
        parse_questions(f"{good}\n\n{line}\n", name="set.jsonl")
    message = str(caught.value)
    assert message.startswith("set.jsonl, line 3: ")
    assert why in message
    assert "\n" not in message


def test_ids_are_unique() -> None:
    line = '{"id": "q1", "question": "a?", "answers": ["x"]}'
    with pytest.raises(QuestionSetError, match='line 2: id "q1" is taken by line 1'):
        parse_questions(f"{line}\n{line}")


def test_files_that_are_missing_empty_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no question set at"):
        read_questions(tmp_path / "none.jsonl")
    with pytest.raises(QuestionSetError, match="cannot read"):
        read_questions(tmp_path)
    path = tmp_path / "set.jsonl"
    path.write_bytes(b"\n \n")
    with pytest.raises(QuestionSetError, match="has no questions"):
        read_questions(path)
    path.write_bytes(b'{"id": "q1", "question": "caf\xe9?", "answers": ["x"]}')
    with pytest.raises(QuestionSetError, match="not UTF-8"):
        read_questions(path)
    path.write_bytes(b'\xef\xbb\xbf{"id": "q1", "question": "a?", "answers": ["x"]}')
    assert len(read_questions(path)) == 1


def test_selecting_by_tags_keeps_dialogues_whole_and_changes_the_digest() -> None:
    lines = [
        {"id": "q1", "question": "a?", "answers": ["x"], "tags": ["article", "tune"]},
        {"id": "q2", "question": "b?", "answers": ["x"], "tags": ["article", "test"]},
        DIALOGUE,
    ]
    questions = parse_questions("\n".join(map(json.dumps, lines)))
    assert [e.id for e in questions.select(["article", "test"]).entries] == ["q2"]
    assert len(questions.select(["near-miss"])) == 2
    assert questions.select(["tune"]).sha256 != questions.sha256
    with pytest.raises(QuestionSetError, match="no question is tagged article and held-out"):
        questions.select(["held-out", "article"])


def test_the_digest_is_of_the_content_not_of_the_layout() -> None:
    one = parse_questions('{"id": "q1", "question": "a?", "answers": ["x"]}')
    two = parse_questions('\n{"answers":["x"],"question":"a?","id":"q1","answerable":true}\n')
    other = parse_questions('{"id": "q1", "question": "a?", "answers": ["y"]}')
    assert one.sha256 == two.sha256 != other.sha256
