"""Which leads may be undone, and restored."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from outbox_office import row_of

from zoho.api.models import Record
from zoho.leads.follow_up import FollowUpKind
from zoho.outbox.follow_ups import FOLLOW_UP_UNSENT, FollowUpRow, FollowUpState
from zoho.outbox.states import State
from zoho.outbox.store import Row
from zoho.outbox.undo_rules import UNDO_WITHIN, unlike_as_created, why_not, why_not_back
from zoho.wire.errors import ZohoError

ORG, ME, BOB = "us:1:production:2", {"id": "2", "name": "Ada"}, {"id": "3", "name": "Bob"}
AT = 1_000_000.0


def created(**more: Any) -> Row:
    return row_of(**{"state": State.SENT, "zoho_id": "9", "org": ORG, "updated_at": AT, **more})


def text(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def record(**more: Any) -> Record:
    told = {"Created_By": ME, "Modified_By": ME, "Created_Time": text(AT), "Modified_Time": text(AT)}
    return Record.model_validate({"id": "9", **told, **more})


def follow_up(state: FollowUpState) -> FollowUpRow:
    given = dict.fromkeys([one.name for one in dataclasses.fields(FollowUpRow)], None)
    return FollowUpRow(**{**given, "kind": FollowUpKind.NOTE, "state": state})  # type: ignore[arg-type]


def code_of(error: pytest.ExceptionInfo[ZohoError]) -> str:
    told = error.value
    assert told.what.endswith(".")
    assert told.next_step.endswith(".")
    return told.code.removeprefix("undo_")


def test_a_lead_that_was_just_created_may_be_undone() -> None:
    why_not(created(), [], org=ORG, now=AT + UNDO_WITHIN)
    unlike_as_created(record(), created(), user_id="2", now=AT + UNDO_WITHIN)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        *(({"state": state}, "not_created") for state in State if state is not State.SENT),
        ({"zoho_id": None}, "not_created"),
        ({"zoho_id": "../1"}, "not_created"),
        ({"org": None}, "elsewhere"),
        ({"org": "us:1:production:3"}, "elsewhere"),
        ({"updated_at": AT - UNDO_WITHIN - 1}, "too_old"),
        ({"undo_wanted": AT}, "open"),
        ({"undo_wanted": AT, "undone_at": AT}, "done"),
        ({"undo_wanted": AT, "undone_at": AT, "restored_at": AT}, "restored"),
    ],
)
def test_what_is_refused_without_asking_zoho(row: dict[str, Any], code: str) -> None:
    with pytest.raises(ZohoError) as caught:
        why_not(created(**row), [], org=ORG, now=AT)
    assert code_of(caught) == code


@pytest.mark.parametrize("state", FollowUpState)
def test_what_is_under_way_must_arrive_first(state: FollowUpState) -> None:
    if state in FOLLOW_UP_UNSENT - {FollowUpState.WAITING}:
        with pytest.raises(ZohoError) as caught:
            why_not(created(), [follow_up(state)], org=ORG, now=AT)
        assert code_of(caught) == "under_way"
    else:
        why_not(created(), [follow_up(state)], org=ORG, now=AT)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"$converted": True}, "converted"),
        ({"Converted__s": True}, "converted"),
        ({"Created_By": BOB}, "not_yours"),
        ({"Created_By": None}, "not_yours"),
        ({"Submission_Key": "another"}, "not_yours"),
        ({"Modified_Time": text(AT + 1)}, "changed"),
        ({"Modified_By": BOB}, "changed"),
        ({"Created_Time": None}, "no_times"),
        ({"Modified_Time": "lately"}, "no_times"),
        ({"Modified_Time": "2001-09-09T01:46:40"}, "no_times"),
    ],
)
def test_what_is_refused_once_zoho_has_told(told: dict[str, Any], code: str) -> None:
    with pytest.raises(ZohoError) as caught:
        unlike_as_created(record(**told), created(), user_id="2", now=AT)
    assert code_of(caught) == code


def test_what_is_gone_or_old_by_zohos_clock_is_refused() -> None:
    with pytest.raises(ZohoError) as caught:
        unlike_as_created(None, created(), user_id="2", now=AT)
    assert code_of(caught) == "gone"
    with pytest.raises(ZohoError) as caught:
        unlike_as_created(record(), created(), user_id="2", now=AT + UNDO_WITHIN + 1)
    assert code_of(caught) == "too_old"


@pytest.mark.parametrize("told", [{}, {"Submission_Key": None}, {"Modified_By": None}])
def test_what_zoho_does_not_tell_is_not_held_against_a_lead(told: dict[str, Any]) -> None:
    unlike_as_created(record(**told), created(), user_id="2", now=AT)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({}, "not_undone"),
        ({"undo_wanted": AT}, "open"),
        ({"undo_wanted": AT, "undone_at": AT, "restored_at": AT}, "not_undone"),
        ({"undo_wanted": AT, "undone_at": AT, "org": "us:1:production:3"}, "elsewhere"),
    ],
)
def test_what_is_not_restored(row: dict[str, Any], code: str) -> None:
    why_not_back(created(undo_wanted=AT, undone_at=AT), org=ORG)
    with pytest.raises(ZohoError) as caught:
        why_not_back(created(**row), org=ORG)
    assert code_of(caught) == code
