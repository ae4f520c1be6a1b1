"""An app whose desk answers late: the order in which things end is the test's."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tui.app
from tui import events
from tui.app import ZohoLeadsApp
from tui.desk import Desk
from zoho.outbox.store import Row
from zoho.wire.errors import StorageError


class HeldDesk(Desk):
    """A desk that gives some answers only when it is let.

    ``held`` names the methods whose answers wait; ``waiting`` says how many of each wait now; ``fails`` names
    those that cannot be answered.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.held: dict[str, asyncio.Event] = {}
        self.waiting: dict[str, int] = defaultdict(int)
        self.fails: set[str] = set()

    def hold(self, name: str) -> asyncio.Event:
        """Hold back what a method answers from now on, until the event that this returns is set."""
        self.held[name] = asyncio.Event()
        return self.held[name]

    async def _late(self, name: str) -> None:
        if name in self.fails:
            raise StorageError("The outbox is busy.", next_step="Wait a moment.")
        gate = self.held.pop(name, None)
        if gate is not None:
            self.waiting[name] += 1
            await gate.wait()
            self.waiting[name] -= 1

    async def numbers(self, *args: Any, **more: Any) -> Sequence[int]:
        found = await super().numbers(*args, **more)
        await self._late("numbers")
        return found

    async def numbered(self, numbers: Sequence[int]) -> Mapping[int, Row]:
        found = await super().numbered(numbers)
        await self._late("numbered")
        return found

    async def row(self, key: str) -> Row | None:
        found = await super().row(key)
        await self._late("row")
        return found

    async def unbound(self) -> list[Row]:
        found = await super().unbound()
        await self._late("unbound")
        return found

    async def tell_counts(self) -> None:
        await self._late("tell_counts")
        await super().tell_counts()

    async def save_settings(self, *args: Any) -> None:
        await super().save_settings(*args)
        await self._late("save_settings")

    async def save(self, *args: Any, **more: Any) -> Row:
        await self._late("save")
        return await super().save(*args, **more)

    async def merge(self, *args: Any, **more: Any) -> bool:
        await self._late("merge")
        return await super().merge(*args, **more)


class HeldApp(ZohoLeadsApp):
    """The app with such a desk."""

    CSS_PATH = Path(tui.app.__file__).with_name("app.tcss")
    desk: HeldDesk

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.desk = HeldDesk(self._launch, self._hear)
        self.heard: list[events.Event] = []

    def _hear(self, event: events.Event) -> None:
        self.heard.append(event)
        super()._hear(event)
