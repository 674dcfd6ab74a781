"""A picture (SVG) of an answer as a terminal shows it, for the README."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from askbot.cli.layout import Hanging
from askbot.cli.render import Manner, PageOf, answer_lines
from askbot.cli.safe import one_line

if TYPE_CHECKING:
    from askbot.answers import Answer


def answers_svg(
    answers: Sequence[Answer], page_of: PageOf, *, width: int = 90, title: str = "askbot chat"
) -> str:
    """An SVG of questions and their answers, `width` columns wide; it names no outside resource."""
    console = Console(
        file=io.StringIO(),
        record=True,
        width=width,
        force_terminal=True,
        color_system="truecolor",
        markup=False,
        emoji=False,
        highlight=False,
    )
    for number, answer in enumerate(answers):
        if number:
            console.print()
        console.print(Hanging(Text(one_line(answer.question), "bold"), Text("> ", "dim")))
        for line in answer_lines(answer, page_of, Manner(more="/sources lists them")):
            console.print(line)
    return console.export_svg(title=title, code_format=_format())


def _format() -> str:
    """rich's own frame without the fonts it would load from the network."""
    import re

    from rich._export_format import CONSOLE_SVG_FORMAT

    return re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
