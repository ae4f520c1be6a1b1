"""Picklists that control others: as a layout tells it, as the map of dependencies does, and in the form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from zoho.api import Layout
from zoho.api.models import MapDependency
from zoho.leads import LeadForm, form_of
from zoho.leads.dependencies import Control, controls_in, controls_of, tells_of_controls


def value(name: str, maps: Any = None, **more: Any) -> dict[str, Any]:
    return {"display_value": name, "actual_value": name, "maps": maps, **more}


def mapped(child: str, *values: str) -> dict[str, Any]:
    listed = [{"display_value": one.upper(), "actual_value": one} for one in values]
    return {"api_name": child, "id": "9", "pick_list_values": listed}


def picklist(api_name: str, *values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"api_name": api_name, "data_type": "picklist", "pick_list_values": list(values), **more}


def layout(*fields: dict[str, Any]) -> Layout:
    return Layout.model_validate({"id": "1", "sections": [{"name": "A", "fields": list(fields)}]})


CITY = picklist("City", value("-None-"), value("Delft"), value("Lille"), value("Metz"))
COUNTRY = picklist(
    "Country",
    value("-None-", [mapped("City", "-None-")]),
    value("NL", [mapped("City", "-None-", "Delft")]),
    value("FR", [mapped("City", "Lille", "Metz")]),
    value("US", []),
    value("Old", [mapped("City", "Metz")], type="unused"),
)
BY_COUNTRY = Control("Country", (("", ()), ("NL", ("Delft",)), ("FR", ("Lille", "Metz"))))


def form(*fields: dict[str, Any], **more: Any) -> LeadForm:
    return form_of(layout(*fields), key_field="Key", **more)


def options(found: LeadForm, name: str, controlling: str) -> list[str]:
    field = found.field(name)
    assert field is not None
    return [option.value for option in field.options_for(controlling)]


def test_what_a_layout_tells() -> None:
    assert controls_of(layout(COUNTRY, CITY)) == {"City": BY_COUNTRY}


def test_a_form_offers_what_goes_with_the_controlling_value() -> None:
    found = form(COUNTRY, CITY)
    assert options(found, "City", "NL") == ["Delft"]
    assert options(found, "City", "FR") == ["Lille", "Metz"]
    assert options(found, "City", "") == []
    assert options(found, "City", "US") == ["Delft", "Lille", "Metz"], "nothing is said of it"
    assert LeadForm.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_a_chain_of_three() -> None:
    town = picklist("City", value("Delft", [mapped("Part", "North")]), value("Lille", [mapped("Part")]))
    found = form(COUNTRY, town, picklist("Part", value("North"), value("South")))
    part = found.field("Part")
    assert part is not None
    assert part.controlled_by == "City"
    assert options(found, "Part", "Delft") == ["North"]
    assert options(found, "Part", "Lille") == []
    assert options(found, "City", "NL") == ["Delft"]


def test_what_cannot_be_filled_in_controls_nothing() -> None:
    found = form({**COUNTRY, "read_only": True}, CITY)
    city = found.field("City")
    assert city is not None
    assert (city.controlled_by, len(city.options)) == ("", 3)


def test_what_the_source_controls_offers_what_goes_with_it() -> None:
    source = picklist("Lead_Source", value("Web", [mapped("City", "Metz")]), value("Call"))
    city = form(source, CITY, source="Web").field("City")
    assert city is not None
    assert (city.controlled_by, [one.value for one in city.options]) == ("", ["Metz"])
    assert options(form(source, CITY, source="Call"), "City", "") == ["Delft", "Lille", "Metz"]


@pytest.mark.parametrize(
    ("fields", "tells"),
    [
        ([picklist("A", value("x", []))], True),
        ([picklist("A", value("x"))], False),
        ([picklist("A", value("x")), picklist("B", value("y", []))], True),
        ([{"api_name": "Phone"}], True),
    ],
)
def test_whether_a_layout_tells_of_it_at_all(fields: list[dict[str, Any]], tells: bool) -> None:
    assert tells_of_controls(layout(*fields)) is tells


def dependency(**more: Any) -> MapDependency:
    values = [
        {"actual_value": "-None-", "maps": [{"actual_value": "-None-"}]},
        {"actual_value": "NL", "maps": [{"actual_value": "Delft"}, {"actual_value": "-None-"}]},
        {"actual_value": "FR", "maps": [{"actual_value": "Lille"}, {"actual_value": "Metz"}]},
    ]
    told = {
        "id": "5",
        "active": True,
        "sub_module": None,
        "parent": {"api_name": "Country", "id": "1"},
        "child": {"api_name": "City", "id": "2"},
        "pick_list_values": values,
    }
    return MapDependency.model_validate(told | more)


def test_the_map_of_dependencies_tells_the_same() -> None:
    assert controls_in([dependency()]) == {"City": BY_COUNTRY}
    without = layout(picklist("Country", value("NL"), value("FR")), CITY)
    found = form_of(without, key_field="Key", controls=controls_in([dependency()]))
    assert options(found, "City", "NL") == ["Delft"]


@pytest.mark.parametrize(
    "change", [{"active": False}, {"sub_module": {"api_name": "Sub", "id": "3"}}, {"pick_list_values": []}]
)
def test_what_is_not_in_force_controls_nothing(change: dict[str, Any]) -> None:
    assert controls_in([dependency(**change)]) == {}
