from __future__ import annotations

import pytest

from tui.form import Choice, Field, Kind
from tui.form.fields import join_choices, lookup_text, name_in_lookup, split_choices


def test_several_choices_are_one_text() -> None:
    assert join_choices(["a", "b c"]) == "a;b c"
    assert split_choices("a;b c") == ["a", "b c"]
    assert split_choices(" a ; ;b;a") == ["a", "b"]
    assert split_choices("") == []


@pytest.mark.parametrize("name", ["Analytical Engines", "A {b} c", "{x}", "Zwei\nZeilen"])
def test_a_look_up_holds_a_name_for_people_and_an_id_for_zoho(name: str) -> None:
    text = lookup_text(name, "3652397000000649013")
    assert text == f"{name} {{3652397000000649013}}"
    assert name_in_lookup(text) == name
    assert Field("A", "A", Kind.LOOKUP).label_of(text) == name


@pytest.mark.parametrize("text", ["", "Acme", "{123}", "Acme {1", "Acme {a b}"])
def test_what_has_no_id_is_a_name(text: str) -> None:
    assert name_in_lookup(text) == text


def test_choices_follow_the_value_that_controls_them() -> None:
    choices = tuple(Choice(each, each.upper()) for each in "abc")
    field = Field(
        "C", "C", Kind.CHOICE, choices=choices, controlled_by="D", allowed=(("x", ("b",)), ("y", ()))
    )
    assert [each.value for each in field.choices_with("x")] == ["b"]
    assert field.choices_with("y") == ()
    assert field.choices_with("") == field.choices_with("z") == choices
