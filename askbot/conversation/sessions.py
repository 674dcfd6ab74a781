"""What a saved conversation looks like once it is read."""

from __future__ import annotations

from dataclasses import dataclass

from askbot.conversation.turns import Turn


@dataclass(frozen=True, slots=True)
class Summary:
    """A session without its turns. Times are ISO 8601 in UTC; `title` is the first question."""

    id: str
    page: str
    title: str
    turns: int
    created: str
    updated: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A saved conversation; `asked[n]` is when `turns[n]` was saved."""

    id: str
    page: str
    title: str
    created: str
    updated: str
    turns: tuple[Turn, ...] = ()
    asked: tuple[str, ...] = ()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn that a search found; `position` counts from 1."""

    session: str
    title: str
    page: str
    position: int
    question: str
    answer: str
    asked: str
