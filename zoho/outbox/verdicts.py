"""What an attempt's result means for the lead and for the sender: the failure table, as functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from zoho.api.answers import RecordCreated
from zoho.outbox.states import State
from zoho.outbox.store import Outcome, Pause, Row
from zoho.wire.errors import (
    DuplicateRejected,
    FieldFault,
    NotReached,
    OutcomeUnknown,
    RateLimited,
    RecordRejected,
    RequestRejected,
    StorageError,
    TokenThrottled,
    ZohoError,
)

CREDITS_WAIT = 1800.0
"""Seconds to rest when the org's API credits are used up (they come back over 24 hours)."""

STORAGE_WAIT = 30.0
"""Seconds to rest when a file of ours cannot be written: somebody may free some space meanwhile."""

_NO_RECORDS_FAULT = frozenset(
    {
        "INVALID_URL_PATTERN",
        "INVALID_MODULE",
        "INVALID_REQUEST_METHOD",
        "API_NOT_SUPPORTED",
        "EXPECTED_PARAM_MISSING",
        "REQUIRED_PARAM_MISSING",
        "FEATURE_NOT_SUPPORTED",
        "AUTHENTICATION_FAILURE",
        "INVALID_TOKEN",
    }
)
"""Codes of a request that no lead can cure: they stop the sender instead of refusing the lead."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to write down for the lead, and how the sender goes on.

    Args:
        outcome: the lead's next state.
        pause: why the sender rests, if it does; None clears an earlier pause.
        compare: ids of the existing records whose keys decide between *sent* and *duplicate*.
        grows: the pause has no length of its own: it grows with each failure in a row.
        line_down: the pause is the line's: new work ends it.
    """

    outcome: Outcome
    pause: Pause | None = None
    compare: tuple[str, ...] = ()
    grows: bool = False
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
        # The next lead would probably meet the same trouble, and be in doubt as well: rest before it is sent.
        outcome = Outcome(State.UNKNOWN, faults=(fault_of(result),), not_before=first_look)
        rest = rest_after(result, now)
        return Verdict(outcome, rest.pause, grows=rest.grows, line_down=rest.line_down)
    if isinstance(result, DuplicateRejected):
        return _duplicate(result, row)
    if isinstance(result, RecordRejected):
        return Verdict(Outcome(State.REJECTED, faults=result.faults))
    if is_a_records_fault(result):
        return Verdict(Outcome(State.REJECTED, faults=(fault_of(result),)))
    return _not_applied(result, now)


def is_a_records_fault(result: RecordCreated | ZohoError) -> bool:
    """Say whether Zoho refused the whole request for something in a record: without that one it may pass."""
    return isinstance(result, RequestRejected) and result.code not in _NO_RECORDS_FAULT


def _duplicate(result: DuplicateRejected, row: Row) -> Verdict:
    duplicates = result.duplicates
    ours = [item for item in duplicates if row.key_field is not None and item.field == row.key_field]
    if ours:
        # Zoho refuses our own key a second time: the lead had arrived.
        return Verdict(Outcome(State.SENT, zoho_id=ours[0].id))
    outcome = Outcome(State.DUPLICATE, zoho_id=duplicates[0].id if duplicates else None, faults=result.faults)
    if not row.unclear or row.key_field is None:
        return Verdict(outcome)
    # Another unique field collides: after an unclear attempt the record in the way may be our own.
    if not duplicates:
        return Verdict(replace(outcome, state=State.ASK))
    return Verdict(outcome, compare=tuple(dict.fromkeys(item.id for item in duplicates)))


def _not_applied(error: ZohoError, now: float) -> Verdict:
    rest = rest_after(error, now)
    outcome = Outcome(State.QUEUED, faults=(fault_of(error),))
    return Verdict(outcome, rest.pause, grows=rest.grows, line_down=rest.line_down)


class RestAfter(NamedTuple):
    """A pause, as in `Verdict`."""

    pause: Pause
    grows: bool = False
    line_down: bool = False


def rest_after(error: ZohoError, now: float) -> RestAfter:
    """Return how the sender rests after a request that no record is at fault for."""
    if isinstance(error, OutcomeUnknown | NotReached):
        return RestAfter(_pause(error, now), grows=True, line_down=True)
    if isinstance(error, TokenThrottled):
        return RestAfter(_pause(error, now + error.wait))
    if isinstance(error, StorageError):
        return RestAfter(_pause(error, now + STORAGE_WAIT))
    if isinstance(error, RateLimited):
        wait = error.wait or (CREDITS_WAIT if error.credits_exhausted else None)
        return RestAfter(_pause(error, now + (wait or 0.0)), grows=wait is None)
    # SignInError, PermissionMissing, ConfigError, UnexpectedAnswer, a fault that is no record's:
    # nothing gets better by itself.
    return RestAfter(_pause(error, None))


def _pause(error: ZohoError, until: float | None) -> Pause:
    return Pause(until, error.what, error.next_step, error.code)


def fault_of(error: ZohoError) -> FieldFault:
    """Return the error as a reason that is kept with a row."""
    return FieldFault(error.code, error.what, error.next_step, error.field, dict(error.details))


def cut_off() -> OutcomeUnknown:
    """Return the error of an attempt that was cancelled."""
    return OutcomeUnknown(
        "Sending was cut off before Zoho's answer came.",
        next_step="It is looked up before anything is sent again.",
        code="cancelled",
    )


def broken(code: str) -> OutcomeUnknown:
    """Return the error of an attempt in which this program failed."""
    return OutcomeUnknown(
        "Sending failed in a way that nobody thought of.",
        next_step="It is looked up before anything is sent again; see the log file.",
        code=code,
    )
