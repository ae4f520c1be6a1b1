"""Outboxes on real files, and a stand-in that plays Zoho."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest
import stamina
from outbox_office import KEY_FIELD, Office, Street
from sandbox_caller import Clock

from zoho.outbox.sqlite_store import SqliteStore
from zoho.sandbox import World


@pytest.fixture(autouse=True)
def reads_are_repeated_at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "outbox.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(path)
    yield opened
    opened.close()


@pytest.fixture
def keyed_world(clock: Clock) -> World:
    return World(seed=False, clock=clock, submission_key=KEY_FIELD)


@pytest.fixture
def unkeyed_world(clock: Clock) -> World:
    return World(seed=False, clock=clock)


@pytest.fixture
async def street(tmp_path: Path, clock: Clock) -> AsyncGenerator[Street]:
    with ExitStack() as servers:
        async with AsyncExitStack() as stack:
            yield Street(tmp_path, clock, stack, servers)


@pytest.fixture
async def keyed(street: Street, keyed_world: World) -> Office:
    office = await street.office(keyed_world)
    await office.prove_the_key()
    return office


@pytest.fixture
async def unkeyed(street: Street, unkeyed_world: World) -> Office:
    return await street.office(unkeyed_world)
