"""Time zones: of a phone number, of this machine, and those that a rep names."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

_NO_ZONE = "Etc/Unknown"

_RENAMED = {
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "Africa/Asmera": "Africa/Asmara",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
}
"""Names that phonenumbers still uses, and those of today, which a rep reads."""

_PEOPLED = {
    "AU": "Australia/Sydney Australia/Brisbane Australia/Adelaide Australia/Perth",
    "BR": "America/Sao_Paulo America/Manaus",
    "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City America/Cancun America/Mazatlan America/Tijuana",
    "RU": "Europe/Moscow Europe/Samara Asia/Yekaterinburg Asia/Omsk Asia/Novosibirsk Asia/Krasnoyarsk"
    " Asia/Irkutsk Asia/Yakutsk Asia/Vladivostok",
    "US": "America/New_York America/Chicago America/Denver America/Los_Angeles",
}
"""Where most people of a wide country live, its chief zone first."""

_CHIEF = (
    "America/Guayaquil Africa/Kinshasa America/Los_Angeles America/Mexico_City America/Nuuk Asia/Jakarta"
    " Asia/Makassar Asia/Ulaanbaatar Australia/Perth Europe/Helsinki Europe/Lisbon Europe/London"
    " Europe/Madrid Europe/Moscow Europe/Oslo Europe/Rome Indian/Reunion Pacific/Auckland Pacific/Pohnpei"
    " Pacific/Tahiti Pacific/Tarawa"
)
"""Zones that stand first among the few that a number may be in."""

_MANY = 4
"""From so many zones on, a number says no more than its country."""

_AREAS = ("Europe", "America", "Asia", "Australia", "Africa", "Pacific", "Atlantic", "Indian", "Arctic")

_SHORT = {
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
    **dict.fromkeys(("et", "est", "edt"), "America/New_York"),
    **dict.fromkeys(("ct", "cst", "cdt"), "America/Chicago"),
    **dict.fromkeys(("mt", "mst", "mdt"), "America/Denver"),
    **dict.fromkeys(("pt", "pst", "pdt"), "America/Los_Angeles"),
    **dict.fromkeys(("cet", "cest"), "Europe/Berlin"),
    "bst": "Europe/London",
}
"""Abbreviations, as people mean them: EST is the time in New York, in summer too."""

_NAME = re.compile(r"[a-z]+(?:[ _/-][a-z]+)*")
_SMALL = frozenset(("of", "au", "es"))
"""Words that have no capital in the names of zones."""


def zones_of(phone: str, *, region: str) -> tuple[str, ...]:
    """Return the time zones (IANA names) that a number may be in, the likeliest first; none if unknown.

    An area code mostly tells one zone. A number that tells no more than its country (a mobile in Russia or
    Australia, a toll-free one in the US) gives the zones in which most people of that country live, so that a
    rep sees "also 11:30 in Los Angeles"; thinly peopled ones such as Hawaii or Lord Howe are left out. A
    mobile may be abroad, and an American keeps their number when they move: it is a guess, to be read back.
    The clock is right where the city is a neighbour's: phonenumbers files Tallinn under Europe/Bucharest.

    Args:
        phone: as it was typed.
        region: country of a number that names none (``GB``); empty, it is not known.
    """
    from zoho.leads.values.phones import e164

    number = e164(phone, region)
    if number is None:
        return ()
    import phonenumbers
    from phonenumbers.timezone import time_zones_for_number

    parsed = phonenumbers.parse(number)
    named = tuple(_RENAMED.get(name, name) for name in time_zones_for_number(parsed) if name != _NO_ZONE)
    if len(named) >= _MANY:
        peopled = _PEOPLED.get(phonenumbers.region_code_for_number(parsed) or "", "").split()
        narrowed = tuple(name for name in peopled if name in named)
        if narrowed:
            return narrowed
    chief = _CHIEF.split()
    return tuple(sorted(named, key=lambda name: (name not in chief, name)))


def zone_here(told: str = "", file: Path = Path("/etc/localtime")) -> ZoneInfo | None:
    """Return the zone of this machine with its rules for summer and winter; None where it cannot be told.

    ``datetime.now().astimezone()`` knows today's offset alone, which is another one after the clocks change.

    Args:
        told: the variable ``TZ``, which comes first.
        file: the machine's zone, mostly a link into the folder ``zoneinfo``.
    """
    if told:
        return _zone(_inside(told.removeprefix(":")))
    try:
        real = file.resolve(strict=True)
        if zone := _zone(_inside(real.as_posix())):
            return zone
        with real.open("rb") as rules:
            return ZoneInfo.from_file(rules)
    except (OSError, ValueError, RuntimeError):
        return None


def zone_named(text: str) -> ZoneInfo | None:
    """Return the zone of an abbreviation (``pt``) or an IANA name (``europe/berlin``); None if it is none.

    Args:
        text: in lower case.
    """
    if text in _SHORT:
        return _zone(_SHORT[text])
    return _zone(_capitals(text)) if _NAME.fullmatch(text) and "/" in text else None


def zone_of_city(text: str) -> ZoneInfo | None:
    """Return the zone whose IANA name ends with a city (``new york``, in lower case); None if none does."""
    if not _NAME.fullmatch(text) or "/" in text:
        return None
    city = _capitals(text)
    return next((zone for area in _AREAS if (zone := _zone(f"{area}/{city}"))), None)


def _inside(path: str) -> str:
    """Return the name that a path into the folder ``zoneinfo`` ends with; another text as it is."""
    return path.rpartition("/zoneinfo/")[2]


def _capitals(text: str) -> str:
    """Return *text* as IANA writes it: ``america/port_of_spain`` is ``America/Port_of_Spain``."""
    words = re.sub(r"[a-z]+", lambda word: word[0] if word[0] in _SMALL else word[0].capitalize(), text)
    return words.replace(" ", "_")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # OSError: the name of a folder
        return None
