"""What every fault test has: how much of it is run, its seed, its tools, and the figures at the end.

``FAULTS=all`` runs everything (``make faults``); otherwise each test takes a seeded sample. ``FAULTS_SEED=N``
runs the sample of an earlier run again: its seed is printed at the end, with the figures.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from typing import Any, NoReturn

import pytest
from figures import Figures

ALL = os.environ.get("FAULTS") == "all"
SEED = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10_000))


_FIGURES = pytest.StashKey[Figures]()


@pytest.fixture(scope="session")
def all_faults() -> bool:
    """Whether everything is run, and not a sample."""
    return ALL


@pytest.fixture(scope="session")
def seed() -> int:
    """The seed of everything random in this run."""
    return SEED


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Figures:
    """Take a figure to be shown at the end: ``figures.add("Power loss", "1,120 states: 0 lost")``."""
    return request.config.stash.setdefault(_FIGURES, Figures())


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    figures = config.stash.get(_FIGURES, Figures())
    if not figures.lines:
        return
    amount = "all" if ALL else "a sample"
    terminalreporter.section(f"faults: {amount}, FAULTS_SEED={SEED}")
    width = max(len(what) for what, _ in figures.lines)
    for what, figure in figures.lines:
        terminalreporter.line(f"{what:<{width}}  {figure}")


@pytest.fixture(scope="session")
def strace() -> str:
    """The path of strace, which can trace here."""
    path = shutil.which("strace")
    if path is None and sys.platform != "linux":
        pytest.skip("strace is a program for Linux.")
    if path is None:
        root = "" if os.geteuid() == 0 else "sudo "
        _do_without(f"strace is missing. This installs it: {root}apt-get install strace")
    tried = subprocess.run([path, "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        _do_without(f"strace may not trace here (ptrace is not permitted?): {tried.stderr.strip()}")
    return path


def _do_without(reason: str) -> NoReturn:
    """Skip, but never where the tests are the proof."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
