"""The vector store: Chroma on disk, through langchain-chroma. Used to ingest; questions are
answered from the tables made of it, which rank alike (tested against `nearest`)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbot.embedding import PageEncoder, QuestionEncoder, exported_folder, go_offline
from askbot.errors import AskbotError, StoreBusy, StoreDamaged, StoreError
from askbot.settings import Settings

if TYPE_CHECKING:
    from langchain_chroma import Chroma

    from askbot.embedding import Vectors

_BATCH = 1000
"""Chroma refuses batches of more than about 5,000."""


@contextmanager
def chroma_errors(folder: Path) -> Iterator[None]:
    """Turn what Chroma raises into one line. Its Rust core may panic, which is no `Exception`."""
    try:
        yield
    except (AskbotError, KeyboardInterrupt, SystemExit, MemoryError, GeneratorExit):
        raise
    except BaseException as error:
        text = " ".join(str(error).split())[:160]
        if "disk is full" in text or "No space left" in text:
            raise StoreError(
                f"no space left on the disk that holds {folder}; nothing was lost: free some space "
                "and run the command again"
            ) from None
        if "locked" in text or "busy" in text:
            raise StoreBusy(
                f"the index in {folder} is locked by another process; try again when it is done"
            ) from None
        raise StoreDamaged(
            f"the index in {folder} is damaged ({text or type(error).__name__}); "
            "run `askbot ingest --rebuild` to make it again from the saved pages"
        ) from None


class ChromaVectors:
    """A collection of one embedding model; ids are fingerprints of what is embedded.

    Args:
        beside: the open collection of passages, for that of their sentences.
    """

    def __init__(
        self, folder: Path, settings: Settings, *, beside: ChromaVectors | None = None
    ) -> None:
        go_offline()
        self._folder = folder
        self._settings = settings
        self._encoder: PageEncoder | None = None
        self._beside = beside
        self._progress: Callable[[int], None] | None = None
        with chroma_errors(folder):
            self._chroma = self._open("sentences" if beside else "passages")

    def _open(self, name: str) -> Chroma:
        from chromadb.config import Settings as ChromaSettings
        from langchain_chroma import Chroma
        from langchain_core.embeddings import Embeddings

        outer = self

        class PageEmbeddings(Embeddings):
            """Passages by sentence-transformers, questions by the ONNX export of the same."""

            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                return outer.page_encoder().encode(texts, outer._progress).tolist()  # type: ignore[no-any-return]

            def embed_query(self, text: str) -> list[float]:
                folder = exported_folder(outer._settings)
                return QuestionEncoder(folder).encode([text])[0].tolist()  # type: ignore[no-any-return]

        tag = hashlib.sha256(self._settings.embedding_model.encode()).hexdigest()[:12]
        return Chroma(
            collection_name=f"{name}-{tag}",
            client=self._beside.langchain._client if self._beside else None,
            persist_directory=None if self._beside else str(self._folder),
            embedding_function=PageEmbeddings(),
            collection_configuration={"hnsw": {"space": "cosine"}},
            client_settings=None
            if self._beside
            else ChromaSettings(anonymized_telemetry=False, is_persistent=True),
        )

    def close(self) -> None:
        """Let go of the database, so that its files can be moved or the disk unmounted."""
        with chroma_errors(self._folder):
            self._chroma._client.close()

    def __enter__(self) -> ChromaVectors:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def langchain(self) -> Chroma:
        """The LangChain vector store itself."""
        return self._chroma

    def page_encoder(self) -> PageEncoder:
        """The sentence-transformers encoder, loaded on first use; exports the ONNX one once."""
        if self._beside is not None:
            return self._beside.page_encoder()
        if self._encoder is None:
            self._encoder = PageEncoder(self._settings)
            folder = exported_folder(self._settings)
            if not (folder / "encoder.json").is_file():
                self._encoder.export(folder)
        return self._encoder

    def known(self, ids: Sequence[str]) -> set[str]:
        """Which of these ids have a vector already."""
        found: set[str] = set()
        with chroma_errors(self._folder):
            for start in range(0, len(ids), _BATCH):
                found.update(
                    self._chroma.get(ids=list(ids[start : start + _BATCH]), include=[])["ids"]
                )
        return found

    def add(
        self,
        ids: Sequence[str],
        texts: Sequence[str],
        metadatas: Sequence[dict[str, Any]] | None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Embed texts and store them."""
        self._progress = progress
        with chroma_errors(self._folder):
            for start in range(0, len(ids), _BATCH):
                part = slice(start, start + _BATCH)
                self._chroma.add_texts(
                    list(texts[part]),
                    metadatas=None if metadatas is None else list(metadatas[part]),
                    ids=list(ids[part]),
                )

    def move(self, ids: Sequence[str], metadatas: Sequence[dict[str, Any]]) -> None:
        """Give stored vectors new metadata (their passage has moved on the page)."""
        with chroma_errors(self._folder):
            for start in range(0, len(ids), _BATCH):
                part = slice(start, start + _BATCH)
                self._chroma._collection.update(
                    ids=list(ids[part]), metadatas=list(metadatas[part])
                )

    def matrix(self, ids: Sequence[str]) -> Vectors:
        """(n, d) float32 rows in the order of `ids`.

        Raises:
            StoreDamaged: one of them has no vector.
        """
        import numpy as np

        by_id: dict[str, Any] = {}
        wanted = list(dict.fromkeys(ids))
        with chroma_errors(self._folder):
            for start in range(0, len(wanted), _BATCH):
                got = self._chroma.get(ids=wanted[start : start + _BATCH], include=["embeddings"])
                by_id.update(zip(got["ids"], got["embeddings"], strict=True))
            rows = np.asarray([by_id[i] for i in ids], np.float32)
        return rows.reshape(len(ids), -1) if ids else np.zeros((0, 1), np.float32)

    def prune(self, live: set[str]) -> None:
        """Delete every vector that no page needs any more."""
        with chroma_errors(self._folder):
            stale = [i for i in self._chroma.get(include=[])["ids"] if i not in live]
            for start in range(0, len(stale), _BATCH):
                self._chroma.delete(ids=stale[start : start + _BATCH])

    def nearest(self, vector: Vectors, k: int, slug: str | None) -> list[tuple[str, float]]:
        """(id, cosine) of the k nearest passages, by Chroma's approximate index."""
        with chroma_errors(self._folder):
            got = self._chroma._collection.query(
                query_embeddings=[vector.tolist()],
                n_results=k,
                where={"page": slug} if slug else None,
                include=["distances"],
            )
        assert got["distances"] is not None
        return [(i, 1.0 - d) for i, d in zip(got["ids"][0], got["distances"][0], strict=True)]
