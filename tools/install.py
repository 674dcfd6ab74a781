"""Make `.venv` with exactly the pinned packages; run again, it does only what is missing.

Usage: python3 tools/install.py [--dev]

Only the standard library and pip are used, so that it runs on a bare machine. Packages are
installed without dependency resolution, because every version is pinned: resolving the open set
takes pip minutes. torch comes as the CPU build on Linux: from a wheel folder or index that pip is
configured with, if one has it, else from PyTorch's own CPU index; the build on PyPI would bring
gigabytes of CUDA.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
TORCH = "2.13.0"
ASKING = ("numpy", "onnxruntime", "tokenizers", "typer", "click", "rich", "prompt_toolkit",
          "pygments", "platformdirs", "rapidfuzz", "sentencex")  # fmt: skip
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def main(dev: bool) -> int:
    """Install, or say in a line what went wrong."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this script is what finds out
        print(f"askbot needs Python 3.11 or newer; this is {sysconfig.get_python_version()}")
        return 1
    pins = ROOT / "requirements" / ("dev.txt" if dev else "runtime.txt")
    stamp = VENV / f".installed-{'dev' if dev else 'runtime'}"
    wanted = _digest(pins)
    if stamp.is_file() and stamp.read_text() == wanted:
        return 0
    if not PYTHON.is_file():
        print("making .venv …", flush=True)
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    try:
        _install_torch()
        print(f"installing {pins.relative_to(ROOT)} …", flush=True)
        _pip("--no-deps", "-r", str(pins))
        _pip("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    except subprocess.CalledProcessError:
        print("the installation failed (see pip's message above); mend that and run it again")
        return 1
    _compile()
    stamp.write_text(wanted)
    if dev:
        (VENV / ".installed-runtime").write_text(_digest(ROOT / "requirements" / "runtime.txt"))
    return 0


def _compile() -> None:
    """Bytecode of what a question imports, so that the first one is not the slow one; the rest of
    the packages is compiled when it is first used."""
    site = Path(sysconfig.get_path("purelib", vars={"base": str(VENV), "platbase": str(VENV)}))
    used = [site / name for name in ASKING if (site / name).exists()]
    subprocess.run(
        [str(PYTHON), "-m", "compileall", "-q", "-j", "0", *map(str, used), str(ROOT / "askbot")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _digest(pins: Path) -> str:
    parts = (pins, ROOT / "pyproject.toml", Path(__file__))
    return hashlib.sha256(b"".join(p.read_bytes() for p in parts)).hexdigest()


def _install_torch() -> None:
    found = subprocess.run(
        [str(PYTHON), "-c", "import importlib.metadata as m; print(m.version('torch'))"],
        capture_output=True,
        text=True,
        check=False,
    )
    if found.stdout.strip().split("+")[0] == TORCH:
        return
    print(f"installing torch {TORCH} …", flush=True)
    if not sys.platform.startswith("linux"):
        _pip("--no-deps", f"torch=={TORCH}")
        return
    local = _pip("--no-deps", f"torch=={TORCH}+cpu", check=False)
    if local != 0:
        _pip("--no-deps", "--extra-index-url", CPU_INDEX, f"torch=={TORCH}+cpu")


def _pip(*arguments: str, check: bool = True) -> int:
    command = [
        str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-compile",
        *arguments,
    ]  # fmt: skip
    quiet = None if check else subprocess.DEVNULL
    return subprocess.run(command, check=check, stderr=quiet).returncode


if __name__ == "__main__":
    sys.exit(main("--dev" in sys.argv[1:]))
