"""What a rep does about leads that were created: undo, restore, another one of the same company."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING

from tui.actions import key_of
from tui.messages import Say
from zoho.outbox.names import name_of
from zoho.outbox.states import UNSENT
from zoho.wire.errors import ZohoError

if TYPE_CHECKING:
    from tui.desk import Desk
    from tui.qualify.tab import QualifyTab
    from zoho.outbox.store import Row

ANOTHER, RESTORE, UNDO = "another", "restore", "undo"
"""What may be done about a lead."""

_SHOWN = 20
"""Leads that the list has."""

_PATIENCE = 60.0
"""Seconds until Zoho is asked again what became of an undo, where it could not be asked."""


def _why_not_listed(saved: Row) -> str:
    """Return why the lead that was saved last is not among those that were created."""
    if saved.state in UNSENT:
        undo = key_of("lead.undo")
        return f"The lead that you saved last is not in Zoho yet. Once it is, {undo} takes it back."
    return f"The lead that you saved last was not created: see the Log ({key_of('tab.log')})."


class Undoing:
    """The leads that were created last, and what is done about them.

    Args:
        tab: has the form of the next lead.
        desk: has the outbox, and the way to Zoho.
    """

    def __init__(self, tab: QualifyTab, desk: Desk) -> None:
        self._tab = tab
        self._desk = desk
        self._last = ""

    def saved(self, key: str) -> None:
        """Remember the lead that was saved last in this session."""
        self._last = key

    async def show(self, what: str) -> None:
        """Show the list; *what* is ``undo``: with the question whether to undo the last lead."""
        last = self._last if what == UNDO else ""
        try:
            rows = await self._rows()
            not_listed = await self._desk.row(last) if last not in {"", *(row.key for row in rows)} else None
        except ZohoError as error:
            self._say(str(error), failed=True)
            return
        if not_listed is not None:
            self._say(_why_not_listed(not_listed))
        elif rows:
            from tui.qualify.recent import RecentList

            await self._tab.app.push_screen(RecentList(rows, last), self._chosen)
        else:
            self._say("No lead was created here yet.")

    async def _rows(self) -> list[Row]:
        if self._desk.org is None:
            raise ZohoError("Not connected to Zoho yet.", next_step="Wait a moment.")
        return await asyncio.to_thread(self._desk.store.undos.recent, self._desk.org.key, limit=_SHOWN)

    async def _chosen(self, choice: tuple[str, str] | None) -> None:
        if choice is None:
            return
        what, key = choice
        if what == ANOTHER:
            try:
                await self._another(key)
            except ZohoError as error:
                self._say(str(error), failed=True)
        else:
            work, told = {
                UNDO: (self._undo, "undoing a lead"),
                RESTORE: (self._restore, "restoring a lead"),
            }[what]
            # The app's, not the tab's: it must not end with the tab.
            self._tab.app.run_worker(partial(work, key), description=told, exit_on_error=False)

    async def _undo(self, key: str) -> None:
        try:
            done = await self._desk.undo.undo(key)
        except ZohoError as error:
            self._say(str(error), title="Not undone" if error.code != "undo_unclear" else "", failed=True)
            self.settle_soon()
        else:
            task = " Its call-back may still be on Zoho's task list." if done.leaves_task else ""
            back = f"{key_of('lead.recent')}, then R, restores it."
            self._say(f"Undone: it is in Zoho's recycle bin. {back}{task}", title=name_of(done.row))
        await self._tell(key)

    async def _restore(self, key: str) -> None:
        try:
            row = await self._desk.undo.restore(key)
        except ZohoError as error:
            self._say(str(error), title="Not restored", failed=True)
        else:
            self._say("Restored: it stands in Zoho again.", title=name_of(row))
        await self._tell(key)

    async def _tell(self, key: str) -> None:
        await self._desk.look_again(key)

    async def _another(self, key: str) -> None:
        """Begin another lead of the company of that one."""
        from zoho.leads.entry import typed_again
        from zoho.leads.templates import another_from

        row = await self._desk.row(key)
        form = self._desk.form
        typed = typed_again(form, row.values, {}, script=self._desk.script) if row is not None else {}
        values = another_from(form, typed)
        if not values:
            self._say("No company is known of that lead.")
        elif await self._tab.begin_another(typed):
            self._say(f"Another one of {values['Company']}.")

    # Undos that were cut off

    def settle_soon(self) -> None:
        """Find out what became of undos that were cut off, by looking, as soon as that can be told."""
        self._tab.app.run_worker(
            self._settle,
            group="undos",
            description="looking for undone leads",
            exclusive=True,
            exit_on_error=False,
        )

    async def _settle(self) -> None:
        while True:
            try:
                at = await self._desk.undo.next_settling()
                found = await self._desk.undo.settle() if at is not None else []
            except ZohoError:
                at, found = time.time() + _PATIENCE, []
            for row in found:
                word = "It was undone" if row.undone else "It was not undone, and stands in Zoho"
                self._say(f"{word}.", title=name_of(row))
                await self._tell(row.key)
            if at is None:
                return
            await asyncio.sleep(max(1.0, at - time.time()) if not found else 0)

    def _say(self, text: str, *, title: str = "", failed: bool = False) -> None:
        self._tab.post_message(Say(text, title=title, failed=failed))
