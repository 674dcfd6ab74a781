"""Imports go one way: a module may import only from its own layer and the layers below it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import askbot

PACKAGE = Path(askbot.__file__).parent

LAYERS = [
    ["errors"],
    ["settings"],
    ["discussion", "resources"],
    ["text"],
    ["sources"],
    ["passages"],
    ["embedding"],
    ["index"],
    ["answers"],
    ["thread"],
    ["retrieval"],
    ["reader"],
    ["markers"],
    ["citations", "verification", "showing"],
    ["answerers"],
    ["conversation"],
    ["bot"],
    ["evaluation"],
    ["slack", "mcp"],
    ["cli"],
]
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}

HEAVY = {
    "chromadb", "langchain", "langchain_chroma", "langchain_core", "lxml", "mcp", "numpy",
    "onnx", "onnxruntime", "prompt_toolkit", "rich", "selectolax", "sentence_transformers",
    "slack_bolt", "tokenizers", "torch", "trafilatura", "transformers", "bm25s", "httpx",
    "rapidfuzz", "sentencex", "ir_measures", "jinja2",
}  # fmt: skip


def _modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "bundled" not in p.parts)


def _layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _runtime_imports(path: Path) -> list[tuple[str, int]]:
    """Names imported outside `if TYPE_CHECKING:`, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            guarded.update(inner for part in node.body for inner in ast.walk(part))
    found: list[tuple[str, int]] = []
    for node in ast.walk(tree):
        if node in guarded:
            continue
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "askbot":
                found += [(f"askbot.{alias.name}", node.lineno) for alias in node.names]
            else:
                found.append((node.module, node.lineno))
    return found


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    own = _layer(path)
    if own in ("__init__", "__main__"):
        return
    for name, line in _runtime_imports(path):
        parts = name.split(".")
        if parts[0] == "askbot" and len(parts) > 1 and parts[1] in RANK:
            assert parts[1] == own or RANK[parts[1]] < RANK[own], (
                f"{path.name}:{line}: {own} may not import {name}"
            )


def test_every_module_has_a_layer() -> None:
    unknown = {_layer(p) for p in _modules()} - set(RANK) - {"__init__", "__main__"}
    assert not unknown, f"add to LAYERS: {sorted(unknown)}"


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_are_short(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 330, f"{path.name} has {lines} lines: split it by job"


def test_importing_the_bot_loads_nothing_heavy() -> None:
    code = (
        "import sys, askbot.bot, askbot.cli;"
        f"print(','.join(sorted(set(m.split('.')[0] for m in sys.modules) & {HEAVY!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.strip().split(",")) <= {"", "rich"}, done.stdout
