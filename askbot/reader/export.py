"""Export a checkpoint to ONNX with 8-bit weights: `python -m askbot.reader.export CHECKPOINT`."""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from askbot.errors import AskbotError, ReaderError
from askbot.reader.package import MODEL, PACKAGED, TOKENIZER, backbone_folder, write_manifest

WORTH_BYTES = 100_000
"""Numbers from which a float matrix is stored in bytes."""
KEPT = (
    *(f"/layers.{number}/down/MatMul" for number in range(6)),
    "/span/MatMul",
    "/answer_hidden/Gemm",
    "/answer/Gemm",
)
"""Products that stay in floats: with 8 bits after the activation function F1 falls by 1.5."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; exit code 1 with one line where a file is missing or damaged."""
    parser = argparse.ArgumentParser(prog="askbot.reader.export", description=__doc__)
    parser.add_argument("checkpoint", type=Path, nargs="+", help="several are averaged")
    parser.add_argument("--out", type=Path, default=PACKAGED, help="folder to write")
    parser.add_argument("--backbone", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--raw", action="store_true", help="the trained, not the averaged weights")
    parser.add_argument("--full", action="store_true", help="keep 32-bit floats")
    options = parser.parse_args(arguments)
    try:
        size = export(
            options.checkpoint,
            options.out,
            backbone=options.backbone,
            raw=options.raw,
            quantised=not options.full,
        )
    except AskbotError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{options.out / MODEL}: {size / 1e6:.1f} MB\n")
    return 0


def export(
    checkpoints: Sequence[Path],
    out: Path,
    *,
    backbone: Path | None = None,
    raw: bool = False,
    quantised: bool = True,
) -> int:
    """Write the model, its tokenizer and manifest to `out`; returns the model's size in bytes.

    Raises:
        ReaderError: a checkpoint is missing, or the backbone is not there.
    """
    import torch

    from askbot.reader.network import Reader

    weights: dict[str, Any] = {}
    steps = []
    for path in checkpoints:
        if not path.is_file():
            raise ReaderError(f"{path} is missing; train one with python -m askbot.reader.train")
        saved = torch.load(path, weights_only=True)
        steps.append(int(saved["step"]))
        for name, value in saved["reader" if raw else "averaged"].items():
            share = value / len(checkpoints)
            weights[name] = weights[name] + share if name in weights else share
    reader = Reader(0.0).eval()
    reader.load_state_dict(weights)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        _to_onnx(reader, plain, compact=quantised)
        if quantised:
            _quantise(plain, plain)
        _optimise(plain, out / MODEL)
        if quantised:
            _store_as_bytes(out / MODEL)
    shutil.copyfile((backbone or backbone_folder()) / "tokenizer.json", out / TOKENIZER)
    write_manifest(
        out,
        steps=steps,
        exported=time.strftime("%Y-%m-%d"),
        weights="int8" if quantised else "fp32",
    )
    return (out / MODEL).stat().st_size


def _to_onnx(reader: Any, path: Path, *, compact: bool) -> None:
    import torch

    if compact:
        reader.word = _compact_table(reader.word.weight)
    shape = (2, 16)
    given = (
        torch.ones(shape, dtype=torch.int64),
        torch.zeros(shape, dtype=torch.int64),
        torch.ones(shape, dtype=torch.int64),
        torch.ones(shape, dtype=torch.bool),
    )
    names = ["ids", "types", "attention", "selectable"]
    axes = {name: {0: "batch", 1: "length"} for name in [*names, "start", "end"]}
    with warnings.catch_warnings():
        # the tracing exporter is the one whose graphs the runtime's fusions know
        warnings.simplefilter("ignore")
        torch.onnx.export(
            reader,
            given,
            str(path),
            input_names=names,
            output_names=["start", "end", "answerable"],
            dynamic_axes={**axes, "answerable": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )


def _compact_table(weight: Any) -> Any:
    """Word embeddings as int8 rows with one scale each: a quarter of the size."""
    import torch

    class Table(torch.nn.Module):
        scale: torch.Tensor
        rows: torch.Tensor

        def __init__(self) -> None:
            super().__init__()
            scale = weight.detach().abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
            self.register_buffer("scale", scale)
            self.register_buffer("rows", torch.round(weight.detach() / scale).to(torch.int8))

        def forward(self, ids: Any) -> Any:
            return self.rows[ids].float() * self.scale[ids]

    return Table()


def _optimise(source: Path, target: Path) -> None:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


def _quantise(source: Path, target: Path) -> None:
    """Dynamic quantisation of the matrix products but `KEPT`, one scale a column.

    Weights have 7 bits: on AVX2 without VNNI the 16-bit sums of u8 by s8 products saturate
    otherwise (onnxruntime's quantisation guide, "reduce_range").
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # it advises a pre-processing step that folds constants, which the optimiser does afterwards
    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(
        str(source),
        str(target),
        op_types_to_quantize=["MatMul", "Gemm"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=list(KEPT),
        extra_options={"MatMulConstBOnly": True},
    )


def _store_as_bytes(path: Path) -> None:
    """Large float matrices as int8 with one scale a column, for size; loading makes floats again.

    The runtime folds the two nodes that do so into a constant, so it computes with floats.
    """
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(str(path))
    graph = model.graph
    made = []
    factors = {node.input[1] for node in graph.node if node.op_type == "MatMul"}
    for tensor in list(graph.initializer):
        if (
            tensor.name not in factors
            or tensor.data_type != TensorProto.FLOAT
            or len(tensor.dims) != 2
        ):
            continue
        weight = numpy_helper.to_array(tensor)
        if weight.size < WORTH_BYTES:
            continue
        scale = (np.abs(weight).max(axis=0, keepdims=True) / 127).clip(1e-8).astype(np.float32)
        rows = np.round(weight / scale).astype(np.int8)
        graph.initializer.remove(tensor)
        name = tensor.name
        graph.initializer.extend(
            [
                numpy_helper.from_array(rows, f"{name}_bytes"),
                numpy_helper.from_array(scale, f"{name}_scale"),
            ]
        )
        made.append(helper.make_node("Cast", [f"{name}_bytes"], [f"{name}_f"], to=1))
        made.append(helper.make_node("Mul", [f"{name}_f", f"{name}_scale"], [name]))
    nodes = [*made, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(model, str(path))


if __name__ == "__main__":
    raise SystemExit(main())
