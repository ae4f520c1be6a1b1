from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sandbox_caller import Caller, Clock

from zoho.sandbox import World


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock=clock, submission_key="Submission_Key")


@pytest.fixture
async def caller(world: World) -> AsyncIterator[Caller]:
    async with Caller(world) as one:
        yield one
