"""Every way in which a provider fails, over a real connection: bounded, told, answered anyway."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from askbot.answerers.streaming import TextDelta
from askbot.errors import ProviderError, UsageError

BUS = "What will replace the ferry?"
GOOD = "The ferry will be replaced by a bus that runs 12 times a day. [p4]"


def offline(answer: Any, *words: str) -> None:
    """The answer was made offline, cites the page, and says why."""
    assert answer.engine == "extractive"
    assert "p4" in [c.id for c in answer.citations]
    assert not answer.abstained
    (note,) = (n for n in answer.notes if "offline" in n)
    for word in words:
        assert word in note
    assert "\n" not in note


FATAL = {
    "wrong key": (401, "Incorrect API key provided: sk-secret-12345.", "refused the API key"),
    "forbidden": (403, "no access", "refused the API key"),
    "unknown model": (404, "model not found", "not known to the provider"),
    "bad request": (400, "nonsense", "refused the request"),
}


@pytest.mark.parametrize("case", FATAL)
def test_what_repeating_cannot_mend_is_asked_once(
    provider: Any, writing: Any, step: Any, case: str
) -> None:
    status, message, told = FATAL[case]
    provider.will(step(status=status, body={"error": {"message": message}}))
    answer = writing(provider).ask(BUS)
    offline(answer, told, f"{provider.dialect}:scripted")
    assert len(provider.requests) == 1
    assert "sk-secret" not in str(answer.to_json())
    assert answer.usage == {"calls": 1}


@pytest.mark.parametrize("status", [500, 502, 503, 529])
def test_a_server_error_is_repeated_and_may_pass(
    provider: Any, writing: Any, step: Any, status: int
) -> None:
    provider.will(step(status=status, body="oops"), GOOD)
    answer = writing(provider).ask(BUS)
    assert answer.answer == GOOD
    assert len(provider.requests) == 2


def test_repetitions_are_bounded(provider: Any, writing: Any, step: Any) -> None:
    provider.will(*[step(status=500, body="oops")] * 9)
    answer = writing(provider, model_retries=2).ask(BUS)
    offline(answer, "500")
    assert len(provider.requests) == 3


def test_retry_after_is_waited_for(openai: Any, writing: Any, step: Any) -> None:
    openai.will(step(status=429, body="slow down", headers={"Retry-After": "1"}), GOOD)
    answer = writing(openai).ask(BUS)
    assert answer.answer == GOOD
    assert 1.0 <= openai.times[1] - openai.times[0] < 1.5


def test_a_retry_after_beyond_the_time_out_is_not_waited_for(
    openai: Any, writing: Any, step: Any
) -> None:
    openai.will(step(status=429, body="slow down", headers={"Retry-After": "600"}))
    started = time.monotonic()
    answer = writing(openai, model_timeout=3.0).ask(BUS)
    offline(answer, "429")
    assert time.monotonic() - started < 2.0
    assert len(openai.requests) == 1


def test_429_without_a_header_backs_off(ollama: Any, writing: Any, step: Any) -> None:
    ollama.will(step(status=429, body="busy"), GOOD)
    assert writing(ollama).ask(BUS).answer == GOOD
    assert ollama.times[1] - ollama.times[0] > 0.3


@pytest.mark.parametrize("then", ["hang", "drip"])
@pytest.mark.parametrize("text", ["", "The ferry will be"])
def test_nothing_hangs_longer_than_its_time_out(
    provider: Any, writing: Any, step: Any, then: str, text: str
) -> None:
    provider.will(GOOD)
    writing(provider).ask(BUS)  # what has to be imported is
    bot = writing(provider, model_timeout=1.0)
    provider.will(step(text, then=then))
    started = time.monotonic()
    answer = bot.ask(BUS)
    took = time.monotonic() - started
    if provider.dialect == "ollama" and then == "drip":
        assert answer.engine == "extractive"  # an empty line is no JSON: malformed at once
    else:
        offline(answer, "did not finish within 1 s")
    assert took < 2.0
    assert provider.closed_by_client.wait(2.0)


@pytest.mark.parametrize("then", ["cut", "close", "garbage"])
def test_a_broken_stream_is_begun_again(provider: Any, writing: Any, step: Any, then: str) -> None:
    provider.will(step("The ferry will be replaced by a tun", then=then), GOOD)
    pieces = list(writing(provider).stream(BUS))
    assert pieces[-1].answer == GOOD
    restarts = [p for p in pieces if isinstance(p, TextDelta) and p.restart]
    assert len(restarts) == 1
    after = pieces[pieces.index(restarts[0]) : -1]
    assert "".join(p.text for p in after) == GOOD


@pytest.mark.parametrize("then", ["cut", "close", "garbage"])
def test_a_stream_that_always_breaks_ends_offline(
    provider: Any, writing: Any, step: Any, then: str
) -> None:
    provider.will(*[step("The ferry will be", then=then)] * 5)
    answer = writing(provider, model_retries=1).ask(BUS)
    offline(answer, "scripted")
    assert len(provider.requests) == 2


@pytest.mark.parametrize("text", ["", " \n ", "<think>endless thoughts"])
def test_an_empty_answer_is_no_answer(openai: Any, writing: Any, step: Any, text: str) -> None:
    openai.will(*[step(text)] * 5)
    offline(writing(openai, model_retries=1).ask(BUS), "nothing usable")
    assert len(openai.requests) == 2


def test_a_model_that_cannot_stop_is_stopped(openai: Any, writing: Any, step: Any) -> None:
    openai.will(*[step("and so on " * 5000, size=2000)] * 3)
    offline(writing(openai, model_retries=0).ask(BUS), "nothing usable")


def test_an_answer_at_the_length_limit_is_told(openai: Any, writing: Any, step: Any) -> None:
    openai.will(step(GOOD, finish="length"))
    answer = writing(openai).ask(BUS)
    assert answer.answer == GOOD
    assert any("length limit" in note for note in answer.notes)


def test_a_content_filter_ends_offline(openai: Any, writing: Any, step: Any) -> None:
    openai.will(step("The ferry", finish="content_filter"))
    offline(writing(openai).ask(BUS), "content filter")


TOO_LONG = {"error": {"message": "maximum context length is 512 tokens", "code": "context_length"}}


def test_too_long_a_prompt_is_halved(provider: Any, writing: Any, step: Any) -> None:
    provider.will(step(status=400, body=TOO_LONG), GOOD)
    answer = writing(provider).ask(BUS)
    assert answer.answer == GOOD
    assert len(provider.prompt(1)) < len(provider.prompt(0))
    assert all(f"=== {i} ·" in provider.prompt(1) for i in answer.evidence)


def test_a_prompt_that_stays_too_long_ends_offline(provider: Any, writing: Any, step: Any) -> None:
    provider.will(*[step(status=400, body=TOO_LONG)] * 9)
    offline(writing(provider).ask(BUS), "too long", "ASKBOT_MODEL_CONTEXT")
    assert len(provider.requests) <= 4


def test_a_window_too_small_for_anything_sends_nothing(openai: Any, writing: Any) -> None:
    offline(writing(openai, model_context=512).ask(BUS), "too long")
    assert not openai.requests


def test_an_option_that_a_server_does_not_know_is_left_out(
    openai: Any, writing: Any, step: Any
) -> None:
    openai.will(step(status=400, body={"error": {"message": "unknown: stream_options"}}), GOOD)
    answer = writing(openai).ask(BUS)
    assert answer.answer == GOOD
    assert "stream_options" in openai.requests[0]
    assert "stream_options" not in openai.requests[1]


def test_nobody_listening(writing: Any, openai: Any) -> None:
    bot = writing(openai, base_url="http://127.0.0.1:9/v1", model_retries=1)
    offline(bot.ask(BUS), "cannot be reached")


def test_a_failing_repair_leaves_the_first_text(openai: Any, writing: Any, step: Any) -> None:
    text = "The bus takes 50 minutes. [c2] It is green. [p99]"
    openai.will(text, step(status=401, body="no"))
    answer = writing(openai).ask("What about the bus?")
    assert answer.engine == "openai:scripted"
    assert "It is green. (unsupported)" in answer.answer
    assert any("could not be mended" in note for note in answer.notes)


def test_closing_the_stream_breaks_the_request_off(provider: Any, writing: Any, step: Any) -> None:
    provider.will(step("word " * 4000, delay=0.01))
    pieces = writing(provider).stream(BUS)
    next(pieces)
    pieces.close()
    assert provider.closed_by_client.wait(3.0)
    assert len(provider.written) < 600


def test_ctrl_c_stops_spending(openai: Any, home: Any, step: Any) -> None:
    openai.will(step("The ferry will be", then="hang"))
    code = (
        "from pathlib import Path; from askbot.bot import Bot\n"
        "from askbot.settings import Settings\n"
        f"bot = Bot.open(Settings(home=Path({str(home)!r}), page='town', model='openai:scripted', "
        f"base_url={openai.address!r}))\n"
        f"bot.ask({BUS!r})\n"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ASKBOT_")}
    with subprocess.Popen(
        [sys.executable, "-c", code], stderr=subprocess.PIPE, env=environment
    ) as process:
        while not openai.requests:
            assert process.poll() is None
            time.sleep(0.05)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert openai.closed_by_client.wait(3.0)
        process.communicate(timeout=10)


def test_many_questions_at_once(openai: Any, writing: Any) -> None:
    openai.will(*[GOOD] * 6)
    bot = writing(openai)
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(bot.ask(BUS))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a.answer for a in answers] == [GOOD] * 6


@pytest.mark.parametrize(
    ("model", "kind", "told"),
    [
        ("gpt-5", UsageError, "not provider:name"),
        ("openai:", UsageError, "not provider:name"),
        ("closedai:gpt", UsageError, "no provider 'closedai'"),
        ("openai:gpt-5-mini", ProviderError, "OPENAI_API_KEY"),
        ("anthropic:claude", ProviderError, "ANTHROPIC_API_KEY"),
        ("google:gemini", ProviderError, "GOOGLE_API_KEY"),
    ],
)
def test_a_model_that_cannot_be_set_up_is_one_line(
    writing: Any, openai: Any, model: str, kind: type[Exception], told: str
) -> None:
    bot = writing(openai, model=model, base_url=None)
    with pytest.raises(kind) as caught:
        bot.ask(BUS)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("model", "extra"),
    [("openai:x", "openai"), ("anthropic:x", "anthropic"), ("google:x", "google"),
     ("ollama:x", "ollama")],
)  # fmt: skip
def test_a_missing_extra_is_named(
    writing: Any, openai: Any, monkeypatch: pytest.MonkeyPatch, model: str, extra: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=rf"pip install 'askbot\[{extra}\]'"):
        writing(openai, model=model).ask(BUS)


def test_the_key_goes_to_the_server_and_nowhere_else(
    openai: Any, writing: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-98765")
    openai.will(GOOD)
    bot = writing(openai)
    with caplog.at_level(0):
        answer = bot.ask(BUS)
    assert openai.headers[0]["authorization"] == "Bearer sk-secret-98765"
    assert "sk-secret" not in caplog.text
    for thing in (answer.to_json(), bot.settings, bot.writer.chat, openai.prompt()):
        assert "sk-secret" not in repr(thing)
