"""An org that lets nothing pass: lists that control lists, layout rules, ranges, a validation rule, a lookup
and an owner that must be chosen, an e-mail address that may occur once, and two more layouts.
"""

from __future__ import annotations

from collections.abc import Callable

from zoho.sandbox.shape import (
    Dependency,
    Json,
    LayoutRule,
    Module,
    Section,
    ValidationRule,
    another_layout,
    custom_field,
)

ACCOUNTS = ("Babbage Mills", "Difference Engines", "Lovelace & Daughters", "Somerville Optics")

_CITIES = {
    "Netherlands": ["Amsterdam", "Delft", "Utrecht"],
    "France": ["Lille", "Lyon", "Metz"],
    "Japan": ["Osaka", "Sapporo"],
}
_DISTRICTS = {"Amsterdam": ["Noord", "Oost"], "Utrecht": ["Lunetten", "Oost"], "Lyon": ["Croix-Rousse"]}


def shape(modules: dict[str, Module], next_id: Callable[[], str]) -> None:
    """Add the fields, rules and layouts to Leads."""
    leads = modules["Leads"]
    for name, label, kind, more in _FIELDS:
        leads.fields[name] = custom_field(next_id, name, label, kind, **more)
    leads.fields["Owner"].automatic = False
    leads.fields["Email"].unique = False
    leads.fields["No_of_Employees"].bounds = (1.0, 500_000.0)
    (standard,) = leads.layouts
    names = [name for name, *_ in _FIELDS]
    standard.sections.insert(1, Section(next_id(), "Qualification", "Qualification", 2, names))
    standard.required |= {"Owner", "Customer_Type", "Parent_Account", "Region"}
    regions = {**_CITIES, "-None-": []}
    standard.dependencies = [
        Dependency(next_id(), "Region", "Branch", regions),
        Dependency(next_id(), "Branch", "District", {**_DISTRICTS, "-None-": []}),
    ]
    standard.rules = [LayoutRule(next_id(), "Partner details", "Customer_Type", {"Reseller"}, ["Phone"])]
    standard.checks = [
        ValidationRule(
            next_id(), "Seats", "Seats", "A reseller takes at least 10 seats.", _resellers_take_ten
        ),
        ValidationRule(next_id(), "Reachable", "Email", "Give an e-mail address or a mobile.", _is_reachable),
    ]
    short = another_layout(standard, "Short", [*_DETAILS, "Fax", "Skype_ID", "Twitter"], next_id)
    old = another_layout(standard, "Retired", [], next_id)
    old.status = "inactive"
    leads.layouts += [short, old]


def _resellers_take_ten(values: Json) -> bool:
    return values.get("Customer_Type") != "Reseller" or (values.get("Seats") or 0) >= 10


def _is_reachable(values: Json) -> bool:
    return bool(values.get("Email") or values.get("Mobile"))


def _same(*values: str) -> tuple[tuple[str, str], ...]:
    return tuple((value, value) for value in values)


_DISTRICT_NAMES = dict.fromkeys(name for names in _DISTRICTS.values() for name in names)
_FIELDS: tuple[tuple[str, str, str, Json], ...] = (
    (
        "Customer_Type",
        "Customer Type",
        "picklist",
        {
            "length": 120,
            "values": (("End customer", "End"), ("Reseller", "Reseller"), ("Public body", "Public")),
            "tooltip": "Resellers need a phone number.",
        },
    ),
    ("Parent_Account", "Parent Account", "lookup", {"length": 200, "refers_to": "Accounts"}),
    ("Region", "Region", "picklist", {"length": 120, "values": _same(*_CITIES)}),
    (
        "Branch",
        "Branch",
        "picklist",
        {"length": 120, "values": _same(*(city for cities in _CITIES.values() for city in cities))},
    ),
    ("District", "District", "picklist", {"length": 120, "values": _same(*_DISTRICT_NAMES)}),
    ("Seats", "Seats", "integer", {"length": 9, "bounds": (1.0, 5000.0), "default": None}),
    ("Discount", "Discount", "percent", {"length": 5, "decimals": 1, "bounds": (0.0, 40.0)}),
    (
        "Interests",
        "Interests",
        "multiselectpicklist",
        {"length": 2000, "values": _same("Cloud", "Hardware", "Support", "Training")},
    ),
    ("Call_Back", "Call Back", "datetime", {"length": 120, "tooltip": "When we shall call again."}),
    ("Second_Contact", "Second Contact", "userlookup", {"length": 120}),
    ("Newsletter", "Newsletter", "boolean", {"length": 5, "default": True}),
)
_DETAILS = ("District", "Discount", "Interests", "Call_Back", "Second_Contact", "Newsletter")
