"""Numbers with separators, read where there is one way to read them; and the bounds of a field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from zoho.leads import LeadField
from zoho.leads.values import hint, parse, problem

MONEY = LeadField("Field", "Field", "currency", length=16, decimal_place=2)
PERCENT = LeadField("Field", "Field", "percent", length=5, decimal_place=2)
WHOLE = LeadField("Field", "Field", "integer", length=9)
FREE = LeadField("Field", "Field", "double")


@pytest.mark.parametrize(
    ("kind", "typed", "sent"),
    [
        (MONEY, "1,234.50", 1234.5),
        (MONEY, "1.234,50", 1234.5),
        (MONEY, "1 234,50", 1234.5),
        (MONEY, "1\u00a0234,50", 1234.5),
        (MONEY, "1\u202f234", 1234),
        (MONEY, "1'234.50", 1234.5),
        (MONEY, "1’234", 1234),
        (MONEY, "1,234", 1234),
        (MONEY, "1,500", 1500),
        (MONEY, "12,5", 12.5),
        (MONEY, "0,5", 0.5),
        (MONEY, "-1,234.50", -1234.5),
        (MONEY, "- 1,234", -1234),
        (MONEY, "+1,234,567", 1234567),
        (MONEY, "1.234.567", 1234567),
        (MONEY, "1,23,45,678.5", 12345678.5),
        (FREE, "1,234,567", 1234567),
        (FREE, "1,23", 1.23),
        (WHOLE, "1,000", 1000),
        (WHOLE, "1.000", 1000),
        (WHOLE, "1 000 000", 1000000),
        (PERCENT, "12.5 %", 12.5),
        (PERCENT, "12%", 12),
    ],
)
def test_a_separator_that_can_be_read_in_one_way(kind: LeadField, typed: str, sent: Any) -> None:
    value = parse(kind, typed)
    assert value == sent
    assert type(value) is type(sent)
    assert hint(kind, typed) == f"Understood as {sent}."


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        (FREE, "1,234", "This may be 1.234 or 1234: type one of them."),
        (MONEY, "0,500", "A number with a point, such as 1234.50."),
        (MONEY, "1,234,56", "A number with a point, such as 1234.50."),
        (MONEY, "12,34.5", "A number with a point, such as 1234.50."),
        (MONEY, "1.234.56", "A number with a point, such as 1234.50."),
        (MONEY, "1 234'567", "A number with a point, such as 1234.50."),
        (MONEY, "1,,234", "A number with a point, such as 1234.50."),
        (MONEY, "$5", "A number with a point, such as 1234.50."),
        (MONEY, "12%", "A number with a point, such as 1234.50."),
        (WHOLE, "1,5", "Digits only, such as 250."),
        (WHOLE, "1,234,567,890", "At most 9 digits, this has 10."),
        (PERCENT, "%", "A number with a point, such as 1234.50."),
    ],
)
def test_a_separator_that_cannot(kind: LeadField, typed: str, said: str) -> None:
    assert problem(kind, typed) == said
    assert hint(kind, typed) == ""


@pytest.mark.parametrize("typed", ["0", "1234", "-1234.50", ".5"])
def test_a_plain_number_needs_no_word(typed: str) -> None:
    assert hint(MONEY, typed) == ""


@pytest.mark.parametrize(
    ("low", "high", "typed", "said"),
    [
        (0.0, 100.0, "0", None),
        (0.0, 100.0, "100", None),
        (0.0, 100.0, "100.01", "At least 0 and at most 100."),
        (0.0, 100.0, "-1", "At least 0 and at most 100."),
        (0.5, None, "0.4", "At least 0.5."),
        (0.5, None, "1e9", "A number with a point, such as 1234.50."),
        (None, 10.0, "11", "At most 10."),
        (None, 10.0, "1,000", "At most 10."),
        (None, None, "1000", None),
    ],
)
def test_the_bounds_of_a_field(low: float | None, high: float | None, typed: str, said: str | None) -> None:
    assert problem(LeadField("F", "F", "currency", decimal_place=2, minimum=low, maximum=high), typed) == said


def test_a_whole_number_has_bounds_too() -> None:
    assert problem(LeadField("F", "F", "integer", minimum=1, maximum=5), "6") == "At least 1 and at most 5."


@given(
    st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=2),
    st.sampled_from((",.", ".,", " ,")),
)
def test_an_amount_is_the_same_however_it_is_separated(amount: Decimal, signs: str) -> None:
    group, point = signs
    typed = f"{amount:,.2f}".translate({ord(","): group, ord("."): point})
    assert parse(MONEY, typed) == float(amount)
