"""Options and arguments that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

PageOption = Annotated[
    str | None, typer.Option("--page", metavar="SLUG", help="The page to ask; else the only one.")
]
