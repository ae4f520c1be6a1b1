"""The list of the leads that were created last: undo one, restore one, or begin another of its company."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import tzinfo
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding
from textual.widgets import OptionList

from tui.qualify.drafts import when_of
from tui.qualify.pick_list import DIGITS, WIDTH, PickList
from tui.qualify.undoing import ANOTHER, RESTORE, UNDO
from tui.text import line
from zoho.commands.exporting import STATE_WORDS
from zoho.outbox.names import name_of
from zoho.outbox.store import Row

_KEYS = "U undo · R restore · Enter another of its company · Esc back"
_WARNING = "Workflows, mails and assignments that it set off stay done."


class RecentList(PickList[tuple[str, str] | None]):
    """Leads that were created; gives what to do (`UNDO`, `RESTORE`, `ANOTHER`) and the key of the lead.

    Args:
        rows: the newest first.
        doomed: the key of a lead of which is asked at once whether to undo it; empty, of none.
        now: seconds since the epoch; None, the machine's clock.
        zone: of the times; None, the machine's.
    """

    BINDINGS: ClassVar = [
        Binding("alt+r", "dismiss", "Back", show=False),
        Binding("u,alt+u", "undo", "Undo", show=False),
        Binding("r", "restore", "Restore", show=False),
    ]

    def __init__(
        self, rows: Sequence[Row], doomed: str = "", *, now: float | None = None, zone: tzinfo | None = None
    ) -> None:
        self._rows = {row.key: row for row in rows}
        lines = recent_lines(rows, now=time.time() if now is None else now, zone=zone)
        by_key = dict(zip(self._rows, lines, strict=True))
        super().__init__("Leads created last", by_key, list(by_key), _KEYS)
        self._doomed = doomed if doomed in self._rows else ""

    def on_mount(self) -> None:
        """Mark the lead that is asked about, and ask."""
        if self._doomed:
            self.query_one(OptionList).highlighted = list(self._rows).index(self._doomed)
            self._confirmed(self._doomed)

    def picked(self, name: str) -> None:
        """Begin another lead of the same company."""
        self.dismiss((ANOTHER, name))

    def action_pick(self, digit: int) -> None:
        """Mark the lead beside the digit: what is done about it, another key says."""
        if digit <= len(self._rows):
            self.query_one(OptionList).highlighted = digit - 1

    def action_undo(self) -> None:
        """Undo the marked lead, once that has been said twice."""
        if self.marked and self._confirmed(self.marked):
            self.dismiss((UNDO, self.marked))

    def action_restore(self) -> None:
        """Restore the marked lead."""
        if self.marked:
            self.dismiss((RESTORE, self.marked))

    def _confirmed(self, key: str) -> bool:
        name = line(name_of(self._rows[key]), 26)
        return self.asked(key, f"U again undoes {name} · Esc goes back\n{_WARNING}")


def recent_lines(rows: Sequence[Row], *, now: float, zone: tzinfo | None = None) -> list[str]:
    """Return a line for each lead: its digit, when it was created, who it is, and what became of it.

    Args:
        rows: in the order of the list.
        now: seconds since the epoch.
        zone: of the times.
    """
    digits = [*DIGITS[: len(rows)], *" " * (len(rows) - len(DIGITS))]
    times = [when_of(row.updated_at, now, zone) for row in rows]
    when = max(map(len, times), default=0)
    words = [STATE_WORDS[row.standing] for row in rows]
    last = max(map(len, words), default=0)
    lines: list[str] = []
    for digit, at, word, row in zip(digits, times, words, rows, strict=True):
        head = f"{digit}  {at:{when}}  "
        room = WIDTH - cell_len(head) - last - 2
        name = line(name_of(row), room)
        lines.append(f"{head}{name}{' ' * (room - cell_len(name))}  {word}")
    return lines
