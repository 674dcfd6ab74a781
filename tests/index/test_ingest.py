"""Ingesting is repeatable, touches only what changed, and loses nothing when it is cut short."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from askbot.bot import Bot
from askbot.discussion import Page
from askbot.errors import NotFound, StoreBusy, StoreDamaged, StoreError
from askbot.index.files import Layout, one_writer
from askbot.index.ingest import forget, ingest, rebuild
from askbot.index.store import Store
from askbot.index.vectors import ChromaVectors
from askbot.settings import Settings
from askbot.sources import plaintext

FERRY = "How many passengers did the ferry have?"
ORIGINAL = """Harbour news

The ferry carried nine passengers.

The bus runs 12 times a day.

Comments (2)

  1. oldsalt says:

    I counted 31 passengers on the ferry.

  2. jo says:

    Good riddance.
"""
CHANGED = ORIGINAL.replace("12 times", "14 times").replace(
    "  1. oldsalt", "  1. newcomer says:\n\n    First to comment!\n\n  2. oldsalt"
)


def page(text: str = ORIGINAL, slug: str = "harbour", origin: str = "harbour.txt") -> Page:
    return plaintext.read(text, slug=slug, origin=origin)


def snapshot(folder: Path) -> dict[str, bytes]:
    names = ("catalog.json", "pages", "tables")
    files = [p for name in names for p in [folder / name, *(folder / name).rglob("*")]]
    return {str(p.relative_to(folder)): p.read_bytes() for p in files if p.is_file()}


def test_ingesting_again_changes_nothing(settings: Settings) -> None:
    (first,) = ingest([page()], settings)
    assert (first.status, first.reused) == ("new", 0)
    assert first.embedded == first.entry.passages == 5
    before = snapshot(settings.home)
    (again,) = ingest([page()], settings)
    assert again.status == "unchanged"
    assert snapshot(settings.home) == before


def test_only_what_changed_is_embedded_again(settings: Settings) -> None:
    ingest([page()], settings)
    (changed,) = ingest([page(CHANGED)], settings)
    # The bus paragraph and the new comment; the comments that only moved keep their vectors.
    assert (changed.status, changed.embedded, changed.reused) == ("changed", 2, 4)
    bot = Bot.open(settings)
    (first, *_) = bot.search("I counted 31 passengers on the ferry", page="harbour")
    assert first.evidence.local_id == "c2"
    assert first.text == "I counted 31 passengers on the ferry."


def test_chroma_holds_exactly_the_live_passages_with_their_places(settings: Settings) -> None:
    ingest([page()], settings)
    ingest([page(CHANGED)], settings)
    store = Store(settings)
    with ChromaVectors(Layout(settings.home).chroma, settings) as vectors:
        stored = vectors.langchain.get()
    assert sorted(stored["ids"]) == sorted(row.vector_id for row in store.tables.rows)
    source = store.page("harbour").source
    for text, place in zip(stored["documents"], stored["metadatas"], strict=True):
        assert text.endswith(source[place["start"] : place["end"]])


def test_chroma_holds_the_live_sentences_once_each(settings: Settings) -> None:
    ingest([page(), page(CHANGED, slug="pier", origin="pier.txt")], settings)
    forget("harbour", settings)
    with ChromaVectors(Layout(settings.home).chroma, settings) as vectors:
        beside = ChromaVectors(Layout(settings.home).chroma, settings, beside=vectors)
        stored = beside.langchain.get()
    assert sorted(stored["documents"]) == sorted(
        ["Harbour news", "The ferry carried nine passengers.", "The bus runs 14 times a day.",
         "First to comment!", "I counted 31 passengers on the ferry.", "Good riddance."]
    )  # fmt: skip


def test_an_index_without_vectors_of_sentences_answers_and_is_brought_up(
    settings: Settings,
) -> None:
    ingest([page()], settings)
    for name in ("sentences.npy", "sentence_offsets.npy"):
        (path,) = (settings.home / "tables").glob(f"*/{name}")
        path.unlink()
    bot = Bot.open(settings)
    assert not bot.store.tables.has_sentences
    (first, *_) = bot.search("Who counted 31 passengers?", page="harbour")
    assert first.evidence.local_id == "c1"
    (again,) = ingest([page()], settings)
    assert again.status == "unchanged"
    bot.store.refresh()
    assert bot.store.tables.has_sentences


def test_the_exact_scan_and_chroma_rank_alike(
    settings: Settings, town: Page, request: pytest.FixtureRequest
) -> None:
    ingest([page(), town], settings)
    bot = Bot.open(settings)
    tables = bot.store.tables
    chroma = ChromaVectors(Layout(settings.home).chroma, settings)
    request.addfinalizer(chroma.close)
    for question in (FERRY, "What does jo think?", "When was the vote?"):
        (vector,) = bot.encode([question])
        exact = tables.dense(vector, tables.rows_of(None))
        nearest = chroma.nearest(vector, 5, None)
        expected = [tables.rows[int(n)].vector_id for n in np.argsort(-exact)[:5]]
        assert [i for i, _ in nearest] == expected
        assert np.allclose([c for _, c in nearest], np.sort(exact)[::-1][:5], atol=1e-5)


def test_pages_live_side_by_side(settings: Settings, town: Page) -> None:
    ingest([page(), town], settings)
    bot = Bot.open(settings)
    everywhere = bot.ask(FERRY)
    assert everywhere.citations[0].id.startswith(("harbour:", "town:"))
    assert {i.split(":")[0] for i in everywhere.evidence} == {"harbour", "town"}
    assert bot.verify(everywhere) == []
    one = bot.ask(FERRY, page="town")
    assert all(":" not in i for i in one.evidence)
    with pytest.raises(NotFound, match="did you mean 'town'"):
        bot.ask(FERRY, page="twon")


def test_the_same_name_from_elsewhere_gets_its_own_slug(settings: Settings) -> None:
    ingest([page()], settings)
    (other,) = ingest([page(CHANGED, origin="elsewhere/harbour.txt")], settings)
    assert other.entry.slug == "harbour-2"
    (same_text,) = ingest([page(origin="copy.txt")], settings)
    assert (same_text.entry.slug, same_text.status) == ("harbour", "unchanged")
    (chosen,) = ingest([page(CHANGED, origin="x")], settings, replace_slug=True)
    assert (chosen.entry.slug, chosen.status) == ("harbour", "changed")


def test_forgetting_a_page(settings: Settings, town: Page) -> None:
    ingest([page(), town], settings)
    forget("harbour", settings)
    bot = Bot.open(settings)
    assert [e.slug for e in bot.catalog()] == ["town"]
    assert bot.ask(FERRY).citations
    with pytest.raises(NotFound):
        forget("harbour", settings)


CHILD = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from askbot.index.ingest import ingest
    from askbot.settings import Settings
    from askbot.sources import plaintext

    home, text, stage = Path(sys.argv[1]), Path(sys.argv[2]).read_text(), sys.argv[3]

    def die(now, done, total):
        if now.startswith(stage) and (stage == "opening" or done == total or stage == "writing"):
            os.kill(os.getpid(), signal.SIGKILL)

    page = plaintext.read(text, slug="harbour", origin="harbour.txt")
    ingest([page], Settings(home=home), progress=die)
    """
)


@pytest.mark.parametrize("stage", ["opening", "embedding", "writing"])
def test_a_killed_ingest_leaves_the_old_index_answering(
    settings: Settings, tmp_path: Path, stage: str
) -> None:
    ingest([page()], settings)
    before = snapshot(settings.home)
    text = tmp_path / "changed.txt"
    text.write_text(CHANGED)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(settings.home), str(text), stage], check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert {k: v for k, v in snapshot(settings.home).items() if k in before} == before
    bot = Bot.open(settings)
    old = bot.ask("How often does the bus run?")
    assert "12 times" in old.answer
    assert bot.verify(old) == []
    (retry,) = bot.ingest([page(CHANGED)])
    assert retry.status == "changed"
    assert "14 times" in bot.ask("How often does the bus run?").answer


def test_two_processes_at_once_wait_or_say_so(settings: Settings, tmp_path: Path) -> None:
    ingest([page()], settings)
    impatient = Settings(home=settings.home, lock_wait=0.2)
    with one_writer(Layout(settings.home), 1), pytest.raises(StoreBusy, match="try again"):
        ingest([page(CHANGED)], impatient)
    assert "12 times" in Bot.open(settings).ask("How often does the bus run?").answer
    text = tmp_path / "changed.txt"
    text.write_text(CHANGED)
    command = [sys.executable, "-c", CHILD, str(settings.home), str(text), "never"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    both = [subprocess.Popen(command, env=env) for _ in range(2)]
    assert [process.wait(timeout=150) for process in both] == [0, 0]
    assert "14 times" in Bot.open(settings).ask("How often does the bus run?").answer


def test_a_warm_bot_notices_what_another_process_ingested(settings: Settings) -> None:
    ingest([page()], settings)
    warm = Bot.open(settings)
    assert "12 times" in warm.ask("How often does the bus run?").answer
    time.sleep(0.01)
    ingest([page(CHANGED)], settings)
    assert "14 times" in warm.ask("How often does the bus run?").answer


def damage_database(home: Path) -> None:
    (home / "chroma" / "chroma.sqlite3").write_bytes(b"not a database at all" * 500)


def cut_database(home: Path) -> None:
    path = home / "chroma" / "chroma.sqlite3"
    path.write_bytes(path.read_bytes()[:100])


def lose_database(home: Path) -> None:
    (home / "chroma" / "chroma.sqlite3").unlink()


def cut_vectors(home: Path) -> None:
    (path,) = (home / "tables").glob("*/vectors.npy")
    path.write_bytes(path.read_bytes()[:200])


def garble_rows(home: Path) -> None:
    (path,) = (home / "tables").glob("*/rows.json")
    path.write_text("{")


def garble_catalog(home: Path) -> None:
    (home / "catalog.json").write_text("[1, 2")


@pytest.mark.parametrize(
    "damage",
    [damage_database, cut_database, lose_database, cut_vectors, garble_rows, garble_catalog],
)
def test_damage_is_one_line_and_rebuilding_mends_it(settings: Settings, damage) -> None:  # type: ignore[no-untyped-def]
    ingest([page()], settings)
    damage(settings.home)
    with pytest.raises(StoreDamaged, match="ingest --rebuild") as caught:
        Bot.open(settings).ask(FERRY)
    assert "\n" not in str(caught.value)
    assert [e.slug for e in rebuild(settings)] == ["harbour"]
    assert Bot.open(settings).ask(FERRY).citations


def test_an_altered_page_file_is_never_quoted(settings: Settings) -> None:
    ingest([page()], settings)
    (path,) = (settings.home / "pages").glob("*.json")
    path.write_text(path.read_text().replace("nine", "nein"))
    with pytest.raises(StoreDamaged, match=r"does not match its sha256"):
        Bot.open(settings).ask(FERRY)


def test_a_locked_database_is_said_in_a_line(settings: Settings) -> None:
    import sqlite3

    ingest([page()], settings)
    lock = sqlite3.connect(settings.home / "chroma" / "chroma.sqlite3", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreBusy, match="locked by another process"):
            Bot.open(Settings(home=settings.home, lock_wait=0.2)).ask(FERRY)
    finally:
        lock.close()
    assert Bot.open(settings).ask(FERRY).citations


def test_another_embedding_model_asks_for_a_rebuild(settings: Settings) -> None:
    ingest([page()], settings)
    other = Settings(home=settings.home, embedding_model="/some/other/model")
    with pytest.raises(StoreDamaged, match="--rebuild"):
        Bot.open(other).ask(FERRY)
    with pytest.raises(StoreError, match="--rebuild"):
        ingest([page()], other)


def test_a_file_in_the_way_of_the_data_folder(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("")
    with pytest.raises(StoreError, match="ASKBOT_HOME"):
        ingest([page()], Settings(home=home))


def fill(path: Path) -> None:
    """Write until the disk is full."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 65536):
            pass


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs to mount")
def test_a_full_disk_loses_nothing(settings: Settings, home: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount a tmpfs")
    try:
        (disk / "encoders").symlink_to(home / "encoders")
        small = Settings(home=disk)
        ingest([page()], small)
        for spare in (4_000_000, 0):  # too little by the look, then none at all
            filler = disk / f"filler-{spare}"
            fill(filler)
            if spare:
                os.truncate(filler, max(0, filler.stat().st_size - spare))
            with pytest.raises(StoreError, match="no space left"):
                ingest([page(CHANGED)], small)
            assert "12 times" in Bot.open(small).ask("How often does the bus run?").answer
            filler.unlink()
        ingest([page(CHANGED)], small)
        assert "14 times" in Bot.open(small).ask("How often does the bus run?").answer
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)  # lazily: tables are mapped


def test_a_lost_database_is_made_again_by_the_next_ingest(settings: Settings) -> None:
    ingest([page()], settings)
    lose_database(settings.home)
    (changed,) = ingest([page(CHANGED)], settings)
    assert (changed.embedded, changed.reused) == (6, 0)
    assert "14 times" in Bot.open(settings).ask("How often does the bus run?").answer


def test_a_vector_missing_for_another_page_is_said_in_a_line(
    settings: Settings, town: Page
) -> None:
    ingest([page(), town], settings)
    lose_database(settings.home)
    with pytest.raises(StoreDamaged, match="--rebuild") as caught:
        ingest([page(CHANGED)], settings)
    assert "\n" not in str(caught.value)


def test_pages_that_were_read_longest_ago_are_forgotten(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [page(ORIGINAL.replace("nine", word), word, f"{word}.txt") for word in ("six", "ten")]
    ingest(pages, settings)
    opened = Store(settings)
    six = opened.page("six")
    assert opened.page("ten").slug == "ten"
    assert opened.page("six") is six  # both fit, and neither is read again
    monkeypatch.setattr("askbot.index.store.KEPT_CHARACTERS", len(six.source) + 1)
    opened = Store(settings)
    six, ten = opened.page("six"), opened.page("ten")
    assert opened.page("ten") is ten  # the latest is kept, whatever its size
    again = opened.page("six")
    assert again is not six
    assert again == six
