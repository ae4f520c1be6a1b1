"""From the org's layout to the form."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from sandbox_caller import Caller, Clock

from zoho.api import Layout
from zoho.leads import LeadForm, choose_layout, form_of, read_lead
from zoho.leads.layout import other_layouts
from zoho.sandbox import World
from zoho.wire import ConfigError

KEY = "Submission_Key"
CHOICES = [
    {"display_value": "-None-", "actual_value": "-None-"},
    {"display_value": "Online Store", "actual_value": "OnlineStore", "type": "used"},
    {"display_value": "Fax", "actual_value": "Fax", "type": "unused"},
]


def section(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "Lead Information", "sequence_number": 1, "fields": list(fields), **more}


def field(api_name: str, data_type: str = "text", **more: Any) -> dict[str, Any]:
    return {"api_name": api_name, "field_label": api_name.replace("_", " "), "data_type": data_type, **more}


def form(*sections: dict[str, Any], pinned: tuple[str, ...] = ()) -> LeadForm:
    layout = Layout.model_validate({"id": "7", "name": "Standard", "sections": list(sections)})
    return form_of(layout, key_field=KEY, pinned=pinned)


def shown(*fields: dict[str, Any]) -> list[str]:
    return [one.api_name for one in form(section(*fields)).fields]


async def layout_of(world: World) -> Layout:
    async with Caller(world) as caller:
        answer: httpx.Response = await caller.call("GET", "/crm/v8/settings/layouts?module=Leads")
    return Layout.model_validate(answer.json()["layouts"][0])


async def test_the_form_of_the_stand_ins_org() -> None:
    world = World(clock=Clock(), submission_key=KEY)
    layout = await layout_of(world)
    found = form_of(layout, key_field=KEY)
    assert found.layout_id == layout.id
    names = [one.api_name for one in found.fields]
    assert names[:7] == ["First_Name", "Last_Name", "Company", "Email", "Phone", "Mobile", "Designation"]
    assert names[-1] == "Description"
    assert {one.api_name for one in found.fields if one.required} == {"Last_Name", "Company"}
    automatic = {"Owner", "Created_By", "Created_Time", "Full_Name", "id", "Lead_Source", KEY}
    assert not automatic & set(names)
    assert found.key_field == KEY
    assert found.missing == ()
    assert found.sources == tuple(world.lead_source_values)
    assert {one.section for one in found.fields} == {
        "Lead Information",
        "Address Information",
        "Description Information",
    }
    revenue = found.field("Annual_Revenue")
    assert revenue is not None
    assert (revenue.data_type, revenue.length, revenue.decimal_place) == ("currency", 16, 2)
    assert (found.layout_name, found.other_layouts) == (layout.name, ())
    assert "-None-" not in [option.value for one in found.fields for option in one.options]
    assert read_lead(found, {"Last_Name": "Roe", "Company": "Acme"})


@pytest.mark.parametrize(
    "hidden",
    [
        {"visible": False},
        {"read_only": True},
        {"field_read_only": True},
        {"view_type": {"create": False}},
        {"operation_type": {"api_create": False}},
        {"type": "unused"},
    ],
)
def test_what_may_not_be_filled_in_is_not_shown(hidden: dict[str, Any]) -> None:
    assert shown(field("Email", **hidden), field("Phone")) == ["Phone"]


def test_what_zoho_does_not_tell_counts_as_allowed() -> None:
    assert shown(field("Email", view_type=None, operation_type=None, visible=None)) == ["Email"]


def test_sections_stand_in_zohos_order_and_unused_ones_do_not() -> None:
    found = form(
        section(field("C"), sequence_number=3, display_label="Last"),
        section(field("X"), sequence_number=2, type="unused"),
        section(field("A"), field("B"), sequence_number=1, type="used"),
    )
    assert [(one.api_name, one.section) for one in found.fields] == [
        ("A", "Lead Information"),
        ("B", "Lead Information"),
        ("C", "Last"),
    ]


def test_pinned_fields_come_first_in_their_order() -> None:
    fields = [field(name) for name in ("A", "B", "C", "D")]
    found = form(section(*fields), pinned=("D", "Nowhere", "B"))
    assert [one.api_name for one in found.fields] == ["D", "B", "A", "C"]


def test_a_picklist_offers_what_can_be_chosen() -> None:
    (status,) = form(section(field("Lead_Status", "picklist", pick_list_values=CHOICES))).fields
    assert [(one.value, one.label) for one in status.options] == [("OnlineStore", "Online Store")]


def test_a_list_of_which_several_can_be_chosen_offers_the_same() -> None:
    (wants,) = form(section(field("Wants", "multiselectpicklist", pick_list_values=CHOICES))).fields
    assert (wants.data_type, [one.value for one in wants.options]) == ("multiselectpicklist", ["OnlineStore"])


@pytest.mark.parametrize(
    ("data_type", "lookup", "module"),
    [
        ("lookup", {"module": {"api_name": "Accounts", "id": "7"}, "id": "8"}, "Accounts"),
        ("lookup", {"module": "Accounts"}, "Accounts"),
        ("lookup", None, ""),
        ("userlookup", {}, "Users"),
        ("ownerlookup", {}, "Users"),
    ],
)
def test_a_lookup_knows_what_it_refers_to(data_type: str, lookup: Any, module: str) -> None:
    (one,) = form(section(field("Refers_To", data_type, lookup=lookup))).fields
    assert one.lookup_module == module


def test_an_owner_can_be_chosen_though_zoho_calls_the_field_read_only() -> None:
    assert shown(field("Owner", "ownerlookup", field_read_only=True)) == ["Owner"]
    assert shown(field("Owner", "ownerlookup", read_only=True)) == []


@pytest.mark.parametrize(
    ("given", "bounds"),
    [
        ({"from": 1, "to": 99.5}, (1, 99.5)),
        ({"from": 0, "to": None}, (0, None)),
        ({"from": None, "to": None}, (None, None)),
        (None, (None, None)),
    ],
)
def test_the_range_of_a_number(given: Any, bounds: tuple[float | None, float | None]) -> None:
    (seats,) = form(section(field("Seats", "integer", range=given))).fields
    assert (seats.minimum, seats.maximum) == bounds


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ({"decimal_place": 3, "currency": {"precision": 2}}, 3),
        ({"decimal_place": None, "currency": {"precision": 2, "rounding_option": "normal"}}, 2),
        ({"decimal_place": None, "currency": {}}, None),
    ],
)
def test_the_digits_after_the_point_of_an_amount(change: dict[str, Any], places: int | None) -> None:
    (budget,) = form(section(field("Budget", "currency", **change))).fields
    assert budget.decimal_place == places


@pytest.mark.parametrize(
    ("data_type", "given", "typed"),
    [
        ("text", "call\x1b back", "call^[ back"),
        ("boolean", True, "true"),
        ("boolean", False, "false"),
        ("picklist", "OnlineStore", "OnlineStore"),
        ("picklist", "Online Store", "OnlineStore"),
        ("picklist", "-None-", ""),
        ("picklist", "Fax", ""),
        ("text", None, ""),
        ("text", {"id": "1"}, ""),
    ],
)
def test_what_zoho_fills_in_by_itself(data_type: str, given: Any, typed: str) -> None:
    values = CHOICES if data_type == "picklist" else []
    (one,) = form(section(field("A", data_type, default_value=given, pick_list_values=values))).fields
    assert one.default == typed


@pytest.mark.parametrize(("given", "unique"), [({"case_sensitive": False}, True), ({}, False), (None, False)])
def test_whether_two_leads_may_have_the_same_value(given: Any, unique: bool) -> None:
    (email,) = form(section(field("Email", "email", unique=given))).fields
    assert email.unique is unique


def test_the_other_layouts_that_can_be_used_are_named() -> None:
    unseen = ({"id": "3", "name": "Old", "status": "inactive"}, {"id": "4", "name": "No", "visible": False})
    offered = layouts(ONE, {**TWO, "display_label": "Zw\nei"}, *unseen)
    assert other_layouts(offered, offered[0]) == (("2", "Zw ei"),)


def test_the_source_is_no_field_but_its_values_are_known() -> None:
    found = form(section(field("Lead_Source", "picklist", pick_list_values=CHOICES, required=True)))
    assert found.fields == ()
    assert found.sources == ("OnlineStore",)


@pytest.mark.parametrize("required", [{"required": True}, {"system_mandatory": True}])
def test_a_required_field_that_cannot_be_shown_is_named(required: dict[str, bool]) -> None:
    found = form(
        section(
            field("Last_Name"),
            field("Products", "multiselectlookup", field_label="Pro\nducts", **required),
            field("Photo", "imageupload"),
        )
    )
    assert found.missing == ("Pro ducts",)
    assert [one.api_name for one in found.fields] == ["Last_Name"]


@pytest.mark.parametrize("required", [{"required": True}, {"system_mandatory": True}])
def test_either_kind_of_required_is(required: dict[str, bool]) -> None:
    (last_name,) = form(section(field("Last_Name", **required))).fields
    assert last_name.required


def test_what_is_shown_of_a_field_is_on_one_line() -> None:
    odd = field("A", display_label="A\x1bB\nC", tooltip={"name": "info_icon", "value": "1\n2"})
    (one,) = form(section(odd)).fields
    assert (one.label, one.help) == ("A^[B C", "1 2")


GOOD_KEY = {"data_type": "text", "length": 64, "custom_field": True, "unique": {"case_sensitive": True}}


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({"length": 36}, True),
        ({"length": None}, True),
        ({"unique": {"case_sensitive": False}}, True),
        ({"unique": {}, "external": {"type": "org", "show": True}}, True),
        ({"view_type": {"create": False}}, True),
        ({"length": 35}, False),
        ({"unique": {}}, False),
        ({"unique": None}, False),
        ({"unique": {}, "external": {"type": "user"}}, False),
        ({"custom_field": False}, False),
        ({"data_type": "textarea"}, False),
        ({"visible": False}, False),
        ({"read_only": True}, False),
        ({"operation_type": {"api_create": False}}, False),
    ],
)
def test_what_can_hold_our_key(change: dict[str, Any], holds: bool) -> None:
    found = form(section(field("Last_Name"), {**field(KEY), **GOOD_KEY, **change}))
    assert found.key_field == (KEY if holds else None)
    assert [one.api_name for one in found.fields] == ["Last_Name"], "it is never shown"


def layouts(*some: dict[str, Any]) -> list[Layout]:
    return [Layout.model_validate(one) for one in some]


ONE, TWO = {"id": "1", "name": "One"}, {"id": "2", "name": "Two"}


@pytest.mark.parametrize(
    ("offered", "wanted", "chosen"),
    [
        ((ONE, TWO), None, "1"),
        ((ONE, TWO), "2", "2"),
        (({**ONE, "status": "inactive"}, TWO), None, "2"),
        (({**ONE, "visible": False}, TWO), None, "2"),
    ],
)
def test_the_layout_that_is_used(
    offered: tuple[dict[str, Any], ...], wanted: str | None, chosen: str
) -> None:
    assert choose_layout(layouts(*offered), wanted).id == chosen


@pytest.mark.parametrize(
    ("offered", "wanted"),
    [((ONE, TWO), "3"), (({**ONE, "status": "inactive"}, TWO), "1"), (({**ONE, "visible": False},), None)],
)
def test_a_layout_that_cannot_be_used_is_told_with_those_that_there_are(
    offered: tuple[dict[str, Any], ...], wanted: str | None
) -> None:
    with pytest.raises(ConfigError) as caught:
        choose_layout(layouts(*offered), wanted)
    assert "1 (One)" in caught.value.next_step
    assert caught.value.code == "no_layout"


async def test_the_form_outlives_a_restart() -> None:
    found = form_of(await layout_of(World(clock=Clock(), submission_key=KEY)), key_field=KEY)
    assert LeadForm.from_json(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize(
    "broken",
    [None, [], "x", {}, {"fields": []}, {"fields": [{"api_name": "A"}], "layout_id": "1", "key_field": None}],
)
def test_what_is_no_form_is_none(broken: Any) -> None:
    assert LeadForm.from_json(broken) is None


def test_a_form_of_another_version_is_none() -> None:
    known = form(section(field("A"))).to_json()
    known["fields"][0]["from_the_future"] = 1
    assert LeadForm.from_json(known) is None


def test_a_form_is_kept_in_few_bytes() -> None:
    values = [{"display_value": f"Value {i}", "actual_value": f"Value {i}"} for i in range(4000)]
    found = form(section(field("Last_Name"), field("City", "picklist", pick_list_values=values)))
    told = found.to_json()
    assert told["fields"][0] == {
        "api_name": "Last_Name",
        "label": "Last Name",
        "data_type": "text",
        "section": "Lead Information",
    }
    assert len(json.dumps(told)) < 15 * len(values) + 1000
    assert LeadForm.from_json(json.loads(json.dumps(told))) == found


def test_a_field_is_found_by_its_api_name() -> None:
    found = form(section(field("Last_Name")))
    assert found.label("Last_Name") == "Last Name"
    assert (found.label("Owner"), found.label(None), found.field("Owner")) == ("Owner", "", None)
