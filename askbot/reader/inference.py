"""Reading passages with the exported model: numpy, onnxruntime and tokenizers, no torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from askbot.errors import ReaderError
from askbot.reader.encoding import Batch, Encoder, Floats, Sequence384, collate
from askbot.reader.package import PACKAGED, checked
from askbot.reader.spans import BEST, Picked, pick_spans
from askbot.reader.types import ReaderInput, Reading, Span

if TYPE_CHECKING:
    import onnxruntime

WINDOW, STRIDE = 288, 144
"""Passage tokens a window, and how far the next one starts (the rest is overlap)."""


class SpanReader:
    """Picks answer spans from passages. Safe to call from several threads."""

    def __init__(self, session: onnxruntime.InferenceSession, encoder: Encoder) -> None:
        self._session = session
        self._encoder = encoder

    @classmethod
    def load(cls, path: Path | None = None, *, threads: int = 2) -> SpanReader:
        """Load the packaged model, or the one in the folder `path`.

        Raises:
            ReaderError: a file is missing, altered or unusable; the message says what to do.
        """
        import onnxruntime

        model, tokenizer = checked(PACKAGED if path is None else path)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # the model is optimised when it is exported; doing so again only costs start-up time
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        try:
            session = onnxruntime.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"]
            )
            encoder = Encoder.from_file(tokenizer)
        except Exception as error:
            raise ReaderError(
                f"the reader's model in {model.parent} cannot be loaded ({error}); "
                "reinstall askbot with the pinned onnxruntime and tokenizers"
            ) from error
        return cls(session, encoder)

    def read(self, question: str, inputs: Sequence[ReaderInput]) -> list[Reading]:
        """Read each passage for one question; readings in the order of `inputs`."""
        return self.read_pairs([(question, given) for given in inputs])

    def read_pairs(self, pairs: Sequence[tuple[str, ReaderInput]]) -> list[Reading]:
        """Read (question, passage) pairs, all different if need be; readings in their order.

        A passage longer than WINDOW tokens is read in overlapping windows, whose spans compete.
        """
        windows: list[tuple[int, Sequence384]] = []
        for number, (question, given) in enumerate(pairs):
            for window in self._windows(question, given):
                windows.append((number, window))
        spans: list[list[tuple[Picked, float]]] = [[] for _ in pairs]
        nulls = [float("-inf")] * len(pairs)
        answers = [float("-inf")] * len(pairs)
        for number, window in windows:
            # One at a time: together they are no faster, and the scales of dynamic quantisation
            # would be taken over them all, so that a reading would depend on its company.
            starts, ends, answerable = self._run(collate([window]))
            found, null = pick_spans(starts[0], ends[0], window, pairs[number][1].text)
            spans[number] += [(span, null) for span in found]
            nulls[number] = max(nulls[number], null)
            answers[number] = max(answers[number], float(answerable[0]))
        return [
            _reading(found, null, answer)
            for found, null, answer in zip(spans, nulls, answers, strict=True)
        ]

    def _windows(self, question: str, given: ReaderInput) -> Iterator[Sequence384]:
        count = len(self._encoder.tokens(given.text).ids)
        first = 0
        while True:
            # a whole passage in one window where it fits
            last = count if count - first <= WINDOW else first + WINDOW
            sequence = self._encoder.sequence(question, given.context, given.text, first, last)
            yield sequence
            taken = len(sequence.offsets)
            if first + taken >= count:
                return
            first += min(STRIDE, max(1, taken // 2))

    def _run(self, batch: Batch) -> tuple[Floats, Floats, Floats]:
        start, end, answerable = self._session.run(
            ["start", "end", "answerable"],
            {
                "ids": batch.ids,
                "types": batch.types,
                "attention": batch.attention,
                "selectable": batch.selectable,
            },
        )
        return start, end, answerable


def _reading(found: list[tuple[Picked, float]], null: float, answerable: float) -> Reading:
    """Spans of all windows of a passage, best first, overlapping ones dropped."""
    kept: list[Span] = []
    best_null = null
    for span, window_null in sorted(found, key=lambda f: -f[0].score):
        if any(span.start < k.end and k.start < span.end for k in kept):
            continue
        if not kept:
            best_null = window_null
        kept.append(Span(span.start, span.end, span.score))
        if len(kept) == BEST:
            break
    return Reading(tuple(kept), best_null, answerable)
