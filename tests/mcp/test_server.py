"""The MCP server as a process of its own, spoken to over stdio by the SDK's own client."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

pytest.importorskip("mcp")

from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client


def talk(home: Path, conversation: Callable[[Client], Awaitable[Any]], **more: str) -> Any:
    """Start `askbot mcp`, hold a conversation, and end it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ASKBOT_")}
    environment = kept | {"ASKBOT_HOME": str(home), "ASKBOT_CONFIG": os.devnull} | more
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "askbot", "mcp"], env=environment
    )

    async def run() -> Any:
        with anyio.fail_after(90):
            async with Client(stdio_client(parameters)) as client:
                return await conversation(client)

    return anyio.run(run)


def test_the_tools_over_stdio(home: Path) -> None:
    async def conversation(client: Client) -> dict[str, Any]:
        async def call(name: str, **arguments: Any) -> Any:
            return await client.call_tool(name, arguments)

        return {
            "tools": await client.list_tools(),
            "pages": await call("pages"),
            "ask": await call("ask", question="What will replace the ferry?", page="town"),
            "none": await call("ask", question="Who won the tennis final?", page="town"),
            "show": await call("show", id="c1.1", page="town"),
            "prefixed": await call("show", id="town:p4"),
            "thread": await call("thread", question="How many comments are there?", page="town"),
            "content": await call("thread", question="What will replace the ferry?", page="town"),
            "missing": await call("show", id="p99", page="town"),
            "no page": await call("ask", question="Who is it?", page="nowhere"),
            "empty": await call("ask", question="  ", page="town"),
        }

    said = talk(home, conversation)
    tools = {tool.name: tool for tool in said["tools"].tools}
    assert set(tools) == {"ask", "show", "thread", "pages"}
    assert tools["ask"].input_schema["required"] == ["question"]
    assert all(tool.annotations.read_only_hint for tool in tools.values())

    pages = {p["slug"]: p for p in said["pages"].structured_content["pages"]}
    assert pages["town"]["comments"] == 6
    assert pages["town"]["claimed_comments"] == 6

    answer = said["ask"].structured_content
    assert answer["citations"][0]["id"] == "p4"
    assert "replaced by a bus" in answer["citations"][0]["quote"]
    assert answer["citations"][0]["source_sha256"] == pages["town"]["source_sha256"]
    assert said["none"].structured_content["abstained"] is True

    shown = said["show"].structured_content
    assert (shown["author"], shown["replies_to"], shown["replies"]) == (
        "Ruth Bell", "c1", ["c1.1.1"],
    )  # fmt: skip
    assert shown["text"] == "The figure is from the winter timetable."
    assert said["prefixed"].structured_content["id"] == "p4"

    computed = said["thread"].structured_content
    assert computed["route"].startswith("thread:")
    assert "6" in computed["answer"]

    for name, told in {
        "content": "use ask", "missing": "no p99", "no page": "nowhere", "empty": "empty",
    }.items():  # fmt: skip
        assert said[name].is_error, name
        (content,) = said[name].content
        assert told in content.text
        assert "Traceback" not in content.text
