"""Training can begin with what is shipped: the network gets back the weights of the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from askbot.errors import ReaderError
from askbot.reader.package import MODEL, PACKAGED


def test_the_network_says_what_the_shipped_file_says() -> None:
    import onnxruntime
    import torch

    from askbot.reader.network import Reader
    from askbot.reader.restore import restore

    reader = Reader(0.0).eval()
    restore(reader, PACKAGED / MODEL)
    session = onnxruntime.InferenceSession(str(PACKAGED / MODEL))
    ids = torch.randint(1000, 20_000, (24, 40), generator=torch.Generator().manual_seed(1))
    ids[:, 0] = 101
    given = {
        "ids": ids,
        "types": torch.zeros_like(ids),
        "attention": torch.ones_like(ids),
        "selectable": torch.ones_like(ids, dtype=torch.bool),
    }
    with torch.no_grad():
        own = reader(**given)
    theirs = session.run(None, {name: value.numpy() for name, value in given.items()})
    for one, other in zip(own, theirs, strict=True):
        # the file rounds what goes into its products as well, by processor more or less
        assert np.corrcoef(one.numpy().ravel(), other.ravel())[0, 1] > 0.99


def test_a_file_that_is_no_reader_is_refused(tmp_path: Path) -> None:
    from askbot.reader.network import Reader
    from askbot.reader.restore import restore

    (tmp_path / "x.onnx").write_bytes(b"nothing of the kind")
    for path in (tmp_path / "x.onnx", tmp_path / "absent.onnx"):
        with pytest.raises(ReaderError, match="export"):
            restore(Reader(0.0), path)
