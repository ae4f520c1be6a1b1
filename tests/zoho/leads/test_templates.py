"""Templates, fields that stay, another lead of the same company: what a form begins with."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from zoho.leads.fields import TOLD_FIRST, LeadField, LeadForm
from zoho.leads.templates import OF_COMPANY, Filled, another_from, fill, sticky

PERSON = ("First_Name", "Last_Name", "Email", "Phone", "Mobile", "Designation", "Secondary_Email")
FORM = LeadForm(
    None,
    (
        *(LeadField(name, name, "text") for name in (*PERSON, *OF_COMPANY, "Lead_Source", "Lead_Status")),
        LeadField("Description", "Description", "textarea"),
        LeadField("Badge", "Badge", "text", unique=True),
    ),
)
NAMES = [one.api_name for one in FORM.fields]
TEXTS = st.text(max_size=8)
ENTRIES = st.dictionaries(st.sampled_from([*NAMES, "?budget", "?call_back", "Gone", "Other"]), TEXTS)
ROE = {
    "First_Name": "Ada",
    "Last_Name": "Roe",
    "Email": "ada@acme.com",
    "Phone": "1",
    "Mobile": "2",
    "Company": "Acme",
    "Website": "acme.com",
    "City": "Leeds",
    "Lead_Source": "Fair",
    "?budget": "3",
}


# Templates


def test_a_template_fills_in_what_is_empty() -> None:
    template = {"City": "Leeds", "Lead_Status": "Contacted", "?budget": "3"}
    assert fill(template, {"Last_Name": "Roe", "City": "  "}, FORM) == Filled(template)


def test_what_was_typed_stays_and_is_told() -> None:
    typed = {"City": "York", "Country": "UK", "?budget": "1"}
    found = fill({"City": "Leeds", "Country": " UK ", "?budget": "3", "Company": "Acme"}, typed, FORM)
    assert found == Filled({"Company": "Acme"}, kept=("City", "?budget"))


def test_what_the_form_has_not_is_told_and_left_out() -> None:
    found = fill({"Gone": "x", "City": "Leeds", "\x1b[2J": "x"}, {"Gone": "y"}, FORM)
    assert found.values == {"City": "Leeds"}
    assert (found.kept, found.unknown[0], len(found.unknown)) == ((), "Gone", 2)
    assert found.unknown[1].isprintable()


def test_a_field_without_a_text_is_no_wish() -> None:
    assert fill({"City": " "}, {"City": "York"}, FORM) == fill({"City": ""}, {}, FORM) == Filled()


def test_only_a_long_text_has_lines() -> None:
    found = fill({"City": "a\nb\x1b", "Description": "a\nb\x1b"}, {}, FORM)
    assert "\n" not in found.values["City"]
    assert found.values["Description"].startswith("a\nb")
    assert "\x1b" not in "".join(found.values.values())


@given(ENTRIES, ENTRIES)
def test_a_template_never_touches_what_was_typed(template: dict[str, str], typed: dict[str, str]) -> None:
    found = fill(template, typed, FORM)
    assert not any(typed.get(name, "").strip() for name in found.values)
    assert all(typed[name].strip() for name in found.kept)
    assert all(name.startswith("?") or name in NAMES for name in (*found.values, *found.kept))
    assert all(found.values.values())


@given(ENTRIES, ENTRIES)
def test_each_field_of_a_template_comes_to_one_thing(template: dict[str, str], typed: dict[str, str]) -> None:
    found = fill(template, typed, FORM)
    told = [*found.values, *found.kept, *found.unknown]
    assert len(set(told)) == len(told)
    assert set(told) <= set(template)
    assert set(found.unknown) == {name for name in template if name in ("Gone", "Other")}


@given(ENTRIES, ENTRIES)
def test_a_template_that_was_used_fills_in_no_more(template: dict[str, str], typed: dict[str, str]) -> None:
    found = fill(template, typed, FORM)
    again = fill(template, {**typed, **found.values}, FORM)
    assert (again.values, again.kept) == ({}, found.kept)


# Fields that stay


def test_the_fields_that_are_named_stay_in_that_order() -> None:
    found = sticky(FORM, {**ROE, "Country": " "}, ("City", "Country", "Lead_Source", "Gone"))
    assert list(found.items()) == [("City", "Leeds"), ("Lead_Source", "Fair")]


def test_an_answer_and_what_is_unique_never_stay() -> None:
    assert sticky(FORM, {**ROE, "Badge": "7"}, ("?budget", "Badge")) == {}


@given(ENTRIES, st.lists(st.sampled_from([*NAMES, "?budget", "Gone"])))
def test_what_stays_was_typed_and_named(typed: dict[str, str], names: list[str]) -> None:
    found = sticky(FORM, typed, names)
    assert found.items() <= typed.items()
    assert set(found) <= set(names) & set(NAMES)
    assert all(text.strip() for text in found.values())


# Another one of the same company


def test_another_one_has_the_company_and_no_person() -> None:
    assert another_from(FORM, ROE) == {"Company": "Acme", "Website": "acme.com", "City": "Leeds"}


@pytest.mark.parametrize("company", ["", " "])
def test_without_a_company_there_is_nothing_to_go_on(company: str) -> None:
    assert another_from(FORM, {**ROE, "Company": company}) == {}


def test_a_form_without_a_field_is_not_given_it() -> None:
    short = LeadForm(
        None, (LeadField("Company", "Company", "text"), LeadField("Fax", "Fax", "phone", unique=True))
    )
    assert another_from(short, {**ROE, "Fax": "3"}) == {"Company": "Acme"}


@given(ENTRIES)
def test_nothing_of_a_person_and_no_source_goes_along(typed: dict[str, str]) -> None:
    found = another_from(FORM, typed)
    assert found.items() <= typed.items()
    assert not set(found) & {
        *PERSON,
        *(set(TOLD_FIRST) - {"Company"}),
        "Lead_Source",
        "Lead_Status",
        "Description",
    }
    assert not any(name.startswith("?") for name in found)
