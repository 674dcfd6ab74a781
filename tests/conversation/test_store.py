"""Saved sessions: what was shown survives, several processes at once, clear errors."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from askbot.answers import Answer
from askbot.conversation import schema
from askbot.conversation.store import FILE_NAME, SessionStore
from askbot.conversation.turns import Turn
from askbot.errors import NotFound, StoreBusy, StoreDamaged, StoreError

from .conftest import make_turn


def plain(question: str, answer: str = "Yes.") -> Turn:
    return Turn(question, Answer(question, question, answer, False))


@pytest.fixture
def store(tmp_path: Path) -> SessionStore:
    with SessionStore(tmp_path / "home") as opened:
        yield opened


def test_a_session_comes_back_as_it_was(store, mill):
    session_id = store.create("mill")
    turns = (
        make_turn(mill, "What does the roof cost?", "310,000 euros", ("p2",)),
        make_turn(mill, "Who replied to bookworm?", "flourpower", ("c1.1",), thread=True),
        make_turn(mill, "Who is the mayor?"),
    )
    assert [store.append(session_id, turn) for turn in turns] == [1, 2, 3]
    session = store.load(session_id)
    assert session.turns == turns
    assert session.page == "mill"
    assert session.title == "What does the roof cost?"
    assert len(session.asked) == 3
    assert list(session.asked) == sorted(session.asked)


def test_ids_are_short_sortable_and_distinct_within_a_second(store):
    ids = [store.create("mill") for _ in range(60)]
    assert len(set(ids)) == 60
    assert ids == sorted(ids)
    assert all(re.fullmatch(r"\d{6}-\d{6}[a-z]*", i) for i in ids)


def test_a_reference_is_an_id_a_unique_beginning_or_the_latest(store):
    first, second = store.create("mill"), store.create("mill")
    assert store.find(first) == first  # although it begins the second one too
    assert store.find(second) == second
    with pytest.raises(NotFound, match="begins 2 sessions"):
        store.find(first[:4])
    with pytest.raises(NotFound, match="sessions list"):
        store.find("999999")
    with pytest.raises(NotFound):
        store.find("")
    store.append(first, plain("and now?"))
    assert store.find() == first
    assert store.load("latest").id == first


def test_nothing_saved_yet_is_said(store):
    with pytest.raises(NotFound, match="askbot chat"):
        store.load()


def test_the_list_has_counts_titles_and_the_last_used_first(store):
    a, b = store.create("mill"), store.create("ferry")
    store.append(b, plain("How long?"))
    store.append(a, plain("  What\n is  " + "very " * 40 + "long?"))
    store.append(a, plain("second"))
    listed = store.recent()
    assert [(s.id, s.turns) for s in listed] == [(a, 2), (b, 1)]
    assert listed[0].title.startswith("What is very very")
    assert len(listed[0].title) <= 72
    assert [s.id for s in store.recent(page="ferry")] == [b]
    assert [s.id for s in store.recent(1)] == [a]


def test_search_finds_words_of_questions_and_answers(store):
    a, b = store.create("mill"), store.create("mill")
    store.append(a, plain("What does the roof cost?", "It costs 310,000 euros [p2]."))
    store.append(b, plain("Who signed?", "Sandra signed in 2019."))
    assert [h.session for h in store.search("euros roof")] == [a]
    assert [h.session for h in store.search("signed sandra")] == [b]
    assert store.search("euros sandra") == ()
    assert store.search("   ") == ()
    hit = store.search("roof")[0]
    assert (hit.position, hit.question, hit.page) == (1, "What does the roof cost?", "mill")
    assert "[p2]" not in hit.answer


@pytest.mark.parametrize(
    "query", ['"', "a AND", "NEAR(", "roof*", "c'est", "%", "_", "\\", "-roof", "é"]
)
@pytest.mark.parametrize("full_text", [True, False])
def test_search_takes_any_characters_as_words(store, query, full_text):
    session_id = store.create("mill")
    store.append(session_id, plain("plain question", "plain answer"))
    store._file.full_text = full_text
    assert store.search(query) == ()


def test_search_without_fts5_finds_the_same_words(store):
    session_id = store.create("mill")
    store.append(session_id, plain("100% wool_or not?", "Yes, wool."))
    store._file.full_text = False
    assert [h.session for h in store.search("wool YES")] == [session_id]
    assert store.search("100%")
    assert not store.search("1000%")


def test_turns_saved_without_fts5_are_indexed_later(tmp_path):
    with SessionStore(tmp_path) as store:
        session_id = store.create("mill")
        store._file.full_text = False
        store.append(session_id, plain("What about turbines?"))
    with SessionStore(tmp_path) as again:
        assert again.full_text
        assert [h.session for h in again.search("turbine")] == [session_id]


def test_a_deleted_session_is_gone_everywhere(store):
    kept, gone = store.create("mill"), store.create("mill")
    store.append(kept, plain("keep this"))
    store.append(gone, plain("forget this"))
    with pytest.raises(NotFound, match="name the session"):
        store.delete("latest")
    assert store.delete(gone) == gone
    assert store.search("forget") == ()
    assert [s.id for s in store.recent()] == [kept]
    with pytest.raises(NotFound):
        store.append(gone, plain("too late"))
    with pytest.raises(NotFound):
        store.load(gone)


def test_an_interface_finds_its_conversation_by_key(store):
    key = "T1/C9/1700000000.1234"
    session_id = store.for_key(key, "mill")
    assert store.for_key(key, "mill") == session_id
    assert store.for_key("T1/C9/other", "mill") != session_id
    assert store.load(session_id).key == key
    with pytest.raises(StoreError, match="already"):
        store.create("mill", key=key)
    assert len(store.recent()) == 2


def test_an_older_file_is_brought_up_to_date(tmp_path):
    db = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    schema.MIGRATIONS[0](db)
    db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    db.execute("PRAGMA user_version = 1")
    db.execute("INSERT INTO sessions VALUES ('250101-000000', 'mill', 'old', 'then', 'then')")
    record = '{"question": "q", "answer": "old wood", "abstained": false}'
    db.execute(
        "INSERT INTO turns(session, position, asked, question, answer, record)"
        " VALUES ('250101-000000', 1, 'then', 'q', 'old wood', ?)",
        (record,),
    )
    db.close()
    with SessionStore(tmp_path) as store:
        assert store.load("250101").turns[0].answer.answer == "old wood"
        assert store.for_key("slack/1", "mill") != "250101-000000"
        assert store.search("wood")[0].session == "250101-000000"


def test_a_newer_file_is_refused_and_left_alone(tmp_path):
    SessionStore(tmp_path).close()
    path = tmp_path / FILE_NAME
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer askbot") as caught:
        SessionStore(tmp_path)
    assert not isinstance(caught.value, StoreDamaged)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [b"not a database at all " * 400, os.urandom(8192), b"SQLite format 3\0" + b"\xff" * 5000],
)
def test_a_damaged_file_is_named_and_not_overwritten(tmp_path, content):
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match=FILE_NAME) as caught:
        SessionStore(tmp_path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content


def test_another_programs_file_is_refused(tmp_path):
    path = tmp_path / FILE_NAME
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.commit()
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="not askbot's"):
        SessionStore(tmp_path)
    assert path.read_bytes() == before


def test_pages_damaged_in_the_middle_are_reported_when_read(tmp_path):
    with SessionStore(tmp_path) as store:
        session_id = store.create("mill")
        for n in range(60):
            store.append(session_id, plain(f"question {n}", "answer " * 400))
    path = tmp_path / FILE_NAME
    content = bytearray(path.read_bytes())
    content[4096 * 6 :] = b"\xaa" * (len(content) - 4096 * 6)
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match="move it aside"), SessionStore(tmp_path) as store:
        store.load(session_id)


def test_an_answer_that_is_no_answer_is_damage(store):
    session_id = store.create("mill")
    store.append(session_id, plain("q"))
    store._db.execute("UPDATE turns SET record = '[1, 2]'")
    with pytest.raises(StoreDamaged, match=session_id):
        store.load(session_id)


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="ASKBOT_HOME"):
        SessionStore(tmp_path / "file" / "home")
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(StoreError, match="ASKBOT_HOME"):
        SessionStore(tmp_path)


def test_a_writer_that_never_ends_gives_busy(tmp_path):
    with SessionStore(tmp_path) as store, SessionStore(tmp_path, wait=0.05) as other:
        session_id = store.create("mill")
        store._db.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="nothing was changed"):
            other.append(session_id, plain("q"))
        assert other.load(session_id).turns == ()  # reading goes on
        store._db.execute("ROLLBACK")
        assert other.append(session_id, plain("q")) == 1


def _writer(home: str, session_id: str, name: str, count: int, start) -> None:  # type: ignore[no-untyped-def]
    start.wait()
    with SessionStore(Path(home)) as store:
        for n in range(count):
            store.append(session_id, plain(f"{name} {n}"))


def test_two_processes_write_to_one_session(tmp_path):
    with SessionStore(tmp_path) as store:
        session_id = store.create("mill")
    context = multiprocessing.get_context("spawn")
    start = context.Event()
    people = [
        context.Process(target=_writer, args=(str(tmp_path), session_id, name, 25, start))
        for name in ("ann", "bob")
    ]
    for person in people:
        person.start()
    start.set()
    for person in people:
        person.join(60)
        assert person.exitcode == 0
    with SessionStore(tmp_path) as store:
        questions = [t.question for t in store.load(session_id).turns]
    assert len(questions) == 50
    for name in ("ann", "bob"):  # each in its own order, none lost or twice
        assert [q for q in questions if q.startswith(name)] == [f"{name} {n}" for n in range(25)]


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path):
    failures: list[BaseException] = []
    keys: list[str] = []
    barrier = threading.Barrier(8)

    def open_it() -> None:
        try:
            barrier.wait()
            with SessionStore(tmp_path) as store:
                keys.append(store.for_key("one/key", "mill"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(set(keys)) == 1


def test_a_file_created_while_it_is_checked_is_not_taken_for_a_strangers(tmp_path):
    path = tmp_path / "sessions.sqlite3"
    db = sqlite3.connect(path, isolation_level=None)
    between: list[str] = []

    def create(statement: str) -> None:
        if "sqlite_master" in statement and not between:
            between.append(statement)
            # it may have to wait until the check has seen the file in one state
            with contextlib.suppress(StoreBusy):
                SessionStore(tmp_path, wait=0).close()

    db.set_trace_callback(create)
    schema.check(db, path)
    db.close()
    assert between


_CHAT = """
import sys
from pathlib import Path
from askbot.answers import Answer
from askbot.conversation.store import SessionStore
from askbot.conversation.turns import Turn
store = SessionStore(Path(sys.argv[1]))
session = store.create("mill")
print(session, flush=True)
for n in range(10_000):
    store.append(session, Turn(f"q{n}", Answer(f"q{n}", f"q{n}", "a" * 500, False)))
    print(n, flush=True)
"""


def test_a_killed_chat_loses_nothing_that_was_shown(tmp_path):
    chat = subprocess.Popen(
        [sys.executable, "-c", _CHAT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert chat.stdout
    session_id = chat.stdout.readline().strip()
    for _ in range(30):
        shown = chat.stdout.readline()
    chat.send_signal(signal.SIGKILL)
    rest = chat.stdout.read().split()
    chat.stdout.close()
    chat.wait()
    last_shown = int(rest[-1] if rest else shown)
    with SessionStore(tmp_path) as store:
        saved = [t.question for t in store.load(session_id).turns]
        assert saved[: last_shown + 1] == [f"q{n}" for n in range(last_shown + 1)]
        assert len(saved) <= last_shown + 2  # at most one was saved and not yet shown
        assert store.append(session_id, plain("resumed")) == len(saved) + 1
