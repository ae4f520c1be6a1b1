"""What of a qualification goes to Zoho: values that the org takes, and one note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from zoho.leads import STOCK_FORM, LeadField, LeadForm, Option
from zoho.leads.follow_up import FollowUpKind
from zoho.leads.script import Script, load_script, to_zoho
from zoho.leads.script.reading import read_script

AT = 1_764_046_080.0  # 2025-11-25 04:48 UTC


def picklist(name: str, *values: str, **more: Any) -> LeadField:
    return LeadField(
        name, name.replace("_", " "), "picklist", options=tuple(Option(v, v) for v in values), **more
    )


RATING = picklist("Rating", "Acquired", "Active", "Market Failed", "Project Cancelled", "ShutDown")
STATUS = picklist("Lead_Status", "Not Contacted", "Junk Lead", "Not Qualified")
STOCK_ORG = LeadForm("1", (*STOCK_FORM.fields, RATING, STATUS))


def built_in(name: str = "bant") -> Script:
    script = load_script(name)
    assert script is not None
    return script


def mapped(**fields: str) -> Script:
    """BANT with its questions mapped to those fields."""
    script = built_in()
    return replace(
        script, questions=tuple(replace(one, field=fields.get(one.key, "")) for one in script.questions)
    )


def values(script: Script, answers: Mapping[str, str], form: LeadForm = STOCK_ORG) -> Mapping[str, Any]:
    return to_zoho(script, answers, form, at=AT, zone=UTC).values


def note(
    script: Script, answers: Mapping[str, str], form: LeadForm = STOCK_ORG, **more: Any
) -> Mapping[str, Any]:
    found = to_zoho(script, answers, form, **{"at": AT, "zone": UTC} | more).note
    assert found is not None
    assert found.kind is FollowUpKind.NOTE
    assert set(found.values) == {"Note_Title", "Note_Content"}
    return found.values


def test_the_note_is_laid_out_as_a_person_would() -> None:
    told = note(built_in(), {"budget": "1", "need": "2", "authority": "1"})
    assert told["Note_Title"] == "Qualification: BANT 14 of 15, Hot"
    assert (
        told["Note_Content"]
        == """\
BANT: 14 of 15 points, Hot. 3 of 4 questions were answered.
Asked on 2025-11-25 04:48 (UTC+0000).

Is there money set aside for this?
Budget: Approved (5 of 5)

Who besides you decides about it, and who signs?
Authority: The caller decides (5 of 5)

What happens if you leave it as it is?
Need: It costs them money or time (4 of 5)

Not answered: Timeline"""
    )


def test_why_a_lead_was_disqualified_stands_first() -> None:
    told = note(built_in(), {"budget": "4", "disqualify": "2"})
    assert told["Note_Title"] == "Disqualified: Looking for a job or studying (BANT 0 of 5)"
    assert told["Note_Content"].splitlines()[:3] == [
        "Disqualified: Looking for a job or studying",
        "",
        "BANT: 0 of 5 points. 1 of 4 questions were answered.",
    ]


def test_disqualified_without_a_question() -> None:
    told = note(built_in(), {"disqualify": "5"})
    assert told["Note_Title"] == "Disqualified: Wrong number, or not serious (BANT)"
    assert told["Note_Content"] == (
        "Disqualified: Wrong number, or not serious\n\nAsked on 2025-11-25 04:48 (UTC+0000)."
    )


def test_the_time_is_that_of_the_zone() -> None:
    told = note(built_in(), {"need": "1"}, zone=ZoneInfo("Asia/Kolkata"))
    assert "Asked on 2025-11-25 10:18 (UTC+0530)." in told["Note_Content"]


def test_the_time_of_the_machine_has_its_zone_too() -> None:
    assert re.search(r"\(UTC[+-]\d{4}\)", note(built_in(), {"need": "1"}, zone=None)["Note_Content"])


@pytest.mark.parametrize("answers", [{}, {"budget": ""}, {"budget": "7", "disqualify": "9"}, {"other": "1"}])
def test_nothing_answered_is_nothing_handed_over(answers: dict[str, str]) -> None:
    handed = to_zoho(built_in(), answers, STOCK_ORG, at=AT, zone=UTC)
    assert (handed.values, handed.note) == ({}, None)


HOT = {"budget": "1", "authority": "1", "need": "1", "timeline": "1"}
COLD = {"budget": "4", "authority": "4", "need": "4", "timeline": "4"}


def with_rating(*offered: str) -> LeadForm:
    return LeadForm("1", (picklist("Rating", *offered), STATUS))


@pytest.mark.parametrize(
    ("form", "answers", "rating"),
    [
        (STOCK_ORG, HOT, "Active"),
        (with_rating("Cold", "Warm", "Hot", "Active"), HOT, "Hot"),
        (STOCK_ORG, COLD, None),
        (with_rating("Cold", "Warm", "Hot"), COLD, "Cold"),
        (with_rating("A", "B"), HOT, None),
        (STOCK_FORM, HOT, None),
        (STOCK_ORG, {"budget": "1"}, None),
        (STOCK_ORG, HOT | {"disqualify": "1"}, None),
    ],
)
def test_the_rating_is_the_first_that_the_list_has(
    form: LeadForm, answers: dict[str, str], rating: str | None
) -> None:
    assert values(built_in(), answers, form).get("Rating") == rating


@pytest.mark.parametrize(
    ("offered", "status"),
    [
        (("Contacted", "Junk Lead", "Not Qualified"), "Not Qualified"),
        (("Contacted", "Junk Lead"), "Junk Lead"),
        (("Contacted", "Lost"), None),
    ],
)
def test_the_status_of_a_disqualified_lead(offered: tuple[str, ...], status: str | None) -> None:
    form = LeadForm("1", (picklist("Lead_Status", *offered),))
    assert values(built_in(), {"disqualify": "1"}, form).get("Lead_Status") == status
    assert "Lead_Status" not in values(built_in(), HOT, form)


BUDGET = mapped(budget="Budget_Status")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (picklist("Budget_Status", "Approved", "None"), "Approved"),
        (LeadField("Budget_Status", "B", "picklist", options=(Option("ok", "Approved"),)), "ok"),
        (LeadField("Budget_Status", "B", "multiselectpicklist", options=(Option("ok", "Approved"),)), ["ok"]),
        (LeadField("Budget_Status", "B", "text", length=20), "Approved"),
        (LeadField("Budget_Status", "B", "text", length=3), None),
        (LeadField("Budget_Status", "B", "integer"), None),
        (LeadField("Budget_Status", "B", "lookup", lookup_module="Accounts"), None),
        (picklist("Budget_Status", "Approved", controlled_by="Lead_Status"), None),
        (picklist("Budget_Status", "Yes", "No"), None),
        (picklist("Other", "Approved"), None),
    ],
)
def test_an_answer_goes_into_its_field_where_the_org_can_take_it(field: LeadField, value: Any) -> None:
    form = LeadForm("1", (field, STATUS))
    assert values(BUDGET, {"budget": "1"}, form).get("Budget_Status") == value
    assert "Budget: Approved (5 of 5)" in note(BUDGET, {"budget": "1"}, form)["Note_Content"]


def test_an_answer_may_have_a_word_of_its_own_for_the_field() -> None:
    question = BUDGET.questions[0]
    told = replace(question, answers=(replace(question.answers[0], value="yes"), *question.answers[1:]))
    form = LeadForm("1", (LeadField("Budget_Status", "B", "boolean"),))
    assert values(replace(BUDGET, questions=(told,)), {"budget": "1"}, form) == {"Budget_Status": True}


NAMES = ("Rating", "Lead_Status", "A", "B", "C", "D")
TYPES = ("text", "picklist", "integer", "boolean", "lookup", "multiselectpicklist", "email", "date", "odd")
OPTIONS = ("Approved", "None", "Hot", "Active", "Cold", "Junk Lead", "The caller decides")
FORMS = st.lists(
    st.builds(
        LeadField,
        st.sampled_from(NAMES),
        st.just("Label"),
        st.sampled_from(TYPES),
        length=st.sampled_from([None, 5, 50]),
        options=st.lists(st.sampled_from(OPTIONS).map(lambda text: Option(text, text)), max_size=4).map(
            tuple
        ),
        controlled_by=st.sampled_from(["", "", "A"]),
    ),
    max_size=6,
    unique_by=lambda field: field.api_name,
).map(lambda fields: LeadForm("1", tuple(fields)))
ANSWERS = st.dictionaries(
    st.sampled_from(["budget", "authority", "need", "timeline", "disqualify"]), st.sampled_from("123456789")
)
MAPPED = mapped(budget="A", authority="B", need="C", timeline="D")


@settings(deadline=None)
@given(FORMS, ANSWERS)
def test_no_field_is_named_that_the_form_lacks_and_no_value_that_its_list_lacks(
    form: LeadForm, answers: dict[str, str]
) -> None:
    for name, value in values(MAPPED, answers, form).items():
        field = form.field(name)
        assert field is not None
        offered = [option.value for option in field.options]
        if field.data_type in ("picklist", "multiselectpicklist") and offered:
            assert set(value if isinstance(value, list) else [value]) <= set(offered)


@settings(deadline=None)
@given(FORMS, ANSWERS)
def test_the_same_answers_give_the_same_bytes(form: LeadForm, answers: dict[str, str]) -> None:
    there = to_zoho(MAPPED, answers, form, at=AT, zone=UTC)
    back = to_zoho(MAPPED, dict(reversed(answers.items())), form, at=AT, zone=UTC)
    assert repr(there) == repr(back)
    if there.note is not None:
        assert len(there.note.values["Note_Title"]) <= 120
        assert len(there.note.values["Note_Content"]) <= 65_535


def test_the_largest_script_fits_into_a_note() -> None:
    wide = {"prompt": "漢" * 30, "label": "漢" * 9}
    question = "\n".join(f'{key} = "{text}"' for key, text in wide.items())
    answers = f'answers = [{{ label = "{"漢" * 20}", points = 999.99 }}, {{ label = "n", points = 0 }}]'
    parts = [f'[[question]]\nkey = "q{n}"\n{question}\n{answers}' for n in range(30)]
    script, flaws = read_script(
        "t", "\n".join([f'title = "{"T" * 24}"\ndisqualify = ["{"r" * 60}"]', *parts])
    )
    assert flaws == []
    assert script is not None
    told = note(script, {f"q{n}": "1" for n in range(30)} | {"disqualify": "1"})
    assert told["Note_Title"].endswith(f"({'T' * 24} 29999.7 of 29999.7)")
    assert "Q29" not in told["Note_Content"]
    assert told["Note_Content"].count("(999.99 of 999.99)") == 30
