"""Answers by a scripted model over a real connection: written, cited, checked, mended, declined."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

import pytest

from askbot.answerers.streaming import TextDelta
from askbot.answers import Answer
from askbot.conversation.turns import Turn

BUS = "What will replace the ferry?"
GOOD = "The ferry will be replaced by a bus that runs 12 times a day. [p4]"


def shown(pieces: list[Any]) -> str:
    """What stands on the screen after these pieces."""
    text = ""
    for piece in pieces:
        if isinstance(piece, TextDelta):
            text = piece.text if piece.restart else text + piece.text
    return text


def test_an_answer_is_written_streamed_and_checked(provider: Any, writing: Any) -> None:
    provider.will(GOOD)
    bot = writing(provider)
    *deltas, answer = bot.stream(BUS)
    assert isinstance(answer, Answer)
    assert len(deltas) > 3
    assert shown(deltas) == answer.answer == GOOD
    assert [c.id for c in answer.citations] == ["p4"]
    assert answer.citations[0].quote == GOOD.removesuffix(" [p4]")
    assert answer.engine == f"{provider.dialect}:scripted"
    assert answer.usage == {"calls": 1, "input_tokens": 100, "output_tokens": 20}
    assert answer.prompt_version is not None
    assert answer.prompt_version.startswith("answer.txt 1 ")
    assert not bot.verify(answer)


def test_ask_gives_the_same_answer_as_stream(provider: Any, writing: Any) -> None:
    provider.will(GOOD, GOOD)
    bot = writing(provider)
    assert bot.ask(BUS).answer == list(bot.stream(BUS))[-1].answer


def test_the_model_is_shown_the_evidence_as_data(openai: Any, writing: Any) -> None:
    openai.will("The bus takes 50 minutes. [c2]")
    answer = writing(openai).ask("How long does the bus take?")
    prompt = openai.prompt()
    assert "=== c2 · comment by Tim O’Dea\n| The bus takes 50 minutes." in prompt
    assert "c1.1.1 · comment by oldsalt, a reply to c1.1 by Ruth Bell" in prompt
    assert "Town to close its only ferry" in prompt
    assert openai.requests[0]["stream"] is True
    assert set(answer.evidence) <= {line.split()[1] for line in prompt.split("\n=== ")[1:]} | set(
        answer.evidence
    )
    assert all(f"=== {i} · " in prompt for i in answer.evidence)


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_a_marker_split_over_chunks_never_shows_in_part(
    openai: Any, writing: Any, step: Any, size: int
) -> None:
    text = (
        "The council voted on Monday [p2]. The ferry took 8 minutes. [c2] Fine (see 1.5 m) [p99]."
    )
    openai.will(step(text, size=size), text)
    *deltas, _ = writing(openai).stream("What did the council do about the ferry?")
    seen = ""
    for delta in deltas:
        seen += delta.text
        assert "[" not in seen.replace("[p2]", "").replace("[c2]", ""), seen
    assert "p99" not in seen


def test_an_unverified_id_is_never_on_the_screen(openai: Any, writing: Any, step: Any) -> None:
    bad = "The ferry costs 90,000 pounds a year. [p3] The bus takes 50 minutes. [c2]"
    openai.will(step(bad, size=3), bad)
    *deltas, answer = writing(openai).stream("What does the ferry cost?")
    assert "[p3]" not in shown(deltas)
    assert "[c2]" in shown(deltas)
    states = [s.state for s in answer.statements]
    assert states == ["unsupported", "supported"]
    assert "90,000 pounds a year. (unsupported)" in answer.answer
    assert any("90000" in r.reason for r in answer.rejected_citations)


def test_one_repair_round_is_asked_for_and_used(provider: Any, writing: Any) -> None:
    provider.will("The ferry will be replaced by a bus. [p99]", GOOD)
    answer = writing(provider).ask(BUS)
    assert answer.answer == GOOD
    assert any("mended" in note for note in answer.notes)
    assert answer.prompt_version.count(".txt") == 2
    assert answer.usage == {"calls": 2, "input_tokens": 200, "output_tokens": 40}
    objection = provider.requests[1]["messages"][-1]["content"]
    assert "p99" in objection
    assert "there is no p99 on the page" in objection
    assert len(provider.requests) == 2


def test_a_repair_that_is_worse_is_not_used(openai: Any, writing: Any) -> None:
    openai.will("The bus takes 50 minutes. [c2] It is green. [p99]", "It is green and blue. [p98]")
    answer = writing(openai).ask("What about the bus?")
    assert "50 minutes. [c2]" in answer.answer
    assert "It is green. (unsupported)" in answer.answer
    assert len(openai.requests) == 2


@pytest.mark.parametrize(
    "words",
    [
        "NOT ON THE PAGE", "**Not on the page.**", "I cannot answer this from the passages.",
        "The page does not mention the mayor.", "<think>Hm, no mayor.</think>NOT ON THE PAGE",
    ],
)  # fmt: skip
def test_a_model_that_declines_abstains(openai: Any, writing: Any, words: str) -> None:
    openai.will(words)
    answer = writing(openai).ask("Who is the mayor of the town?")
    assert answer.abstained
    assert not answer.citations
    assert answer.answer.startswith("The page does not say.")
    assert len(openai.requests) == 1


def test_the_refusal_word_never_shows(openai: Any, writing: Any, step: Any) -> None:
    openai.will(step("NOT ON THE PAGE", size=2))
    *deltas, _ = writing(openai).stream("Who is the mayor of the town?")
    assert shown(deltas) == ""


def test_thoughts_are_not_shown(openai: Any, writing: Any, step: Any) -> None:
    openai.will(step(f"<think>It is [p4], I think.</think>\n\n{GOOD}", size=4))
    *deltas, answer = writing(openai).stream(BUS)
    assert shown(deltas) == answer.answer == GOOD


def test_typographic_variants_are_put_into_the_pages_own_characters(
    openai: Any, writing: Any
) -> None:
    openai.will('Ruth Bell said: "We cannot keep paying 40,000 pounds a year" [p3].')
    answer = writing(openai).ask("What did Ruth Bell say about paying?")
    assert answer.citations[0].quote == "We cannot keep paying 40,000 pounds a year"
    openai.will('Tim O\'Dea says "The ferry took 8." [c2]')
    answer = writing(openai).ask("What does Tim O’Dea say the ferry took?")
    assert [c.quote for c in answer.citations] == ["The ferry took 8."]


def test_history_goes_along_without_its_ids(openai: Any, writing: Any) -> None:
    openai.will(GOOD, "The bus takes 50 minutes. [c2]")
    bot = writing(openai)
    first = bot.ask(BUS)
    bot.ask("How long does it take?", turns=(Turn(BUS, first),))
    roles = [m["role"] for m in openai.requests[-1]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert openai.requests[-1]["messages"][2]["content"] == GOOD.removesuffix(" [p4]")


def test_a_small_window_gets_fewer_passages(openai: Any, writing: Any) -> None:
    openai.will("The bus takes 50 minutes. [c2]", "The bus takes 50 minutes. [c2]")
    wide = writing(openai).ask("How long does the bus take?")
    small = writing(openai, model_context=1400).ask("How long does the bus take?")
    assert 0 < len(small.evidence) < len(wide.evidence)
    assert all(f"=== {i} ·" in openai.prompt() for i in small.evidence)
    assert len(openai.prompt().encode()) / 3 < 1400
    assert any("no room" in note for note in small.notes)


def test_ollama_is_told_its_window(ollama: Any, writing: Any) -> None:
    ollama.will(GOOD)
    writing(ollama, model_context=4096).ask(BUS)
    assert ollama.requests[0]["options"]["num_ctx"] == 4096


def test_cost_is_reckoned_from_prices(openai: Any, writing: Any) -> None:
    openai.will(GOOD)
    answer = writing(openai, model_price_input=2.0, model_price_output=10.0).ask(BUS)
    assert answer.usage["cost_usd"] == pytest.approx((100 * 2 + 20 * 10) / 1e6)


def test_our_own_part_of_the_first_token_is_small(openai: Any, writing: Any, step: Any) -> None:
    openai.will(*[step(GOOD, size=8, delay=0.02)] * 8)
    bot = writing(openai)
    list(bot.stream(BUS))  # imports, connections
    searches, added = [], []
    for _ in range(7):
        openai.written.clear()
        pieces = bot.stream(BUS)
        next(pieces)
        added.append(time.perf_counter() - openai.written[0])
        searches.append(list(pieces)[-1].timings_ms["search"])
    assert sorted(added)[3] < 0.020
    assert sorted(searches)[3] < 50


def test_without_a_model_nothing_of_it_is_imported(home: Any) -> None:
    code = (
        "import sys; from pathlib import Path; from askbot.bot import Bot;"
        "from askbot.settings import Settings;"
        f"bot = Bot.open(Settings(home=Path({str(home)!r}), page='town'));"
        f"print(bot.ask({BUS!r}).engine); list(bot.stream({BUS!r}));"
        "names = ('langchain', 'openai', 'askbot.answerers.gen', 'askbot.answerers.calls');"
        "print([m for m in sys.modules if m.startswith(names)])"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ASKBOT_")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.split("\n")[:2] == ["extractive", "[]"]
