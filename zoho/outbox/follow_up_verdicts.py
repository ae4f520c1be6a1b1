"""What a result means for a note or task and for the sender: the failure table of follow-ups, as functions.

What Zoho refuses of a follow-up stops nobody: the next leads may well pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from zoho.outbox.follow_ups import FollowUpRow, FollowUpState
from zoho.outbox.store import Pause
from zoho.outbox.verdicts import fault_of, rest_after
from zoho.wire.errors import (
    FieldFault,
    OutcomeUnknown,
    PermissionMissing,
    RecordRejected,
    RequestRejected,
    UnexpectedAnswer,
    ZohoError,
)

ELSEWHERE_WAIT = 300.0
"""Seconds after which a follow-up whose address gave an answer that is not Zoho's is tried again: whether
leads meet the same, the next lead tells."""

_LOOK_THERE = "It may stand in Zoho already: look there, and add it by hand if it does not."


@dataclass(frozen=True, slots=True)
class FollowUpOutcome:
    """What became of a follow-up."""

    state: FollowUpState
    zoho_id: str | None = None
    faults: tuple[FieldFault, ...] = ()
    not_before: float = 0.0


@dataclass(frozen=True, slots=True)
class FollowUpVerdict:
    """What to write down for it, and how the sender goes on; as `zoho.outbox.verdicts.Verdict`."""

    outcome: FollowUpOutcome
    pause: Pause | None = None
    grows: bool = False
    line_down: bool = False


def verdict_of_sending(result: str | ZohoError, *, now: float, first_look: float) -> FollowUpVerdict:
    """Return what *result* means for a follow-up that was sent.

    Args:
        result: Zoho's id of it, or what the API client raised.
        now: seconds since the epoch.
        first_look: when it is looked for, if its fate is unclear, seconds since the epoch.
    """
    if isinstance(result, str):
        return FollowUpVerdict(FollowUpOutcome(FollowUpState.SENT, zoho_id=result))
    if isinstance(result, RecordRejected):
        return FollowUpVerdict(FollowUpOutcome(FollowUpState.REFUSED, faults=result.faults))
    fault = fault_of(result)
    if isinstance(result, PermissionMissing | RequestRejected):
        return FollowUpVerdict(FollowUpOutcome(FollowUpState.REFUSED, faults=(fault,)))
    if isinstance(result, OutcomeUnknown):
        outcome = FollowUpOutcome(FollowUpState.UNKNOWN, faults=(fault,), not_before=first_look)
        return _resting(outcome, result, now)
    return _later(FollowUpOutcome(FollowUpState.WAITING, faults=(fault,)), result, now)


def verdict_of_looking(
    result: str | ZohoError | None, row: FollowUpRow, *, now: float, next_look: float
) -> FollowUpVerdict:
    """Return what *result* means for a follow-up that was looked for, when all under way had arrived.

    Args:
        result: Zoho's id of it; None, it is not there; or what the API client raised.
        row: the follow-up, whose fate is unclear.
        now: seconds since the epoch.
        next_look: when it is looked for again, if no answer came, seconds since the epoch.
    """
    if isinstance(result, str):
        return FollowUpVerdict(FollowUpOutcome(FollowUpState.SENT, zoho_id=result))
    if result is None:
        return FollowUpVerdict(FollowUpOutcome(FollowUpState.WAITING))
    if isinstance(result, PermissionMissing | RequestRejected | RecordRejected):
        # A second one would be worse than one that is missing: somebody has to look.
        fault = replace(fault_of(result), next_step=_LOOK_THERE)
        return FollowUpVerdict(FollowUpOutcome(FollowUpState.REFUSED, faults=(fault,)))
    unclear = FollowUpOutcome(FollowUpState.UNKNOWN, faults=row.faults, not_before=row.not_before)
    if isinstance(result, OutcomeUnknown):
        return _resting(replace(unclear, not_before=next_look), result, now)
    return _later(unclear, result, now)


def no_record() -> FollowUpOutcome:
    """Return the outcome of a follow-up whose lead stands in Zoho nobody knows where."""
    fault = FieldFault(
        "no_record",
        "It is not known which record in Zoho is its lead.",
        "Look for the lead in Zoho, and add this there by hand.",
    )
    return FollowUpOutcome(FollowUpState.REFUSED, faults=(fault,))


def _later(outcome: FollowUpOutcome, error: ZohoError, now: float) -> FollowUpVerdict:
    if isinstance(error, UnexpectedAnswer):
        return FollowUpVerdict(replace(outcome, not_before=now + ELSEWHERE_WAIT))
    return _resting(outcome, error, now)


def _resting(outcome: FollowUpOutcome, error: ZohoError, now: float) -> FollowUpVerdict:
    rest = rest_after(error, now)
    return FollowUpVerdict(outcome, rest.pause, grows=rest.grows, line_down=rest.line_down)
