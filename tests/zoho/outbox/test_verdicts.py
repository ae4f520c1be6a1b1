"""The failure table of the design, row by row."""

from __future__ import annotations

from typing import Any

import pytest
from outbox_office import KEY_FIELD, row_of

from zoho.api.answers import Answer, RecordCreated, read_created
from zoho.outbox.states import Mode, State
from zoho.outbox.store import Row
from zoho.outbox.verdicts import CREDITS_WAIT, STORAGE_WAIT, Verdict, verdict_of
from zoho.wire.errors import (
    ConfigError,
    DuplicateRejected,
    NotReached,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    RecordRejected,
    RequestRejected,
    SignInError,
    StorageError,
    TokenThrottled,
    UnexpectedAnswer,
    ZohoError,
)

NOW = 1000.0
LATER = 1050.0
STEP = {"next_step": "Do this."}


def verdict(result: RecordCreated | ZohoError, row: Row | None = None) -> Verdict:
    return verdict_of(result, row or row_of(), now=NOW, first_look=LATER)


def rate_limited(**more: Any) -> RateLimited:
    return RateLimited("Slow down.", **STEP, **more)


def test_created_is_sent_with_its_id() -> None:
    found = verdict(RecordCreated("77", {}))
    assert (found.outcome.state, found.outcome.zoho_id, found.pause) == (State.SENT, "77", None)


NOT_APPLIED = [
    # error, until (None: until somebody acts), grows, ended by new work
    (NotReached("Refused.", **STEP), NOW, True, True),
    (rate_limited(), NOW, True, False),
    (rate_limited(wait=0.0), NOW, True, False),
    (rate_limited(wait=30.0), NOW + 30, False, False),
    (rate_limited(credits_exhausted=True), NOW + CREDITS_WAIT, False, False),
    (rate_limited(credits_exhausted=True, wait=60.0), NOW + 60, False, False),
    (TokenThrottled("Too many tokens.", wait=600.0, **STEP), NOW + 600, False, False),
    (StorageError("The disk is full.", **STEP), NOW + STORAGE_WAIT, False, False),
    (SignInError("Who are you?", **STEP), None, False, False),
    (PermissionMissing("A scope is missing.", **STEP), None, False, False),
    (ConfigError("No such host.", **STEP), None, False, False),
    (UnexpectedAnswer("A redirect.", **STEP), None, False, False),
    (RequestRejected("No such module.", code="INVALID_MODULE", **STEP), None, False, False),
    (RequestRejected("No such address.", code="INVALID_URL_PATTERN", **STEP), None, False, False),
]


@pytest.mark.parametrize(("error", "until", "grows", "line_down"), NOT_APPLIED)
def test_what_was_not_applied_is_queued_and_the_sender_rests(
    error: ZohoError, until: float | None, grows: bool, line_down: bool
) -> None:
    found = verdict(error)
    assert found.outcome.state is State.QUEUED
    assert found.outcome.faults[0].what == error.what
    assert found.pause is not None
    assert (found.pause.until, found.grows, found.line_down) == (until, grows, line_down)
    assert (found.pause.what, found.pause.next_step) == (error.what, "Do this.")


def test_unclear_is_unknown_is_looked_at_later_and_the_sender_rests_a_little() -> None:
    found = verdict(OutcomeUnknown("The line broke.", code="ReadTimeout", **STEP))
    assert (found.outcome.state, found.outcome.not_before) == (State.UNKNOWN, LATER)
    assert found.grows
    assert found.line_down


def test_a_refused_request_refuses_the_single_lead() -> None:
    error = RequestRejected("Zoho refused it.", code="LICENSE_LIMIT_EXCEEDED", **STEP)
    found = verdict(error)
    assert (found.outcome.state, found.pause) == (State.REJECTED, None)
    assert found.outcome.faults[0].code == "LICENSE_LIMIT_EXCEEDED"


def refused(*errors: dict[str, Any], status: int = 400) -> ZohoError:
    """What the client makes of an answer that refuses one record."""
    row = errors[0]
    if len(errors) > 1:
        row = {"code": "MULTIPLE_OR_MULTI_ERRORS", "status": "error", "details": {"errors": list(errors)}}
    result = read_created(Answer(status, {"data": [row]}), 1)[0]
    assert isinstance(result, ZohoError)
    return result


def fault(code: str, field: str, **details: Any) -> dict[str, Any]:
    return {"code": code, "status": "error", "message": code, "details": {"api_name": field, **details}}


def duplicate(field: str, record_id: str | None) -> dict[str, Any]:
    there = {"duplicate_record": {"id": record_id}} if record_id else {}
    return fault("DUPLICATE_DATA", field, **there)


@pytest.mark.parametrize("status", [200, 201, 202, 207, 400])
def test_a_records_own_error_rejects_it_whatever_the_http_status(status: int) -> None:
    error = refused(fault("MANDATORY_NOT_FOUND", "Company"), status=status)
    assert type(error) is RecordRejected
    found = verdict(error)
    assert (found.outcome.state, found.pause, found.compare) == (State.REJECTED, None, ())
    assert found.outcome.faults[0].field == "Company"


DUPLICATES = [
    # errors in Zoho's order, was it unclear before, mode, becomes, id, compared
    ([duplicate(KEY_FIELD, "1")], True, Mode.KEYED, State.SENT, "1", ()),
    ([duplicate(KEY_FIELD, "1")], False, Mode.UNKEYED, State.SENT, "1", ()),
    ([duplicate("Email", "2"), duplicate(KEY_FIELD, "1")], True, Mode.KEYED, State.SENT, "1", ()),
    ([duplicate("Email", "2")], False, Mode.KEYED, State.DUPLICATE, "2", ()),
    ([duplicate("Email", "2")], True, Mode.KEYED, State.DUPLICATE, "2", ("2",)),
    ([duplicate("Email", "2")], True, Mode.UNKEYED, State.DUPLICATE, "2", ("2",)),
    ([duplicate("Email", "2"), duplicate("Mobile", "3")], True, Mode.KEYED, State.DUPLICATE, "2", ("2", "3")),
    ([duplicate("Email", "2"), duplicate("Mobile", "2")], True, Mode.KEYED, State.DUPLICATE, "2", ("2",)),
    ([fault("INVALID_DATA", "Phone"), duplicate(KEY_FIELD, "1")], True, Mode.KEYED, State.SENT, "1", ()),
    ([duplicate("Email", None)], False, Mode.KEYED, State.DUPLICATE, None, ()),
    ([duplicate("Email", None)], True, Mode.KEYED, State.ASK, None, ()),
    ([duplicate(KEY_FIELD, None)], True, Mode.KEYED, State.ASK, None, ()),
]


@pytest.mark.parametrize(("errors", "unclear", "mode", "state", "record_id", "compare"), DUPLICATES)
def test_a_duplicate_is_ours_or_anothers(
    errors: list[dict[str, Any]],
    unclear: bool,
    mode: Mode,
    state: State,
    record_id: str | None,
    compare: tuple[str, ...],
) -> None:
    error = refused(*errors)
    assert isinstance(error, DuplicateRejected)
    found = verdict(error, row_of(attempt=3, unclear=unclear, mode=mode))
    assert (found.outcome.state, found.outcome.zoho_id, found.compare) == (state, record_id, compare)
    assert found.pause is None


def test_without_a_key_of_ours_a_duplicate_is_anothers() -> None:
    found = verdict(refused(duplicate("Email", "2")), row_of(unclear=True, key_field=None))
    assert (found.outcome.state, found.compare) == (State.DUPLICATE, ())
