"""An `Answer` as Slack messages: the text, a compact source list, buttons. Pure functions.

Words from pages and models are `rich_text`, which Slack shows as they stand: no formatting, no
emoji, no mention can come of them. Limits as documented (50 blocks, 3000 characters a text), and as
met in practice (13 200 characters of blocks a message, github.com/slackapi/bolt-js/issues/2509).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from askbot.answers import Answer
from askbot.conversation.turns import Source, numbered_sources
from askbot.discussion import Page
from askbot.errors import AskbotError
from askbot.markers import scan
from askbot.showing import label, one_line, reply_context, shortened
from askbot.slack.mrkdwn import escape, split, verbatim

Block = dict[str, Any]
PageOf = Callable[[str], Page]

TEXT_LIMIT = 2800
"""Characters of the answer in one message: room for its sources under every limit."""
MANY = 4
"""More citations than this in a row are shown as a run."""
LISTED = 5
QUOTED = 220
MORE, THREAD, FEEDBACK = "askbot_more", "askbot_thread", "askbot_feedback"


@dataclass(frozen=True, slots=True)
class Message:
    """What one chat.postMessage carries; `text` is what notifications and screen readers get."""

    text: str
    blocks: tuple[Block, ...] = ()


def answer_messages(
    answer: Answer, page_of: PageOf, job: str, *, heading: str = ""
) -> tuple[Message, ...]:
    """The messages of an answer, in order; their texts joined are the answer's, escaped.

    Args:
        job: what the buttons refer to.
        heading: the question, where the channel does not show it (a slash command).
    """
    pieces = _pieces(answer.answer)
    messages: list[Message] = []
    for number, piece in enumerate(pieces):
        blocks: list[Block] = []
        if number == 0 and heading:
            blocks.append(context(f"Question: {escape(shortened(heading, 300))}"))
        blocks.append(rich(_elements(piece, answer, page_of)))
        if number == len(pieces) - 1:
            blocks += tail_blocks(answer, page_of, job)
        messages.append(Message(escape(piece), tuple(blocks)))
    return tuple(messages)


def tail_blocks(answer: Answer, page_of: PageOf, job: str) -> list[Block]:
    """What stands under the text: that it is no answer, the sources, notes, buttons, feedback."""
    sources = numbered_sources(answer)
    blocks: list[Block] = []
    if answer.abstained:
        blocks.append(context("No answer to this was found on the page."))
    listed = sources if len(sources) <= LISTED else sources[: MANY - 1]
    if listed:
        elements: list[Block] = []
        for source in listed:
            elements += source_line(source, page_of, QUOTED)
        blocks.append(rich(elements))
    if len(sources) > len(listed):
        blocks.append(context(f"{len(sources) - len(listed)} more sources"))
    blocks += [context(f"Note: {escape(shortened(note, 300))}") for note in answer.notes[:3]]
    buttons = []
    if sources or answer.evidence:
        buttons.append(_button("Show more", MORE, job))
    if any(s.citations[0].kind == "comment" for s in sources):
        buttons.append(_button("Show thread", THREAD, job))
    if buttons:
        blocks.append({"type": "actions", "elements": buttons})
    blocks.append(_feedback(job))
    return blocks


def source_line(source: Source, page_of: PageOf, length: int) -> list[Block]:
    """ "1 ¶12 “quote”" as rich text elements; the name is a link where the passage has one."""
    page = page_or_none(page_of, source.citations[0].page)
    name = label(source.id, source.author)
    reply = ""
    local = source.id.rpartition(":")[2]
    if page is not None and local in page:
        reply = reply_context(page, page.part(local))
    quotes = " … ".join(dict.fromkeys(one_line(c.quote) for c in source.citations))
    return [
        text(f"{source.number}  "),
        named(name, link_of(page, local)),
        text((f", {reply}" if reply else "") + f"  “{shortened(quotes, length)}”\n"),
    ]


def page_or_none(page_of: PageOf, slug: str) -> Page | None:
    """The page, None where it is not indexed any more."""
    try:
        return page_of(slug)
    except AskbotError:
        return None


def link_of(page: Page | None, local: str) -> str | None:
    """The address of this very comment, if the page has one that can be followed."""
    if page is None or local not in page:
        return None
    url = getattr(page.part(local), "url", None)
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else None


def rich(elements: Sequence[Block], kind: str = "rich_text_section") -> Block:
    """A rich text block of one section (or quote)."""
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def text(words: str, **style: bool) -> Block:
    """A rich text element that shows the words as they stand."""
    element: Block = {"type": "text", "text": verbatim(words)}
    if style:
        element["style"] = style
    return element


def named(name: str, url: str | None) -> Block:
    """A passage's name, linked if it can be."""
    if url is None:
        return text(name, bold=True)
    return {"type": "link", "url": url, "text": verbatim(name), "style": {"bold": True}}


def context(mrkdwn: str) -> Block:
    """A line in small print; the caller escapes."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn, "verbatim": True}]}


def section(mrkdwn: str) -> Block:
    """A paragraph of our own words; the caller escapes what is not ours."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def _pieces(answer: str) -> list[str]:
    hidden = list(answer)
    for marker in scan(answer):
        hidden[marker.start : marker.end] = "\x00" * (marker.end - marker.start)
    pieces, position = [], 0
    for piece in split("".join(hidden), TEXT_LIMIT):
        pieces.append(answer[position : position + len(piece)])
        position += len(piece)
    return pieces


def _elements(piece: str, answer: Answer, page_of: PageOf) -> list[Block]:
    """Text with its markers as "[1 ¶12]"; a long run of them as first … last."""
    sources = {s.id: s for s in numbered_sources(answer)}
    out: list[Block] = []
    position = 0
    group: list[Source] = []
    for marker in scan(piece):
        known = [sources[i] for i in marker.ids if i in sources]
        if marker.problem or not known:
            continue
        between = piece[position : marker.start]
        if between.strip():
            out += _references(group, page_of)
            group = []
            out.append(text(between))
        elif not group and between:
            out.append(text(between))
        group += known
        position = marker.end
    out += _references(group, page_of)
    if piece[position:]:
        out.append(text(piece[position:]))
    return out or [text(" ")]


def _references(group: Sequence[Source], page_of: PageOf) -> list[Block]:
    if len(group) > MANY:
        first, last = label(group[0].id), label(group[-1].id)
        return [text(f"[{first} … {last} ({len(group)} passages)]")]
    out: list[Block] = []
    for number, source in enumerate(group):
        page = page_or_none(page_of, source.citations[0].page)
        url = link_of(page, source.id.rpartition(":")[2])
        name = f"[{source.number} {label(source.id, source.author)}]"
        if number:
            out.append(text(" "))
        out.append({"type": "link", "url": url, "text": verbatim(name)} if url else text(name))
    return out


def _button(words: str, action: str, job: str) -> Block:
    plain = {"type": "plain_text", "text": words}
    return {"type": "button", "action_id": action, "text": plain, "value": job}


def _feedback(job: str) -> Block:
    def button(words: str, value: str, says: str) -> Block:
        return {
            "text": {"type": "plain_text", "text": words},
            "value": f"{value}:{job}",
            "accessibility_label": says,
        }

    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": FEEDBACK,
                "positive_button": button("Right", "good", "This answer is right"),
                "negative_button": button("Wrong", "bad", "This answer is wrong or incomplete"),
            }
        ],
    }
