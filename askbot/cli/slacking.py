"""`askbot slack` and what belongs to it; the bridge itself is imported when one of them runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from askbot.errors import AskbotError, StoreError

slack_app = typer.Typer(
    help="Answer in Slack, over Socket Mode or HTTP.",
    rich_markup_mode=None,
    invoke_without_command=True,
)


@slack_app.callback()
def serve(
    context: typer.Context,
    http: Annotated[
        bool, typer.Option("--http", help="Serve signed HTTP requests instead of Socket Mode.")
    ] = False,
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Address to listen on (127.0.0.1).")
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="PORT", help="Port to listen on (3000).")
    ] = None,
) -> None:
    """Answer in Slack until stopped; tokens come from the environment (docs/slack.md)."""
    if context.invoked_subcommand is not None:
        return
    settings = context.obj.settings(slack_host=host, slack_port=port)
    with _installed():
        from askbot.settings import slack_secrets

        _log_to_stderr()
        if http:
            from askbot.slack.server import run_http

            run_http(settings, slack_secrets(), _say)
        else:
            from askbot.slack.bridge import run_socket_mode

            run_socket_mode(settings, slack_secrets(), _say)


@slack_app.command("manifest")
def manifest_command(
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where the HTTP server is reached; else Socket Mode."),
    ] = None,
) -> None:
    """Print the app manifest, to paste at api.slack.com/apps."""
    from askbot.slack.manifest import manifest

    print(json.dumps(manifest(url=url), indent=2))


@slack_app.command("doctor")
def doctor_command(context: typer.Context) -> None:
    """Check tokens and scopes, a line each."""
    with _installed():
        from askbot.cli.safe import one_line
        from askbot.settings import slack_secrets
        from askbot.slack.doctor import examine

        failed = False
        for fine, line in examine(context.obj.settings(), slack_secrets()):
            failed = failed or not fine
            print(f"{'ok  ' if fine else 'fail'}  {one_line(line)}", flush=True)
    if failed:
        raise typer.Exit(1)


@slack_app.command("feedback")
def feedback_command(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help='Where to write the question set; "-": here.')
    ] = "-",
    review: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what was called wrong, for a person to correct."),
    ] = None,
) -> None:
    """Export answers that people called right as a question set."""
    with _installed():
        from askbot.slack.database import Database
        from askbot.slack.feedback import Feedback, question_set, to_review

        settings = context.obj.settings()
        database = Database(settings.home, settings.slack_store)
        try:
            given = Feedback(database).all()
        finally:
            database.close()
    good = list(question_set(given))
    _write(good, file)
    if review is not None:
        _write(to_review(given), str(review))
    if file != "-" or not good:
        _say(f"{len(good)} questions whose answers were called right, of {len(given)} judged")


def _write(entries: Iterable[dict[str, Any]], file: str) -> None:
    lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    if file == "-":
        print(lines, end="")
        return
    try:
        Path(file).write_text(lines, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write {file}: {error.strerror}; name another file") from None


def _say(line: str) -> None:
    print(f"askbot slack: {line}", file=sys.stderr, flush=True)


def _log_to_stderr() -> None:
    import logging

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("askbot")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


@contextmanager
def _installed() -> Iterator[None]:
    """Says how to install what the bridge needs beyond the rest of askbot."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in (
            "slack_bolt",
            "slack_sdk",
            "sqlalchemy",
            "aiohttp",
        ):
            raise
        raise AskbotError(
            f"{error.name} is not installed; install it with `pip install 'askbot[slack]'`"
        ) from None
