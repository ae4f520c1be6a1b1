"""The states of a lead in the outbox and what each may become: the design's table, as data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a lead stands."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ASK = "ask"
    SENT = "sent"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    MERGED = "merged"
    DISCARDED = "discarded"


class UndoState(StrEnum):
    """Where the undo of a lead stands that was created."""

    UNDOING = "undoing"
    """It is not known whether it was done."""
    UNDONE = "undone"
    """The lead is in Zoho's recycle bin, as far as is known."""


Standing = State | UndoState
"""What is said of a lead: its state, or that it was undone, which leaves the state as it was."""


class Mode(StrEnum):
    """How an attempt is resolved if its answer is unclear.

    ``KEYED``: the org refuses our submission key a second time, proved by a read-back, so the same record may
    be sent again. ``UNKEYED``: it may not; the lead is looked up, and the rep is asked.
    """

    KEYED = "keyed"
    UNKEYED = "unkeyed"


MAY_BECOME: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.QUEUED, State.MERGED, State.DISCARDED}),
    State.QUEUED: frozenset({State.SENDING, State.MERGED, State.DISCARDED}),
    State.SENDING: frozenset({State.SENT, State.REJECTED, State.DUPLICATE, State.UNKNOWN, State.QUEUED}),
    State.UNKNOWN: frozenset({State.SENT, State.SENDING, State.ASK}),
    State.ASK: frozenset({State.SENT, State.QUEUED, State.DISCARDED}),
    State.REJECTED: frozenset({State.QUEUED, State.MERGED, State.DISCARDED}),
    State.DUPLICATE: frozenset({State.QUEUED, State.MERGED, State.DISCARDED}),
    State.SENT: frozenset(),
    State.MERGED: frozenset(),
    State.DISCARDED: frozenset(),
}

MAY_DECIDE: Mapping[State, frozenset[State]] = {
    state: MAY_BECOME[state] - {State.SENDING}
    for state in (State.DRAFT, State.QUEUED, State.ASK, State.REJECTED, State.DUPLICATE)
}
"""What the rep's word may make of a lead. What is being sent, or unclear, is the courier's alone: queued by
hand, it could be created twice."""

EDITABLE = frozenset({State.DRAFT, State.QUEUED, State.REJECTED, State.DUPLICATE})
"""A lead whose record may stand in Zoho already is not edited: the edit would be lost or doubled."""

UNSENT = frozenset({State.QUEUED, State.SENDING, State.UNKNOWN})
"""What the courier still has to do something about."""

NEEDS_REP = frozenset({State.ASK, State.REJECTED, State.DUPLICATE})
"""What waits for the rep's word."""

IN_ZOHO = frozenset({State.SENT, State.MERGED})
"""What stands in Zoho as a record of its own, or went into one that was there."""

ENDED = frozenset({State.SENT, State.MERGED, State.DISCARDED})
"""Nothing will be done about it any more: its values are kept for a while, then purged."""
