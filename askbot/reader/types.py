"""What the reader is given and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """A passage and the line that tells where it stands.

    Attributes:
        context: speaker, parent or title; read, but never answered from. May be empty.
        text: the passage that spans are picked from.
    """

    context: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` of a ReaderInput (code points).

    Attributes:
        start, end: offsets in `ReaderInput.text`, start < end.
        score: start logit + end logit - null score; above 0 the span is likelier than no answer.
    """

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of one passage.

    Attributes:
        spans: best first, none overlapping another; empty for a passage without words.
        null_score: start + end logit at [CLS], of the window that the best span is from.
        answerable: logit of the answerability head, the highest over the passage's windows.
    """

    spans: tuple[Span, ...]
    null_score: float
    answerable: float

    @property
    def best(self) -> Span | None:
        """The best span, if there is any."""
        return self.spans[0] if self.spans else None
