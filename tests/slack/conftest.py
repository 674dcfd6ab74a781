"""A copy of the shared data folder for each module, a stand-in for Slack, askbot as a process."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

pytest.importorskip("slack_bolt")

from slack_harness import Askbot
from slack_standin import StandIn


def copy_home(home: Path, to: Path) -> Path:
    """The indexed pages with a state of their own; the encoder is borrowed."""
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("encoders", "*.lock", "*.sqlite3*"))
    chroma = home / "chroma"
    if chroma.exists():
        shutil.copytree(chroma, to / "chroma", dirs_exist_ok=True)
    (to / "encoders").symlink_to(home / "encoders")
    return to


@pytest.fixture
def slack() -> Iterator[StandIn]:
    """Slack on loopback."""
    standin = StandIn().start()
    yield standin
    standin.stop()


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own with the bundled page and `town`."""
    return copy_home(home, tmp_path / "home")


@pytest.fixture(scope="module")
def town_slack() -> Iterator[StandIn]:
    """Slack on loopback, one for the module."""
    standin = StandIn().start()
    yield standin
    standin.stop()


@pytest.fixture(scope="module")
def served(
    home: Path, town_slack: StandIn, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Askbot]:
    """askbot over HTTP, answering about `town`; one process for the module."""
    folder = copy_home(home, tmp_path_factory.mktemp("served") / "home")
    askbot = Askbot(folder, town_slack, ASKBOT_PAGE="town").start()
    yield askbot
    askbot.stop()
