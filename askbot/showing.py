"""How passages and their words are shown, whatever the interface: ¶4, #16.1 cynic, safe text.

Text from pages is made safe here: nothing in it may act on a terminal or reorder what stands
around it. Replacements are one character for one, so offsets stay right.
"""

from __future__ import annotations

from askbot.discussion import Comment, Page, Paragraph

REPLACEMENT = "�"


def _table() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in range(0x20)}  # ESC is shown as ␛
    table[0x7F] = "␡"
    table.update(dict.fromkeys(range(0x80, 0xA0), REPLACEMENT))  # C1: 0x9B is a CSI by itself
    # Bidirectional embeddings, overrides and isolates: they reorder what stands around them.
    table.update(dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), REPLACEMENT))
    table.update(dict.fromkeys(range(0xD800, 0xE000), REPLACEMENT))  # lone surrogates
    table.update({0x09: " ", 0x2028: "\n", 0x2029: "\n", 0x85: "\n"})
    del table[0x0A]
    return table


_NEUTRAL = _table()


def neutral(text: str) -> str:
    """The text without control characters and without overrides of the writing direction.

    The result is as long as the text. Line breaks stay.
    """
    return text.translate(_NEUTRAL)


def one_line(text: str) -> str:
    """`neutral`, with every run of white space as one space: for names, titles and messages."""
    return " ".join(neutral(text).split())


def shortened(text: str, length: int) -> str:
    """The first words in one line, at most `length` characters, "…" behind what was cut."""
    line = one_line(text)
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > length // 2 else cut).rstrip(" ,;:.-") + "…"


def label(passage_id: str, author: str | None = None) -> str:
    """ "¶12" or "#16.1 cynic", behind the page's slug where the id carries one."""
    slug, _, local = passage_id.rpartition(":")
    mark = f"¶{local[1:]}" if local.startswith("p") else f"#{local[1:]}"
    name = one_line(author) if author else ""
    return " ".join(part for part in (slug, mark, name) if part)


def part_label(part: Paragraph | Comment) -> str:
    """`label` of a part of a page."""
    return label(part.id, part.author)


def reply_context(page: Page, part: Paragraph | Comment) -> str:
    """ "replying to #16 mark" for a reply, else ""."""
    if not isinstance(part, Comment) or part.parent is None:
        return ""
    return f"replying to {part_label(page.comment(part.parent))}"
