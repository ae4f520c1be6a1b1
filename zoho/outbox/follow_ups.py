"""Notes and tasks that go with a lead: their states, their rows, and what may be done with them.

A follow-up is created in Zoho after its lead, once. Whatever becomes of it, its lead stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.wire.errors import FieldFault

if TYPE_CHECKING:
    from zoho.outbox.store import LoggedCall

MODULES = frozenset({"Leads", "Contacts", "Accounts"})
"""Whose records may have follow-ups."""


class FollowUpState(StrEnum):
    """Where a follow-up stands."""

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    REFUSED = "refused"
    DISCARDED = "discarded"


_S = FollowUpState

FOLLOW_UP_MAY_BECOME: Mapping[FollowUpState, frozenset[FollowUpState]] = {
    _S.WAITING: frozenset({_S.SENDING, _S.REFUSED, _S.DISCARDED}),
    _S.SENDING: frozenset({_S.SENT, _S.REFUSED, _S.UNKNOWN, _S.WAITING}),
    _S.UNKNOWN: frozenset({_S.SENT, _S.WAITING, _S.REFUSED, _S.UNKNOWN, _S.DISCARDED}),
    _S.REFUSED: frozenset({_S.WAITING, _S.UNKNOWN, _S.DISCARDED}),
    _S.SENT: frozenset(),
    _S.DISCARDED: frozenset(),
}
"""*waiting* again only where Zoho certainly does not have it; *unknown* is looked for, and only then sent."""

FOLLOW_UP_UNSENT = frozenset({_S.WAITING, _S.SENDING, _S.UNKNOWN})
"""What the courier still has to do something about, as soon as its lead stands in Zoho."""

FOLLOW_UP_ENDED = frozenset({_S.SENT, _S.DISCARDED})
"""Nothing will be done about it any more."""


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A note or a task in the outbox.

    Args:
        id: a UUID of its own; it is never sent.
        lead: the submission key of its lead.
        kind: a note or a task.
        values: its values as Zoho takes them; empty once they were purged.
        state: where it stands.
        module: API name of the module of the record that it goes to.
        record_id: Zoho's id of that record; None until its lead is created or merged.
        org: the org of its lead.
        attempt: how many times sending it has begun.
        sender: who began the last attempt, or looks what became of it.
        attempt_at: when that began, by Zoho's clock, seconds since the epoch.
        not_before: when something is done about it next, seconds since the epoch.
        zoho_id: Zoho's id of the note or task.
        faults: why it was refused, or what is unclear.
        created_at: when it was saved, seconds since the epoch.
        updated_at: when it last changed.
        unclear: whether an attempt of it may stand in Zoho, and was not found out about yet.
    """

    id: str
    lead: str
    kind: FollowUpKind
    values: Mapping[str, Any]
    state: FollowUpState
    module: str
    record_id: str | None
    org: str | None
    attempt: int
    sender: str | None
    attempt_at: float
    not_before: float
    zoho_id: str | None
    faults: tuple[FieldFault, ...]
    created_at: float
    updated_at: float
    unclear: bool = False


class OpenFollowUp(NamedTuple):
    """A follow-up that has not come to its end: what it is, and where it stands."""

    kind: FollowUpKind
    state: FollowUpState


class FollowUps(Protocol):
    """The notes and tasks of the outbox. Every method may raise `zoho.wire.StorageError`."""

    def of(self, key: str) -> list[FollowUpRow]:
        """Return the follow-ups of the lead of that key, in the order in which they were given."""
        ...

    def still_open(self, keys: Sequence[str]) -> Mapping[str, Sequence[OpenFollowUp]]:
        """Return the follow-ups of these leads that have not come to their end, by the key of the lead.

        A lead that has none is left out. Some hundred keys at most.
        """
        ...

    def due(self, org: str, *, now: float, limit: int) -> list[FollowUpRow]:
        """Return follow-ups of that org whose lead stands in Zoho and with which something is to be done.

        Those that were not sent yet come first, then those whose fate is unclear; each oldest first.
        """
        ...

    def waiting(self, org: str) -> int:
        """Return how many follow-ups of that org the courier has to do something about, now or later.

        Those whose lead does not stand in Zoho yet are not counted: their lead is.
        """
        ...

    def refused(self) -> int:
        """Return how many follow-ups Zoho refused, or are left for the rep to look at."""
        ...

    def begin(self, row: FollowUpRow, sender: str, at: float) -> FollowUpRow | None:
        """Write down that it is being sent; None if it is not as it was when it was read.

        Args:
            row: one that waits.
            sender: who sends it.
            at: now, by Zoho's clock.
        """
        ...

    def claim(self, row: FollowUpRow, sender: str) -> FollowUpRow | None:
        """Take an unclear one over, to find out about it; None if it is not as it was when it was read."""
        ...

    def finish(
        self,
        row: FollowUpRow,
        state: FollowUpState,
        *,
        at: float,
        zoho_id: str | None = None,
        faults: Sequence[FieldFault] = (),
        not_before: float = 0.0,
        calls: Sequence[LoggedCall] = (),
    ) -> FollowUpRow | None:
        """Write down what became of it; None if it is no longer that sender's.

        The calls are kept with its lead in either case: they were made.
        """
        ...

    def orphan(self, sender: str, not_before: float, at: float) -> list[FollowUpRow]:
        """Turn every one that another sender left in *sending* into *unknown*, and return them."""
        ...

    def holder_of(self, zoho_id: str) -> str | None:
        """Return the id of the follow-up that has this id in Zoho."""
        ...

    def retry(self, key: str, at: float) -> int:
        """Let the refused ones of a lead wait again, and return how many.

        One that may stand in Zoho all the same is looked for before it is sent.
        """
        ...

    def discard(self, key: str, at: float) -> int:
        """Give the refused ones of a lead up, and return how many."""
        ...


def not_sent_yet(rows: Iterable[FollowUpRow]) -> list[FollowUp]:
    """Return those of a lead that is not in Zoho, as they were given: an edit of it takes their place.

    An unclear one is among them: as long as its lead is not there, it can be nowhere.
    """
    states = (FollowUpState.WAITING, FollowUpState.UNKNOWN)
    return [FollowUp(row.kind, row.values) for row in rows if row.state in states]


def check_follow_up_step(row: FollowUpRow, state: FollowUpState) -> None:
    """Refuse a step that the table does not have: it would be a mistake of the caller's."""
    if state not in FOLLOW_UP_MAY_BECOME[row.state]:
        raise ValueError(f"a follow-up that is {row.state} does not become {state}")
