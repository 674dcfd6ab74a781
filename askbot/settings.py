"""Every setting, read in one place: arguments over ASKBOT_… variables over a TOML file.

The TOML file is `ASKBOT_CONFIG`, or `config.toml` in the platform's user configuration folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from askbot.errors import SettingsError

ENV_PREFIX = "ASKBOT_"


def config_file() -> Path:
    """The TOML file that options come from; it need not exist."""
    named = os.environ.get(f"{ENV_PREFIX}CONFIG")
    if named:
        return Path(named).expanduser()
    return Path(platformdirs.user_config_dir("askbot", appauthor=False)) / "config.toml"


class Settings(BaseSettings):
    """askbot's options. Construct with `load_settings`, which turns mistakes into one line."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, extra="ignore", frozen=True)

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("askbot", appauthor=False)),
        description="Folder that holds the index, saved conversations and exported encoders.",
    )
    page: str | None = Field(None, description="Slug of the page that questions go to.")
    model: str | None = Field(
        None, description="Chat model as provider:name; without one the offline reader answers."
    )
    embedding_model: str = Field(
        "all-MiniLM-L6-v2",
        description="sentence-transformers model: the packaged default, or a folder.",
    )
    candidates: int = Field(8, ge=1, le=50, description="Passages handed to the answerer.")
    answer_threshold: float | None = Field(
        None,
        ge=0.0,
        le=1.0,
        description="Below this probability that the page answers, decline (default: as fitted).",
    )
    threads: int = Field(2, ge=1, le=64, description="CPU threads of the encoder and the reader.")
    max_page_bytes: int = Field(
        20_000_000, ge=1, description="Largest page that is read, in bytes."
    )
    fetch_timeout: float = Field(20.0, gt=0, description="Seconds for a whole download.")
    fetch_redirects: int = Field(5, ge=0, description="Redirects followed.")
    allow_private_addresses: bool = Field(
        False, description="Fetch from loopback and private networks too."
    )
    lock_wait: float = Field(
        10.0, ge=0, description="Seconds to wait while another process is ingesting."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls, config_file())
        return init_settings, env_settings, toml


def load_settings(**overrides: Any) -> Settings:
    """Settings from arguments (None means not given), variables and the TOML file.

    Raises:
        SettingsError: a value cannot be used; the message names the setting and its source form.
    """
    given = {key: value for key, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "a setting"
        raise SettingsError(
            f"setting {name}: {first['msg'].lower()} (got {first['input']!r}); "
            f"set it as {ENV_PREFIX}{name.upper()} or `{name} = …` in {config_file()}"
        ) from None
    except ValueError as error:  # tomllib.TOMLDecodeError is one
        raise SettingsError(f"{config_file()} is not valid TOML: {error}; mend or remove it") from None
