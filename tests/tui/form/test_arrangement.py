from __future__ import annotations

import pytest

from tui.form import Field, Kind
from tui.form.arrangement import Arrangement
from tui.form.field_list import FieldRows

PLACES = [
    *(("One", Field(name, name)) for name in ("Alpha", "Beta")),
    ("Two", Field("Gamma", "Gámma ray", required=True)),
    ("Two", Field("Delta", "Delta", Kind.CHOICE)),
]


def rows(*pinned: str, hidden: tuple[str, ...] = ()) -> FieldRows:
    return FieldRows(PLACES, Arrangement(pinned, hidden))


def test_pinning_and_hiding_exclude_each_other() -> None:
    wishes = Arrangement().pin("a").pin("b").pin("c")
    assert wishes.pinned == ("a", "b", "c")
    assert wishes.pin("b").pinned == ("a", "c")
    assert wishes.hide("a") == Arrangement(("b", "c"), ("a",))
    assert wishes.hide("a").pin("a") == Arrangement(("b", "c", "a"), ())
    assert wishes.hide("a").hide("a") == Arrangement(("b", "c"), ())


@pytest.mark.parametrize(
    ("name", "step", "order"),
    [("b", -1, "bac"), ("b", 1, "acb"), ("a", -1, "abc"), ("c", 1, "abc"), ("x", 1, "abc")],
)
def test_a_pinned_field_moves_among_the_pinned(name: str, step: int, order: str) -> None:
    assert Arrangement(tuple("abc")).move(name, step).pinned == tuple(order)


def test_pinned_fields_come_first_and_the_others_as_the_form_has_them() -> None:
    assert rows("Delta", "Nowhere", "Beta").names == ["Delta", "Beta", "Alpha", "Gamma"]


def test_letters_find_a_field_by_its_label() -> None:
    found = rows()
    found.search_for("ray gam")
    assert (found.names, found.marked) == (["Gamma"], "Gamma")
    found.search_for("nothing")
    assert (found.names, found.marked) == ([], "")
    found.move(1)
    assert found.arrange("p") == ""
    assert found.arrangement == Arrangement()


def test_the_mark_goes_around_and_stays_on_its_field_when_that_is_arranged() -> None:
    found = rows()
    found.move(-1)
    assert found.marked == "Delta"
    found.move(1)
    assert found.marked == "Alpha"
    found.move(100)
    assert found.arrange("p") == ""
    assert (found.names[0], found.marked) == ("Delta", "Delta")
    found.mark("Beta")
    found.arrange("p")
    found.arrange("u")
    assert found.arrangement.pinned == ("Beta", "Delta")
    found.arrange("d")
    assert found.arrangement.pinned == ("Delta", "Beta")
    found.arrange("h")
    assert found.arrangement == Arrangement(("Delta",), ("Beta",))
    assert found.marked == "Beta"


def test_what_is_required_cannot_be_hidden_and_what_is_not_pinned_cannot_be_moved() -> None:
    found = rows()
    found.mark("Gamma")
    assert "required" in found.arrange("h")
    assert "pinned" in found.arrange("u")
    assert found.arrangement == Arrangement()
