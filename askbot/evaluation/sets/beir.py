"""BEIR: a folder of documents, queries and relevance judgements (Thakur et al. 2021).

`corpus.jsonl` has `{"_id", "title", "text"}`, `queries.jsonl` `{"_id", "text"}`, and each
`qrels/SPLIT.tsv` the columns query-id, corpus-id, score. Every document becomes a page of one
paragraph; a query with a judgement above zero becomes a question over all pages, whose evidence is
the documents judged so, tagged with the splits that judge it. There are no gold answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from askbot.errors import QuestionSetError
from askbot.evaluation.scores.causes import CONTENT
from askbot.evaluation.sets.loaded import Reading, one_paragraph
from askbot.evaluation.sets.questions import numbered_lines, read_text
from askbot.evaluation.sets.records import BadRecord, Fault, identifier, json_object, string

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels"


def read(folder: Path) -> Reading:
    """The documents of a folder as pages and its judged queries as questions.

    Raises:
        QuestionSetError: a part of the folder is missing or unreadable.
    """
    tables = sorted((folder / QRELS).glob("*.tsv"))
    for name in (CORPUS, QUERIES):
        if not (folder / name).is_file():
            raise _incomplete(folder, name)
    if not tables:
        raise _incomplete(folder, f"{QRELS}/*.tsv")
    reading = Reading()
    documents = _documents(reading, folder)
    queries = _queries(reading, folder)
    relevant: dict[str, dict[str, int]] = {query: {} for query in queries}
    splits: dict[str, dict[str, None]] = {query: {} for query in queries}
    for table in tables:
        for query, document, grade in _judgements(reading, table, queries, documents):
            relevant[query][f"{documents[document]}:p1"] = grade
            splits[query][table.stem] = None
    for query, (where, text) in queries.items():
        if relevant[query]:
            record = {
                "id": query,
                "question": text,
                "evidence": list(relevant[query]),
                "grades": relevant[query],
                "route": CONTENT,
                "tags": list(splits[query]),
            }
            with reading.at(where):
                reading.add(record, where)
    unjudged = len(queries) - len(reading.entries)
    if unjudged:
        reading.notes.append(
            f"{unjudged} of {len(queries)} queries have no relevant document in {QRELS} and are "
            "not asked"
        )
    return reading


def _incomplete(folder: Path, missing: str) -> QuestionSetError:
    return QuestionSetError(
        f"{folder} has no {missing}: a folder is read as a BEIR set, with {CORPUS}, {QUERIES} and "
        f"{QRELS}/*.tsv; give a file for any other form"
    )


def _documents(reading: Reading, folder: Path) -> dict[str, str]:
    """Slugs of the pages by document id."""
    slugs: dict[str, str] = {}
    for where, record in _records(reading, folder / CORPUS):
        with reading.at(where):
            name = identifier(record, "_id")
            if name in slugs:
                raise BadRecord(f'document "{name}" stands twice: ids are unique')
            title, text = _optional(record, "title"), _optional(record, "text")
            # Some corpora have documents that are a headline only; that is what can be found.
            text = text if one_paragraph(text) else title
            if not one_paragraph(text):
                raise BadRecord(f'document "{name}" has neither a title nor a text')
            slug = reading.slug(name[:48], "document")
            reading.page(slug, title, [text], form="beir", origin=f"{folder.name}/{name}")
            slugs[name] = slug
    return slugs


def _queries(reading: Reading, folder: Path) -> dict[str, tuple[str, str]]:
    """Place and text by query id."""
    queries: dict[str, tuple[str, str]] = {}
    for where, record in _records(reading, folder / QUERIES):
        with reading.at(where):
            name = identifier(record, "_id")
            if name in queries:
                raise BadRecord(f'query "{name}" stands twice: ids are unique')
            queries[name] = where, string(record, "text").strip()
    return queries


def _records(reading: Reading, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in numbered_lines(read_text(path)):
        where = f"{path.name}, line {number}"
        try:
            record = json_object(line)
        except BadRecord as fault:
            reading.faults.append(Fault(where, str(fault)))
        else:
            yield where, record


def _optional(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRecord(f'"{key}" must be a string')
    return value


def _judgements(
    reading: Reading, path: Path, queries: dict[str, Any], documents: dict[str, str]
) -> list[tuple[str, str, int]]:
    """(query, document, grade) of the judgements above zero."""
    found = []
    for number, line in numbered_lines(read_text(path)):
        with reading.at(f"{QRELS}/{path.name}, line {number}"):
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) != 3:
                raise BadRecord(
                    f"{len(cells)} columns: write query-id, corpus-id and score between tabs"
                )
            query, document, score = cells
            if number == 1 and not _is_number(score):
                continue  # the heading
            if not _is_number(score):
                raise BadRecord(f'the score "{score}" is not a number')
            if query not in queries:
                raise BadRecord(f'there is no query "{query}" in {QUERIES}')
            if document not in documents:
                raise BadRecord(f'there is no document "{document}" in {CORPUS}')
            if (grade := float(score)) > 0:
                found.append((query, document, max(1, round(grade))))
    return found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
