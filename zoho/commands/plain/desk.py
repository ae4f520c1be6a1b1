"""What plain mode works with: outbox, half-typed leads, the org's form, the way to Zoho. It says nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from zoho.commands.plain.asked import Asked, all_asked
from zoho.commands.session import Session, org_of, remember_org
from zoho.leads.entry import Entry, now_here, read_entry, with_earlier_note
from zoho.leads.fields import LeadForm
from zoho.leads.org import OrgProfile
from zoho.leads.references import References
from zoho.leads.script import QUESTION, Script, load_script
from zoho.leads.stock import STOCK_FORM
from zoho.outbox.ahead import save_ahead
from zoho.outbox.follow_ups import FollowUpRow, not_sent_yet
from zoho.outbox.held_drafts import HeldDrafts
from zoho.outbox.session_slot import SessionSlot
from zoho.outbox.states import State
from zoho.outbox.store import FRESH, Row
from zoho.wire.errors import ConfigError, ZohoError

PATIENCE = 6.0
"""Seconds that a rep waits for the outcome of a lead; what is under way is always brought to its end."""


class Fate(NamedTuple):
    """What became of a lead: its row, its notes and tasks, and why nothing could be sent."""

    row: Row
    follow_ups: list[FollowUpRow]
    problem: ZohoError | None


class PlainDesk:
    """The work of one run of plain mode.

    Args:
        session: configuration and outbox.
        slot: the place of this session among the user's.
        clock: seconds since 1970.
        patience: seconds to wait for the outcome of a lead.
    """

    def __init__(
        self,
        session: Session,
        slot: SessionSlot,
        *,
        clock: Callable[[], float] = time.time,
        patience: float = PATIENCE,
    ) -> None:
        self._session = session
        self._slot = slot
        self._clock = clock
        self._patience = patience
        self._store = session.store
        self._held = HeldDrafts(session.store, slot)
        self.org: OrgProfile | None = session.known_org()
        """The org as it was seen last; None, it is not known."""
        self.script: Script | None = None
        """What is asked beside the fields; see `load_questions`."""

    # What is asked

    @property
    def signed_in(self) -> bool:
        """Whether there is something to sign in with, as far as that can be told without reading it."""
        return not self._session.config.missing

    @property
    def form(self) -> LeadForm:
        """The form of a lead: the org's as far as it is known, else Zoho's stock form."""
        return self.org.form if self.org is not None else STOCK_FORM

    def load_questions(self) -> ConfigError | None:
        """Read the script that is configured; return why there is none, if it cannot be used."""
        try:
            self.script = load_script(self._session.config.script)
        except ConfigError as error:
            return error
        return None

    def asked(self) -> list[Asked]:
        """Return every question, in its order."""
        config = self._session.config
        return all_asked(self.form, self.script, pinned=config.pinned_fields, hidden=config.hidden_fields)

    def now(self) -> datetime:
        """Return the time, in the rep's zone."""
        return now_here(self._clock(), told=self._session.environ.get("TZ", ""))

    # Half-typed leads

    def keep(
        self, key: str, typed: Mapping[str, str], *, field: str | None, editing: bool, parked: bool = False
    ) -> bool:
        """Keep what is typed; False if the lead is past being typed."""
        holder = None if parked else self._slot.name
        return self._store.drafts.keep(
            key, typed, field=field, holder=holder, editing=editing, at=self._clock()
        )

    def left_over(self) -> Row | None:
        """Return what a session that has ended left half typed, and make it ours."""
        return self._held.left_over()

    def put_aside(self) -> list[Row]:
        """Return the drafts that no other session has, the one typed in last first."""
        return self._held.free()

    def take(self, key: str) -> Row | None:
        """Make a draft ours; None if it is gone, or in the form of another session."""
        return self._held.take(key)

    # Saving

    def save(self, key: str, typed: Mapping[str, str]) -> Row:
        """Save a new lead; when this returns, it is on the disk.

        Raises:
            RecordRejected: something is wrong with it; one fault for each field.
            ZohoError: it cannot be saved.
        """
        entry, org = self._entry(typed, self._session.config.source), self.org
        if org is None:
            # Before it is there: killed in between, nobody would know whose it is.
            save_ahead(self._store, key, self._session.config)
        row = self._store.add(
            key,
            entry.values,
            org=org.key if org is not None else None,
            lane=FRESH,
            at=self._clock(),
            follow_ups=entry.follow_ups,
            answers=entry.answers or None,
        )
        if row.values != entry.values:
            raise ZohoError(
                "This lead was saved already, by another session of yours.",
                next_step="zoho-leads log shows it.",
                code="saved_already",
            )
        return row

    def save_again(self, row: Row, typed: Mapping[str, str]) -> Row:
        """Give a lead that was refused other values, and queue it again; raises as `save` does."""
        earlier = not_sent_yet(self.follow_ups(row.key))
        entry = with_earlier_note(self._entry(typed, None), row.answers or {}, earlier, script=self.script)
        shown = {field.api_name for field in self.form.fields}
        kept = {name: value for name, value in row.values.items() if name not in shown}
        done = self._store.edit(
            row.key,
            {**kept, **entry.values},
            at=self._clock(),
            follow_ups=entry.follow_ups,
            answers=entry.answers,
        )
        after = self._store.get(row.key)
        if not done or after is None:
            raise ZohoError(
                "This lead can no longer be changed: it is being sent, or was.",
                next_step="zoho-leads log shows it.",
                code="not_editable",
            )
        return after

    def _entry(self, typed: Mapping[str, str], source: str | None) -> Entry:
        # What was typed into a field that the org's form has not is kept in the draft alone.
        ours = {
            name: text
            for name, text in typed.items()
            if name.startswith(QUESTION) or self.form.field(name) is not None
        }
        return read_entry(self.form, ours, script=self.script, source=source, now=self.now())

    def row(self, key: str) -> Row | None:
        """Return a lead as it stands now."""
        return self._store.get(key)

    def row_states(self, keys: Iterable[str]) -> list[State]:
        """Return where leads stand now."""
        return [row.state for key in keys if (row := self._store.get(key)) is not None]

    def follow_ups(self, key: str) -> list[FollowUpRow]:
        """Return the notes and tasks of a lead."""
        return self._store.follow_ups.of(key)

    # Zoho

    def send(self, row: Row) -> Fate:
        """Send a lead that is saved; return once its outcome is known, or patience ends."""
        problem: ZohoError | None = None

        async def drain() -> None:
            async with self._session.sending() as (courier, org, _):
                self.org = self.org or org
                await courier.drain(limit=self._patience, key=row.key)

        try:
            asyncio.run(drain())
        except ZohoError as error:
            problem = error
        except KeyboardInterrupt:  # what was under way has been written down as unclear
            problem = ZohoError("Not waited for.", next_step="It goes on with the next one.", code="ctrl_c")
        return Fate(self._store.get(row.key) or row, self.follow_ups(row.key), problem)

    def ask_org(self, *, limit: float | None = None) -> ZohoError | None:
        """Ask Zoho for the org and its form; return why that is not known, if it is not.

        Args:
            limit: seconds that it may take; None, what every call may.
        """

        async def ask() -> OrgProfile:
            session = self._session
            signed_in = session.client()  # a person may be asked for a secret: that is no time of Zoho's
            async with asyncio.timeout(limit), signed_in as client:
                org = await org_of(client, session.config, paths=session.paths)
            remember_org(session.paths, session.config, org)
            return org

        try:
            self.org = asyncio.run(ask())
        except ZohoError as error:
            return error
        except TimeoutError:
            return ZohoError("Zoho does not answer.", next_step="It is asked again later.", code="slow")
        return None

    def find(self, module: str, word: str) -> list[tuple[str, str]]:
        """Return id and name of records that have *word* in their name; raises `ZohoError`."""

        async def search() -> list[tuple[str, str]]:
            async with self._session.client() as client:
                return await References(client).search(module, word)

        return asyncio.run(search())

    def close(self) -> None:
        """Give the place up; a draft of ours is another session's from then on."""
        with suppress(ZohoError):
            self._session.purge()
        self._slot.release()
