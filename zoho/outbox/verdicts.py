"""What an attempt's result means for the lead and for the sender: the failure table, as functions."""

from __future__ import annotations

from dataclasses import dataclass

from zoho.api.answers import RecordCreated
from zoho.outbox.states import Mode, State
from zoho.outbox.store import Outcome, Pause, Row
from zoho.wire.errors import (
    ConfigError,
    DuplicateRejected,
    FieldFault,
    NotReached,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    RecordRejected,
    RequestRejected,
    SignInError,
    TokenThrottled,
    UnexpectedAnswer,
    ZohoError,
)

CREDITS_WAIT = 1800.0
"""Seconds to rest when the org's API credits are used up (they come back over 24 hours)."""

_NO_RECORDS_FAULT = frozenset(
    {
        "INVALID_URL_PATTERN",
        "INVALID_MODULE",
        "INVALID_REQUEST_METHOD",
        "API_NOT_SUPPORTED",
        "EXPECTED_PARAM_MISSING",
        "REQUIRED_PARAM_MISSING",
        "FEATURE_NOT_SUPPORTED",
    }
)
"""Codes of a request that no lead can cure: they stop the sender instead of refusing the lead."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to write down for the lead, and how the sender goes on.

    Args:
        outcome: the lead's next state.
        pause: why the sender rests, if it does; None clears an earlier pause.
        compare: id of an existing record whose key decides between *sent* and *duplicate*.
        line_down: the pause is the line's: its length grows with each failure, and new work ends it.
    """

    outcome: Outcome
    pause: Pause | None = None
    compare: str | None = None
    line_down: bool = False


def verdict_of(result: RecordCreated | ZohoError, row: Row, *, now: float, first_look: float) -> Verdict:
    """Return what *result* means for *row*, whose attempt it is.

    Args:
        result: what the API client returned or raised for this record.
        row: the lead, as it was when the attempt began.
        now: seconds since the epoch.
        first_look: when an unclear attempt is first looked at, seconds since the epoch.
    """
    if isinstance(result, RecordCreated):
        return Verdict(Outcome(State.SENT, zoho_id=result.id))
    if isinstance(result, OutcomeUnknown):
        return Verdict(Outcome(State.UNKNOWN, faults=(_fault(result),), not_before=first_look))
    if isinstance(result, DuplicateRejected):
        return _duplicate(result, row)
    if isinstance(result, RecordRejected):
        return Verdict(Outcome(State.REJECTED, faults=result.faults))
    if isinstance(result, RequestRejected) and result.code not in _NO_RECORDS_FAULT:
        return Verdict(Outcome(State.REJECTED, faults=(_fault(result),)))
    return _not_applied(result, now)


def _duplicate(result: DuplicateRejected, row: Row) -> Verdict:
    ours = [item for item in result.duplicates if row.key_field is not None and item.field == row.key_field]
    if ours:
        # Zoho refuses our own key a second time: the lead had arrived.
        return Verdict(Outcome(State.SENT, zoho_id=ours[0].id))
    other = result.duplicates[0].id if result.duplicates else None
    outcome = Outcome(State.DUPLICATE, zoho_id=other, faults=result.faults)
    # Another unique field collides: after an unclear attempt the record in the way may be our own.
    compare = other if row.attempt > 1 and row.key_field is not None and row.mode is Mode.KEYED else None
    return Verdict(outcome, compare=compare)


def _not_applied(error: ZohoError, now: float) -> Verdict:
    queued = Outcome(State.QUEUED, faults=(_fault(error),))
    if isinstance(error, NotReached):
        return Verdict(queued, _pause(error, now), line_down=True)
    if isinstance(error, TokenThrottled):
        return Verdict(queued, _pause(error, now + error.wait))
    if isinstance(error, RateLimited):
        wait = error.wait if error.wait is not None else (CREDITS_WAIT if error.credits_exhausted else None)
        if wait is None:
            return Verdict(queued, _pause(error, now), line_down=True)
        return Verdict(queued, _pause(error, now + wait))
    # SignInError, PermissionMissing, ConfigError, UnexpectedAnswer, a fault that is no record's:
    # nothing gets better by itself.
    return Verdict(queued, _pause(error, None))


STOPPING = (ConfigError, PermissionMissing, SignInError, UnexpectedAnswer)
"""Errors that stop the sender until somebody acts."""


def _pause(error: ZohoError, until: float | None) -> Pause:
    return Pause(until, error.what, error.next_step, error.code)


def _fault(error: ZohoError) -> FieldFault:
    return FieldFault(error.code, error.what, error.next_step, error.field, dict(error.details))
