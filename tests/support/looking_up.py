"""A look-up over the stand-in, in the same process, with hands on its time and a count of its calls."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from zoho.api.client import CreditsSeen
from zoho.api.models import Record
from zoho.leads.look_up import Entered, Kind, Known, LookUp, Mark, marks_of
from zoho.leads.stock import STOCK_FORM
from zoho.sandbox import World
from zoho.sandbox.coql import QueryError, parse, select
from zoho.sandbox.query import _with_people
from zoho.wire.errors import RequestRejected, ZohoError


class Asked:
    """The client: answers from a world; ``failure`` is raised instead, ``gate`` holds answers back."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.queries: list[str] = []
        self.failure: dict[str, ZohoError] = {}
        self.gate: asyncio.Event | None = None
        self.credits_seen: CreditsSeen | None = None
        self.scope: str | None = None
        self.cancelled = 0
        self._seen: dict[str, tuple[int, list[dict[str, Any]]]] = {}

    async def look(self, query: str) -> list[Record]:
        self.queries.append(query)
        if self.gate is not None:
            try:
                await self.gate.wait()
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        try:
            asked = parse(query, self.world.modules)
        except QueryError as wrong:
            raise RequestRejected(
                "", next_step="", code=wrong.body["code"], details=wrong.body["details"]
            ) from None
        if asked.module.api_name in self.failure:
            raise self.failure[asked.module.api_name]
        rows, _ = select(asked, self._shown(asked.module.api_name))
        return [Record.model_validate(row) for row in rows]

    def _shown(self, module: str) -> list[dict[str, Any]]:
        """Every record as a query sees it, made anew only when there are others."""
        living = self.world.living(module)
        seen, shown = self._seen.get(module, (0, []))
        if seen != len(living):
            shown = [_with_people(self.world, one) for one in living]
            self._seen[module] = len(living), shown
        return shown

    @property
    def modules(self) -> list[str]:
        """The modules that were asked, in order."""
        return [query.split(" from ")[1].split()[0] for query in self.queries]


class Looking:
    """A look-up of the stock form's fields.

    Args:
        world: whom Zoho knows.
        entered: what this rep entered before.
        more: arguments of the look-up.
    """

    def __init__(self, world: World, entered: Sequence[Entered] = (), **more: Any) -> None:
        self.client = Asked(world)
        self.online = True
        self.told: list[Known] = []
        self.now = 1000.0
        self.sleeping: list[asyncio.Event] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._typed: dict[str, str] = {}

        self.searches: list[tuple[Sequence[Mark], asyncio.Event]] | None = None
        """Where this is a list: every search in the outbox, each of which waits for its event."""

        async def of_mine(marks: Sequence[Mark]) -> Sequence[Entered]:
            if self.searches is None:
                return entered
            self.searches.append((marks, gate := asyncio.Event()))
            await gate.wait()
            keys = {mark.key for mark in marks}
            return [one for one in entered if keys & set(map(str.casefold, map(str, one.values.values())))]

        self.look = LookUp(
            client=lambda: self.client if self.online else None,
            on_change=self.told.append,
            start=self._start,
            entered=of_mine,
            clock=lambda: self.now,
            now=lambda: self.now,
            sleep=self._sleep,
            **more,
        )

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _sleep(self, seconds: float) -> None:
        over = asyncio.Event()
        self.sleeping.append(over)
        try:
            await over.wait()
        finally:
            self.sleeping.remove(over)

    def see(self, *, at_once: bool, passed: Sequence[Kind] = (), **typed: str) -> None:
        """Have these values in the form, besides those that are there."""
        self._typed |= typed
        marks = marks_of(STOCK_FORM.fields, self._typed)
        awaited = {Kind.EMAIL, Kind.PHONE} - set(passed)
        self.look.see(marks, awaited=awaited, at_once=at_once)

    async def left(self, *, passed: Sequence[Kind] = (), **typed: str) -> Known:
        """Leave fields with these values; return who is known when everything has been answered."""
        self.see(at_once=True, passed=passed, **typed)
        return await self.rest()

    async def rest(self) -> Known:
        """Wait until nothing is under way but what sleeps."""
        while len(self._tasks) > len(self.sleeping):  # noqa: ASYNC110 - a turn of the loop, no waiting
            await asyncio.sleep(0)
        return self.look.known

    async def pause(self) -> Known:
        """Let the time pass for which a value must stand still."""
        for over in list(self.sleeping):
            over.set()
        while self.sleeping:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        return await self.rest()

    def begin(self) -> None:
        """Have another lead in the form."""
        self._typed = {}
        self.look.begin()
