"""What a run was made of: the settings, the code, the questions and the pages, with their hashes.

Two runs of one identity ask the same of the same, so that one may go on where the other was broken
off; a run of another identity may not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from askbot import __version__
from askbot.bot import Bot
from askbot.evaluation.sets.questions import QuestionSet
from askbot.resources import resource
from askbot.settings import Settings

OF_THE_ANSWERS = (
    "page",
    "model",
    "base_url",
    "embedding_model",
    "candidates",
    "answer_threshold",
    "reader",
    "model_context",
)
"""Settings on which answers depend; the others say where things lie or how fast they go."""

CODE = (".py", ".toml", ".json", ".npz", ".txt", ".onnx")


@dataclass(frozen=True, slots=True)
class Identity:
    """What the answers of a run depend on.

    Attributes:
        config: settings by name.
        code_sha256: digest of askbot's own files, its models and its prompts.
        pages: slug to the sha256 of the page's source.
    """

    config: Mapping[str, Any]
    version: str
    code_sha256: str
    questions_sha256: str
    pages: Mapping[str, str]

    @property
    def config_sha256(self) -> str:
        return _digest(dict(self.config))

    @property
    def index_sha256(self) -> str:
        """Digest of all pages that can be asked."""
        return _digest(dict(self.pages))

    def to_json(self) -> dict[str, Any]:
        """Plain values, with the hashes of what has several parts."""
        return asdict(self) | {
            "config_sha256": self.config_sha256,
            "index_sha256": self.index_sha256,
        }

    def differences(self, record: Mapping[str, Any]) -> list[str]:
        """In which of these a saved identity is another one: settings, code, questions, pages."""
        own = self.to_json()
        names = {
            "config_sha256": "settings",
            "code_sha256": "code",
            "questions_sha256": "questions",
            "index_sha256": "pages",
        }
        return [what for key, what in names.items() if record.get(key) != own[key]]


def identity_of(bot: Bot, questions: QuestionSet) -> Identity:
    """What asking this question set of this bot depends on."""
    named = {entry.page for entry in questions.entries}
    entries = bot.catalog()
    pages = {e.slug: e.sha256 for e in entries if None in named or e.slug in named}
    return Identity(
        config=_config(bot.settings),
        version=__version__,
        code_sha256=_code(),
        questions_sha256=questions.sha256,
        pages=pages,
    )


def _config(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in OF_THE_ANSWERS}


def _code() -> str:
    import askbot

    digest = hashlib.sha256()
    for folder in (Path(askbot.__file__).parent, resource("prompts")):
        for path in sorted(folder.rglob("*")):
            if path.suffix in CODE and path.is_file():
                digest.update(f"{path.relative_to(folder)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _digest(value: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
