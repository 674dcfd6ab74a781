"""Take a shipped model's weights back into the network, so that training can go on from it.

Checkpoints are not shipped; an exported file holds the same weights in 7 or 8 bits, and a few
hundred steps make up for the rounding.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch

from askbot.errors import ReaderError
from askbot.reader.network import LAYERS, Reader


def restore(reader: Reader, path: Path) -> None:
    """Fill `reader` from an ONNX file that `askbot.reader.export` wrote.

    Raises:
        ReaderError: the file is missing, or is not such a model.
    """
    import onnx
    from onnx import numpy_helper

    try:
        graph = onnx.load(str(path)).graph
    except Exception as error:  # protobuf's own errors have no common class
        raise ReaderError(f"cannot read {path} as a model: {error}; export one first") from error
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    try:
        state = _state(held)
        reader.load_state_dict(state)
    except (KeyError, IndexError, RuntimeError) as error:
        raise ReaderError(f"{path} was not written by askbot.reader.export: {error}") from error


def _state(held: dict[str, Any]) -> dict[str, torch.Tensor]:
    values = {n: v for n, v in held.items() if re.fullmatch(r"[a-z_0-9.]+\.(weight|bias)", n)}
    if "word.rows" in held:
        values["word.weight"] = held["word.rows"].astype("float32") * held["word.scale"]
    # the exporter numbers the factors of products in the order of the computation
    found: dict[int, str] = {}
    for name in held:
        if match := re.fullmatch(r"onnx::MatMul_(\d+)(_quantized|_bytes)?", name):
            found[int(match[1])] = name
    factors = [_factor(held, found[number]) for number in sorted(found)]
    parts = [f"layers.{n}.{p}" for n in range(LAYERS) for p in ("qkv", "out", "up", "down")]
    for part, factor in zip([*parts, "span"], factors, strict=True):
        values[f"{part}.weight"] = factor.T
    for part in ("answer_hidden", "answer"):
        if f"{part}.weight" not in values:
            values[f"{part}.weight"] = _factor(held, f"{part}.weight_Transposed_quantized").T
    return {name: torch.tensor(value.copy()) for name, value in values.items()}


def _factor(held: dict[str, Any], name: str) -> Any:
    base = name.removesuffix("_quantized").removesuffix("_bytes")
    if base == name:
        return held[name]
    return held[name].astype("float32") * held[f"{base}_scale"]
