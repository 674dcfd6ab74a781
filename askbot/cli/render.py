"""An `Answer` as rich renderables: pure functions, the same for a terminal, a pipe and a picture.

Markers `[p12]` become `[1 ¶12]`, where 1 is the source's number in the list below. The numbers are
those of `numbered_sources`, so "the second one" means the same here as in a follow-up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.text import Text

from askbot.answers import Answer, Citation
from askbot.cli.labels import label, reply_context
from askbot.cli.layout import Hanging, text
from askbot.cli.quoting import quote_in_sentence
from askbot.cli.safe import neutral, one_line, shortened
from askbot.conversation.turns import Source, numbered_sources
from askbot.discussion import Page
from askbot.errors import AskbotError
from askbot.markers import scan
from askbot.text import sentences

MANY = 4
"""More citations than this in a row are shown as a run."""
LISTED = 6
"""At most this many sources are listed under an answer, unless all are asked for."""

PageOf = Callable[[str], Page]
"""Gives the indexed page of a slug; may raise NotFound."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How to render.

    Attributes:
        styled: whether colours and bold will be visible; if not, signs stand for them.
        verbose: show timings, the evidence and every source.
        more: how the reader gets at what is not listed.
    """

    styled: bool = True
    verbose: bool = False
    more: str = "`askbot --verbose ask` lists them all"


def answer_lines(answer: Answer, page_of: PageOf, manner: Manner) -> list[Hanging]:
    """The whole answer: what was searched for, the text, its sources, and what to know about it."""
    lines: list[Hanging] = []
    if _squeezed(answer.searched_for) != _squeezed(answer.question):
        lines.append(
            Hanging(Text(one_line(answer.searched_for), "italic"), Text("searched for: ", "dim"))
        )
    lines += answer_text(answer)
    if answer.abstained and not answer.citations:
        lines += nearest_passage(answer, page_of)
    lines += source_list(answer, page_of, manner)
    for rejected in answer.rejected_citations:
        quote = f" “{shortened(rejected.quote, 80)}”" if rejected.quote else ""
        name = label(rejected.id) if re.match(r"(?:.*:)?[pc]\d", rejected.id) else rejected.id
        body = Text(f"{one_line(name)}{quote}: {one_line(rejected.reason)}")
        lines.append(Hanging(body, Text("rejected: ", "red")))
    lines += [Hanging(Text(one_line(n)), Text("note: ", "yellow")) for n in answer.notes]
    lines.append(_footer(answer, manner))
    return lines


def answer_text(answer: Answer) -> list[Hanging]:
    """The text with its source numbers; an abstention says first that it is one."""
    body = _with_references(answer)
    lines = []
    for number, line in enumerate(body.split("\n", allow_blank=True)):
        indent = len(line.plain) - len(line.plain.lstrip(" "))
        first = Text(" " * indent)
        if number == 0 and answer.abstained:
            first = Text("no answer: ", "yellow")
        lines.append(Hanging(line[indent:], first, " " * indent))
    return lines


def _with_references(answer: Answer) -> Text:
    numbers = {source.id: source for source in numbered_sources(answer)}
    raw = answer.answer
    out, position = Text(), 0
    group: list[Source] = []
    named: set[str] = set()
    for marker in scan(raw):
        known = [numbers[i] for i in marker.ids if i in numbers]
        if marker.problem or not known:
            continue
        between = raw[position : marker.start]
        if group and between.strip():
            _append_group(out, group, named)
            group = []
        if between.strip() or not group:
            out.append(neutral(between))
        group += known
        position = marker.end
    _append_group(out, group, named)
    out.append(neutral(raw[position:]))
    return out


def _append_group(out: Text, group: Sequence[Source], named: set[str]) -> None:
    """Append references; a commenter's name stands only behind the first to each comment."""
    if not group:
        return
    if len(group) > MANY:
        out.append(f"[{run_label(group)}]", "cyan")
        return
    shown = [f"[{s.number} {label(s.id) if s.id in named else _name(s)}]" for s in group]
    named.update(s.id for s in group)
    out.append(" ".join(shown), "cyan")


def _name(source: Source) -> str:
    return label(source.id, source.author)


def run_label(group: Sequence[Source]) -> str:
    """ "#1 … #22 (22 comments)", with the kinds named as they are."""
    first, last = label(group[0].id), label(group[-1].id)
    comments = sum(s.citations[0].kind == "comment" for s in group)
    kinds = [
        f"{count} {noun}{'' if count == 1 else 's'}"
        for count, noun in ((len(group) - comments, "paragraph"), (comments, "comment"))
        if count
    ]
    return f"{first} … {last} ({', '.join(kinds)})"


def source_list(answer: Answer, page_of: PageOf, manner: Manner) -> list[Hanging]:
    """The numbered sources, each quote inside its sentence; a long list is cut unless verbose."""
    sources = numbered_sources(answer)
    shown = sources if manner.verbose or len(sources) <= LISTED else sources[: MANY - 1]
    lines: list[Hanging] = []
    for source in shown:
        lines += source_lines(source, answer, page_of, manner, width=len(str(len(sources))))
    left = sources[len(shown) :]
    if lines:
        lines.insert(0, Hanging(Text()))
    if left:
        what = f"{left[0].number}–{left[-1].number}  {run_label(left)}; {manner.more}"
        lines.append(Hanging(Text(what, "dim"), " "))
    return lines


def source_lines(
    source: Source, answer: Answer, page_of: PageOf, manner: Manner, *, width: int = 1
) -> list[Hanging]:
    """One source: its number, name and reply context, then each quote from it."""
    page = _page(page_of, source.citations[0].page)
    part = None
    local = source.id.rpartition(":")[2]
    if page is not None and local in page:
        part = page.part(local)
    context = reply_context(page, part) if page is not None and part is not None else ""
    head = text((_name(source), "bold"), (f", {context}" if context else "", "dim"), "  ")
    number = Text(f" {source.number:>{width}}  ", "cyan")
    lines = []
    for place, citation in enumerate(_outermost(source.citations)):
        quote = quote_in_sentence(citation, page, answer.short_answer, styled=manner.styled)
        if place:
            lines.append(Hanging(quote, " " * (width + 3)))
        else:
            lines.append(Hanging(head.copy().append_text(quote), number))
    return lines


def _outermost(citations: Sequence[Citation]) -> list[Citation]:
    """The citations whose quote does not lie inside another's; equal ones once."""
    unique = list({(c.start, c.end): c for c in citations}.values())
    return [
        c
        for c in unique
        if not any(o is not c and o.start <= c.start and c.end <= o.end for o in unique)
    ]


def nearest_passage(answer: Answer, page_of: PageOf) -> list[Hanging]:
    """For an abstention: the beginning of the passage that came closest."""
    if not answer.evidence:
        return []
    slug, _, local = answer.evidence[0].rpartition(":")
    page = _page(page_of, slug)
    if page is None or local not in page:
        return []
    words = page.text(local)
    found = sentences(words)
    if not found:
        return []
    first = neutral(words[found[0].start : found[0].end])
    name = label(answer.evidence[0], page.part(local).author)
    return [Hanging(text((name, "bold"), f"  {first}"), Text("nearest: ", "dim"))]


def _page(page_of: PageOf, slug: str) -> Page | None:
    """The page, None where it is not indexed any more; "" asks for the only one."""
    try:
        return page_of(slug)
    except AskbotError:
        return None


def _footer(answer: Answer, manner: Manner) -> Hanging:
    parts = [f"confidence {round(100 * answer.confidence)} %", one_line(answer.engine)]
    if answer.route != "content":
        parts.append(one_line(answer.route))
    if manner.verbose:
        parts += [f"{one_line(k)} {v:.1f} ms" for k, v in answer.timings_ms.items()]
        if answer.evidence:
            parts.append("evidence " + ", ".join(answer.evidence))
    return Hanging(Text(" · ".join(parts), "dim"))


def _squeezed(words: str) -> str:
    return " ".join(words.split())
