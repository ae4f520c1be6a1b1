"""One fault on a stage: the real client and courier, real TCP, a stand-in that plays the fault once."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
from outbox_office import Office, Street

from zoho.outbox.states import State
from zoho.outbox.store import Row
from zoho.sandbox import World

EMAIL = "ada@example.com"
CREATE = "ZohoCRM.modules.Leads.CREATE"

ON = 0.0
RESTS = 1.0
"""Seconds of the first, growing pause: the couriers of `Street` wait one second, without jitter."""
STOPS = float("inf")


@dataclass
class Stage:
    """An office whose next insert meets a fault."""

    street: Street
    world: World
    office: Office
    closing: contextlib.AsyncExitStack
    seen_before: int
    key: str = ""

    @classmethod
    async def open(cls, street: Street, world: World, *, keyed: bool) -> Stage:
        """Open the office; in a keyed org its first lead proves the key."""
        office = await street.office(world, tcp=True)
        if keyed:
            await office.prove_the_key()
        stage = cls(street, world, office, await street.stack(), 0)
        stage.seen_before = stage.posts
        return stage

    def save(self, **more: Any) -> None:
        """Save the lead that meets the fault."""
        self.key = self.office.save(Email=EMAIL, **more)

    @property
    def row(self) -> Row:
        """Its row."""
        return self.office.row(self.key)

    @property
    def posts(self) -> int:
        """How many inserts reached the stand-in for it, or what a redirect would make of one."""
        return sum(one.path == "/crm/v8/Leads" for one in self.world.requests) - self.seen_before

    @property
    def ids(self) -> list[str]:
        """Zoho's ids of its records."""
        return [record["id"] for record in self.office.records()]

    @property
    def rest(self) -> float:
        """Seconds that the sender rests from now on."""
        pause = self.office.pauses[-1] if self.office.pauses else None
        if pause is None:
            return ON
        return STOPS if pause.until is None else pause.until - self.world.clock()

    async def move(self, **more: Any) -> None:
        """Let another process of the rep go on, which reaches Zoho in another way."""
        self.office.lock.release()
        self.office = await self.street.office(self.world, tcp=True, org=self.office.org, **more)

    async def heal(self) -> None:
        """End whatever keeps leads from Zoho, and let the rep ask to try again."""
        self.world.faults.clear()
        self.world.options.missing_scopes.clear()
        self.world.options.denied_permissions.clear()
        self.world.options.api_access = True
        await self.closing.aclose()
        await self.move()
        self.office.courier.retry()


Play = Callable[[Stage], Awaitable[None]]
"""What gets a stage ready for the fault."""


def plays(kind: str, **params: Any) -> Play:
    """Let the stand-in play a fault of its own."""

    async def play(stage: Stage) -> None:
        stage.office.breaks(kind, **params)

    return play


def answers(status: int, body: Any = None, **params: Any) -> Play:
    """Let the stand-in answer that."""
    return plays("answer", status=status, body=body, **params)


async def refuses(stage: Stage) -> None:
    """Nobody listens."""
    stage.world.faults.order("refuse", seconds=3600)
    stage.closing.callback(stage.street.open_door, stage.world)


async def is_no_tls(stage: Stage) -> None:
    """What listens there speaks no TLS."""
    await stage.move(api=stage.street.url(stage.world).replace("http:", "https:"))


async def never_connects(stage: Stage) -> None:
    """The queue of a listening socket is full: nothing answers the first packet."""
    full = stage.closing.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
    for _ in range(3):
        waiting = stage.closing.enter_context(socket.socket())
        waiting.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            waiting.connect(full.getsockname())
    await stage.move(api=f"http://127.0.0.1:{full.getsockname()[1]}")


async def proxy_refuses(stage: Stage) -> None:
    """A proxy lets nobody through."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await stage.closing.enter_async_context(await asyncio.start_server(refuse, "127.0.0.1", 0))
    port = server.sockets[0].getsockname()[1]
    transport = httpx.AsyncHTTPTransport(proxy=f"http://127.0.0.1:{port}")
    await stage.move(
        api=stage.street.url(stage.world).replace("http:", "https:"),
        transport=transport,
    )


async def lacks_the_scope(stage: Stage) -> None:
    """The token was not given the scope."""
    stage.world.options.missing_scopes.add(CREATE)


async def lacks_the_permission(stage: Stage) -> None:
    """The profile may not create leads."""
    stage.world.options.denied_permissions.add("Crm_Implied_Create_Leads")


async def lacks_api_access(stage: Stage) -> None:
    """The profile has no API access."""
    stage.world.options.api_access = False


async def ours_is_there(stage: Stage) -> None:
    """The record with our key stands there already."""
    stage.world.keep("Leads", {**stage.row.values, stage.office.org.form.key_field: stage.key})


async def a_colleague_has_it(stage: Stage) -> None:
    """A colleague's lead has the same e-mail address, which is unique in this org."""
    stage.world.add_unique_field("Email")
    stage.world.keep("Leads", {"Last_Name": "Roe", "Company": "Acme", "Email": EMAIL})


def redirects_to_itself(status: int) -> Play:
    """A redirect that would bring a second insert, or a read, if it were followed."""

    async def play(stage: Stage) -> None:
        stage.office.breaks(
            "redirect", status=status, location=f"{stage.street.url(stage.world)}/crm/v8/Leads"
        )

    return play


Attempt = Callable[[Stage], Awaitable[None]]


async def one_attempt(stage: Stage) -> None:
    """Send, once."""
    assert await stage.office.courier.step()


async def cut_off(stage: Stage) -> None:
    """Send, and be cancelled while Zoho's answer is waited for."""
    handled = stage.world.faults.pending[0].kind == "hang-after"
    step = asyncio.create_task(stage.office.courier.step())
    await stage.office.until(lambda: stage.posts and stage.world.requests[-1].handled == handled)
    step.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await step
    [fault] = stage.row.faults
    assert fault.code == "cancelled"


async def rep_decides(stage: Stage, state: State) -> None:
    """Give the rep's word on what is left open, and send what it lets be sent."""
    store, now = stage.office.store, stage.world.clock()
    if state is State.ASK:
        assert store.decide(stage.key, State.QUEUED, at=now)
    else:
        assert store.edit(stage.key, {**stage.row.values, "Email": "lovelace@example.com"}, at=now)
    await stage.office.until_idle()
