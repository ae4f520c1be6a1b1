"""What is wrong with a script is said: all of it, with line, key, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from zoho.leads import LeadField, LeadForm, Option
from zoho.leads.script import BUILT_IN, ScriptFault, check, load_script
from zoho.wire import ConfigError

GOOD = """\
title = "Ours"
disqualify = ["Spam", "Student"]

[[rating]]
label = "Hot"
from = 0.7

[[rating]]
label = "Cold"
from = 0

[[question]]
key = "budget"
label = "Budget"
prompt = "Is there money?"
weight = 5
answers = [
  { label = "Yes", points = 5 },
  { label = "No", points = 0 },
]

[[question]]
key = "need"
label = "Need"
prompt = "What hurts?"
answers = [{ label = "All", points = 3 }, { label = "Nothing", points = 0 }]
"""

FORM = LeadForm(
    "1",
    (
        LeadField("Last_Name", "Last Name", "text", required=True),
        LeadField(
            "Budget_Status", "Budget status", "picklist", options=(Option("Yes", "Yes"), Option("No", "No"))
        ),
        LeadField("Parent", "Parent company", "lookup", lookup_module="Accounts"),
        LeadField("Segment", "Segment", "picklist", controlled_by="Industry"),
        LeadField("Seats", "Places", "integer"),
        LeadField("Tax_Id", "Tax Id", "text", unique=True),
        LeadField("Rating", "Rating", "picklist", options=(Option("Active", "Active"),)),
        LeadField("Lead_Status", "Lead Status", "picklist", options=(Option("Junk Lead", "Junk Lead"),)),
    ),
    layout_name="Standard",
)


def faults_of(folder: Path, text: str | bytes, form: LeadForm | None = None) -> list[ScriptFault]:
    file = folder / "ours.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return check(str(file), form)


@pytest.mark.parametrize("form", [None, FORM])
def test_nothing_is_wrong(tmp_path: Path, form: LeadForm | None) -> None:
    assert faults_of(tmp_path, GOOD, form) == []
    assert faults_of(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(), form) == []


@pytest.mark.parametrize("name", [*BUILT_IN, "none", " BANT "])
def test_the_built_in_ones_go_with_an_org_as_zoho_delivers_it(name: str) -> None:
    assert check(name, FORM) == []
    assert check(name, LeadForm("1", FORM.fields[:1])) == [], "nor need it have a rating or a status"


TABLE = {
    # what is changed: by what -> line, key, and what is said
    "an unknown key": ('label = "Need"', 'labell = "Need"', 24, "question 2, labell", "Did you mean label?"),
    "a key that belongs above": (
        'prompt = "What hurts?"',
        'prompt = "What hurts?"\nstatus_field = "Status"',
        26,
        "question 2, status_field",
        "It belongs above the first [[question]]",
    ),
    "no title": ('title = "Ours"', "", 1, "title", "“title” is missing."),
    "no label": ('label = "Need"', "", 22, "question 2, label", "“label” is missing."),
    "no points": (", points = 3 }", " }", 26, "question 2, answers 1, points", "“points” is missing."),
    "a label too wide": (
        '"Need"',
        '"Needs and wishes of all"',
        24,
        "question 2, label",
        "it takes 23 cells of the screen, and has 18",
    ),
    "a label too wide in another script": ('"Need"', f'"{"漢" * 10}"', 24, "question 2, label", "20 cells"),
    "a label of endless accents": ('"Need"', f'"N{"́" * 80}"', 24, "question 2, label", "too long"),
    "a prompt too wide": ('"What hurts?"', f'"{"x" * 61}"', 25, "question 2, prompt", "too long"),
    "the same key": (
        'key = "need"',
        'key = "budget"',
        23,
        "question 2, key",
        "Two questions have the key budget.",
    ),
    "a key that cannot be one": (
        'key = "need"',
        'key = "The need"',
        23,
        "question 2, key",
        "cannot be a key",
    ),
    "a key that is taken": ('key = "need"', 'key = "disqualify"', 23, "question 2, key", "already"),
    "a text for a number": ("from = 0.7", 'from = "0.7"', 6, "rating 1, from", "without quotes"),
    "a number for a text": ('"Need"', "5", 24, "question 2, label", 'Put it into quotes: label = "..."'),
    "more than the weight": ("points = 5", "points = 6", 18, "question 1, answers 1, points", "from 0 to 5"),
    "less than nothing": ("points = 5", "points = -1", 18, "question 1, answers 1, points", "from 0 to 5"),
    "no number": ("points = 5", "points = nan", 18, "question 1, answers 1, points", "from 0 to 5"),
    "endless": ("weight = 5", "weight = inf", 16, "question 1, weight", "from 0 to 1000"),
    "yes is no number": ("points = 5", "points = true", 18, "question 1, answers 1, points", "a number"),
    "too fine": ("points = 5", "points = 4.999", 18, "question 1, answers 1, points", "hundredths"),
    "both": ("points = 5", "points = 5, share = 1", 18, "question 1, answers 1, share", "Leave one of them."),
    "a share of what": ("points = 3", "share = 1", 22, "question 2, weight", "Write weight = 5"),
    "thresholds out of order": ("from = 0\n", "from = 0.7\n", 10, "rating 2, from", "no lower than “Hot”"),
    "a threshold above all": ("from = 0.7", "from = 1.5", 6, "rating 1, from", "from 0 to 1"),
    "one bracket": (
        GOOD[GOOD.index("[[question]]") :],
        '[question]\nkey = "x"',
        12,
        "question",
        "Write [[question]] above each",
    ),
    "one answer": (', { label = "Nothing", points = 0 }', "", 26, "question 2, answers", "2 or more, not 1"),
    "ten answers": (
        '  { label = "No", points = 0 },',
        '  { label = "No", points = 0 },\n' * 9,
        27,
        "question 1, answers 10",
        "9 or fewer, not 10",
    ),
    "ten reasons": (
        '["Spam", "Student"]',
        "[" + '"Spam",\n' * 10 + "]",
        11,
        "disqualify 10",
        "9 or fewer, not 10",
    ),
    "an empty reason": ('"Student"', '""', 2, "disqualify 2", "not empty"),
    "no question": (GOOD[GOOD.index("[[question]]") :], "", 1, "question", "1 or more, not 0"),
    "the same field": (
        'label = "Need"',
        'label = "Need"\nfield = "Rating"',
        25,
        "question 2, field",
        "filled in by the script itself",
    ),
    "a key twice": ('label = "Need"', 'label = "Need"\nlabel = "N"', 25, "label", "This key stands twice."),
    "a missing quote": ('"What hurts?"', '"What hurts?', 25, "prompt", "Look for a missing quote"),
    "a missing bracket": ('["Spam", "Student"]', '["Spam", "Student"', 4, "", "Look for a missing"),
    "far too large a number": ("weight = 5", "weight = " + "9" * 5000, 1, "", "too large"),
    "far too large an exponent": ("weight = 5", "weight = 1e99999999999999999999", 1, "", "too large"),
    "a large exponent": ("weight = 5", "weight = 1e99999", 16, "question 1, weight", "from 0 to 1000"),
    "far too deep": ('["Spam", "Student"]', "[" * 5000 + "]" * 5000, 1, "", "too deep"),
}


@pytest.mark.parametrize(("old", "new", "line", "key", "said"), TABLE.values(), ids=TABLE)
def test_one_thing_is_wrong(tmp_path: Path, old: str, new: str, line: int, key: str, said: str) -> None:
    assert GOOD.count(old) == 1 or old == "points = 5"
    faults = faults_of(tmp_path, GOOD.replace(old, new, 1))
    found = [fault for fault in faults if (fault.line, fault.key) == (line, key)]
    assert found, faults
    assert said in f"{found[0].what} {found[0].next_step}"
    assert len(faults) <= 2, "one mistake, hardly more than one fault"


ORG = {
    "a slip in the field": ("Budget_Staus", 16, "question 1, field", "Did you mean Budget_Status?"),
    "a label for a name": ("Budget status", 16, "question 1, field", "Did you mean Budget_Status?"),
    "a label unlike its name": ("places", 16, "question 1, field", "Did you mean Seats?"),
    "no such field": ("Shoe_Size", 16, "question 1, field", "(layout Standard) has no field Shoe_Size"),
    "another record": ("Parent", 16, "question 1, field", "Parent company holds another record"),
    "a list that depends": ("Segment", 16, "question 1, field", "depends on Industry"),
    "a unique one": ("Tax_Id", 16, "question 1, field", "must be different in every lead"),
    "a number": ("Seats", 19, "question 1, answers 1", "Places (integer) cannot take “Yes”"),
}


@pytest.mark.parametrize(("field", "line", "key", "said"), ORG.values(), ids=ORG)
def test_what_the_org_cannot_take(tmp_path: Path, field: str, line: int, key: str, said: str) -> None:
    text = GOOD.replace("weight = 5", f'field = "{field}"\nweight = 5')
    assert faults_of(tmp_path, text) == [], "without an org nothing is known of it"
    fault = faults_of(tmp_path, text, FORM)[0]
    assert (fault.line, fault.key.removesuffix(", value")) == (line, key)
    assert said in f"{fault.what} {fault.next_step}"


def test_values_that_the_lists_of_the_org_lack(tmp_path: Path) -> None:
    text = (
        GOOD.replace('"Yes", points = 5', '"Yes", points = 5, value = "Yess"')
        .replace("weight = 5", 'weight = 5\nfield = "Budget_Status"')
        .replace("from = 0.7", 'from = 0.7\nvalue = "Boiling"')
        .replace("disqualify", 'status_value = ["Spam", "Bin"]\ndisqualify')
    )
    told = [(fault.line, fault.key, fault.what, fault.next_step) for fault in faults_of(tmp_path, text, FORM)]
    assert told == [
        (2, "status_value", "The list of Lead Status has no “Spam” or “Bin”.", "The list has: Junk Lead."),
        (8, "rating 1, value", "The list of Rating has no “Boiling”.", "The list has: Active."),
        (
            21,
            "question 1, answers 1, value",
            "The list of Budget status has no “Yess”.",
            "Did you mean Yes?",
        ),
    ]


def test_other_fields_for_rating_and_status(tmp_path: Path) -> None:
    text = 'rating_field = "Ratting"\nstatus_field = "Parent"\n' + GOOD
    told = [(fault.line, fault.key, fault.next_step) for fault in faults_of(tmp_path, text, FORM)]
    assert told == [(1, "rating_field", "Did you mean Rating?"), (2, "status_field", "Name another field.")]


def test_all_that_is_wrong_is_told_from_above_down(tmp_path: Path) -> None:
    text = GOOD.replace("from = 0\n", "from = 0.9\n").replace('"Need"', "5").replace('"Ours"', '""')
    assert [fault.line for fault in faults_of(tmp_path, text)] == [1, 10, 24]


def test_whoever_loads_it_is_told_the_first_with_file_line_and_key(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(GOOD.replace('"Need"', "5").replace("from = 0\n", "from = 0.9\n"))
    with pytest.raises(ConfigError) as caught:
        load_script(str(file))
    assert caught.value.what == f"{file}, line 10, rating 2, from: “Cold” begins no lower than “Hot”."
    assert caught.value.next_step.endswith("1 more: zoho-leads script check tells them.")
