"""The two encoders of the same weights agree, and altered weights are refused."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from askbot import embedding
from askbot.embedding import PageEncoder, QuestionEncoder, exported_folder
from askbot.errors import EncoderError
from askbot.settings import Settings
from askbot.text import sentences
from tests.conftest import TOWN


def _hundred_texts() -> list[str]:
    pieces = [TOWN[e.start : e.end] for e in sentences(TOWN)]
    chance = random.Random(3)
    texts = [" ".join(chance.choices(pieces, k=1 + n % 12)) for n in range(90)]
    texts += ["", "?", "naïve café “quoted”", "日本語の文", "🙂" * 20, "x" * 5000, "A B C"]
    texts += ["word " * 600, "UPPER CASE ONLY", "tab\tand\nnewline"]
    return texts


def test_questions_and_pages_are_encoded_alike(home: Path) -> None:
    settings = Settings(home=home)
    texts = _hundred_texts()
    assert len(texts) == 100
    slow = PageEncoder(settings).encode(texts)
    quick = QuestionEncoder(exported_folder(settings)).encode(texts)
    assert quick.shape == slow.shape == (100, 384)
    assert float((slow * quick).sum(axis=1).min()) > 0.9999
    one_by_one = np.concatenate(
        [QuestionEncoder(exported_folder(settings)).encode([t]) for t in texts[:3]]
    )
    assert np.allclose(one_by_one, quick[:3], atol=1e-5)


def test_altered_weights_are_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr(embedding, "packaged_model", lambda: folder)
    with pytest.raises(EncoderError, match="sha256 differs"):
        PageEncoder(Settings(home=tmp_path))


def test_a_model_that_is_not_here_is_said_without_a_download(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="not on this machine"):
        PageEncoder(Settings(home=tmp_path, embedding_model="nobody/no-such-model"))


def test_a_damaged_export_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="askbot ingest"):
        QuestionEncoder(tmp_path)
    (tmp_path / "encoder.json").write_text('{"dimension": 384, "max_length": 9, "pad_id": 0}')
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(EncoderError, match="damaged"):
        QuestionEncoder(tmp_path)
