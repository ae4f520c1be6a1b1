"""The whole app on the driver, with a model terminal in the place of the real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app_stage import PATIENCE, Line, Stage
from judged_driver import JudgedDriver, Terminal, signals_kept

import tui.app
from tui.app import ZohoLeadsApp
from tui.desk import Launch
from zoho.commands.place import Place


class StayingApp(ZohoLeadsApp):
    """The app, but that it neither leaves nor stops this process, whatever key chance presses."""

    CSS_PATH = Path(tui.app.__file__).with_name("app.tcss")

    async def action_leave(self) -> None:
        """Do not."""

    def action_suspend_process(self) -> None:
        """Do not."""


class JudgedStage(Stage):
    """A user's folders, and the app on a `JudgedDriver`."""

    @property
    def driver(self) -> JudgedDriver:
        """The driver of the app."""
        assert isinstance(self.app._driver, JudgedDriver)
        return self.app._driver

    @property
    def terminal(self) -> Terminal:
        """What stands in for the terminal."""
        return self.driver.terminal

    async def settled(self) -> None:
        """Wait as in every stage, but not for an app that has failed."""
        if self.app._exception is not None:
            raise self.app._exception
        async with asyncio.timeout(PATIENCE):
            await super().settled()

    @asynccontextmanager
    async def open(  # type: ignore[override]
        self, *, size: tuple[int, int] = (80, 24)
    ) -> AsyncIterator[JudgedStage]:
        """Open the app, and wait until Zoho has told the org."""
        self.line = Line(self.world)
        place = Place()
        launch = Launch(place, place.paths(self.environ), self.environ, transport=lambda: self.line)
        self.app = StayingApp(launch, driver_class=JudgedDriver, patience=0.2)
        with signals_kept():
            async with self.app.run_test(headless=False, size=size, notifications=True) as self.pilot:
                await self.online()
                yield self
