"""Search tables: one generation of vectors and BM25 postings, read whole by every question.

They are made from Chroma at the end of an ingest so that a cold question needs neither chromadb nor
a network of imports: an exact scan of 50,000 passages takes about 5 ms.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbot.errors import StoreDamaged
from askbot.text import stem, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askbot.embedding import Vectors

    Scores = NDArray[np.float32]


SENTENCES = "sentences.npy"


@dataclass(frozen=True, slots=True)
class Row:
    """A searchable passage: whose it is, where it stands, and its vector's id."""

    slug: str
    key: str
    part_id: str
    start: int
    end: int
    vector_id: str


def lexical_tokens(text: str) -> list[str]:
    """Stems of all words; stop words too, since BM25 weighs them down by itself."""
    return [stem(w) for w in words(text)]


class SearchTables:
    """Rows, their vectors (row i of the matrix), those of their sentences, and the BM25 scores of
    each term."""

    def __init__(
        self,
        rows: Sequence[Row],
        vectors: Vectors,
        vocabulary: dict[str, int],
        postings: tuple[Any, Any, Any],
        sentences: tuple[Vectors, NDArray[np.int64]] | None = None,
    ) -> None:
        self.rows = list(rows)
        self.vectors = vectors
        self._vocabulary = vocabulary
        self._weights, self._documents, self._offsets = postings
        self._sentences = sentences
        self._rows_of: dict[str, NDArray[np.intp]] = {}
        self._shapes: Scores | None = None

    @property
    def shapes(self) -> Scores:
        """(n, 2): whether a row is of the article (1) or a comment (0), and the logarithm of its
        characters over that of a thousand."""
        import numpy as np

        if self._shapes is None:
            kinds = [float(row.part_id[:1] == "p") for row in self.rows]
            sizes = np.log([max(row.end - row.start, 1) for row in self.rows]) / np.log(1000)
            self._shapes = np.stack([kinds, sizes], axis=1).astype(np.float32).reshape(-1, 2)
        return self._shapes

    @property
    def vocabulary(self) -> dict[str, int]:
        """Term (a stem) to its number."""
        return self._vocabulary

    def rows_of(self, slug: str | None) -> NDArray[np.intp]:
        """Row numbers of a page; of all pages for None."""
        import numpy as np

        if slug is None:
            return np.arange(len(self.rows))
        if not self._rows_of:
            numbers: dict[str, list[int]] = {}
            for n, row in enumerate(self.rows):
                numbers.setdefault(row.slug, []).append(n)
            self._rows_of = {s: np.array(found, np.intp) for s, found in numbers.items()}
        return self._rows_of.get(slug, np.zeros(0, np.intp))

    def lexical(self, tokens: Sequence[str]) -> Scores:
        """BM25 score of every row for these terms (Robertson's, as computed by bm25s)."""
        import numpy as np

        scores = np.zeros(len(self.rows), np.float32)
        for token in tokens:
            number = self._vocabulary.get(token)
            if number is not None:
                span = slice(self._offsets[number], self._offsets[number + 1])
                scores[self._documents[span]] += self._weights[span]
        return scores

    def heaviest(self, token: str) -> float:
        """The most that this term adds to any row's BM25 score; 0 for a term that no row has."""
        number = self._vocabulary.get(token)
        if number is None:
            return 0.0
        return float(self._weights[self._offsets[number] : self._offsets[number + 1]].max())

    def dense(self, vector: Vectors, rows: NDArray[np.intp]) -> Scores:
        """Cosine of these rows to a normalised question vector."""
        vectors = self.vectors if len(rows) == len(self.rows) else self.vectors[rows]
        scores: Scores = vectors @ vector
        return scores

    @property
    def has_sentences(self) -> bool:
        """Whether sentences have vectors too; an index of an earlier version has none."""
        return self._sentences is not None

    def best_sentence(self, vector: Vectors, rows: NDArray[np.intp]) -> Scores:
        """Cosine of the nearest sentence of each of these rows, which are in ascending order, to a
        normalised question vector."""
        import numpy as np

        if self._sentences is None or not len(rows):
            return self.dense(vector, rows)
        matrix, offsets = self._sentences
        starts, ends = offsets[rows], offsets[rows + 1]
        places = np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)])
        counts = ends - starts
        whole = len(places) == len(matrix)
        cosines = (matrix if whole else matrix[places]) @ vector
        best: Scores = np.maximum.reduceat(cosines, np.cumsum(counts) - counts)
        return best

    def sentences_of(self, vector: Vectors, row: int) -> Scores:
        """Cosines of a row's sentences, in order, to a normalised question vector; empty where
        they have no vectors."""
        if self._sentences is None:
            return self.vectors[:0] @ vector
        matrix, offsets = self._sentences
        cosines: Scores = matrix[offsets[row] : offsets[row + 1]] @ vector
        return cosines


def build(
    folder: Path,
    rows: Sequence[Row],
    texts: Sequence[str],
    vectors: Vectors,
    sentences: tuple[Vectors, Sequence[int]] | None = None,
) -> None:
    """Write a generation into an existing, empty folder.

    Args:
        vectors: (n, d), one for each row.
        sentences: (m, d) vectors of the rows' sentences, in order, and how many each row has (one
            at least).
    """
    import bm25s
    import numpy as np

    vocabulary: dict[str, int] = {}
    token_ids = [
        [vocabulary.setdefault(t, len(vocabulary)) for t in lexical_tokens(text)] for text in texts
    ]
    if vocabulary:
        model = bm25s.BM25(k1=1.2, b=0.6)
        model.index((token_ids, dict(vocabulary)), show_progress=False)  # it adds a "" of its own
        scores = model.scores
        postings = (scores["data"], scores["indices"], scores["indptr"])
    else:
        postings = (np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(1, np.int64))
    np.save(folder / "vectors.npy", vectors)
    if sentences is not None:
        matrix, counts = sentences
        np.save(folder / SENTENCES, matrix)
        np.save(folder / "sentence_offsets.npy", np.cumsum([0, *counts], dtype=np.int64))
    for name, array in zip(("weights", "documents", "offsets"), postings, strict=True):
        np.save(folder / f"{name}.npy", np.asarray(array))
    (folder / "rows.json").write_text(
        json.dumps({"rows": [astuple(row) for row in rows], "vocabulary": vocabulary}),
        encoding="utf-8",
    )


def load(folder: Path) -> SearchTables:
    """Read a generation.

    Raises:
        StoreDamaged: a table is missing or does not fit the others.
    """
    import numpy as np

    try:
        record = json.loads((folder / "rows.json").read_bytes())
        rows = [Row(*fields) for fields in record["rows"]]
        vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
        weights, documents, offsets = (
            np.load(folder / f"{name}.npy", allow_pickle=False)
            for name in ("weights", "documents", "offsets")
        )
        vocabulary: dict[str, int] = record["vocabulary"]
        sentences = None
        if (folder / SENTENCES).is_file():
            matrix = np.load(folder / SENTENCES, mmap_mode="r", allow_pickle=False)
            starts = np.load(folder / "sentence_offsets.npy", allow_pickle=False)
            if len(starts) != len(rows) + 1 or starts[-1] != len(matrix):
                raise ValueError("tables of different sizes")
            sentences = (matrix, starts)
        if len(vectors) != len(rows) or (vocabulary and len(offsets) <= len(vocabulary) - 1):
            raise ValueError("tables of different sizes")
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise StoreDamaged(
            f"the search tables in {folder} are damaged ({type(error).__name__}); "
            "run `askbot ingest --rebuild` to make them again from the saved pages"
        ) from None
    return SearchTables(rows, vectors, vocabulary, (weights, documents, offsets), sentences)
