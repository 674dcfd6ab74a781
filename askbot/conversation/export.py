"""A saved session as Markdown, JSON or a page of HTML that stands alone. Pure functions.

The numbers in the text are those of `numbered_sources`; every form can be read back with
`read_transcript`, so that its citations can be verified against the indexed source again.
"""

from __future__ import annotations

import html
import json
import re

from askbot.answers import Answer
from askbot.conversation.sessions import Session
from askbot.conversation.transcript import answers_block
from askbot.conversation.turns import Source, Turn, numbered_sources
from askbot.markers import scan

FORMATS = ("markdown", "json", "html")

_STYLE = """body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;
color:#1b1b1b;background:#fff}
h2{font-size:1.05rem;margin:2rem 0 .5rem}.answer{white-space:pre-wrap}
.note,.meta{color:#595959;font-size:.9rem}blockquote{margin:.2rem 0;padding-left:.8rem;
border-left:3px solid #bbb;white-space:pre-wrap}ol{padding-left:1.6rem}
@media (prefers-color-scheme:dark){
body{color:#e8e8e8;background:#161616}.note,.meta{color:#a8a8a8}}"""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]#|~$])")
_LINE_START = re.compile(r"^(\s*)([-+=>]|\d+[.)])", re.MULTILINE)


def export(session: Session, form: str) -> str:
    """The session in one of `FORMATS` ("md" and "htm" are understood too).

    Raises:
        KeyError: an unknown format.
    """
    writers = {
        "markdown": to_markdown,
        "md": to_markdown,
        "json": to_json,
        "html": to_html,
        "htm": to_html,
    }
    return writers[form.lower().lstrip(".")](session)


def to_json(session: Session) -> str:
    """An object with the session's fields and, for each turn, `asked` and the whole Answer."""
    record = {
        "askbot_transcript": 1,
        "id": session.id,
        "page": session.page,
        "title": session.title,
        "created": session.created,
        "updated": session.updated,
        "turns": [
            {"asked": asked, "question": turn.question, "answer": turn.answer.to_json()}
            for asked, turn in _timed(session)
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def to_markdown(session: Session) -> str:
    """CommonMark; what people and pages wrote is escaped, so that it shows as it was written."""
    lines = [f"# {_md(session.title)}", "", f"{_about(session)}", ""]
    for asked, turn in _timed(session):
        lines += [f"## {_md(_line(turn.question))}", ""]
        lines += [f"*{_md(note)}*\n" for note in _notes(turn, asked)]
        lines += [_markdown_answer(turn.answer), ""]
        for source in numbered_sources(turn.answer):
            lines.append(f"{source.number}. {_md(_place(source))}")
            for quote in _quotes(source):
                lines += ["   > " + line for line in _md(quote).splitlines()] + [""]
        lines.append("")
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return f"{body}\n\n{answers_block(t.answer for t in session.turns)}\n"


def to_html(session: Session) -> str:
    """One HTML file: styles inside, no scripts, nothing fetched, every text escaped."""
    e = html.escape
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{e(session.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        f'<h1>{e(session.title)}</h1>\n<p class="meta">{e(_about(session))}</p>',
    ]
    for number, (asked, turn) in enumerate(_timed(session), 1):
        parts.append(f'<section id="turn-{number}">\n<h2>{e(_line(turn.question))}</h2>')
        parts += [f'<p class="note">{e(note)}</p>' for note in _notes(turn, asked)]
        parts.append(f'<p class="answer">{_html_answer(turn.answer, number)}</p>')
        sources = numbered_sources(turn.answer)
        if sources:
            parts.append("<ol>")
            for source in sources:
                quotes = "".join(f"<blockquote>{e(q)}</blockquote>" for q in _quotes(source))
                anchor = f"turn-{number}-source-{source.number}"
                parts.append(f'<li id="{anchor}">{e(_place(source))}{quotes}</li>')
            parts.append("</ol>")
        parts.append("</section>")
    parts.append("</body>\n</html>")
    return "\n".join(parts) + "\n" + answers_block(t.answer for t in session.turns) + "\n"


def _timed(session: Session) -> list[tuple[str, Turn]]:
    times = session.asked or ("",) * len(session.turns)
    return list(zip(times, session.turns, strict=True))


def _about(session: Session) -> str:
    turns = len(session.turns)
    return (
        f"Page {session.page}; {turns} question{'' if turns == 1 else 's'}, "
        f"session {session.id}, begun {session.created[:16].replace('T', ' ')} UTC."
    )


def _notes(turn: Turn, asked: str) -> list[str]:
    notes = [asked[:16].replace("T", " ") + " UTC"] if asked else []
    if turn.answer.searched_for.strip() != turn.question.strip():
        notes.append(f"Searched for: {_line(turn.answer.searched_for)}")
    notes += turn.answer.notes
    rejected = len(turn.answer.rejected_citations)
    if rejected:
        notes.append(f"{rejected} citation{'' if rejected == 1 else 's'} failed the check.")
    return notes


def _pieces(answer: Answer) -> list[tuple[str, tuple[int, ...]]]:
    """The answer's text cut at its markers: each piece with the source numbers behind it."""
    numbers = {source.id: source.number for source in numbered_sources(answer)}
    pieces: list[tuple[str, tuple[int, ...]]] = []
    position = 0
    for marker in scan(answer.answer):
        known = tuple(numbers[i] for i in marker.ids if i in numbers)
        if marker.problem or not known:
            continue
        pieces.append((answer.answer[position : marker.start], known))
        position = marker.end
    pieces.append((answer.answer[position:], ()))
    return pieces


def _markdown_answer(answer: Answer) -> str:
    return "".join(
        _md(text) + "".join(f"\\[{n}\\]" for n in numbers) for text, numbers in _pieces(answer)
    ).replace("\n", "  \n")


def _html_answer(answer: Answer, turn: int) -> str:
    out = []
    for text, numbers in _pieces(answer):
        out.append(html.escape(text))
        out += [f'<a href="#turn-{turn}-source-{n}">[{n}]</a>' for n in numbers]
    return "".join(out)


def _place(source: Source) -> str:
    """ "¶4", or "#16.1 cynic", behind the page's name where ids carry one."""
    page, _, local = source.id.rpartition(":")
    shown = f"¶{local[1:]}" if local.startswith("p") else f"#{local[1:]} {source.author or ''}"
    return f"{page} {shown}".strip()


def _quotes(source: Source) -> list[str]:
    return list(dict.fromkeys(c.quote for c in source.citations if c.quote))


def _line(text: str) -> str:
    return " ".join(text.split())


def _md(text: str) -> str:
    escaped = _MARKDOWN.sub(r"\\\1", html.escape(text, quote=False))
    return _LINE_START.sub(lambda m: m[1] + _escaped_start(m[2]), escaped)


def _escaped_start(mark: str) -> str:
    return f"\\{mark}" if len(mark) == 1 else f"{mark[:-1]}\\{mark[-1]}"
