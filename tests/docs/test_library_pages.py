"""The programs in the pages about the library run as they are printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from sandbox_server import serve
from verbs import Home, credentials

from zoho.sandbox import World
from zoho.sandbox.faults import KINDS

PAGE = Path(__file__).parents[2] / "zoho" / "README.md"
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


def printed(program: str, folder: Path, *, environ: dict[str, str]) -> str:
    """Return what *program* prints; it must end well, and say nothing on standard error."""
    home = Home(folder, environ)
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, env=home.env, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def world() -> World:
    return World(submission_key="Submission_Key")


def test_client(tmp_path: Path, world: World):
    before = {record["id"] for record in world.records()}
    with serve(world) as url:
        text = printed(PROGRAMS[0], tmp_path, environ=credentials(world, url))
    (new,) = [record for record in world.records() if record["id"] not in before]
    assert text.startswith(new["id"])
    assert new["Lead_Source"] == "Qualification Inbound"


def test_outbox(tmp_path: Path, world: World):
    with serve(world) as url:
        text = printed(PROGRAMS[1], tmp_path, environ=credentials(world, url))
    (new,) = [record for record in world.records() if record["Last_Name"] == "Roe"]
    assert text == f"sent {new['id']} []\n"


def test_sandbox(tmp_path: Path):
    assert printed(PROGRAMS[2], tmp_path, environ={}).endswith("1 created\n")


def test_every_kind_of_fault_is_named():
    named = PAGE.read_text(encoding="utf-8").split("The kinds:")[1].split(". ")[0]
    assert re.findall(r"`([^`]+)`", named) == list(KINDS)
