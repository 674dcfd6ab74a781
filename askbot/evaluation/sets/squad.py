"""SQuAD 1.1 and 2.0: one JSON document of articles, their paragraphs, and questions on each.

The form (Rajpurkar et al. 2016 and 2018): `{"data": [{"title", "paragraphs": [{"context", "qas":
[{"id", "question", "answers": [{"text", "answer_start"}], "is_impossible"}]}]}]}`. The plausible
answers of impossible questions are nobody's gold and are not read. Offsets are not relied on
either: what counts is that the answer stands in the paragraph, which `askbot eval check` looks at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from askbot.evaluation.scores.causes import CONTENT
from askbot.evaluation.sets.loaded import Reading
from askbot.evaluation.sets.records import BadRecord, identifier, listed, mapping, string

PageOf = Literal["paragraph", "article"]


def read(document: Mapping[str, Any], *, page_of: PageOf, origin: str) -> Reading:
    """The questions and pages of a document; what is not in the form is named by its place.

    Args:
        page_of: what becomes a page: each paragraph, as SQuAD's own systems see them, or each
            article, in which the paragraph has to be found first.
    """
    reading = Reading()
    with reading.at("data"):
        for number, value in enumerate(listed(document.get("data"), "data")):
            where = f"data[{number}]"
            with reading.at(where):
                article = mapping(value)
                title = article.get("title")
                title = title.replace("_", " ") if isinstance(title, str) else ""
                paragraphs = listed(article.get("paragraphs"), "paragraphs")
                _article(reading, where, title, paragraphs, page_of, origin)
    return reading


def _article(
    reading: Reading,
    where: str,
    title: str,
    paragraphs: list[Any],
    page_of: PageOf,
    origin: str,
) -> None:
    contexts: list[str] = []
    slug = reading.slug(title, "article") if page_of == "article" else ""
    asked: list[tuple[str, str, str, list[Any]]] = []
    for place, paragraph in _paragraphs(reading, where, paragraphs):
        with reading.at(place):
            context = string(paragraph, "context")
            questions = listed(paragraph.get("qas"), "qas")
            if page_of == "paragraph":
                own = reading.slug(f"{_slug_base(title)}-{len(reading.pages) + 1}", "article")
                reading.page(own, title, [context], form="squad", origin=origin)
                asked.append((place, own, "p1", questions))
            else:
                contexts.append(context)
                asked.append((place, slug, f"p{len(contexts)}", questions))
    if contexts:
        reading.page(slug, title, contexts, form="squad", origin=origin)
    for place, page, passage, questions in asked:
        for number, value in enumerate(questions):
            at = f"{place}.qas[{number}]"
            with reading.at(at):
                reading.add(_record(mapping(value), page, passage), at)


def _slug_base(title: str) -> str:
    """A title short enough that a number still fits behind it in a slug."""
    return title[:48] or "article"


def _paragraphs(
    reading: Reading, where: str, paragraphs: list[Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, value in enumerate(paragraphs):
        place = f"{where}.paragraphs[{number}]"
        if isinstance(value, Mapping):
            yield place, value
        else:
            with reading.at(place):
                mapping(value)


def _record(question: Mapping[str, Any], page: str, passage: str) -> dict[str, Any]:
    """The question in our own form."""
    impossible = question.get("is_impossible", False)
    if not isinstance(impossible, bool):
        raise BadRecord('"is_impossible" must be true or false')
    record: dict[str, Any] = {
        "id": identifier(question, "id"),
        "question": string(question, "question").strip(),
        "page": page,
        "answerable": not impossible,
        "route": CONTENT,
    }
    answers = [string(mapping(a), "text") for a in listed(question.get("answers", []), "answers")]
    if impossible and answers:
        raise BadRecord('"is_impossible" is true but there are answers: drop one of the two')
    if not impossible:
        if not answers:
            raise BadRecord('no answer: give one, or "is_impossible": true')
        record |= {"answers": list(dict.fromkeys(answers)), "evidence": [passage]}
    return record
