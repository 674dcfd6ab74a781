"""Laying out an HTML tree as a person sees it: blocks of text, each piece with its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from askbot.sources import grammar
from askbot.sources.dom import BLOCK, Element

Kind = Literal["paragraph", "furniture", "header", "body", "tools", "own"]
"""What a text is; "own" is text of a comment that no marked element claims."""

Region = tuple[Kind, int]
"""A kind, and the number of the comment that it belongs to (-1 for none)."""

_SPACES = re.compile(r"[ \t\r\n\f]+")
_LINES = frozenset(["li", "tr", "dt", "dd", "option", "caption"])
_GROUPS = BLOCK - _LINES - {"td", "th"}


@dataclass(slots=True)
class Piece:
    """A run of text in a block."""

    text: str
    kind: Kind
    comment: int
    linked: bool
    pre: bool


@dataclass(slots=True)
class Block:
    """Text between two block boundaries; `depth` counts the list items it stands in."""

    pieces: list[Piece]
    depth: int

    @property
    def pre(self) -> bool:
        return any(p.pre for p in self.pieces)

    def text(self) -> str:
        """What it shows; the indents of preformatted text are kept."""
        text = "".join(p.text for p in self.pieces)
        return text.strip("\r\n") if self.pre else tidy(text)

    @property
    def is_paragraph(self) -> bool:
        return any(p.kind == "paragraph" and p.text.strip() for p in self.pieces)

    @property
    def is_menu(self) -> bool:
        """Whether it is short and mostly links."""
        sizes = [(len(p.text.strip()), p.linked) for p in self.pieces]
        total = sum(size for size, _ in sizes)
        return (
            total <= grammar.LONGEST and sum(s for s, linked in sizes if linked) * 10 >= total * 7
        )


def lay_out(body: Element, regions: Mapping[Element, Region]) -> list[Block]:
    """The visible text in document order, cut at block boundaries and where its kind changes."""
    walk = _Walk()
    open_ = regions.get(body, ("paragraph", -1))
    stack: list[tuple[Element | str, Region, bool, bool, bool]] = [
        (child, open_, False, False, False) for child in reversed(body.children)
    ]
    while stack:
        item, region, linked, pre, leaving = stack.pop()
        if isinstance(item, str):
            walk.text(item, region, linked=linked, pre=pre)
            continue
        walk.edge(item, leaving=leaving)
        if not leaving:
            stack.append((item, region, linked, pre, True))
            region = regions.get(item, region)
            linked = linked or item.tag == "a"
            pre = pre or item.tag in ("pre", "textarea")
            stack.extend((c, region, linked, pre, False) for c in reversed(item.children))
    walk.flush()
    return walk.blocks


class _Walk:
    """Collects text into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[Piece] = []
        self._depth = 0
        self._breaks = 0

    def text(self, text: str, region: Region, *, linked: bool, pre: bool) -> None:
        kind, comment = region
        text = text if pre else _SPACES.sub(" ", text)
        if self._pieces and self._pieces[-1].comment != comment:
            self.flush()
        if text.strip():
            self._breaks = 0
        if text.strip() or self._pieces or pre:
            self._pieces.append(Piece(text, kind, comment, linked, pre))

    def edge(self, element: Element, *, leaving: bool) -> None:
        """Take note of where an element starts or ends."""
        if element.tag == "br":
            self._breaks += leaving
            if self._breaks >= 2:
                self.flush()
            elif leaving:
                self._space("\n")
        elif element.tag in _GROUPS:
            self.flush()
        elif element.tag in _LINES:
            self._space("\n")
            if element.tag in ("li", "dd"):
                self._depth += -1 if leaving else 1
        elif element.tag in ("td", "th") and not leaving:
            self._space("\t")

    def _space(self, gap: str) -> None:
        if self._pieces and not self._pieces[-1].text.rstrip(" ").endswith("\n"):
            self._pieces[-1].text += gap

    def flush(self) -> None:
        """End the block."""
        self._breaks = 0
        if any(p.text.strip() for p in self._pieces):
            self.blocks.append(Block(self._pieces, self._depth))
        self._pieces = []


def tidy(text: str) -> str:
    """Without the space at line ends and the double spaces that markup leaves."""
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", text) if "\n" in text else text
    return re.sub(r" {2,}", " ", text).strip()
