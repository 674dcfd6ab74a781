"""Pages, an encoder and a retriever for thread questions: our own pages, read and encoded here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from askbot import sources
from askbot.answers import Evidence
from askbot.citations import Checked, check
from askbot.discussion import Page
from askbot.embedding import QuestionEncoder, check_packaged_model
from askbot.passages import passages_of
from askbot.resources import resource
from askbot.settings import Settings
from askbot.sources import plaintext
from askbot.sources.builder import Post
from askbot.thread import ThreadAnswerer, ThreadReply

Encode = Callable[[Sequence[str]], Any]
Search = Callable[[str, int], Sequence[Evidence]]


def post(author: str, *texts: str, replies: Sequence[Post] = ()) -> Post:
    """A comment with its replies, for a page that is written out in a test."""
    return Post(author, f"{author or 'Nameless'} says:", texts, replies=list(replies))


@pytest.fixture(scope="session")
def encode(tmp_path_factory: pytest.TempPathFactory) -> Encode:
    """The question encoder, exported as an ingest would."""
    from askbot.embedding import PageEncoder, exported_folder

    check_packaged_model()
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    folder = exported_folder(settings)
    PageEncoder(settings).export(folder)
    return QuestionEncoder(folder).encode


@pytest.fixture(scope="session")
def pages() -> dict[str, Page]:
    files = {"sc": ("secure-communities.txt",), "bv": ("extra", "beavers.txt")}
    found = {}
    for slug, parts in files.items():
        path = resource("corpus", *parts)
        found[slug] = plaintext.read(Path(path).read_text(encoding="utf-8"), slug=slug, origin=slug)
    path = str(resource("corpus", "extra", "night-bus.html"))
    found["nb"] = sources.read(path, settings=Settings(), slug="nb")[0]
    return found


def retriever(page: Page, encode: Encode) -> Search:
    """Dense search over the page's passages, as exact as the real one."""
    passages = passages_of(page)
    vectors: list[Any] = []

    def search(text: str, k: int) -> list[Evidence]:
        if not vectors:
            texts = [p.searchable for p in passages]
            vectors.append(
                np.concatenate([encode(texts[n : n + 32]) for n in range(0, len(texts), 32)])
            )
        scores = vectors[0] @ encode([text])[0]
        found: dict[str, Evidence] = {}
        for place in np.argsort(-scores):
            part = passages[int(place)].part_id
            found.setdefault(part, Evidence(part, page, part, float(scores[place])))
            if len(found) == k:
                break
        return list(found.values())

    return search


Asked = tuple[ThreadReply, Checked] | None


@pytest.fixture(scope="session")
def ask(encode: Encode) -> Callable[[str, Page], Asked]:
    """Ask a page: the reply and its checked form, or None for a content question."""
    answerer = ThreadAnswerer(encode)
    searches: dict[int, Search] = {}
    kept: list[Page] = []

    def asked(question: str, page: Page) -> Asked:
        if id(page) not in searches:
            searches[id(page)] = retriever(page, encode)
            kept.append(page)
        reply = answerer.answer(question, page, searches[id(page)])
        return None if reply is None else (reply, check(reply.draft, reply.evidence))

    return asked


def assert_computed(
    ask: Callable[[str, Page], Any], question: str, page: Page, cited: str, said: str
) -> ThreadReply:
    """That exactly these ids are cited, and that the answer has every part (apart by "|") in it."""
    reply: ThreadReply
    reply, checked = ask(question, page)
    assert not checked.rejected
    assert {c.id for c in checked.citations} == set(cited.split()), reply.route
    for part in said.split("|"):
        assert part in checked.text
    return reply
