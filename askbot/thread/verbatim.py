"""Who wrote some exact words: `who said "first"`."""

from __future__ import annotations

import re

from askbot.discussion import Comment
from askbot.thread.compose import (
    Ask,
    ThreadReply,
    cited,
    lines,
    listed,
    number_of,
    people,
    reply,
    stated,
)
from askbot.thread.inflection import exactly, with_exactly
from askbot.thread.tables import light_fold, name_tokens
from askbot.thread.vocabulary import HERE, word_list

_SAYING = frozenset(
    word_list("""
    say says said saying write writes wrote written writing use uses used using post posts posted
    put puts comment commented call calls called reply replied answer answered
    """)
)
_QUOTING = ("quote", "quotes", "quoted", "quoting", "repeat", "repeats", "repeated")
_SOMEBODY = frozenset(
    word_list("""
    who whose whom which anyone anybody someone somebody some
    """)
)
_QUOTED = re.compile(r"[\"“][^\"“”\n]+[\"”]?")


def asks_for_words(ask: Ask) -> bool:
    """Whether a question looks for whoever wrote the words that it quotes."""
    words = set(ask.slots.skeleton)
    return bool(ask.slots.quoted and words & _SAYING.union(_QUOTING) and words & _SOMEBODY)


def who_wrote(ask: Ask) -> ThreadReply | None:
    """The comments with exactly these words; those of nothing else, where there are any.

    None where the article quotes somebody with the words, or no comment has them: then somebody of
    the article may have said them, or nearly them.
    """
    quoted = ask.slots.quoted or ""
    pattern = exactly(quoted)
    if pattern is None:
        return None
    here = ask.slots.has(*HERE, *_QUOTING, "comment", "reply")
    if not here and any(pattern.search(light_fold(t)) for t in _QUOTED.findall(ask.tables.article)):
        return None
    own = set(ask.slots.authors)
    found = [c for c in with_exactly(ask.tables, quoted) if not own or c.author in own]
    if not found:
        if not here:
            return None
        text = f"No comment has the words “{quoted}”."
        return reply(ask, "words", [stated(text)], short="nobody")
    alone = [c for c in found if _nothing_else(ask, c, quoted)]
    shown = alone or found
    verb = "has" if len(shown) == 1 else "have"
    how = "just the words" if alone else "the words"
    text = (
        f"{number_of(len(shown), 'comment')} {verb} {how} “{quoted}”, by {listed(people(shown))}:"
    )
    claims = [stated(text, cited(ask, shown)), *lines(ask, shown)]
    short = str(len(shown)) if ask.slots.has("many", "number") else listed(people(shown))
    return reply(ask, "words", claims, short=short)


def _nothing_else(ask: Ask, comment: Comment, words: str) -> bool:
    return name_tokens(ask.page.text(comment.id)) == name_tokens(words)
