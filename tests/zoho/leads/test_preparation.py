from __future__ import annotations

from typing import Any

import pytest

from zoho.api.models import Layout, LayoutField
from zoho.leads.preparation import (
    AddField,
    AddValue,
    LayoutState,
    PlaceField,
    Shape,
    Wishes,
    lost_values,
    plan,
    states,
)
from zoho.wire import ConfigError

WISHES = Wishes("Submission_Key", "Qualification Inbound")
LAST_NAME = {"id": "1", "api_name": "Last_Name", "display_label": "Last Name"}


def key(**changes: Any) -> dict[str, Any]:
    return {
        "id": "7",
        "api_name": "Submission_Key",
        "display_label": "Submission Key",
        "data_type": "text",
        "length": 36,
        "custom_field": True,
        "unique": {"case_sensitive": False},
        **changes,
    }


def source(*values: str | dict[str, str], **changes: Any) -> dict[str, Any]:
    listed = [one if isinstance(one, dict) else {"display_value": one, "actual_value": one} for one in values]
    return {
        "id": "8",
        "api_name": "Lead_Source",
        "display_label": "Lead Source",
        "data_type": "picklist",
        "pick_list_values": [{"display_value": "-None-", "actual_value": "-None-"}, *listed],
        **changes,
    }


OFFERED = source("Cold Call", "Qualification Inbound")


def layout(*fields: dict[str, Any], name: str = "Standard", id: str = "10", **more: Any) -> Layout:
    sections = [{"id": f"{id}1", "name": "Lead Information", "fields": [LAST_NAME, *fields]}]
    return Layout.model_validate({"id": id, "name": name, "sections": sections, **more})


def shape(*layouts: Layout, fields: list[dict[str, Any]] | None = None) -> Shape:
    """What Zoho shows: these layouts, and the fields on them or those given."""
    union = {field.api_name: field for one in layouts for section in one.sections for field in section.fields}
    given = None if fields is None else [LayoutField.model_validate(one) for one in fields]
    return Shape(layouts, given if given is not None else list(union.values()))


# Nothing, everything


def test_a_ready_org_needs_no_step() -> None:
    ready = layout(key(), OFFERED)
    assert plan(shape(ready), WISHES) == []
    assert states([ready], WISHES) == [LayoutState("Standard")]


def test_a_new_org_needs_the_field_its_places_and_the_value_in_this_order() -> None:
    first, second = layout(source("Cold Call")), layout(source("Cold Call"), name="Partner", id="20")
    assert plan(shape(first, second), WISHES) == [
        AddField("Submission Key"),
        PlaceField("Submission Key", "Standard", "10", "101"),
        PlaceField("Submission Key", "Partner", "20", "201"),
        AddValue("Lead Source", "8", "Qualification Inbound"),
    ]


def test_what_is_sent_is_what_the_specification_takes() -> None:
    assert AddField("Submission Key").field == {
        "field_label": "Submission Key",
        "data_type": "text",
        "length": 36,
        "unique": {"case_sensitive": False},
    }
    placed = PlaceField("Submission Key", "Standard", "10", "101", "7")
    assert placed.changes == {"sections": [{"id": "101", "fields": [{"id": "7"}]}]}
    assert AddValue("Lead Source", "8", "Fair").changes == {
        "pick_list_values": [{"display_value": "Fair", "actual_value": "Fair"}]
    }


# The key


def test_a_field_that_stands_on_no_layout_is_placed_and_not_created_again() -> None:
    found = plan(shape(layout(OFFERED), fields=[LAST_NAME, OFFERED, key()]), WISHES)
    assert found == [PlaceField("Submission Key", "Standard", "10", "101", "7")]
    assert "unless" not in found[0].words


def test_only_the_active_layouts_without_the_field_are_changed() -> None:
    there = layout(key(), OFFERED)
    lacks = layout(OFFERED, name="Partner", id="20")
    inactive = layout(OFFERED, name="Old", id="30", status="inactive")
    unseen = layout(OFFERED, name="Others", id="40", visible=False)
    steps = plan(shape(there, lacks, inactive, unseen), WISHES)
    assert [step.layout for step in steps if isinstance(step, PlaceField)] == ["Partner", "Others"]
    assert len(steps) == 2
    assert [state.name for state in states([there, lacks, inactive], WISHES)] == ["Standard", "Partner"]


def test_a_field_among_the_unused_is_not_on_the_layout() -> None:
    unused = {"id": "99", "type": "unused", "fields": [key()]}
    used = {"id": "98", "fields": [LAST_NAME, OFFERED]}
    both = Layout.model_validate({"id": "10", "name": "Standard", "sections": [unused, used]})
    assert plan(shape(both), WISHES) == [PlaceField("Submission Key", "Standard", "10", "98", "7")]
    (state,) = states([both], WISHES)
    assert state.missing == ("The field Submission_Key is not on it.",)


def test_the_field_goes_where_the_last_name_is() -> None:
    sections = [{"id": "98", "fields": [OFFERED]}, {"id": "99", "fields": [LAST_NAME]}]
    found = Layout.model_validate({"id": "10", "name": "Standard", "sections": sections})
    step = plan(shape(found), WISHES)[1]
    assert isinstance(step, PlaceField)
    assert step.section_id == "99"


def test_a_layout_whose_section_is_not_told_cannot_be_changed_and_says_so() -> None:
    bare = Layout.model_validate({"id": "10", "name": "Standard", "sections": [{"fields": [OFFERED]}]})
    assert plan(shape(bare, fields=[OFFERED, key()]), WISHES) == []
    assert states([bare], WISHES)[0].missing == ("The field Submission_Key is not on it.",)


def test_another_name_is_another_field() -> None:
    steps = plan(shape(layout(key(), OFFERED)), Wishes("Our_Lead_Id", "Cold Call"))
    assert steps[0] == AddField("Our Lead Id")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"unique": {}}, "allows duplicate values"),
        ({"unique": None}, "allows duplicate values"),
        ({"external": {"type": "user"}, "unique": None}, "allows duplicate values"),
        ({"length": 35}, "holds 35 characters, not 36"),
        ({"data_type": "integer"}, "not a single-line field"),
        ({"data_type": "textarea"}, "not a single-line field"),
        ({"custom_field": False}, "not a single-line field"),
    ],
)
def test_a_field_of_the_name_that_cannot_hold_a_key_stops_everything(
    changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(ConfigError) as failed:
        plan(shape(layout(key(**changes), source("Cold Call"))), WISHES)
    assert why in failed.value.what
    assert "submission_key_field" in failed.value.next_step
    assert failed.value.code == "key_field_unfit"


@pytest.mark.parametrize("length", [36, 64, 255, None])
def test_a_field_that_holds_a_uuid_is_long_enough(length: int | None) -> None:
    assert plan(shape(layout(key(length=length), OFFERED)), WISHES) == []


def test_a_field_that_is_external_for_the_org_is_as_good() -> None:
    external = key(unique=None, external={"type": "org", "show": True})
    assert plan(shape(layout(external, OFFERED)), WISHES) == []


@pytest.mark.parametrize(
    "name", ["Submission_Key_Of_Our_Lead", "acme__Submission_Key", "_Key", "Key_", "9_Lives", "Clé", ""]
)
def test_a_name_that_no_label_gives_is_refused_before_anything_is_done(name: str) -> None:
    with pytest.raises(ConfigError) as failed:
        plan(shape(layout(OFFERED)), Wishes(name, "Fair"))
    assert failed.value.code == "key_field_name"


def test_the_longest_name_that_a_label_gives() -> None:
    assert plan(shape(layout(OFFERED)), Wishes("S" * 25, "Cold Call"))[0] == AddField("S" * 25)


@pytest.mark.parametrize("label", ["display_label", "field_label"])
def test_a_label_that_is_taken_is_told_with_the_name_behind_it(label: str) -> None:
    other = key(api_name="Submission_Key1", display_label="Renamed") | {label: "submission key"}
    with pytest.raises(ConfigError) as failed:
        plan(shape(layout(other, OFFERED)), WISHES)
    assert failed.value.code == "key_field_label"
    assert "Set submission_key_field to Submission_Key1" in failed.value.next_step


@pytest.mark.parametrize(
    "changes", [{"read_only": True}, {"field_read_only": True}, {"operation_type": {"api_create": False}}]
)
def test_a_field_that_the_api_may_not_write_is_missing(changes: dict[str, Any]) -> None:
    unwritable = layout(key(**changes), OFFERED)
    assert plan(shape(unwritable), WISHES) == []
    (state,) = states([unwritable], WISHES)
    assert "may not be written through the API" in state.missing[0]


def test_a_field_that_one_layout_shows_without_its_uniqueness_is_missing_there() -> None:
    found = layout(key(unique={}), OFFERED)
    assert "does not refuse duplicate values" in states([found], WISHES)[0].missing[0]


# The source


@pytest.mark.parametrize(
    ("field", "missing"),
    [
        (source("Cold Call"), "Lead Source does not offer “Qualification Inbound” there."),
        (
            source({"display_value": WISHES.source, "actual_value": WISHES.source, "type": "unused"}),
            "Lead Source does not offer “Qualification Inbound” there.",
        ),
        (
            source({"display_value": WISHES.source, "actual_value": "QI"}),
            "Lead Source shows “Qualification Inbound” for the value “QI”: set source to that.",
        ),
        (
            source(WISHES.source, read_only=True),
            "Lead Source may not be written through the API by this user.",
        ),
        (None, "The field Lead_Source is not on it."),
    ],
)
def test_what_keeps_the_source_from_a_layout_is_told(field: dict[str, Any] | None, missing: str) -> None:
    found = layout(key(), *([field] if field else []))
    assert states([found], WISHES) == [LayoutState("Standard", (missing,))]


@pytest.mark.parametrize(
    "elsewhere",
    [
        layout(key(), OFFERED, name="Partner", id="20"),
        layout(key(), OFFERED, name="Old", id="20", status="inactive"),
    ],
)
def test_a_value_that_another_layout_has_is_not_added_again(elsewhere: Layout) -> None:
    lacks = layout(key(), source("Cold Call"))
    assert plan(shape(lacks, elsewhere, fields=[key(), source("Cold Call")]), WISHES) == []


@pytest.mark.parametrize(
    "field",
    [
        source({"display_value": WISHES.source, "actual_value": "QI"}),
        source({"display_value": "Inbound", "actual_value": WISHES.source, "type": "unused"}),
        source("Cold Call", data_type="text"),
        source("Cold Call", id=None),
        None,
    ],
)
def test_a_source_that_cannot_be_added_through_the_api_is_no_step(field: dict[str, Any] | None) -> None:
    assert plan(shape(layout(key(), *([field] if field else []))), WISHES) == []


def test_a_value_that_is_gone_is_noticed() -> None:
    before = shape(layout(source("Cold Call", "Fair")))
    assert lost_values(before, shape(layout(source("Cold Call", "Fair", "New")))) == []
    assert lost_values(before, shape(layout(source("New")))) == ["Cold Call", "Fair"]
