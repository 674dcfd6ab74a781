"""Reading data files: what is taken, where answers are found, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askbot.errors import ReaderError
from askbot.reader.examples import (
    Example,
    detokenise,
    load_friends,
    load_qed,
    load_squad,
    split,
)

SQUAD = {
    "data": [
        {
            "title": "Ferry",
            "paragraphs": [
                {
                    "context": "Nine rode it. Nine!",
                    "qas": [
                        {
                            "id": 1,
                            "question": " How many rode it? ",
                            "answers": [
                                {"text": "Nine", "answer_start": 0},
                                {"text": "Nine", "answer_start": 13},  # one off: 14 is meant
                            ],
                        },
                        {
                            "id": "2",
                            "question": "How many sank?",
                            "is_impossible": True,
                            "answers": [],
                            "plausible_answers": [{"text": "Nine", "answer_start": 0}],
                        },
                    ],
                }
            ],
        }
    ]
}


def test_squad_of_both_versions(tmp_path: Path) -> None:
    path = tmp_path / "mini.json"
    path.write_text(json.dumps(SQUAD), encoding="utf-8")
    first, second = load_squad(path)
    assert first.id == "1"
    assert first.question == "How many rode it?"
    assert first.spans == ((0, 4), (14, 18))
    assert first.group == "mini/Ferry"
    assert second.spans == ()
    assert second.answers == ()


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"data": [1]}', '{"data": [{"paragraphs": [{}]}]}']
)
def test_damaged_files_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReaderError, match=r"bad\.json"):
        load_squad(path)
    with pytest.raises(ReaderError, match="check the path"):
        load_squad(tmp_path / "absent.json")


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("in 1956 and 1972 .", "in 1956 and 1972."),
        ("Kay ( born 1903 ) , a chemist", "Kay (born 1903), a chemist"),
        ("the world 's well - known port", "the world's well-known port"),
        ("they do n't say `` no '' .", 'they don\'t say "no".'),
        ("98 % of $ 40", "98% of $40"),
    ],
)
def test_detokenise(raw: str, wanted: str) -> None:
    assert detokenise(raw) == wanted


def test_qed_answers_are_found_in_the_cleaned_passage(tmp_path: Path) -> None:
    raw = "The port ( opened 1903 ) , Lee 's pride , was sold to Ann Lee , a banker , in 1950 ."
    start = raw.index("Ann Lee")
    row = {
        "example_id": 7,
        "title_text": "Port",
        "question_text": "who bought the port",
        "paragraph_text": raw,
        "original_nq_answers": [
            [{"start": start, "end": start + 18, "string": "Ann Lee , a banker"}],
            [{"start": 1, "end": 2, "string": "x"}, {"start": 2, "end": 3, "string": "y"}],
        ],
    }
    path = tmp_path / "qed.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    (example,) = load_qed(path)
    assert example.question == "who bought the port?"
    assert example.answers == ("Ann Lee, a banker",)
    assert example.passage.startswith("The port (opened 1903), Lee's pride, was")


def test_friends_as_lines_and_as_a_comment(tmp_path: Path) -> None:
    said = "I sold the boat to my cousin because it leaked all day ."
    document = {
        "data": [
            {
                "title": "d1",
                "paragraphs": [
                    {
                        "utterances:": [
                            {"uid": 0, "speakers": ["Jo Hill"], "utterance": "Where is it ?"},
                            {"uid": 1, "speakers": ["Mo Dale"], "utterance": said},
                        ],
                        "qas": [
                            {
                                "id": "q",
                                "question": "Who got the boat ?",
                                "answers": [
                                    {
                                        "answer_text": "my cousin",
                                        "utterance_id": 1,
                                        "is_speaker": False,
                                    }
                                ],
                            },
                            {
                                "id": "w",
                                "question": "Who sold the boat ?",
                                "answers": [
                                    {
                                        "answer_text": "Mo Dale",
                                        "utterance_id": 1,
                                        "is_speaker": True,
                                    }
                                ],
                            },
                        ],
                    }
                ],
            }
        ]
    }
    path = tmp_path / "friends.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    lines, own, who = load_friends(path)
    assert lines.passage.splitlines()[0] == "Jo Hill: Where is it?"
    assert lines.answers == own.answers == ("my cousin",)
    assert own.context == "Mo Dale commented:"
    assert own.passage.startswith("I sold")
    assert who.answers == ("Mo Dale",)


def test_split_keeps_a_passage_on_one_side() -> None:
    made = [
        Example(f"{n}-{k}", "q", f"Passage {n}", ((0, 1),), "g") for n in range(400) for k in "ab"
    ]
    training, held = split(made, 0.1)
    assert len(training) + len(held) == len(made)
    assert not {e.passage for e in training} & {e.passage for e in held}
    assert 0.05 < len(held) / len(made) < 0.16
    assert split(made, 0.1) == (training, held)
