"""The whole app on a headless screen, with a stand-in Zoho in the same process and a line that can break."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
from quick_time import QuickTime
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tui.app import ZohoLeadsApp
from tui.desk import Launch
from tui.form import Form
from tui.log.list import LeadList
from zoho.commands.place import Place
from zoho.commands.sign_in_run import Means
from zoho.outbox import SqliteStore, Store
from zoho.outbox.rest import Waits
from zoho.outbox.store import Row
from zoho.sandbox import World, create_app

API = "https://www.zohoapis.eu"
PATIENCE = 15.0


class Line(httpx.AsyncBaseTransport):
    """The way to the stand-in, where it leads over a network.

    ``down`` refuses connections; ``cuts`` is the number of leads that still arrive but are never answered;
    ``loses`` the number of those that do not even arrive; while ``through`` is clear, leads hang. ``held``
    has the paths of which every request waits for an event of its own, in the order in which they came.
    """

    def __init__(self, world: World) -> None:
        self._inner = httpx.ASGITransport(create_app(world))
        self.down = False
        self.cuts = 0
        self.loses = 0
        self.through = asyncio.Event()
        self.through.set()
        self.waiting = 0
        self.held: dict[str, list[asyncio.Event]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("refused", request=request)
        if request.url.path in self.held:
            self.held[request.url.path].append(gate := asyncio.Event())
            await gate.wait()
        if (request.method, request.url.path) == ("POST", "/crm/v8/Leads"):
            self.waiting += 1
            try:
                await self.through.wait()
            finally:
                self.waiting -= 1
            if self.loses or self.cuts:
                if self.loses:
                    self.loses -= 1
                else:
                    self.cuts -= 1
                    await self._inner.handle_async_request(request)
                raise httpx.ReadError("cut", request=request)
        return await self._inner.handle_async_request(request)


class Stage:
    """One user's folders, and the app that is opened on them.

    Args:
        folder: an empty folder.
        world: the stand-in; by default an org with a field for our key.
        signed_in: whether the environment has the credentials.
        environ: more variables, or others.
        config: the content of ``zoho_config.json``; None, there is no such file.
        waits: how long the sender waits for what.
        quick: the time in which a sign-in waits; by default the real one.
    """

    app: ZohoLeadsApp
    pilot: Pilot[None]
    line: Line
    message = ""
    """What the app leaves on the terminal."""

    def __init__(
        self,
        folder: Path,
        world: World | None = None,
        *,
        signed_in: bool = True,
        environ: Mapping[str, str] | None = None,
        config: Mapping[str, Any] | str | None = None,
        waits: Waits | None = None,
        quick: QuickTime | None = None,
    ) -> None:
        self.world = world or World(submission_key="Submission_Key", base_url=API)
        self.folder = folder
        self._waits = waits
        self._quick = quick
        self.config_file = folder / "config" / "zoho_config.json"
        self.environ = {
            "ZOHO_DATA_DIR": str(folder / "data"),
            "ZOHO_CONFIG": str(self.config_file),
            "ZOHO_SCRIPT": "none",
            **({"ZOHO_DATA_CENTER": "eu", **self.credentials} if signed_in else {}),
            **(environ or {}),
        }
        if config is not None:
            self.config_file.parent.mkdir(mode=0o700)
            self.config_file.write_text(config if isinstance(config, str) else json.dumps(config))
            self.config_file.chmod(0o600)

    @property
    def credentials(self) -> dict[str, str]:
        """What signs in, as variables."""
        return {
            "ZOHO_CLIENT_ID": self.world.client_id,
            "ZOHO_CLIENT_SECRET": self.world.client_secret,
            "ZOHO_REFRESH_TOKEN": self.world.refresh_token,
        }

    @asynccontextmanager
    async def open(
        self,
        *,
        size: tuple[int, int] = (80, 24),
        remote: bool = False,
        place: Place | None = None,
        banner: str = "",
        kind: type[ZohoLeadsApp] = ZohoLeadsApp,
        **more: Any,
    ) -> AsyncIterator[Stage]:
        """Open the app.

        Args:
            size: of the screen.
            remote: the app is not told of the stand-in, as where a rep starts it; nothing must be sent then.
            place: what the command line says.
            banner: a word that must not be overlooked.
            kind: of the app.
            more: arguments of the app.
        """
        place = place or Place()
        self.line = Line(self.world)
        launch = Launch(
            place,
            place.paths(self.environ),
            self.environ,
            transport=None if remote else lambda: self.line,
            banner=banner,
            waits=self._waits,
            sign_in=None if remote or self._quick is None else self._means(self._quick),
        )
        self.app = kind(launch, **more)
        async with self.app.run_test(size=size, notifications=True) as self.pilot:
            yield self

    def _means(self, quick: QuickTime) -> Means:
        return Means(transport=lambda: self.line, clock=quick.clock, sleep=quick.sleep)

    # What is seen

    @property
    def lines(self) -> list[str]:
        """The rows of the screen."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.lines)

    @property
    def words(self) -> str:
        """The screen as one line with single blanks, so that wrapped sentences can be found."""
        return " ".join(self.text.replace("│", " ").replace("┃", " ").split())

    @property
    def toasts(self) -> list[tuple[str, str, str]]:
        """(title, text, severity) of every toast that is shown."""
        return [(one.title, str(one.message), one.severity) for one in self.app._notifications]

    @property
    def form(self) -> Form:
        """The form of the tab that is shown."""
        return self.app.query_one(f"#{self.app.tab} Form", Form)

    @property
    def list(self) -> LeadList:
        """The list of the Log."""
        return self.app.query_one(LeadList)

    @property
    def store(self) -> Store:
        """The outbox of the app."""
        return self.app.desk.store

    @property
    def rows(self) -> Sequence[Row]:
        """Every lead in the outbox, newest first; none while it is not open."""
        return self.app.desk._store.rows() if self.app.desk._store is not None else []

    @property
    def states(self) -> list[str]:
        """The states of the leads, newest first."""
        return [row.state.value for row in self.rows]

    @property
    def focus_in_form(self) -> bool:
        """Whether a typed letter goes into the form that is shown."""
        focused = self.app.focused
        return focused is not None and self.form in focused.ancestors_with_self

    # What is waited for

    async def until(self, holds: Callable[[], object] | str, why: str = "") -> None:
        """Let the app work until a function returns something true, or the screen has a text.

        Raises:
            AssertionError: it does not within some seconds; with the screen.
        """
        end = time.monotonic() + PATIENCE
        while not (holds in self.words if isinstance(holds, str) else holds()):
            if time.monotonic() > end:
                raise AssertionError(f"Not within {PATIENCE} s: {why or holds}\n{self.text}\n{self.toasts}")
            await asyncio.sleep(0.005)

    async def settled(self) -> None:
        """Wait until every widget has dealt with what waits for it now, as after a key that was pressed."""
        focused = self.app.focused or self.app.screen
        for pump in (self.app, *focused.ancestors_with_self, self.app):
            done = asyncio.Event()
            if pump.call_later(done.set):
                await done.wait()

    async def online(self) -> None:
        """Wait until Zoho has told the org."""
        await self.until(lambda: self.app._online and self.app.desk.org is not None, "online")

    async def toast(self, *parts: str) -> tuple[str, str, str]:
        """Wait for a toast whose title or text has every one of *parts*, and return it."""
        found: list[tuple[str, str, str]] = []

        def seen() -> bool:
            found[:] = [one for one in self.toasts if all(part in f"{one[0]}\n{one[1]}" for part in parts)]
            return bool(found)

        await self.until(seen, f"a toast with {parts}")
        return found[-1]

    # What is done

    async def press(self, *keys: str) -> None:
        """Press keys by their names, one after the other has acted (as `tui.terminal.order` has it)."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            character = {"space": " "}.get(key, key if len(key) == 1 else None)
            self.app.post_message(events.Key(name, character))
            await self.settled()

    async def type(self, text: str) -> None:
        """Type *text* into what has the focus."""
        await self.press(*({"\n": "ctrl+j"}.get(letter, letter) for letter in text))

    async def fill(self, **values: str) -> None:
        """Go to fields of the form and type into each."""
        for name, value in values.items():
            self.form.go_to(name)
            await self.settled()
            await self.type(value)

    async def send(self, **values: str) -> None:
        """Fill in a lead, and send it; return when it is saved."""
        known = len(self.rows)
        await self.fill(**values)
        await self.press("ctrl+s")
        await self.until(lambda: len(self.rows) > known, "the lead is saved")

    async def leave(self) -> None:
        """Press the key that leaves, and wait until the app has gone."""
        self.app.post_message(events.Key("ctrl+q", None))
        await self.until(lambda: self.app._exit, "the app leaves")
        self.message = " ".join(str(one) for one in self.app._exit_renderables)

    @property
    def kept(self) -> list[Row]:
        """The leads in the outbox once the app has ended, newest first."""
        with closing(SqliteStore(self.folder / "data" / "outbox.db")) as store:
            return store.rows()

    async def send_refused(self) -> None:
        """Press the key that sends, where something is wrong with the form."""
        await self.press("ctrl+s")
        assert self.form.errors, self.text
