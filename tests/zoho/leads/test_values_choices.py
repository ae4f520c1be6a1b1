"""What is chosen: one value, several, those that go with another one, and other records."""

from __future__ import annotations

from typing import Any

import pytest

from zoho.leads import LeadField, LeadForm, Option, read_lead
from zoho.leads.values import Around, parse, problem
from zoho.wire import RecordRejected

COUNTRY = LeadField(
    "Country", "Land", "picklist", options=(Option("DE", "Germany"), Option("US", "United States"))
)
STATE = LeadField(
    "State",
    "Region",
    "picklist",
    options=(Option("BY", "Bavaria"), Option("TX", "Texas"), Option("BE", "Berlin")),
    controlled_by="Country",
    allowed=(("DE", ("BY", "BE")), ("US", ("TX",)), ("XX", ())),
)
TOPICS = LeadField(
    "Topics",
    "Topics",
    "multiselectpicklist",
    options=tuple(Option(f"v{n}", f"Topic {n}") for n in range(20)),
)
FORM = LeadForm("1", (COUNTRY, STATE, TOPICS))


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("v1", ["v1"]),
        ("v2;Topic 1", ["v2", "v1"]),
        (" Topic 3 ; v3;; v4 ;", ["v3", "v4"]),
        (";", None),
    ],
)
def test_several_values(typed: str, sent: Any) -> None:
    assert parse(TOPICS, typed) == sent


def test_one_of_several_that_is_not_in_the_list_is_named() -> None:
    assert problem(TOPICS, "v1;Topic 99") == "“Topic 99” is not in the list."


def test_without_a_list_several_values_are_as_they_were_typed() -> None:
    assert parse(LeadField("T", "T", "multiselectpicklist"), "a; b") == ["a", "b"]


@pytest.mark.parametrize("country", ["US", "United States"])
def test_a_value_that_does_not_go_with_another_is_told_what_does(country: str) -> None:
    with pytest.raises(RecordRejected) as caught:
        read_lead(FORM, {"Country": country, "State": "Bavaria"})
    (fault,) = caught.value.faults
    assert (fault.field, fault.what) == (
        "State",
        "“Bavaria” does not go with “United States”, only: Texas.",
    )


@pytest.mark.parametrize("country", ["DE", "Germany", "", "somewhere"])
def test_a_value_goes_with_one_that_allows_it_or_says_nothing(country: str) -> None:
    around = Around.of(FORM, STATE, {"Country": country})
    assert parse(STATE, "Bavaria", around) == "BY"


def test_a_long_list_of_what_goes_is_cut_and_an_empty_one_said() -> None:
    values = tuple(f"v{n}" for n in range(1, 12))
    topics = LeadField(
        "T", "T", "multiselectpicklist", options=TOPICS.options, allowed=(("a", values), ("b", ()))
    )
    controlled = LeadField(
        **{**{name: getattr(topics, name) for name in topics.__slots__}, "controlled_by": "C"}
    )
    told = problem(controlled, "v1;v0", Around(controlling=Option("a", "A")))
    assert told == (
        "“Topic 0” does not go with “A”, only: Topic 1, Topic 2, Topic 3, Topic 4, Topic 5, Topic 6, Topic 7,"
        " Topic 8, …."
    )
    assert problem(controlled, "v1", Around(controlling=Option("b", "B"))) == (
        "“Topic 1” does not go with “B”, only: nothing."
    )


@pytest.mark.parametrize("data_type", ["lookup", "ownerlookup", "userlookup"])
@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("4150868000001234567", {"id": "4150868000001234567"}),
        ("{4150868000001234567}", {"id": "4150868000001234567"}),
        ("B. Roe {415}", {"id": "415", "name": "B. Roe"}),
        ("Acme {1} Ltd {415}", {"id": "415", "name": "Acme {1} Ltd"}),
    ],
)
def test_another_record(data_type: str, typed: str, sent: dict[str, str]) -> None:
    assert parse(LeadField("F", "F", data_type), typed) == sent


@pytest.mark.parametrize("typed", ["B. Roe", "B. Roe {x1}", "{}", "12345678901234567890", "٤١٥"])
def test_a_name_alone_is_no_record(typed: str) -> None:
    said = "Choose one that is found: a name alone does not say which."
    assert problem(LeadField("F", "F", "lookup"), typed) == said
