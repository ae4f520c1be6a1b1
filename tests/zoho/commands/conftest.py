from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sandbox_server import Serving, serve
from verbs import Home, credentials

from zoho.sandbox import World


@pytest.fixture
def world() -> World:
    return World(submission_key="Submission_Key")


@pytest.fixture
def url(world: World) -> Iterator[Serving]:
    with serve(world) as served:
        yield served


@pytest.fixture
def home(tmp_path: Path, world: World, url: Serving) -> Home:
    """A home that is signed in to the stand-in."""
    return Home(tmp_path, credentials(world, url))


@pytest.fixture
def stranger(tmp_path: Path) -> Home:
    """A home that is signed in nowhere."""
    return Home(tmp_path)
