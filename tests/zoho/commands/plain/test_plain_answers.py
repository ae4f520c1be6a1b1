"""From an answer to what stands in the fields, and what is said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zoho.commands.plain.answers import Answer, read_answer
from zoho.commands.plain.asked import DISQUALIFIED, all_asked
from zoho.leads.call_back import CALL_BACK
from zoho.leads.fields import LeadField, LeadForm, Option
from zoho.leads.script import load_script

NOW = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Europe/Berlin"))
COLOURS = tuple(Option(value.lower(), value) for value in ("Red", "Green", "Blue-green"))
FORM = LeadForm(
    "1",
    (
        LeadField("First_Name", "First Name", "text"),
        LeadField("Last_Name", "Last Name", "text", required=True, length=10),
        LeadField("Email", "Email", "email"),
        LeadField("Phone", "Phone", "phone"),
        LeadField("Staff", "Staff", "integer"),
        LeadField("Colour", "Colour", "picklist", options=COLOURS),
        LeadField("Colours", "Colours", "multiselectpicklist", options=COLOURS),
        LeadField("Opt_Out", "Opt out", "boolean"),
        LeadField("Owner", "Owner", "ownerlookup", lookup_module="Users"),
    ),
    region="GB",
)
BANT = load_script("bant")
PEOPLE = [("11", "Ada Lovelace"), ("12", "Ada King"), ("13", "Bob Roe")]


def find(module: str, word: str) -> list[tuple[str, str]]:
    assert module == "Users"
    return [one for one in PEOPLE if word.lower() in one[1].lower()]


def answer(name: str, text: str, typed: dict[str, str] | None = None, **more: Any) -> Answer:
    one = next(one for one in all_asked(FORM, BANT) if one.name == name)
    return read_answer(one, text, form=FORM, typed=typed or {}, now=NOW, find=find, **more)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("First_Name", "Ada", "Ada"),
        ("Staff", "12", "12"),
        ("Colour", "2", "green"),
        ("Colour", "re", "red"),
        ("Colours", "1, 3", "red;blue-green"),
        ("Colours", "red; blue; red", "red;blue-green"),
        ("Opt_Out", "y", "true"),
        ("Opt_Out", "No", "false"),
        ("?budget", "2", "2"),
        ("?budget", "appr", "1"),
        (DISQUALIFIED, "comp", "3"),
        (CALL_BACK, "tomorrow 9:30", "2026-11-26 09:30 Europe/Berlin"),
    ],
)
def test_what_stands_after_an_answer(name: str, text: str, value: str) -> None:
    assert dict(answer(name, text).changes) == {name: value}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("Last_Name", "Wolfeschlegelstein", "At most 10 characters, this has 18."),
        ("Email", "ada", "This is no e-mail address: an email address must have an @-sign."),
        ("Colour", "pink", "Nothing in the list is “pink”."),
        ("Colours", "red; pink", "Nothing in the list is “pink”."),
        ("?budget", "5", "Nothing in the list is “5”."),
        ("Opt_Out", "perhaps", "Yes or no."),
        ("Owner", "nobody", "None is found by “nobody”. Type two letters or more of its name."),
        (CALL_BACK, "yesterday", None),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence_and_changes_nothing(
    name: str, text: str, said: str | None
) -> None:
    found = answer(name, text)
    assert (found.changes, found.wrong, len(found.said)) == ({}, True, 1)
    assert said in (None, found.said[0])


def test_no_to_the_disqualification_means_a_lead() -> None:
    assert answer(DISQUALIFIED, "n").changes == {DISQUALIFIED: ""}


def test_letters_of_several_are_asked_again_with_their_numbers() -> None:
    found = answer("Colour", "re")
    assert found.said == ["Colour: Red."]
    found = answer("?authority", "the caller")
    assert found.changes == {}
    assert not found.wrong
    assert found.said[:2] == ["Several have that:", "1 The caller decides"]


def test_an_address_with_a_name_fills_the_names() -> None:
    found = answer("Email", "Ada Lovelace <ada@gmial.com>")
    assert found.changes == {"Email": "ada@gmial.com", "First_Name": "Ada", "Last_Name": "Lovelace"}
    assert found.said == [
        *("Email: ada@gmial.com.", "First Name: Ada.", "Last Name: Lovelace."),
        "Is it ada@gmail.com?",
    ]
    assert answer("Email", "A <ada@x.com>", {"Last_Name": "L"}).changes == {"Email": "ada@x.com"}


def test_a_number_is_said_back_in_its_international_form() -> None:
    assert answer("Phone", "020 7946 0018").said == ["Phone: +44 20 7946 0018."]


def test_a_call_back_is_said_back_there_and_here_with_a_warning() -> None:
    found = answer(CALL_BACK, "tomorrow 7:00", {"Phone": "+44 20 7946 0018"})
    assert found.changes == {CALL_BACK: "2026-11-26 07:00 Europe/London"}
    assert found.said == [
        "Call back Thu 26 Nov, 07:00 in London (08:00 here).",
        "That is 07:00 in London: outside 8 to 20 h there.",
    ]


def test_a_record_is_found_by_letters_and_then_by_its_number() -> None:
    assert answer("Owner", "bob").changes == {"Owner": "Bob Roe {13}"}
    several = answer("Owner", "ada")
    assert several.changes == {}
    assert several.said == ["Several have that:", "1 Ada Lovelace", "2 Ada King"]
    assert answer("Owner", "2", options=several.options).changes == {"Owner": "Ada King {12}"}
    assert answer("Owner", "love", options=several.options).changes == {"Owner": "Ada Lovelace {11}"}
    assert answer("Owner", "bob", options=several.options).changes == {"Owner": "Bob Roe {13}"}
