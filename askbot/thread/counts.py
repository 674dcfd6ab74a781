"""How many, and who how often."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbot.answers import Claim
from askbot.discussion import Comment
from askbot.thread.compose import (
    Ask,
    ThreadReply,
    cited,
    lines,
    listed,
    number_of,
    opening,
    people,
    reply,
    shown_id,
    stated,
    times,
)
from askbot.thread.levels import at_top, left_out, top_level
from askbot.thread.people import nobody_called, targets, unknown_name
from askbot.thread.reading import show
from askbot.thread.vocabulary import NUMBER_WORDS, THREAD_WORDS, word_list

_NAMELESS = re.compile(r"(?:anonym\w*|anon|guest|no ?name|unknown|nobody|unnamed)?[\s_\-]*\d*\Z")
_BACKING = frozenset(
    word_list("""
    back support supports supported agree agrees agreed disagree disagrees disagreed oppose opposed
    challenge challenged criticise criticised criticize criticized attack attacked
    """)
)
_GOT = re.compile(r"\b(?:did|does|has|have|had) (?:the |its |this |that |a )?X\b")
"""Somebody of the article who got the comments: "did the council receive"."""
_AMOUNT = {"once": 1, "twice": 2, "thrice": 3} | NUMBER_WORDS


def count(ask: Ask) -> ThreadReply | None:
    """How many comments there are, or are by somebody."""
    if ask.slots.authors:
        if not ask.certain and _of_the_article(ask):
            return None  # "how many midwife posts are vacant"
        return _by_each(ask)
    stranger = unknown_name(ask)
    if stranger:
        return nobody_called(ask, stranger)
    if _GOT.search(" ".join(ask.slots.skeleton)) and _of_the_article(ask):
        return None
    if ask.slots.residue and not ask.certain:
        return None
    strange = [t for t in ask.slots.residue if t.capital and not ask.tables.has_word(t.folded)]
    if strange and ask.slots.residue[0].start > 0:
        return nobody_called(ask, strange[-1].raw)
    every = ask.tables.comments
    if not every:
        return _none_at_all(ask, "count")
    if left_out(ask.question):
        return top_level(ask)
    text = f"{number_of(len(every), 'comment')} {'is' if len(every) == 1 else 'are'} shown"
    claimed = ask.page.claimed_comments
    if claimed is not None and claimed != len(every):
        text += f"; the page itself claims {claimed}"
    return reply(ask, "count", [stated(f"{text}.", cited(ask, every))], short=str(len(every)))


def _of_the_article(ask: Ask) -> bool:
    return any(t.folded in ask.tables.article_words for t in ask.slots.residue)


def claimed(ask: Ask) -> ThreadReply:
    """The number of comments that the page itself states, beside the one that is shown."""
    every, said = ask.tables.comments, ask.page.claimed_comments
    shown = f"{len(every)} {'is' if len(every) == 1 else 'are'} shown"
    if said is None:
        text = f"The page states no number of comments; {shown}."
        return reply(ask, "claimed", [stated(text, cited(ask, every))], short=str(len(every)))
    agree = "which agrees with" if said == len(every) else "but"
    text = f"The page claims {number_of(said, 'comment')}, {agree} "
    text += f"the {len(every)} shown." if said == len(every) else f"{shown}."
    return reply(ask, "claimed", [stated(text, cited(ask, every))], short=str(said))


def _by_each(ask: Ask) -> ThreadReply:
    claims = []
    authors = ask.slots.authors
    own = {author: ask.tables.by_author[author] for author in authors}
    for author in authors:
        wrote = f"{author} wrote {number_of(len(own[author]), 'comment')}."
        claims.append(stated(wrote, cited(ask, own[author])))
    short = str(len(own[authors[0]]))
    if len(authors) > 1:
        most = max(len(c) for c in own.values())
        first = [a for a in authors if len(own[a]) == most]
        verdict = f"{first[0]} wrote more." if len(first) == 1 else "They wrote equally many."
        leaders = [c for a in first for c in own[a]]
        claims.insert(0, stated(verdict, cited(ask, leaders)))
        short = ", ".join(f"{a}: {len(own[a])}" for a in authors)
    return reply(ask, "count-by", claims, short=short)


def again(ask: Ask) -> ThreadReply | None:
    """Whether somebody commented again after their first comment, and what."""
    found = targets(ask) if ask.slots.references else None
    authors = people(found) if found else list(ask.slots.authors)
    if not authors:
        stranger = unknown_name(ask)
        return nobody_called(ask, stranger) if stranger else repeat(ask)
    claims: list[Claim] = []
    later: list[Comment] = []
    for author in authors:
        own = ask.tables.by_author[author]
        first = found[0] if found else own[0]
        more = [c for c in own if ask.tables.place[c.id] > ask.tables.place[first.id]]
        before = "\n" if claims else " "
        if not more:
            only = "wrote only one comment" if len(own) == 1 else "wrote nothing more"
            text = f"No, {author} {only}: {shown_id(first)}."
            claims.append(stated(text, cited(ask, [first]), before=before))
            continue
        text = f"Yes, {author} commented again after {shown_id(first)}, {times(len(more))}:"
        claims += [stated(text, cited(ask, more), before=before), *lines(ask, more)]
        later += more
    short = ("yes" if later else "no") if len(authors) == 1 else listed(people(later)) or "nobody"
    return reply(ask, "again", claims, short=short)


def commenters(ask: Ask) -> ThreadReply | None:
    """Who commented, and how many people that are."""
    if _BACKING & set(ask.slots.skeleton) and ask.slots.residue and not ask.slots.authors:
        return None  # "which readers back Stroud": not everybody is asked about
    low, high = _wanted(ask, default=(0, None))
    if low > 1:
        return _as_often(ask, "repeat", low, high)
    return _group(ask, "commenters", list(ask.tables.by_author), "commented")


def repeat(ask: Ask) -> ThreadReply:
    """Who commented more than once (or as often as the question says)."""
    low, high = _wanted(ask, default=(2, None))
    return _as_often(ask, "repeat", low, high)


def once(ask: Ask) -> ThreadReply:
    """Who commented just once."""
    return _as_often(ask, "once", 1, 1)


def _wanted(ask: Ask, default: tuple[int, int | None]) -> tuple[int, int | None]:
    """The asked number of comments as a range: "more than two", "exactly twice", "three times"."""
    words = ask.question.lower().replace("?", "").split()
    for place, word in enumerate(words):
        amount = int(word) if word.isdigit() else _AMOUNT.get(word, 0)
        if not amount:
            continue
        before, after = words[max(0, place - 2) : place], words[place + 1 : place + 3]
        if before == ["more", "than"]:
            return amount + 1, None
        if before[-1:] == ["exactly"] or before[-1:] == ["precisely"]:
            return amount, amount
        if amount > 1 and (before == ["at", "least"] or after == ["or", "more"]):
            return amount, None
        if amount > 2 or "each" in after:
            return amount, amount
    return default


def _as_often(ask: Ask, route: str, low: int, high: int | None) -> ThreadReply:
    own = ask.tables.by_author
    names = [a for a, c in own.items() if len(c) >= low and (high is None or len(c) <= high)]
    if high == low:
        how = f"commented just {times(low)}" if low == 1 else f"commented exactly {times(low)}"
    else:
        how = "commented more than once" if low == 2 else f"commented at least {low} times"
    return _group(ask, route, names, how, counts=high != low)


def _group(
    ask: Ask, route: str, names: Sequence[str], how: str, *, counts: bool = True
) -> ThreadReply:
    if not ask.tables.comments:
        return _none_at_all(ask, route)
    own = ask.tables.by_author
    if not names:
        text = f"Nobody {how}."
        return reply(ask, route, [stated(text, cited(ask, ask.tables.comments))], short="nobody")
    several = [f"{a} ({len(own[a])})" if counts and len(own[a]) > 1 else a for a in names]
    who = number_of(len(names), "person", "people")
    comments = [c for c in ask.tables.comments if c.author in set(names)]
    claims = [stated(f"{who} {how}: {listed(several)}.", cited(ask, comments))]
    unsigned = [c for c in ask.tables.comments if not c.author]
    if unsigned and route == "commenters":
        text = f"{number_of(len(unsigned), 'comment')} more without a name."
        claims.append(stated(text, cited(ask, unsigned)))
    short = str(len(names)) if ask.slots.has("many", "number", "count") else listed(names)
    return reply(ask, route, claims, short=short)


def most(ask: Ask) -> ThreadReply | None:
    """Who commented most (or least), or how often each did."""
    own = ask.tables.by_author
    if not own:
        return _none_at_all(ask, "most")
    if ask.slots.order is not None and ask.slots.has("top") and at_top(ask.question):
        return show(ask)  # "the fifth top-level commenter"
    if ask.slots.has("each", "per", "rank"):
        ranked = sorted(own, key=lambda a: -len(own[a]))
        claims = [stated(f"{number_of(len(own), 'person', 'people')} commented:")]
        claims += [stated(f"{a}: {len(own[a])}", cited(ask, own[a]), before="\n") for a in ranked]
        return reply(ask, "ranking", claims, short=ranked[0])
    least = ask.slots.has("least", "fewest")
    best = (min if least else max)(len(c) for c in own.values())
    names = [a for a, c in own.items() if len(c) == best]
    comments = [c for c in ask.tables.comments if c.author in set(names)]
    amount = number_of(best, "comment") + (" each" if len(names) > 1 else "")
    superlative = "least" if least else "most"
    text = f"{listed(names)} commented {superlative}: {amount}."
    if len(own) > 1 and len(names) == len(own):
        text = f"Nobody commented more than the others: all {len(own)} wrote {amount}."
    return reply(ask, "most", [stated(text, cited(ask, comments))], short=listed(names))


def anonymous(ask: Ask) -> ThreadReply | None:
    """Comments without a name, or under a name that is none."""
    if ask.slots.residue and ask.slots.skeleton[-1] == "X":
        return None  # "which readers name the sheriff"
    found = [c for c in ask.tables.comments if _NAMELESS.match(c.author.lower())]
    if not found:
        text = "No comment is anonymous: each of them carries a name or a handle."
        every = cited(ask, ask.tables.comments)
        return reply(ask, "anonymous", [stated(text, every)], short="no")
    text = f"{number_of(len(found), 'comment')} without a real name or handle."
    return reply(ask, "anonymous", [stated(text, cited(ask, found))], short=str(len(found)))


def posted(ask: Ask, comments: Sequence[Comment] | None) -> ThreadReply | None:
    """When comments were posted, where the page shows dates."""
    if ask.slots.residue and not ask.certain and not THREAD_WORDS & set(ask.slots.skeleton):
        return None  # "when did Kim's grandparents come over"
    wanted = list(comments or ask.tables.comments)
    dated = [c for c in wanted if c.posted]
    if not dated:
        text = "The page shows no date for that." if comments else "The comments carry no dates."
        return reply(ask, "posted", [stated(text)], abstained=True)
    claims = [
        stated(f"{c.author}: {c.posted}", (opening(ask, c),), before="\n") for c in dated[:40]
    ]
    return reply(ask, "posted", claims, short=dated[0].posted)


def _none_at_all(ask: Ask, route: str) -> ThreadReply:
    return reply(ask, route, [stated("The page shows no comments.")], short="0")
