"""The app with a bomb in it, for a test's own process: ``python crash_app.py FOLDER PLACE`` in a terminal.

What explodes carries secrets and a lead in its text and in its local variables, as a real failure may. A bomb
of the ``KEYED`` goes off at Ctrl+G, the others by themselves.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

import tui.app
from tui.app import ZohoLeadsApp
from tui.desk import Launch
from tui.launch import run
from zoho.commands.demo import demo_environ, stand_in
from zoho.commands.place import Place
from zoho.sandbox.credentials import CLIENT_SECRET, REFRESH_TOKEN

LEAD = "Canarylead"
"""Last name of the leads that wait in the outbox."""


class Boom(Exception):
    """The failure."""


def boom(kind: type[BaseException] = Boom) -> Any:
    """Fail, with everything in text and locals that must not be told."""
    secrets = {"client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "lead": LEAD}
    raise kind(f"failed with {secrets}")


class RichBoom(Boom):
    """A failure that Textual would draw by itself."""

    def __rich__(self) -> str:
        return str(self)


def fall() -> None:
    """Recurse without end."""
    fall()


class BadLine(Widget):
    """Cannot draw its line."""

    DEFAULT_CSS = "BadLine { dock: top; height: 1; }"

    def render_line(self, y: int) -> Strip:
        return boom()


class BadRender(Widget):
    """Cannot be rendered."""

    DEFAULT_CSS = "BadRender { dock: top; height: 1; }"

    def render(self) -> str:
        return boom()


class BadScreen(ModalScreen[None]):
    """Cannot be made."""

    def compose(self) -> ComposeResult:
        yield boom()


class BadPump(ModalScreen[None]):
    """Fails in its own message pump."""

    def on_mount(self) -> None:
        self.call_later(boom)


class BadBlur(ModalScreen[None]):
    """Fails when it is left."""

    def on_mount(self) -> None:
        self.dismiss()

    def on_unmount(self) -> None:
        boom()


async def _group() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(_async_boom())


async def _async_boom() -> None:
    boom()


async def _lose_a_task(app: BombApp) -> None:
    app.lost = asyncio.create_task(_async_boom())
    await asyncio.sleep(0)
    app.lost = None


def _break_driver(app: BombApp, name: str) -> None:
    setattr(app._driver, name, lambda *_: boom())
    app.refresh()


def _hold(app: BombApp) -> None:
    app.desk.close = _async_boom_at_close  # type: ignore[method-assign]


async def _async_boom_at_close(*, patience: float) -> int:
    return boom()


class _Falls:
    def __del__(self) -> None:
        boom()


KEYED: dict[str, Callable[[BombApp], object]] = {
    "handler": lambda app: boom(),
    "call later": lambda app: app.call_later(boom),
    "after a refresh": lambda app: app.call_after_refresh(boom),
    "timer": lambda app: app.set_timer(0.01, boom),
    "interval": lambda app: app.set_interval(0.01, boom),
    "worker": lambda app: app.run_worker(_async_boom(), description="bomb"),
    "thread worker": lambda app: app.run_worker(boom, thread=True, description="bomb"),
    "group in a worker": lambda app: app.run_worker(_group(), description="bomb"),
    "screen": lambda app: app.push_screen(BadScreen()),
    "pump of a modal": lambda app: app.push_screen(BadPump()),
    "end of a modal": lambda app: app.push_screen(BadBlur()),
    "line": lambda app: app.mount(BadLine()),
    "render": lambda app: app.mount(BadRender()),
    "driver's flush": lambda app: _break_driver(app, "flush"),
    "driver's write": lambda app: _break_driver(app, "write"),
    "thread": lambda app: threading.Thread(target=boom).start(),
    "recursion": lambda app: fall(),
    "memory": lambda app: boom(MemoryError),
    "rich failure": lambda app: boom(RichBoom),
    "system exit in a thread worker": lambda app: app.run_worker(
        lambda: boom(OSError), thread=True, description="bomb"
    ),
    "two at once": lambda app: (app.call_later(boom), app.call_later(boom, OSError)),
}
"""Bombs that end the app."""

SURVIVED: dict[str, Callable[[BombApp], object]] = {
    "worker that may fail": lambda app: app.run_worker(
        _async_boom(), description="bomb", exit_on_error=False
    ),
    "callback of the loop": lambda app: asyncio.get_running_loop().call_soon(boom),
    "task that nobody awaits": lambda app: app.run_worker(
        _lose_a_task(app), description="bomb", exit_on_error=False
    ),
    "end of an object": lambda app: _Falls() and None,
}
"""Bombs that must not end it."""

AT_START = ("make", "compose", "mount", "first message")
AT_END = ("close", "unmount", "draft at the end")


class BombApp(ZohoLeadsApp):
    """The app, and one bomb."""

    CSS_PATH = Path(tui.app.__file__).with_name("app.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+g", "bomb", priority=True, show=False)]
    place: ClassVar[str] = ""
    lost: asyncio.Task[None] | None = None

    def compose(self) -> Iterable[Widget]:
        if self.place == "compose":
            boom()
        return super().compose()

    async def on_mount(self) -> None:
        if self.place == "mount":
            boom()

    def on_zoho_leads_app_told(self, message: Any) -> None:
        if self.place == "first message":
            boom()
        super().on_zoho_leads_app_told(message)

    def on_unmount(self) -> None:
        if self.place == "unmount":
            boom()

    def _keep_draft(self) -> None:
        if self.place == "draft at the end":
            boom()
        super()._keep_draft()

    def action_bomb(self) -> None:
        if self.place == "close":
            _hold(self)
        elif self.place == "interrupt":
            boom(KeyboardInterrupt)
        elif self.place in KEYED | SURVIVED:
            (KEYED | SURVIVED)[self.place](self)


def make(launch: Launch, **more: Any) -> ZohoLeadsApp:
    """Make the app."""
    if BombApp.place == "make":
        boom(ImportError)
    if BombApp.place == "heavy import":
        sys.modules["zoho.outbox.courier"] = None  # type: ignore[assignment]
    return BombApp(launch, **more)


if __name__ == "__main__":
    folder, BombApp.place = Path(sys.argv[1]), sys.argv[2]
    environ, place = demo_environ(folder), Place()
    run(Launch(place, place.paths(environ), environ, transport=stand_in, banner="DEMO"), make)
