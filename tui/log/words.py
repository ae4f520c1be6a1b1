"""A lead of the outbox in words: for the list, the details and the toasts."""

from __future__ import annotations

import time
from typing import NamedTuple

from tui.actions import key_of
from tui.text import Signs
from zoho.commands.exporting import STATE_WORDS
from zoho.leads.fault_words import fault_line
from zoho.leads.fields import LeadForm
from zoho.outbox.names import name_of
from zoho.outbox.states import Standing, State
from zoho.outbox.store import Row


def states_called(word: str) -> frozenset[Standing]:
    """Return the states whose name on the screen has *word* in it."""
    return frozenset(state for state, name in STATE_WORDS.items() if word.casefold() in name)


class RowWords(NamedTuple):
    """What the list shows of a lead."""

    when: str
    sign: str
    state: str
    who: str
    result: str


def row_words(row: Row, form: LeadForm, signs: Signs, *, org: str | None, now: float) -> RowWords:
    """Return a lead in words; *org* is the org that is signed in to, *now* seconds since the epoch."""
    return RowWords(
        when=_when(row.updated_at, now),
        sign=sign_of(row.state, signs) if row.in_zoho or row.state is not State.SENT else " ",
        state=STATE_WORDS[row.standing],
        who=name_of(row),
        result=result_of(row, form, org=org),
    )


def sign_of(state: State, signs: Signs) -> str:
    """Return the sign beside a state's word."""
    if state in (State.SENT, State.MERGED):
        return signs.created
    if state in (State.QUEUED, State.SENDING, State.DRAFT):
        return signs.waiting
    if state is State.UNKNOWN:
        return signs.unclear
    return " " if state is State.DISCARDED else signs.attention


def result_of(row: Row, form: LeadForm, *, org: str | None) -> str:
    """Return the Zoho id of a lead, or why it has none."""
    if row.state is State.SENT:
        return row.zoho_id or ""
    if row.state is State.MERGED:
        return row.reason or row.zoho_id or ""
    if row.state is State.DRAFT:
        return f"half typed: {key_of('log.edit')} takes it up"
    if row.being_changed:
        return f"half changed: {key_of('log.edit')} takes it up"
    if row.state is State.QUEUED and row.org != org:
        confirms = f"saved before sign-in: {key_of('log.bind')} confirms the org"
        return confirms if row.org is None else "for another org"
    return fault_line(row.faults[0], form) + others(row) if row.faults else ""


def others(row: Row) -> str:
    """Return how many more reasons there are than the first."""
    return f" (and {len(row.faults) - 1} more)" if len(row.faults) > 1 else ""


def _when(at: float, now: float) -> str:
    then, today = time.localtime(at), time.localtime(now)
    return time.strftime("%H:%M" if then[:3] == today[:3] else "%d %b", then)
