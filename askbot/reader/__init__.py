"""The offline reader: finds short answers in passages and says how likely it is that they answer.

`SpanReader` needs numpy, onnxruntime and tokenizers only, and imports them when it is loaded;
training (`python -m askbot.reader.train`) needs torch. Figures and how they came about:
docs/reader.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from askbot.reader.types import ReaderInput, Reading, Span

if TYPE_CHECKING:
    from askbot.reader.calibration import Calibration, Evidence
    from askbot.reader.inference import SpanReader

__all__ = ["Calibration", "Evidence", "ReaderInput", "Reading", "Span", "SpanReader"]


def __getattr__(name: str) -> Any:
    if name == "SpanReader":
        from askbot.reader.inference import SpanReader

        return SpanReader
    if name in ("Calibration", "Evidence"):
        from askbot.reader import calibration

        return getattr(calibration, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
