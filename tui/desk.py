"""Everything behind the screens: configuration, outbox, client and courier, for one run of the app.

It knows no widget. What happens is told as `tui.events`, from any thread. Nothing heavy is imported before
`run`, which the app starts after its first frame.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tui import events
from zoho.account.snapshot import load_snapshot
from zoho.leads.fields import LeadForm
from zoho.leads.stock import STOCK_FORM
from zoho.wire.errors import StorageError, ZohoError

if TYPE_CHECKING:
    import httpx
    from pydantic import SecretStr

    from zoho.account import Config, Paths
    from zoho.api import ZohoClient
    from zoho.commands.place import Place
    from zoho.leads.check_up import Finding
    from zoho.leads.org import OrgProfile
    from zoho.outbox import Courier, SenderLock, State, Store
    from zoho.outbox.store import LoggedCall, Row

_log = logging.getLogger("zoho.app")

_HEAVY = (
    "zoho.outbox.sqlite_store",
    "zoho.account.config",
    "zoho.leads.values",
    "email_validator",
    "zoho.api.client",
    "zoho.outbox.courier",
)
_TICK = 1.0
_FIRST_RETRY = 2.0
_LONGEST_RETRY = 60.0


@dataclass(frozen=True, slots=True)
class Launch:
    """What the app is started with.

    Args:
        place: what the command line says.
        paths: this user's folders.
        environ: the environment, or the demo's own.
        transport: makes the transport of the client; None, the network.
        banner: a word that must not be overlooked, such as DEMO.
    """

    place: Place
    paths: Paths
    environ: Mapping[str, str] = field(repr=False)
    transport: Callable[[], httpx.AsyncBaseTransport] | None = None
    banner: str = ""

    @property
    def stray_output(self) -> Path:
        """The file for what libraries print while the app owns the terminal."""
        log = self.place.log_file or self.paths.log_file
        return log.with_suffix(".stray.log")


class Desk:
    """The work of one session.

    Args:
        launch: what the app is started with.
        tell: is told every `tui.events.Event`, from any thread.
    """

    def __init__(self, launch: Launch, tell: Callable[[events.Event], None]) -> None:
        self.launch = launch
        self._tell = tell
        self._snapshot = load_snapshot(launch.paths.snapshot)
        self.config: Config | None = None
        self.org: OrgProfile | None = None
        self.problem: ZohoError | None = None
        self._store: Store | None = None
        self._lock: SenderLock | None = None
        self._courier: Courier | None = None
        self._client: ZohoClient | None = None
        self._opened = asyncio.Event()
        self._again = asyncio.Event()
        self._connected = asyncio.Event()
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self._closing = False

    # What the first frame is drawn from

    @property
    def was_signed_in(self) -> bool:
        """Whether the last run knew an org."""
        return bool(self._snapshot.get("org"))

    @property
    def form(self) -> LeadForm:
        """The form of a lead: the org's as far as it is known, else Zoho's stock form."""
        if self.org is not None:
            return self.org.form
        seen = self._snapshot.get("org")
        return (LeadForm.from_json(seen.get("form")) if isinstance(seen, dict) else None) or STOCK_FORM

    @property
    def source(self) -> str:
        """What ``Lead_Source`` of new leads is set to."""
        return self.config.source if self.config else "Qualification Inbound"

    # The life of a session

    async def run(self) -> None:
        """Open everything, then send until closed; told failures end nothing."""
        await self.open()
        if self._store is None:
            return
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch())
            group.create_task(self._serve())

    async def open(self) -> None:
        """Load what is heavy, in a thread; read the configuration; open log and outbox."""
        try:
            await asyncio.to_thread(self._open)
        except ZohoError as error:
            self._fail(error)
        self._opened.set()
        self._tell(events.Opened())

    def _open(self) -> None:
        for name in _HEAVY:
            import_module(name)
        from zoho.outbox import SenderLock, SqliteStore
        from zoho.wire.log_file import log_to

        paths = self.launch.paths
        # First the outbox: it makes the folder that is for the user alone, and the log may lie below it.
        self._store = SqliteStore(paths.outbox)
        with contextlib.suppress(StorageError):  # a log that cannot be written stops nobody
            log_to(self.launch.place.log_file or paths.log_file)
        self._lock = SenderLock(paths.outbox.with_suffix(".lock"))
        self._load_config()

    def _load_config(self) -> None:
        from zoho.leads.org_cache import load_org

        self.config = self.launch.place.config(self.launch.environ)
        self.problem = None
        self.org = load_org(self.launch.paths.snapshot, self.config)

    async def _watch(self) -> None:
        """Tell the numbers, and look once a second for what other processes changed in the outbox."""
        seen = None
        while not self._closing:
            version = await asyncio.to_thread(self.store.version)
            if version != seen:
                seen = version
                await self.tell_counts()
            await asyncio.sleep(_TICK)

    async def tell_counts(self) -> None:
        """Tell how many leads are in which state."""
        now = time.localtime()
        midnight = time.mktime((*now[:3], 0, 0, 0, 0, 0, -1))
        try:
            self._tell(events.OutboxChanged(await asyncio.to_thread(self.store.counts, since=midnight)))
        except ZohoError as error:
            self._fail(error)

    async def _serve(self) -> None:
        """Be signed in and send, as often as the configuration changes."""
        while not self._closing:
            self._again.clear()
            config = self.config
            if config is None:
                await self._again.wait()
            elif config.missing:
                self._tell(events.SignedOut(tuple(config.missing)))
                await self._again.wait()
            else:
                try:
                    await self._serve_as(config)
                except ZohoError as error:
                    self._fail(error)
                    await self._again.wait()

    async def _serve_as(self, config: Config) -> None:
        from zoho.api import ZohoClient
        from zoho.outbox import Courier, keep_call

        make = self.launch.transport
        client = ZohoClient.from_config(
            config, paths=self.launch.paths, transport=make() if make else None, on_call=keep_call
        )
        async with client:
            self._client = client
            self._connected.set()
            if self.org is not None:
                self._tell(events.OrgSeen(self.org, live=False))
            cached = self.org is not None
            org = self.org or await self._first_org()
            if org is None or self._lock is None:
                return
            self._courier = Courier(
                store=self.store,
                lock=self._lock,
                zoho=client,
                org=org,
                on_change=lambda row: self._tell(events.RowChanged(row)),
                on_pause=lambda pause: self._tell(events.SenderRests(pause)),
            )
            refreshing = asyncio.create_task(self._refresh_org()) if cached else None
            self._at_rest.clear()
            try:
                await self._courier.run()
            finally:
                if refreshing is not None:
                    refreshing.cancel()
                self._lock.release()
                self._client = self._courier = None
                self._connected.clear()
                self._at_rest.set()

    async def _first_org(self) -> OrgProfile | None:
        """Ask for the org until it is known; None if the session or the configuration ends before."""
        wait = _FIRST_RETRY
        while not (self._closing or self._again.is_set()):
            try:
                return await self.read_org()
            except ZohoError as error:
                self._fail(error)
                # What only somebody can mend is not asked again and again: each asking may cost a token.
                patience = wait if error.resend != "no" else None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._again.wait(), patience)
            wait = min(_LONGEST_RETRY, wait * 2)
        return None

    async def _refresh_org(self) -> None:
        """Look whether the org has changed since the last run; what is cached serves until then."""
        known = self.org
        if known is None:
            return
        try:
            org = await self.read_org()
        except ZohoError as error:
            _log.warning("The org could not be looked at: %s", error)
            return
        if org != known:
            self.reload()

    async def read_org(self) -> OrgProfile:
        """Ask Zoho for the org, keep it for the next start, and tell it.

        Raises:
            ZohoError: it cannot be read.
        """
        from zoho.commands.session import org_of, remember_org

        client, config = self.client, self._configuration()
        org = await org_of(client, config)
        self.org = org
        await asyncio.to_thread(remember_org, self.launch.paths, config, org)
        self._tell(events.OrgSeen(org, live=True))
        return org

    def reload(self) -> None:
        """Begin anew with the configuration as it is now; what is being sent comes to its end first."""
        self._connected.clear()
        self._again.set()
        if self._courier is not None:
            self._courier.stop()

    async def close(self, *, patience: float) -> int:
        """Stop, waiting at most *patience* seconds for what is under way; return how many leads wait."""
        from zoho.outbox.states import UNSENT

        self._closing = True
        self.reload()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._at_rest.wait(), patience)
        if self._store is None:
            return 0
        return (await asyncio.to_thread(self._store.counts, since=0)).of(UNSENT)

    def suspend(self) -> None:
        """Give the sender's lock back, at once: another session may send while this one is stopped."""
        if self._lock is not None:
            self._lock.release()

    # Leads

    async def save(self, key: str, typed: Mapping[str, str], form: LeadForm) -> Row:
        """Save a new lead; when this returns, it is on the disk.

        Raises:
            RecordRejected: a value is wrong; the faults name the fields.
            ZohoError: it cannot be saved.
        """
        from zoho.leads.lead import read_lead, with_source
        from zoho.outbox.store import FRESH

        await self._opened.wait()
        values = with_source(read_lead(form, typed), self.source)
        org = self.org.key if self.org else None
        row = await asyncio.to_thread(self.store.add, key, values, org=org, lane=FRESH, at=time.time())
        self._tell(events.RowChanged(row))
        self._wake()
        return row

    async def save_again(self, row: Row, typed: Mapping[str, str], form: LeadForm) -> Row:
        """Give a lead that was refused other values and queue it again; raises as `save` does."""
        from zoho.leads.lead import read_lead

        shown = {field.api_name for field in form.fields}
        kept = {name: value for name, value in row.values.items() if name not in shown}
        values = {**kept, **read_lead(form, typed)}
        if not await asyncio.to_thread(self.store.edit, row.key, values, at=time.time()):
            raise ZohoError(
                "This lead can no longer be changed: it is being sent, or was.",
                next_step="Look at it in the Log.",
                code="not_editable",
            )
        return await self._changed(row.key)

    async def decide(self, row: Row, state: State) -> bool:
        """Carry out the rep's word on a lead; False if it may not become that."""
        done = await asyncio.to_thread(self.store.decide, row.key, state, at=time.time())
        if done:
            await self._changed(row.key)
        return done

    async def bind(self) -> int:
        """Let the leads that were saved before any sign-in go to the org that is signed in to now."""
        if self.org is None:
            return 0
        number = await asyncio.to_thread(self.store.bind, self.org.key)
        await self.tell_counts()
        self._wake()
        return number

    def retry(self) -> None:
        """Try again now, whatever the sender rests for."""
        if self._courier is not None:
            self._courier.retry()
        else:
            self._again.set()

    async def rows(self) -> list[Row]:
        """Return every lead, newest first."""
        return await asyncio.to_thread(self.store.rows)

    async def row(self, key: str) -> Row | None:
        """Return one lead."""
        return await asyncio.to_thread(self.store.get, key)

    async def calls(self, key: str) -> list[LoggedCall]:
        """Return the HTTP exchanges of a lead, oldest first."""
        return await asyncio.to_thread(self.store.calls, key)

    async def _changed(self, key: str) -> Row:
        row = await self.row(key)
        assert row is not None
        self._tell(events.RowChanged(row))
        self._wake()
        return row

    def _wake(self) -> None:
        if self._courier is not None:
            self._courier.wake()

    # Settings

    async def save_settings(self, changes: Mapping[str, str | bool | SecretStr | None]) -> None:
        """Write *changes* to ``zoho_config.json`` and begin anew with them.

        Raises:
            ConfigError: the file is broken, or a value cannot be used; nothing is written.
            StorageError: it cannot be written.
        """
        from zoho.account import save_config

        await self._opened.wait()
        place, paths = self.launch.place, self.launch.paths
        file = (self.config.config_file if self.config else None) or place.config_file or paths.config_file
        await asyncio.to_thread(save_config, file, changes)
        await asyncio.to_thread(self._load_config)
        self.reload()

    async def test_connection(self) -> list[Finding]:
        """Say whether a lead could be created now, and what is missing."""
        from zoho.leads.check_up import Finding, check_up

        try:
            client = await self._connected_client()
            try:
                read: OrgProfile | ZohoError = await self.read_org()
            except ZohoError as error:
                read = error
            self.retry()
            return await check_up(client, read=read, source=self.source)
        except ZohoError as error:
            return [Finding(False, error.what, error.next_step)]

    async def _connected_client(self) -> ZohoClient:
        """Return the client once the settings that were just saved are in use."""
        from zoho.commands.session import not_signed_in

        config = self._configuration()
        if config.missing:
            raise not_signed_in(config)
        await self._connected.wait()
        return self.client

    # Small helpers

    @property
    def store(self) -> Store:
        """The outbox; raises `ZohoError` where it could not be opened."""
        if self._store is None:
            raise self.problem or StorageError("The outbox is not open yet.", next_step="Wait a moment.")
        return self._store

    @property
    def client(self) -> ZohoClient:
        """The client; raises `ZohoError` where there is none."""
        if self._client is None:
            raise ZohoError("Not connected to Zoho yet.", next_step="Wait a moment.", code="no_client")
        return self._client

    def _configuration(self) -> Config:
        if self.config is None:
            raise self.problem or ZohoError("The configuration is not read yet.", next_step="Wait a moment.")
        return self.config

    def _fail(self, error: ZohoError) -> None:
        _log.warning("%s (%s)", error, error.code)
        self.problem = error
        self._tell(events.Failed(error))
