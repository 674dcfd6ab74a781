"""Chat models by "provider:name", made by LangChain's `init_chat_model`.

Keys are read from the environment by the provider's own package and are never held here. Retries
are ours (`attempts`), so the packages' own are switched off.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from askbot.errors import ProviderError, UsageError
from askbot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

DEFAULT_WINDOW = 8192
"""Tokens taken for a model's window where neither the setting nor LangChain's profile tells it."""
WIDEST_WINDOW = 32_000
"""Tokens used of a larger window: one page's passages never need more, and they are paid for."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider needs; `langchain` is the name it has in LangChain."""

    extra: str
    package: str
    langchain: str
    keys: tuple[str, ...] = ()


PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider("openai", "langchain_openai", "openai", ("OPENAI_API_KEY",)),
    "anthropic": Provider("anthropic", "langchain_anthropic", "anthropic", ("ANTHROPIC_API_KEY",)),
    "google": Provider(
        "google", "langchain_google_genai", "google_genai", ("GOOGLE_API_KEY", "GEMINI_API_KEY")
    ),
    "ollama": Provider("ollama", "langchain_ollama", "ollama"),
}
_ALIASES = {"google_genai": "google", "gemini": "google", "claude": "anthropic"}


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat model ready to be called.

    Attributes:
        name: "openai:gpt-5-mini", as it was asked for; what `Answer.engine` says.
        window: tokens it takes, question and answer together.
        calls_tools: whether it is known to call tools.
        must_finish: every whole reply of it carries a finish reason.
    """

    model: BaseChatModel
    name: str
    window: int = DEFAULT_WINDOW
    calls_tools: bool = False
    must_finish: bool = True


def parse(spec: str) -> tuple[Provider, str]:
    """The provider and the model's name in "provider:name".

    Raises:
        UsageError: it is not in that form, or the provider is unknown.
    """
    provider, colon, name = spec.strip().partition(":")
    provider = _ALIASES.get(provider.lower(), provider.lower())
    known = ", ".join(PROVIDERS)
    if not colon or not name.strip():
        raise UsageError(
            f"model {spec!r} is not provider:name, as in openai:gpt-5-mini (providers: {known})"
        )
    if provider not in PROVIDERS:
        raise UsageError(
            f"model {spec!r}: there is no provider {provider!r}, but {known}; for any server that "
            "speaks OpenAI's protocol write openai:NAME and set ASKBOT_BASE_URL"
        )
    return PROVIDERS[provider], name.strip()


def open_chat(
    settings: Settings, *, instead: str = "leave --model out for offline answers"
) -> Chat:
    """The chat model of the settings. Nothing is sent yet.

    Args:
        instead: what else can be done where its key is missing, for the message.

    Raises:
        UsageError: the name is not provider:name, or its package is not installed.
        ProviderError: its key is not in the environment, or the package refuses the settings.
    """
    provider, name = parse(settings.model or "")
    if importlib.util.find_spec(provider.package) is None:
        raise UsageError(
            f"model {settings.model} needs the {provider.extra} extra; "
            f"run: pip install 'askbot[{provider.extra}]'"
        )
    _check_key(provider, settings, instead)
    from langchain.chat_models import init_chat_model

    options = _options(provider, settings)
    try:
        model = init_chat_model(name, model_provider=provider.langchain, **options)
    except ImportError as error:
        raise UsageError(
            f"model {settings.model}: {provider.package} does not load ({error.name or 'import'}); "
            f"run: pip install --upgrade 'askbot[{provider.extra}]'"
        ) from None
    except Exception as error:  # a provider's validation; its text may hold what was in the key
        raise ProviderError(
            f"model {settings.model} cannot be set up ({type(error).__name__}); check its name, "
            "its key in the environment and ASKBOT_BASE_URL"
        ) from None
    profile: Mapping[str, Any] = getattr(model, "profile", None) or {}
    return Chat(
        model=model,
        name=f"{provider.extra}:{name}",
        window=_window(settings, profile),
        calls_tools=bool(profile.get("tool_calling")) and settings.base_url is None,
    )


def _check_key(provider: Provider, settings: Settings, instead: str) -> None:
    if not provider.keys or any(os.environ.get(key) for key in provider.keys):
        return
    if provider.extra == "openai" and settings.base_url:
        return  # local servers ask for none
    raise ProviderError(
        f"model {settings.model} needs a key: set {' or '.join(provider.keys)} in the environment "
        f"(it is read from nowhere else), or {instead}"
    )


def _options(provider: Provider, settings: Settings) -> dict[str, Any]:
    seconds = settings.model_timeout
    options: dict[str, Any] = {}
    if settings.base_url:
        options["base_url"] = settings.base_url
    if provider.extra == "ollama":
        # Ollama cuts a prompt silently at its own default window, so it must be told ours.
        return options | {
            "client_kwargs": {"timeout": seconds},
            "num_ctx": settings.model_context or DEFAULT_WINDOW,
            "temperature": 0,
        }
    options["timeout"] = seconds
    # google-genai takes 0 for "as often as usual" and 1 for "no retry".
    options["max_retries"] = 1 if provider.extra == "google" else 0
    if provider.extra == "openai":
        options["stream_usage"] = True
        if settings.base_url:
            options["temperature"] = 0
            options["use_responses_api"] = False
            if not os.environ.get("OPENAI_API_KEY"):
                options["api_key"] = "none"
    return options


def _window(settings: Settings, profile: Mapping[str, Any]) -> int:
    if settings.model_context:
        return settings.model_context
    known = profile.get("max_input_tokens")
    return min(int(known), WIDEST_WINDOW) if known else DEFAULT_WINDOW
