"""A moment as a rep reads it, where the caller is and here. English, whatever the machine's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, tzinfo
from zoneinfo import ZoneInfo

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

EARLIEST = time(8)
LATEST = time(20)
"""Between these nobody minds a call; both are still good. Hours of the wall, where the caller is."""


def shown_when(
    moment: datetime, *, zone: tzinfo | None, here: tzinfo, others: Sequence[ZoneInfo] = ()
) -> str:
    """Return *moment* in words: ``Thu 26 Nov, 14:30 in London (15:30 here)``.

    Args:
        moment: aware.
        zone: the caller's; None, it is not known.
        here: the rep's.
        others: zones in which the caller may be as well. The one that is farthest off is named, if it shows
            another time: ``Thu 26 Nov, 14:30 in New York (also 11:30 in Los Angeles; 20:30 here)``.
    """
    there = moment.astimezone(zone or here)
    beside = [
        f"also {_beside(other, there)} {place(other.tzinfo)}" for other in _farthest(moment, zone, others)
    ]
    if zone is not None and (mine := moment.astimezone(here)).utcoffset() != there.utcoffset():
        beside.append(f"{_beside(mine, there)} here")
    shown = f"{day_shown(there)}, {there:%H:%M} {place(zone)}"
    return f"{shown} ({'; '.join(beside)})" if beside else shown


def warning_of(moment: datetime, zone: tzinfo | None, others: Sequence[ZoneInfo] = ()) -> str:
    """Return a warning if *moment* is early or late where the caller is, or may be; else nothing.

    Args:
        moment: aware.
        zone: the caller's; None, it is not known, and nothing is said.
        others: zones in which the caller may be as well.
    """
    if zone is None:
        return ""
    there = moment.astimezone(zone)
    if _is_rude(there):
        return f"That is {there:%H:%M} {place(zone)}: outside 8 to 20 h there."
    rude = [other for other in others if _is_rude(moment.astimezone(other))]
    for other in _farthest(moment, zone, rude):
        return f"That may be {other:%H:%M} {place(other.tzinfo)}: outside 8 to 20 h there."
    return ""


def day_shown(moment: datetime) -> str:
    """Return the day: ``Thu 26 Nov``."""
    return f"{WEEKDAYS[moment.weekday()]} {moment.day} {MONTHS[moment.month - 1]}"


def place(zone: tzinfo | None) -> str:
    """Return where a zone is, as it stands behind a time: ``in London``, ``UTC+02:00``; None is ``here``."""
    if zone is None:
        return "here"
    if not isinstance(zone, ZoneInfo):
        return str(zone)
    name: str | None = zone.key  # None where it was read from a file
    if not name:
        return "there"
    area, _, city = name.partition("/")
    if not city or area == "Etc":
        return city or area
    return f"in {city.rpartition('/')[2].replace('_', ' ')}"


def _is_rude(there: datetime) -> bool:
    return not EARLIEST <= there.time().replace(second=0, microsecond=0) <= LATEST


def _beside(other: datetime, there: datetime) -> str:
    """Return the time, with its weekday if it is another one."""
    day = "" if other.date() == there.date() else f"{WEEKDAYS[other.weekday()]} "
    return f"{day}{other:%H:%M}"


def _farthest(moment: datetime, zone: tzinfo | None, others: Sequence[ZoneInfo]) -> list[datetime]:
    """Return *moment* in the one of *others* that is farthest from *zone*, if any shows another time."""
    if zone is None or not others:
        return []
    there = _wall(moment.astimezone(zone))
    far = max((moment.astimezone(other) for other in others), key=lambda other: abs(_wall(other) - there))
    return [far] if _wall(far) != there else []


def _wall(there: datetime) -> datetime:
    return there.replace(tzinfo=UTC)
