"""The tutorial way, for comparison: LangChain, HuggingFaceEmbeddings and Chroma, one question.

Usage: python benchmarks/plain_langchain.py FOLDER PAGE.txt QUESTION
The index in FOLDER is made when it is not there; timing starts after that, in a new process.
"""

from __future__ import annotations

import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings

from askbot.embedding import packaged_model


def main(folder: str, page: str, question: str) -> None:
    """Print the nearest passages."""
    embeddings = HuggingFaceEmbeddings(model_name=str(packaged_model()))
    store = Chroma("passages", embedding_function=embeddings, persist_directory=folder)
    if not store.get(limit=1)["ids"]:
        with open(page, encoding="utf-8") as file:
            blocks = [block for block in file.read().split("\n\n") if block.strip()]
        store.add_documents([Document(page_content=block) for block in blocks])
    for document in store.as_retriever(search_kwargs={"k": 5}).invoke(question):
        print(" ".join(document.page_content.split())[:100])


if __name__ == "__main__":
    main(*sys.argv[1:4])
