"""One access token for all processes of a user: many that need one at once make one refresh.

Zoho gives ten in ten minutes, then none, and lets only the newest ten live. Real processes, released at the
same moment, against the stand-in over TCP.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sandbox_server import Serving, serve
from token_processes import Order, TokenProcesses, call_of, token_processes

from zoho.account.token_cache import AccessToken
from zoho.api.token_answers import REFRESHES_PER_WINDOW
from zoho.api.tokens import TOKEN_PATH
from zoho.sandbox import World

PROCESSES = 30
PATIENCE = 20.0


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def url(world: World) -> Iterator[Serving]:
    with serve(world) as served:
        yield served


@pytest.fixture(scope="module")
def processes() -> Iterator[TokenProcesses]:
    with token_processes() as started:
        yield started


@pytest.fixture
def order(tmp_path: Path, world: World, url: Serving) -> Order:
    return call_of(tmp_path, world, url)


def nothing(order: Order, world: World) -> None:
    pass


def expired(order: Order, world: World) -> None:
    order.cache.store(AccessToken(SecretStr(world.issue_access_token()), time.time() - 1))
    world.tokens.expire()


def refused(order: Order, world: World) -> None:
    """Good by our clock, and Zoho has ended it: each process finds that out by a 401."""
    order.cache.store(AccessToken(SecretStr(world.issue_access_token()), time.time() + 3000))
    world.tokens.expire()


def all_have_one_token(order: Order, world: World, ended: dict[int, str], pids: list[int]) -> None:
    """Each of *pids*, and nobody else, ended with an answer, and all by the token that is kept now."""
    assert ended == dict.fromkeys(pids, world.org["company_name"])
    answered = [one for one in world.requests if one.path == "/crm/v8/org" and one.status == 200]
    assert len(answered) == len(pids)
    kept = order.cache.load()
    assert kept is not None
    assert {one.token for one in answered} == {kept.secret.get_secret_value()[-6:]}


@pytest.mark.parametrize("before", [nothing, expired, refused])
def test_thirty_processes_make_one_refresh(
    processes: TokenProcesses, order: Order, world: World, before: Callable[[Order, World], None]
) -> None:
    before(order, world)
    crowd = processes.crowd(order, PROCESSES)
    crowd.release()
    all_have_one_token(order, world, crowd.ended(), crowd.pids)
    assert world.token_requests == 1
    assert order.cache.refreshes_since(600) == 1


@pytest.mark.parametrize("fault", ["hang-before", "hang-after"])
def test_two_if_the_one_that_asks_is_killed_meanwhile(
    processes: TokenProcesses, order: Order, world: World, fault: str
) -> None:
    expired(order, world)
    world.faults.order(fault, path=TOKEN_PATH)
    crowd = processes.crowd(order, PROCESSES)
    crowd.release()
    holder = crowd.asking()
    reached(world, 1)
    os.kill(holder, signal.SIGKILL)
    all_have_one_token(order, world, crowd.ended(), [pid for pid in crowd.pids if pid != holder])
    assert world.token_requests == 2
    assert order.cache.refreshes_since(600) == 2, "the one that was killed has asked"


def reached(world: World, requests: int) -> None:
    """Wait until that many token requests have come to the stand-in."""
    end = time.monotonic() + PATIENCE
    while world.token_requests < requests:
        assert time.monotonic() < end, "no token was asked for"
        time.sleep(0.001)


def test_the_budget_is_one_for_all_processes(processes: TokenProcesses, order: Order, world: World) -> None:
    """Tokens die at once here, so that whoever comes asks for another: the sixth is not asked for."""
    said: list[str] = []
    for _ in range(REFRESHES_PER_WINDOW + 3):
        expired(order, world)
        crowd = processes.crowd(order, 1)
        crowd.release()
        said += crowd.ended().values()
    assert world.token_requests == REFRESHES_PER_WINDOW
    assert said[:REFRESHES_PER_WINDOW] == [world.org["company_name"]] * REFRESHES_PER_WINDOW
    for words in said[REFRESHES_PER_WINDOW:]:
        assert words.startswith("counted: No more access tokens are asked for just now")
        assert "it goes on in 10 minutes, at " in words


def test_thirty_processes_share_a_throttle(processes: TokenProcesses, order: Order, world: World) -> None:
    world.faults.order("throttle", times=None)
    crowd = processes.crowd(order, PROCESSES)
    crowd.release()
    ended = crowd.ended()
    assert sorted(ended) == sorted(crowd.pids)
    assert world.token_requests == 1, "Zoho's penalty is not made longer"
    assert sum("it goes on in 10 minutes" in words for words in ended.values()) == PROCESSES - 1
