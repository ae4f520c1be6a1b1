"""The list of half-typed leads: one key parks the call of now, another takes up one that was parked."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding

from tui.qualify.pick_list import DIGITS, WIDTH, PickList
from tui.text import line
from zoho.leads.call_back import CALL_BACK
from zoho.leads.lead import title_of
from zoho.outbox.states import State
from zoho.outbox.store import Row

_NAME, _CALL_BACK = 16, 18
"""Cells that a name has at least, and the time of a call-back at most."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_KEYS = "Enter or its digit takes it up · D discards it · Esc goes back"
_ALL_ELSEWHERE = "All are in other sessions of yours · Esc goes back"


class DraftList(PickList[tuple[str, str] | None]):
    """The drafts that can be taken up; gives what to do ("take", "discard") and the key of the draft.

    Args:
        drafts: the one that was typed in last first.
        held: the keys of those that stand in the form of another session; they are shown, and stay there.
        now: seconds since the epoch; None, the machine's clock.
        zone: of the times; None, the machine's.
    """

    BINDINGS: ClassVar = [
        Binding("ctrl+o", "dismiss", "Back", show=False),
        Binding("d,delete", "discard", "Discard", show=False),
    ]

    def __init__(
        self,
        drafts: Sequence[Row],
        held: Collection[str] = (),
        *,
        now: float | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        self._drafts = {row.key: row for row in drafts}
        lines = draft_lines(drafts, held, now=time.time() if now is None else now, zone=zone)
        free = [row.key for row in drafts if row.key not in held]
        by_key = dict(zip(self._drafts, lines, strict=True))
        super().__init__("Half-typed leads", by_key, free, _KEYS if free else _ALL_ELSEWHERE)

    def picked(self, name: str) -> None:
        """Take the draft up."""
        self.dismiss(("take", name))

    def action_discard(self) -> None:
        """Discard the marked draft, once that has been said twice."""
        if marked := self.marked:
            name = line(name_of(self._drafts[marked].typed or {}), 26)
            if self.asked(marked, f"D again discards {name} · Esc goes back"):
                self.dismiss(("discard", marked))


def draft_lines(
    drafts: Sequence[Row], held: Collection[str] = (), *, now: float, zone: tzinfo | None = None
) -> list[str]:
    """Return a line for each draft: its digit, when it was typed in, who called, and what else is known.

    How long ago that was stands there too, if no line becomes too long by it.

    Args:
        drafts: in the order of the list.
        held: the keys of those that stand in the form of another session; they have no digit.
        now: seconds since the epoch.
        zone: of the times; None, the machine's.
    """
    free = [row.key for row in drafts if row.key not in held]
    digits = dict(zip(free, DIGITS, strict=False))
    times = [when_of(row.updated_at, now, zone) for row in drafts]
    spans = [_ago(row.updated_at, now) for row in drafts]
    tails = [_notes(row, row.key in held) for row in drafts]
    names = [line(name_of(row.typed or {})) for row in drafts]
    when, ago = max(map(len, times), default=0), max(map(len, spans), default=0)
    heads = [f"{digits.get(row.key, ' ')}  {at:{when}}" for row, at in zip(drafts, times, strict=True)]
    used = 1 + 2 + when + 2 + ago + 2
    if all(used + cell_len(name + tail) <= WIDTH for name, tail in zip(names, tails, strict=True)):
        heads = [f"{head}  {span:>{ago}}" for head, span in zip(heads, spans, strict=True)]
    return [_joined(*parts) for parts in zip(heads, names, tails, strict=True)]


def name_of(typed: Mapping[str, str]) -> str:
    """Return who called, or where: name and company, or what else was typed of a lead."""
    return title_of(typed) or "(no name yet)"


def _joined(head: str, name: str, tail: str) -> str:
    room = WIDTH - cell_len(head) - 2
    return line(f"{head}  {line(name, max(_NAME, room - cell_len(tail)))}{tail}", WIDTH)


def _notes(row: Row, held: bool) -> str:
    notes = ["in another session"] if held else []
    notes += ["change of a lead"] if row.state is not State.DRAFT else []
    when = line((row.typed or {}).get(CALL_BACK, ""), _CALL_BACK).strip()
    notes += [f"call back {when}"] if when else []
    return f"  ({', '.join(notes)})" if notes else ""


def when_of(at: float, now: float, zone: tzinfo | None) -> str:
    """Return the time, ``14:05``; of the last days with the day, ``Mon 14:05``; before that the date."""
    then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    days = (today.date() - then.date()).days
    if days == 0:
        return f"{then:%H:%M}"
    # A week ago the same day has the same name; a clock that was set back is no reason to mistake a day.
    if 0 < days < len(_DAYS):
        return f"{_DAYS[then.weekday()]} {then:%H:%M}"
    day = f"{then.day} {_MONTHS[then.month - 1]}"
    return f"{day} {then:%H:%M}" if then.year == today.year else f"{day} {then.year}"


def _ago(at: float, now: float) -> str:
    minutes = int(max(0.0, now - at) // 60)
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes} min ago"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} d ago"
