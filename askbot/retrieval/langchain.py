"""The search as a LangChain retriever, for chains and for anybody who builds on one.

Kept out of `search` because importing LangChain's retrievers takes 0.4 s or more.
"""

from __future__ import annotations

from collections.abc import Callable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from askbot.retrieval.search import Hit

Find = Callable[[str], list[Hit]]


class PageRetriever(BaseRetriever):
    """Hybrid search over indexed pages: dense and lexical rankings fused, best first.

    Each document's text is `source[start:end]` of its page; its metadata name the citable id, the
    page and its sha256, the kind, the author, the context line, and the scores.
    """

    find: Find

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        del run_manager
        return [as_document(hit) for hit in self.find(query)]


def as_document(hit: Hit) -> Document:
    """A found passage as a LangChain document; its id is unique in the index."""
    evidence = hit.evidence
    return Document(
        id=f"{evidence.page.slug}:{evidence.local_id}@{hit.extent.start}",
        page_content=hit.text,
        metadata={
            "id": evidence.id,
            "page": evidence.page.slug,
            "kind": evidence.kind,
            "author": evidence.author,
            "context": hit.context,
            "start": hit.extent.start,
            "end": hit.extent.end,
            "source_sha256": evidence.page.sha256,
            "dense": hit.dense,
            "lexical": hit.lexical,
            "score": hit.score,
        },
    )
