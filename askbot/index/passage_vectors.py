"""The vectors of a page's passages: which are there already, and embedding those that are not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from askbot.discussion import Page
from askbot.index.vectors import ChromaVectors
from askbot.passages import Passage

Progress = Callable[[str, int, int], None]
"""Told (what is being done, steps done, steps in all)."""


def vector_ids(slug: str, passages: Sequence[Passage]) -> list[str]:
    """Ids by what is embedded, so that a passage that only moved keeps its vector."""
    seen: dict[str, int] = {}
    ids = []
    for passage in passages:
        digest = hashlib.sha256(passage.searchable.encode("utf-8", "surrogatepass")).hexdigest()
        repeat = seen[digest] = seen.get(digest, 0) + 1
        ids.append(f"{slug}/{digest[:24]}" + (f"/{repeat}" if repeat > 1 else ""))
    return ids


@dataclass(slots=True)
class New:
    """Passages of all pages that have no vector yet: they are embedded together, because many
    short pages would each fill a small part of a batch."""

    ids: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    metadata: list[dict[str, Any]] = field(default_factory=list)


def keep_known(
    vectors: ChromaVectors,
    page: Page,
    passages: Sequence[Passage],
    ids: Sequence[str],
    new: New,
) -> tuple[int, int]:
    """Move the vectors that are there to where their passages are now, note the others as new;
    how many of each."""
    known = vectors.known(ids)
    metadata = [_metadata(page, passage) for passage in passages]
    old = [n for n, i in enumerate(ids) if i in known]
    vectors.move([ids[n] for n in old], [metadata[n] for n in old])
    for n, vector_id in enumerate(ids):
        if vector_id not in known:
            new.ids.append(vector_id)
            new.texts.append(passages[n].searchable)
            new.metadata.append(metadata[n])
    return len(ids) - len(old), len(old)


def embed(
    vectors: ChromaVectors,
    new: New,
    beside: ChromaVectors,
    sentences: Mapping[str, str],
    slugs: Sequence[str],
    progress: Progress,
) -> None:
    """Embed and store what is new.

    Args:
        vectors, new: the collection of passages, and those that it lacks.
        beside, sentences: that of sentences, and those that it lacks, by their ids.
        slugs: the pages that are told to be embedded.
    """
    stage = f"embedding {slugs[0] if len(slugs) == 1 else f'{len(slugs)} pages'}"
    done, total = 0, len(new.ids) + len(sentences)

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(stage, done, total)

    progress(stage, 0, total)
    vectors.add(new.ids, new.texts, new.metadata, advance)
    ids = sorted(sentences, key=lambda i: len(sentences[i]))  # a batch of one length is the fastest
    beside.add(ids, [sentences[i] for i in ids], None, advance)


def sentence_id(text: str) -> str:
    """A sentence's id; the same sentence on two pages has one vector."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _metadata(page: Page, passage: Passage) -> dict[str, Any]:
    part = page.part(passage.part_id)
    return {
        "page": page.slug,
        "id": passage.part_id,
        "key": passage.key,
        "author": part.author or "",
        "start": passage.extent.start,
        "end": passage.extent.end,
        "source_sha256": page.sha256,
    }
