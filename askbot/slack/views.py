"""What the buttons show: all sources in full, the thread around a comment; and fixed messages."""

from __future__ import annotations

from collections.abc import Sequence

from askbot.answers import Answer
from askbot.conversation.turns import numbered_sources
from askbot.discussion import Comment, Page
from askbot.showing import label, part_label, reply_context, shortened
from askbot.slack.blocks import (
    Block,
    Message,
    PageOf,
    context,
    link_of,
    named,
    page_or_none,
    rich,
    section,
    source_line,
    text,
)
from askbot.slack.mrkdwn import escape

BUDGET = 9000
"""Characters of one message: under Slack's 13 200 with what the JSON adds."""
PART = 900


def more_message(answer: Answer, page_of: PageOf) -> Message:
    """Every source with its whole quotes, then the passages that were looked at and not cited."""
    sources = numbered_sources(answer)
    lines = [source_line(source, page_of, PART) for source in sources]
    cited = {source.id for source in sources}
    looked_at = [i for i in answer.evidence if i not in cited]
    blocks = [section("*Sources*"), *_fit(lines)] if lines else []
    if looked_at:
        page = None
        rest: list[list[Block]] = []
        for passage_id in looked_at:
            slug, _, local = passage_id.rpartition(":")
            page = page_or_none(page_of, slug) or page
            if page is None or local not in page:
                continue
            name = label(passage_id, page.part(local).author)
            words = shortened(page.text(local), PART // 4)
            rest.append([named(name, link_of(page, local)), text(f"  {words}\n")])
        if rest:
            blocks += [section("*Also looked at*"), *_fit(rest, BUDGET // 3)]
    how = f"{answer.engine}, {answer.route}, confidence {round(100 * answer.confidence)} %"
    if answer.searched_for != answer.question:
        how = f"searched for: {shortened(answer.searched_for, 300)} · {how}"
    blocks.append(context(escape(how)))
    return Message("Sources of this answer", tuple(blocks))


def thread_message(page: Page, comment_id: str) -> Message:
    """A comment with everything above it and below it, in page order."""
    above = page.ancestors(comment_id)
    root = above[-1].id if above else comment_id
    lines = [
        _comment_line(page, page.comment(c), marked=c == comment_id)
        for c in (root, *(d.id for d in page.descendants(root)))
    ]
    title = f"*Thread of {escape(label(root, page.comment(root).author))}*"
    return Message("The thread around this comment", (section(title), *_fit(lines)))


def _comment_line(page: Page, comment: Comment, *, marked: bool) -> list[Block]:
    words = shortened(page.text(comment.id), PART // 2) or "(empty)"
    reply = reply_context(page, comment)
    indent = "   " * min(comment.depth, 6)
    return [
        text(f"{indent}{'▸ ' if marked else ''}"),
        named(part_label(comment), link_of(page, comment.id)),
        text((f", {reply}" if reply else "") + f"\n{indent}{words}\n"),
    ]


def _fit(lines: Sequence[Sequence[Block]], budget: int = BUDGET) -> list[Block]:
    """Lines as rich text while they fit, and a line that says how many are left out."""
    elements: list[Block] = []
    for number, line in enumerate(lines):
        size = sum(len(e.get("text", "")) + len(e.get("url", "")) + 40 for e in line)
        if size > budget:
            left = context(f"{len(lines) - number} more are left out")
            return [rich(elements), left] if elements else [left]
        budget -= size
        elements += line
    return [rich(elements)]


def error_message(reference: str, reason: str) -> Message:
    """The last word on a question that could not be answered."""
    words = f"I could not answer this: {escape(reason)} (reference {reference})"
    return Message(words, (section(words),))


def busy_message() -> Message:
    """Said instead of an answer when too many questions wait."""
    words = "I am busy: too many questions are waiting. Please ask again in a minute."
    return Message(words, (section(words),))


def help_message(page: Page | None, prompts: Sequence[str]) -> Message:
    """Said when there is no question in a message."""
    about = f" about “{escape(shortened(page.title, 100))}”" if page and page.title else ""
    examples = "".join(f"\n• {escape(p)}" for p in prompts)
    words = f"Ask me a question{about}; I answer with checked citations.{examples}"
    return Message(words, (section(words),))
