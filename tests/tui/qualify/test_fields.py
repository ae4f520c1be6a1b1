"""From a layout to the sections of the screen: hints, pins, hidden fields, and what a caller says first."""

from __future__ import annotations

from typing import Any

import pytest

from tui.form import Kind, Section
from tui.qualify.fields import sections_of
from zoho.leads.fields import CALLER, PINNED, LeadField, LeadForm, Option


def form(*names: str) -> LeadForm:
    """Return a form; ``Section/Name`` is a field of that section, with ``*`` a required one."""
    fields = (each.split("/") for each in names)
    return LeadForm(
        None,
        tuple(
            LeadField(name.strip("*"), name.strip("*"), "text", name.endswith("*"), section=section)
            for section, name in fields
        ),
    )


def shown(sections: list[Section]) -> dict[str, list[str]]:
    return {each.title: [field.name for field in each.fields] for each in sections}


USUAL = ("Lead/First_Name", "Lead/Last_Name*", "Lead/Company*", "Lead/Email", "Lead/Phone")


def test_a_layout_that_begins_with_what_a_caller_says_stays_as_it_is() -> None:
    found = sections_of(form("Lead/Last_Name", "Lead/First_Name", "Lead/Fax", "Address/City", "Lead/Rating"))
    assert shown(found) == {"Lead": ["Last_Name", "First_Name", "Fax", "Rating"], "Address": ["City"]}


def test_what_a_caller_says_stands_at_the_head_of_its_section() -> None:
    found = sections_of(form("Top/Code", "Lead/Salutation", *reversed(USUAL), "Lead/Fax"))
    assert shown(found) == {
        "Lead": ["First_Name", "Last_Name", "Company", "Email", "Phone", "Salutation", "Fax"],
        "Top": ["Code"],
    }


def test_what_a_caller_says_has_a_section_of_its_own_where_the_layout_scatters_it() -> None:
    found = sections_of(form("Lead/Code", "Lead/Last_Name*", "Firm/Company*", "Firm/Size", "Reach/Phone"))
    assert shown(found) == {
        CALLER: ["Last_Name", "Company", "Phone"],
        "Lead": ["Code"],
        "Firm": ["Size"],
    }


def test_a_form_without_any_of_them_stays_as_it_is() -> None:
    assert shown(sections_of(form("A/X", "B/Y"))) == {"A": ["X"], "B": ["Y"]}


def test_pinned_fields_come_first_in_their_order_under_a_title_of_their_own() -> None:
    layout = form("Lead/Code", *USUAL, "Address/City")
    assert shown(sections_of(layout, ("City", "Nowhere", "Phone"))) == {
        PINNED: ["City", "Phone"],
        "Lead": ["Code", "First_Name", "Last_Name", "Company", "Email"],
    }


def test_what_was_pinned_when_the_layout_was_read_moves_no_section() -> None:
    read = form("Address/City", *USUAL, "Address/Street")
    assert list(shown(sections_of(read, moved={"City"}))) == ["Lead", "Address"]
    assert list(shown(sections_of(read, ("Phone",), moved={"City"}))) == [PINNED, "Lead", "Address"]


def test_what_is_required_is_not_hidden() -> None:
    (section,) = sections_of(form(*USUAL), hidden=("Email", "Company"))
    assert [field.name for field in section.fields if field.hidden] == ["Email"]


def test_what_decides_the_choices_of_a_picklist_is_passed_on() -> None:
    options = (Option("b", "Berlin"), Option("p", "Paris"))
    lead = LeadField(
        "City", "City", "picklist", options=options, controlled_by="Country", allowed=(("de", ("b",)),)
    )
    field = sections_of(LeadForm(None, (lead,)))[0].fields[0]
    assert field.controlled_by == "Country"
    assert [choice.label for choice in field.choices_with("de")] == ["Berlin"]


@pytest.mark.parametrize(
    ("data_type", "kind"),
    [
        ("multiselectpicklist", Kind.CHOICES),
        ("datetime", Kind.DATETIME),
        ("lookup", Kind.LOOKUP),
        ("ownerlookup", Kind.LOOKUP),
        ("userlookup", Kind.LOOKUP),
    ],
)
def test_each_type_has_its_editor(data_type: str, kind: Kind) -> None:
    lead = LeadField("X", "X", data_type, options=(Option("a", "A"),))
    assert sections_of(LeadForm(None, (lead,)))[0].fields[0].kind is kind


@pytest.mark.parametrize(
    ("data_type", "more", "hint"),
    [
        ("date", {}, "year-month-day"),
        ("datetime", {}, "year-month-day hour:minute"),
        ("integer", {"length": 9}, "whole number"),
        ("integer", {"minimum": 0, "maximum": 1_000_000_000}, "whole number, 0 to 1,000,000,000"),
        ("percent", {"maximum": 12.5}, "number, max 12.5"),
        ("double", {"minimum": -1}, "number, min -1"),
        ("currency", {"decimal_place": 2}, "number, 2 decimals"),
        ("decimal", {"decimal_place": 1, "minimum": 0, "maximum": 5}, "number, 1 decimal, 0 to 5"),
        ("text", {"length": 12}, "max 12"),
        ("text", {"length": 80}, ""),
        ("email", {"length": 15}, ""),
        ("picklist", {}, ""),
    ],
)
def test_the_hint_says_what_may_be_entered(data_type: str, more: dict[str, Any], hint: str) -> None:
    lead = LeadField("X", "X", data_type, options=(Option("a", "A"),), **more)
    assert sections_of(LeadForm(None, (lead,)))[0].fields[0].placeholder == hint
