"""What a passage is ranked by: the weights of the fused score, and the projection of a question.

The encoder was made to put paraphrases near each other. A question is no paraphrase of what answers
it, so its vector is first taken through one matrix that was learned from questions about pages with
comments (`askbot.retrieval.fit`); passages and sentences keep theirs, and the index does not depend
on it. The idea is that of linear adapters for query embeddings; the loss is a softmax over the
passages of a page, as in dense passage retrieval (Karpukhin et al., 2020, section 3.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from askbot.embedding import DEFAULT_MODEL
from askbot.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askbot.embedding import Vectors

FILE = "ranking.npz"


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Weights of the fused score; those of the two cosines and of BM25 add up to one.

    Attributes:
        passage: of the cosine between question and passage, context line included.
        sentence: of the cosine between question and the passage's nearest sentence.
        lexical: of the passage's share of the most that BM25 could give it.
        number: for a passage that has a number of the question.
        article: for a paragraph of the article: questions are asked of it more than of a comment.
        length: for the logarithm of a passage's length (`SearchTables.shapes`): a long one answers
            more questions.
        projection: (d, d) matrix that question vectors go through, if any.
    """

    passage: float
    sentence: float
    lexical: float
    number: float
    article: float = 0.0
    length: float = 0.0
    projection: NDArray[np.float32] | None = None

    def project(self, vector: Vectors) -> Vectors:
        """A question's vector (d,) as it is compared with passages, L2-normalised."""
        import numpy as np

        if self.projection is None:
            return vector
        moved = vector @ self.projection
        length = np.float32(max(float(np.linalg.norm(moved)), 1e-12))
        normalised: Vectors = moved / length
        return normalised


PLAIN = Ranking(0.35, 0.35, 0.3, 0.08)
"""For an embedding model that nothing was learned for."""


def ranking_for(model: str) -> Ranking:
    """What goes with an embedding model.

    Raises:
        EncoderError: the learned weights are damaged.
    """
    return _learned() if model == DEFAULT_MODEL else PLAIN


@lru_cache(maxsize=1)
def _learned() -> Ranking:
    import numpy as np

    path = resources.files("askbot.retrieval") / FILE
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            passage, sentence, lexical, number, article, length = map(float, saved["weights"])
            moved = saved["projection"].astype(np.float32)
            return Ranking(passage, sentence, lexical, number, article, length, moved)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise EncoderError(
            f"{path} is damaged ({type(error).__name__}); install askbot again"
        ) from None
