"""From what was typed to what is saved: values, note, task, and the answers as they stood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zoho.leads import LeadField, LeadForm, Option
from zoho.leads.call_back import CALL_BACK, CALL_BACK_ABOUT
from zoho.leads.entry import (
    Entry,
    caller_zones,
    follow_ups_of,
    now_here,
    read_call_back,
    read_entry,
    typed_again,
    with_earlier_note,
)
from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.leads.script import load_script
from zoho.leads.values.wrong import WrongValueError
from zoho.wire import RecordRejected

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=BERLIN)
BANT = load_script("bant")
STATUSES = (Option("Contacted", "Contacted"), Option("Not Qualified", "Not Qualified"))
FORM = LeadForm(
    layout_id="1",
    fields=(
        LeadField("First_Name", "First Name", "text", length=40),
        LeadField("Last_Name", "Last Name", "text", required=True, length=80),
        LeadField("Company", "Company", "text", length=100),
        LeadField("Phone", "Phone", "phone", length=30),
        LeadField("Mobile", "Mobile", "phone", length=30),
        LeadField("Met_At", "Met at", "datetime"),
        LeadField("Rating", "Rating", "picklist", options=(Option("Active", "Active"), Option("x", "x"))),
        LeadField("Lead_Status", "Lead Status", "picklist", required=True, options=STATUSES),
    ),
    region="GB",
)
ADA = {"Last_Name": "Lovelace", "First_Name": "Ada", "Company": "Analytical Engines"}
LEAD = ADA | {"Lead_Status": "Contacted"}
HOT = {"?budget": "1", "?authority": "1", "?need": "1", "?timeline": "1"}


def entry(typed: Mapping[str, str], **given: Any) -> Entry:
    return read_entry(FORM, typed, **{"script": BANT, "source": "Inbound", "now": NOW} | given)


def faults(typed: Mapping[str, str]) -> dict[str | None, str]:
    with pytest.raises(RecordRejected) as caught:
        entry(typed)
    return {one.field: one.what for one in caught.value.faults}


def test_fields_alone_are_a_lead_with_its_source() -> None:
    assert entry(LEAD) == Entry(
        {
            "Lead_Source": "Inbound",
            "First_Name": "Ada",
            "Last_Name": "Lovelace",
            "Company": "Analytical Engines",
            "Lead_Status": "Contacted",
        },
        (),
        {},
    )


def test_an_edited_lead_is_given_no_source() -> None:
    assert "Lead_Source" not in entry(LEAD, source=None).values


def test_answers_become_a_value_and_a_note_and_are_kept_as_they_were_typed() -> None:
    read = entry(LEAD | HOT)
    assert read.values["Rating"] == "Active"
    (note,) = read.follow_ups
    assert note.kind is FollowUpKind.NOTE
    assert note.values["Note_Title"] == "Qualification: BANT 20 of 20, Hot"
    assert "Asked on 2026-11-25 10:00 (UTC+0100)." in note.values["Note_Content"]
    assert read.answers == HOT


def test_what_was_typed_into_the_field_comes_before_the_answer() -> None:
    assert entry(LEAD | HOT | {"Rating": "x"}).values["Rating"] == "x"


def test_a_disqualified_lead_has_its_status_unless_another_was_typed() -> None:
    read = entry(ADA | {"?disqualify": "1"})
    assert read.values["Lead_Status"] == "Not Qualified", "so that nobody has to fill the required field"
    assert read.follow_ups[0].values["Note_Title"].startswith("Disqualified: Wants to sell us something")
    assert entry(LEAD | {"?disqualify": "1"}).values["Lead_Status"] == "Contacted"


def test_without_a_script_answers_are_kept_and_go_nowhere() -> None:
    read = entry(LEAD | HOT, script=None)
    assert (read.follow_ups, "Rating" in read.values, read.answers) == ((), False, HOT)


def test_answers_that_hold_nothing_are_none() -> None:
    assert entry(LEAD | {"?budget": " ", CALL_BACK: "", CALL_BACK_ABOUT: "  "}) == entry(LEAD)


def test_a_call_back_becomes_a_task_on_the_clock_of_the_phone() -> None:
    read = entry(LEAD | {"Phone": "020 7946 0018", CALL_BACK: "tomorrow 9:30", CALL_BACK_ABOUT: "the offer"})
    (task,) = read.follow_ups
    assert task.kind is FollowUpKind.TASK
    assert task.values["Subject"] == "Call back Ada Lovelace, Analytical Engines, 09:30 in London"
    assert task.values["Due_Date"] == "2026-11-26"
    assert "TRIGGER=DATE-TIME:2026-11-26T09:30:00+00:00" in task.values["Remind_At"]["ALARM"]
    assert "That is: Thu 26 Nov 2026, 10:30 in Berlin" in task.values["Description"]
    assert "Phone: +44 20 7946 0018\nAbout: the offer" in task.values["Description"]
    assert read.answers == {CALL_BACK: "2026-11-26 09:30 Europe/London", CALL_BACK_ABOUT: "the offer"}


@pytest.mark.parametrize("said", ["tomorrow 9:30", "9:30 in new york", "tomorrow 9:30 here", "9 utc-5"])
@pytest.mark.parametrize("phone", ["020 7946 0018", ""])
def test_a_lead_that_is_taken_up_again_has_the_same_task(said: str, phone: str) -> None:
    first = entry(LEAD | {"Phone": phone, CALL_BACK: said})
    again = entry(LEAD | {"Phone": phone} | dict(first.answers), now=NOW.replace(hour=12))
    assert again.follow_ups == first.follow_ups
    assert again.answers == first.answers


def test_the_note_stands_before_the_task() -> None:
    kinds = [one.kind for one in entry(LEAD | HOT | {CALL_BACK: "mon 14"}).follow_ups]
    assert kinds == [FollowUpKind.NOTE, FollowUpKind.TASK]


@pytest.mark.parametrize(
    ("typed", "zones"),
    [
        ({"Phone": "+1 212 555 0123", "Mobile": "+44 20 7946 0018"}, ["America/New_York"]),
        ({"Phone": "12", "Mobile": "+49 30 901820"}, ["Europe/Berlin"]),
        ({"Phone": "", "Mobile": ""}, []),
    ],
)
def test_the_first_number_that_tells_a_zone_tells_it(typed: dict[str, str], zones: list[str]) -> None:
    assert [zone.key for zone in caller_zones(FORM, typed)] == zones


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("tomorrow 9", "Europe/London"),
        ("tomorrow 9 here", "Europe/London"),
        ("tomorrow 9 in New York", "America/New_York"),
    ],
)
def test_a_place_that_was_named_comes_before_that_of_the_number(said: str, zone: str) -> None:
    found = read_call_back(FORM, {"Phone": "+44 20 7946 0018", CALL_BACK: said}, now=NOW)
    assert found is not None
    assert isinstance(found.zone, ZoneInfo)
    assert found.zone.key == zone


def test_of_a_number_that_tells_no_more_than_a_country_the_others_are_told() -> None:
    found = read_call_back(FORM, {"Mobile": "+1 800 555 0123", CALL_BACK: "tomorrow 9"}, now=NOW)
    assert found is not None
    assert [zone.key for zone in found.others] == [
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
    ]


def test_no_zone_is_known_without_a_number() -> None:
    found = read_call_back(FORM, {CALL_BACK: "tomorrow 9"}, now=NOW)
    assert found is not None
    assert (found.zone, found.moment) == (None, datetime(2026, 11, 26, 9, tzinfo=BERLIN))
    assert read_call_back(FORM, {}, now=NOW) is None


def test_what_to_call_about_without_a_time_is_a_fault_on_the_time() -> None:
    with pytest.raises(WrongValueError):
        read_call_back(FORM, {CALL_BACK_ABOUT: "the offer"}, now=NOW)
    assert list(faults(LEAD | {CALL_BACK_ABOUT: "the offer"})) == [CALL_BACK]


def test_every_fault_is_told_at_once() -> None:
    assert faults({"Nope": "x", "Rating": "?", CALL_BACK: "soon"}) == {
        "Nope": "The org's form has no such field.",
        "Last_Name": "This is needed.",
        "Rating": faults(LEAD | {"Rating": "?"})["Rating"],
        "Lead_Status": "This is needed.",
        CALL_BACK: faults(LEAD | {CALL_BACK: "soon"})[CALL_BACK],
    }


def test_times_without_a_zone_are_of_the_reps() -> None:
    assert entry(LEAD | {"Met_At": "2026-07-01 09:00"}).values["Met_At"] == "2026-07-01T09:00:00+02:00"


def test_what_was_pasted_into_an_answer_is_harmless() -> None:
    read = entry(LEAD | {CALL_BACK: "mon 14", CALL_BACK_ABOUT: "one\ntwo\x1b[2J", "?odd": "\x1b]0;x\x07"})
    assert read.answers[CALL_BACK_ABOUT] == "one\ntwo^[[2J"
    assert "\x1b" not in read.answers["?odd"] + str(read.follow_ups)


def test_now_is_told_in_the_zone_of_the_machine() -> None:
    assert now_here(0.0, told="Asia/Tokyo") == datetime(1970, 1, 1, tzinfo=UTC)
    assert now_here(0.0, told="Asia/Tokyo").tzinfo == ZoneInfo("Asia/Tokyo")
    assert now_here(0.0, told="no zone").utcoffset() is not None


def test_what_the_answers_put_into_a_field_was_not_typed() -> None:
    done = entry(LEAD | HOT)
    assert done.values["Rating"] == "Active"
    assert typed_again(FORM, done.values, done.answers, script=BANT) == LEAD | HOT


def test_another_value_than_that_of_the_answers_was_typed() -> None:
    typed = LEAD | HOT | {"Rating": "x"}
    done = entry(typed)
    assert typed_again(FORM, done.values, done.answers, script=BANT) == typed


def test_follow_ups_are_those_of_the_lead_and_need_none() -> None:
    asked = HOT | {"Phone": "+1 212-555-0100", CALL_BACK: "tomorrow 10:00"}
    alone = follow_ups_of(FORM, asked, script=BANT, now=NOW)
    assert [one.kind for one in alone] == [FollowUpKind.NOTE, FollowUpKind.TASK]
    whole = ADA | asked
    assert follow_ups_of(FORM, whole, script=BANT, now=NOW) == entry(LEAD | asked).follow_ups
    assert follow_ups_of(FORM, ADA, script=None, now=NOW) == ()


def test_a_wrong_time_is_a_fault_of_the_follow_ups_too() -> None:
    with pytest.raises(RecordRejected) as caught:
        follow_ups_of(FORM, {CALL_BACK: "some day"}, script=None, now=NOW)
    assert [one.field for one in caught.value.faults] == [CALL_BACK]


# The script has changed

EARLIER = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Qualification: MEDDIC"})
OLD_TASK = FollowUp(FollowUpKind.TASK, {"Subject": "Call Ada"})


def test_a_note_whose_questions_are_no_longer_asked_is_kept_with_its_answers() -> None:
    now = with_earlier_note(entry(LEAD), {"?champion": "1", CALL_BACK: "x"}, [EARLIER, OLD_TASK], script=BANT)
    assert (now.follow_ups, now.answers) == ((EARLIER,), {"?champion": "1"}), "the call-back was taken back"
    assert with_earlier_note(entry(HOT | LEAD, script=None), HOT, [EARLIER], script=None).follow_ups == (
        EARLIER,
    )


@pytest.mark.parametrize(
    ("typed", "answers", "earlier"),
    [
        (LEAD | HOT, {"?champion": "1"}, [EARLIER]),  # answered anew
        (LEAD, HOT | {"?disqualify": "1"}, [EARLIER]),  # taken back
        (LEAD, {"?champion": "1"}, [OLD_TASK]),  # there is none
        (LEAD, {}, [EARLIER]),  # a note of another making
    ],
)
def test_else_what_is_answered_now_counts(
    typed: dict[str, str], answers: dict[str, str], earlier: list[FollowUp]
) -> None:
    now = entry(typed)
    assert with_earlier_note(now, answers, earlier, script=BANT) == now
