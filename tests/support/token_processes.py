"""Processes of one user that share a token file (`fork_server`). Run as a program, it forks them."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
from fork_server import ForkServer, fork_server, serve
from outbox_office import paths_in
from pydantic import SecretStr
from rep_process import say
from warm_reps import WarmRep

from zoho.account.config import Config
from zoho.account.token_cache import AccessToken, TokenCache, token_identity
from zoho.api import ZohoClient
from zoho.api.tokens import TOKEN_PATH
from zoho.sandbox import World
from zoho.wire.errors import ZohoError

NOW = 1_790_000_000.0
"""The time of those that change the token file, and call nobody."""

OLD = AccessToken(SecretStr("1000.old"), NOW + 60.5, "https://www.zohoapis.eu", "a b", NOW - 3000)
NEW = AccessToken(SecretStr("1000.new"), NOW + 3600, "https://www.zohoapis.eu", "a b", NOW)
CHANGES: dict[str, Callable[[TokenCache], None]] = {
    "store": lambda cache: cache.store(NEW),
    "record_refresh": lambda cache: cache.record_refresh(NOW),
    "settle_refresh": lambda cache: cache.settle_refresh(NOW - 5, 5),
    "mark_dead": lambda cache: cache.mark_dead(OLD),
    "forget": TokenCache.forget,
}


def _keep_changing(cache: TokenCache) -> None:
    for _ in range(50):
        cache.store(NEW)
        cache.store(OLD)


WORKS = CHANGES | {"keep changing": _keep_changing}


@dataclass(frozen=True)
class Order:
    """What such a process is told.

    Args:
        folder: the data folder (see `outbox_office.paths_in`).
        work: one of `WORKS`, which is done to the token file; or ``call``, to ask the stand-in for the org.
        url: where the stand-in listens.
        client_id, client_secret, refresh_token: its credentials.
    """

    folder: str
    work: str
    url: str = ""
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""

    @property
    def cache(self) -> TokenCache:
        """The tokens of this client, by the clock that the work has."""
        more = {} if self.work == "call" else {"clock": lambda: NOW}
        identity = token_identity(self.client_id, SecretStr(self.refresh_token))
        return TokenCache(paths_in(Path(self.folder)).token_cache, identity=identity, **more)

    @property
    def config(self) -> Config:
        """What it is configured with."""
        return Config(
            client_id=self.client_id,
            client_secret=SecretStr(self.client_secret),
            refresh_token=SecretStr(self.refresh_token),
            data_center="us",
            api_domain=self.url,
            accounts_url=self.url,
            allow_loopback=True,
        )


def call_of(folder: Path, world: World, url: str) -> Order:
    """Return the order to ask *world* for its org."""
    return Order(str(folder), "call", str(url), world.client_id, world.client_secret, world.refresh_token)


class Crowd:
    """Processes that wait at one gate, and go on in the same moment.

    Args:
        pids: the processes.
        said: what all of them print.
        gate: the only descriptor that keeps the gate closed.
    """

    def __init__(self, pids: list[int], said: int, gate: int) -> None:
        self.pids = pids
        self._said = os.fdopen(said)
        self._gate = gate
        for _ in pids:
            word = self._said.readline().split()[0]
            assert word == "ready", word

    def release(self) -> None:
        """Open the gate."""
        os.close(self._gate)

    def asking(self) -> int:
        """Wait until one of them asks for a token, and return which."""
        word, _, pid = self._said.readline().partition(" ")
        assert word == "asking", word
        return int(pid)

    def ended(self) -> dict[int, str]:
        """Wait until all have ended, and return what each said in the end; a killed one said nothing."""
        with self._said:
            words = [line.rstrip("\n").split(maxsplit=2) for line in self._said]
        return {int(pid): rest for word, pid, rest in (one for one in words if one[0] == "ended")}


class TokenProcesses:
    """Starts them.

    Args:
        server: forks them.
    """

    def __init__(self, server: ForkServer) -> None:
        self._server = server

    def start(self, order: Order) -> WarmRep:
        """Start one; it waits at its gate, before the first touch of the token file."""
        (pid,), said, gate = self._start(order, 1)
        return WarmRep(pid, said, gate)

    def crowd(self, order: Order, number: int) -> Crowd:
        """Start *number* that wait at the same gate."""
        return Crowd(*self._start(order, number))

    def _start(self, order: Order, number: int) -> tuple[list[int], int, int]:
        gate, open_gate = os.pipe()
        said, say_end = os.pipe()
        pids = [self._server.fork(asdict(order), stdin=gate, stdout=say_end) for _ in range(number)]
        os.close(gate)
        os.close(say_end)
        return pids, said, open_gate


@contextmanager
def token_processes() -> Iterator[TokenProcesses]:
    """Run the program that forks such processes."""
    with fork_server(__file__) as server:
        yield TokenProcesses(server)


# The processes


class _Told(httpx.AsyncHTTPTransport):
    """Says when a token is asked for, before the first byte leaves."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == TOKEN_PATH:
            say(f"asking {os.getpid()}")
        return await super().handle_async_request(request)


async def _call(order: Order) -> None:
    pool = ThreadPoolExecutor(max_workers=1)
    asyncio.get_running_loop().set_default_executor(pool)
    say(f"ready {await asyncio.to_thread(threading.get_native_id)}")
    os.read(0, 1)
    async with ZohoClient.from_config(
        order.config, paths=paths_in(Path(order.folder)), transport=_Told()
    ) as client:
        try:
            end = (await client.org()).company_name
        except ZohoError as error:
            end = f"{error.code}: {error}"
    say(f"ended {os.getpid()} {end}")


def _change(order: Order) -> None:
    say(f"ready {threading.get_native_id()}")
    os.read(0, 1)
    WORKS[order.work](order.cache)
    say("done")


def _be_one(told: dict[str, str]) -> None:
    order = Order(**told)
    if order.work == "call":
        asyncio.run(_call(order))
    else:
        _change(order)


if __name__ == "__main__":
    serve(_be_one)
