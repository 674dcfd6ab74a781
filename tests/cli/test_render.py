"""An answer on the screen: references, sources, abstentions, rejections."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from askbot.answers import Answer, Claim, Draft, Evidence, Quote, RejectedCitation
from askbot.citations import check
from askbot.cli.picture import answers_svg
from askbot.cli.render import Manner, answer_lines
from askbot.discussion import Page
from askbot.errors import NotFound
from askbot.sources import plaintext

PLAIN = Manner(styled=False)


def answer(page: Page, *claims: Claim, question: str = "What is said?", **more: object) -> Answer:
    """The answer that the check makes of claims, with every part of the page as evidence."""
    evidence = tuple(Evidence(part.id, page, part.id) for part in page.parts())
    checked = check(Draft(claims), evidence)
    made = Answer(
        question=question,
        searched_for=question,
        answer=checked.text,
        abstained=False,
        citations=checked.citations,
        rejected_citations=checked.rejected,
        evidence=tuple(item.id for item in evidence),
        confidence=0.9,
        timings_ms={"search": 4.1, "total": 36.2},
    )
    return replace(made, **more)  # type: ignore[arg-type]


def quoted(passage_id: str, words: str) -> Claim:
    """A claim that is a quotation from a passage."""
    return Claim(words, (Quote(passage_id, words),), verbatim=True)


def counted(text: str, *passage_ids: str) -> Claim:
    """A claim computed over comments, which it cites as wholes."""
    return Claim(text, tuple(Quote(i) for i in passage_ids), computed=True)


def shown(made: Answer, page: Page, manner: Manner = PLAIN, width: int = 200) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, markup=False, highlight=False)
    for line in answer_lines(made, lambda slug: page, manner):
        console.print(line)
    return out.getvalue()


def test_markers_become_numbers_with_names(town: Page) -> None:
    made = answer(
        town,
        quoted("p4", "The ferry will be replaced by a bus that runs 12 times a day."),
        quoted("c2", "The ferry took 8."),
        quoted("c2", "The bus takes 50 minutes."),
    )
    out = shown(made, town)
    assert out.startswith(
        "The ferry will be replaced by a bus that runs 12 times a day. [1 ¶4] "
        "The ferry took 8. [2 #2 Tim O’Dea] The bus takes 50 minutes. [2 #2]\n"
    )
    assert "[p4]" not in out
    assert " 1  ¶4  The ferry will be replaced" in out
    assert out.count(" 2  #2 Tim O’Dea") == 1


def test_a_quote_is_marked_inside_its_sentence(town: Page) -> None:
    made = answer(town, Claim("Somebody counted 31.", (Quote("c1", "I counted 31"),)))
    assert "Nine passengers is not true, «I counted 31» last Tuesday." in shown(made, town)
    styled = shown(made, town, Manner(styled=True))
    assert "Nine passengers is not true, I counted 31 last Tuesday." in styled


def test_the_short_answer_is_marked_where_the_quote_is_a_whole_sentence(town: Page) -> None:
    made = answer(town, quoted("c2", "The ferry took 8."), short_answer="8")
    assert "The ferry took «8»." in shown(made, town)


def test_a_reply_says_whom_it_answers(town: Page) -> None:
    made = answer(town, quoted("c1.1", "The figure is from the winter timetable."))
    assert "#1.1 Ruth Bell, replying to #1 oldsalt" in shown(made, town)


def test_a_long_run_is_collapsed_and_listed_on_demand(town: Page) -> None:
    ids = ("c1", "c1.1", "c1.1.1", "c2", "c3", "c4")
    made = answer(town, counted("There are 6 comments.", *ids), question="How many comments?")
    out = shown(made, town)
    assert "There are 6 comments. [#1 … #4 (6 comments)]" in out
    many = replace(made, citations=made.citations)
    assert "(an empty comment; its header: 3. quiet one says:)" in shown(many, town)
    more = answer(town, counted("There are 9 parts.", "p1", "p2", "p3", "p4", *ids))
    out = shown(more, town)
    assert "[¶1 … #4 (4 paragraphs, 6 comments)]" in out
    assert " 4–10  ¶4 … #4 (1 paragraph, 6 comments); `askbot --verbose ask` lists them all" in out
    assert "10  #4 jo" in shown(more, town, Manner(styled=False, verbose=True))


def test_an_abstention_is_seen_to_be_one_and_names_what_was_nearest(town: Page) -> None:
    text = "The page does not say."
    made = replace(answer(town, Claim(text, asserts=False)), abstained=True, evidence=("c2", "p1"))
    out = shown(made, town)
    assert out.startswith("no answer: The page does not say.\n")
    assert "nearest: #2 Tim O’Dea  The bus takes 50 minutes." in out


def test_rejected_citations_are_shown_with_the_reason(town: Page) -> None:
    made = answer(town, quoted("p4", "The ferry will be replaced by a tram."), counted("x", "p99"))
    out = shown(made, town)
    assert "rejected: ¶4 “The ferry will be replaced by a tram.”: these words are not in p4" in out
    assert "rejected: ¶99: there is no p99 on the page" in out


def test_searched_for_is_shown_only_where_it_differs(town: Page) -> None:
    made = answer(town, quoted("c2", "The ferry took 8."), question="and  how long?")
    assert "searched for" not in shown(made, town)
    changed = replace(made, searched_for="how long did the ferry take?")
    assert shown(changed, town).startswith("searched for: how long did the ferry take?\n")


def test_timings_only_when_verbose(town: Page) -> None:
    made = answer(town, quoted("c2", "The ferry took 8."))
    assert "confidence 90 % · extractive\n" in shown(made, town)
    out = shown(made, town, Manner(verbose=True))
    assert "search 4.1 ms · total 36.2 ms · evidence p1, p2" in out


def test_a_page_that_changed_or_went_leaves_the_saved_quote(town: Page) -> None:
    made = answer(town, quoted("c2", "The ferry took 8."))
    changed = plaintext.read(town.source + " ", slug="town", origin="town.txt")
    other = replace(changed, source=changed.source + "more")
    assert "The ferry took 8.  (not in the index any more)" in shown(made, other)

    def gone(slug: str) -> Page:
        raise NotFound(f"no page {slug}")

    lines = answer_lines(made, gone, PLAIN)
    assert any("not in the index any more" in line.body.plain for line in lines)


HOSTILE = """A title

A paragraph with [bold red]markup[/] and an \x1b[31mescape\x1b[0m in it.

Comments (2)

  1. eve says:

    I say \x1b]0;owned\x07 and \u202ereversed\u202c and [on red]this[/on red] :smile: too.

  2. bob says:

    Nothing here.
"""


def test_hostile_text_is_shown_and_does_nothing() -> None:
    page = plaintext.read(HOSTILE, slug="hostile", origin="x")
    eve = replace(page.comments[0], author="[link=https://evil.example]eve\x1b[5m\nx")
    page = replace(page, comments=(eve, *page.comments[1:]))
    words = page.text("c1")
    made = answer(page, quoted("p2", page.text("p2")), quoted("c1", words), question="\x1b[2Jhm?")
    made = replace(made, notes=("\x1b[8mhidden",), searched_for="\x1b[2Jother")
    made = replace(made, rejected_citations=(RejectedCitation("p\x1b[0m", "\x1b[1m", "\u202ebad"),))
    for manner in (PLAIN, Manner(styled=True, verbose=True)):
        out = shown(made, page, manner)
        assert not [c for c in out if ord(c) < 32 and c != "\n"]
        assert "\u202e" not in out
        assert "\x9b" not in out
        assert "[bold red]markup[/]" in out
        assert "[on red]this[/on red] :smile:" in out
        assert "[link=https://evil.example]eve␛[5m x" in out
        assert "␛]0;owned␇" in out


@pytest.mark.parametrize("width", [40, 60, 100])
def test_narrow_terminals(town: Page, width: int) -> None:
    ids = ("c1", "c1.1", "c1.1.1", "c2", "c3", "c4")
    made = answer(
        town,
        quoted("p2", town.text("p2")),
        quoted("c1.1", "The figure is from the winter timetable."),
        counted("There are 6 comments.", *ids),
        searched_for="a question that is quite a bit longer than forty columns",
    )
    out = shown(made, town, Manner(verbose=True), width=width)
    assert max(len(line) for line in out.splitlines()) <= width


def test_the_picture_fetches_nothing(town: Page) -> None:
    made = answer(town, quoted("c2", "The ferry took 8."), question="How long <did> it take?")
    svg = answers_svg([made, made], lambda slug: town)
    assert svg.startswith("<svg")
    assert "https://" not in svg.replace("https://www.textualize.io", "")
    assert "@font-face" not in svg
    assert "&lt;did&gt;" in svg


def test_draft_without_claims_renders() -> None:
    page = plaintext.read("Only a line of text.", slug="one", origin="x")
    assert Draft(()).claims == ()
    assert "confidence" in shown(answer(page), page)
