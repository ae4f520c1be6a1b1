"""The notes and tasks of a lead in the Log: their signs, their words, and what can be done about them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import tzinfo

from tui.text import Signs
from zoho.leads.fault_words import fault_line
from zoho.leads.fields import LeadForm
from zoho.outbox.follow_up_names import KIND_WORDS, follow_up_name, follow_up_state
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState, OpenFollowUp
from zoho.outbox.store import Row, Store

_OPEN: Mapping[FollowUpState, tuple[str, str]] = {
    FollowUpState.REFUSED: ("refused", "refused"),
    FollowUpState.UNKNOWN: ("unclear", "unclear"),
    FollowUpState.SENDING: ("waits", "wait"),
    FollowUpState.WAITING: ("waits", "wait"),
}
"""What is said of one, and of two, in the row of their lead; what needs the rep most comes first."""


def open_states_called(word: str) -> frozenset[FollowUpState]:
    """Return those of the states that need somebody whose name in a row has *word* in it."""
    looked_for = (FollowUpState.REFUSED, FollowUpState.UNKNOWN)
    return frozenset(state for state in looked_for if word.casefold() in _OPEN[state][0])


def sign_of(state: FollowUpState, signs: Signs) -> str:
    """Return the sign beside a state's words."""
    return {
        FollowUpState.SENT: signs.created,
        FollowUpState.UNKNOWN: signs.unclear,
        FollowUpState.REFUSED: signs.attention,
        FollowUpState.DISCARDED: " ",
    }.get(state, signs.waiting)


def needs_rep(follow_ups: Sequence[OpenFollowUp]) -> bool:
    """Say whether one of them waits for the rep's word."""
    return any(one.state is FollowUpState.REFUSED for one in follow_ups)


def beside_words(row: Row, follow_ups: Sequence[OpenFollowUp], signs: Signs) -> str:
    """Return what the row of a lead says of its notes and tasks; nothing while it waits itself."""
    if not row.in_zoho:
        return ""
    for state, verbs in _OPEN.items():
        called = dict.fromkeys(KIND_WORDS[one.kind] for one in follow_ups if _OPEN.get(one.state) == verbs)
        if called:
            return f"{sign_of(state, signs)} {', '.join(called)} {verbs[len(called) > 1]}"
    return ""


def detail_lines(
    follow_ups: Sequence[FollowUpRow], form: LeadForm, signs: Signs, *, here: tzinfo | None
) -> Iterator[tuple[str, str]]:
    """Yield the lines about them, each with its sign: what each is, where it stands, why, and what to do.

    Args:
        follow_ups: those of one lead.
        form: has the labels of fields.
        signs: the signs to use.
        here: the rep's zone; None, it is not known.
    """
    for one in follow_ups:
        yield sign_of(one.state, signs), f"{follow_up_name(one, here=here)}: {follow_up_state(one)}"
        for fault in one.faults:
            yield " ", fault_line(fault, form)
            yield " ", fault.next_step


class LeadsFollowUps:
    """The notes and tasks of leads, read and decided about off the event loop.

    Every method may raise `ZohoError`.

    Args:
        store: gives the outbox.
    """

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store

    async def of(self, key: str) -> Sequence[FollowUpRow]:
        """Return those of a lead, in the order in which they were given."""
        return await asyncio.to_thread(self._store().follow_ups.of, key)

    async def refused(self, key: str) -> Sequence[FollowUpRow]:
        """Return those of a lead that Zoho refused."""
        return [one for one in await self.of(key) if one.state is FollowUpState.REFUSED]

    async def still_open(self, keys: Sequence[str]) -> Mapping[str, Sequence[OpenFollowUp]]:
        """Return those of leads that have not come to their end, by the key of the lead."""
        return await asyncio.to_thread(self._store().follow_ups.still_open, keys)

    async def retry(self, key: str) -> int:
        """Let the refused ones of a lead wait again; return how many."""
        return await asyncio.to_thread(self._store().follow_ups.retry, key, time.time())

    async def discard(self, key: str) -> int:
        """Give the refused ones of a lead up; return how many."""
        return await asyncio.to_thread(self._store().follow_ups.discard, key, time.time())
