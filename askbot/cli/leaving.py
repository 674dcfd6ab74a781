"""Ending the process, also after Ctrl-C has broken off the loading of a native library."""

from __future__ import annotations

import os
import sys

_broken_off: list[bool] = []


def broke_off() -> None:
    """Remember that work was broken off: a library may be half loaded."""
    _broken_off.append(True)


def leave(status: int) -> None:
    """End the process with a status.

    After work was broken off without the interpreter's own tidying up, in which a half loaded
    library may crash: all that was shown is saved by then, and only output is left to flush.
    """
    if _broken_off:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)
