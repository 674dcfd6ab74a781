"""`askbot eval` with its subcommands: names, options and help.

`askbot eval QUESTIONS` was there before `askbot eval check` and `askbot eval new`, and scripts call
it, so the group falls back to `run` unless the next word names a subcommand. A question set in a
file called "check" is still reached, as `./check` or through `askbot eval run check`.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from askbot.cli.arguments import PageOption

FALLBACK = "run"


class EvalGroup(TyperGroup):
    """Becomes its `run` command where no subcommand is named, in usage and help as well."""

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:
        """The context of the group or, in its place, that of `run`."""
        if args and args[0] in self.commands:
            return super().make_context(info_name, args, parent=parent, **extra)
        return self.commands[FALLBACK].make_context(info_name, args, parent=parent, **extra)


class PageOf(StrEnum):
    """What of a SQuAD set becomes a page."""

    paragraph = "paragraph"
    article = "article"


QuestionsArgument = Annotated[
    Path,
    typer.Argument(
        metavar="QUESTIONS",
        help="A question set: askbot's JSONL, SQuAD, ragas, Inspect, or a BEIR folder.",
    ),
]
PageOfOption = Annotated[
    PageOf, typer.Option("--page-of", help="What of a SQuAD set is a page of its own.")
]

eval_app = typer.Typer(
    cls=EvalGroup,
    help="Ask a question set, check one, or draft one.",
    rich_markup_mode=None,
    subcommand_metavar="COMMAND [ARGS]...",
)


@eval_app.command(
    FALLBACK,
    epilog="Besides: askbot eval check QUESTIONS looks a set over before it is asked; "
    "askbot eval new PAGE drafts one.",
)
def run(
    context: typer.Context,
    questions: QuestionsArgument,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Save the run there; go on with one broken off there."),
    ] = None,
    score: Annotated[
        Path | None,
        typer.Option("--score", "--from", metavar="DIR", help="Score this run; ask nothing."),
    ] = None,
    minimum: Annotated[
        list[str] | None,
        typer.Option("--min", metavar="METRIC=VALUE", help="Exit with 3 below this."),
    ] = None,
    maximum: Annotated[
        list[str] | None,
        typer.Option("--max", metavar="METRIC=VALUE", help="Exit with 3 above this."),
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write gates and questions as JUnit XML.")
    ] = None,
    workers: Annotated[
        int, typer.Option(metavar="N", min=1, max=64, help="Questions asked at once.")
    ] = 1,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Ask everything again in DIR, whatever stands there.")
    ] = False,
    judge: Annotated[
        str | None,
        typer.Option(
            metavar="PROVIDER:NAME", help="Let this chat model judge the answers as well."
        ),
    ] = None,
    page: PageOption = None,
    page_of: PageOfOption = PageOf.paragraph,
) -> None:
    """Ask a question set and report how good the answers are."""
    from askbot.cli.evaluating import EvalOptions, eval_command

    chosen = EvalOptions(
        out=out,
        score=score,
        minimum=minimum or (),
        maximum=maximum or (),
        junit=junit,
        page=page,
        page_of=page_of.value,
        workers=workers,
        fresh=fresh,
        judge=judge,
    )
    eval_command(context.obj, questions, chosen)


@eval_app.command()
def check(
    context: typer.Context,
    questions: QuestionsArgument,
    page: PageOption = None,
    page_of: PageOfOption = PageOf.paragraph,
) -> None:
    """Check a question set against its page: ids, answers in their evidence, duplicates."""
    from askbot.cli.question_sets import check_command

    check_command(context.obj, questions, page=page, page_of=page_of.value)


@eval_app.command()
def new(
    context: typer.Context,
    page: Annotated[str, typer.Argument(metavar="PAGE", help="The slug of an indexed page.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write there; else on stdout.")
    ] = None,
    facts: Annotated[int, typer.Option(metavar="N", min=0, help="Facts to draft at most.")] = 20,
) -> None:
    """Draft a question set from a page, for a person to edit."""
    from askbot.cli.question_sets import new_command

    new_command(context.obj, page, out=out, facts=facts)
