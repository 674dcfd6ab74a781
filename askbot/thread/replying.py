"""Who replied to whom."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.answers import Claim
from askbot.discussion import Comment
from askbot.text import fold
from askbot.thread.compose import (
    Ask,
    ThreadReply,
    cited,
    line,
    lines,
    listed,
    number_of,
    people,
    reply,
    shown_id,
    stated,
    times,
    whose,
)
from askbot.thread.exchange import exchange
from askbot.thread.inflection import with_words
from askbot.thread.people import nobody_called, nobody_unless_spoken_of, targets, unknown_name
from askbot.thread.reading import asks_to_whom_as_well, show
from askbot.thread.stance import asks_who_agrees, opening_in_agreement
from askbot.thread.structure import reply_list
from askbot.thread.vocabulary import word_list

NOT_JUDGED = "Replies are shown as they stand; whether one agrees is for the reader to judge."
_STANCE = frozenset(
    word_list("""
    agree agrees agreed disagree disagrees disagreed push pushed support supports supported
    challenge challenged contradict contradicts contradicted object objects opposed
    """)
)

_REPLYING = frozenset(
    word_list("""
    reply replies replied replying respond responds responded responding response responses answer
    answers answered answering react reacts reacted talk talks talked talking speak speaks spoke
    address addressed addressing argue argued arguing tell told
    """)
)

_SAYING = ("say", "says", "said", "write", "wrote", "written", "post", "posted")
_MUTUAL = (
    "each", "another", "between", "together", "other", "exchange", "conversation", "argue", "vs"
)  # fmt: skip


# "did N reply to anyone" and "replies to N" mean opposite things in nearly the same words: an
# embedding hardly tells them apart, the order of the skeleton does.
_ACTS = re.compile(
    r"\b(?:did|does|has|have) N (?:ever |also )?"
    r"(?:reply|replied|respond|responded|answer|answered)\b(?! [NC])"
    r"|\b(?:is|was) N (?:ever |also )?(?:replying|responding|answering)\b(?! [NC])"
    r"|\bwho(?:se \w+)? (?:was|were|is) (?:given|sent) (?:\w+ ){0,3}by N\b"
    r"|\bwho(?:se \w+)? (?:get|gets|got|had|heard|received) (?:\w+ ){0,3}from N\b"
)
_TO_EITHER = re.compile(r"^(?:so |and )?who\b.* (?:to )?N (?:or|and) N\b")
_IS_ANSWERED = re.compile(
    r"\b(?:is|was) N (?:ever |also )?(?:replied|responded|answered)\b|"
    r"\b(?:repl(?:y|ies|ied)|respon[ds]\w*|answers?|reactions?) to (?:the )?N\b"
    r"|^(?:so |and )?who (?!did|does|has|was|is)\w+ (?:\w+ )?to N\b"
    r"|\b(?:ones?|people|persons?|users?|readers?|commenters?|anyone|anybody|those)"
    r" (?:who (?:are|were|is) )?(?:answering|replying to|responding to) N\b"
)


def repliers(ask: Ask) -> ThreadReply | None:
    """Who replied to somebody, or to a comment."""
    if len(ask.slots.authors) > 1 and _directed(ask):
        return replied_to(ask)
    if len(ask.slots.authors) == 1 and _ACTS.search(" ".join(ask.slots.skeleton)):
        return replied_to(ask)
    wanted = targets(ask)
    if wanted is None:
        stranger = unknown_name(ask)
        if stranger:
            return nobody_unless_spoken_of(ask, stranger)
        return None if ask.slots.residue else reply_list(ask)
    if not wanted:
        return None
    answers = ask.tables.replies_to(wanted)
    if ask.slots.has("anyone", "anybody", "someone", "somebody"):
        # an afterthought of their own is no answer that somebody got
        answers = [c for c in answers if c.author not in ask.slots.authors] or answers
    return _replies(ask, wanted, _on_topic(ask, answers))


_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|over|on the (?:subject|question|matter) of"
    r"|(?:asking|asked|when (?:he|she|they|it) (?:ask\w*|says?|said|wrote|complain\w*|want\w*)))\b",
    re.IGNORECASE,
)


def _on_topic(ask: Ask, answers: list[Comment]) -> list[Comment]:
    """The replies that have what the question is about, or whose parent has; else all of them."""
    about = _ABOUT.search(ask.question)
    words = [t.folded for t in ask.slots.residue if about and t.start > about.start()]
    if not words or len(answers) < 2:
        return answers
    parents = [ask.page.comment(c.parent) for c in answers if c.parent is not None]
    for every in (True, False):
        own = with_words(ask.tables, words, [*answers, *parents], every=every)
        found = [c for c in answers if c in own or ask.page.comment(c.parent or "") in own]
        if found:
            return found
    return answers


def _replies(ask: Ask, wanted: Sequence[Comment], answers: Sequence[Comment]) -> ThreadReply:
    whom = whose(ask, wanted)
    addressed = [] if ask.slots.references else _addressing(ask, wanted)
    notes = (NOT_JUDGED,) if _STANCE & set(ask.slots.skeleton) else ()
    if not answers:
        text = f"No, nobody replied to {whom}."
        claims = [stated(text, () if addressed else cited(ask, wanted))]
        claims += _addressed_lines(ask, addressed)
        short = listed(people(addressed)) or "nobody"
        return reply(ask, "replies-to", claims, short=short, notes=notes)
    how = ""
    if asks_who_agrees(ask.question) and (agreeing := opening_in_agreement(ask, answers)):
        if left := len(answers) - len(agreeing):
            notes = (f"Replies that open otherwise are not shown: {left}. {NOT_JUDGED}",)
        answers, how = agreeing, ", opening in agreement"
    who = listed(people(answers))
    text = f"{who} replied to {whom}{how}:"
    if len(answers) > 1:
        text = f"{number_of(len(answers), 'reply', 'replies')} to {whom}{how}, by {who}:"
    claims = [stated(text, cited(ask, answers)), *lines(ask, answers)]
    claims += _addressed_lines(ask, [c for c in addressed if c not in answers])
    return reply(ask, "replies-to", claims, short=who, notes=notes)


def _addressed_lines(ask: Ask, addressed: Sequence[Comment]) -> list[Claim]:
    if not addressed:
        return []
    text = "Not placed as a reply, but opening with the name:"
    return [stated(text, cited(ask, addressed), before="\n"), *lines(ask, addressed)]


def _addressing(ask: Ask, wanted: Sequence[Comment]) -> list[Comment]:
    """Later comments by others that open with "NAME -" or "@NAME" but are not placed as replies."""
    if not ask.slots.authors:
        return []
    found = {}
    first = min(ask.tables.place[c.id] for c in wanted)
    for author in ask.slots.authors:
        names = {fold(author)} | {t for t in ask.tables.names.tokens[author][:1] if len(t) > 3}
        opens = re.compile(
            rf"@?(?:{'|'.join(map(re.escape, names))})\s*(?:[-–—:,…!]|\.{{2,}})"
            rf"|@{re.escape(fold(author))}\b"
        )
        for comment, text in zip(ask.tables.comments, ask.tables.texts, strict=True):
            later = ask.tables.place[comment.id] > first
            if later and comment.author != author and opens.match(text.lstrip()):
                answered = comment.parent and ask.page.comment(comment.parent).author == author
                if not answered:
                    found[comment.id] = comment
    return list(found.values())


def _directed(ask: Ask) -> bool:
    """Whether one of two people acts: "did A reply to B", not "who replied to A and B"."""
    return not ask.slots.has("who", "anyone", "anybody", "someone", "replies", "whom")


def replied_to(ask: Ask) -> ThreadReply | None:
    """To whom somebody replied, or what a comment is a reply to."""
    if ask.slots.references or (ask.slots.order is not None):
        found = targets(ask)
        if found:
            named = [c for c in ask.tables.replies_to(found) if c.author in ask.slots.authors]
            return _replies(ask, found, named) if named else _parents(ask, found)
    authors = list(ask.slots.authors)
    if not authors:
        stranger = unknown_name(ask)
        return nobody_unless_spoken_of(ask, stranger) if stranger else None
    if len(authors) > 1 and _TO_EITHER.search(" ".join(ask.slots.skeleton)):
        return repliers(ask)
    if len(authors) > 1:
        actor, other = authors[:2]
        if _passive(ask):
            actor, other = other, actor
        return _from_to(ask, actor, other)
    if asks_to_whom_as_well(ask):
        return show(ask)
    actor = authors[0]
    shape = " ".join(ask.slots.skeleton)
    if shape.startswith(("did X", "does X", "has X")):
        stranger = unknown_name(ask, beside=True)
        if stranger and not ask.tables.has_word(stranger.lower()):
            return nobody_called(ask, stranger)
    if _IS_ANSWERED.search(shape) and not _ACTS.search(shape):
        return repliers(ask)
    openly = ask.slots.has("anyone", "anybody", "someone", "somebody", "other", "others")
    if ask.slots.residue and not openly and not _REPLYING & set(ask.slots.skeleton):
        return None
    stranger = unknown_name(ask, beside=True) if ask.slots.has("to") else None
    if stranger and not ask.tables.has_word(stranger.lower()):
        return nobody_called(ask, stranger)
    own = [c for c in ask.tables.by_author[actor] if c.parent is not None]
    if ask.slots.residue and len(own) > 1:
        own = with_words(ask.tables, [t.folded for t in ask.slots.residue], own, every=False) or own
    if not own:
        every = ask.tables.by_author[actor]
        addressed = _opens_with_a_name(ask, every)
        text = f"No, {actor} replied to nobody."
        claims = [stated(text, () if addressed else cited(ask, every))]
        claims += _addressed_lines(ask, addressed)
        return reply(ask, "replied-to", claims, short="nobody")
    whom = listed(people(ask.page.comment(c.parent) for c in own if c.parent))
    text = f"{actor} replied to {whom}" + (f" ({times(len(own))} in all):" if len(own) > 1 else ":")
    short = str(len(own)) if ask.slots.has("many") else whom
    shown = own
    if _TO_WHOM.search(shape):  # the comments that are answered are asked for as well
        above = {c.parent for c in own}
        shown = [c for c in ask.tables.comments if c in own or c.id in above]
    claims = [stated(text, cited(ask, shown)), *lines(ask, own)]
    return reply(ask, "replied-to", claims, short=short)


_TO_WHOM = re.compile(
    r"^(?:so |and |to )?(?:whos?|whom|which \w+|whose \w+)\b(?:.* (?:is|was) N\b| N \w+ing\b)"
    r"|^(?:so |and )?(?:to )?(?:whom|whose \w+)\b.* (?:did|does|has|had) N\b"
    r"|^(?:so |and )?who (?:did|does|has|had) N\b"
    r"|\b(?:and|or|so) (?:to )?(?:who|whom)$"
    r"|\b(?:whom?|which (?:other )?\w+) (?:(?:did|does|has|had) (?:N|he|she|they)|N)\b.* to$"
    r"|\bwh(?:om?|ich (?:other )?\w+) (?:did|does|has|had) N \w+ to\b(?! [NC])"
)
""" "Whom did A reply to", "did A reply to anyone, and to whom": whoever is answered is named, and
not only that there is a reply."""


def _opens_with_a_name(ask: Ask, comments: Sequence[Comment]) -> list[Comment]:
    table = ask.tables.names
    found = []
    for comment in comments:
        text = ask.tables.texts[ask.tables.place[comment.id]].lstrip(" @")
        opening = re.match(r"([\w. ]{2,40}?)\s*(?:[-–—:,…]|\.{2,})", text)
        if opening and tuple(opening.group(1).split()) in table.whole:
            found.append(comment)
    return found


def _parents(ask: Ask, comments: Sequence[Comment]) -> ThreadReply:
    claims = []
    names = []
    for comment in comments:
        if comment.parent is None:
            text = (
                f"{shown_id(comment)} by {comment.author} is no reply: it is a top-level comment."
            )
            claims.append(stated(text, cited(ask, [comment])))
            names.append("nobody")
            continue
        parent = ask.page.comment(comment.parent)
        names.append(parent.author)
        above = f"{shown_id(parent)} by {parent.author}"
        text = f"{shown_id(comment)} by {comment.author} replies to {above}:"
        claims.append(stated(text, cited(ask, [comment, parent])))
        claims.extend(line(ask, parent))
    return reply(ask, "parent", claims, short=listed(dict.fromkeys(names)))


def _passive(ask: Ask) -> bool:
    """ "did A get a reply from B", "was A answered by B": B acts."""
    kinds = list(ask.slots.skeleton)
    first = kinds.index("N") if "N" in kinds else 0
    between_them = kinds[first + 1 :]
    until = between_them.index("N") if "N" in between_them else len(between_them)
    return bool({"from", "by"} & set(between_them[:until]))


def _from_to(ask: Ask, actor: str, other: str) -> ThreadReply:
    found = ask.tables.answers_to(actor, (other,))
    if not found:
        both = [*ask.tables.by_author[actor], *ask.tables.by_author[other]]
        text = f"No, {actor} did not reply to {other}."
        return reply(ask, "replied-to", [stated(text, cited(ask, both))], short="no")
    text = f"Yes, {actor} replied to {other} {times(len(found))}:"
    claims = [stated(text, cited(ask, found)), *lines(ask, found)]
    short = str(len(found)) if ask.slots.has("many", "often") else "yes"
    return reply(ask, "replied-to", claims, short=short)


def between(ask: Ask) -> ThreadReply | None:
    """Whether two people reply to each other, and what they say."""
    authors = ask.slots.authors
    if ask.slots.has("why"):
        return None
    if ask.slots.has(*_SAYING, "from") and not ask.slots.has(*_MUTUAL):
        return show(ask)
    if len(authors) < 2:
        stranger = unknown_name(ask)
        if stranger:
            return nobody_unless_spoken_of(ask, stranger)
        return None if ask.slots.residue else repliers(ask) if authors else reply_list(ask)
    return exchange(ask, *authors[:2])
