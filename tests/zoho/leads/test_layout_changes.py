"""What a rep is told when the org's form is not what it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from zoho.leads.fields import LeadField, LeadForm, Option
from zoho.leads.layout_changes import changes, news_of
from zoho.leads.stock import STOCK_FORM


def options(*values: str) -> tuple[Option, ...]:
    return tuple(Option(value, value.title()) for value in values)


NAME = LeadField("Last_Name", "Last Name", "text", required=True, length=80)
FAX = LeadField("Fax", "Fax", "text", length=30)
INDUSTRY = LeadField("Industry", "Industry", "picklist", options=options("asp", "erp", "msp"))
SEATS = LeadField("Seats", "Seats", "integer", minimum=1, maximum=9)
OLD = LeadForm("1", (NAME, FAX, INDUSTRY, SEATS), layout_name="Standard", sources=("Web",))


def changed(field: LeadField, **parts: Any) -> LeadForm:
    fields = tuple(replace(one, **parts) if one is field else one for one in OLD.fields)
    return replace(OLD, fields=fields)


REGION = LeadField("Region", "Region", "picklist")
TOLD: list[tuple[LeadForm, list[str]]] = [
    (OLD, []),
    (changed(FAX, required=True), ["Fax is now required."]),
    (changed(NAME, required=False), ["Last Name is now optional."]),
    (replace(OLD, fields=(*OLD.fields, REGION)), ["Region is new."]),
    (replace(OLD, fields=(*OLD.fields, replace(REGION, required=True))), ["Region is new, and required."]),
    (replace(OLD, fields=(NAME, INDUSTRY, SEATS)), ["Fax is gone."]),
    (replace(OLD, missing=("Photo",)), ["The layout requires Photo, which this form cannot show."]),
    (
        changed(INDUSTRY, options=options("asp", "erp", "msp", "oil", "pet", "zoo")),
        ["Industry has 3 new values."],
    ),
    (
        changed(INDUSTRY, options=options("asp", "erp", "oil")),
        ["Industry has the new value “Oil”.", "Industry has lost the value “Msp”."],
    ),
    (changed(INDUSTRY, options=options("msp")), ["Industry has lost 2 values."]),
    (changed(INDUSTRY, options=options("msp", "erp", "asp")), []),
    (
        changed(INDUSTRY, controlled_by="Region", allowed=(("x", ("asp",)),)),
        ["Industry offers other values for other choices now."],
    ),
    (changed(FAX, label="Telefax"), ["Fax is called Telefax now."]),
    (changed(FAX, data_type="phone", length=5), ["Fax is filled in in another way now."]),
    (changed(FAX, length=20), ["Fax may be shorter now: 20."]),
    (changed(FAX, length=40), ["Fax may be longer now: 40."]),
    (changed(FAX, length=None), []),
    (changed(SEATS, maximum=None), ["Seats has other bounds now."]),
    (changed(FAX, unique=True), ["No two leads may have the same Fax now."]),
    (changed(FAX, help="By hand.", section="Old things", default="0"), []),
    (replace(OLD, fields=tuple(reversed(OLD.fields)), other_layouts=(("2", "B"),)), []),
    (
        replace(changed(FAX, required=True), layout_id="2", layout_name="Short"),
        ["The layout is “Short” now."],
    ),
]


@pytest.mark.parametrize(("new", "told"), TOLD)
def test_what_is_told(new: LeadForm, told: list[str]) -> None:
    assert changes(OLD, new) == told


def test_what_is_required_comes_first() -> None:
    new = replace(OLD, fields=(NAME, replace(SEATS, required=True), replace(REGION, required=True)))
    assert changes(OLD, new) == [
        "Seats is now required.",
        "Region is new, and required.",
        "Fax is gone.",
        "Industry is gone.",
    ]


@pytest.mark.parametrize("old", [STOCK_FORM, replace(OLD, layout_name="")])
def test_a_form_that_was_not_the_orgs_has_not_changed(old: LeadForm) -> None:
    assert changes(old, OLD) == []


def test_news_are_few_and_name_how_many_more_there_are() -> None:
    assert news_of(OLD, OLD, "Web") is None
    assert news_of(None, OLD, "Web") is None
    new = replace(OLD, fields=(replace(NAME, required=False), REGION))
    found = news_of(OLD, new, "Web")
    assert found is not None
    assert found.well
    assert found.what == "Last Name is now optional. Fax is gone. Industry is gone. And 2 more."


def test_a_source_that_the_org_lacks_goes_first() -> None:
    found = news_of(OLD, changed(FAX, required=True), "Qualification Inbound")
    assert found is not None
    assert not found.well
    assert found.what == (
        "The org's list of lead sources lacks “Qualification Inbound”. Fax is now required."
    )
    assert "Setup > Customization > Modules and Fields > Leads > the layout > Lead Source" in found.next_step
    assert "prepare-org" in found.next_step
    again = news_of(None, OLD, "Qualification Inbound")
    assert again is not None
    assert not again.well
