"""Fit the router's weights to the example utterances: `python -m askbot.thread.fit`.

Full-batch gradient descent with momentum on the multinomial log loss with an L2 penalty; the
utterances, the filled slots and the start are fixed, so that the same examples give the same
weights.
"""

from __future__ import annotations

import hashlib
import random
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from askbot.discussion import Comment, Page
from askbot.thread.routing import CONTENT, EMBEDDING_SCALE, WEIGHTS, gram_weight, ngrams
from askbot.thread.slots import Slots, read_slots

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Matrix = NDArray[np.float32]

FOLDER = Path(__file__).parent
FILES = ("examples.toml", "content.toml")
MOST_OF_ONE = 12
"""Variants of one utterance that are used; lines with many alternatives would drown the others."""
RARE = 5
"""N-grams in fewer examples are left out."""
PENALTY = 2e-4
STEPS = 360
STRANGERS = tuple(
    """Bob|priya|Gareth|zoltan88|Maria Lopez|jimmy|Ms. Tan|BigDave|Gregor|samantha|Fitzgerald|Hubert
    |Peter|angela|Mr. Brown|kim|Yusuf|anna_k|O'Neill|greg|Tony M.|sally|Boris|night owl|Paula|dan
    |Ahmed|the_real_joe|Mrs. White|Lena""".replace("\n    ", "").split("|")
)
TOPICS = (
    "taxes",
    "the police",
    "Obama",
    "immigration",
    "the new law",
    "911",
    "racism",
    "the governor",
    "guns",
    "Boston",
    "dogs",
    "the price of bread",
    "school buses",
    "climate change",
    "ICE",
    "welfare",
    "parking",
    "the mayor's plan",
    "bicycles",
    "illegal immigrants",
    "public housing",
    "the river",
    "vaccines",
    "jobs",
    "flooding",
    "the cost",
    "fingerprints",
    "night buses",
    "the council",
    "sanctuary cities",
    "wolves",
    "house prices",
    "the constitution",
    "cameras",
    "football",
    "the petition",
    "drug use",
    "the State Police",
    "teachers",
    "Arizona",
)
_CHOICE = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Example:
    """An utterance with its slots filled; `page` has the commenters it may name."""

    kind: str
    text: str
    weight: float


def example_page() -> Page:
    """A page without text whose commenters are the names that fill the examples."""
    names = ("Alex", "Sam")
    comments = tuple(Comment(f"c{n}", name) for n, name in enumerate(names, start=1))
    return Page("examples", "", "", (), comments)


def read_utterances() -> dict[str, list[str]]:
    """The utterances of each kind, alternatives not yet written out."""
    kinds: dict[str, list[str]] = {}
    for name in FILES:
        for kind, text in tomllib.loads((FOLDER / name).read_text(encoding="utf-8")).items():
            kinds[kind] = [line.strip() for line in str(text).splitlines() if line.strip()]
    return kinds


def data_digest(data: Sequence[Example], slots: Sequence[Slots]) -> str:
    """Hex sha256 of what the weights are fitted to: kinds, masked questions and skeletons."""
    digest = hashlib.sha256(f"{EMBEDDING_SCALE} {RARE} {PENALTY} {STEPS}".encode())
    for example, item in zip(data, slots, strict=True):
        row = f"{example.kind}\t{example.weight}\t{item.masked}\t{' '.join(item.skeleton)}\n"
        digest.update(row.encode())
    return digest.hexdigest()


def variants(utterance: str, chance: random.Random) -> list[str]:
    """An utterance with its alternatives written out, at most `MOST_OF_ONE` of them."""
    pieces = _CHOICE.split(utterance)
    options = [p.split("|") if n % 2 else [p] for n, p in enumerate(pieces)]
    written = [" ".join("".join(choice).split()) for choice in product(*options)]
    return written if len(written) <= MOST_OF_ONE else chance.sample(written, MOST_OF_ONE)


def examples() -> list[Example]:
    """All utterances with slots filled, in a fixed order."""
    chance = random.Random(11)
    found: list[Example] = []
    for kind, utterances in read_utterances().items():
        for utterance in utterances:
            for text in variants(utterance, chance):
                filled = _filled(text, chance)
                found.extend(Example(kind, f, 1.0 / len(filled)) for f in filled)
    return found


def _filled(text: str, chance: random.Random) -> list[str]:
    topics = chance.sample(TOPICS, 2) if "{t}" in text else [""]
    filled = []
    for topic in topics:
        plain = text.replace("{t}", topic).replace("{c}", "comment 5")
        filled.append(plain.replace("{n}", "Alex").replace("{m}", "Sam"))
        for stranger in chance.sample(STRANGERS, 2) if "{n}" in text and len(text) > 4 else ():
            filled.append(plain.replace("{n}", stranger).replace("{m}", "Sam"))
    if chance.random() < 0.5:
        filled = [f[:1].upper() + f[1:] + ("?" if chance.random() < 0.7 else "") for f in filled]
    return filled


def fit(
    encode: Callable[[Sequence[str]], Matrix], path: Path = WEIGHTS
) -> tuple[list[str], Matrix]:
    """Fit and store the weights; gives the kinds and the training probabilities."""
    import numpy as np

    data, page = examples(), example_page()
    slots = [read_slots(e.text, page) for e in data]
    kinds = [*sorted({e.kind for e in data} - {CONTENT}), CONTENT]
    counts = Counter(g for s in slots for g in set(ngrams(s.skeleton)))
    vocabulary = sorted(g for g, n in counts.items() if n >= RARE)
    dense = encode([s.masked for s in slots]) * np.float32(EMBEDDING_SCALE)
    grams = gram_features(slots, vocabulary)
    wanted = np.array([kinds.index(e.kind) for e in data])
    weight = _balanced(data, kinds)
    weights, bias = _descend(dense, grams, wanted, weight, len(kinds))
    np.savez_compressed(
        path,
        kinds=np.array(kinds),
        vocabulary=np.array(vocabulary),
        weights=weights.astype(np.float16),
        bias=bias.astype(np.float16),
        digest=np.array(data_digest(data, slots)),
    )
    return kinds, _softmax(_scores(dense, grams, weights) + bias)


def gram_features(slots: Sequence[Slots], vocabulary: Sequence[str]) -> csr_array:
    """(n, v) weights of the n-grams that each question has: a few dozen of many thousands."""
    import numpy as np
    from scipy.sparse import csr_array

    place = {gram: n for n, gram in enumerate(vocabulary)}
    rows = [
        [place[g] for g in dict.fromkeys(ngrams(item.skeleton)) if g in place] for item in slots
    ]
    sizes = [len(row) for row in rows]
    values = np.repeat(np.array([gram_weight(n) for n in sizes], np.float32), sizes)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    columns = np.array([column for row in rows for column in row], np.int32)
    return csr_array((values, columns, starts), shape=(len(slots), len(vocabulary)))


def _scores(dense: Matrix, grams: csr_array, weights: Matrix) -> Matrix:
    width = dense.shape[1]
    scores: Matrix = dense @ weights[:, :width].T + grams @ weights[:, width:].T
    return scores


def _balanced(data: Sequence[Example], kinds: Sequence[str]) -> Matrix:
    """Weights of the examples: kinds count by the root of their size, content as a third of all."""
    import numpy as np

    total = Counter[str]()
    for example in data:
        total[example.kind] += example.weight  # type: ignore[assignment]
    share = {k: float(total[k]) ** 0.5 for k in kinds}
    threads = sum(v for k, v in share.items() if k != CONTENT)
    share[CONTENT] = threads / 2
    weight = np.array([e.weight * share[e.kind] / total[e.kind] for e in data], np.float32)
    return np.asarray(weight / weight.sum(), np.float32)


def _softmax(scores: Matrix) -> Matrix:
    import numpy as np

    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True), np.float32)


def _descend(
    dense: Matrix, grams: csr_array, wanted: NDArray[np.intp], weight: Matrix, kinds: int
) -> tuple[Matrix, Matrix]:
    """Weights (kinds, d + v) over embeddings and n-grams, and bias; gradient descent with speed."""
    import numpy as np

    target: Matrix = np.zeros((len(wanted), kinds), np.float32)
    weights: Matrix = np.zeros((kinds, dense.shape[1] + grams.shape[1]), np.float32)
    bias: Matrix = np.zeros(kinds, np.float32)
    speed, speed_bias = np.zeros_like(weights), np.zeros_like(bias)
    target[np.arange(len(wanted)), wanted] = 1
    columns = grams.T.tocsr()
    for step in range(STEPS):
        likely = _softmax(_scores(dense, grams, weights) + bias)
        error: Matrix = (likely - target) * weight[:, None]
        ahead = 0.9 if step > 20 else 0.5
        speed *= ahead
        speed -= 0.9 * (np.hstack([error.T @ dense, (columns @ error).T]) + PENALTY * weights)
        speed_bias *= ahead
        speed_bias -= 0.9 * error.sum(axis=0)
        weights += speed
        bias += speed_bias
    return weights, bias


def main() -> None:
    """Fit with the encoder of the configured data folder and report the training accuracy."""
    import logging

    from askbot.embedding import QuestionEncoder, exported_folder
    from askbot.settings import load_settings

    settings = load_settings()
    encoder = QuestionEncoder(exported_folder(settings), threads=settings.threads)

    def encode(texts: Sequence[str]) -> Matrix:
        import numpy as np

        return np.concatenate([encoder.encode(texts[n : n + 64]) for n in range(0, len(texts), 64)])

    kinds, likely = fit(encode)
    wanted = [kinds.index(e.kind) for e in examples()]
    right = sum(int(row.argmax()) == k for row, k in zip(likely, wanted, strict=True))
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger(__name__).info("%d of %d examples right", right, len(wanted))


if __name__ == "__main__":
    main()
