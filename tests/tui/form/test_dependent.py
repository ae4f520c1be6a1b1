"""Choices that follow the value of another field."""

from __future__ import annotations

from tui.form import Choice, Field, Kind, Section
from tui.form.contents import Contents

COUNTRIES = Field(
    "Country", "Country", Kind.CHOICE, choices=(Choice("de", "Germany"), Choice("fr", "France"))
)
CITIES = Field(
    "City",
    "City",
    Kind.CHOICE,
    choices=tuple(Choice(each.lower(), each) for each in ("Berlin", "Bonn", "Paris")),
    controlled_by="Country",
    allowed=(("de", ("berlin", "bonn")), ("fr", ("paris",))),
)
PARTS = Field(
    "Parts",
    "Parts",
    Kind.CHOICES,
    choices=tuple(Choice(each.lower(), each) for each in ("Mitte", "Wedding", "Marais")),
    controlled_by="City",
    allowed=(("berlin", ("mitte", "wedding")), ("bonn", ("mitte",)), ("", ())),
)


def contents(**values: str) -> Contents:
    made = Contents([Section("", (PARTS, CITIES, COUNTRIES))])
    for name, value in values.items():
        made.put(name, value)
    return made


def offered(made: Contents, name: str) -> list[str]:
    return [choice.value for choice in made.fitted(name).choices]


def change(made: Contents, name: str, value: str) -> list[str]:
    made.values.enter(name, value)
    return list(made.settle(name))


def test_only_what_goes_with_the_other_value_is_offered() -> None:
    made = contents()
    assert offered(made, "City") == ["berlin", "bonn", "paris"]
    made.put("Country", "fr")
    assert offered(made, "City") == ["paris"]
    assert made.fitted("City").choices is made.fitted("City").choices, "prepared once for searching"


def test_what_no_longer_goes_is_emptied_down_the_chain_and_told() -> None:
    made = contents(Country="de", City="berlin", Parts="mitte;wedding")
    assert change(made, "City", "bonn") == ["Parts"]
    assert made.held == {"Country": "de", "City": "bonn", "Parts": "mitte"}
    assert made.notes == {"Parts": "Wedding was taken out: it does not go with City Bonn."}
    made.put("City", "berlin")
    made.put("Parts", "mitte;wedding")
    assert change(made, "City", "paris") == []
    assert change(made, "City", "") == ["Parts"]
    assert made.notes["Parts"] == "Mitte, Wedding were taken out: City is empty now."
    made.put("City", "bonn")
    made.put("Parts", "mitte")
    assert change(made, "Country", "fr") == ["City", "Parts"]
    assert made.held == {"Country": "fr"}
    assert made.notes["City"] == "Bonn was taken out: it does not go with Country France."
    assert made.notes["Parts"] == "Mitte was taken out: City is empty now."


def test_the_note_goes_away_with_the_next_value_and_the_hosts_notes_stay() -> None:
    made = contents(Country="de", City="bonn")
    made.notes["Country"] = "of the host"
    change(made, "Country", "fr")
    change(made, "City", "paris")
    assert made.notes == {"Country": "of the host"}
    change(made, "Country", "de")
    made.clear()
    assert made.notes == {}


def test_what_is_to_be_chosen_first_is_told() -> None:
    made = contents()
    assert made.why_no_choice("Parts") == "choose City first"
    assert made.why_no_choice("City") == ""
    assert made.why_no_choice("Country") == ""
    made.put("City", "paris")
    assert made.why_no_choice("Parts") == ""


def test_a_note_of_the_hosts_in_the_place_of_ours_stays_with_the_next_value() -> None:
    made = contents(Country="de", City="bonn")
    change(made, "Country", "fr")
    made.note("City", "of the host")
    change(made, "City", "paris")
    assert made.notes == {"City": "of the host"}
    made.note("City", "")
    assert made.notes == {}


def test_what_still_goes_stays_and_what_the_host_sets_is_not_emptied() -> None:
    made = contents(Country="de", City="bonn")
    assert change(made, "Country", "") == []
    made.put("Country", "fr")
    assert made.held["City"] == "bonn"
    assert made.fault("City") == "bonn is not one of the choices."


def test_a_value_that_is_no_choice_at_all_is_not_taken_for_one_that_does_not_go() -> None:
    made = contents(Country="de", City="gone")
    assert change(made, "Country", "fr") == []


def test_each_of_several_choices_must_be_one() -> None:
    made = contents(City="berlin", Parts="mitte;marais")
    assert made.fault("Parts") == "marais is not one of the choices."
    made.put("Parts", "mitte;wedding")
    assert made.fault("Parts") is None


def test_a_field_that_is_controlled_by_one_that_the_form_has_not_offers_all() -> None:
    made = Contents([Section("", (CITIES,))])
    assert offered(made, "City") == ["berlin", "bonn", "paris"]
