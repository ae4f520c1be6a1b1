"""How long the random sessions are, from which seeds, and the figures at the end.

``EXACTNESS=all`` plays many long ones (``make exactness``); otherwise there are a few short ones.
``EXACTNESS_SEED=N`` plays the sessions of that seed alone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import pytest
from figures import Figures

ALL = os.environ.get("EXACTNESS") == "all"
SEED = os.environ.get("EXACTNESS_SEED")

_FIGURES = pytest.StashKey[Figures]()


@dataclass(frozen=True)
class Session:
    """A random session: of which seed, and how many steps long."""

    seed: int
    steps: int

    def __str__(self) -> str:
        return f"seed {self.seed}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "session" in metafunc.fixturenames:
        seeds = [int(SEED)] if SEED else range(6 if ALL else 3)
        sessions = [Session(seed, 500 if ALL else 60) for seed in seeds]
        metafunc.parametrize("session", sessions, ids=str)


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Figures:
    """Take a figure to be shown at the end."""
    return request.config.stash.setdefault(_FIGURES, Figures())


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    figures = config.stash.get(_FIGURES, Figures())
    if not figures.lines or not (ALL or SEED):
        return
    terminalreporter.section("exactness: make exactness SEED=N plays one seed again")
    for what, figure in figures.lines:
        terminalreporter.line(f"{what:<22}  {figure}")
