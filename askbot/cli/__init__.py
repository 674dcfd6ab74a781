"""The command line: the entry point, and how every failure becomes one line and an exit status.

Only typer is imported before a command runs, so that `askbot --help` is immediate.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

from askbot.errors import AskbotError

INTERRUPTED = 130
BROKEN_PIPE = 141
"""What a shell reports for a process that SIGINT or SIGPIPE ended."""


def main(argv: Sequence[str] | None = None) -> None:
    """The `askbot` command; ends the process with its exit status."""
    status = run(sys.argv[1:] if argv is None else argv)
    if status == BROKEN_PIPE:
        # Whoever read our output is gone: the interpreter must not flush into the pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from askbot.cli.leaving import leave

    leave(status)


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit status: 0 fine, 1 an error, 2 wrong usage, 3 a gate."""
    from askbot.cli.output import survive_any_encoding

    survive_any_encoding()
    try:
        status = _invoke(argv)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except AskbotError as error:
        return complain(str(error), error.exit_code)
    except ModuleNotFoundError as error:
        if _debugging() or (error.name or "askbot").startswith("askbot"):
            raise
        return complain(f"the package {error.name} is not installed; run `make install` again")
    except OSError as error:
        if _debugging():
            raise
        where = f" ({error.filename})" if error.filename else ""
        reason = error.strerror or type(error).__name__
        return complain(f"{reason}{where}; mend that and run the command again")
    except Exception as error:
        if _debugging():
            raise
        return complain(
            f"unexpected {type(error).__name__} at {_origin(error)}; this is a fault in askbot: "
            "run the command again with ASKBOT_DEBUG=1 for the traceback"
        )


def _invoke(argv: Sequence[str]) -> int:
    import typer

    from askbot.cli.app import app

    command = typer.main.get_command(app)
    # typer has had click inside and outside of itself; both call this class so.
    click_error: type[Exception] = next(
        c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException"
    )
    try:
        result = command.main(args=list(argv), prog_name="askbot", standalone_mode=False)
    except typer.Abort:
        return INTERRUPTED
    except click_error as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "askbot"
        message = getattr(error, "format_message", error.__str__)().rstrip(".")
        return complain(f"{message}; `{path} --help` shows the usage", 2)
    return result if isinstance(result, int) else 0


def complain(message: str, status: int = 1) -> int:
    """Say on stderr, in one line, what is wrong; returns the exit status."""
    from askbot.cli.safe import one_line

    with contextlib.suppress(OSError):  # nobody may be left to tell
        print(f"askbot: error: {one_line(message)}", file=sys.stderr, flush=True)
    return status


def _debugging() -> bool:
    # Read here and not in settings, because reading the settings may be what fails.
    return bool(os.environ.get("ASKBOT_DEBUG"))


def _origin(error: BaseException) -> str:
    """Module and line where an unexpected error arose: enough to report it by."""
    trace = error.__traceback__
    place = "unknown"
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("askbot"):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
