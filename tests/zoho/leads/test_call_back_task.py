"""The task that a call-back becomes in Zoho."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from zoho.leads.call_back import CALL_BACK, CALL_BACK_ABOUT, task_of
from zoho.leads.follow_up import FollowUpKind
from zoho.wire.clean import clean

LONDON = ZoneInfo("Europe/London")
BERLIN = ZoneInfo("Europe/Berlin")
SYDNEY = ZoneInfo("Australia/Sydney")

MOMENT = datetime(2026, 11, 26, 14, 30, tzinfo=LONDON)


def test_the_whole_task() -> None:
    task = task_of(
        MOMENT,
        LONDON,
        title="Ada Lovelace, Analytical Engines",
        about="The price list,\nand a visit.",
        phone="+44 20 7946 0018",
        here=BERLIN,
    )
    assert task.kind is FollowUpKind.TASK
    assert task.values == {
        "Subject": "Call back Ada Lovelace, Analytical Engines, 14:30 in London",
        "Due_Date": "2026-11-26",
        "Remind_At": {"ALARM": "FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2026-11-26T14:30:00+00:00"},
        "Status": "Not Started",
        "Priority": "High",
        "Description": "Call back Ada Lovelace, Analytical Engines, 14:30 in London\n"
        "\n"
        "When: Thu 26 Nov 2026, 14:30 in London (UTC+00:00)\n"
        "That is: Thu 26 Nov 2026, 15:30 in Berlin (UTC+01:00)\n"
        "Phone: +44 20 7946 0018\n"
        "About: The price list,\nand a visit.",
    }


def test_the_due_date_is_the_reps_and_the_reminder_has_the_callers_offset() -> None:
    friday_there = datetime(2026, 11, 27, 9, 0, tzinfo=SYDNEY)
    values = task_of(friday_there, SYDNEY, title="Ada", about="", phone="", here=LONDON).values
    assert values["Due_Date"] == "2026-11-26"
    assert values["Remind_At"]["ALARM"].endswith("TRIGGER=DATE-TIME:2026-11-27T09:00:00+11:00")
    alone = task_of(friday_there.astimezone(UTC), SYDNEY, title="Ada", about="", phone="").values
    assert alone["Due_Date"] == "2026-11-27"
    assert alone["Remind_At"] == values["Remind_At"]


def test_a_caller_whose_zone_is_not_known() -> None:
    values = task_of(MOMENT, None, title="Ada", about="", phone="12", here=BERLIN).values
    assert values["Subject"] == "Call back Ada, 15:30 in Berlin"
    assert values["Description"] == (
        "Call back Ada, 15:30 in Berlin\n"
        "\n"
        "When: Thu 26 Nov 2026, 15:30 in Berlin (UTC+01:00)\n"
        "The caller's time zone is not known.\n"
        "Phone: 12"
    )
    nowhere = task_of(MOMENT, None, title="Ada", about="", phone="").values
    assert nowhere["Subject"] == "Call back Ada, 14:30 UTC"
    assert "When: Thu 26 Nov 2026, 14:30 UTC\n" in nowhere["Description"]


@pytest.mark.parametrize(
    ("title", "phone", "subject"),
    [
        ("", "+44 20 7946 0018", "Call back +44 20 7946 0018, 14:30 in London"),
        (" ", " ", "Call back, 14:30 in London"),
        ("Ada\nLovelace", "", "Call back Ada Lovelace, 14:30 in London"),
        ("Ada\x1b[31m", "", "Call back Ada^[[31m, 14:30 in London"),
    ],
)
def test_who(title: str, phone: str, subject: str) -> None:
    assert task_of(MOMENT, LONDON, title=title, about="", phone=phone).values["Subject"] == subject


def test_a_long_name_loses_its_end_and_never_the_time() -> None:
    subject = task_of(MOMENT, LONDON, title="A" * 400, about="", phone="").values["Subject"]
    assert len(subject) == 300
    assert subject.endswith("A..., 14:30 in London")


def test_a_long_text_is_cut_to_what_zoho_takes() -> None:
    description = task_of(MOMENT, LONDON, title="Ada", about="b" * 40_000, phone="12").values["Description"]
    assert len(description) == 32_000
    assert "Phone: 12" in description
    assert description.endswith("b...")


@given(st.text(), st.text(), st.text())
def test_the_same_call_back_gives_the_same_harmless_bytes(title: str, about: str, phone: str) -> None:
    first, second = (
        json.dumps(task_of(MOMENT, LONDON, title=title, about=about, phone=phone, here=BERLIN).values)
        for _ in range(2)
    )
    assert first == second
    for text in json.loads(first).values():
        if isinstance(text, str):
            assert clean(text) == text


def test_the_names_in_a_form_are_none_of_zohos() -> None:
    assert (CALL_BACK, CALL_BACK_ABOUT) == ("?call_back", "?call_back_about")
