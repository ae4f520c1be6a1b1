"""What a note or task is called, and where it stands, in a rep's words."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zoho.leads.call_back.task import reminder_of, task_of
from zoho.leads.follow_up import FollowUpKind
from zoho.outbox.follow_up_names import follow_up_name, follow_up_state, kinds_called
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState

LONDON, BERLIN, SYDNEY = ZoneInfo("Europe/London"), ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Sydney")
NOTE = {"Note_Title": "Qualification: BANT 12 of 20, Warm", "Note_Content": "Budget: approved"}
AT = datetime(2026, 11, 26, 14, 30, tzinfo=LONDON)


def row(kind: FollowUpKind = FollowUpKind.NOTE, **more: Any) -> FollowUpRow:
    given: dict[str, Any] = {
        "id": "1", "lead": "k", "kind": kind, "values": NOTE, "state": FollowUpState.WAITING,
        "module": "Leads", "record_id": "9", "org": "o", "attempt": 0, "sender": None, "attempt_at": 0.0,
        "not_before": 0.0, "zoho_id": None, "faults": (), "created_at": 0.0, "updated_at": 0.0,
    }  # fmt: skip
    return FollowUpRow(**given | more)


def call_back(zone: tzinfo | None, *, title: str = "Ada Lovelace", here: tzinfo | None = None) -> FollowUpRow:
    task = task_of(AT.astimezone(zone or here), zone, title=title, about="", phone="", here=here)
    return row(FollowUpKind.TASK, values=task.values)


def test_a_note_is_called_by_its_title() -> None:
    assert follow_up_name(row()) == "Note “Qualification: BANT 12 of 20, Warm”"
    assert follow_up_name(row(values={"Note_Content": "two\nlines"})) == "Note “two lines”"


@pytest.mark.parametrize(
    ("zone", "here", "name"),
    [
        (LONDON, LONDON, "Call-back Thu 26 Nov, 14:30 in London"),
        (LONDON, None, "Call-back Thu 26 Nov, 14:30 in London"),
        (LONDON, BERLIN, "Call-back Thu 26 Nov, 14:30 in London (15:30 here)"),
        (SYDNEY, BERLIN, "Call-back Fri 27 Nov, 01:30 in Sydney (Thu 15:30 here)"),
        (None, BERLIN, "Call-back Thu 26 Nov, 15:30 in Berlin"),
        (UTC, UTC, "Call-back Thu 26 Nov, 14:30 UTC"),
    ],
)
def test_a_call_back_is_called_by_its_time_where_the_caller_is(
    zone: tzinfo | None, here: tzinfo | None, name: str
) -> None:
    assert follow_up_name(call_back(zone, here=here), here=here) == name
    assert reminder_of(call_back(zone, here=here).values) == AT


def test_a_task_of_another_making_is_called_by_what_it_has() -> None:
    def named(**values: Any) -> str:
        return follow_up_name(row(FollowUpKind.TASK, values=values), here=BERLIN)

    alarm = {"ALARM": "FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2026-11-26T14:30:00+00:00"}
    assert named(Subject="Call Ada", Due_Date="2026-11-26") == "Call-back Call Ada"
    assert named(Subject="Ada, 14:3", Remind_At=alarm) == (
        "Call-back Thu 26 Nov, 14:30 for the caller (15:30 here)"
    )
    for wrong in ("x", {"ALARM": "FREQ=NONE"}, {"ALARM": "TRIGGER=DATE-TIME:2026-11-26T14:30:00"}, None):
        assert named(Subject="Call", Remind_At=wrong) == "Call-back Call"


def test_what_was_purged_has_its_kind_alone() -> None:
    assert follow_up_name(row(values={})) == "Note"
    assert follow_up_name(row(FollowUpKind.TASK, values={}), here=BERLIN) == "Call-back"


def test_what_zoho_wrote_or_a_file_held_stays_on_one_line() -> None:
    assert follow_up_name(row(values={"Note_Title": "a\nb\x1b[2J"})).isprintable()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"record_id": None}, "waits for the lead"),
        ({}, "waits"),
        ({"state": FollowUpState.SENDING}, "is being sent"),
        ({"state": FollowUpState.UNKNOWN}, "unclear; looked for before it is sent again"),
        ({"state": FollowUpState.SENT, "zoho_id": "77"}, "in Zoho, 77"),
        ({"state": FollowUpState.REFUSED}, "refused"),
        ({"state": FollowUpState.DISCARDED}, "given up"),
    ],
)
def test_where_it_stands(more: dict[str, Any], words: str) -> None:
    assert follow_up_state(row(**more)) == words


def test_several_are_named_once_each() -> None:
    note, task = FollowUpKind.NOTE, FollowUpKind.TASK
    assert kinds_called([note, task, note]) == "note and call-back"
    assert kinds_called([task]) == "call-back"
