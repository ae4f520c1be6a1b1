"""Which fields are seen: folded sections, hidden fields, and what neither may keep from the rep."""

from __future__ import annotations

import pytest

from tui.form import Field, Kind, Section
from tui.form.contents import Contents
from tui.form.layout import LONG_FORM


def section(title: str, count: int, required: int | None = None) -> Section:
    fields = (Field(f"{title}{n}", f"{title} {n}", required=n == required) for n in range(count))
    return Section(title, tuple(fields))


def drawn(contents: Contents) -> list[str]:
    """Return the labels of folds and the names of fields that are seen."""
    shown = (field for each in contents.drawn for field in each.fields)
    return [field.label if field.kind is Kind.FOLD else field.name for field in shown]


LONG = (section("A", 10), section("B", 30, required=3), section("C", 3))
A = [f"A{n}" for n in range(10)]


def test_a_form_that_is_not_long_is_not_folded() -> None:
    contents = Contents([section("A", LONG_FORM // 2), section("B", LONG_FORM // 2)])
    assert drawn(contents) == [field.name for each in contents.sections for field in each.fields]
    assert contents.order == drawn(contents)


def test_a_long_form_is_folded_behind_its_first_page() -> None:
    contents = Contents(LONG)
    assert drawn(contents) == [*A, "B (29 more)", "B3", "C (3 more)"]
    assert contents.order == [*A, "fold B", "B3", "fold C"]


def test_the_first_section_and_those_without_a_title_are_never_folded() -> None:
    contents = Contents([section("A", 60), section("", 2)])
    assert len(drawn(contents)) == 62


def test_hidden_fields_make_no_form_long() -> None:
    hidden = tuple(Field(f"H{n}", "H", hidden=True) for n in range(LONG_FORM))
    assert drawn(Contents([section("A", 20), section("B", 2), Section("H", hidden)]))[-1] == "B1"


def test_a_fold_says_how_many_of_its_fields_are_filled_and_hides_nothing_that_is_wrong_or_told() -> None:
    contents = Contents(LONG)
    contents.put("B5", "x")
    contents.errors["C1"] = "no"
    contents.notes["C2"] = "look"
    assert contents.show("B7")
    assert drawn(contents)[10:] == ["B (28 more, 1 filled)", "B3", "B7", "C (1 more)", "C1", "C2"]
    assert contents.show("")
    assert "B7" not in drawn(contents)
    assert not contents.show("")


def test_a_required_field_stays_under_its_fold_when_it_is_filled() -> None:
    contents = Contents(LONG)
    contents.put("B3", "x")
    contents.show("")
    assert "B3" in drawn(contents)


def test_a_fold_stays_as_the_rep_left_it_when_the_layout_changes() -> None:
    contents = Contents(LONG)
    assert contents.unfold("C1")
    assert not contents.unfold("C1")
    assert not contents.unfold("A1")
    contents.take_sections([section("New", 2), *LONG])
    assert drawn(contents)[-3:] == ["C0", "C1", "C2"]
    assert "B (29 more)" in drawn(contents)


def test_sections_with_one_title_have_a_fold_each() -> None:
    contents = Contents([section("A", 45), section("X", 2), Section("X", section("Y", 2).fields)])
    assert contents.order[-2:] == ["fold X", "fold X+"]
    contents.unfold("Y0")
    contents.show("")
    assert drawn(contents)[-3:] == ["X (2 more)", "Y0", "Y1"]


@pytest.mark.parametrize("why", ["filled", "required", "error", "note", "current"])
def test_a_hidden_field_is_seen_where_there_is_a_reason(why: str) -> None:
    field = Field("H", "H", hidden=True, required=why == "required")
    contents = Contents(
        [Section("A", (Field("N", "N"), field)), Section("B", (Field("O", "O", hidden=True),))]
    )
    if why == "filled":
        contents.put("H", "x")
    elif why == "error":
        contents.errors["H"] = "no"
    elif why == "note":
        contents.notes["H"] = "look"
    contents.show("H" if why == "current" else "N")
    assert drawn(contents) == ["N", "H"]
    assert contents.drawn[0].title == "A"
    assert len(contents.drawn) == 1, "a section that has nothing to show has no title either"


def test_what_is_needed_next_is_required_and_empty_or_wrong_around_the_form() -> None:
    contents = Contents(LONG)
    assert contents.needed_after("A0") == "B3"
    contents.errors["A2"] = "no"
    contents.errors["C1"] = "no"
    contents.show("")
    assert contents.needed_after("A0") == "A2"
    assert contents.needed_after("B3") == "C1"
    assert contents.needed_after("C1") == "A2"
    contents.put("B3", "x")
    contents.errors.clear()
    assert contents.needed_after("A0") == ""
    assert contents.needed_after("nowhere") == ""


def test_the_long_text_is_known_also_where_it_is_hidden() -> None:
    contents = Contents([Section("A", (Field("D", "D", Kind.LONG_TEXT, hidden=True),))])
    assert contents.long_text is not None
