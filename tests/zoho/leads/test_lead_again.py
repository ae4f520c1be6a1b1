"""A lead that is edited again is the lead that it was: text to values and back, over every kind of field."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from zoho.leads import LeadField, LeadForm, Option, read_lead
from zoho.leads.lead import title_of, typed_of
from zoho.leads.shown import shown

NUMBERS = ("integer", "bigint", "double", "decimal", "currency", "percent")
OPTIONS = tuple(Option(f"v{n}", f"Label {n}") for n in range(5))
FORM = LeadForm(
    "1",
    (
        LeadField("Text", "Text", "text", length=80),
        LeadField("Long", "Long", "textarea"),
        LeadField("Email", "Email", "email"),
        LeadField("Phone", "Phone", "phone", length=30),
        LeadField("Website", "Website", "website"),
        *(LeadField(kind, kind, kind, length=16, minimum=-1000, maximum=10**9) for kind in NUMBERS),
        LeadField("Day", "Day", "date"),
        LeadField("Moment", "Moment", "datetime"),
        LeadField("Flag", "Flag", "boolean"),
        LeadField("One", "One", "picklist", options=OPTIONS),
        LeadField(
            "With_One",
            "With one",
            "picklist",
            options=OPTIONS,
            controlled_by="One",
            allowed=(("v1", ("v2",)),),
        ),
        LeadField("Several", "Several", "multiselectpicklist", options=OPTIONS),
        LeadField("Other", "Other", "lookup"),
        LeadField("Owner", "Owner", "ownerlookup"),
    ),
    region="GB",
)
ZONES = st.sampled_from(
    (ZoneInfo("Europe/Berlin"), ZoneInfo("UTC"), timezone(timedelta(hours=5, minutes=45)))
)

LINE = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
NUMBER = st.integers(-1200, 10**10).map(str) | st.decimals(-1200, 10**9, allow_nan=False, places=3).map(
    lambda one: f"{one:f}"
)
CHOICE = st.sampled_from([*(option.value for option in OPTIONS), *(option.label for option in OPTIONS)])
ID = st.integers(1, 10**18).map(str)
TYPED = st.fixed_dictionaries(
    {},
    optional={
        "Text": LINE,
        "Long": st.text(max_size=30),
        "Email": st.sampled_from(("a@b.example", "Bob Roe <bob@x.com>", "mailto:a@b.example")),
        "Phone": st.sampled_from(("020 7946 0018 x12", "+1 234", "call Bob on 555"))
        | st.from_regex(r"0[0-9 ]{5,14}"),
        "Website": st.just("www.example.com"),
        **dict.fromkeys(NUMBERS, NUMBER),
        "Day": st.dates().map(str),
        "Moment": st.datetimes().map(lambda one: one.isoformat(" ", "minutes")),
        "Flag": st.sampled_from(("yes", "no", "true", "false", "0", "1", "")),
        "One": CHOICE,
        "With_One": CHOICE,
        "Several": st.lists(CHOICE, max_size=4).map(";".join),
        "Other": ID | st.builds("{} {{{}}}".format, LINE, ID),
        "Owner": ID,
    },
)


def fault_of(field: LeadField, text: str, typed: dict[str, str], zone: Any) -> bool:
    from zoho.leads.values import Around, problem

    return problem(field, text, Around.of(FORM, field, typed, zone)) is not None


@given(TYPED, ZONES)
def test_what_is_typed_again_is_the_same(typed: dict[str, str], zone: Any) -> None:
    from zoho.wire.clean import clean

    typed = {name: clean(text) for name, text in typed.items()}
    wrong = {name for name, text in typed.items() if fault_of(FORM.field(name), text, typed, zone)}  # type: ignore[arg-type]
    right = {name: text for name, text in typed.items() if name not in wrong}
    if "One" in wrong or "With_One" in wrong:
        right.pop("With_One", None)
    values = read_lead(FORM, right, zone=zone)
    again = typed_of(values, FORM, zone=zone)
    assert read_lead(FORM, again, zone=zone) == values
    assert typed_of(read_lead(FORM, again, zone=zone), FORM, zone=zone) == again
    assert read_lead(FORM, typed_of(values), zone=zone) == values, "without the form it is the same lead"
    for name, value in values.items():
        assert isinstance(shown(FORM, name, value, zone), str)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("Flag", True, "yes"),
        ("Flag", False, "no"),
        ("One", "v1", "Label 1"),
        ("One", "gone", "gone"),
        ("Several", ["v1", "v2"], "Label 1, Label 2"),
        ("Owner", {"id": "5", "name": "B. Roe"}, "B. Roe"),
        ("Owner", {"id": "5"}, "5"),
        ("currency", 1234.5, "1234.5"),
        ("integer", 0, "0"),
        ("Moment", "2026-01-31T14:30:00+01:00", "2026-01-31 14:30"),
        ("Not_In_The_Form", "x", "x"),
    ],
)
def test_how_a_value_is_shown(name: str, value: Any, said: str) -> None:
    assert shown(FORM, name, value, ZoneInfo("Europe/Berlin")) == said


def test_a_lead_is_called_by_a_value_as_it_is_shown() -> None:
    assert title_of({"Owner": {"id": "5", "name": "B. Roe"}}) == "B. Roe"
    assert title_of({"Several": ["a", "b"]}) == "a, b"
