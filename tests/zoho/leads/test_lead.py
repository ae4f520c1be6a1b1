"""One lead: from what was typed to the record, and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from zoho.leads import STOCK_FORM, LeadField, LeadForm, Option, read_lead, record_of, title_of
from zoho.leads.lead import typed_of, with_source
from zoho.wire import RecordRejected

FORM = LeadForm(
    layout_id="1",
    fields=(
        LeadField("Last_Name", "Last Name", "text", required=True, length=80),
        LeadField("Company", "Company", "text", required=True, length=100),
        LeadField("Email", "Email", "email", length=100),
        LeadField("Phone", "Phone", "phone", length=30),
        LeadField("No_of_Employees", "Employees", "integer", length=9),
        LeadField("Annual_Revenue", "Revenue", "currency", length=16),
        LeadField("Probability", "Probability", "double"),
        LeadField("Rating", "Rating", "picklist", options=(Option("a", "Active"), Option("b", "b"))),
        LeadField("Met_On", "Met on", "date"),
        LeadField("Email_Opt_Out", "Opt out", "boolean"),
        LeadField("Description", "Description", "textarea", length=32000),
    ),
)
GOOD = {"Last_Name": "Roe", "Company": "Acme"}


def faults(typed: dict[str, str]) -> dict[str | None, tuple[str, str]]:
    with pytest.raises(RecordRejected) as caught:
        read_lead(FORM, typed)
    return {one.field: (one.code, one.what) for one in caught.value.faults}


def test_the_values_of_a_lead() -> None:
    typed = GOOD | {"Email": " roe@acme.com ", "Phone": "", "No_of_Employees": "12", "Rating": "Active"}
    assert read_lead(FORM, typed) == {
        "Last_Name": "Roe",
        "Company": "Acme",
        "Email": "roe@acme.com",
        "No_of_Employees": 12,
        "Rating": "a",
    }


def test_every_fault_is_told_at_once_on_its_field() -> None:
    assert faults({"Last_Name": "  ", "Email": "roe", "Met_On": "today", "Nope": "x", "Company": "Acme"}) == {
        "Nope": ("unknown", "The org's form has no such field."),
        "Last_Name": ("required", "This is needed."),
        "Email": ("invalid", "This is no e-mail address: an email address must have an @-sign."),
        "Met_On": ("invalid", "A date is written year-month-day, such as 2026-01-31."),
    }


def test_a_name_of_no_field_is_cleaned() -> None:
    assert list(faults(GOOD | {"\x1b[31m": "x"})) == ["^[[31m"]


def test_what_was_pasted_is_harmless_and_on_as_many_lines_as_the_field_has() -> None:
    pasted = "one\r\ntwo\tthree\x1b[2J\u202e"
    lead = read_lead(FORM, {"Last_Name": pasted, "Company": "Acme", "Description": pasted})
    assert lead["Last_Name"] == "one two three^[[2J\\u202e"
    assert lead["Description"] == "one\ntwo\tthree^[[2J\\u202e"


def test_the_stock_form_needs_a_name_and_a_company() -> None:
    with pytest.raises(RecordRejected) as caught:
        read_lead(STOCK_FORM, {})
    assert [one.field for one in caught.value.faults] == ["Last_Name", "Company"]
    assert STOCK_FORM.layout_id is None


def test_the_source_is_set_unless_the_lead_has_one() -> None:
    assert with_source(GOOD, "Fair") == {"Lead_Source": "Fair", **GOOD}
    assert with_source(GOOD | {"Lead_Source": "Web"}, "Fair")["Lead_Source"] == "Web"


@pytest.mark.parametrize(
    ("layout_id", "key_field", "more"),
    [
        (None, None, {}),
        ("4150", None, {"Layout": {"id": "4150"}}),
        ("4150", "Submission_Key", {"Layout": {"id": "4150"}, "Submission_Key": "k"}),
        (None, "Submission_Key", {"Submission_Key": "k"}),
    ],
)
def test_the_record(layout_id: str | None, key_field: str | None, more: dict[str, Any]) -> None:
    assert record_of(GOOD, layout_id=layout_id, key_field=key_field, key="k") == GOOD | more
    assert GOOD == {"Last_Name": "Roe", "Company": "Acme"}, "the values are left as they are"


def test_the_record_is_a_copy() -> None:
    record = record_of(GOOD, layout_id=None, key_field=None, key="k")
    record["Company"] = "Other"
    assert GOOD["Company"] == "Acme"


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({"First_Name": "Ada", "Last_Name": "Roe", "Company": "Acme"}, "Ada Roe, Acme"),
        ({"Last_Name": "Roe", "Company": None}, "Roe"),
        ({"Company": "Acme"}, "Acme"),
        ({}, ""),
    ],
)
def test_the_title(values: dict[str, Any], title: str) -> None:
    assert title_of(values) == title


def test_what_is_empty_or_ours_is_not_typed_again() -> None:
    values = {"Last_Name": "Roe", "Lead_Source": "Web", "Phone": None, "Email_Opt_Out": False}
    assert typed_of(values) == {"Last_Name": "Roe", "Email_Opt_Out": "false"}


LINE = st.text(max_size=30).filter(lambda text: text.strip())
VALUES = st.fixed_dictionaries(
    {"Last_Name": LINE, "Company": LINE},
    optional={
        "Email": st.just("roe@acme.com"),
        "No_of_Employees": st.integers(0, 999_999_999).map(str),
        "Annual_Revenue": st.decimals(0, 10**10, allow_nan=False, places=4).map(lambda one: f"{one:f}"),
        "Probability": st.floats(0, 1e15, allow_nan=False).map(lambda one: f"{one:.12f}"),
        "Rating": st.sampled_from(("a", "Active", "b")),
        "Met_On": st.dates().map(str),
        "Email_Opt_Out": st.sampled_from(("yes", "No", "1", "false")),
        "Description": st.text(max_size=60),
    },
)


@given(VALUES)
def test_a_lead_that_is_edited_again_is_the_same(typed: dict[str, str]) -> None:
    try:
        values = read_lead(FORM, typed)
    except RecordRejected:
        return
    assert read_lead(FORM, typed_of(values)) == values


@given(st.floats(0, 2.0**49, allow_subnormal=False))
def test_a_number_is_typed_without_an_exponent(number: float) -> None:
    text = typed_of({"Probability": number})["Probability"]
    assert "e" not in text.lower()
    assert float(text) == number
    assert read_lead(FORM, GOOD | {"Probability": text})["Probability"] == number


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("No_of_Employees", "0", 0),
        ("Annual_Revenue", "0.00", 0),
        ("Email_Opt_Out", "false", False),
        ("Email_Opt_Out", "no", False),
    ],
)
def test_a_deliberate_nothing_is_sent(name: str, typed: str, value: Any) -> None:
    values = read_lead(FORM, GOOD | {name: typed})
    assert values[name] == value
    assert record_of(values, layout_id=None, key_field=None, key="k")[name] == value
    assert read_lead(FORM, typed_of(values)) == values, "it is still there when the lead is edited"


def test_what_was_not_touched_is_not_sent() -> None:
    assert read_lead(FORM, GOOD | {"Email_Opt_Out": "", "No_of_Employees": " "}) == GOOD


def test_another_record_is_sent_by_its_id_and_typed_by_its_name() -> None:
    values = GOOD | {"Owner": {"id": "5", "name": "B. Roe"}, "Tag": [{"name": "fair"}], "Other": {"id": "6"}}
    record = record_of(values, layout_id=None, key_field=None, key="k")
    assert record == GOOD | {"Owner": {"id": "5"}, "Tag": [{"name": "fair"}], "Other": {"id": "6"}}
    assert values["Owner"] == {"id": "5", "name": "B. Roe"}
    assert typed_of(values)["Owner"] == "B. Roe {5}"
    assert typed_of(values)["Other"] == "6"


def test_an_answer_to_a_question_is_nobodys_title() -> None:
    assert title_of({"?budget": "1", "Email": "ada@engines.example"}) == "ada@engines.example"
    assert title_of({"?budget": "1"}) == ""
