"""Where a caller may be: the time zones of a number, of the machine, and by name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from zoho.leads.call_back import zone_here, zones_of
from zoho.leads.call_back.shown import place
from zoho.leads.call_back.zones import zone_named, zone_of_city

RUSSIA = (
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Novosibirsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
)
AMERICA = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")
AUSTRALIA = ("Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Australia/Perth")
BRITAIN = ("Europe/London", "Europe/Guernsey", "Europe/Isle_of_Man", "Europe/Jersey")


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        # an area code tells
        ("+44 20 7946 0018", ("Europe/London",)),
        ("020 7946 0018 ext. 12", ("Europe/London",)),
        ("+1 212 555 0123", ("America/New_York",)),
        ("+1 480 555 1234", ("America/Phoenix",)),
        ("+61 2 9123 4567", ("Australia/Sydney",)),
        ("+7 495 123-45-67", ("Europe/Moscow",)),
        ("+55 11 98765-4321", ("America/Sao_Paulo",)),  # a mobile in Brazil has one
        ("+49 1511 2345678", ("Europe/Berlin",)),
        ("+91 11 2345 6789", ("Asia/Kolkata",)),  # phonenumbers says Asia/Calcutta
        # one country, several zones: where most people are, the chief one first
        ("+44 7400 123456", BRITAIN),
        ("+1 800 555 0123", AMERICA),
        ("+7 916 123-45-67", RUSSIA),
        ("+7 701 123 4567", ("Asia/Almaty",)),
        ("+61 412 345 678", AUSTRALIA),
        ("+34 612 34 56 78", ("Europe/Madrid", "Atlantic/Canary")),
        ("+351 912 345 678", ("Europe/Lisbon", "Atlantic/Azores")),
        ("+243 812 345 678", ("Africa/Kinshasa", "Africa/Lubumbashi")),
        # nowhere
        ("+800 1234 5678", ()),
        ("banana", ()),
        ("", ()),
        ("\x1b[31m+44 20 7946 0018", ()),
        ("+999 123456", ()),
    ],
)
def test_where_a_number_may_be(number: str, zones: tuple[str, ...]) -> None:
    assert zones_of(number, region="GB") == zones
    for name in zones:
        assert ZoneInfo(name).key == name


def test_a_number_without_its_country_is_nowhere() -> None:
    assert zones_of("020 7946 0018", region="") == ()


def test_every_zone_that_phonenumbers_may_name_is_known_and_has_a_place() -> None:
    from phonenumbers.tzdata import TIMEZONE_DATA

    names = {name for several in TIMEZONE_DATA.values() for name in several}
    assert len(names) > 200
    for name in names:
        assert place(ZoneInfo(name)).startswith("in ")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("america/port_of_spain", "America/Port_of_Spain"),
        ("america/port-au-prince", "America/Port-au-Prince"),
        ("america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"),
        ("africa/dar_es_salaam", "Africa/Dar_es_Salaam"),
        ("et", "America/New_York"),
        ("gmt", "UTC"),
    ],
)
def test_a_zone_by_its_name(typed: str, name: str) -> None:
    zone = zone_named(typed)
    assert zone is not None
    assert zone.key == name


@pytest.mark.parametrize(
    "typed", ["", "europe", "/", "europe/", "../utc", "europe/../utc", "a" * 300, "x/" + "y" * 300]
)
def test_no_zone(typed: str) -> None:
    assert zone_named(typed) is None
    assert zone_of_city(typed) is None


def test_a_zone_by_its_city() -> None:
    zone = zone_of_city("new york")
    assert zone is not None
    assert zone.key == "America/New_York"


class TestThisMachine:
    def test_the_variable_comes_first(self, tmp_path: Path) -> None:
        nowhere = tmp_path / "localtime"
        assert zone_here("Europe/Berlin", nowhere) == ZoneInfo("Europe/Berlin")
        assert zone_here(":/usr/share/zoneinfo/Europe/Berlin", nowhere) == ZoneInfo("Europe/Berlin")

    @pytest.mark.parametrize("told", ["CET-1CEST", "/etc/passwd", "../x", "Europe"])
    def test_a_variable_that_is_no_name_tells_nothing(self, told: str, tmp_path: Path) -> None:
        assert zone_here(told, tmp_path / "localtime") is None

    def test_the_link_tells_the_name(self, tmp_path: Path) -> None:
        real = tmp_path / "zoneinfo" / "Asia" / "Kolkata"
        real.parent.mkdir(parents=True)
        real.write_bytes(b"")
        link = tmp_path / "localtime"
        link.symlink_to(real)
        zone = zone_here("", link)
        assert zone is not None
        assert zone.key == "Asia/Kolkata"

    def test_what_is_no_zone_tells_nothing(self, tmp_path: Path) -> None:
        text = tmp_path / "localtime"
        text.write_text("no zone")
        assert zone_here("", text) is None
        assert zone_here("", tmp_path / "missing") is None


def test_phonenumbers_is_loaded_for_a_number_alone() -> None:
    code = (
        "import sys; from zoho.leads.call_back import CALL_BACK, read_when, shown_when, task_of, zones_of;"
        "print([name for name in ('phonenumbers', 'httpx', 'pydantic') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
