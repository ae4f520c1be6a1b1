"""Outboxes on real files, a stand-in that plays Zoho, and couriers whose waits are moments of a clock."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
import uuid
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sandbox_caller import Clock
from sandbox_server import Serving, serve

from zoho.account.config import Config
from zoho.account.paths import Paths
from zoho.api.client import ZohoClient
from zoho.leads.check_up import Finding
from zoho.leads.org import OrgProfile, read_org
from zoho.outbox.courier import Courier
from zoho.outbox.follow_ups import FollowUpRow
from zoho.outbox.kept_calls import keep_call
from zoho.outbox.listeners import Listeners
from zoho.outbox.rest import Rest, Waits
from zoho.outbox.sender_lock import SenderLock
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode, State
from zoho.outbox.store import FRESH, Attempt, Ending, Outcome, Pause, Row, Store
from zoho.sandbox import World, create_app
from zoho.wire.errors import RecordRejected, StorageError, ZohoError
from zoho.wire.http import Deadlines

KEY_FIELD = "Submission_Key"
WAITS = Waits(deadline=45.0, margin=5.0, first_retry=1.0, longest_retry=300.0, poll=0.01)
SETTLED = 51.0
"""Seconds after which an unclear lead may be sent again or looked up for the last time."""

SHORT = Deadlines(connect=2.0, read=0.25, write=2.0, pool=2.0, overall=4.0)


def new_key() -> str:
    return str(uuid.uuid4())


def lead(last_name: str = "Lovelace", **more: Any) -> dict[str, Any]:
    return {"Last_Name": last_name, "Company": "Analytical Engines", **more}


def paths_in(folder: Path) -> Paths:
    return Paths(
        config_dir=folder / "config",
        site_config_dir=folder / "site",
        data_dir=folder / "data",
        cache_dir=folder / "cache",
        log_dir=folder / "log",
    )


def begin(store: Store, row: Row, attempt: Attempt) -> Row | None:
    """Begin one attempt."""
    return next(iter(store.begin([(row, attempt)])), None)


def finish(store: Store, row: Row, outcome: Outcome, *, at: float, calls: Any = ()) -> bool:
    """End one attempt."""
    return store.finish([Ending(row, outcome, calls)], at=at) != [None]


def next_queued(store: Store, org: str, *, lane: int) -> Row | None:
    return next(iter(store.queued(org, lane=lane, limit=1)), None)


def next_unknown(store: Store, org: str) -> Row | None:
    return next(iter(store.unknown(org, limit=1)), None)


@dataclasses.dataclass
class Office:
    """One rep's process: a courier with what it stands on."""

    world: World
    store: Store
    client: ZohoClient
    org: OrgProfile
    lock: SenderLock
    clock: Clock
    courier: Courier
    changes: list[Row]
    follow_ups: list[FollowUpRow]
    pauses: list[Pause | None]
    findings: list[Finding]

    def save(self, last_name: str = "Lovelace", *, lane: int = FRESH, **more: Any) -> str:
        key = new_key()
        self.store.add(key, lead(last_name, **more), org=self.org.key, lane=lane, at=self.clock())
        return key

    def row(self, key: str) -> Row:
        row = self.store.get(key)
        assert row is not None
        return row

    def state(self, key: str) -> State:
        return self.row(key).state

    def records(self, last_name: str = "Lovelace") -> list[dict[str, Any]]:
        return [record for record in self.world.records() if record["Last_Name"] == last_name]

    def posts(self) -> int:
        return sum((one.method, one.path) == ("POST", "/crm/v8/Leads") for one in self.world.requests)

    def breaks(self, kind: str, **params: Any) -> None:
        """Order a fault for the next insert."""
        self.world.faults.order(kind, path="/crm/v8/Leads", method="POST", **params)

    def finds_nothing(self) -> None:
        """Let look-ups find nothing for ever: Zoho's index lags."""
        self.world.faults.order("answer", times=None, path="/crm/v8/coql", status=204, body=None)

    async def until(self, condition: Callable[[], object]) -> None:
        """Let others work until *condition* holds."""
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 - what it looks at lies in other threads and files
                await asyncio.sleep(0.002)

    async def prove_the_key(self) -> None:
        """Send one lead, whose read-back proves that the org keeps our key."""
        key = self.save("First")
        await self.until_idle()
        assert self.state(key) is State.SENT

    async def until_idle(self, *, settle: int = 6) -> None:
        """Work until nothing is left to do, moving the clock to whatever is waited for."""
        for _ in range(settle):
            await self.steps()
            self.clock.forward(SETTLED)

    async def steps(self) -> int:
        """Work until there is nothing to do now; return how many steps it took."""
        for taken in range(100):
            if not await self.courier.step():
                return taken
        raise AssertionError("It finds work for ever.")

    async def drain(self, limit: float, key: str | None = None) -> None:
        """Drain, which ends by itself."""
        async with asyncio.timeout(10):
            await self.courier.drain(limit=limit, key=key)


class Troubled:
    """An outbox, some of whose methods fail as often as they are told to, or wait at a gate."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.failures: dict[str, int] = {}
        self.called: list[str] = []
        self.gates: dict[str, threading.Event] = {}

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.store, name)
        if not callable(method):  # one of its parts
            part = Troubled(method)
            part.failures, part.called, part.gates = self.failures, self.called, self.gates
            return part

        def called(*args: Any, **more: Any) -> Any:
            self.called.append(name)
            if name in self.gates:
                self.gates[name].wait(10)
            if self.failures.get(name, 0) > 0:
                self.failures[name] -= 1
                raise StorageError("The disk is full.", next_step="Free some space.", code="disk_full")
            return method(*args, **more)

        return called


class Held:
    """A client whose inserts wait, before or after they reach Zoho, until they are let go."""

    def __init__(self, client: ZohoClient, *, applied: bool) -> None:
        self._client = client
        self._applied = applied
        self.waiting = asyncio.Event()
        self.let_go = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def create_leads(self, records: Any, **more: Any) -> Any:
        done = await self._client.create_leads(records, **more) if self._applied else None
        self.waiting.set()
        await self.let_go.wait()
        return done or await self._client.create_leads(records, **more)


class Retold:
    """A client that tells of an insert what a function makes of its result."""

    def __init__(self, client: ZohoClient, tell: Callable[[Any], Any]) -> None:
        self._client = client
        self.tell = tell

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def create_leads(self, records: Any, **more: Any) -> Any:
        try:
            told = self.tell((await self._client.create_leads(records, **more))[0])
        except ZohoError as error:
            told = self.tell(error)
        if isinstance(told, ZohoError) and not isinstance(told, RecordRejected):
            raise told
        return [told]


class Street:
    """Opens offices over one data folder."""

    def __init__(self, folder: Path, clock: Clock, stack: AsyncExitStack, servers: ExitStack) -> None:
        self._folder = folder
        self.clock = clock
        self._stack = stack
        self._servers = servers
        self._urls: dict[int, Serving] = {}

    @property
    def lock_path(self) -> Path:
        return paths_in(self._folder).outbox.with_suffix(".lock")

    async def office(
        self,
        world: World,
        *,
        tcp: bool = False,
        store: Store | None = None,
        waits: Waits = WAITS,
        org: OrgProfile | None = None,
        lock: SenderLock | None = None,
        on_change: Callable[[Row], None] | None = None,
        wrap: Callable[[ZohoClient], Any] = lambda client: client,
        api: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> Office:
        paths = paths_in(self._folder)
        if store is None:
            opened = SqliteStore(paths.outbox)
            self._stack.callback(opened.close)
            store = opened
        base = self.url(world) if tcp else "http://127.0.0.1:8000"
        config = Config(
            client_id=world.client_id,
            client_secret=SecretStr(world.client_secret),
            refresh_token=SecretStr(world.refresh_token),
            data_center="us",
            api_domain=api or base,
            accounts_url=base,
            allow_loopback=True,
        )
        if transport is None:
            transport = httpx.AsyncHTTPTransport() if tcp else httpx.ASGITransport(create_app(world))
        client = await self._stack.enter_async_context(
            ZohoClient.from_config(
                config,
                paths=paths,
                transport=transport,
                deadlines=SHORT,
                on_call=keep_call,
                clock=self.clock,
            )
        )
        org = org or await read_org(client, data_center="us", key_field=KEY_FIELD)
        lock = lock or SenderLock(self.lock_path)
        self._stack.callback(lock.release)
        changes: list[Row] = []
        follow_ups: list[FollowUpRow] = []
        pauses: list[Pause | None] = []
        findings: list[Finding] = []
        courier = Courier(
            store=store,
            lock=lock,
            zoho=wrap(client),
            org=org,
            rest=Rest(waits, clock=self.clock, jitter=lambda: 1.0),
            listeners=Listeners(
                on_change=on_change or changes.append,
                on_pause=pauses.append,
                on_finding=findings.append,
                on_follow_up=follow_ups.append,
            ),
            clock=self.clock,
        )
        return Office(
            world, store, client, org, lock, self.clock, courier, changes, follow_ups, pauses, findings
        )

    async def stack(self) -> AsyncExitStack:
        """Return a stack of things to close, at the end of the test at the latest."""
        return await self._stack.enter_async_context(AsyncExitStack())

    def open_door(self, world: World) -> None:
        """End a refusal of connections."""
        self._urls[id(world)].server.accept()

    def url(self, world: World) -> str:
        """Serve *world* over TCP, if it is not served yet; return where."""
        if id(world) not in self._urls:
            self._urls[id(world)] = self._servers.enter_context(serve(world))
        return str(self._urls[id(world)])


def row_of(**more: Any) -> Row:
    """A row that is being sent, keyed, for the first time."""
    return dataclasses.replace(
        Row(
            new_key(),
            State.SENDING,
            lead(),
            "us:1:production:2",
            0.0,
            0.0,
            attempt=1,
            mode=Mode.KEYED,
            sender="me",
            key_field=KEY_FIELD,
        ),
        **more,
    )
