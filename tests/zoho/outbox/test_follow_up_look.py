"""Is it there? What counts as the same note or task, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sandbox_caller import NOW

from zoho.api.models import Record
from zoho.leads.follow_up import FollowUpKind
from zoho.outbox.follow_up_look import same_follow_up
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState


def row(kind: FollowUpKind = FollowUpKind.NOTE, **values: Any) -> FollowUpRow:
    return FollowUpRow(
        *("id", "key", kind, values, FollowUpState.UNKNOWN, "Leads", "9", "org"),
        *(1, "me", NOW, NOW, None, (), NOW, NOW),
    )


def record(number: int = 5, *, created: float = NOW, **fields: Any) -> Record:
    moment = datetime.fromtimestamp(created, UTC).isoformat()
    return Record.model_validate({"id": str(number), "Created_Time": moment, **fields})


NOTE = {"Note_Title": "Answers", "Note_Content": "Budget: 10 k\nAuthority: she & he"}


@pytest.mark.parametrize(
    "content",
    [
        NOTE["Note_Content"],
        "Budget: 10 k\r\nAuthority: she & he",
        "Budget: 10 k\nAuthority: she &amp; he",
        "  Budget:  10 k Authority: she & he\n",
    ],
)
def test_what_zoho_may_change_in_a_text_makes_no_difference(content: str) -> None:
    found = same_follow_up(row(**NOTE), [record(Note_Title="Answers", Note_Content=content)])
    assert [one.id for one in found] == ["5"]


def test_entities_that_were_typed_are_no_difference_either() -> None:
    typed = row(Note_Title="a &lt; b", Note_Content="caf\u00e9")
    assert same_follow_up(typed, [record(Note_Title="a < b", Note_Content="cafe\u0301")])


@pytest.mark.parametrize(
    "fields",
    [
        {"Note_Title": "Answers", "Note_Content": "Budget: 11 k\nAuthority: she & he"},
        {"Note_Title": "Other", "Note_Content": NOTE["Note_Content"]},
        {"Note_Content": NOTE["Note_Content"]},
        {"Note_Title": "Answers", "Note_Content": None},
        {},
    ],
)
def test_another_text_is_another_note(fields: dict[str, Any]) -> None:
    assert same_follow_up(row(**NOTE), [record(**fields)]) == []


def test_only_what_was_sent_is_compared() -> None:
    found = same_follow_up(row(Note_Content="Called"), [record(Note_Title="by Zoho", Note_Content="Called")])
    assert len(found) == 1
    assert same_follow_up(row(), [record(Note_Title="anything")]) == []


def test_a_task_is_compared_by_subject_date_and_description() -> None:
    task = {"Subject": "Call", "Due_Date": "2026-11-26", "Description": "soon", "Status": "Not Started"}
    ours = row(FollowUpKind.TASK, **task)
    assert same_follow_up(ours, [record(**{**task, "Status": "Completed"})])
    for name in ("Subject", "Due_Date", "Description"):
        assert same_follow_up(ours, [record(**{**task, name: "other"})]) == []


def test_what_stood_there_long_before_is_no_attempt_of_ours() -> None:
    assert same_follow_up(row(**NOTE), [record(created=NOW - 3600, **NOTE)]) == []
    assert same_follow_up(row(**NOTE), [record(created=NOW - 60, **NOTE)])
    untold = Record.model_validate({"id": "5", **NOTE})
    assert same_follow_up(row(**NOTE), [untold]) == [untold]


def test_of_several_the_oldest_comes_first() -> None:
    found = same_follow_up(row(**NOTE), [record(10, **NOTE), record(9, **NOTE)])
    assert [one.id for one in found] == ["9", "10"]
