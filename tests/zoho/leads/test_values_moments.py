"""Times: those of the wall become what Zoho takes, and come back as they were typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from zoho.leads import LeadField
from zoho.leads.values import Around, parse, problem
from zoho.leads.values.moments import moment_text

WHEN = LeadField("Met_At", "Met at", "datetime")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("2026-01-31 14:30", "2026-01-31T14:30:00+01:00"),
        ("2026-07-31 14:30", "2026-07-31T14:30:00+02:00"),
        ("2026-01-31 14:30:15", "2026-01-31T14:30:15+01:00"),
        ("2026-01-31T14:30", "2026-01-31T14:30:00+01:00"),
        ("2026-01-31 14:30-05:00", "2026-01-31T14:30:00-05:00"),
        ("2026-01-31 14:30Z", "2026-01-31T14:30:00+00:00"),
    ],
)
def test_what_is_sent(typed: str, sent: str) -> None:
    assert parse(WHEN, typed, Around(zone=BERLIN)) == sent


def test_without_a_zone_it_is_the_machines() -> None:
    sent = parse(WHEN, "2026-01-31 14:30")
    assert datetime.fromisoformat(sent) == datetime(2026, 1, 31, 14, 30).astimezone()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-01-31", "A time belongs to it, such as 2026-01-31 14:30."),
        ("tomorrow", "A date and a time are written such as 2026-01-31 14:30."),
        ("2026-02-30 10:00", "A date and a time are written such as 2026-01-31 14:30."),
        ("2026-01-31 25:00", "A date and a time are written such as 2026-01-31 14:30."),
        ("31.01.2026 14:30", "A date and a time are written such as 2026-01-31 14:30."),
    ],
)
def test_what_is_said(typed: str, said: str) -> None:
    assert problem(WHEN, typed, Around(zone=BERLIN)) == said


@pytest.mark.parametrize("edge", ["0001-01-01 00:00", "9999-12-31 23:59"])
def test_the_ends_of_time_are_a_value_or_said_to_be_wrong(edge: str) -> None:
    said = problem(WHEN, edge)
    assert said is None or said.endswith("14:30.")


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        ("2026-01-31T14:30:00+01:00", "2026-01-31 14:30"),
        ("2026-01-31T14:30:15+01:00", "2026-01-31 14:30:15"),
        (
            "2026-01-31T14:30:00-05:00",
            "2026-01-31T14:30:00-05:00",
        ),  # typed anew, it would have another offset
        ("2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+01:00"),  # the second 02:30 of that night
        ("no time", "no time"),
    ],
)
def test_it_is_typed_as_on_the_wall_where_that_is_the_same(value: str, typed: str) -> None:
    assert moment_text(value, BERLIN) == typed


ZONES = st.sampled_from((BERLIN, UTC, ZoneInfo("Asia/Kathmandu"), timezone(timedelta(hours=-9, minutes=-30))))


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), ZONES, ZONES)
def test_a_time_that_is_edited_again_is_the_same(told: datetime, there: ZoneInfo, here: ZoneInfo) -> None:
    value = told.replace(tzinfo=there).isoformat(timespec="seconds")
    assert parse(WHEN, moment_text(value, here), Around(zone=here)) == value
