"""The programs that are compared: ours, a minimal Textual app, and posting; each in a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from benchmarks.terminal import Terminal

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "bench"
OURS = str(Path(sys.executable).with_name("zoho-leads"))


@dataclass(frozen=True, slots=True)
class Program:
    """A program to compare with.

    Args:
        name: as the table has it.
        argv: the command.
        ready: a text that is on the screen once it can be typed into.
        env: its environment.
    """

    name: str
    argv: list[str]
    ready: str
    env: dict[str, str] = field(default_factory=dict[str, str])

    def start(self, size: tuple[int, int] = (120, 40)) -> Terminal:
        """Start it in a terminal."""
        home = FOLDER / self.name / "home"
        home.mkdir(exist_ok=True)
        env = {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        return Terminal(self.argv, env={**env, **self.env}, size=size, cwd=home)


def minimal() -> Program:
    """Return the minimal app, on the same Textual as ours."""
    python = _installed("minimal", f"textual=={version('textual')}")
    return Program("minimal", [str(python), str(Path(__file__).with_name("minimal.py"))], "type here")


def posting() -> Program | None:
    """Return posting; None where it cannot be installed."""
    try:
        # The Textual that it asks for is ended by a fault in tree-sitter 0.26.
        python = _installed("posting", "posting", "tree-sitter>=0.25,<0.26")
    except subprocess.CalledProcessError as error:
        print(f"posting could not be installed: {error.stderr.strip().splitlines()[-1:]}")
        return None
    requests = FOLDER / "posting" / "requests"
    requests.mkdir(exist_ok=True)
    return Program(
        "posting", [str(python.with_name("posting")), "--collection", str(requests)], "Enter a URL"
    )


def _installed(name: str, *requirements: str) -> Path:
    folder = FOLDER / name
    python = folder / "bin" / "python"
    marker = folder / "installed"
    wanted = "\n".join(requirements)
    if not marker.exists() or marker.read_text() != wanted:
        print(f"Installing {name} ...", flush=True)
        _run(sys.executable, "-m", "venv", "--without-pip", "--clear", str(folder))
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", str(python))
        _run(*pip, "install", *requirements)
        marker.write_text(wanted)
    return python


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
