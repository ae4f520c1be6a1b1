"""The Log tab: what happened to every lead, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from tui.log.list import LeadList
from zoho.outbox.store import Row


class LogTab(Vertical):
    """The list of leads."""

    @dataclass
    class Asked(Message):
        """The rep wants something done about a lead: details, edit, there, again, discard."""

        what: str
        row: Row

    def compose(self) -> ComposeResult:
        """Make the list."""
        yield LeadList(id="leads")

    @property
    def list(self) -> LeadList:
        """The list widget."""
        return self.query_one(LeadList)

    def ask(self, what: str) -> None:
        """Ask for *what* to be done about the marked lead."""
        row = self.list.marked
        if row is not None:
            self.post_message(self.Asked(what, row))

    def on_lead_list_opened(self) -> None:
        """A lead was clicked twice."""
        self.ask("details")
