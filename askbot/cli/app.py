"""The commands: names, options and help. What they do is imported when one of them runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from askbot.cli.arguments import PageOption
from askbot.cli.context import Options
from askbot.cli.evalgroup import eval_app
from askbot.cli.slacking import slack_app

app = typer.Typer(
    name="askbot",
    help="Ask questions about an article and the comments under it; every citation is checked.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
sessions_app = typer.Typer(help="Saved conversations.", rich_markup_mode=None)
app.add_typer(sessions_app, name="sessions")

SessionArgument = Annotated[
    str, typer.Argument(metavar="ID", help='A session id, its beginning, or "latest".')
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from askbot import __version__

        typer.echo(f"askbot {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Data folder (ASKBOT_HOME).")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="PROVIDER:NAME", help="Chat model; without one, answers are offline."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show timings, evidence and every source.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Ask questions about an article and the comments under it; every citation is checked."""
    del version
    context.obj = Options(home, model, verbose)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def ingest(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH_OR_URL", help='Files, folders, addresses, or "-".'),
    ] = None,
    slug: Annotated[
        str | None, typer.Option(metavar="SLUG", help="Name of the page; replaces one so named.")
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from private addresses too.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the index again from the saved pages.")
    ] = False,
) -> None:
    """Read pages and index them; again after a page changed."""
    from askbot.cli.ingesting import ingest_command

    ingest_command(
        context.obj, sources or [], slug=slug, allow_private=allow_private, rebuild=rebuild
    )


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUESTION", help='The question; "-" or a pipe: one a line.'),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a question.")] = False,
    page: PageOption = None,
) -> None:
    """Answer a question, or one a line from a pipe."""
    from askbot.cli.asking import ask_command

    ask_command(context.obj, question or [], as_json=as_json, page=page)


@app.command()
def chat(
    context: typer.Context,
    resume: Annotated[
        str | None, typer.Option(metavar="ID", help='Go on with a saved session, or "latest".')
    ] = None,
    page: PageOption = None,
) -> None:
    """Talk about a page; /help lists what can be typed besides questions."""
    from askbot.cli.chat import chat_command

    chat_command(context.obj, resume=resume, page=page)


@app.command()
def show(
    context: typer.Context,
    what: Annotated[
        str | None,
        typer.Argument(metavar="ID|SLUG", help="A passage (p4, c16.1) or a page; else the page."),
    ] = None,
    page: PageOption = None,
) -> None:
    """Show a passage with what stands around it, or the ids of a page."""
    from askbot.cli.looking import show_command

    show_command(context.obj, what, page=page)


@app.command()
def pages(context: typer.Context) -> None:
    """List the indexed pages."""
    from askbot.cli.looking import pages_command

    pages_command(context.obj)


@app.command()
def forget(
    context: typer.Context,
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="The page to take out.")],
) -> None:
    """Take a page out of the index."""
    from askbot.cli.ingesting import forget_command

    forget_command(context.obj, slug)


@app.command()
def verify(
    context: typer.Context,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help='Saved answers, a run, a transcript, or "-".'),
    ],
) -> None:
    """Check every citation of a saved answer, run or transcript against the index again."""
    from askbot.cli.verifying import verify_command

    verify_command(context.obj, file)


app.add_typer(eval_app, name="eval")


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of the run before.")],
    after: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of the run after.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, answers too.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with both answers as well.")
    ] = None,
) -> None:
    """Compare two runs over one question set: is the difference more than chance?"""
    from askbot.cli.comparing import compare_command

    compare_command(before, after, as_json=as_json, html=html)


@app.command()
def doctor(
    context: typer.Context,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out what takes seconds (encoder parity).")
    ] = False,
) -> None:
    """Check the installation and the data folder, a line each."""
    from askbot.cli.doctor import doctor_command

    raise typer.Exit(doctor_command(context.obj, quick=quick))


@sessions_app.command("list")
def sessions_list(
    context: typer.Context,
    page: PageOption = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 50,
) -> None:
    """List saved conversations, last used first."""
    from askbot.cli.sessions import list_command

    list_command(context.obj, page=page, limit=limit)


@sessions_app.command("show")
def sessions_show(context: typer.Context, session: SessionArgument = "latest") -> None:
    """Show a saved conversation."""
    from askbot.cli.sessions import show_command

    show_command(context.obj, session)


@sessions_app.command("export")
def sessions_export(
    context: typer.Context,
    session: SessionArgument,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help='A .md, .json or .html file; "-" for Markdown here.'),
    ] = "-",
) -> None:
    """Write a saved conversation as Markdown, JSON or HTML."""
    from askbot.cli.sessions import export_command

    export_command(context.obj, session, file)


@sessions_app.command("delete")
def sessions_delete(
    context: typer.Context,
    session: Annotated[list[str], typer.Argument(metavar="ID", help="Session ids.")],
) -> None:
    """Delete saved conversations."""
    from askbot.cli.sessions import delete_command

    delete_command(context.obj, session)


@sessions_app.command("search")
def sessions_search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORD", help="Words to look for.")],
) -> None:
    """Find turns of saved conversations that hold every word."""
    from askbot.cli.sessions import search_command

    search_command(context.obj, " ".join(words))


app.add_typer(slack_app, name="slack")


@app.command()
def mcp(context: typer.Context) -> None:
    """Serve the pages to an assistant: an MCP server on stdin and stdout."""
    from askbot.cli.serving import mcp_command

    mcp_command(context.obj)


def command_helps() -> dict[str, str]:
    """The help text of askbot and of each of its commands, by the words typed before `--help`.

    For the check that the README and the help agree; 100 columns wide whatever the terminal.
    """
    helps: dict[str, str] = {}
    stack: list[tuple[tuple[str, ...], Any, Any]] = [
        (("askbot",), typer.main.get_command(app), None)
    ]
    while stack:
        words, command, parent = stack.pop()
        context = command.make_context(
            words[-1], [], parent=parent, resilient_parsing=True, terminal_width=100
        )
        helps[" ".join(words)] = context.get_help()
        for name, child in getattr(command, "commands", {}).items():
            # Named, because a group that falls back to a command is that command otherwise.
            above = command.make_context(words[-1], [name], parent=parent, resilient_parsing=True)
            stack.append(((*words, name), child, above))
    return dict(sorted(helps.items()))
