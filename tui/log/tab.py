"""The Log tab: what happened to every lead, and what can be done about it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from tui.actions import key_of
from tui.desk import Desk
from tui.log.details import Details
from tui.log.follow_ups import LeadsFollowUps, open_states_called
from tui.log.list import LeadList
from tui.log.window import Listed
from tui.log.words import states_called
from tui.messages import Notice, Say
from zoho.outbox.follow_up_names import kinds_called
from zoho.outbox.names import name_of
from zoho.outbox.states import EDITABLE, MAY_DECIDE, State
from zoho.outbox.store import Row, Sought
from zoho.wire.errors import ZohoError

_DECISIONS = {"there": State.SENT, "again": State.QUEUED, "discard": State.DISCARDED}

_FIRST_FOUND = 100
"""Leads that are shown before the rest is found: a screen of them, and the next."""

_REST_AFTER = 0.2
"""Seconds without another letter after which the rest is found."""


class LogTab(Vertical):
    """The list of leads.

    Args:
        desk: has the leads, and carries out what is decided about them.
        id: As of every widget.
    """

    @dataclass
    class Edit(Message):
        """The rep wants to take a lead back into the form."""

        row: Row

    @dataclass
    class Who(Message):
        """The rep wants to see what a duplicate is a duplicate of."""

        row: Row

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._desk = desk
        self._follow_ups = LeadsFollowUps(lambda: desk.store)
        self.list = LeadList(self._listed, id="leads")
        self._reading = asyncio.Lock()
        self._read = False
        self._doomed = ""
        """Key of the lead that the rep has just asked to discard; what is said twice is done."""

    def compose(self) -> ComposeResult:
        """Make the list."""
        yield self.list

    async def _listed(self, numbers: Sequence[int]) -> Mapping[int, Listed]:
        """Return the leads with these numbers, with what goes with them and is not at its end."""
        rows = await self._desk.numbered(numbers)
        keys = [row.key for row in rows.values() if row.in_zoho]
        beside = await self._follow_ups.still_open(keys) if keys else {}
        return {number: Listed(row, beside.get(row.key, ())) for number, row in rows.items()}

    async def fill(self) -> None:
        """Show the leads as they are now: newer ones, and what is in sight; the first time, all of them."""
        try:
            async with self._reading:
                if self._read and not self.list.sought:
                    newer = await self._desk.numbers(after=self.list.newest)
                    await self.list.renew(newer, self._desk.form, self._org)
                else:
                    # Of what was found before, all: a shorter list would take the mark from its lead.
                    show = self._show_rest if self._read else self._show_found
                    await show(self.list.sought)
                    await self.list.renew((), self._desk.form, self._org)
                self._read = True
        except ZohoError as error:
            self.post_message(Notice(str(error)))

    async def on_lead_list_sought(self, message: LeadList.Sought) -> None:
        """Show the leads that have the words."""
        if not self._is_sought(message.text):
            return  # more was typed meanwhile
        try:
            async with self._reading:
                await self._show_found(message.text)
        except ZohoError as error:
            self.post_message(Notice(str(error)))

    async def _show_found(self, text: str) -> None:
        """Show the newest leads that have the words, at once; the others a moment later.

        A word that many leads have is found in the newest of them at once, one that few have costs a look at
        every lead: who types sees either soon, and the next letter does not wait for the rest.
        """
        numbers = await self._desk.numbers(_sought(text), limit=_FIRST_FOUND)
        more = len(numbers) == _FIRST_FOUND
        await self.list.show(numbers, self._desk.form, self._org, more=more)
        if more:
            if text:
                self.set_timer(_REST_AFTER, partial(self._show_rest_soon, text))
            else:  # at once, though the first are drawn meanwhile: the next key may be End
                await self._show_rest(text)

    async def _show_rest_soon(self, text: str) -> None:
        try:
            await self._show_rest(text)
        except ZohoError as error:
            self.post_message(Notice(str(error)))

    async def _show_rest(self, text: str) -> None:
        if self._is_sought(text):
            numbers = await self._desk.numbers(_sought(text))
            if self._is_sought(text):
                await self.list.show(numbers, self._desk.form, self._org)

    def _is_sought(self, text: str) -> bool:
        """Whether these are still the words: a space typed behind them changes nothing."""
        return text.split() == self.list.sought.split()

    async def do(self, what: str) -> None:
        """Do *what* (the argument of the action) about the marked lead."""
        marked = self.list.marked
        await self._do(what, marked.key if marked is not None else "")

    async def _do(self, what: str, key: str) -> None:
        try:
            if what == "retry":
                await self._retry(key)
            elif what == "find":
                self.list.find()
            elif what == "export":
                self._ask_where()
            elif what == "bind":
                await self._bind()
            elif (row := await self._desk.row(key)) is not None:
                await self._do_about(row, what)
        except ZohoError as error:
            self.post_message(Say(str(error), failed=True))

    async def _retry(self, key: str) -> None:
        """Let what was refused of the lead's notes and tasks go again, and the sender try now."""
        refused = await self._follow_ups.refused(key) if key else ()
        if refused and await self._follow_ups.retry(key):
            row = await self._desk.row(key)
            what = kinds_called(one.kind for one in refused)
            self.post_message(Say(f"Sent again: the {what}.", title=name_of(row) if row else ""))
            await self._desk.tell_counts()
        else:
            self.post_message(Say("Trying now."))
        self._desk.retry()

    def _ask_where(self) -> None:
        """Ask for a file, and write what is shown to it."""
        from tui.log.export import ExportScreen, default_target

        text = self.list.sought

        def chosen(target: Path | None) -> None:
            if target is not None:
                # The app's, not the tab's: it must not end with the tab.
                export = partial(self._export, target, text)
                self.app.run_worker(export, description="exporting the Log", exit_on_error=False)

        self.app.push_screen(ExportScreen(default_target(self._desk.now()), text), chosen)

    async def _export(self, target: Path, text: str) -> None:
        from tui.log.export import write_log

        desk = self._desk
        write = partial(write_log, form=desk.form, sought=_sought(text), zone=desk.now().tzinfo or UTC)
        try:
            number = await asyncio.to_thread(write, desk.store, target)
        except ZohoError as error:
            self.post_message(Say(str(error), title="Not exported", failed=True))
        else:
            leads = "1 lead is" if number == 1 else f"{number:,} leads are"
            self.post_message(Say(f"{leads} in {target}.", title="Exported"))

    @property
    def _org(self) -> str | None:
        return self._desk.org.key if self._desk.org else None

    async def _bind(self) -> None:
        number, org = await self._desk.bind(), self._desk.org
        if org is None:
            self.post_message(
                Say(f"Not signed in yet: see Settings ({key_of('tab.settings')}).", failed=True)
            )
        else:
            self.post_message(Notice(""))
            self.post_message(Say(f"{number} leads now go to {org.org_name}."))

    async def _do_about(self, row: Row, what: str) -> None:
        doomed, self._doomed = self._doomed, ""
        if what == "details":
            await self._show_details(row)
        elif what == "edit":
            self._edit(row)
        elif what == "who":
            self._ask_who(row)
        elif what == "discard":
            await self._discard(row, again=doomed == row.key)
        else:
            await self._decide(row, what)

    async def _show_details(self, row: Row) -> None:
        async def asked(what: str | None) -> None:
            if what:
                await self._do(what, row.key)

        calls, follow_ups = await self._desk.calls(row.key), await self._follow_ups.of(row.key)
        here = self._desk.now().tzinfo
        self.app.push_screen(Details(row, calls, follow_ups, self._desk.form, self._org, here=here), asked)

    def _edit(self, row: Row) -> None:
        if row.state in EDITABLE:
            self.post_message(self.Edit(row))
        else:
            self.post_message(Say("This lead cannot be changed any more.", failed=True))

    def _ask_who(self, row: Row) -> None:
        if row.state is State.DUPLICATE:
            self.post_message(self.Who(row))
        else:
            self.post_message(Say("Zoho calls this lead no duplicate."))

    async def _discard(self, row: Row, *, again: bool) -> None:
        """Give the lead up, or what was refused of the notes and tasks of one in Zoho; it is asked once."""
        refused = await self._follow_ups.refused(row.key) if row.in_zoho else ()
        what = kinds_called(one.kind for one in refused)
        if not refused and State.DISCARDED not in MAY_DECIDE.get(row.state, ()):
            self._refuse()
        elif not again:
            self._doomed = row.key
            does = f"gives the {what} up; the lead stays as it is" if refused else "discards it"
            self.post_message(Say(f"{key_of('log.discard')} again {does}.", title=name_of(row)))
        elif refused:
            await self._follow_ups.discard(row.key)
            await self._desk.tell_counts()
            self.post_message(Say(f"Given up: the {what}.", title=name_of(row)))
        else:
            await self._decide(row, "discard")

    async def _decide(self, row: Row, what: str) -> None:
        asked = what == "discard" or row.state is State.ASK
        if not asked or not await self._desk.decide(row, _DECISIONS[what]):
            self._refuse()

    def _refuse(self) -> None:
        self.post_message(Say("That cannot be said of this lead now.", failed=True))

    async def on_lead_list_opened(self) -> None:
        """A lead was clicked twice."""
        await self.do("details")


def _sought(text: str) -> list[Sought]:
    return [Sought(word, states_called(word), open_states_called(word)) for word in text.split()]
