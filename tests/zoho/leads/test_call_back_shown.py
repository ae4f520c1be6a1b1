"""A call-back as a rep reads it back to the caller, and the warning about an hour that is rude there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from zoho.leads.call_back import shown_when, warning_of

LONDON = ZoneInfo("Europe/London")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
CHICAGO = ZoneInfo("America/Chicago")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
SYDNEY = ZoneInfo("Australia/Sydney")
JERSEY = ZoneInfo("Europe/Jersey")


def at(text: str, zone: tzinfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


AFTERNOON = at("2026-11-26 14:30", LONDON)


@pytest.mark.parametrize(
    ("zone", "here", "shown"),
    [
        (LONDON, BERLIN, "Thu 26 Nov, 14:30 in London (15:30 here)"),
        (LONDON, LONDON, "Thu 26 Nov, 14:30 in London"),
        (LONDON, UTC, "Thu 26 Nov, 14:30 in London"),
        (SYDNEY, LONDON, "Fri 27 Nov, 01:30 in Sydney (Thu 14:30 here)"),
        (NEW_YORK, BERLIN, "Thu 26 Nov, 09:30 in New York (15:30 here)"),
        (None, BERLIN, "Thu 26 Nov, 15:30 here"),
        (timezone(timedelta(hours=2)), BERLIN, "Thu 26 Nov, 16:30 UTC+02:00 (15:30 here)"),
        (ZoneInfo("Etc/UTC"), BERLIN, "Thu 26 Nov, 14:30 UTC (15:30 here)"),
        (
            ZoneInfo("America/Argentina/Buenos_Aires"),
            BERLIN,
            "Thu 26 Nov, 11:30 in Buenos Aires (15:30 here)",
        ),
    ],
)
def test_it_is_said_in_both_clocks(zone: tzinfo | None, here: tzinfo, shown: str) -> None:
    assert shown_when(AFTERNOON, zone=zone, here=here) == shown


@pytest.mark.parametrize(
    ("zone", "others", "shown"),
    [
        (NEW_YORK, [LOS_ANGELES], "Thu 26 Nov, 09:30 in New York (also 06:30 in Los Angeles; 14:30 here)"),
        (
            NEW_YORK,
            [CHICAGO, LOS_ANGELES],
            "Thu 26 Nov, 09:30 in New York (also 06:30 in Los Angeles; 14:30 here)",
        ),
        (LONDON, [JERSEY], "Thu 26 Nov, 14:30 in London"),
        (LONDON, [JERSEY, SYDNEY], "Thu 26 Nov, 14:30 in London (also Fri 01:30 in Sydney)"),
        (None, [SYDNEY], "Thu 26 Nov, 14:30 here"),
    ],
)
def test_where_the_caller_may_be_as_well(zone: ZoneInfo | None, others: list[ZoneInfo], shown: str) -> None:
    assert shown_when(AFTERNOON, zone=zone, here=LONDON, others=others) == shown


@pytest.mark.parametrize(
    ("there", "warning"),
    [
        ("07:59", "That is 07:59 in New York: outside 8 to 20 h there."),
        ("08:00", ""),
        ("14:30", ""),
        ("20:00", ""),
        ("20:01", "That is 20:01 in New York: outside 8 to 20 h there."),
        ("00:00", "That is 00:00 in New York: outside 8 to 20 h there."),
    ],
)
def test_an_hour_that_is_rude_there(there: str, warning: str) -> None:
    assert warning_of(at(f"2026-11-26 {there}", NEW_YORK), NEW_YORK) == warning


def test_it_is_the_clock_there_that_counts() -> None:
    assert warning_of(at("2026-11-26 11:30", LONDON), NEW_YORK) == (
        "That is 06:30 in New York: outside 8 to 20 h there."
    )
    assert warning_of(at("2026-07-26 03:30", NEW_YORK), LONDON) == ""


def test_where_they_may_be_as_well_it_may_be_rude() -> None:
    morning = at("2026-11-26 09:00", NEW_YORK)
    said = "That may be 06:00 in Los Angeles: outside 8 to 20 h there."
    assert warning_of(morning, NEW_YORK, [CHICAGO, LOS_ANGELES]) == said
    assert warning_of(morning, NEW_YORK, [CHICAGO]) == ""
    assert warning_of(at("2026-11-26 12:00", NEW_YORK), NEW_YORK, [CHICAGO, LOS_ANGELES]) == ""


def test_nothing_is_said_of_a_zone_that_is_not_known() -> None:
    assert warning_of(at("2026-11-26 03:00", LONDON), None, [NEW_YORK]) == ""
