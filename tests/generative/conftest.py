"""Real HTTP servers on loopback that speak OpenAI's and Ollama's protocols, scripted per test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from askbot.bot import Bot
from askbot.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))

from provider_standin import Provider, Step


@pytest.fixture
def openai() -> Iterator[Provider]:
    """A server that speaks OpenAI's chat completions, streamed."""
    server = Provider("openai")
    yield server
    server.close()


@pytest.fixture
def ollama() -> Iterator[Provider]:
    """A server that speaks Ollama's /api/chat."""
    server = Provider("ollama")
    yield server
    server.close()


@pytest.fixture(params=["openai", "ollama"])
def provider(request: pytest.FixtureRequest) -> Iterator[Provider]:
    """Either of them."""
    server = Provider(request.param)
    yield server
    server.close()


Asking = Callable[..., Bot]


@pytest.fixture
def writing(bot: Bot, home: Path, monkeypatch: pytest.MonkeyPatch) -> Asking:
    """A bot over `town` that writes with a provider's scripted model; options are settings."""
    for key in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")

    def make(provider: Provider, **options: Any) -> Bot:
        given: dict[str, Any] = {
            "home": home,
            "page": "town",
            "model": f"{provider.dialect}:scripted",
            "base_url": provider.address,
            "model_timeout": 20.0,
        }
        made = Bot.open(Settings(**(given | options)))
        # Loaded once for all tests; nothing of a model or a question is in them.
        made.__dict__.update(_encoder=bot._encoder, _thread=bot._thread, answerer=bot.answerer)
        return made

    return make


@pytest.fixture
def step() -> type[Step]:
    """The server's vocabulary (test modules cannot import one another)."""
    return Step
