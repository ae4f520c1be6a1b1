"""When to call back, as a rep types it: ``tomorrow 9:30``, ``mon 14``, ``in 2 h``, ``30 Nov 2pm``.

A text is a row of words, in any order: at most one day and one hour, or one span from now, and at its end
perhaps the place whose clock it is. Each kind of word is one rule of `_RULES`. What could be read in two ways
(``11/30``, ``10.11``) is not read at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from zoho.leads.call_back.shown import MONTHS, day_shown, place
from zoho.leads.call_back.zones import zone_named, zone_of_city
from zoho.leads.values.wrong import WrongValueError
from zoho.wire.clean import clean_line

DEFAULT_HOUR = time(9)
"""Of a day that is named without an hour."""

FARTHEST_DAYS = 364
"""Days ahead that a call-back may be, so that a day and a month name it without a year."""

LONGEST = 80
"""Characters of a text."""

_PASSED_LATELY = 65
"""Days for which a date without a year is taken for one that has passed, not for next year's."""

_LIKE = "such as 14:30, tomorrow 9:30, mon 14, in 2 h, 30 Nov 2pm"

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "mon monday",
            "tue tues tuesday",
            "wed weds wednesday",
            "thu thur thurs thursday",
            "fri friday",
            "sat saturday",
            "sun sunday",
        )
    )
    for name in names.split()
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_DAYS_AHEAD = {"today": 0, "tomorrow": 1, "day after tomorrow": 2}
_HOURS = {"noon": time(12), "morning": DEFAULT_HOUR, "afternoon": time(14), "evening": time(18)}


def read_when(text: str, *, now: datetime, zone: ZoneInfo | None) -> datetime:
    """Return the moment that *text* names, which is always in the future, in the zone that it was read in.

    Compare it in UTC: between zones, Python holds a moment whose hour comes twice to equal none (PEP 495).

    The clock is the caller's, unless the text ends with ``here`` or ``my time``, an offset (``14:30 +02:00``,
    ``9 utc-5``), or a zone (``2pm PT``, ``9 Europe/Berlin``, ``9 in New York``). An hour that has passed
    today means tomorrow's, a weekday the next one that is still to come; ``next tue`` is the one of next
    week, which begins on Monday. A day without an hour means 9:00. Where clocks go back, an hour that comes
    twice means the first one that is still to come; where they go forward, one that does not exist is not
    read.

    Args:
        text: as it was typed.
        now: aware, in the rep's zone: better a ``ZoneInfo`` (`zone_here`) than today's offset alone.
        zone: the caller's; None, it is not known, and the clock is the rep's.

    Raises:
        WrongValueError: if it is no time, has passed, or is more than a year away.
    """
    plain = _plain(text)
    try:
        rest, where = _clock_of(plain, here=now.tzinfo or UTC, there=zone)
        said = _read(rest, now.astimezone(where).date())
        return _moment(said, now.astimezone(UTC), where)
    except OverflowError:
        raise WrongValueError("That is too far away.") from None


def fixed_text(moment: datetime) -> str:
    """Return *moment* as a text that `read_when` reads as the same one on any day: to be kept in a draft.

    ``2026-11-26 14:30 Europe/London``; with the offset in place of the zone where that would be another one.
    """
    wall = f"{moment:%Y-%m-%d %H:%M}"
    zone = moment.tzinfo
    name = zone.key if isinstance(zone, ZoneInfo) and zone.key else ""
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    if name and not twice and (named := zone_named(name.casefold())) and named.key == name:
        return f"{wall} {name}"
    offset = f"{moment:%z}"
    return f"{wall} {offset[:3]}:{offset[3:5]}"


@dataclass(slots=True)
class _Said:
    """What the words of a text add up to."""

    today: date
    day: date | None = None
    step: timedelta | None = None
    """To the next such day, if the hour has passed on this one; None, there is no other."""
    clock: time | None = None
    span: timedelta | None = None

    def on(self, day: date, step: timedelta | None = None) -> None:
        if self.day is not None:
            raise WrongValueError("That names two days.")
        self.day, self.step = day, step

    def at(self, clock: time) -> None:
        if self.clock is not None:
            raise WrongValueError("That names two hours of the day.")
        self.clock = clock


def _moment(said: _Said, now: datetime, where: tzinfo) -> datetime:
    if said.span is not None:
        return _after(said, now).astimezone(where)
    day, step = (said.day, said.step) if said.day is not None else (said.today, _DAY)
    if (day - said.today).days > FARTHEST_DAYS:
        raise WrongValueError("That is more than a year away.")
    clock = said.clock or (DEFAULT_HOUR if said.day else None)
    if clock is None:
        raise WrongValueError(f"A time of day belongs to it, {_LIKE}.")
    found = _next(datetime.combine(day, clock), now, where)
    if found is None and step is not None:
        found = _next(datetime.combine(day + step, clock), now, where)
    if found is None:
        raise WrongValueError("That has passed. Say a later time, such as tomorrow 9:30.")
    return found


def _after(said: _Said, now: datetime) -> datetime:
    """Return the whole minute that is the span of *said* after *now*."""
    if said.day is not None or said.clock is not None:
        raise WrongValueError("Either a span such as in 2 h, or a day and an hour.")
    span = said.span or timedelta()
    if span.days > FARTHEST_DAYS:
        raise WrongValueError("That is more than a year away.")
    found = (now + span).replace(second=0, microsecond=0)
    if found <= now:
        raise WrongValueError("That is now. Say a later time, such as in 5 min.")
    return found


def _next(wall: datetime, now: datetime, where: tzinfo) -> datetime | None:
    """Return the moment at which clocks in *where* show *wall*, the first after *now*; None if all passed."""
    for fold in (0, 1):
        there = wall.replace(tzinfo=where, fold=fold)
        moment = there.astimezone(UTC)  # with one zone on both sides, Python compares what the clocks show
        if moment > now:
            if moment.astimezone(where).replace(tzinfo=None) != wall:
                raise WrongValueError(
                    f"There is no {wall:%H:%M} {place(where)} on {day_shown(wall)}: the clocks go forward."
                )
            return there
    return None


def _plain(text: str) -> str:
    """Return *text* in small letters, ASCII digits and single spaces."""
    if len(text) > LONGEST:
        raise WrongValueError(f"At most {LONGEST} characters, this has {len(text)}.")
    text = unicodedata.normalize("NFKC", text).casefold()
    text = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    text = text.replace("\u2212", "-").replace("\u2019", "'")
    text = re.sub(r"(?<=[0-9])t(?=[0-9])", " ", text)  # 2026-11-30T14:30
    return " ".join(re.sub(r",(?=\s|$)", " ", text).split())


_HERE = re.compile(r"(.*?)\s*\b(?:here|my time)")
_THERE = re.compile(r"(.*?)\s*\b(?:there|their time)")
_OFFSET = re.compile(
    r"(.*?)(?:\s*(?<![a-z])(?:utc|gmt)\s*([+-])([0-9]{1,2})(?::?([0-9]{2}))?"
    r"|(?<=[0-9m])\s*([+-])([0-9]{2}):?([0-9]{2}))"
)
_CITY = re.compile(r"(.*)\bin ([a-z][a-z _-]*)")
_ZONE = re.compile(r"(.*?)(?<![a-z/_-])([a-z_-]+(?:/[a-z_-]+)*)")


def _clock_of(text: str, *, here: tzinfo, there: tzinfo | None) -> tuple[str, tzinfo]:
    """Return *text* without the place at its end, and the zone whose clock is meant."""
    if match := _HERE.fullmatch(text):
        return match[1], here
    if match := _THERE.fullmatch(text):
        if there is None:
            raise WrongValueError("The caller's time zone is not known. Name it: 14:30 in London.")
        return match[1], there
    if match := _OFFSET.fullmatch(text):
        return match[1], _offset(*(match.groups()[1:4] if match[2] else match.groups()[4:]))
    for pattern, find in ((_CITY, zone_of_city), (_ZONE, zone_named)):
        if (match := pattern.fullmatch(text)) and (zone := find(match[2])):
            return match[1].rstrip(), zone
    return text, there or here


def _offset(sign: str, hours: str, minutes: str | None) -> timezone:
    ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if int(minutes or 0) >= 60 or ahead > timedelta(hours=14):
        raise WrongValueError("There is no such offset from UTC. It is written such as +02:00.")
    return timezone(-ahead if sign == "-" else ahead)


def _read(text: str, today: date) -> _Said:
    said = _Said(today)
    at = 0
    while at < len(text):
        for rule, take in _RULES:
            if match := rule.match(text, at):
                take(match, said)
                at = match.end()
                break
        else:
            word = clean_line(text[at:].partition(" ")[0])[:20]
            raise WrongValueError(f"Not understood: {word}. Say a time {_LIKE}.")
    return said


def _ignore(match: re.Match[str], said: _Said) -> None:
    del match, said


def _days_ahead(match: re.Match[str], said: _Said) -> None:
    amount, unit = match.groups()
    said.on(said.today + (_DAY if unit.startswith("d") else _WEEK) * int(_count(amount)))


def _span(match: re.Match[str], said: _Said) -> None:
    if said.span is not None:
        raise WrongValueError("That names two spans.")
    amount, unit, more = match.groups()
    whole = _HOUR if unit.startswith("h") else _MINUTE
    said.span = whole * _count(amount) + _MINUTE * int(more or 0)


def _count(amount: str) -> float:
    return {"a": 1.0, "an": 1.0, "half an": 0.5}.get(amount) or float(amount)


def _full_date(match: re.Match[str], said: _Said) -> None:
    year, month, day = match.groups()
    said.on(_date(int(year), int(month), int(day)))


def _day_first(match: re.Match[str], said: _Said) -> None:
    day, month, year = match.groups()
    _some_year(said, int(day), _MONTHS.get(month) or int(month), year)


def _month_first(match: re.Match[str], said: _Said) -> None:
    month, day, year = match.groups()
    _some_year(said, int(day), _MONTHS[month], year)


def _some_year(said: _Said, day: int, month: int, year: str | None) -> None:
    if year:
        said.on(_date(int(year), month, day))
        return
    found = _date(said.today.year, month, day, leap=True)
    if found < said.today:
        if (said.today - found).days < _PASSED_LATELY:
            raise WrongValueError(
                f"{day} {MONTHS[month - 1]} has passed. If next year's is meant, add the year."
            )
        found = _date(said.today.year + 1, month, day)
    said.on(found)


def _date(year: int, month: int, day: int, *, leap: bool = False) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        if leap and (month, day) == (2, 29):
            return _date(year + 1, month, day)
        raise WrongValueError("There is no such day in the calendar.") from None


def _weekday(match: re.Match[str], said: _Said) -> None:
    which, name = match.groups()
    monday = said.today - _DAY * said.today.weekday()
    if which == "next":
        said.on(monday + _WEEK + _DAY * _WEEKDAYS.get(name, 0))
    elif name == "week":
        raise WrongValueError("Which day of this week? Such as fri 14.")
    else:
        said.on(said.today + _DAY * ((_WEEKDAYS[name] - said.today.weekday()) % 7), _WEEK)


def _day_word(match: re.Match[str], said: _Said) -> None:
    said.on(said.today + _DAY * _DAYS_AHEAD[match[1]])


def _hour_word(match: re.Match[str], said: _Said) -> None:
    said.at(_HOURS[match[1]])


def _clock(match: re.Match[str], said: _Said) -> None:
    hour, minute, half = int(match[1]), int(match[2] or match[3] or match[4] or 0), match[5]
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        raise WrongValueError("There is no such time of day.")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    said.at(time(hour, minute))


_MONTH = f"({'|'.join(_MONTHS)})"
_NTH = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_AHEAD = r"(?:in\s|\+\s?)"
_MINUTES = r"(?:m|mins?|minutes?)"

_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], _Said], None]]


def _rule(pattern: str, take: Callable[[re.Match[str], _Said], None]) -> _Rule:
    return re.compile(rf"{pattern}(?:\s+|$)"), take


_RULES: tuple[_Rule, ...] = (
    _rule(r"(?:at|on|@|in the|o'clock)", _ignore),
    _rule(rf"{_AHEAD}([0-9]{{1,4}}|an?)\s?(d|days?|w|weeks?)", _days_ahead),
    _rule(
        rf"{_AHEAD}([0-9]{{1,4}}(?:\.[0-9])?|an?|half an)\s?(h|hrs?|hours?)"
        rf"(?:\s?([0-9]{{1,2}})\s?{_MINUTES}?)?",
        _span,
    ),
    _rule(rf"{_AHEAD}([0-9]{{1,4}}|a)\s?({_MINUTES})()", _span),
    _rule(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", _full_date),
    _rule(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})?", _day_first),
    _rule(rf"{_NTH}\.?\s*(?:of )?{_MONTH}\.?(?:\s([0-9]{{4}}))?", _day_first),
    _rule(rf"{_MONTH}\.?\s{_NTH}(?:\s([0-9]{{4}}))?", _month_first),
    _rule(rf"(?:(next|this)\s)?({'|'.join(_WEEKDAYS)})", _weekday),
    _rule(r"(next|this)\s(week)", _weekday),
    _rule(rf"({'|'.join(_DAYS_AHEAD)})", _day_word),
    _rule(rf"({'|'.join(_HOURS)})", _hour_word),
    _rule(
        r"([0-9]{1,2})(?::([0-9]{2})|h([0-9]{2})?|\.([0-9]{2})(?=\s?[ap]\.?m))?(?:\s?([ap])\.?m\.?)?",
        _clock,
    ),
)
"""The words of a text. The first rule that fits takes them."""
