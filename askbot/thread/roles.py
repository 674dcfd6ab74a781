"""Who holds an office that the article names: "the superintendent" is Beecham in the comments."""

from __future__ import annotations

import re

from askbot.thread.tables import PageTables
from askbot.thread.vocabulary import DETERMINERS

_NAME = r"(?:[A-Z][\w.’'-]*\s+){0,2}(?P<surname>[A-Z][\w’'-]+[^\W\d_])"


def surname_of(topic: str, tables: PageTables) -> str | None:
    """The surname behind an office in the article ("Superintendent Carla Beecham").

    None unless the topic is one word that stands before the name of one person only.
    """
    words = [w for w in topic.lower().split() if w not in DETERMINERS]
    if len(words) != 1 or not words[0].isalpha():
        return None
    office = re.escape(words[0])
    pattern = rf"\b(?i:{office})\s+{_NAME}"
    found = {m["surname"].removesuffix("’s") for m in re.finditer(pattern, tables.article)}
    return found.pop() if len(found) == 1 else None
