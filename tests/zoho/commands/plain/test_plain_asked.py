"""What is asked: every field of the form, the script, the call-back; and how a question reads."""

from __future__ import annotations

from typing import Any

import pytest

from zoho.commands.plain.asked import DISQUALIFIED, all_asked
from zoho.commands.plain.words import before_question, question_of
from zoho.leads.call_back import CALL_BACK, CALL_BACK_ABOUT
from zoho.leads.fields import LeadField, LeadForm, Option
from zoho.leads.script import load_script
from zoho.leads.stock import STOCK_FORM

BANT = load_script("bant")
COLOURS = tuple(Option(value.lower(), value) for value in ("Red", "Green", "Blue"))


def question(field: LeadField, typed: dict[str, str] | None = None) -> tuple[list[str], str]:
    (one, *_) = all_asked(LeadForm("1", (field,)), None)
    return before_question(one, typed or {}), question_of(one, typed or {})


def test_what_a_caller_says_comes_first_then_the_script_and_at_last_what_comes_of_it() -> None:
    names = [one.name for one in all_asked(STOCK_FORM, BANT)]
    assert names[:4] == ["First_Name", "Last_Name", "Company", "Email"]
    questions = ["?budget", "?authority", "?need", "?timeline"]
    outcome = [DISQUALIFIED, CALL_BACK, CALL_BACK_ABOUT]
    begin = names.index("?budget")
    assert names[begin - 1 : begin + 5] == ["No_of_Employees", *questions, "Street"]
    assert names[-3:] == outcome
    assert sorted(name for name in names if not name.startswith("?")) == sorted(
        field.api_name for field in STOCK_FORM.fields
    )


def test_pinned_fields_come_before_and_hidden_ones_are_marked() -> None:
    asked = all_asked(STOCK_FORM, None, pinned=["Country"], hidden=["Mobile", "Company"])
    assert asked[0].name == "Country"
    assert [one.name for one in asked if one.hidden] == ["Mobile"], "Company is required"


@pytest.mark.parametrize(
    ("field", "asks"),
    [
        (LeadField("a", "A", "text", required=True, length=8), "A, required, text, at most 8 characters"),
        (LeadField("a", "Met on", "date"), "Met on, date, year-month-day"),
        (LeadField("a", "Staff", "integer", length=9), "Staff, whole number, at most 9 digits"),
        (LeadField("a", "Opt out", "boolean"), "Opt out, yes or no"),
        (LeadField("a", "Notes", "textarea"), "Notes, text of several lines, an empty line ends it"),
        (LeadField("a", "Owner", "ownerlookup"), "Owner, letters of its name"),
        (LeadField("a", "Open", "picklist"), "Open, text"),
    ],
)  # fmt: skip
def test_a_question_says_label_need_and_format(field: LeadField, asks: str) -> None:
    assert question(field) == ([], asks)


def test_a_few_choices_are_told_and_many_are_not() -> None:
    few = LeadField("a", "Colour", "picklist", options=COLOURS)
    assert question(few) == (["1 Red", "2 Green", "3 Blue"], "Colour, number or letters")
    many = LeadField("a", "Town", "picklist", options=tuple(Option(str(n), f"Town {n}") for n in range(40)))
    assert question(many) == ([], "Town, letters of one of 40")
    several = LeadField("a", "Colours", "multiselectpicklist", options=COLOURS)
    assert question(several)[1] == "Colours, number or letters, several with ; between"


@pytest.mark.parametrize(
    ("given", "text", "shown"),
    [
        ({"data_type": "text"}, "Ada\nKing", "Ada King"),
        ({"data_type": "picklist", "options": COLOURS}, "red", "Red"),
        ({"data_type": "multiselectpicklist", "options": COLOURS}, "red;blue", "Red; Blue"),
        ({"data_type": "boolean"}, "true", "yes"),
        ({"data_type": "ownerlookup"}, "Ada Lovelace {123}", "Ada Lovelace"),
    ],
)
def test_what_stands_is_read_out_as_a_person_reads_it(given: dict[str, Any], text: str, shown: str) -> None:
    field = LeadField("a", "Field", **given)
    assert question(field, {"a": text})[1].endswith(f", now {shown}, Enter keeps it")


def test_choices_are_those_that_go_with_what_was_chosen_before() -> None:
    field = LeadField(
        "b", "Shade", "picklist", options=COLOURS, controlled_by="a", allowed=(("warm", ("red",)),)
    )
    (one, *_) = all_asked(LeadForm("1", (field,)), None)
    assert before_question(one, {"a": "warm"}) == ["1 Red"]
    assert len(before_question(one, {})) == 3


def test_a_question_of_the_script_is_told_as_the_rep_says_it() -> None:
    one = next(one for one in all_asked(STOCK_FORM, BANT) if one.name == "?budget")
    assert before_question(one, {})[:2] == ["Is there money set aside for this?", "1 Approved"]
    assert question_of(one, {"?budget": "1"}) == "Budget, number or letters, now Approved, Enter keeps it"
    why = next(one for one in all_asked(STOCK_FORM, BANT) if one.name == DISQUALIFIED)
    assert question_of(why, {}) == "Disqualify, number or letters, Enter if it is a lead"
