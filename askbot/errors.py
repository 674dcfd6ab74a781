"""The one error tree. Every message says in one line what is wrong and what to do next."""

from __future__ import annotations


class AskbotError(Exception):
    """Base of everything that askbot raises on purpose; interfaces show it as one line.

    Attributes:
        exit_code: the process exit status a command line ends with (1: a clear error,
            2: wrong usage, 3: a quality gate not met).
    """

    exit_code = 1


class UsageError(AskbotError):
    """The call itself is wrong: an unknown option value, or options that exclude each other."""

    exit_code = 2


class SettingsError(AskbotError):
    """A setting (variable, TOML key) has a value that cannot be used."""


class SourceError(AskbotError):
    """A page could not be read: missing, empty, binary, wrongly encoded, too large, not a page."""


class FetchError(SourceError):
    """A URL could not be fetched, or may not be (scheme, private address, size, redirects)."""


class StoreError(AskbotError):
    """The data folder cannot be read or written."""


class StoreDamaged(StoreError):
    """Something under the data folder is not what askbot wrote there."""


class StoreBusy(StoreError):
    """Another process is writing; nothing was changed."""


class NotFound(AskbotError):
    """A page, a passage, a session or a file that was named does not exist."""


class EncoderError(AskbotError):
    """The embedding model is missing, altered or unusable."""


class ReaderError(AskbotError):
    """The span reader's model is missing, altered or unusable."""


class ProviderError(AskbotError):
    """A chat model could not be reached or gave nothing usable."""


class SessionError(AskbotError):
    """Saved conversations cannot be read or written."""


class QuestionSetError(AskbotError):
    """A question set or a run is not in the documented form."""


class GateError(AskbotError):
    """A quality gate (`askbot eval --min`) was not met."""

    exit_code = 3
