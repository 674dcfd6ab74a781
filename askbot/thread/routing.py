"""Which kind of thread question this is, or that it is none: a linear model over an embedding.

Multinomial logistic regression over the sentence embedding of the masked question and over its
skeleton's n-grams. The weights are fitted to the utterances in examples.toml and content.toml by
`python -m askbot.thread.fit`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from askbot.errors import StoreDamaged
from askbot.thread.slots import Slots
from askbot.thread.vocabulary import THREAD_WORDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

CONTENT = "content"
WEIGHTS = Path(__file__).with_name("weights.npz")
EMBEDDING_SCALE = 3.0
"""Weight of the embedding beside the n-grams; chosen on the tuning questions."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind of question and how likely it is; `thread` is the probability of any thread kind."""

    kind: str
    probability: float
    thread: float


def ngrams(skeleton: Sequence[str]) -> Iterator[str]:
    """The skeleton's features: runs of one, two and three, its ends, and what it has at all."""
    padded = ("^", *skeleton, "$")
    yield from skeleton
    for size in (2, 3):
        for start in range(len(padded) - size + 1):
            yield " ".join(padded[start : start + size])
    named = skeleton.count("N") + skeleton.count("C")
    yield f"names={min(named, 2)}"
    yield f"unknown={min(skeleton.count('X'), 3)}"
    yield "thread words" if THREAD_WORDS & set(skeleton) else "no thread words"


class Router:
    """Classifies questions that were taken apart. Holds the weights; pure."""

    def __init__(
        self, kinds: Sequence[str], vocabulary: Sequence[str], weights: Vector, bias: Vector
    ) -> None:
        self.kinds = list(kinds)
        self._place = {gram: n for n, gram in enumerate(vocabulary)}
        self._dense = weights[:, : weights.shape[1] - len(vocabulary)]
        self._sparse = weights[:, weights.shape[1] - len(vocabulary) :]
        self._bias = bias

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Router:
        """The fitted router.

        Raises:
            StoreDamaged: the weights that belong to this installation are missing or unreadable.
        """
        import numpy as np

        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls(
                    [str(k) for k in stored["kinds"]],
                    [str(g) for g in stored["vocabulary"]],
                    stored["weights"].astype(np.float32),
                    stored["bias"].astype(np.float32),
                )
        except (OSError, KeyError, ValueError) as error:
            raise StoreDamaged(f"{path} cannot be read ({error}); install askbot again") from None

    def classify(self, slots: Slots, vector: Vector) -> Guess:
        """The likeliest kind; `vector` embeds `slots.masked`."""
        import numpy as np

        scores = self._dense @ (vector * EMBEDDING_SCALE) + self._bias
        found = [self._place[g] for g in dict.fromkeys(ngrams(slots.skeleton)) if g in self._place]
        if found:
            scores = scores + self._sparse[:, found].sum(axis=1) * gram_weight(len(found))
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        content = self.kinds.index(CONTENT)
        best = int(np.argmax(np.where(np.arange(len(likely)) == content, -1.0, likely)))
        return Guess(self.kinds[best], float(likely[best]), float(1 - likely[content]))


def gram_weight(count: int) -> float:
    """Length normalisation of the n-gram part, so that long questions weigh no more."""
    return float((max(count, 1) / 10.0) ** -0.5)


@lru_cache(maxsize=1)
def default_router() -> Router:
    """The router of this installation, loaded once."""
    return Router.load()
