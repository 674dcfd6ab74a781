"""Where the bundled page and the prompts are: beside the package, or inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

from askbot.errors import NotFound

BUNDLED_PAGE = "secure-communities"


def resource(*parts: str) -> Path:
    """The path of a bundled file, such as `resource("corpus", "secure-communities.txt")`.

    Raises:
        NotFound: the installation is incomplete.
    """
    package = Path(__file__).parent
    for root in (package / "bundled", package.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise NotFound(f"{'/'.join(parts)} is missing from this installation; install askbot again")
