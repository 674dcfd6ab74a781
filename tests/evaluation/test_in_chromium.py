"""The pages as a browser shows them: nothing fails, nothing is cut off, and the list works."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Browser, binary
from report_runs import HOSTILE, PLAIN, Board, Made, hostile_questions, made_run

from askbot.evaluation import compare
from askbot.evaluation.pages.comparison_page import write_comparison
from askbot.evaluation.pages.webpage import write_report
from askbot.evaluation.scores.flips import flips_of
from askbot.showing import neutral

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("BROWSER_TESTS"),
        reason="drives a browser, whose timing a busy build machine upsets: set BROWSER_TESTS=1",
    ),
    pytest.mark.skipif(sys.platform == "win32", reason="the browser is driven over POSIX pipes"),
    pytest.mark.skipif(binary() is None, reason="no Chromium here"),
]

CUT_OFF = """
[...document.querySelectorAll("body *")].filter((node) => {
  const box = node.getBoundingClientRect();
  if (!box.width || node.closest("select")) return false;
  if (box.right > innerWidth + 1 || box.left < -1) return true;
  const plot = node.closest("svg.plot");
  if (plot && node.tagName === "text") {
    const whole = plot.getBoundingClientRect();
    return box.right > whole.right + 1 || box.left < whole.left - 1 || box.top < whole.top - 1;
  }
  return !(node instanceof SVGElement) && getComputedStyle(node).overflowX !== "visible"
    && node.tagName !== "INPUT" && node.scrollWidth > node.clientWidth + 1;
}).map((node) => `${node.tagName}.${node.getAttribute("class")}: ${node.textContent.slice(0, 40)}`)
"""
TINY = """
[...document.querySelectorAll("svg.plot text")]
  .filter((node) => node.getBoundingClientRect().height < 10).length
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    made = made_run(tmp_path_factory.mktemp("runs") / "a", Board(), hostile_questions())
    write_report(made.folder, made.report, made.run, made.questions)
    return made


@pytest.fixture(scope="module")
def report(made: Made) -> Path:
    return made.folder / "report.html"


@pytest.fixture(scope="module")
def comparison(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    other = made_run(folder / "b", Board(("p3", "p2", "p4")), hostile_questions(), reader=True)
    found = compare(made.run, other.run, count=50)
    flips = flips_of(found, made.run, other.run)
    write_comparison(folder / "c.html", found, made.run, other.run, flips)
    return folder / "c.html"


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("page", ["report", "comparison"])
def test_nothing_fails_and_nothing_is_cut_off(
    browser: Browser, request: pytest.FixtureRequest, page: str, dark: bool, width: int
) -> None:
    path: Path = request.getfixturevalue(page)
    browser.open(path, width=width, dark=dark)
    browser.js('document.querySelectorAll("details").forEach((node) => { node.open = true; })')
    assert browser.js("innerWidth") == width
    assert browser.js("document.documentElement.scrollWidth") <= width
    assert browser.js(CUT_OFF) == []
    assert browser.js(TINY) == 0
    assert browser.js("window.broken") is None
    assert browser.js("document.images.length") == 0
    background = browser.js("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(255, 255, 255)") != dark
    assert browser.faults == []
    assert {url for url in browser.requests if not url.startswith("data:")} == {path.as_uri()}


def test_texts_are_shown_as_they_were_written(browser: Browser, report: Path) -> None:
    browser.open(report, width=1280)
    browser.js('location.hash = "show=all&tag=hostile"')
    titles = shown(browser, "h3")
    assert titles == [neutral(f"When is the bridge shut? {text}") for text in HOSTILE]
    assert browser.js("window.broken") is None
    assert browser.js('document.querySelectorAll("#cards img, #cards script").length') == 0


def test_the_list_begins_with_what_failed_and_can_be_narrowed(
    browser: Browser, made: Made, report: Path
) -> None:
    browser.open(report, width=1280)
    failing = [item for item in made.report.items if item.cause is not None]
    assert shown(browser, "h3") == [neutral(item.question) for item in failing]
    assert shown(browser, ".badge") == [item.cause for item in failing]

    choose(browser, "cause", "wrongly answered")
    assert shown(browser, "h3") == ["Why is the pool shut?"]
    assert browser.js("location.hash") == "#cause=wrongly+answered"
    choose(browser, "tag", "hostile")
    assert shown(browser, "h3") == []
    assert "No question" in browser.js("count.textContent")

    choose(browser, "cause", "")
    choose(browser, "tag", "")
    choose(browser, "show", "all")
    assert len(shown(browser, "h3")) == 50
    assert browser.js("where.textContent") == "page 1 of 2"
    browser.js("after.click()")
    assert len(shown(browser, "h3")) == len(made.report.items) - 50
    assert browser.js("after.disabled") is True
    choose(browser, "order", "slow")
    slowest = max(made.report.items, key=lambda item: item.latency_ms or 0)
    assert shown(browser, "h3")[0] == slowest.question
    assert browser.faults == []


def test_the_search_looks_into_questions_answers_and_quotes(browser: Browser, report: Path) -> None:
    browser.open(report, width=1280)
    choose(browser, "show", "all")
    search(browser, "TICKET 17")
    assert shown(browser, "h3") == ["What does pool ticket 17 cost?"]
    search(browser, "onerror bridge")  # in a gold answer, in an answer and in a quote
    assert len(shown(browser, "h3")) == len(HOSTILE)
    search(browser, "no such words")
    assert shown(browser, "h3") == []


def test_a_link_leads_to_its_question(browser: Browser, made: Made, report: Path) -> None:
    browser.open(report, width=400)
    last = len(made.report.items) - 1
    assert made.report.items[last].id == f"q{PLAIN - 1}"
    browser.js(f'location.hash = "q-{last}"')
    until(browser, f'document.activeElement.id === "q-{last}"')
    assert browser.js("document.activeElement.id") == f"q-{last}"
    top = browser.js("document.activeElement.getBoundingClientRect().top")
    assert 0 <= top < 900
    assert browser.js('document.activeElement.querySelector("details").open') is True
    browser.js("history.back()")
    time.sleep(2)  # no script may wait in a page that is being left
    failing = sum(item.cause is not None for item in made.report.items)
    assert len(shown(browser, "h3")) == failing  # as when the page was opened
    assert browser.faults == []


def test_a_card_says_all_that_is_known(browser: Browser, report: Path) -> None:
    browser.open(report, width=1280)
    browser.js('location.hash = "show=all&words=retire"')
    until(browser, 'document.querySelector("#cards article:last-child")')
    settle(browser)
    text = browser.js('document.querySelector("#cards article:last-child").textContent')
    for part in (
        "after: Who leads the library?",
        "ExpectedMayfrom p1",
        "confidence 0.67",
        "searched for: Who leads the library? And when does she retire?",
        "citation taken out: p9 not in the evidence",
        "answered by: extractive",
        "p1 ✓",
    ):
        assert part in text
    assert browser.js('document.querySelector("#cards mark").textContent') == "Iris Holt lead"


def test_without_scripts_the_figures_and_failing_questions_are_there(
    browser: Browser, made: Made, report: Path
) -> None:
    browser.open(report, width=400, scripts=False)
    failing = sum(item.cause is not None for item in made.report.items)
    assert browser.js('document.querySelectorAll("noscript article h3").length') == failing
    assert browser.js('document.querySelector("#controls").offsetHeight') == 0
    assert browser.js('document.querySelector(".tile .value").offsetHeight') > 0
    assert browser.js("document.documentElement.scrollWidth") <= 400
    assert browser.js(CUT_OFF) == []
    assert browser.faults == []


def until(browser: Browser, condition: str) -> None:
    """Wait until something holds in the page; navigation takes its time on a busy machine."""
    browser.js(
        "new Promise((done) => { const end = Date.now() + 10000; const look = () => "
        f"(({condition}) || Date.now() > end) ? done(true) : setTimeout(look, 20); look(); }})"
    )


def settle(browser: Browser) -> None:
    """Wait until the list has been the same for a while."""
    browser.js(
        "new Promise((done) => { let last = ''; let since = Date.now(); const end = since + 10000; "
        "const look = () => { const now = document.getElementById('cards').innerHTML; "
        "if (now !== last) { last = now; since = Date.now(); } "
        "(Date.now() - since > 250 || Date.now() > end) ? done(true) : setTimeout(look, 25); }; "
        "look(); })"
    )


def shown(browser: Browser, selector: str) -> list[str]:
    """The texts of these elements in the list, when it has settled."""
    settle(browser)
    found = browser.js(
        f'[...document.querySelectorAll("#cards {selector}")].map((node) => node.textContent)'
    )
    assert isinstance(found, list)
    return found


def choose(browser: Browser, control: str, value: str) -> None:
    browser.js(
        f'document.getElementById("{control}").value = "{value}",'
        f'document.getElementById("{control}").dispatchEvent(new Event("change"))'
    )


def search(browser: Browser, words: str) -> None:
    browser.js(
        f'document.getElementById("words").value = "{words}",'
        'document.getElementById("words").dispatchEvent(new Event("input")),'
        "new Promise((done) => setTimeout(done, 600))"
    )
