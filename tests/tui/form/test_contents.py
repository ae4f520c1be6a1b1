from __future__ import annotations

from tui.form.checking import fault
from tui.form.contents import Contents
from tui.form.fields import Choice, Field, Kind, Section

NAME = Field("Name", "Name", required=True, max_length=5)


def contents(*fields: Field) -> Contents:
    return Contents([Section("", fields)], lambda name, value: "No digits." if value.isdigit() else None)


def test_faults_are_told_in_words() -> None:
    assert fault(NAME, "", None) is None
    assert fault(NAME, "", None, sending=True) == "Name is needed."
    assert fault(NAME, "Lovelace", None) == "At most 5 characters: 3 too many."
    assert fault(NAME, "42", lambda *_: "No digits.") == "No digits."
    choice = Field("C", "C", Kind.CHOICE, choices=(Choice("a", "A"),))
    assert fault(choice, "b", None) == "b is not one of the choices."
    assert fault(choice, "a", None) is None
    assert fault(Field("D", "D", read_only=True, required=True), "", None, sending=True) is None
    assert fault(Field("B", "B", Kind.BUTTON, required=True), "", None, sending=True) is None


def test_a_deliberate_no_is_a_value() -> None:
    held = contents(Field("Opt_Out", "Opt out", Kind.CHECKBOX))
    assert held.held == {}
    held.values.enter("Opt_Out", "false")
    assert held.held == {"Opt_Out": "false"}


def test_dirty_is_what_differs_from_what_the_host_set() -> None:
    held = contents(NAME)
    held.put("Name", "Ada")
    assert not held.values.dirty
    held.values.enter("Name", "Ad")
    assert held.values.dirty
    held.values.enter("Name", "Ada")
    assert not held.values.dirty


def test_what_was_cleared_comes_back_and_what_was_typed_since_after_that() -> None:
    held = contents(NAME, Field("DC", "DC", read_only=True))
    held.put("DC", "eu")
    held.values.enter("Name", "Ada")
    assert not contents(NAME).restore()
    held.clear()
    assert held.held == {"DC": "eu"}
    assert not held.values.dirty
    held.values.enter("Name", "Bob")
    assert held.restore()
    assert held.held["Name"] == "Ada"
    assert held.values.dirty
    assert held.restore()
    assert held.held["Name"] == "Bob"


def test_clearing_an_empty_form_forgets_nothing() -> None:
    held = contents(NAME)
    held.values.enter("Name", "Ada")
    held.clear()
    held.clear()
    assert held.restore()
    assert held.held == {"Name": "Ada"}


def test_an_error_goes_away_as_soon_as_it_is_right_and_not_before() -> None:
    held = contents(NAME)
    held.values.enter("Name", "42")
    assert held.check("Name")
    held.values.enter("Name", "423")
    assert not held.recheck("Name")
    held.values.enter("Name", "Ada")
    assert held.recheck("Name")
    assert held.errors == {}


def test_what_the_host_found_wrong_stays_until_the_value_changes() -> None:
    held = contents(NAME)
    held.put("Name", "Ada")
    held.errors["Name"] = "Zoho has another Ada."
    assert not held.check("Name")
    assert held.errors == {"Name": "Zoho has another Ada."}
    held.values.enter("Name", "Adah")
    assert held.recheck("Name")
    assert held.errors == {}


def test_values_of_fields_that_are_gone_are_not_told_but_kept() -> None:
    held = contents(NAME, Field("Town", "Town"))
    held.put("Town", "London")
    held.take_sections([Section("", (NAME,))])
    assert held.held == {}
    held.take_sections([Section("", (Field("Town", "Town"),))])
    assert held.held == {"Town": "London"}


def test_values_from_the_host_are_cleaned() -> None:
    held = contents(NAME, Field("D", "D", Kind.LONG_TEXT))
    held.put("Name", "a\x1b[2J\nb")
    held.put("D", "a\tb\r\nc\x07")
    assert held.held == {"Name": "a^[[2J b", "D": "a    b\nc^G"}


def test_required_fields_are_counted() -> None:
    held = contents(NAME, Field("Town", "Town"), Field("Company", "Company", required=True))
    held.put("Name", "Ada")
    held.put("Town", "London")
    assert held.required_filled == (1, 2)
