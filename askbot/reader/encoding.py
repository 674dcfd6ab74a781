"""From texts to the token sequence that the reader sees, the same in training and in use.

One input is `[CLS] question [SEP] context line: passage [SEP]` (Devlin et al., 2019, section 4.2,
with a context line before the passage). Only passage tokens, and `[CLS]` for "no answer", can be
picked as the start or end of a span.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CLS, SEP, PAD = 101, 102, 0
MAX_QUESTION, MAX_CONTEXT, MAX_LENGTH = 64, 48, 384

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Ids of a text's word pieces and their (start, end) code points in it."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Sequence384:
    """One model input: `ids`, where its second segment and its passage tokens begin, and the

    offsets of those passage tokens in the passage's text. Passage token `i` is `ids[first + i]`.
    """

    ids: tuple[int, ...]
    second: int
    first: int
    offsets: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Batch:
    """Arrays of shape (batch, length): ids, segment types, attention mask, and selectable."""

    ids: Ints
    types: Ints
    attention: Ints
    selectable: Bools


class Encoder:
    """A WordPiece tokeniser and the layout of the reader's input."""

    def __init__(self, tokenizer: Tokenizer, *, kept: int = 1_000) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self.tokens = lru_cache(maxsize=kept)(self._tokens)

    @classmethod
    def from_file(cls, path: Path, *, kept: int = 1_000) -> Encoder:
        """Load `tokenizer.json`; the last `kept` texts' tokens are remembered, 10 KB each."""
        from tokenizers import Tokenizer

        return cls(Tokenizer.from_file(str(path)), kept=kept)

    def _tokens(self, text: str) -> Tokens:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return Tokens(tuple(encoding.ids), tuple(encoding.offsets))

    def head(self, question: str, context: str) -> tuple[tuple[int, ...], int]:
        """Ids before the passage, and the index at which the second segment begins."""
        asked = (CLS, *self.tokens(question).ids[:MAX_QUESTION], SEP)
        line = self.tokens(context).ids[:MAX_CONTEXT] if context.strip() else ()
        colon = self.tokens(":").ids
        if line and line[-len(colon) :] != colon:
            line = (*line, *colon)
        return (*asked, *line), len(asked)

    def sequence(
        self, question: str, context: str, passage: str, first: int = 0, last: int | None = None
    ) -> Sequence384:
        """The input for passage tokens [first, last), cut to MAX_LENGTH."""
        before, second = self.head(question, context)
        tokens = self.tokens(passage)
        room = MAX_LENGTH - len(before) - 1
        stop = min(len(tokens.ids) if last is None else last, first + room)
        ids = (*before, *tokens.ids[first:stop], SEP)
        return Sequence384(ids, second, len(before), tokens.offsets[first:stop])


def collate(sequences: Sequence[Sequence384]) -> Batch:
    """Pad sequences to the longest of them."""
    shape = (len(sequences), max(len(s) for s in sequences))
    ids = np.full(shape, PAD, dtype=np.int64)
    types = np.zeros(shape, dtype=np.int64)
    attention = np.zeros(shape, dtype=np.int64)
    selectable = np.zeros(shape, dtype=np.bool_)
    for row, sequence in enumerate(sequences):
        length = len(sequence)
        ids[row, :length] = sequence.ids
        types[row, sequence.second : length] = 1
        attention[row, :length] = 1
        selectable[row, 0] = True
        selectable[row, sequence.first : length - 1] = True
    return Batch(ids, types, attention, selectable)
