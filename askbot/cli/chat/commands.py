"""What can be typed in a chat besides questions: /sources, /show, /thread and the like."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from askbot.answers import Answer
from askbot.cli.chat.conversation import Conversation
from askbot.cli.labels import parse_id
from askbot.cli.layout import Hanging, rows, text
from askbot.cli.looking import pages_table
from askbot.cli.passages import page_heading, passage_lines, thread_lines
from askbot.cli.render import Manner, answer_lines, source_lines
from askbot.cli.safe import one_line
from askbot.conversation.turns import numbered_sources
from askbot.discussion import Comment, Extent
from askbot.errors import NotFound, UsageError

Lines = list[Hanging]
ALL = "all"


class Quit(Exception):
    """The person wants to leave."""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; `argument` is how its argument is written in /help, "" for none."""

    name: str
    argument: str
    about: str
    run: Callable[[Conversation, str, Manner], Lines]

    @property
    def usage(self) -> str:
        return f"/{self.name} {self.argument}".strip()


def run_command(conversation: Conversation, line: str, manner: Manner) -> Lines:
    """Run a line that begins with a slash and return what to show.

    Raises:
        UsageError: there is no such command, or its argument is wrong; NotFound and its kind.
        Quit: /quit.
    """
    name, _, argument = line[1:].strip().partition(" ")
    name = name.lower()
    command = COMMANDS.get(name)
    if command is None:
        near = difflib.get_close_matches(name, COMMANDS, 1, cutoff=0.5)
        starts = [known for known in COMMANDS if name and known.startswith(name)]
        nearest = (starts or near or ["help"])[0]
        hint = f"did you mean /{nearest}?" if starts or near else "/help lists the commands"
        raise UsageError(f"there is no command /{name}; {hint}")
    argument = argument.strip()
    if argument and not command.argument:
        raise UsageError(f"/{name} takes nothing behind it")
    return command.run(conversation, argument, manner)


def answer_of(conversation: Conversation, question: str, manner: Manner) -> Lines:
    """Ask a question and render the answer."""
    return _rendered(conversation, conversation.ask(question), manner)


def _rendered(conversation: Conversation, answer: Answer, manner: Manner) -> Lines:
    lines = answer_lines(answer, conversation.page, manner)
    if conversation.problem:
        what = f"not saved: {one_line(conversation.problem)}"
        lines.append(Hanging(Text(what, "yellow")))
    return lines


def _sources(conversation: Conversation, argument: str, manner: Manner) -> Lines:
    answer = conversation.last.answer
    sources = numbered_sources(answer)
    if not sources:
        raise UsageError("the last answer cites nothing")
    if not argument:
        width = len(str(len(sources)))
        return [
            line
            for source in sources
            for line in source_lines(source, answer, conversation.page, manner, width=width)
        ]
    number = argument.strip("[]#")
    if not number.isdecimal() or not 1 <= int(number) <= len(sources):
        raise UsageError(f"the last answer has sources 1 to {len(sources)}; write /sources 1")
    source = sources[int(number) - 1]
    citation = source.citations[0]
    page = conversation.page(citation.page)
    local = source.id.rpartition(":")[2]
    if page.sha256 != citation.source_sha256 or local not in page:
        return source_lines(source, answer, conversation.page, manner)
    marks = [Extent(c.start, c.end) for c in source.citations]
    return passage_lines(page, page.part(local), marks=marks, styled=manner.styled)


def _show(conversation: Conversation, argument: str, manner: Manner) -> Lines:
    if not argument:
        raise UsageError("say which passage: /show p4 or /show c16.1")
    slug, local = parse_id(argument)
    page = conversation.page(slug)
    return passage_lines(page, page.part(local), styled=manner.styled)


def _thread(conversation: Conversation, argument: str, manner: Manner) -> Lines:
    del manner
    if not argument:
        lines = thread_lines(conversation.page())
        return lines or [Hanging(Text("the page has no comments"))]
    slug, local = parse_id(argument)
    page = conversation.page(slug)
    comment: Comment = page.comment(local)
    above = page.ancestors(comment.id)
    return thread_lines(page, above[-1].id if above else comment.id, chosen=comment.id)


def _page(conversation: Conversation, argument: str, manner: Manner) -> Lines:
    del manner
    entries = conversation.bot.catalog()
    if argument:
        known = [entry.slug for entry in entries]
        target = argument.lower()
        if target not in known and target != ALL:
            near = difflib.get_close_matches(target, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise NotFound(f"no page {argument!r} is indexed; {hint}")
        slug = None if target == ALL and ALL not in known else target
        if slug is None and len(entries) == 1:
            slug = entries[0].slug
        if slug != conversation.slug:
            earlier = conversation.session_id
            conversation.switch(slug)
            lines = [_about(conversation)]
            if earlier:
                lines.append(Hanging(Text(f"a new conversation; {earlier} is saved", "dim")))
            return lines
    return [_about(conversation)]


def _about(conversation: Conversation) -> Hanging:
    entry = conversation.entry()
    if entry is not None:
        return page_heading(entry)
    slugs = ", ".join(e.slug for e in conversation.bot.catalog())
    return Hanging(text(("all pages", "bold cyan"), f": {slugs}"))


def _pages(conversation: Conversation, argument: str, manner: Manner) -> Lines:
    del argument, manner
    return pages_table(conversation.bot.catalog(), current=conversation.slug)


def _export(conversation: Conversation, argument: str, manner: Manner) -> Lines:
    from askbot.cli.sessions import form_of, write_export
    from askbot.conversation.export import export

    del manner
    file = argument.strip("\"'")
    if not file:
        raise UsageError("name the file: /export talk.md (or .json, .html)")
    session = conversation.session()
    write_export(Path(file).expanduser(), export(session, form_of(file)))
    turns = len(session.turns)
    return [Hanging(Text(f"wrote {one_line(file)} ({turns} turn{'' if turns == 1 else 's'})"))]


def _retry(conversation: Conversation, argument: str, manner: Manner) -> Lines:
    del argument
    question = conversation.last.question
    lines = [Hanging(Text(one_line(question), "bold"), Text("> ", "dim"))]
    return lines + _rendered(conversation, conversation.ask(question, again=True), manner)


def _help(conversation: Conversation, argument: str, manner: Manner) -> Lines:
    del conversation, argument, manner
    lines = rows(("command", "what it does"), [(c.usage, c.about) for c in COMMANDS.values()])
    keys = "Alt-Enter (or Esc, Enter): a new line · Tab: complete · Ctrl-C: clear · Ctrl-D: quit"
    return [*lines, Hanging(Text(keys, "dim"))]


def _cost(conversation: Conversation, argument: str, manner: Manner) -> Lines:
    from askbot.answerers.usage import spent

    del argument, manner
    return [Hanging(Text(spent(turn.answer.usage for turn in conversation.turns)))]


def _quit(conversation: Conversation, argument: str, manner: Manner) -> Lines:
    del conversation, argument, manner
    raise Quit


COMMANDS = {
    command.name: command
    for command in (
        Command("sources", "[N]", "the sources of the last answer, or one in full", _sources),
        Command("show", "ID", "a passage with what stands around it (p4, c16.1)", _show),
        Command("thread", "[ID]", "the comments as a tree, or the thread of one", _thread),
        Command("page", "[SLUG|all]", "the page that is asked, or choose another", _page),
        Command("pages", "", "the indexed pages", _pages),
        Command("export", "FILE", "save the conversation as .md, .json or .html", _export),
        Command("cost", "", "tokens and cost of the chat model so far", _cost),
        Command("retry", "", "ask the last question again", _retry),
        Command("help", "", "this list", _help),
        Command("quit", "", "leave; the conversation is saved", _quit),
    )
}
