"""An org with 120 fields of its own in twelve sections, of every kind, and a list of Zoho's most values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from zoho.sandbox.shape import Json, Module, Section, custom_field

ACCOUNTS = tuple(f"Branch office {number:02d}" for number in range(1, 61))

_SECTIONS = (
    "Needs",
    "Budget",
    "Decision",
    "Timing",
    "Technology",
    "Locations",
    "Contracts",
    "Competition",
    "Marketing",
    "Compliance",
    "Support",
    "History",
)
_STREETS = ("Mill", "High", "Church", "Station", "Park", "Canal", "Market", "Queen", "Dock", "Abbey")
_TOWNS = ("Ashford", "Brigg", "Calne", "Dunbar", "Ely", "Fowey", "Goole", "Hythe", "Ilkley", "Jarrow")


def _values(count: int) -> tuple[tuple[str, str], ...]:
    """Return *count* pairs of what is shown and what is stored, which differ."""
    return tuple(
        (f"{_TOWNS[i % 10]} {_STREETS[i // 10 % 10]} {i:04d}", f"site-{i:04d}") for i in range(count)
    )


# Of each ten fields of a section: label, kind, and what else is said of it.
_KINDS: tuple[tuple[str, str, Json], ...] = (
    ("note", "text", {"tooltip": "One line, as the caller said it."}),
    ("choice", "picklist", {"length": 120, "values": _values(12)}),
    ("amount", "currency", {"length": 16, "decimals": 2}),
    ("share", "percent", {"length": 5, "decimals": 2, "bounds": (0.0, 100.0)}),
    ("count", "integer", {"length": 9, "bounds": (0.0, 100_000.0)}),
    ("day", "date", {"length": 20}),
    ("moment", "datetime", {"length": 120}),
    ("link", "website", {"length": 450}),
    ("agreed", "boolean", {"length": 5, "default": False}),
    ("details", "textarea", {"length": 2000}),
)
_OTHERWISE: dict[tuple[str, str], tuple[str, Json]] = {
    ("Locations", "choice"): ("picklist", {"length": 120, "values": _values(3999)}),
    ("Competition", "choice"): ("picklist", {"length": 120, "values": _values(500)}),
    ("Needs", "choice"): ("multiselectpicklist", {"length": 2000, "values": _values(40)}),
    ("Technology", "note"): ("userlookup", {"length": 120}),
    ("Contracts", "note"): ("lookup", {"length": 120, "refers_to": "Accounts"}),
    ("History", "note"): ("email", {"length": 100}),
    ("Support", "note"): ("phone", {"length": 30}),
}


def shape(modules: dict[str, Module], next_id: Callable[[], str]) -> None:
    """Add the sections to Leads."""
    leads = modules["Leads"]
    (standard,) = leads.layouts
    for title in _SECTIONS:
        names: list[str] = []
        for name, label, kind, more in _fields(title):
            leads.fields[name] = custom_field(next_id, name, label, kind, **more)
            names.append(name)
        standard.sections.append(Section(next_id(), title, title, 2, names))
    standard.required |= {"Needs_note", "Budget_amount"}


def _fields(title: str) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for end, kind, more in _KINDS:
        data_type, parts = _OTHERWISE.get((title, end), (kind, more))
        yield f"{title}_{end}", f"{title} {end}", data_type, parts
