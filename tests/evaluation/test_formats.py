"""Question sets of other projects: told by content, read whole, faults named and nothing lost."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.errors import NotFound, QuestionSetError
from askbot.evaluation import Loaded, load_questions, parse_any
from askbot.evaluation.sets.ragas import list_in
from askbot.evaluation.sets.records import BadRecord

SQUAD: dict[str, Any] = {
    "version": "v2.0",
    "data": [
        {
            "title": "Harrow_Ferry",
            "paragraphs": [
                {
                    "context": "The ferry ran for 112 years.\n\nIt closed in March.",
                    "qas": [
                        {
                            "id": "s1",
                            "question": " How long did it run? ",
                            "answers": [
                                {"text": "112 years", "answer_start": 18},
                                {"text": "112", "answer_start": 18},
                                {"text": "112 years", "answer_start": 18},
                            ],
                            "is_impossible": False,
                        },
                        {
                            "id": "s2",
                            "question": "Who built it?",
                            "answers": [],
                            "plausible_answers": [{"text": "March", "answer_start": 45}],
                            "is_impossible": True,
                        },
                    ],
                },
                {
                    "context": "The bus takes 50 minutes.",
                    "qas": [
                        {
                            "id": 3,
                            "question": "How long does the bus take?",
                            "answers": [{"text": "50 minutes", "answer_start": 14}],
                        }
                    ],
                },
            ],
        }
    ],
}


def reasons(loaded: Loaded) -> list[str]:
    return [str(fault) for fault in loaded.faults]


@pytest.mark.parametrize("indent", [None, 2])
def test_squad_makes_each_paragraph_a_page(indent: int | None) -> None:
    loaded = parse_any(json.dumps(SQUAD, indent=indent))
    assert loaded.form == "squad"
    assert not loaded.faults
    assert [page.slug for page in loaded.pages] == ["harrow-ferry-1", "harrow-ferry-2"]
    assert {page.title for page in loaded.pages} == {"Harrow Ferry"}
    # A blank line inside a context must not make two passages of what SQuAD calls one.
    assert [len(page.paragraphs) for page in loaded.pages] == [1, 1]
    assert loaded.pages[0].text("p1") == "The ferry ran for 112 years.\nIt closed in March."
    first, second, third = loaded.questions.entries
    assert first.asks[0].answers == ("112 years", "112")
    assert first.asks[0].question == "How long did it run?"
    assert (first.page, first.asks[0].evidence) == ("harrow-ferry-1", ("p1",))
    assert (second.asks[0].answerable, second.asks[0].answers) == (False, ())
    assert (third.id, third.page) == ("3", "harrow-ferry-2")


def test_squad_makes_each_article_a_page_where_asked() -> None:
    loaded = parse_any(json.dumps(SQUAD), page_of="article")
    (page,) = loaded.pages
    assert [part.id for part in page.parts()] == ["p1", "p2"]
    third = loaded.questions.entries[2]
    assert (third.page, third.asks[0].evidence) == ("harrow-ferry", ("p2",))
    assert page.text("p2") == "The bus takes 50 minutes."


def test_articles_of_one_title_are_pages_of_their_own() -> None:
    twice = {"data": [*SQUAD["data"], json.loads(json.dumps(SQUAD["data"][0]))]}
    for number, paragraph in enumerate(twice["data"][1]["paragraphs"]):
        for qa in paragraph["qas"]:
            qa["id"] = f"again{number}{qa['id']}"
    loaded = parse_any(json.dumps(twice), page_of="article")
    assert [page.slug for page in loaded.pages] == ["harrow-ferry", "harrow-ferry-2"]
    assert len({page.slug for page in parse_any(json.dumps(twice)).pages}) == 4


def test_squad_names_each_fault_by_its_place_and_keeps_the_rest() -> None:
    document = json.loads(json.dumps(SQUAD))
    paragraphs = document["data"][0]["paragraphs"]
    paragraphs[0]["qas"] += [
        {"id": "s1", "question": "Again?", "answers": [{"text": "March"}]},
        {"id": "s5", "question": "No answer?", "answers": []},
        {"id": "s6", "question": "Both?", "answers": [{"text": "x"}], "is_impossible": True},
        "not an object",
    ]
    paragraphs.insert(1, {"context": " \n", "qas": []})
    paragraphs.insert(2, 7)
    document["data"].append({"title": "No paragraphs"})
    loaded = parse_any(json.dumps(document))
    assert [entry.id for entry in loaded.questions.entries] == ["s1", "s2", "3"]
    place = "data[0].paragraphs[0].qas"
    assert {fault.where: fault.reason for fault in loaded.faults} == {
        f"{place}[2]": f'id "s1" is taken by {place}[0]: ids are unique',
        f"{place}[3]": 'no answer: give one, or "is_impossible": true',
        f"{place}[4]": '"is_impossible" is true but there are answers: drop one of the two',
        f"{place}[5]": "not a JSON object",
        "data[0].paragraphs[1]": '"context" must be a string that is not empty',
        "data[0].paragraphs[2]": "not a JSON object",
        "data[1]": '"paragraphs" must be a list',
    }


def test_a_damaged_squad_file_is_named_as_one_document() -> None:
    with pytest.raises(QuestionSetError, match=r"set, line 1: not JSON .* fetch it again"):
        parse_any(json.dumps(SQUAD)[:-40], name="set")


def beir(folder: Path, **files: str) -> Path:
    """A BEIR folder; `files` replaces what is in it by default."""
    content = {
        "corpus": '{"_id": "d1", "title": "Ferry", "text": "It ran for 112 years.\\n\\nNot now."}\n'
        '{"_id": "D/1", "title": "", "text": "The bus takes 50 minutes."}\n'
        '{"_id": "d3", "title": "Only a headline", "text": ""}\n',
        "queries": '{"_id": "1", "text": "How long did the ferry run?"}\n'
        '{"_id": 2, "text": "How slow is the bus?"}\n'
        '{"_id": "3", "text": "Never judged?"}\n',
        "test": "query-id\tcorpus-id\tscore\n1\td1\t2\n1\td3\t1\n2\tD/1\t1\n2\td1\t0\n",
    } | files
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(content.pop("corpus"), encoding="utf-8")
    (folder / "queries.jsonl").write_text(content.pop("queries"), encoding="utf-8")
    for split, table in content.items():
        (folder / "qrels" / f"{split}.tsv").write_text(table, encoding="utf-8")
    return folder


def test_beir_documents_are_pages_and_judged_queries_questions(tmp_path: Path) -> None:
    loaded = load_questions(beir(tmp_path / "set", dev="query-id\tcorpus-id\tscore\n1\td1\t1\n"))
    assert loaded.form == "beir"
    assert not loaded.faults
    assert [page.slug for page in loaded.pages] == ["d1", "d-1", "d3"]
    assert [page.text("p1") for page in loaded.pages] == [
        "It ran for 112 years.\nNot now.",
        "The bus takes 50 minutes.",
        "Only a headline",
    ]
    one, two = loaded.questions.entries
    assert (one.id, one.page, one.asks[0].tags) == ("1", None, ("dev", "test"))
    assert one.asks[0].evidence == ("d1:p1", "d3:p1")
    assert (two.id, two.asks[0].evidence) == ("2", ("d-1:p1",)), "a score of 0 is not relevant"
    assert loaded.notes == ("1 of 3 queries have no relevant document in qrels and are not asked",)


def test_beir_names_faults_by_file_and_line(tmp_path: Path) -> None:
    folder = beir(
        tmp_path / "set",
        corpus='{"_id": "d1", "text": "a"}\n{"_id": "d1", "text": "b"}\n{\n{"_id": "d4"}\n',
        queries='{"_id": "1", "text": "Why?"}\n{"_id": "2"}\n',
        test="1\td1\t1\n1\td1\n1\td9\t1\n7\td1\t1\n1\td1\tmuch\n",
    )
    loaded = load_questions(folder)
    assert [entry.id for entry in loaded.questions.entries] == ["1"]
    assert reasons(loaded) == [
        'corpus.jsonl, line 2: document "d1" stands twice: ids are unique',
        "corpus.jsonl, line 3: not JSON (Expecting property name enclosed in double quotes at "
        "column 2): one object a line",
        'corpus.jsonl, line 4: document "d4" has neither a title nor a text',
        'queries.jsonl, line 2: "text" must be a string that is not empty',
        "qrels/test.tsv, line 2: 2 columns: write query-id, corpus-id and score between tabs",
        'qrels/test.tsv, line 3: there is no document "d9" in corpus.jsonl',
        'qrels/test.tsv, line 4: there is no query "7" in queries.jsonl',
        'qrels/test.tsv, line 5: the score "much" is not a number',
    ]


def test_a_folder_that_is_no_beir_set_and_a_part_of_one(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match=r"has no corpus\.jsonl: a folder is read as a BEIR"):
        load_questions(tmp_path)
    folder = beir(tmp_path / "set")
    with pytest.raises(QuestionSetError, match="is a part of a BEIR set; give the folder"):
        load_questions(folder / "queries.jsonl")
    (folder / "qrels" / "test.tsv").unlink()
    with pytest.raises(QuestionSetError, match=r"has no qrels/\*\.tsv"):
        load_questions(folder)
    with pytest.raises(NotFound, match="no question set at"):
        load_questions(tmp_path / "none")


ROWS = [
    {
        "user_input": "How long did it run?",
        "retrieved_contexts": ["The bus is slow.", "It ran for 112 years."],
        "reference_contexts": ["It ran for 112 years."],
        "response": "no idea",
        "reference": "The ferry ran for 112 years.",
    },
    {
        "user_input": "Is the bus slow?",
        "retrieved_contexts": ["The bus is slow."],
        "reference_contexts": None,
        "reference": "Yes, it is.",
    },
]


def check_ragas(loaded: Loaded) -> None:
    assert loaded.form == "ragas"
    assert not loaded.faults
    texts = {page.slug: page.text("p1") for page in loaded.pages}
    assert sorted(texts.values()) == ["It ran for 112 years.", "The bus is slow."]
    one, two = loaded.questions.entries
    (gold,) = one.asks[0].evidence
    assert texts[gold.partition(":")[0]] == "It ran for 112 years."
    assert one.asks[0].answers == ("The ferry ran for 112 years.",)
    # What some system retrieved is no gold evidence.
    assert (two.asks[0].evidence, two.asks[0].answers) == ((), ("Yes, it is.",))
    assert one.page is None


def test_ragas_rows_as_json_lines_and_as_a_json_list() -> None:
    check_ragas(parse_any("\n".join(map(json.dumps, ROWS))))
    check_ragas(parse_any(json.dumps(ROWS, indent=1)))


@pytest.mark.parametrize("written", [json.dumps, repr])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_ragas_columns_in_a_table(written: Any, delimiter: str) -> None:
    table = io.StringIO()
    names = ["user_input", "retrieved_contexts", "reference_contexts", "reference"]
    writer = csv.writer(table, delimiter=delimiter)
    writer.writerow(names)
    for row in ROWS:
        cells = [row.get(name) for name in names]
        writer.writerow([written(c) if isinstance(c, list) else c or "" for c in cells])
    check_ragas(parse_any(table.getvalue()))


def test_ragas_old_columns_and_long_cells() -> None:
    long = "word " * 60_000
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["question", "contexts", "ground_truths", "answer"])
    writer.writerow(["Why?", json.dumps([long]), "['So.', 'Because.']", "x"])
    csv.field_size_limit(131_072)
    loaded = parse_any(table.getvalue())
    assert csv.field_size_limit() == 131_072, "the limit is the whole process's"
    assert loaded.pages[0].text("p1") == long.strip()
    assert loaded.questions.entries[0].asks[0].answers == ("So.", "Because.")


def test_ragas_names_rows_by_the_line_that_they_begin_on() -> None:
    text = (
        'question,contexts,ground_truth\n"Two\nlines?",a,yes\nShort?,a\n\n,a,yes\n'
        'None?,a,\nBad list?,"[1]",yes\nGood?,b,no\n'
    )
    loaded = parse_any(text)
    assert [entry.id for entry in loaded.questions.entries] == ["line 2", "line 9"]
    assert [fault.where for fault in loaded.faults] == ["line 4", "line 6", "line 7", "line 8"]
    assert loaded.faults[0].reason == "2 cells under 3 columns"
    assert "question" in loaded.faults[1].reason
    assert "nothing to score by" in loaded.faults[2].reason
    assert "not a list of strings" in loaded.faults[3].reason


def test_an_open_quote_in_a_table_says_that_the_rest_was_lost() -> None:
    loaded = parse_any('question,ground_truth\nWhy?,so\nHow?,"open\nWho?,me\n')
    assert len(loaded.questions) == 1
    assert [fault.where for fault in loaded.faults] == ["line 3"]
    assert "nothing behind it could be read" in loaded.faults[0].reason


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_lists_are_read_however_they_were_written(texts: list[str]) -> None:
    assert list_in(json.dumps(texts)) == texts
    assert list_in(repr(texts)) == texts
    assert list_in("[" + "\n ".join(map(repr, texts)) + "]") == texts, "as NumPy prints them"


@pytest.mark.parametrize(
    "cell", ["[1, 2]", "[a, b]", "['a', f'{b}']", "['a'", "[" * 5000, "['a' +"]
)
def test_what_begins_like_a_list_and_is_none_is_a_fault(cell: str) -> None:
    with pytest.raises(BadRecord):
        list_in(cell)


SAMPLES: list[dict[str, Any]] = [
    {
        "id": 7,
        "input": "How often does the bus run?",
        "target": ["12 times", "twelve times"],
        "metadata": {"evidence": ["p4"], "page": "town", "tags": ["bus"], "difficulty": 3},
    },
    {
        "input": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Which is it?"}]},
        ],
        "choices": ["a tram", "a bus"],
        "target": "B",
    },
    {"id": "no", "input": "Who drives?", "target": "", "metadata": {"answerable": False}},
]


@pytest.mark.parametrize("form", ["lines", "list", "indented"])
def test_inspect_samples(form: str) -> None:
    text = {
        "lines": "\n".join(map(json.dumps, SAMPLES)),
        "list": json.dumps(SAMPLES),
        "indented": json.dumps(SAMPLES, indent=2),
    }[form]
    loaded = parse_any(text)
    assert loaded.form == "inspect"
    assert not loaded.faults
    assert not loaded.pages
    one, two, three = loaded.questions.entries
    assert (one.id, one.page) == ("7", "town")
    assert one.asks[0].answers == ("12 times", "twelve times")
    assert (one.asks[0].evidence, one.asks[0].tags) == (("p4",), ("bus",))
    assert (two.id, two.asks[0].question, two.asks[0].answers) == ("2", "Which is it?", ("a bus",))
    assert not three.asks[0].answerable


@pytest.mark.parametrize(
    ("sample", "why"),
    [
        ({"input": "a?"}, "neither answers nor evidence"),
        ({"input": 3, "target": "x"}, '"input" must be a string or a list'),
        ({"input": "a?", "target": 3}, '"target" must be a list'),
        ({"input": "a?", "target": "C", "choices": ["x", "y"]}, "none of the 2 choices"),
        ({"input": "a?", "target": "x", "metadata": []}, "not a JSON object"),
        ({"input": "a?", "target": "x", "metadata": {"evidence": ["9"]}}, "not a passage id"),
        (
            {"input": [{"role": "user", "content": "a"}] * 2, "target": "x"},
            "2 messages by the user",
        ),
        (
            {"input": [{"role": "user", "content": [{"type": "image"}]}], "target": "x"},
            "not text",
        ),
    ],
)
def test_a_sample_that_is_no_question_is_named(sample: dict[str, Any], why: str) -> None:
    loaded = parse_any("\n".join(map(json.dumps, [SAMPLES[0], sample, SAMPLES[2]])))
    assert [entry.id for entry in loaded.questions.entries] == ["7", "no"]
    (fault,) = loaded.faults
    assert fault.where == "line 2"
    assert why in fault.reason


def test_our_own_form_keeps_what_is_good_and_names_every_bad_line() -> None:
    good = '{"id": "%s", "question": "a?", "answers": ["x"], "data": [{"note": 1}]}'
    loaded = parse_any("\n".join(["[1]", good % "a", "{", good % "b", good % "a"]))
    assert loaded.form == "askbot"
    assert [entry.id for entry in loaded.questions.entries] == ["a", "b"]
    assert [fault.where for fault in loaded.faults] == ["line 1", "line 3", "line 5"]
    assert loaded.places == {"a": "line 2", "b": "line 4"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "has no questions"),
        ("{}", 'line 1: "id" must be'),
        ("a,b\n1,2\n", "line 1: not JSON"),
        ("[]", "JSON list of neither"),
        (
            '[{"id": "q1", "question": "a?", "answers": ["x"]}]',
            "own form as one JSON object a line",
        ),
        ("[" * 100_000, "nested too deeply"),
        ('{"data": []}', "has no questions"),
        ('{"data": [1]}', r"data\[0\]: not a JSON object"),
        ('{"id": ' + "1" * 5000 + "}", "too many digits"),
    ],
)
def test_what_is_no_question_set_is_refused_in_one_line(text: str, why: str) -> None:
    with pytest.raises(QuestionSetError, match=why) as caught:
        parse_any(text, name="set")
    assert "\n" not in str(caught.value)


@given(st.text(alphabet='{}[]",:\n\t aA1\\', max_size=80) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        loaded = parse_any(text, name="set")
    except QuestionSetError as refused:
        said = str(refused)
    else:
        said = "set"
        assert len(loaded.questions) > 0
    assert said.startswith("set")
    assert "\n" not in said


@given(
    st.lists(
        st.sampled_from(["good", "not JSON", "[]", '{"id": "x"}', "{}"]), min_size=1, max_size=12
    ).filter(lambda kinds: "good" in kinds)
)
def test_every_line_is_either_asked_or_named(kinds: list[str]) -> None:
    good = '{"id": "q%d", "question": "a?", "answers": ["x"]}'
    lines = [good % n if kind == "good" else kind for n, kind in enumerate(kinds, 1)]
    loaded = parse_any("\n".join(lines))
    wheres = {*loaded.places.values(), *(fault.where for fault in loaded.faults)}
    assert wheres == {f"line {n}" for n in range(1, len(kinds) + 1)}
    assert len(loaded.questions) + len(loaded.faults) == len(kinds)
