"""The shipped model: loads only if intact, needs no torch, and answers plain questions."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askbot.errors import ReaderError
from askbot.reader import Calibration, ReaderInput, Reading, SpanReader
from askbot.reader.inference import STRIDE, WINDOW
from askbot.reader.package import MANIFEST, MODEL, PACKAGED, TOKENIZER

FERRY = (
    "The Harrow ferry opened in 1909 and carried people across the Teal for 112 years. "
    "In March the town council closed it, because only nine passengers rode each day. "
    "A bus built in Leeds has replaced it. Mayor Ada Quill said the ferry had cost the town "
    "40,000 pounds a year."
)


@pytest.fixture(scope="module")
def reader() -> SpanReader:
    return SpanReader.load()


def answer(reader: SpanReader, question: str, text: str, context: str = "") -> str:
    (reading,) = reader.read(question, [ReaderInput(context, text)])
    assert reading.best is not None
    return text[reading.best.start : reading.best.end]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("When did the Harrow ferry open?", "1909"),
        ("Who closed the ferry?", "council"),
        ("How many passengers rode each day?", "nine"),
        ("Where was the bus built?", "Leeds"),
        ("How much did the ferry cost the town a year?", "40,000"),
        ("What has replaced the ferry?", "bus"),
        ("Who is the mayor?", "Ada Quill"),
        ("Which river did it cross?", "Teal"),
        ("How long did the ferry carry people?", "112 years"),
    ],
)
def test_answers_of_a_passage_never_trained_on(
    reader: SpanReader, question: str, wanted: str
) -> None:
    said = answer(reader, question, FERRY)
    assert wanted in said
    assert len(said.split()) <= len(wanted.split()) + 6


def test_context_is_read_but_never_answered_from(reader: SpanReader) -> None:
    text = "I rode that boat to school for six years and it was never late."
    context = "Tom Vale replied to oldsalt on “Town to close its ferry”:"
    (reading,) = reader.read("Who wrote this comment?", [ReaderInput(context, text)])
    assert all(0 <= s.start < s.end <= len(text) for s in reading.spans)


def test_the_page_that_answers_scores_higher_than_one_that_does_not(reader: SpanReader) -> None:
    other = "The library opens at nine on weekdays. Its roof was mended by a firm from Bath."
    answering, not_answering = reader.read(
        "How much did the ferry cost the town a year?",
        [ReaderInput("", FERRY), ReaderInput("", other)],
    )
    calibration = Calibration.load("reader")
    assert calibration.of_reading(answering) > calibration.of_reading(not_answering)
    assert answering.spans[0].score > not_answering.spans[0].score
    assert answering.answerable > not_answering.answerable


def test_order_and_company_do_not_change_a_reading(reader: SpanReader) -> None:
    inputs = [
        ReaderInput("", FERRY),
        ReaderInput("jo commented:", "Good riddance."),
        ReaderInput("", "The bus takes 50 minutes. The ferry took 8. " * 4),
    ]
    question = "How long does the bus take?"
    together = reader.read(question, inputs)
    apart = [reader.read(question, [i])[0] for i in inputs]
    for one, other in zip(together, apart, strict=True):
        assert [(s.start, s.end) for s in one.spans][:1] == [(s.start, s.end) for s in other.spans][
            :1
        ]
        # dynamic quantisation takes its scale from the whole batch
        assert one.null_score == pytest.approx(other.null_score, abs=1.0)
    assert reader.read(question, list(reversed(inputs)))[::-1][0].spans[0].start == (
        together[0].spans[0].start
    )


def test_long_passages_are_read_to_the_end(reader: SpanReader) -> None:
    filler = "The weather was dull and the meeting went on for a while. " * 80
    text = filler + "The lighthouse keeper, Orla Finn, paid for the new bell. " + filler
    (reading,) = reader.read("Who paid for the new bell?", [ReaderInput("", text)])
    assert len(text) > 3 * 5 * WINDOW > STRIDE
    best = reading.best
    assert best is not None
    assert "Orla Finn" in text[best.start : best.end]


def test_nothing_to_read(reader: SpanReader) -> None:
    assert reader.read("Who?", []) == []
    empty, blank, mark = reader.read(
        "Who?", [ReaderInput("", ""), ReaderInput("c", " \n"), ReaderInput("", "😀 …")]
    )
    assert empty.spans == () == blank.spans
    assert empty.best is None
    assert isinstance(mark, Reading)


@settings(max_examples=25, deadline=None)
@given(
    question=st.text(max_size=60),
    texts=st.lists(st.text(max_size=400), max_size=3),
    context=st.text(max_size=40),
)
def test_spans_lie_in_their_text_whatever_it_is(
    reader: SpanReader, question: str, texts: list[str], context: str
) -> None:
    readings = reader.read(question, [ReaderInput(context, t) for t in texts])
    assert len(readings) == len(texts)
    for reading, text in zip(readings, texts, strict=True):
        scores = [s.score for s in reading.spans]
        assert scores == sorted(scores, reverse=True)
        for span in reading.spans:
            assert 0 <= span.start < span.end <= len(text)
            assert text[span.start : span.end].strip()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in (MODEL, TOKENIZER, MANIFEST):
        shutil.copy(PACKAGED / name, tmp_path / name)
    return tmp_path


def test_altered_files_are_refused(copied: Path) -> None:
    SpanReader.load(copied)
    with (copied / MODEL).open("r+b") as stream:
        stream.seek(5000)
        byte = stream.read(1)
        stream.seek(5000)
        stream.write(bytes([byte[0] ^ 1]))
    with pytest.raises(ReaderError, match=r"sha256.*reinstall"):
        SpanReader.load(copied)


@pytest.mark.parametrize("name", [MODEL, TOKENIZER, MANIFEST])
def test_missing_files_are_named(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ReaderError, match=name):
        SpanReader.load(copied)


def test_a_model_that_is_none_is_refused(copied: Path) -> None:
    from askbot.reader.package import write_manifest

    (copied / MODEL).write_bytes(b"not a model")
    write_manifest(copied)
    with pytest.raises(ReaderError, match="cannot be loaded"):
        SpanReader.load(copied)


def test_the_model_is_small() -> None:
    assert (PACKAGED / MODEL).stat().st_size < 25_000_000


def test_asking_imports_no_torch() -> None:
    code = (
        "import sys\n"
        "import askbot.reader\n"
        "assert 'numpy' not in sys.modules and 'onnxruntime' not in sys.modules\n"
        "from askbot.reader import Calibration, ReaderInput, SpanReader\n"
        "reading = SpanReader.load().read('Who?', [ReaderInput('', 'Ada sold it.')])[0]\n"
        "Calibration.load('page'), Calibration.load('reader').of_reading(reading)\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
