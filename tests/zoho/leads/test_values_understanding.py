"""What was pasted into one field and belongs into several; names that stand in the wrong one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zoho.leads import LeadField, LeadForm
from zoho.leads.values import named_at_last, understood
from zoho.leads.values.names import split_name

FIRST = LeadField("First_Name", "First Name", "text", length=40)
LAST = LeadField("Last_Name", "Last Name", "text", required=True, length=80)
EMAIL = LeadField("Email", "Email", "email", length=100)
PHONE = LeadField("Phone", "Phone", "phone", length=30)
FORM = LeadForm("1", (FIRST, LAST, EMAIL, PHONE), region="GB")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Bob Roe", "Bob", "Roe"),
        ("Roe", "", "Roe"),
        ("Roe, Bob", "Bob", "Roe"),
        ("Roe, Bob, Jr", "Roe Bob", "Jr"),
        ("Bob M. Roe", "Bob M.", "Roe"),
        ("Ada van der Roe", "Ada", "van der Roe"),
        ("ada roe", "ada", "roe"),
        ("Roe,", "", "Roe"),
        ("  ", "", ""),
    ],
)
def test_a_name_in_two(name: str, first: str, last: str) -> None:
    assert split_name(name) == (first, last)


def test_a_pasted_person_gives_address_and_name() -> None:
    assert understood(FORM, "Email", "Bob Roe <bob@x.com>", {"Email": "Bob Roe <bob@x.com>"}) == {
        "Email": "bob@x.com",
        "First_Name": "Bob",
        "Last_Name": "Roe",
    }


def test_one_word_is_a_last_name() -> None:
    assert understood(FORM, "Email", "Roe <bob@x.com>") == {"Email": "bob@x.com", "Last_Name": "Roe"}


@pytest.mark.parametrize("typed", [{"First_Name": "Ann"}, {"Last_Name": "Doe"}])
def test_a_name_that_was_typed_stays(typed: dict[str, str]) -> None:
    assert understood(FORM, "Email", "Bob Roe <bob@x.com>", typed) == {"Email": "bob@x.com"}


def test_a_name_goes_into_the_fields_that_there_are() -> None:
    one = LeadForm("1", (LAST, EMAIL))
    assert understood(one, "Email", "Bob Roe <bob@x.com>") == {"Email": "bob@x.com", "Last_Name": "Bob Roe"}
    none = LeadForm("1", (EMAIL,))
    assert understood(none, "Email", "Bob Roe <bob@x.com>") == {"Email": "bob@x.com"}
    short = LeadForm("1", (FIRST, replace(LAST, length=2), EMAIL))
    assert understood(short, "Email", "Bob Roe <bob@x.com>") == {"Email": "bob@x.com"}


@pytest.mark.parametrize(
    ("name", "text", "becomes"),
    [
        ("Phone", "020 7946 0018", {"Phone": "+44 20 7946 0018"}),
        ("Phone", "+44 20 7946 0018", {}),
        ("Phone", "n/a", {}),
        ("Email", "bob@x.com", {}),
        ("Email", "bob", {}),
        ("Email", "Bob <bob>", {}),
        ("Email", "", {}),
        ("Last_Name", "Bob Roe <bob@x.com>", {}),
        ("Nope", "x", {}),
    ],
)
def test_what_becomes_of_other_texts(name: str, text: str, becomes: dict[str, str]) -> None:
    assert understood(FORM, name, text) == becomes


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ({"First_Name": "Roe"}, {"First_Name": "", "Last_Name": "Roe"}),
        ({"First_Name": " Bob Roe "}, {"First_Name": "Bob", "Last_Name": "Roe"}),
        ({"First_Name": "Bob", "Last_Name": "Roe"}, {}),
        ({"Last_Name": "Roe"}, {}),
        ({"First_Name": " "}, {}),
        ({}, {}),
    ],
)
def test_a_name_in_the_first_field_alone(typed: dict[str, str], becomes: dict[str, str]) -> None:
    assert named_at_last(FORM, typed) == becomes


def test_it_stays_where_there_is_no_other_field() -> None:
    assert named_at_last(LeadForm("1", (FIRST,)), {"First_Name": "Roe"}) == {}
    assert named_at_last(LeadForm("1", (LAST,)), {"First_Name": "Roe"}) == {}
