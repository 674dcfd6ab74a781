"""`askbot eval check` and `askbot eval new`: question sets before they are asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from askbot.cli import complain
from askbot.cli.context import Options, open_bot
from askbot.cli.output import show
from askbot.cli.safe import one_line
from askbot.errors import QuestionSetError, StoreError, UsageError

if TYPE_CHECKING:
    from askbot.bot import Bot
    from askbot.discussion import Page
    from askbot.evaluation import Loaded
    from askbot.evaluation.sets.squad import PageOf


def check_command(options: Options, questions: Path, *, page: str | None, page_of: PageOf) -> None:
    """Print a line for each fault of a question set.

    Raises:
        NotFound, QuestionSetError: it cannot be read at all, or there are faults.
        UsageError: `page` is given and the set brings its own pages.
    """
    from rich.text import Text

    from askbot.cli.layout import Hanging
    from askbot.evaluation import check_set, load_questions

    loaded = load_questions(questions.expanduser(), page_of=page_of)
    refuse_page(loaded, page)
    opened: list[Bot] = []

    def page_named(slug: str | None) -> Page:
        if not opened:  # a set that brings its pages needs no index
            opened.append(open_bot(options.settings()))
        return opened[0].page(slug or page)

    faults = check_set(loaded, page_named)
    for fault in faults:
        show(Hanging(Text(one_line(str(fault)))))
    say_notes(loaded)
    count = len(loaded.questions)
    if faults:
        raise QuestionSetError(
            f"{_many(len(faults), 'fault')} in {questions}; mend the lines named above"
        )
    brought = f" about {_many(len(loaded.pages), 'page')} of its own" if loaded.pages else ""
    show(Hanging(Text(f"{_many(count, 'question')}{brought}: everything holds")))


def new_command(options: Options, slug: str, *, out: Path | None, facts: int) -> None:
    """Draft a question set and write it as JSON lines.

    Raises:
        NotFound: no such page is indexed; SourceError: there is nothing to ask about it.
        UsageError: the file is there already; StoreError: it cannot be written.
    """
    from askbot.evaluation import draft

    target = out.expanduser() if out is not None else None
    if target is not None and target.exists():
        # It may hold an hour of somebody's editing.
        raise UsageError(f"{target} exists already; name another file")
    records = draft(open_bot(options.settings()).page(slug), facts=facts)
    text = "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
    if target is None:
        print(text, end="")
        return
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise StoreError(
            f"{target} cannot be written ({error.strerror}); name a file in a folder that exists"
        ) from None
    from rich.text import Text

    from askbot.cli.layout import Hanging

    name = one_line(str(target))
    wrote = f"wrote {_many(len(records), 'question')} to {name}: put them in your own words, then "
    show(Hanging(Text(f"{wrote}run `askbot eval check {name}`")))


def say_faults(loaded: Loaded, questions: Path) -> None:
    """Name what was left out, a line each on stderr."""
    for fault in loaded.faults:
        complain(f"{questions}, {fault}")


def say_notes(loaded: Loaded) -> None:
    """What a person should know of a set."""
    for note in loaded.notes:
        say(f"note: {note}")


def say(text: str) -> None:
    """A line on stderr: it must not stand in the output's way."""
    import sys

    print(f"askbot: {one_line(text)}", file=sys.stderr, flush=True)


def refuse_page(loaded: Loaded, page: str | None) -> None:
    """Raises UsageError: a page was named for a set that brings its own."""
    if loaded.pages and page is not None:
        raise UsageError("this question set brings its own pages; leave --page out")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
