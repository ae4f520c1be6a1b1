"""When to call back: what a rep types, and the moment that it means."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings, strategies as st

from zoho.leads.call_back import fixed_text, read_when
from zoho.leads.values.wrong import WrongValueError
from zoho.wire.clean import clean_line

LONDON = ZoneInfo("Europe/London")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
SYDNEY = ZoneInfo("Australia/Sydney")

NOW = datetime(2026, 11, 25, 10, 3, 27, tzinfo=BERLIN)
"""A Wednesday. In London it is 9:03."""


def wall(
    text: str, *, now: datetime = NOW, zone: ZoneInfo | None = LONDON, seen_in: ZoneInfo = LONDON
) -> str:
    """Return what clocks show at the moment that *text* means."""
    moment = read_when(text, now=now, zone=zone)
    assert moment.tzinfo is not None
    assert moment.astimezone(UTC) > now.astimezone(UTC)
    assert moment.second == moment.microsecond == 0
    return f"{moment.astimezone(seen_in):%Y-%m-%d %H:%M}"


def refusal(text: str, *, now: datetime = NOW, zone: ZoneInfo | None = LONDON) -> str:
    """Return what a rep is told."""
    with pytest.raises(WrongValueError) as wrong:
        read_when(text, now=now, zone=zone)
    return str(wrong.value)


@pytest.mark.parametrize(
    ("typed", "in_london"),
    [
        # an hour: today, or tomorrow where it has passed
        ("14:30", "2026-11-25 14:30"),
        ("9:04", "2026-11-25 09:04"),
        ("9:03", "2026-11-26 09:03"),
        ("9", "2026-11-26 09:00"),
        ("0:00", "2026-11-26 00:00"),
        ("2pm", "2026-11-25 14:00"),
        ("2 pm", "2026-11-25 14:00"),
        ("2:30 p.m.", "2026-11-25 14:30"),
        ("2.30pm", "2026-11-25 14:30"),
        ("12am", "2026-11-26 00:00"),
        ("12pm", "2026-11-25 12:00"),
        ("noon", "2026-11-25 12:00"),
        ("14h", "2026-11-25 14:00"),
        ("14h30", "2026-11-25 14:30"),
        ("at 9 o'clock", "2026-11-26 09:00"),
        ("afternoon", "2026-11-25 14:00"),
        # a day, with an hour on either side, or 9:00
        ("today 15", "2026-11-25 15:00"),
        ("tomorrow", "2026-11-26 09:00"),
        ("tomorrow 9:30", "2026-11-26 09:30"),
        ("9:30 tomorrow", "2026-11-26 09:30"),
        ("tomorrow at 2pm", "2026-11-26 14:00"),
        ("tomorrow in the morning", "2026-11-26 09:00"),
        ("tomorrow evening", "2026-11-26 18:00"),
        ("day after tomorrow 8", "2026-11-27 08:00"),
        ("+2d 10", "2026-11-27 10:00"),
        ("+ 1 w 10", "2026-12-02 10:00"),
        ("in 3 days", "2026-11-28 09:00"),
        ("in 3 days, 14:30", "2026-11-28 14:30"),
        ("in 2 weeks 11", "2026-12-09 11:00"),
        ("in a week", "2026-12-02 09:00"),
        # a weekday: the next one that is still to come; "next" is next week's
        ("mon 14", "2026-11-30 14:00"),
        ("on Monday at 2pm", "2026-11-30 14:00"),
        ("fri", "2026-11-27 09:00"),
        ("this fri", "2026-11-27 09:00"),
        ("wed 14", "2026-11-25 14:00"),
        ("wed 9", "2026-12-02 09:00"),
        ("wed", "2026-12-02 09:00"),
        ("next tue 9am", "2026-12-01 09:00"),
        ("next fri 9am", "2026-12-04 09:00"),
        ("next wed 14", "2026-12-02 14:00"),
        ("next week", "2026-11-30 09:00"),
        # a date
        ("2026-11-30 14:30", "2026-11-30 14:30"),
        ("2026-11-30T14:30", "2026-11-30 14:30"),
        ("2026-11-30", "2026-11-30 09:00"),
        ("30.11. 14:30", "2026-11-30 14:30"),
        ("30.11.2026 14:30", "2026-11-30 14:30"),
        ("30. 11. 14:30", "2026-11-30 14:30"),
        ("30 Nov 2pm", "2026-11-30 14:00"),
        ("30. Nov., 2pm", "2026-11-30 14:00"),
        ("30th of November 2026 at 14:30", "2026-11-30 14:30"),
        ("Nov 30 2 pm", "2026-11-30 14:00"),
        ("2pm 30nov", "2026-11-30 14:00"),
        ("25 nov 10", "2026-11-25 10:00"),
        ("7 Jan 14", "2027-01-07 14:00"),
        ("24 Nov 2027", "2027-11-24 09:00"),
        # a span from now, to the minute
        ("in 2 h", "2026-11-25 11:03"),
        ("in 2 hours", "2026-11-25 11:03"),
        ("in 2h30", "2026-11-25 11:33"),
        ("in 2 h 30 min", "2026-11-25 11:33"),
        ("in 1.5 h", "2026-11-25 10:33"),
        ("+2h", "2026-11-25 11:03"),
        ("in 45 min", "2026-11-25 09:48"),
        ("in 1 min", "2026-11-25 09:04"),
        ("in an hour", "2026-11-25 10:03"),
        ("in half an hour", "2026-11-25 09:33"),
        ("in 48 h", "2026-11-27 09:03"),
        # as it comes
        ("  TOMORROW   9:30 ", "2026-11-26 09:30"),
        ("\uff11\uff14\uff1a\uff13\uff10", "2026-11-25 14:30"),  # full-width digits
        ("\u0661\u0664:\u0663\u0660", "2026-11-25 14:30"),  # Arabic digits
    ],
)
def test_what_it_means_where_the_caller_is(typed: str, in_london: str) -> None:
    assert wall(typed) == in_london


@pytest.mark.parametrize(
    ("typed", "in_london"),
    [
        ("14:30 here", "2026-11-25 13:30"),
        ("14:30 my time", "2026-11-25 13:30"),
        ("tomorrow here", "2026-11-26 08:00"),
        ("14:30 there", "2026-11-25 14:30"),
        ("14:30 their time", "2026-11-25 14:30"),
        ("14:30 +02:00", "2026-11-25 12:30"),
        ("14:30+0200", "2026-11-25 12:30"),
        ("2026-11-30T14:30-05:00", "2026-11-30 19:30"),
        ("2026-11-30 14:30Z", "2026-11-30 14:30"),
        ("9 utc-5", "2026-11-25 14:00"),
        ("noon GMT+5:30", "2026-11-26 06:30"),
        ("2pm UTC", "2026-11-25 14:00"),
        ("2pm PT", "2026-11-25 22:00"),
        ("2pm est", "2026-11-25 19:00"),
        ("1 jul 2pm est", "2027-07-01 19:00"),  # as people mean it: the clock of New York
        ("14 CET", "2026-11-25 13:00"),
        ("14 Europe/Berlin", "2026-11-25 13:00"),
        ("14 america/argentina/buenos_aires", "2026-11-25 17:00"),
        ("9 in New York", "2026-11-25 14:00"),
        ("tomorrow 9 in Port of Spain", "2026-11-26 13:00"),
        ("in half an hour in Berlin", "2026-11-25 09:33"),
    ],
)
def test_whose_clock_it_is_may_be_said(typed: str, in_london: str) -> None:
    assert wall(typed) == in_london


def test_without_the_callers_zone_it_is_the_clock_here() -> None:
    assert wall("14:30", zone=None) == "2026-11-25 13:30"
    assert refusal("14:30 there", zone=None) == (
        "The caller's time zone is not known. Name it: 14:30 in London."
    )


def test_tomorrow_is_the_callers() -> None:
    late_in_berlin = datetime(2026, 11, 25, 23, 0, tzinfo=BERLIN)  # Thursday, 9:00, in Sydney
    assert wall("tomorrow 10", now=late_in_berlin, zone=SYDNEY, seen_in=SYDNEY) == "2026-11-27 10:00"
    assert wall("10", now=late_in_berlin, zone=SYDNEY, seen_in=SYDNEY) == "2026-11-26 10:00"
    assert wall("tomorrow 10 here", now=late_in_berlin, zone=SYDNEY, seen_in=BERLIN) == "2026-11-26 10:00"


@pytest.mark.parametrize(
    ("now", "typed", "in_london"),
    [
        ("2026-11-29 12:00", "next mon", "2026-11-30 09:00"),  # on a Sunday, next week begins tomorrow
        ("2026-11-30 08:00", "next mon", "2026-12-07 09:00"),
        ("2026-11-30 08:00", "mon", "2026-11-30 09:00"),
        ("2026-12-31 23:59", "0:00", "2027-01-01 00:00"),
        ("2026-12-31 12:00", "1.1. 10", "2027-01-01 10:00"),
        ("2027-12-01 12:00", "29 feb", "2028-02-29 09:00"),
    ],
)
def test_it_depends_on_today(now: str, typed: str, in_london: str) -> None:
    assert wall(typed, now=datetime.fromisoformat(now).replace(tzinfo=LONDON)) == in_london


LIKE = "such as 14:30, tomorrow 9:30, mon 14, in 2 h, 30 Nov 2pm."
NO_DAY = "There is no such day in the calendar."
NO_HOUR = "There is no such time of day."
PASSED = "That has passed. Say a later time, such as tomorrow 9:30."
TOO_FAR = "That is more than a year away."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", f"A time of day belongs to it, {LIKE}"),
        ("at", f"A time of day belongs to it, {LIKE}"),
        ("soon", f"Not understood: soon. Say a time {LIKE}"),
        ("tomorrow-ish 9", f"Not understood: tomorrow-ish. Say a time {LIKE}"),
        ("11/30", f"Not understood: 11/30. Say a time {LIKE}"),  # or is it the eleventh?
        ("10.11", f"Not understood: 10.11. Say a time {LIKE}"),  # 10:11, or the tenth?
        ("1430", f"Not understood: 1430. Say a time {LIKE}"),
        ("9 in Narnia", f"Not understood: in. Say a time {LIKE}"),
        ("9 Europe", f"Not understood: europe. Say a time {LIKE}"),
        ("9 Europe/Narnia", f"Not understood: europe/narnia. Say a time {LIKE}"),
        ("25:00", NO_HOUR),
        ("9:60", NO_HOUR),
        ("24", NO_HOUR),
        ("13pm", NO_HOUR),
        ("0am", NO_HOUR),
        ("30.2. 9", NO_DAY),
        ("2027-02-29", NO_DAY),
        ("0000-01-01", NO_DAY),
        ("29 feb", NO_DAY),
        ("today 9", PASSED),
        ("2026-11-24 9", PASSED),
        ("25 nov 9", PASSED),
        ("24 nov", "24 Nov has passed. If next year's is meant, add the year."),
        ("9 14", "That names two hours of the day."),
        ("mon tue", "That names two days."),
        ("fri next week", "That names two days."),
        ("in 2 h in 5 min", "That names two spans."),
        ("in 2 h tomorrow", "Either a span such as in 2 h, or a day and an hour."),
        ("this week", "Which day of this week? Such as fri 14."),
        ("in 0 min", "That is now. Say a later time, such as in 5 min."),
        ("25 nov 2027", TOO_FAR),
        ("9999-12-31 23:59", TOO_FAR),
        ("+9999w", TOO_FAR),
        ("in 9999 h", TOO_FAR),
        ("14:30 +15:00", "There is no such offset from UTC. It is written such as +02:00."),
        ("14:30 +02:60", "There is no such offset from UTC. It is written such as +02:00."),
        ("14:30 utc+99", "There is no such offset from UTC. It is written such as +02:00."),
        ("9 " * 41, "At most 80 characters, this has 82."),
    ],
)
def test_what_is_said(typed: str, said: str) -> None:
    assert refusal(typed) == said


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b]0;x\x07 9",
        "9 in ../../etc/passwd",
        "9 /etc/passwd",
        "9 Europe/../../etc/passwd",
        "\ud800",
        "\u202e03:41",
        "[@click=app.bell]9[/]",
        "9\x00",
        "\ufdfa" * 80,
        "a/" * 40,
        "in " * 26,
        "-" * 80,
    ],
)
def test_hostile_text_is_refused_in_harmless_words(hostile: str) -> None:
    said = refusal(hostile)
    said.encode()
    assert said.isprintable()
    assert len(said) < 120


class TestWhenClocksChange:
    """In London they go forward on 28 March 2027 at 1:00, and back on 25 October 2026 at 2:00."""

    BEFORE_SPRING = datetime(2027, 3, 28, 0, 30, tzinfo=LONDON)
    BEFORE_AUTUMN = datetime(2026, 10, 24, 12, 0, tzinfo=LONDON)

    @pytest.mark.parametrize("typed", ["1:30", "today 1:30", "28 mar 1am", "sun 1:59"])
    def test_an_hour_that_does_not_exist_is_not_read(self, typed: str) -> None:
        said = refusal(typed, now=self.BEFORE_SPRING)
        assert said.startswith("There is no 01:")
        assert said.endswith(" in London on Sun 28 Mar: the clocks go forward.")

    def test_once_it_is_over_it_is_the_next_days(self) -> None:
        after = datetime(2027, 3, 28, 2, 30, tzinfo=LONDON)
        assert wall("1:30", now=after) == "2027-03-29 01:30"

    @pytest.mark.parametrize(
        ("now_utc", "moment_utc"),
        [
            ("2026-10-24 12:00", "2026-10-25 00:30"),  # the first 1:30
            ("2026-10-25 00:40", "2026-10-25 01:30"),  # 1:40 for the first time: the second 1:30
            ("2026-10-25 01:40", "2026-10-26 01:30"),  # both have passed
        ],
    )
    def test_an_hour_that_comes_twice_is_the_first_still_to_come(self, now_utc: str, moment_utc: str) -> None:
        now = datetime.fromisoformat(now_utc).replace(tzinfo=UTC)
        moment = read_when("1:30", now=now, zone=LONDON)
        assert f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}" == moment_utc

    def test_the_second_one_can_be_named(self) -> None:
        moment = read_when("25 oct 1:30 utc", now=self.BEFORE_AUTUMN, zone=LONDON)
        assert moment == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    def test_a_span_counts_hours_not_what_clocks_show(self) -> None:
        assert wall("in 2 h", now=self.BEFORE_SPRING) == "2027-03-28 03:30"

    def test_tomorrow_is_a_day_on_whatever_its_length(self) -> None:
        assert wall("tomorrow 12", now=self.BEFORE_AUTUMN) == "2026-10-25 12:00"

    def test_here_has_the_offset_of_that_day(self) -> None:
        assert wall("2027-07-01 14:30 here", zone=NEW_YORK) == "2027-07-01 13:30"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 26, 14, 30, tzinfo=LONDON), "2026-11-26 14:30 Europe/London"),
        (datetime(2026, 11, 26, 14, 30, tzinfo=UTC), "2026-11-26 14:30 +00:00"),
        (datetime(2026, 11, 26, 14, 30, tzinfo=ZoneInfo("UTC")), "2026-11-26 14:30 UTC"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=LONDON), "2026-10-25 01:30 +01:00"),
        (datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=LONDON), "2026-10-25 01:30 +00:00"),
        (datetime(2026, 11, 26, 9, 0, tzinfo=ZoneInfo("Etc/GMT+5")), "2026-11-26 09:00 -05:00"),
        (datetime(2026, 11, 26, 9, 0, tzinfo=ZoneInfo("CET")), "2026-11-26 09:00 +01:00"),
    ],
)
def test_a_draft_keeps_a_text_that_means_the_same_on_any_day(moment: datetime, text: str) -> None:
    assert fixed_text(moment) == text
    days_before = datetime(2026, 10, 20, tzinfo=NEW_YORK)
    again = read_when(text, now=days_before, zone=SYDNEY)
    assert again.astimezone(UTC) == moment.astimezone(UTC)


ZONES = st.sampled_from(
    [
        LONDON,
        NEW_YORK,
        SYDNEY,
        *map(ZoneInfo, ("Asia/Kathmandu", "Pacific/Kiritimati", "Australia/Lord_Howe", "Africa/Casablanca")),
    ]
)
NOWS = st.builds(
    lambda at, zone: at.replace(tzinfo=UTC).astimezone(zone),
    st.datetimes(datetime(2026, 1, 1), datetime(2037, 1, 1)),
    ZONES,
)
_WORDS = (
    "9 14 14:30 2pm 2.30pm 12am 0:00 1:30 2:30 24 today tomorrow mon sun next this week wed in +2d + 2 45 h"
    " min half an hour a 2026-11-30 2027-02-29 30.11. 29.2. 30 31 nov feb may 1st of on at the noon evening"
    " here there my time utc utc+2 +02:00 -0930 pt z Europe/London in New York 9999 9999-12-31 0 / : . , -"
    " o'clock"
)
WORDS = st.sampled_from(_WORDS.split())
TYPED = st.one_of(st.lists(WORDS, max_size=6).map(" ".join), st.text(max_size=90))


@settings(max_examples=400)
@given(TYPED, NOWS, st.one_of(st.none(), ZONES))
@example("9999-12-31 23:59", datetime.max.replace(tzinfo=UTC), LONDON)
@example("tomorrow", datetime.max.replace(tzinfo=UTC), None)
@example("tomorrow", datetime.min.replace(tzinfo=UTC), NEW_YORK)
def test_whatever_is_typed_is_in_the_future_or_refused(
    typed: str, now: datetime, zone: ZoneInfo | None
) -> None:
    moment: datetime | None = None
    with suppress(WrongValueError):
        moment = read_when(typed, now=now, zone=zone)
    if moment is None:
        said = refusal(typed, now=now, zone=zone)
        assert clean_line(said) == said
        return
    ahead = moment.astimezone(UTC) - now.astimezone(UTC)
    assert timedelta() < ahead < timedelta(days=367)
    assert moment.second == moment.microsecond == 0
    there = moment.astimezone(UTC).astimezone(moment.tzinfo)
    assert there.replace(tzinfo=None) == moment.replace(tzinfo=None)  # a time that clocks do show


@settings(max_examples=200)
@given(NOWS, ZONES, st.integers(1, 360 * 24 * 60))
def test_a_kept_text_means_the_same_moment(now: datetime, zone: ZoneInfo, minutes: int) -> None:
    later = now.astimezone(UTC) + timedelta(minutes=minutes)
    moment = later.replace(second=0, microsecond=0).astimezone(zone)
    if moment.astimezone(UTC) > now.astimezone(UTC):
        again = read_when(fixed_text(moment), now=now, zone=LONDON)
        assert again.astimezone(UTC) == moment.astimezone(UTC)
