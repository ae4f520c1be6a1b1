"""Dates and times. A rep types the time of the wall; Zoho is told the offset from UTC (ISO 8601)."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from zoho.leads.values.wrong import WrongValueError


def day(text: str) -> str:
    """Return a date as Zoho takes it."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise WrongValueError("A date is written year-month-day, such as 2026-01-31.") from None


def moment(text: str, zone: tzinfo | None) -> str:
    """Return a time as Zoho takes it: ``2026-01-31T14:30:00+01:00``.

    Args:
        text: ``2026-01-31 14:30``, perhaps with seconds or an offset.
        zone: of a time without an offset; None, the machine's.
    """
    try:
        told = datetime.fromisoformat(text)
        if ":" not in text:
            raise WrongValueError("A time belongs to it, such as 2026-01-31 14:30.")
        if told.tzinfo is None:
            told = told.astimezone() if zone is None else told.replace(tzinfo=zone)
        return told.isoformat(timespec="seconds")
    except WrongValueError:
        raise
    except (ValueError, OverflowError, OSError):
        raise WrongValueError("A date and a time are written such as 2026-01-31 14:30.") from None


def moment_text(value: str, zone: tzinfo | None) -> str:
    """Return a time of Zoho's as a rep types it; as it is where that would become another one."""
    try:
        there = datetime.fromisoformat(value).astimezone(zone).replace(tzinfo=None)
        text = there.isoformat(" ", "seconds" if there.second else "minutes")
        return text if moment(text, zone) == value else value
    except (ValueError, OverflowError, OSError):
        return value
