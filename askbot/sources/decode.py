"""Bytes to text: byte order marks, declared encodings, UTF-8, and nothing by guessing.

A wrong guess would give text that looks right and is not, so what is neither declared nor UTF-8 is
refused, with charset-normalizer's opinion as a suggestion that the user can act on.
"""

from __future__ import annotations

import codecs
import re

from askbot.errors import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KINDS = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "an RTF document"),
)
_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE
)
_XML = re.compile(rb"\A\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})")
_WEB_NAMES = {"iso-8859-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252"}
"""What browsers take these labels to mean (WHATWG Encoding, section 4.2)."""

_SAMPLE = 65_536


def decode(data: bytes, *, origin: str, declared: str | None = None, html: bool = False) -> str:
    """The text in a page's bytes.

    In order: a byte order mark, the HTTP `declared` charset, for HTML the charset in its first
    1,024 bytes, UTF-8.

    Raises:
        SourceError: binary data, an unknown encoding, or bytes that are not in the encoding.
    """
    if not data.strip():
        raise SourceError(f"{origin}: empty; give a page with an article or comments")
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], marked, origin, declared=True, skipped=len(mark))
    for magic, kind in _KINDS:
        if data.startswith(magic):
            raise SourceError(f"{origin}: this is {kind}; save the page as text or HTML first")
    if b"\x00" in data:
        raise SourceError(_nul_message(data, origin))
    name = declared or (_in_html(data) if html else None)
    if name is None:
        return _strict(data, "utf-8", origin, declared=False)
    return _strict(data, _known(name, origin), origin, declared=True)


def _in_html(data: bytes) -> str | None:
    match = _META.search(data, 0, 1024) or _XML.search(data, 0, 1024)
    if match is None:
        return None
    name = match[1].decode("ascii").lower()
    # The tag itself was readable as ASCII, so the page cannot be in UTF-16 (HTML, 13.2.3.3).
    return "utf-8" if name.startswith("utf-16") else name


def _known(name: str, origin: str) -> str:
    name = name.strip().strip("\"'").lower()
    name = _WEB_NAMES.get(name, name)
    try:
        info = codecs.lookup(name)
        if not getattr(info, "_is_text_encoding", True):
            raise LookupError
    except (LookupError, ValueError):
        raise SourceError(
            f"{origin}: it declares the unknown encoding {name!r}; convert it to UTF-8"
        ) from None
    return info.name


def _strict(data: bytes, name: str, origin: str, *, declared: bool, skipped: int = 0) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = f"byte {error.start + skipped} (line {line})"
        said = "the declared encoding" if declared else "UTF-8"
        said = f"{said} {name.upper()}" if declared else said
        raise SourceError(f"{origin}: not {said} at {place}; {_advice(data, origin)}") from None


def _advice(data: bytes, origin: str) -> str:
    from charset_normalizer import from_bytes

    bad = next((i for i, byte in enumerate(data) if byte > 0x7F), 0)
    start = max(0, bad - _SAMPLE // 2)
    best = from_bytes(data[start : start + _SAMPLE]).best()
    likely = best.encoding.upper().replace("_", "-") if best else ""
    if not likely or likely in ("ASCII", "UTF-8"):
        return "convert it to UTF-8"
    path = origin if "://" not in origin and origin != "stdin" else "FILE"
    return f"it may be {likely}: convert it with `iconv -f {likely} -t UTF-8 {path}`"


def _nul_message(data: bytes, origin: str) -> str:
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2 or 1
    if max(even, odd) > half * 0.4 and min(even, odd) < half * 0.05:
        order = "LE" if odd > even else "BE"
        return (
            f"{origin}: looks like UTF-16{order} without a byte order mark; "
            f"convert it with `iconv -f UTF-16{order} -t UTF-8`"
        )
    return f"{origin}: binary data (a NUL at byte {data.index(0)}); give text, HTML or JSON"
