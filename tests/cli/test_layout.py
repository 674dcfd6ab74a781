"""Lines fit the width they are given, in columns of the terminal."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from askbot.cli.layout import Hanging, rows
from askbot.cli.safe import neutral


def printed(renderable: Hanging, width: int) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, force_terminal=False)
    console.print(renderable)
    return out.getvalue()


WORDS = st.lists(
    st.text(alphabet=st.sampled_from("abcxyz,.‘’é日本語한국🙂👍🏽\u200b"), min_size=1, max_size=30),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(WORDS, st.integers(20, 100), st.sampled_from(["", " 1  ", "searched for: ", "│  "]))
def test_every_line_fits_and_no_word_is_lost(words: list[str], width: int, first: str) -> None:
    body = neutral(" ".join(words))
    out = printed(Hanging(Text(body), first), width)
    assert all(cell_len(line) <= width for line in out.splitlines())
    assert all(line == line.rstrip() for line in out.splitlines())
    assert "".join(out.split()) == "".join((first + body).split())


def test_a_prefix_too_wide_for_the_terminal_gets_its_own_lines() -> None:
    out = printed(Hanging(Text("some words that follow"), "metric of a long name   0.95  "), 40)
    assert out.splitlines()[0] == "metric of a long name   0.95"
    assert out.splitlines()[1] == "    some words that follow"


def test_line_breaks_stay() -> None:
    assert printed(Hanging(Text("one\n\ntwo"), "- "), 40) == "- one\n\n  two\n"


@pytest.mark.parametrize("name", ["é", "日本", "🙂"])
def test_columns_align_by_display_width(name: str) -> None:
    lines = [
        printed(line, 80).rstrip("\n")
        for line in rows(
            ("name", "n", "what"), [(name, "7", "x"), ("plain", "12", "y")], right=(1,)
        )
    ]
    ends = [cell_len(line.rpartition("  ")[0]) for line in lines]
    assert len(set(ends)) == 1
    assert lines[1].endswith("  7  x")
