"""What an answerer drafts and what a person gets: `Draft` in, checked `Answer` out.

`Answer.to_json` is the form that `askbot ask --json`, the Slack bridge and evaluation share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from askbot.discussion import Comment, Extent, Kind, Page, kind_of

State = Literal["supported", "unsupported", "no claim"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage handed to an answerer in this turn; only these may be cited.

    Attributes:
        id: the id as it must be written in the answer (page-prefixed where several pages are
            in play).
        page: the page it stands on.
        local_id: the id on that page, without prefix.
        score: retrieval score, higher is better; only its order means anything.
    """

    id: str
    page: Page
    local_id: str
    score: float = 0.0

    @property
    def kind(self) -> Kind:
        return kind_of(self.local_id)

    @property
    def author(self) -> str | None:
        return self.page.part(self.local_id).author

    @property
    def extents(self) -> tuple[Extent, ...]:
        return self.page.part(self.local_id).extents

    @property
    def text(self) -> str:
        return self.page.text(self.local_id)

    @property
    def replies_to(self) -> Comment | None:
        """The comment this one answers, if it is a reply."""
        part = self.page.part(self.local_id)
        if isinstance(part, Comment) and part.parent is not None:
            return self.page.comment(part.parent)
        return None


@dataclass(frozen=True, slots=True)
class Quote:
    """A citation that an answerer claims, before it is checked.

    Attributes:
        id: the id exactly as the answerer wrote it.
        text: the words said to stand there; "" cites the passage as a whole (a counted comment).
        start, end: where in the page's source the answerer says they stand, if it knows.
        author: whom the answerer says it quotes, if it names anybody.
    """

    id: str
    text: str = ""
    start: int | None = None
    end: int | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer and what it rests on; `text` carries no markers.

    Attributes:
        before: what separates it from the statement before it (a space, or a line break).
        verbatim: the statement is itself a quotation, so that it needs no check of its own words.
        asserts: False for connecting words that state nothing and need no citation.
        computed: the statement was computed by code over the comment tree, so its figures are
            about the cited comments rather than words found in them.
    """

    text: str
    quotes: tuple[Quote, ...] = ()
    before: str = " "
    verbatim: bool = False
    asserts: bool = True
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """An answerer's work before the citation check."""

    claims: tuple[Claim, ...]
    abstained: bool = False
    short_answer: str | None = None
    confidence: float = 0.0
    notes: tuple[str, ...] = ()
    malformed: tuple[Quote, ...] = ()
    """Citations in a form that does not count (other brackets, ranges …); reported as rejected."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation that was checked: `quote == source[start:end]` of the page with this sha256."""

    id: str
    page: str
    kind: Kind
    author: str | None
    quote: str
    start: int
    end: int
    source_sha256: str


@dataclass(frozen=True, slots=True)
class RejectedCitation:
    """A citation that failed the check, and why."""

    id: str
    quote: str
    reason: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the answer after the check, with the ids that hold it up."""

    text: str
    state: State
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer. `answer` has `[id]` behind each claim; renderers turn it into what suits.

    Attributes:
        searched_for: the question as it was searched (a follow-up is completed first).
        short_answer: the few words that answer, inside a cited quote, if there are any.
        confidence: how likely it is that the page answers the question, 0 to 1.
        engine: "extractive", or the chat model's name.
        route: "content", or the kind of thread question that was computed.
        timings_ms: milliseconds of "search", "answer" and "total".
        notes: what a reader should know about how this came about (a fall-back, a repair).
        statements: the answer sentence by sentence, with the state of each.
    """

    question: str
    searched_for: str
    answer: str
    abstained: bool
    citations: tuple[Citation, ...] = ()
    rejected_citations: tuple[RejectedCitation, ...] = ()
    evidence: tuple[str, ...] = ()
    short_answer: str | None = None
    confidence: float = 0.0
    engine: str = "extractive"
    route: str = "content"
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    prompt_version: str | None = None
    usage: Mapping[str, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """The documented JSON object (lists and plain values only)."""
        record = asdict(self)
        record["timings_ms"] = {k: round(v, 1) for k, v in self.timings_ms.items()}
        record["confidence"] = round(self.confidence, 4)
        for optional in ("prompt_version", "usage"):
            if record[optional] is None:
                del record[optional]
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Answer:
        """Read back what `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: the record is not a saved answer.
        """
        return cls(
            question=str(record["question"]),
            searched_for=str(record.get("searched_for", record["question"])),
            answer=str(record["answer"]),
            abstained=bool(record["abstained"]),
            citations=tuple(Citation(**c) for c in record.get("citations", ())),
            rejected_citations=tuple(
                RejectedCitation(**c) for c in record.get("rejected_citations", ())
            ),
            evidence=tuple(record.get("evidence", ())),
            short_answer=record.get("short_answer"),
            confidence=float(record.get("confidence", 0.0)),
            engine=str(record.get("engine", "extractive")),
            route=str(record.get("route", "content")),
            timings_ms=dict(record.get("timings_ms", {})),
            notes=tuple(record.get("notes", ())),
            statements=tuple(
                Statement(s["text"], s["state"], tuple(s["ids"]))
                for s in record.get("statements", ())
            ),
            prompt_version=record.get("prompt_version"),
            usage=record.get("usage"),
        )
