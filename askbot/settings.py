"""Every setting, read in one place: arguments over ASKBOT_… variables over a TOML file.

The TOML file is `ASKBOT_CONFIG`, or `config.toml` in the platform's user configuration folder.
Written on dataclasses rather than pydantic-settings because importing that takes 0.25 s, a quarter
of the time of a whole cold question.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_type_hints

from askbot.errors import SettingsError

ENV_PREFIX = "ASKBOT_"


def config_file() -> Path:
    """The TOML file that options come from; it need not exist."""
    named = os.environ.get(f"{ENV_PREFIX}CONFIG")
    if named:
        return Path(named).expanduser()
    import platformdirs

    return Path(platformdirs.user_config_dir("askbot", appauthor=False)) / "config.toml"


def _default_home() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("askbot", appauthor=False))


def _option(
    default: Any, about: str, *, low: float | None = None, high: float | None = None
) -> Any:
    meta = MappingProxyType({"about": about, "low": low, "high": high})
    if callable(default):
        return field(default_factory=default, metadata=meta)
    return field(default=default, metadata=meta)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """askbot's options; `about` in each field's metadata says what it does."""

    home: Path = _option(
        _default_home, "Folder that holds the index, saved conversations and exported encoders."
    )
    page: str | None = _option(None, "Slug of the page that questions go to.")
    model: str | None = _option(
        None, "Chat model as provider:name; without one the offline reader answers."
    )
    base_url: str | None = _option(
        None, "Address of the chat model's server, for any that speaks its provider's protocol."
    )
    model_timeout: float = _option(
        90.0, "Seconds for a chat model's whole answer, retries included.", low=0.05
    )
    model_retries: int = _option(
        2, "Times a failed request to a chat model is repeated.", low=0, high=10
    )
    model_context: int | None = _option(
        None, "Chat model's window in tokens (default: as known, else 8192).", low=512
    )
    model_price_input: float | None = _option(
        None, "Dollars per million tokens sent, where the provider reports no cost.", low=0
    )
    model_price_output: float | None = _option(
        None, "Dollars per million tokens written, where the provider reports no cost.", low=0
    )
    embedding_model: str = _option(
        "all-MiniLM-L6-v2",
        "sentence-transformers model: the packaged default, a folder, or a locally cached name.",
    )
    candidates: int = _option(8, "Passages handed to the answerer.", low=1, high=50)
    answer_threshold: float | None = _option(
        None,
        "Decline below this probability that the page answers (default: as fitted).",
        low=0.0,
        high=1.0,
    )
    reader: bool = _option(
        True, "Let the span reader answer; without it shared words do, faster and worse."
    )
    threads: int = _option(2, "CPU threads of the encoder and the reader.", low=1, high=64)
    max_page_bytes: int = _option(20_000_000, "Largest page that is read, in bytes.", low=1)
    fetch_timeout: float = _option(20.0, "Seconds for a whole download.", low=0.01)
    fetch_redirects: int = _option(5, "Redirects followed.", low=0)
    allow_private_addresses: bool = _option(False, "Fetch from loopback and private networks too.")
    lock_wait: float = _option(60.0, "Seconds to wait while another process is ingesting.", low=0)
    slack_store: str | None = _option(
        None, "Database URL of the Slack bridge's state (default: SQLite in the data folder)."
    )
    slack_followups: bool = _option(
        True, "Answer in a thread where the bot was asked without being mentioned again."
    )
    slack_stream: bool = _option(True, "Stream answers into Slack where the engine streams.")
    slack_teams: str = _option("", "Slack workspace ids answered, comma-separated (empty: all).")
    slack_channels: str = _option("", "Slack channel ids answered, comma-separated (empty: all).")
    slack_workers: int = _option(4, "Questions from Slack answered at once.", low=1, high=64)
    slack_queue: int = _option(500, "Questions waiting before Slack is told to try later.", low=1)
    slack_lease: float = _option(
        20.0, "Seconds after which a dead process's questions are taken over.", low=1
    )
    slack_grace: float = _option(20.0, "Seconds to finish answers when the bridge stops.", low=0)
    slack_keep_days: int = _option(90, "Days that answered questions are kept.", low=1)
    slack_host: str = _option("127.0.0.1", "Address that `askbot slack --http` listens on.")
    slack_port: int = _option(
        3000, "Port that `askbot slack --http` listens on.", low=0, high=65535
    )
    slack_api_url: str = _option(
        "https://slack.com/api/", "Slack's Web API: a proxy's, or a stand-in's for tests."
    )
    slack_timeout: float = _option(10.0, "Seconds for one call of Slack's Web API.", low=0.05)


def load_settings(**overrides: Any) -> Settings:
    """Settings from arguments (None means not given), variables and the TOML file.

    Raises:
        SettingsError: a value cannot be used; the message names the setting and where it came from.
    """
    path = config_file()
    from_file = _read_toml(path)
    hints = get_type_hints(Settings)
    values: dict[str, Any] = {}
    for option in fields(Settings):
        variable = f"{ENV_PREFIX}{option.name.upper()}"
        if overrides.get(option.name) is not None:
            raw, where = overrides[option.name], "the command line"
        elif os.environ.get(variable):
            raw, where = os.environ[variable], variable
        elif option.name in from_file:
            raw, where = from_file[option.name], str(path)
        else:
            continue
        try:
            values[option.name] = _convert(raw, hints[option.name])
            _check_range(values[option.name], option.metadata["low"], option.metadata["high"])
        except (TypeError, ValueError) as error:
            raise SettingsError(
                f"setting {option.name} = {raw!r} (from {where}): {error}; mend it there"
            ) from None
    return Settings(**values)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read as TOML: {error}; mend or remove it") from None


def _convert(raw: Any, hint: Any) -> Any:
    kinds = getattr(hint, "__args__", (hint,))
    if Path in kinds:
        return Path(str(raw)).expanduser()
    if bool in kinds:
        if isinstance(raw, bool):
            return raw
        word = str(raw).strip().lower()
        if word in ("1", "true", "yes", "on"):
            return True
        if word in ("0", "false", "no", "off"):
            return False
        raise ValueError("must be true or false")
    if int in kinds:
        if isinstance(raw, float) and not raw.is_integer():
            raise ValueError("must be a whole number")
        return int(raw)
    if float in kinds:
        return float(raw)
    return str(raw)


def _check_range(value: Any, low: float | None, high: float | None) -> None:
    if isinstance(value, float) and value != value:
        raise ValueError("must be a number")
    if low is not None and value < low:
        raise ValueError(f"must be at least {low}")
    if high is not None and value > high:
        raise ValueError(f"must be at most {high}")


@dataclass(frozen=True, slots=True)
class SlackSecrets:
    """Slack's tokens, by the names Slack's own tools use. They are in no `repr` and no message."""

    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)


def slack_secrets() -> SlackSecrets:
    """SLACK_BOT_TOKEN, SLACK_APP_TOKEN and SLACK_SIGNING_SECRET; "" for what is not set."""
    return SlackSecrets(
        bot_token=os.environ.get("SLACK_BOT_TOKEN", "").strip(),
        app_token=os.environ.get("SLACK_APP_TOKEN", "").strip(),
        signing_secret=os.environ.get("SLACK_SIGNING_SECRET", "").strip(),
    )
