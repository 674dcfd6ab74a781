"""The line grammar of printed blog discussions: section headings, comment headers, closing lines.

Forms are those of WordPress ("NAME says:"), Blogger ("NAME said..."), Movable Type and TypePad
("Posted by: NAME | DATE"), Disqus ("NAME • 3 years ago") and text browsers' dumps of them
("1. NAME says:"). Every pattern is applied to one line of at most `LONGEST` characters, so that no
page can make it slow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

LONGEST = 200
"""A longer line is never a heading or a header."""

Form = Literal["verb", "by", "dated", "stacked", "listed", "colon"]
"""How a header names its author: with a verb ("says:"), with "by", with a date on the same line,
with a date on the line below, as a numbered name alone, or as a name and a colon."""

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s+)?"
_ORDINAL = r"(?:st|nd|rd|th)?"
_DAY = (
    rf"(?:{_WEEKDAY}(?:{_MONTH}\s+\d{{1,2}}{_ORDINAL}(?:,?\s+(?:at\s+)?\d{{4}}\b)?"
    rf"|\d{{1,2}}{_ORDINAL}\.?\s+(?:of\s+)?{_MONTH},?(?:\s+\d{{4}}\b)?"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\b)"
    r"|(?:\d{1,4}|an?|one|a\s+few)\s+(?:second|minute|min|hour|hr|day|week|month|year)s?\s+ago"
    r"|yesterday|today|just\s+now)"
)
_TIME = (
    r"(?:\d{1,2}[:.h]\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:\s*[ap]\.?m\b\.?)?|\d{1,2}\s*[ap]\.?m\b\.?)"
    r"(?:\s*(?:Z|[A-Z]{2,5}|(?:UTC|GMT)?[+-]\d{2}:?\d{2}|\([A-Z]{2,5}\)))?"
)
_BETWEEN = r"(?:T|\s*[,;@|·•–—-]\s*|\s+(?:at|@)\s+|\s+)"
_DATE = rf"(?:{_DAY}(?:{_BETWEEN}{_TIME})?|{_TIME}(?:{_BETWEEN}(?:on\s+)?{_DAY})?)"
_ACTION = r"(?:permalink|permanent\s+link|link|reply|edit|quote|report(?:\s+abuse)?|share|flag|#)"
_ACTIONS = rf"(?:(?:\s*[|·•–—\[(-]\s*|\s+){_ACTION}[\])]?)*"
_VERB = (
    r"(?:says?|said|wr(?:ites?|ote)|repl(?:ies|ied)|respond(?:s|ed)|comment(?:s|ed)|asks|asked"
    r"|adds|added|posted|sagte?|schr(?:eibt|ieb)|meinte?|(?:a\s+)?dit|(?:a\s+)?écrit|dice|dijo"
    r"|escribió|ha\s+(?:detto|scritto)|scrive|zegt|schre(?:ef|ijft)|diz|disse|escreveu)"
)
_SEPARATOR = r"(?:\s*[,|·•–—(\[/-]\s*|\s+(?:on|at|am|le|el)\s+|\s+)"
_FLAGS = re.IGNORECASE

HEADING_WORDS = (
    *("omment", "eplies", "eply", "esponse", "hought", "iscussion", "eaction", "oment", "eactie"),
    *("OMMENT", "EPLIES", "EPLY", "ESPONSE", "HOUGHT", "ISCUSSION", "EACTION", "OMENT", "EACTIE"),
)
"""Every heading holds one of these; searching for them is fast."""
HEADER_ENDS = (":\n", ": \n", ":\u00a0\n", "…\n")
"""How lines end that may be headers without a heading above them."""
_VERB_WORD = re.compile(rf"\b{_VERB}\b", _FLAGS)
_DATE_HINT = re.compile(r"\d|\bago\b|yesterday|today|just\s+now", _FLAGS)

_NUMBER = re.compile(
    r"(?:#(?P<a>\d{1,6})[.):]?|[\[(](?P<b>\d{1,6})[\])]|(?P<c>\d{1,6})[.):])(?:\s+|(?![\d\s]))"
)
_BULLET = re.compile(r"[-*+•·◦‣▪–—>»]\s+")
_VERB_HEADER = re.compile(
    rf"(?P<name>\S.*?),?\s+(?:(?:on|at)\s+(?P<before>{_DATE}),?\s+|\((?P<paren>{_DATE})\)\s+)?"
    rf"{_VERB}\b(?:\s*,?\s*(?:(?:on|at|am|le|el)\s+)?\(?(?P<after>{_DATE})\)?)?"
    r"\s*(?P<end>:|\.{3}|…|\Z)",
    _FLAGS,
)
_DATE_FIRST = re.compile(
    rf"(?:on|at|am|le|el)\s+(?P<date>{_DATE}),?\s+(?P<name>\S.*?)\s+{_VERB}\s*(?P<end>:|\.{{3}}|…)",
    _FLAGS,
)
_BY_HEADER = re.compile(
    r"(?:(?P<firm>(?:posted|comment(?:ed)?|written|submitted|left|reply|response|said)\s+by|from)"
    rf"|by)(?:\s*:)?\s+(?P<name>\S.*?)(?:{_SEPARATOR}(?P<date>{_DATE})\s*[)\]]?{_ACTIONS})?\s*:?\Z",
    _FLAGS,
)
_DATED_HEADER = re.compile(
    rf"(?P<name>\S.*?){_SEPARATOR}(?P<date>{_DATE})\s*[)\]]?{_ACTIONS}\s*:?\Z", _FLAGS
)
_DATE_LINE = re.compile(
    rf"[(\[|·•–—-]*\s*(?:(?:posted|on|at|am|le|el)\s+){{0,2}}(?P<date>{_DATE})\s*[)\]]?"
    rf"{_ACTIONS}\s*[:.]?\Z",
    _FLAGS,
)
_DATE_ANYWHERE = re.compile(rf"(?<!\w){_DATE}", _FLAGS)
_LEAD_IN = re.compile(
    rf"\s*(?:,?\s*{_VERB}\b)?\s*(?:[,|·•–—(-]?\s*(?:(?:on|at)\s+)?{_DATE}\)?)?"
    r"\s*(?:[:|·•–—-]+|\.{3}|…)?\s*",
    _FLAGS,
)
_WIDE_GAP = re.compile(r"\s{41}")
_SENTENCE_INSIDE = re.compile(
    r"(?<![A-Z\s.])(?<!\b(?:Mr|Ms|Dr|St|Jr|Sr|Lt))"
    r"(?<!\b(?:Mrs|Sgt|Col|Gen|Gov|Sen|Rep|Rev|Hon|Det|Maj|Cpl|Ret))(?<!\b(?:Prof|Capt))"
    r"[.!?]\s+\S"
)

_COUNT = (
    r"(?P<count>\d{1,3}(?:[,. \u00a0\u202f]\d{3})+|\d{1,7}|no|one|two|three|four|five|six|seven"
    r"|eight|nine|ten)"
)
_NOUN = (
    r"(?:comments?|responses?|replies|reply|reactions?|kommentare?|commentaires?|comentarios?"
    r"|commenti|reacties?|comentários?)"
)
_WHOSE = (
    r"(?:(?:reader|user|public|visitor|your|our|the|all|recent|latest|view\s+all|showing)\s+){0,2}"
)
_HEADING_COUNT_FIRST = re.compile(
    rf"{_WHOSE}{_COUNT}\s+{_WHOSE}(?:{_NOUN}|thoughts?)(?:\s+(?:on|to|for|about|so\s+far)\b.*)?"
    r"\s*[:.]?\Z",
    _FLAGS,
)
_HEADING_COUNT_LAST = re.compile(
    rf"{_WHOSE}(?:{_NOUN}|discussion)\s*[:–—-]?\s*[(\[]?\s*{_COUNT}\s*[)\]]?"
    r"(?:\s+(?:on|to|for)\b.*)?\s*:?\Z",
    _FLAGS,
)
_HEADING_BARE = re.compile(
    rf"{_WHOSE}(?:comments?|responses|replies|discussion|reactions|kommentare|commentaires"
    r"|comentarios|commenti|reacties|comentários)(?:\s+(?:on|to|for)\s+[\"'“‘«].*)?\s*:?\Z",
    _FLAGS,
)
_DECORATION = re.compile(r"^[\s#=*_~\-–—+|]+|[\s#=*_~\-–—+|]+$")

_CLOSING = re.compile(
    r"(?:(?:leave|post|write|add|submit|make)\s+(?:a|your|new)\s+(?:new\s+)?"
    r"(?:reply|comment|response)(?:\s+(?:to|on)\b.{0,80}|\s*cancel\s+reply|\s+below)?"
    r"|(?:sorry,?\s+)?(?:the\s+)?comments?(?:\s+(?:are|is|have\s+been|for\s+this\s+\w+\s+are))"
    r"\s+(?:now\s+)?(?:closed|disabled|off)(?:\s+(?:for|on|at)\b.{0,60})?"
    r"|comments?\s+(?:closed|off)|(?:be\s+the\s+first|no\s+comments)\s+(?:to\s+comment|yet).{0,40}"
    r"|you\s+must\s+be\s+(?:logged|signed)\s+in\s+to\s+(?:post|comment|reply|leave).{0,40}"
    r"|(?:please\s+)?(?:log|sign)\s+in\s+(?:or\s+\w+\s+)?to\s+(?:post|comment|reply|leave).{0,60}"
    r"|your\s+e-?mail\s+(?:address\s+)?(?:will\s+not|is\s+never)\s+be\s+\w+.{0,80}"
    r"|join\s+the\s+(?:discussion|conversation)|(?:trackbacks?|pingbacks?)(?:\s*\(\d+\))?"
    r"|(?:post|comment)\s+navigation|cancel\s+reply)\s*[.:!»→]*\Z",
    _FLAGS,
)
_TOOLS = re.compile(
    rf"[\[(]?(?:reply|like|{_ACTION}|log\s+in\s+to\s+reply|reply\s+to\s+this(?:\s+comment)?"
    r"|report(?:\s+(?:abuse|comment|this))?|up\s?vote|down\s?vote|delete|↑|↓|▲|▼|\d|\s|[|·•,→»])+"
    r"[\])]?\Z",
    _FLAGS,
)
_WORDS = {
    word: n
    for n, word in enumerate(
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
}


@dataclass(frozen=True, slots=True)
class Header:
    """A line that names a comment's author.

    Attributes:
        number: the list number in front, if any.
        bullet: whether a list bullet stands in front.
        column: characters from the line's first to the name's first.
        posted: the date on the line, as written.
        inline: characters from the line's first to the text that follows on the same line.
        firm: the line could hardly be anything else, even outside a discussion.
    """

    form: Form
    author: str
    number: int | None = None
    bullet: bool = False
    column: int = 0
    posted: str | None = None
    inline: int | None = None
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that opens the discussion; `count` is the number of comments it states."""

    count: int | None


def heading(line: str) -> Heading | None:
    """Read a line as the heading of a comments section: "Comments (23)", "3 thoughts on “…”"."""
    if len(line) > LONGEST or not any(word in line for word in HEADING_WORDS):
        return None
    bare = _DECORATION.sub("", line)
    for pattern in (_HEADING_COUNT_FIRST, _HEADING_COUNT_LAST):
        match = pattern.match(bare)
        if match:
            return Heading(_count(match["count"]))
    return Heading(None) if _HEADING_BARE.match(bare) else None


def is_closing(line: str) -> bool:
    """Whether a line opens what stands below a discussion, such as "Leave a Reply"."""
    return len(line) <= LONGEST and _CLOSING.match(_DECORATION.sub("", line)) is not None


def is_tool(line: str) -> bool:
    """Whether a line is the row of actions under a comment: "Reply", "Like | Report"."""
    return len(line) <= 60 and _TOOLS.match(line) is not None and not line.isdigit()


def date_line(line: str) -> str | None:
    """The date that is all of a line ("January 3, 2011 at 5:00 pm | Permalink"), as written."""
    match = _DATE_LINE.match(line) if len(line) <= 100 and _DATE_HINT.search(line) else None
    return match["date"].strip() if match else None


def find_date(text: str) -> str | None:
    """The first date in a short text, as written."""
    match = _DATE_ANYWHERE.search(text[:LONGEST])
    return match[0].strip() if match else None


def lead_in(text: str) -> int:
    """How many characters at the start of a text only introduce it: " says:", " on May 3: "."""
    match = _LEAD_IN.match(text[:LONGEST])
    return match.end() if match else 0


def header(line: str) -> Header | None:
    """Read a line, without its indent, as a comment header with a verb, "by" or a date."""
    if len(line) > LONGEST or _WIDE_GAP.search(line):
        return None
    number, bullet, column = _lead(line)
    rest = line[column:]
    match = None
    if _VERB_WORD.search(rest):
        match = _DATE_FIRST.match(rest) or _VERB_HEADER.match(rest)
    if match and (found := _from_verb(match, rest, number, bullet, column)):
        return found
    match = _BY_HEADER.match(rest)
    if match and (match["firm"] or match["date"]) and is_name(match["name"]):
        name, posted = _clean(match["name"]), match["date"]
        return Header("by", name, number, bullet, column, posted, None, bool(posted))
    match = _DATED_HEADER.match(rest) if _DATE_HINT.search(rest) else None
    if match and is_name(match["name"]):
        name, posted = _clean(match["name"]), match["date"]
        return Header("dated", name, number, bullet, column, posted, None, True)
    return None


def is_numbered(line: str) -> bool:
    """Whether a line starts with a list number."""
    return _lead(line[:20])[0] is not None


def bare_name(line: str) -> Header | None:
    """Read a line as nothing but a name: numbered ("3. NAME"), with a colon, or plain.

    Such a line is a header only where its surroundings say so; the plain one counts as "stacked"
    (the line below must be a date).
    """
    if len(line) > 80:
        return None
    number, bullet, column = _lead(line)
    name = line[column:]
    if name.endswith(":"):
        plain = name[:-1].rstrip()
        return Header("colon", plain, number, bullet, column) if is_name(plain, 5) else None
    if name.endswith((".", "!", "?", ",", ";")) or not is_name(name, 6):
        return None
    return Header("stacked" if number is None else "listed", name, number, bullet, column)


def is_name(name: str, most_words: int = 10) -> bool:
    """Whether a string could be a commenter's name: short, and not more than one sentence."""
    name = name.strip()
    return (
        0 < len(name) <= 100
        and len(name.split()) <= most_words
        and _SENTENCE_INSIDE.search(name) is None
        and "://" not in name
    )


def _lead(line: str) -> tuple[int | None, bool, int]:
    bullet = _BULLET.match(line)
    column = bullet.end() if bullet else 0
    match = _NUMBER.match(line, column)
    if not match:
        return None, bullet is not None, column
    return int(match["a"] or match["b"] or match["c"]), bullet is not None, match.end()


def _from_verb(
    match: re.Match[str], rest: str, number: int | None, bullet: bool, column: int
) -> Header | None:
    name, groups = match["name"], match.groupdict()
    whole_line = number is not None and match["end"] == ":" and match.end() == len(rest)
    # "8. Cllr. No says:", "4. Wow. Just wow says:"
    if not is_name(name) and not (whole_line and is_name(name.replace(".", ""), 4)):
        return None
    posted = next((groups[g] for g in ("date", "before", "paren", "after") if groups.get(g)), None)
    if not match["end"] and number is None and posted is None:
        return None
    tail = rest[match.end() :]
    if tail and not tail[0].isspace():
        return None
    inline = column + len(rest) - len(tail.lstrip()) if tail.strip() else None
    firm = bool(match["end"]) and inline is None and (number is not None or posted is not None)
    return Header("verb", _clean(name), number, bullet, column, posted, inline, firm)


def _clean(name: str) -> str:
    return name.rstrip(" \t\u00a0|·•–—,") or name


def _count(text: str) -> int:
    word = text.lower()
    return _WORDS[word] if word in _WORDS else int(re.sub(r"\D", "", text))
