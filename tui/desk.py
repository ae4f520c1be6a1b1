"""Everything behind the screens: configuration, outbox and the link to Zoho, for one run of the app.

It knows no widget. What happens is told as `tui.events`, from any thread. Nothing heavy is imported before
`run`, which the app starts after its first frame.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui import events
from tui.actions import key_of
from tui.drafts import Drafts
from zoho.account.snapshot import load_snapshot, save_snapshot
from zoho.leads.fields import LeadForm
from zoho.leads.stock import STOCK_FORM
from zoho.wire.errors import ConfigError, StorageError, ZohoError
from zoho.wire.shapes import as_list, as_object

if TYPE_CHECKING:
    from datetime import datetime

    import httpx
    from pydantic import SecretStr

    from tui.link import Link
    from zoho.account import Config, Paths
    from zoho.account.helper_commands import Terminal
    from zoho.api import ZohoClient
    from zoho.commands.place import Place
    from zoho.commands.sign_in_run import Done, Means, Step, Way
    from zoho.leads.check_up import Finding
    from zoho.leads.follow_up import FollowUp
    from zoho.leads.org import OrgProfile
    from zoho.leads.references import References
    from zoho.leads.script import Script
    from zoho.outbox import State, Store
    from zoho.outbox.rest import Waits
    from zoho.outbox.retention import Retention
    from zoho.outbox.session_slot import SessionSlot
    from zoho.outbox.store import LoggedCall, Row, Sought
    from zoho.outbox.undo import Undo

_log = logging.getLogger("zoho.app")

_HEAVY = (
    "zoho.outbox.sqlite_store",
    "zoho.account.config",
    "zoho.leads.values.hints",
    "zoho.leads.values.understanding",
    "email_validator",
    "phonenumbers",
    "zoho.api.client",
    "zoho.outbox.courier",
    "tui.link",
    "rapidfuzz.fuzz",
    "tui.qualify.who",
)
_GIVEN = ("ZOHO_REFRESH_TOKEN", "ZOHO_ACCESS_TOKEN", "CREDENTIALS_DIRECTORY")
_FIELDS = "fields"
"""The key of the start snapshot for how the fields shall stand."""
_KEYMAP = "keymap"
"""Its key for the keys that the rep wants."""
_SCRIPT = "script"
"""Its key for the questions that are drawn in the form."""
_TICK = 1.0
"""Seconds between two looks for what another process changed in the outbox (one PRAGMA each)."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What the app is started with.

    Args:
        place: what the command line says.
        paths: this user's folders.
        environ: the environment, or the demo's own.
        transport: makes the transport of the client; None, the network.
        banner: a word that must not be overlooked, such as DEMO.
        waits: how long the sender waits for what; None, as is right for the real Zoho.
        sign_in: what a sign-in is done with; None, what the client has.
    """

    place: Place
    paths: Paths
    environ: Mapping[str, str] = field(repr=False)
    transport: Callable[[], httpx.AsyncBaseTransport] | None = None
    banner: str = ""
    waits: Waits | None = None
    sign_in: Means | None = None

    @property
    def stray_output(self) -> Path:
        """The file for what libraries print while the app owns the terminal."""
        log = self.place.log_file or self.paths.log_file
        return log.with_suffix(".stray.log")


@dataclass(frozen=True, slots=True)
class FieldWishes:
    """How a rep wants the fields of a lead to stand, by their API names.

    Args:
        pinned: those that come first.
        hidden: those that are left out while they are empty.
        moved: those that stand first in the form as it was read, since they were pinned then.
    """

    pinned: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    moved: frozenset[str] = frozenset()


class Desk:
    """The work of one session.

    Args:
        launch: what the app is started with.
        tell: is told every `tui.events.Event`, from any thread.
    """

    def __init__(self, launch: Launch, tell: Callable[[events.Event], None]) -> None:
        self._launch = launch
        self._tell = tell
        self._snapshot = load_snapshot(launch.paths.snapshot)
        self._store: Store | None = None
        self._slot: SessionSlot | None = None
        self._drafts = Drafts(lambda: self.store, lambda: self.slot)
        self._link: Link | None = None
        self._problem: ZohoError | None = None
        self._retention: Retention | None = None
        self._one_ended = False
        self._warnings: list[events.Found] = []
        self._told: dict[str, State] = {}
        """The leads of this session that have not come to their end, as they were told last."""
        self.loaded = False
        """Whether what is heavy has been imported: until then, whoever imports it waits for all of it."""
        self._opened = asyncio.Event()
        self._closing = asyncio.Event()
        self._moved: set[str] = set()
        self._references: tuple[ZohoClient, References] | None = None
        self.script: Script | None = None
        """The qualification script, once it is read."""
        self.script_problem: ZohoError | None = None
        """Why the script that is configured cannot be used."""
        self._ended = self._left = False
        self._rests = False

    # What the screens are drawn from, from the first frame on

    @property
    def seems_signed_in(self) -> bool:
        """Whether the last run knew an org, or a token seems to be there: told without reading it."""
        return bool(self._snapshot.get("org")) or self._names_a_token()

    @property
    def is_demo(self) -> bool:
        """Whether everything here is made up."""
        return bool(self._launch.banner)

    def _names_a_token(self) -> bool:
        launch = self._launch
        if any(value and name.startswith(_GIVEN) for name, value in launch.environ.items()):
            return True
        try:
            content = (launch.place.config_file or launch.paths.config_file).read_text("utf-8", "replace")
        except OSError:
            return False
        return any(f'"{name}' in content for name in ("refresh_token", "access_token", "keyring"))

    @property
    def config(self) -> Config | None:
        """The configuration in use; None before it is read, and while it cannot be."""
        return self._link.config if self._link else None

    @property
    def org(self) -> OrgProfile | None:
        """The org that is signed in to, as far as it is known."""
        return self._link.org if self._link else None

    @property
    def client(self) -> ZohoClient | None:
        """The client; None where there is none."""
        return self._link.client_now if self._link else None

    @property
    def rests(self) -> bool:
        """Whether the sender rests: then nothing is asked of Zoho either that can be left."""
        return self._rests

    @property
    def looks_up(self) -> bool:
        """Whether Zoho is asked who a lead is while it is typed."""
        return self.config is None or self.config.look_up

    @property
    def form(self) -> LeadForm:
        """The form of a lead: the org's as far as it is known, else Zoho's stock form."""
        if self.org is not None:
            return self.org.form
        seen = self._snapshot.get("org")
        return (LeadForm.from_json(seen.get("form")) if isinstance(seen, dict) else None) or STOCK_FORM

    @property
    def field_wishes(self) -> FieldWishes:
        """How the rep wants the fields to stand; before the configuration is read, as in the last run."""
        if self.config is not None:
            pinned, hidden = self.config.pinned_fields, self.config.hidden_fields
        else:
            seen = as_object(self._snapshot.get(_FIELDS))
            pinned, hidden = (tuple(map(str, as_list(seen.get(key)))) for key in ("pinned", "hidden"))
        return FieldWishes(pinned, hidden, frozenset(self._moved.union(pinned)))

    @property
    def keymap(self) -> Mapping[str, str]:
        """The keys that the rep wants, by action; before the configuration is read, as in the last run."""
        if self.config is not None:
            return self.config.keymap
        seen = as_object(self._snapshot.get(_KEYMAP))
        return {name: keys for name, keys in seen.items() if isinstance(keys, str)}

    @property
    def questions(self) -> Mapping[str, Any]:
        """The script as it is drawn; before it is read, as in the last run."""
        if self.config is None:
            return as_object(self._snapshot.get(_SCRIPT))
        from zoho.leads.script.drawn import drawn

        return drawn(self.script)

    def now(self) -> datetime:
        """Return the time, in the rep's zone."""
        from zoho.leads.entry import now_here

        return now_here(time.time(), told=self._launch.environ.get("TZ", ""))

    @property
    def source(self) -> str:
        """What ``Lead_Source`` of new leads is set to."""
        return self.config.source if self.config else "Qualification Inbound"

    # The life of a session

    async def run(self) -> None:
        """Open everything, then send until closed; failures are told, and end nothing."""
        try:
            await self.open()
            if self._link is not None:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._watch())
                    group.create_task(self._link.run())
        finally:
            # Not before: what is cut off writes down what became of its lead.
            self._ended = True
            if self._left or not self._closing.is_set():
                self._close_store()

    async def open(self) -> None:
        """Load what is heavy, in a thread; read the configuration; open log and outbox."""
        try:
            await asyncio.to_thread(self._open)
        except ZohoError as error:
            self._fail(error)
        except Exception:
            # A broken installation, or a bug: who waits for the outbox must hear that it does not come.
            self._problem = ZohoError(
                "zoho-leads could not load all of itself.",
                next_step="See the log file; installing it again may help.",
                code="not_loaded",
            )
            raise
        finally:
            self._opened.set()
        self._hear(events.Opened())

    def _open(self) -> None:
        for name in _HEAVY:
            import_module(name)
        self.loaded = True
        from tui.link import Link
        from zoho.leads.check_up import Finding
        from zoho.outbox import SenderLock
        from zoho.outbox.retention import Retention
        from zoho.outbox.session_slot import SessionSlot
        from zoho.outbox.sqlite_rescue import open_outbox
        from zoho.wire.log_file import log_to

        paths = self._launch.paths
        # First the outbox: it makes the folder that is for the user alone, and the log may lie below it.
        self._store, told = open_outbox(paths.outbox)
        self._warnings = [events.Found(Finding(False, warning, "")) for warning in told]
        self._retention = Retention(self._store)
        self._slot = SessionSlot(paths.data_dir / "sessions")
        with contextlib.suppress(StorageError):  # a log that cannot be written stops nobody
            log_to(self._launch.place.log_file or paths.log_file)
        for warning in told:
            _log.warning("%s", warning)
        lock = SenderLock(paths.outbox.with_suffix(".lock"))
        self._link = Link(self._launch, store=self._store, lock=lock, tell=self._hear)
        self._link.config, self._link.org = self._read_config()

    def _read_config(self) -> tuple[Config, OrgProfile | None]:
        from zoho.leads.org_cache import load_org

        config = self._launch.place.config(self._launch.environ)
        for warning in config.warnings:
            _log.warning("%s", warning)
        self._read_script(config)
        self._keep_wishes(config)
        paths = self._launch.paths
        return config, load_org(paths.snapshot, config, layouts=paths.metadata_cache)

    def _read_script(self, config: Config) -> None:
        from zoho.leads.script import load_script

        self.script, self.script_problem = None, None
        try:
            self.script = load_script(config.script)
        except ConfigError as error:
            _log.warning("%s", error)
            self.script_problem = error

    def _keep_wishes(self, config: Config) -> None:
        """Keep fields, keys and questions for the next first frame, which reads no configuration."""
        from zoho.leads.script.drawn import drawn

        fields = {"pinned": list(config.pinned_fields), "hidden": list(config.hidden_fields)}
        before = {_FIELDS: {"pinned": [], "hidden": []}, _KEYMAP: {}, _SCRIPT: {}}
        wishes = {_FIELDS: fields, _KEYMAP: dict(config.keymap), _SCRIPT: drawn(self.script)}
        seen = load_snapshot(self._launch.paths.snapshot)
        if {name: seen.get(name, before[name]) for name in wishes} != wishes:
            with contextlib.suppress(StorageError):
                save_snapshot(self._launch.paths.snapshot, {**seen, **wishes})

    async def _watch(self) -> None:
        """Tell the numbers, and again whenever another process has changed the outbox."""
        seen: int | None = None
        trouble: ZohoError | None = None
        while not self._closing.is_set():
            try:
                version = await asyncio.to_thread(self.store.version)
                if version != seen:
                    await self.tell_counts()
                    await self._tell_what_others_did()
                    seen = version  # not before: what could not be read is read again
                    self._one_ended = True
                await self._purge()
                if trouble is not None:
                    self._tell(events.Over(trouble))
                    trouble = None
            except ZohoError as error:
                self._fail(error)
                trouble = error
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK):
                    await self._closing.wait()

    async def _purge(self) -> None:
        """Take out what need not be kept any longer, when it is time to."""
        if self._retention is None or self.config is None:
            return
        ended, self._one_ended = self._one_ended, False
        if await asyncio.to_thread(self._retention.keep_to, self.config.keep_days, ended=ended):
            await self.tell_counts()

    async def _tell_what_others_did(self) -> None:
        """Tell what became of this session's leads where another process is the one that sends."""
        for key, state in list(self._told.items()):
            row = await self.row(key)
            if self._told.get(key) is not state:
                continue  # it was told meanwhile by our own sender
            if row is not None and row.state is not state:
                self._hear(events.RowChanged(row))

    def _hear(self, event: events.Event) -> None:
        """Pass an event on; of a lead, remember what was told."""
        from zoho.outbox.follow_ups import FOLLOW_UP_ENDED
        from zoho.outbox.states import ENDED

        if isinstance(event, events.SenderRests):
            self._rests = event.pause is not None
        elif isinstance(event, events.OrgSeen) and event.live:
            self._rests = False
        if isinstance(event, events.RowChanged):
            row = event.row
            if row.state in ENDED:
                self._one_ended = True
                self._told.pop(row.key, None)
            elif row.key in self._told:
                self._told[row.key] = row.state
        elif isinstance(event, events.FollowUpChanged):
            self._one_ended = self._one_ended or event.row.state in FOLLOW_UP_ENDED
        self._tell(event)
        if isinstance(event, events.Opened | events.OrgSeen | events.SignedOut):
            # They take what was to be noticed before from the screen.
            for warning in self._warnings:
                self._tell(warning)

    async def tell_counts(self) -> None:
        """Tell how many leads are in which state; raises `ZohoError`."""
        now = time.localtime()
        midnight = time.mktime((*now[:3], 0, 0, 0, 0, 0, -1))
        self._tell(events.OutboxChanged(await asyncio.to_thread(self.store.counts, since=midnight)))

    async def close(self, *, patience: float) -> int:
        """Stop, waiting at most *patience* seconds for what is being sent; return what is left to send."""
        self._closing.set()
        try:
            if self._link is not None:
                await self._link.close(patience=patience)
            if self._store is None:
                return 0
            return (await asyncio.to_thread(self._store.counts, since=0)).unsent
        finally:
            self._left = True
            if self._ended:
                self._close_store()

    def _close_store(self) -> None:
        if self._store is not None:
            self._store.close()
        if self._slot is not None:
            self._slot.release()

    def suspend(self) -> None:
        """Give the sender's lock back, at once: another session may send while this one is stopped."""
        if self._link is not None:
            self._link.suspend()

    # Leads

    async def save(
        self, key: str, typed: Mapping[str, str], form: LeadForm, *, reason: str | None = None
    ) -> Row:
        """Save a new lead; when this returns, it is on the disk.

        Raises:
            RecordRejected: a value is wrong; the faults name the fields.
            ZohoError: it cannot be saved.
        """
        from zoho.leads.entry import read_entry
        from zoho.outbox.store import FRESH

        await self._opened.wait()
        entry = read_entry(form, typed, script=self.script, source=self.source, now=self.now())
        org = self.org.key if self.org else None
        if org is None and self._link is not None:
            # Before it is there: killed in between, nobody would know whose it is.
            await self._link.claim(key)
        add = partial(
            self.store.add,
            key,
            entry.values,
            org=org,
            lane=FRESH,
            at=time.time(),
            reason=reason,
            follow_ups=entry.follow_ups,
            answers=entry.answers,
        )
        row = await asyncio.to_thread(add)
        if row.values != entry.values:
            raise ZohoError(
                "This lead was saved already, by another session of yours.",
                next_step=f"See it in the Log ({key_of('tab.log')}).",
                code="saved_already",
            )
        if org is None and self._link is not None:
            await self._link.claim(key)  # again: meanwhile Zoho may have said which org it is
        self._changed(row)
        return row

    async def save_again(
        self, row: Row, typed: Mapping[str, str], form: LeadForm, *, reason: str | None = None
    ) -> Row:
        """Give a lead that was refused other values and queue it again; raises as `save` does."""
        from zoho.leads.entry import read_entry, with_earlier_note
        from zoho.outbox.follow_ups import not_sent_yet

        shown = {field.api_name for field in form.fields}
        kept = {name: value for name, value in row.values.items() if name not in shown}
        entry = read_entry(form, typed, script=self.script, source=None, now=self.now())
        earlier = not_sent_yet(await asyncio.to_thread(self.store.follow_ups.of, row.key))
        entry = with_earlier_note(entry, row.answers or {}, earlier, script=self.script)
        edit = partial(
            self.store.edit,
            row.key,
            {**kept, **entry.values},
            at=time.time(),
            reason=reason,
            follow_ups=entry.follow_ups,
            answers=entry.answers,
        )
        if not await asyncio.to_thread(edit):
            raise ZohoError(
                "This lead can no longer be changed: it is being sent, or was.",
                next_step="Look at it in the Log.",
                code="not_editable",
            )
        return await self._changed_to(row.key)

    async def decide(self, row: Row, state: State) -> bool:
        """Carry out the rep's word on a lead; False if it may not become that."""
        done = await asyncio.to_thread(self.store.decide, row.key, state, at=time.time())
        if done:
            await self._changed_to(row.key)
        return done

    def follow_ups_of(self, typed: Mapping[str, str], form: LeadForm) -> Sequence[FollowUp]:
        """Return what shall stand beside the record that a lead becomes part of; raises as `save` does."""
        from zoho.leads.entry import follow_ups_of

        return follow_ups_of(form, typed, script=self.script, now=self.now())

    async def merge(
        self,
        key: str,
        zoho_id: str,
        what: str,
        *,
        module: str,
        follow_ups: Sequence[FollowUp] | None = None,
    ) -> bool:
        """End a lead as something else about an existing record, *what*; False if it may not become that.

        Args:
            key: the lead's submission key.
            zoho_id: the record's.
            what: was done.
            module: of the record.
            follow_ups: what shall stand beside it; None, what the lead has already.
        """
        from zoho.outbox.states import State

        decide = partial(
            self.store.decide,
            key,
            State.MERGED,
            at=time.time(),
            zoho_id=zoho_id,
            reason=what,
            module=module,
            org=self.org.key if self.org is not None else None,
            follow_ups=follow_ups,
        )
        done = await asyncio.to_thread(decide)
        if done:
            await self._changed_to(key)
        return done

    async def bind(self) -> int:
        """Let the leads that were saved before any sign-in go to the org that is signed in to now."""
        if self.org is None or self._link is None:
            return 0
        number = await asyncio.to_thread(self.store.bind, self.org.key)
        await self.tell_counts()
        self._link.wake()
        return number

    async def find_records(self, module: str, word: str) -> list[tuple[str, str]]:
        """Return id and name of what a look-up may refer to; as `zoho.leads.references.References.search`."""
        from zoho.leads.references import References

        if self._link is None:
            raise self._problem or ZohoError("Not connected to Zoho yet.", next_step="Wait a moment.")
        client = self._link.client
        if self._references is None or self._references[0] is not client:
            self._references = client, References(client)
        return await self._references[1].search(module, word)

    def retry(self) -> None:
        """Try again now, whatever the sender rests for."""
        if self._link is not None:
            self._link.retry()

    async def numbers(
        self, sought: Sequence[Sought] = (), *, after: int = 0, limit: int | None = None
    ) -> Sequence[int]:
        """Return the numbers of the leads, newest first; as `zoho.outbox.store.Listing.numbers`."""
        await self._opened.wait()
        return await asyncio.to_thread(self.store.listing.numbers, sought, after=after, limit=limit)

    async def numbered(self, numbers: Sequence[int]) -> Mapping[int, Row]:
        """Return the leads with these numbers, as far as they are still there."""
        return await asyncio.to_thread(self.store.listing.rows, numbers)

    async def unbound(self) -> list[Row]:
        """Return the waiting leads that belong to no org yet."""
        return await asyncio.to_thread(self.store.unbound)

    async def row(self, key: str) -> Row | None:
        """Return one lead."""
        return await asyncio.to_thread(self.store.get, key)

    async def calls(self, key: str) -> list[LoggedCall]:
        """Return the HTTP exchanges of a lead, oldest first."""
        return await asyncio.to_thread(self.store.calls, key)

    @property
    def undo(self) -> Undo:
        """What takes a created lead back; raises `ZohoError` where nobody is signed in."""
        from zoho.outbox.undo import Undo

        org, link = self.org, self._link
        if org is None or link is None:
            raise self._problem or ZohoError("Not connected to Zoho yet.", next_step="Wait a moment.")
        return Undo(store=self.store, zoho=link.client, org=org, waits=self._launch.waits)

    async def look_again(self, key: str) -> Row:
        """Tell a lead as it is on the disk now, quietly; the sender looks for what it may do about it."""
        return await self._changed_to(key, quiet=True)

    async def _changed_to(self, key: str, *, quiet: bool = False) -> Row:
        row = await self.row(key)
        assert row is not None
        self._changed(row, quiet=quiet)
        return row

    def _changed(self, row: Row, *, quiet: bool = False) -> None:
        self._told[row.key] = row.state
        self._hear(events.RowChanged(row, quiet))
        if self._link is not None:
            self._link.wake()

    @property
    def store(self) -> Store:
        """The outbox; raises `ZohoError` where it could not be opened."""
        if self._store is None:
            raise self._problem or ZohoError("The outbox is not open yet.", next_step="Wait a moment.")
        return self._store

    @property
    def slot(self) -> SessionSlot:
        """This session's place; raises `ZohoError` where the outbox could not be opened."""
        if self._slot is None:
            raise self._problem or ZohoError("The outbox is not open yet.", next_step="Wait a moment.")
        return self._slot

    async def drafts(self) -> Drafts:
        """Return the half-typed leads, once the outbox is open."""
        await self._opened.wait()
        return self._drafts

    @property
    def drafts_now(self) -> Drafts | None:
        """The half-typed leads; None where the outbox is not open."""
        return self._drafts if self._store is not None and self._slot is not None else None

    # Settings

    async def save_settings(self, changes: Mapping[str, str | bool | SecretStr | None]) -> None:
        """Keep *changes*, the secrets among them where they belong, and begin anew with them.

        Raises:
            ConfigError: the file is broken, or a value cannot be used; nothing is written.
            SecretLocked: a helper command or the keyring would not take a secret.
            StorageError: it cannot be written.
        """
        from zoho.account import save_config
        from zoho.account.secret_store import SecretStore

        await self._opened.wait()
        if self.config is not None:
            save = SecretStore(self.config, self._launch.environ).save
        else:  # what is there cannot be read, and says so
            place, paths = self._launch.place, self._launch.paths
            save = partial(save_config, place.config_file or paths.config_file)
        await asyncio.to_thread(save, changes)
        await self._begin_anew()

    async def arrange_fields(self, pinned: Sequence[str], hidden: Sequence[str]) -> None:
        """Keep how the fields shall stand; the sender goes on as it is.

        Raises:
            ConfigError: the file is broken; nothing is written.
            StorageError: it cannot be written.
            ZohoError: the configuration could not be read.
        """
        from zoho.account import save_config
        from zoho.commands.session import remember_org

        await self._opened.wait()
        config, link = self.config, self._link
        if config is None or link is None:
            raise self._problem or ZohoError("The settings are not read yet.", next_step="Wait a moment.")
        wishes = {"pinned_fields": tuple(pinned), "hidden_fields": tuple(hidden)}
        changed = {name: value for name, value in wishes.items() if value != getattr(config, name)}
        await asyncio.to_thread(save_config, config.own_file, changed)
        self._moved |= set(config.pinned_fields)
        link.config = config = config.model_copy(update=wishes)
        await asyncio.to_thread(self._keep_wishes, config)
        if self.org is not None:  # what was seen of it belongs to a configuration with these pins
            await asyncio.to_thread(remember_org, self._launch.paths, config, self.org)

    async def _begin_anew(self) -> None:
        config, org = await asyncio.to_thread(self._read_config)
        if self._link is not None:
            self._link.use(config, org)

    async def sign_in(self, way: Way, typed: Mapping[str, str], hear: Callable[[Step], None]) -> Done:
        """Sign in, keep it, and begin anew with it.

        Args:
            way: how.
            typed: client id, client secret and data centre, as far as they are not configured.
            hear: is told each step.

        Raises:
            ZohoError: why there is no sign-in; nothing was changed.
        """
        from pydantic import SecretStr

        from zoho.commands.sign_in_run import Means, SignInRun

        await self._opened.wait()
        launch = self._launch
        means = launch.sign_in or Means(transport=launch.transport)
        run = await asyncio.to_thread(
            SignInRun.prepared, launch.place, launch.environ, center=typed.get("data_center"), means=means
        )
        client: dict[str, str | SecretStr] = {
            name: SecretStr(typed[name]) if name == "client_secret" else typed[name]
            for name in ("client_id", "client_secret")
            if name in typed
        }
        done = await run.run(way, client, hear)
        await self._begin_anew()
        return done

    @property
    def locked(self) -> ConfigError | None:
        """Why the secrets that are kept elsewhere could not be read, as far as that is known."""
        return self._link.locked if self._link is not None else None

    def unlock(self, terminal: Terminal) -> None:
        """Ask for the secrets that are kept elsewhere, on the terminal, which must be nobody else's now.

        Blocks until somebody has answered there, and begins anew with what was given.

        Raises:
            ConfigError: they are not to be had.
        """
        from zoho.account.unlock import unlock
        from zoho.leads.org_cache import load_org

        link, paths = self._link, self._launch.paths
        if link is None or link.config is None:
            return
        opened = unlock(link.config, self._launch.environ, terminal=terminal)
        link.use(opened, load_org(paths.snapshot, opened, layouts=paths.metadata_cache))

    async def test_connection(self, *, scope: str | None = None) -> list[Finding]:
        """Say whether a lead could be created now, and what is missing.

        Args:
            scope: the scopes that a token answer has just listed; None, none has.
        """
        from zoho.commands.sign_in_run import findings_of
        from zoho.leads.check_up import Finding

        await self._opened.wait()
        try:
            if self._link is None:
                raise self._problem or ZohoError("The outbox is not open.", next_step="Start again.")
            if self._link.config is None:  # somebody may have mended it meanwhile
                self._link.use(*await asyncio.to_thread(self._read_config))
                self._tell(events.Opened())
            client = await self._link.connected()
            try:
                read: OrgProfile | ZohoError = await self._link.read_org()
            except ZohoError as error:
                read = error
            listed = scope or client.scope
            found = await findings_of(client, read=read, source=self.source, scope=listed)
            if not isinstance(read, ZohoError):
                found.insert(2, await asyncio.to_thread(self._key_finding, read))
            # Not before: as long as nothing is sent yet, it begins anew, with another client.
            self._link.retry()
            return list(dict.fromkeys(found))  # the call-by-call look and Zoho's list may say the same
        except ZohoError as error:
            return [Finding(False, error.what, error.next_step)]

    def _key_finding(self, org: OrgProfile) -> Finding:
        from zoho.outbox.keying import finding_of, proof_of

        return finding_of(proof_of(self.store, org, now=time.time()), org)

    def _fail(self, error: ZohoError) -> None:
        _log.warning("%s (%s)", error, error.code)
        self._problem = error
        self._tell(events.Failed(error))
