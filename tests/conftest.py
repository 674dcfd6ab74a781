"""Shared fixtures. Sockets other than loopback are refused (addopts in pyproject.toml)."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

# Set before anything is imported, so that no test can read the developer's own data or settings.
for name in [n for n in os.environ if n.startswith("ASKBOT_")]:
    del os.environ[name]
os.environ["ASKBOT_CONFIG"] = os.devnull

from askbot.bot import Bot  # noqa: E402
from askbot.discussion import Page  # noqa: E402
from askbot.embedding import go_offline  # noqa: E402
from askbot.settings import Settings  # noqa: E402
from askbot.sources import plaintext  # noqa: E402

go_offline()
# A runner may start us in the background with Ctrl-C ignored, which the chats under test inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)

SHARED = Path(__file__).resolve().parents[2] / "shared"

TOWN = """Town to close its only ferry

The council voted on Monday to close the Harrow ferry on 3 March 2021 after 112 years.

“We cannot keep paying 40,000 pounds a year for nine people,” said Ruth Bell, the harbour master.

The ferry will be replaced by a bus that runs 12 times a day.

Comments (6)

  1. oldsalt says:

    I rode that boat to school. Nine passengers is not true, I counted 31 last Tuesday.

    1. Ruth Bell says:

      The figure is from the winter timetable.

      1. oldsalt says:

        Then say so. Nobody rides in winter.

  2. Tim O’Dea says:

    The bus takes 50 minutes. The ferry took 8.

  3. quiet one says:


  4. jo says:

    Good riddance. I agree with the council.

Leave a Reply

Your name
"""


@pytest.fixture(scope="session")
def town() -> Page:
    """A small page of our own: p1..p4 and c1, c1.1, c1.1.1, c2, c3 (empty), c4."""
    return plaintext.read(TOWN, slug="town", origin="town.txt")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the bundled page and `town`; made once, never written by a test."""
    folder = tmp_path_factory.mktemp("home")
    bot = Bot.open(Settings(home=folder))
    bot.ingest([plaintext.read(TOWN, slug="town", origin="town.txt")])
    return folder


@pytest.fixture(scope="session")
def bot(home: Path) -> Bot:
    """A warm bot over `home`."""
    return Bot.open(Settings(home=home))


@pytest.fixture
def settings(home: Path, tmp_path: Path) -> Settings:
    """Settings of a fresh, empty data folder that borrows the exported encoder."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "encoders").symlink_to(home / "encoders")
    return Settings(home=folder)
