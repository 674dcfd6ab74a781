"""How passages and earlier turns are shown to a model: as data that cannot pass for more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from askbot.answerers.typography import neutral
from askbot.answers import Evidence
from askbot.discussion import Extent
from askbot.markers import strip_markers

NAME = 80
"""Characters of an author's name or a title that are shown."""
PARENT = 240
"""Characters shown of the comment that a comment answers."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage as a model sees it; `extent` where only a window of a long one is shown."""

    evidence: Evidence
    extent: Extent | None = None

    @property
    def text(self) -> str:
        if self.extent is None:
            return self.evidence.text
        return self.evidence.page.source[self.extent.start : self.extent.end]


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question and the answer that was shown."""

    question: str
    answer: str

    @property
    def plain_answer(self) -> str:
        """The answer without markers: its ids are not this turn's evidence."""
        return neutral(strip_markers(self.answer))


def one_line(text: str) -> str:
    """A name or title on one line, cut where it is long."""
    line = " ".join(neutral(text).replace('"', "'").split())
    return line if len(line) <= NAME else line[: NAME - 1].rstrip() + "…"


def passage(shown: Shown) -> str:
    """A passage: its id, what it is, whom it answers, and its lines each behind "| "."""
    item = shown.evidence
    lines = [f"=== {item.id} · {_kind(item)}"]
    above = item.replies_to
    if above is not None:
        start = item.page.text(above.id)
        cut = start if len(start) <= PARENT else start[:PARENT].rsplit(" ", 1)[0] + " …"
        lines.append("in reply to this, which is not listed here to be cited:")
        lines += _quoted(cut, ": ")
    if shown.extent is not None:
        lines.append("a part of a longer text:")
    lines += _quoted(shown.text) or ["(an empty comment)"]
    return "\n".join(lines)


def passages(shown: Sequence[Shown]) -> str:
    """All passages, blank lines between them."""
    return "\n\n".join(passage(one) for one in shown)


def conversation(turns: Sequence[Exchange]) -> str:
    """Earlier turns as data, each line behind "| "."""
    lines: list[str] = []
    for turn in turns:
        lines += _quoted(f"question: {turn.question}")
        lines += _quoted(f"answer: {turn.plain_answer}")
    return "\n".join(lines)


def _kind(item: Evidence) -> str:
    if item.kind == "paragraph":
        return f"paragraph {item.local_id[1:]} of the article"
    author = one_line(item.author or "somebody")
    above = item.replies_to
    answers = f", a reply to {above.id} by {one_line(above.author)}" if above else ""
    return f"comment by {author}{answers}"


def _quoted(text: str, sign: str = "| ") -> list[str]:
    return [sign + line for line in neutral(text).split("\n") if line.strip()]
