"""Files, folders and standard input: what is read, and one clear line for what is not."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from askbot.discussion import Page
from askbot.errors import SourceError
from askbot.settings import Settings, load_settings
from askbot.sources import parse, parse_all, read

TEXT = "A headline\n\nCafé is “open”.\n\nComments (1)\n  1. Zoë says:\n\n    Naïve — so.\n"
MB = 1_000_000


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home", max_page_bytes=2 * MB)


def write(path: Path, data: bytes | str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le-mark", "utf-16-be-mark"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_that_say_what_they_are(
    tmp_path: Path, settings: Settings, encoding: str, newline: str
) -> None:
    text = TEXT.replace("\n", newline)
    if encoding.endswith("-mark"):
        data = ("\ufeff" + text).encode(encoding.removesuffix("-mark"))
    else:
        data = text.encode(encoding)
    (page,) = read(write(tmp_path / "page.txt", data), settings=settings)
    assert page.source == TEXT
    assert page.comments[0].author == "Zoë"
    assert page.slug == "page"
    assert page.title == "A headline"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        ("\u00a0\n\u2003".encode(), "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"Leave a Reply\n\nName\n\nEmail\n", "only page furniture"),
        (b"Comments (3)\n", "only page furniture"),
        (b"%PDF-1.7\n...", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"PK\x03\x04....", "a ZIP archive"),
        (b"text\x00text", "NUL at byte 4"),
        ("caf\u00e9 au lait".encode("utf-16-le"), "UTF-16LE without a byte order mark"),
        (b"caf\xe9 au lait, na\xefve", r"not UTF-8 at byte 3 \(line 1\)"),
        (b"one\ntwo\nth\xffree", r"byte 10 \(line 3\)"),
        (b"\xff\xfea\x00b", "not the declared encoding UTF-16-LE"),
    ],
)
def test_one_clear_line_about_bad_input(
    tmp_path: Path, settings: Settings, data: bytes, message: str
) -> None:
    where = write(tmp_path / "page.txt", data)
    with pytest.raises(SourceError, match=message) as raised:
        read(where, settings=settings)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith(where)


def test_a_suggestion_for_the_encoding(tmp_path: Path, settings: Settings) -> None:
    text = (
        "Les élèves ont été très étonnés par la façade du théâtre, déjà célèbre à l’époque. " * 20
    )
    where = write(tmp_path / "page.txt", text.encode("cp1252"))
    with pytest.raises(SourceError, match=r"iconv -f [A-Z0-9-]+ -t UTF-8"):
        read(where, settings=settings)


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="windows-1252">',
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">',
    ],
)
def test_html_says_its_own_encoding(tmp_path: Path, settings: Settings, head: str) -> None:
    data = f"<html><head>{head}</head><body><p>Café “x”</p></body></html>".encode("cp1252")
    (page,) = read(write(tmp_path / "page.html", data), settings=settings)
    assert page.text("p1") == "Café “x”"


def test_html_that_lies_about_its_encoding(tmp_path: Path, settings: Settings) -> None:
    data = b'<meta charset="utf-8"><p>Caf\xe9 is open today</p>'
    with pytest.raises(SourceError, match="declared encoding UTF-8 at byte"):
        read(write(tmp_path / "page.html", data), settings=settings)
    data = b'<meta charset="klingon-1"><p>text</p>'
    with pytest.raises(SourceError, match="unknown encoding 'klingon-1'"):
        read(write(tmp_path / "page.html", data), settings=settings)


def test_too_large_is_refused_before_it_is_read(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "page.txt"
    with path.open("wb") as file:
        file.truncate(50 * MB)
    started = time.monotonic()
    with pytest.raises(SourceError, match=r"50\.0 MB, more than the 2 MB allowed"):
        read(str(path), settings=settings)
    assert time.monotonic() - started < 1


class Endless(io.RawIOBase):
    """A pipe that never ends."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self.taken += len(buffer)
        buffer[:] = b"a" * len(buffer)
        return len(buffer)


def test_standard_input_stops_at_the_limit(settings: Settings) -> None:
    endless = Endless()
    with pytest.raises(SourceError, match="stdin: more than the 2 MB allowed"):
        read("-", settings=settings, stdin=io.BufferedReader(endless))
    assert endless.taken < 4 * MB


def test_standard_input(settings: Settings) -> None:
    (page,) = read("-", settings=settings, stdin=io.BytesIO(TEXT.encode()), slug="My Page")
    assert (page.slug, page.origin, page.format) == ("my-page", "stdin", "text")
    (page,) = read("-", settings=settings, stdin=io.BytesIO(b"<html><p>Hi</p><p>you</p></html>"))
    assert (page.slug, page.format) == ("stdin", "html")


def test_a_file_that_is_not_there(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read(str(tmp_path / "none.txt"), settings=settings)
    with pytest.raises(SourceError, match="no page is named"):
        read("", settings=settings)
    with pytest.raises(SourceError, match="ftp addresses are not read"):
        read("ftp://example.org/page", settings=settings)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "page.txt"
    path.write_text(TEXT)
    path.chmod(0)
    with pytest.raises(SourceError, match="cannot be read"):
        read(str(path), settings=settings)


def test_a_folder(tmp_path: Path, settings: Settings) -> None:
    write(tmp_path / "b.txt", TEXT)
    write(tmp_path / "a.html", "<p>One</p><p>Two</p>")
    write(tmp_path / "b.md", "# Title\n\nText\n")
    write(tmp_path / "sub" / "b.txt", TEXT)
    write(tmp_path / "bad.txt", b"\x00\x01")
    write(tmp_path / "notes.py", "x = 1")
    write(tmp_path / ".hidden.txt", TEXT)
    write(tmp_path / ".git" / "x.txt", TEXT)
    reported: list[str] = []
    pages = read(str(tmp_path), settings=settings, report=lambda e: reported.append(str(e)))
    assert [p.slug for p in pages] == ["a", "b", "b-txt", "sub-b"]
    assert [p.format for p in pages] == ["html", "markdown", "text", "text"]
    assert len(reported) == 1
    assert "bad.txt" in reported[0]


def test_a_folder_without_pages(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(SourceError, match=r"no page in it; pages end in \.txt"):
        read(str(tmp_path), settings=settings)
    write(tmp_path / "bad.txt", b"\x00")
    with pytest.raises(SourceError, match="none of its 1 pages is readable"):
        read(str(tmp_path), settings=settings, report=lambda e: None)


def test_a_convokit_corpus(tmp_path: Path, settings: Settings) -> None:
    lines = [
        {
            "id": "a",
            "speaker": "op",
            "conversation_id": "a",
            "reply_to": None,
            "text": "One.\n\nTwo.",
        },
        {"id": "b", "speaker": "x", "conversation_id": "a", "reply_to": "a", "text": "Yes."},
        {"id": "c", "speaker": "y", "conversation_id": "a", "reply_to": "gone", "text": "Hm."},
        {"id": "d", "user": "z", "root": "d", "reply-to": None, "text": "Other.", "timestamp": 0},
        {"id": "e", "speaker": "z", "conversation_id": "d", "reply_to": "d", "text": "[deleted]"},
    ]
    write(tmp_path / "utterances.jsonl", "\n".join(map(json.dumps, lines)))
    for name in ("speakers", "conversations", "corpus", "index"):
        write(tmp_path / f"{name}.json", "{}")
    reported: list[SourceError] = []
    first, second = read(str(tmp_path), settings=settings, report=reported.append)
    assert not reported
    assert (first.slug, second.slug) == ("utterances-a", "utterances-d")
    assert [first.text(p.id) for p in first.paragraphs] == ["One.", "Two."]
    assert [(c.id, c.author) for c in first.comments] == [("c1", "x"), ("c2", "y")]
    assert [(c.id, second.text(c.id)) for c in second.comments] == [("c1", "[deleted]")]


def test_utterances_in_a_ring_are_not_lost(assert_partition: Callable[[Page], None]) -> None:
    lines = [
        {"id": "a", "speaker": "x", "conversation_id": "a", "reply_to": "b", "text": "One"},
        {"id": "b", "speaker": "y", "conversation_id": "a", "reply_to": "a", "text": "Two"},
    ]
    page = parse("\n".join(map(json.dumps, lines)), slug="p", origin="t")
    assert sorted(page.text(part.id) for part in page.parts()) == ["One", "Two"]
    assert_partition(page)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"name": "x"}', "neither a Hacker News item nor ConvoKit"),
        ("[1, 2]", "neither a Hacker News item nor ConvoKit"),
        ('{"id": 1, "type": "story"', "not valid JSON"),
        ('{"id": 1, "type": "story", "children": ' + "[" * 100_000, "nested too deeply"),
        ('[{"id": 1, "type": "comment"}, {"id": 2, "type": "comment"}]', "give one thread"),
        (
            '{"id": "a", "speaker": "x", "text": "t"}\n{"id": "a", "speaker": "x", "text": "t"}',
            "repeats",
        ),
        ('{"id": "a", "speaker": "x", "text": "t"}\n{nonsense', "line 2 is not JSON"),
        (
            '{"id": "a", "speaker": "x", "text": "t"}\n{"id": 2}',
            "line 2 has no id, speaker and text",
        ),
    ],
)
def test_json_that_is_no_page(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message) as raised:
        parse_all(text, slug="p", origin="page.json")
    assert "\n" not in str(raised.value)


def test_an_unknown_format() -> None:
    with pytest.raises(SourceError, match="unknown format 'docx'"):
        parse("text", format="docx", slug="p", origin="t")
