"""What a rep types in a field of each kind: what is sent, or what is said."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from zoho.leads import LeadField, Option, problem
from zoho.leads.values import WrongValueError, parse


def field(data_type: str, **more: Any) -> LeadField:
    return LeadField("Field", "Field", data_type, **more)


MONEY = field("currency", length=16, decimal_place=2)
STATUS = field("picklist", options=(Option("OnlineStore", "Online Store"), Option("Junk", "Junk Lead")))


@pytest.mark.parametrize(
    ("kind", "typed", "sent"),
    [
        (field("text", length=5), "  Zoë  ", "Zoë"),
        (field("text", length=5), "12345", "12345"),
        (field("textarea"), "one\n\ttwo ", "one\n\ttwo"),
        (field("a kind without a rule"), "some text", "some text"),
        (field("email"), " Ada@Example.com ", "Ada@Example.com"),
        (field("email"), "josé@exämple.com", "josé@exämple.com"),
        (field("phone", length=30), "+44 (0)20 7946-0018 x12", "+44 20 7946 0018 ext. 12"),
        (field("website"), "www.example.com", "www.example.com"),
        (field("website"), "https://example.com/a?b=c", "https://example.com/a?b=c"),
        (field("integer", length=9), "250", 250),
        (field("integer", length=3), "+000250", 250),
        (field("integer"), "-7", -7),
        (field("bigint"), "9223372036854775807", 9223372036854775807),
        (MONEY, "1234.50", 1234.5),
        (MONEY, "0.1", 0.1),
        (MONEY, ".5", 0.5),
        (MONEY, "5.", 5),
        (MONEY, ".00", 0),
        (MONEY, "-.0", 0),
        (MONEY, "-12.30", -12.3),
        (MONEY, "1234567890123456", 1234567890123456),
        (MONEY, "100.000", 100),
        (field("percent"), "12.5", 12.5),
        (field("double", decimal_place=3), "1.125", 1.125),
        (field("decimal"), "3", 3),
        (field("date"), "2026-02-28", "2026-02-28"),
        (field("date"), " 20260228 ", "2026-02-28"),
        (field("boolean"), "Yes", True),
        (field("boolean"), "true", True),
        (field("boolean"), "1", True),
        (field("boolean"), "no", False),
        (field("boolean"), "FALSE", False),
        (STATUS, "Online Store", "OnlineStore"),
        (STATUS, "OnlineStore", "OnlineStore"),
        (field("picklist", length=4), "Free", "Free"),
    ],
)
def test_what_is_sent(kind: LeadField, typed: str, sent: Any) -> None:
    value = parse(kind, typed)
    assert value == sent
    assert type(value) is type(sent)
    assert problem(kind, typed) is None


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        (field("text", length=5), "123456", "At most 5 characters, this has 6."),
        (field("textarea", length=32000), "x" * 32001, "At most 32,000 characters, this has 32,001."),
        (field("phone"), "12", "A phone number has at least three digits."),
        (field("phone", length=30), "1" * 31, "At most 30 characters, this has 31."),
        (field("website"), "example", "A web address looks like www.example.com."),
        (field("website"), "www.example.com here", "A web address looks like www.example.com."),
        (field("integer", length=3), "1000", "At most 3 digits, this has 4."),
        (field("integer"), "1.5", "Digits only, such as 250."),
        (field("integer"), "10,00", "Digits only, such as 250."),
        (field("integer"), "٢٥", "Digits only, such as 250."),
        (field("integer"), "9" * 5000, "At most 19 digits, this has 5000."),
        (field("double"), "9" * 5000, "At most 19 digits, this has 5000."),
        (MONEY, "1,23.50", "A number with a point, such as 1234.50."),
        (MONEY, "1e5", "A number with a point, such as 1234.50."),
        (MONEY, "NaN", "A number with a point, such as 1234.50."),
        (MONEY, "Infinity", "A number with a point, such as 1234.50."),
        (MONEY, ".", "A number with a point, such as 1234.50."),
        (MONEY, "-", "A number with a point, such as 1234.50."),
        (MONEY, "٢.٥", "A number with a point, such as 1234.50."),
        (MONEY, "1.005", "At most 2 digits after the point, this has 3."),
        (MONEY, "12345678901234567", "At most 16 digits, this has 17."),
        (MONEY, "12345678901234567.5", "At most 16 digits, this has 17."),
        (MONEY, "1234567890123456.78", "At most 15 digits in all."),
        (field("date"), "28.02.2026", "A date is written year-month-day, such as 2026-01-31."),
        (field("date"), "2026-02-30", "A date is written year-month-day, such as 2026-01-31."),
        (field("boolean"), "maybe", "Yes or no."),
        (STATUS, "-None-", "“-None-” is not in the list."),
        (STATUS, "online store", "“online store” is not in the list."),
        (field("picklist", length=4), "Longer", "At most 4 characters, this has 6."),
    ],
)
def test_what_is_said(kind: LeadField, typed: str, said: str) -> None:
    assert problem(kind, typed) == said


@pytest.mark.parametrize(
    "typed", ["ada", "ada@", "@example.com", "ada@example", "a b@example.com", "a@b@c.com"]
)
def test_what_is_no_e_mail_address(typed: str) -> None:
    said = problem(field("email"), typed)
    assert said is not None
    assert said.startswith("This is no e-mail address: ")
    assert said.endswith(".")
    assert not said.endswith("..")


def test_an_e_mail_address_has_the_fields_length() -> None:
    assert problem(field("email", length=15), "ada@example.com") is None
    assert problem(field("email", length=14), "ada@example.com") == "At most 14 characters, this has 15."


@pytest.mark.parametrize("data_type", ["text", "email", "integer", "currency", "date", "boolean", "picklist"])
@pytest.mark.parametrize("typed", ["", "   ", "\n\t"])
def test_empty_text_is_no_value(data_type: str, typed: str) -> None:
    assert parse(field(data_type, required=True), typed) is None


KINDS = st.sampled_from(
    (
        *("text", "textarea", "email", "phone", "website", "picklist", "integer", "bigint", "currency"),
        *("percent", "double", "decimal", "date", "datetime", "boolean", "something-new"),
        *("multiselectpicklist", "lookup", "ownerlookup", "userlookup"),
    )
)


@given(KINDS, st.text(), st.none() | st.integers(0, 40))
def test_any_text_is_a_value_or_said_to_be_wrong(data_type: str, typed: str, length: int | None) -> None:
    kind = field(data_type, length=length)
    said = problem(kind, typed)
    if said is None:
        json.dumps(parse(kind, typed), allow_nan=False)
    else:
        assert said.endswith((".", ".”"))
        with pytest.raises(WrongValueError, match=re.escape(said)):
            parse(kind, typed)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_an_amount_is_sent_as_it_was_typed(amount: Decimal) -> None:
    assert Decimal(json.dumps(parse(MONEY, f"{amount:f}"))) == amount


@given(st.integers(-(10**18), 10**18))
def test_a_whole_number_is_sent_as_it_was_typed(number: int) -> None:
    assert parse(field("bigint"), str(number)) == number


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_date_is_sent_as_it_was_typed(day: date) -> None:
    assert parse(field("date"), str(day)) == str(day)
