"""A pytest plugin: the packages under test are those of the repository that pytest runs in, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

import tui
import zoho


def pytest_sessionstart(session: pytest.Session) -> None:
    for package in (tui, zoho):
        found = Path(str(package.__file__))
        if not found.is_relative_to(session.config.rootpath):
            pytest.exit(f"{package.__name__} is imported from {found.parent}", returncode=7)
