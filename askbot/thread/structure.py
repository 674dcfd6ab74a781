"""The shape of the discussion: all replies, what drew most of them, what drew none, chains."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.discussion import Comment
from askbot.thread.compose import (
    Ask,
    ThreadReply,
    cited,
    line,
    listed,
    number_of,
    people,
    reply,
    shown_id,
    stated,
    whose,
)
from askbot.thread.levels import at_top, left_out, nested, to_replies, top_level
from askbot.thread.people import nobody_called, targets, unknown_name


def reply_list(ask: Ask) -> ThreadReply:
    """All replies: who replied to whom."""
    if left_out(ask.question) == "replies":
        return top_level(ask)
    if to_replies(ask.question):
        return nested(ask)
    found = [c for c in ask.tables.comments if c.parent is not None]
    own = ask.slots.has("themselves", "themself", "own", "himself", "herself")
    if own and not ask.slots.has("among", "between"):
        found = [c for c in found if c.parent and ask.page.comment(c.parent).author == c.author]
        if not found:
            text = "Nobody replied to a comment of their own."
            return reply(ask, "replies", [stated(text)], short="nobody")
    if not found:
        text = "No comment is a reply to another one."
        every = cited(ask, ask.tables.comments)
        return reply(ask, "replies", [stated(text, every)], short="0")
    total = len(ask.tables.comments)
    verb = "is a reply" if len(found) == 1 else "are replies"
    claims = [stated(f"{len(found)} of {total} comments {verb}:", cited(ask, found))]
    for comment in found[:60]:
        above = ask.page.comment(comment.parent or "")
        pair = f"{comment.author or 'somebody'} to {above.author or 'somebody'}"
        claims.append(stated(pair, cited(ask, [comment]), before="\n"))
    short = str(len(found)) if ask.slots.has("many", "number", "count") else None
    return reply(ask, "replies", claims, short=short)


def most_replied(ask: Ask) -> ThreadReply:
    """Which comment, or which commenter, got the most direct replies."""
    counted = ask.tables.reply_counts
    if not counted or left_out(ask.question) == "top":
        return reply_list(ask)
    if ask.slots.has("who", "commenter", "whom"):
        totals: dict[str, int] = {}
        for parent, n in counted.items():
            author = ask.page.comment(parent).author
            totals[author] = totals.get(author, 0) + n
        most = max(totals.values())
        names = [a for a in ask.tables.by_author if totals.get(a) == most]
        own = [c for a in names for c in ask.tables.by_author[a]]
        answers = ask.tables.replies_to(own)
        text = f"{listed(names)} got the most replies: {most}{' each' if len(names) > 1 else ''}."
        return reply(ask, "most-replied", [stated(text, cited(ask, answers))], short=listed(names))
    most = max(counted.values())
    found = [c for c in ask.tables.comments if counted.get(c.id) == most]
    which = listed(f"{shown_id(c)} by {c.author}" for c in found)
    text = f"{which} got the most replies: {most}{' each' if len(found) > 1 else ''}."
    shown = [*found, *ask.tables.replies_to(found)]
    claims = [stated(text, cited(ask, shown))]
    return reply(ask, "most-replied", claims, short=listed(people(found)))


_NEGATOR = re.compile(r"\b(?:no|not|nobody|none|never|nothing|zero)\b|n[’']t\b", re.I)
_NEGLECT = re.compile(
    r"\b(?:ignored?|overlooked?|neglected|hanging|without|lack\w*|miss(?:ing|ed)|failed|in vain"
    r"|silence|fell flat|still waiting|un(?:answered|replied|noticed|acknowledged|heard|heeded"
    r"|addressed|touched|responded)|(?:reply|answer|response)less)\b",
    re.I,
)


_OF_REPLIES = re.compile(
    r"(?:so |and |ok |well )?(?:which|what|how many|any|were any|did any|have any)"
    r"(?: of the| of these| of those)? (?:repl(?:y|ies)|answers|responses)\b",
    re.IGNORECASE,
)
"""What asks about replies alone: "which replies got a reply"."""


def _asks_for_none(question: str) -> bool:
    """Whether a question wants what nobody replied to.

    "Not ignored" asks for the others; "left hanging, with no reply" says one thing twice.
    """
    none, neglect = _NEGATOR.search(question), _NEGLECT.search(question)
    if none and neglect:
        return none.start() > neglect.start()
    return bool(none or neglect)


def by_answer(ask: Ask) -> ThreadReply:
    """Comments that somebody, or nobody, replied to.

    The two questions differ by a negation that an embedding hardly sees: it is looked for here.
    """
    negative = _asks_for_none(ask.question)
    route = "unanswered" if negative else "answered"
    counted = ask.tables.reply_counts
    among = ask.page.replies(None) if at_top(ask.question) else ask.tables.comments
    own = tuple(c for c in among if c.author in ask.slots.authors)
    among = own or among  # "which of Kim's comments got no reply"
    if not own and _OF_REPLIES.match(ask.question):
        among = tuple(c for c in among if c.parent is not None)
    found = [c for c in among if (c.id in counted) == (route == "answered")]
    how = "got a reply" if route == "answered" else "got no reply"
    return _replied_state(ask, route, found, how, among)


def _replied_state(
    ask: Ask, route: str, found: Sequence[Comment], how: str, every: Sequence[Comment]
) -> ThreadReply:
    level = "top-level " if at_top(ask.question) else ""
    if not found:
        text = f"None of the {len(every)} {level}comments {how}."
        return reply(ask, route, [stated(text, cited(ask, every))], short="none")
    which = listed(f"{shown_id(c)} {c.author}".strip() for c in found)
    text = f"{len(found)} of {len(every)} {level}comments {how}: {which}."
    short = str(len(found)) if ask.slots.has("many", "number") else listed(people(found))
    return reply(ask, route, [stated(text, cited(ask, found))], short=short)


_BELOW_IT = re.compile(
    r"\b(?:below|under(?:neath)?|beneath|repl(?:y|ies|ied)|respon\w+|answer\w*|reaction\w*|follow\w*"
    r"|after|came of|led to|react\w*|nested|descend\w*|hang\w*|attached"
    r"|set(?:s|ting)? off|spark\w*|trigger\w*|provok\w+|touch\w* off)\b",
    re.IGNORECASE,
)
"""What asks for all that hangs on a comment; a "thread", a "conversation" has the comment in it."""
_TALK = re.compile(
    r"\b(?:exchange|conversation|argument|discussion|debate|dialogue|back[ -]and[ -]forth)\b"
    r"|\b(?:whole|entire|full|complete)\b.*\b(?:thread|chain)\b"
    r"|\b(?:comment|post)\b.* (?:with|and|plus) (?:everything|all|whatever|(?:its|the) replies)\b",
    re.IGNORECASE,
)
"""What has the comment that began it in it, wherever it is said to stand: "the exchange under"."""
_UP_TO = re.compile(
    r"\b(?:leads?|led|leading|goes|up|down|way|path)(?: up| down)? to\b|\babove\b|\bupwards?\b"
    r"|\b(?:end|ends|ended|ending|finish\w*|stop\w*) (?:in|with|at|on)\b"
    r"|\bhow (?:did|do) .* get to\b",
    re.IGNORECASE,
)
"""What asks for the comments from the top of the page down to one."""


def chain(ask: Ask) -> ThreadReply | None:
    """Everything below a comment, depth first."""
    wanted = targets(ask)
    if not wanted:
        stranger = unknown_name(ask)
        return nobody_called(ask, stranger) if stranger else None
    whom = whose(ask, wanted)
    if _UP_TO.search(ask.question) and len(wanted) == 1 and wanted[0].parent is not None:
        path = [*reversed(ask.page.ancestors(wanted[0].id)), wanted[0]]
        claims = [stated(f"{len(path)} comments lead to {whom}:", cited(ask, path))]
        for comment in path:
            claims.extend(line(ask, comment, indent="  " * comment.depth))
        return reply(ask, "chain", claims, short=listed(people(path)))
    below = {d.id: d for c in wanted for d in ask.page.descendants(c.id)}
    if not below:
        text = f"Nothing stands below {whom}: nobody replied."
        return reply(ask, "chain", [stated(text, cited(ask, wanted))], short="0")
    comments = sorted(below.values(), key=lambda c: ask.tables.place[c.id])
    text = f"{number_of(len(comments), 'comment')} below {whom}:"
    if _TALK.search(ask.question) or not _BELOW_IT.search(ask.question):
        roots = [c for c in wanted if c.id not in below and any(ask.page.descendants(c.id))]
        comments = sorted([*roots, *comments], key=lambda c: ask.tables.place[c.id])
        text = f"{number_of(len(comments), 'comment')}, started by {whom}:"
    claims = [stated(text, cited(ask, comments))]
    for comment in comments[:60]:
        claims.extend(line(ask, comment, indent="  " * (comment.depth - 1)))
    return reply(ask, "chain", claims, short=listed(people(comments)))


_CHAIN = re.compile(
    r"\bchains?\b|\bdeep(?:est)?\b|\bnest(?:ing|ed)\b|\bexchanges?\b|\bback[ -]and[ -]forths?\b"
    r"|\bto[ -]and[ -]fros?\b|\b(?:tit for tat|ping[ -]?pong|dialogue)\b",
    re.IGNORECASE,
)
"""Words for one line of replies, each to the one before, rather than for all below a comment."""
_BELOW = re.compile(r"\b(?:which|what|whose) (?:comment|post).*\b(?:under|below|beneath)\b", re.I)
""" "Which comment has the longest chain under it": all that is below it counts."""


def longest_thread(ask: Ask) -> ThreadReply:
    """The top-level comment with the most comments below it, or the longest chain of replies.

    A chain is a path from a top-level comment down to its deepest reply; a thread is all there is
    below a top-level comment.
    """
    top = ask.page.replies(None)
    if not ask.tables.reply_counts:
        return reply_list(ask)
    if _CHAIN.search(ask.question) and not _BELOW.search(ask.question):
        return _deepest(ask)
    below = {c.id: list(ask.page.descendants(c.id)) for c in top}
    most = max(len(b) for b in below.values())
    found = [c for c in top if len(below[c.id]) == most]
    which = listed(f"{shown_id(c)} by {c.author}" for c in found)
    text = f"The longest thread starts with {which}: {number_of(most, 'reply', 'replies')} below it"
    text += " (each)." if len(found) > 1 else f", by {listed(people(below[found[0].id]))}."
    every = [c for root in found for c in (root, *below[root.id])]
    return reply(
        ask, "longest-thread", [stated(text, cited(ask, every))], short=listed(people(found))
    )


_HOW_DEEP = re.compile(
    r"\bhow deep\b|\bhow many (?:levels?|layers?|steps?) (?:down|deep|are|is|does|do|of)\b",
    re.IGNORECASE,
)


def by_depth(ask: Ask) -> ThreadReply:
    """Replies to replies, or how deep they go at all."""
    if ask.tables.reply_counts and _HOW_DEEP.search(ask.question):
        return _deepest(ask, depth_asked=True)
    return nested(ask)


def _deepest(ask: Ask, *, depth_asked: bool = False) -> ThreadReply:
    """The path down to the deepest reply; every one of them where several are as deep."""
    depth = max(c.depth for c in ask.tables.comments)
    ends = [c for c in ask.tables.comments if c.depth == depth]
    if depth_asked or ask.slots.has("deep", "deepest", "nesting", "nested"):
        which = listed(f"{shown_id(c)} by {c.author or 'somebody'}" for c in ends)
        verb = "reply is" if len(ends) == 1 else "replies are"
        text = f"The deepest {verb} {which}, {depth} below a top-level comment."
        claims = [stated(text, cited(ask, ends))]
        return reply(ask, "deepest", claims, short=str(depth))
    chains = [[*reversed(ask.page.ancestors(end.id)), end] for end in ends]
    steps = number_of(depth, "reply", "replies")
    claims = [stated(f"The longest chain of replies has {steps}{' (each)' if ends[1:] else ''}:")]
    for chain in chains:
        who = ", then ".join(f"{shown_id(c)} {c.author or 'somebody'}" for c in chain)
        claims.append(stated(who, cited(ask, chain), before="\n"))
    short = listed(people(chain[0] for chain in chains))
    return reply(ask, "longest-chain", claims, short=short)
