"""What reading a question set gives: its questions, the pages it brings, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from askbot.discussion import Page, slugify
from askbot.errors import SourceError
from askbot.evaluation.sets.questions import Gathered, QuestionSet
from askbot.evaluation.sets.records import BadRecord, Fault
from askbot.sources.blocks import blocks, normalise
from askbot.sources.builder import PageBuilder

Form = Literal["askbot", "squad", "beir", "ragas", "inspect"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A question set as it was found.

    Attributes:
        form: which form it was in.
        questions: what could be read; never empty.
        pages: the pages that the set brings itself; the questions are about these and no others.
        faults: what could not be read, in file order.
        notes: what a person should know though nothing is wrong.
        places: by entry id, where it stands ("line 3").
    """

    form: Form
    questions: QuestionSet
    pages: tuple[Page, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def verbatim(self) -> bool:
        """Whether answers are words of the page; ragas has whole sentences of somebody's own."""
        return self.form != "ragas"


@dataclass(slots=True)
class Reading(Gathered):
    """A set being read that brings its pages along."""

    pages: list[Page] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    slugs: set[str] = field(default_factory=set)

    def slug(self, name: str, fallback: str) -> str:
        """A slug for a page of this name that no other page of the set has."""
        base = slugify(name, fallback)
        slug, number = base, 1
        while slug in self.slugs:
            number += 1
            slug = f"{base}-{number}"
        self.slugs.add(slug)
        return slug

    def page(self, slug: str, title: str, texts: Sequence[str], *, form: Form, origin: str) -> None:
        """Add a page with one paragraph, p1, p2, …, for each text.

        Raises:
            BadRecord: a text is empty, or they are too many for a page.
        """
        builder = PageBuilder(slug=slug, origin=origin, format=form)
        for text in texts:
            paragraph = one_paragraph(text)
            if not paragraph:
                raise BadRecord("a text is empty: there is nothing to cite")
            try:
                builder.paragraph(paragraph)
            except SourceError as error:
                raise BadRecord(str(error)) from None
        self.pages.append(builder.build(title=" ".join(title.split())))


def one_paragraph(text: str) -> str:
    """A text without blank lines, so that it is one paragraph of a page and has one id."""
    lines = normalise(text)
    return "\n".join(lines[block.start : block.end] for block in blocks(lines))
