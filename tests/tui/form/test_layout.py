from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tui.form.fields import Field, Kind, Section
from tui.form.layout import LONG_TEXT_ROWS, Columns, Layout, Line, Role, State, scrolled


def fields(count: int) -> tuple[Field, ...]:
    return tuple(Field(f"F{n}", f"Field {n}") for n in range(count))


def test_titles_fields_and_the_space_between_sections() -> None:
    plan = Layout([Section("One", fields(2)), Section("", (Field("X", "X"),))], State(), 80)
    assert [line.role for line in plan.lines] == [Role.TITLE, Role.FIELD, Role.FIELD, Role.BLANK, Role.FIELD]
    assert plan.first == {"F0": 1, "F1": 2, "X": 4}


def test_values_begin_behind_the_longest_label_up_to_a_limit() -> None:
    short = Columns.of([Section("", (Field("a", "Company"), Field("b", "Last name")))], 80)
    assert (short.label_width, short.required_x, short.value_x, short.value_width) == (9, 15, 18, 60)
    assert Columns.of([Section("", (Field("a", "x" * 60),))], 80).label_width == 24
    assert Columns.of([Section("", (Field("a", "x" * 60),))], 60).label_width == 20


def test_the_label_of_a_button_takes_no_column() -> None:
    assert Columns.of([Section("", (Field("a", "Test the connection", Kind.BUTTON),))], 80).label_width == 0


def test_an_error_stands_under_its_field_in_lines_that_fit() -> None:
    words = "This is a long sentence about what is wrong with it and what to do about that now."
    plan = Layout([Section("", fields(2))], State(errors={"F0": words}), 40)
    lines = [line for line in plan.lines if line.role is Role.ERROR]
    assert len(lines) > 1
    assert lines[0].text.startswith("! This is")
    assert all(line.name == "F0" and len(line.text) <= plan.columns.value_width for line in lines)
    assert " ".join(line.text.lstrip("! ").strip() for line in lines) == words
    assert (plan.first["F0"], plan.last["F0"], plan.first["F1"]) == (0, len(lines), len(lines) + 1)


def test_a_note_stands_under_the_error() -> None:
    plan = Layout([Section("", fields(1))], State(errors={"F0": "no"}, notes={"F0": "known: Ada"}), 80)
    assert [line.role for line in plan.lines] == [Role.FIELD, Role.ERROR, Role.NOTE]


def test_a_long_text_takes_as_many_rows_as_it_needs_up_to_four() -> None:
    sections = [Section("", (Field("D", "D", Kind.LONG_TEXT),))]
    assert Layout(sections, State(), 80).rows["D"] == 1
    assert Layout(sections, State(values={"D": "a\nb"}), 80).rows["D"] == 2
    many = Layout(sections, State(values={"D": "a\nb\nc\nd\ne"}), 80)
    assert many.rows["D"] == LONG_TEXT_ROWS
    assert many.lines[-1].text == "d …"


def test_a_line_says_to_which_field_it_belongs() -> None:
    plan = Layout([Section("T", fields(1))], State(errors={"F0": "no"}), 80)
    assert [plan.name_at(y) for y in range(-1, 4)] == ["", "", "F0", "F0", ""]


def test_only_lines_that_differ_are_named() -> None:
    sections = [Section("", fields(5))]
    plain = Layout(sections, State(), 80)
    assert plain.differing(Layout(sections, State(), 80)) == []
    assert plain.differing(Layout(sections, State(values={"F1": "typed"}), 80)) == []
    assert Layout(sections, State(errors={"F3": "no"}), 80).differing(plain) == [4, 5]
    assert Layout(sections, State(), 70).differing(plain) == [0, 1, 2, 3, 4]


def test_foreign_titles_and_errors_cannot_break_a_line() -> None:
    plan = Layout([Section("a\x1b[2J\nb", fields(1))], State(errors={"F0": "x\x1b]0;t\x07"}), 80)
    assert plan.lines[0] == Line(Role.TITLE, text="a^[[2J b")
    assert plan.lines[2].text == "! x^[]0;t^G"


@pytest.mark.parametrize(
    ("top", "first", "last", "expected"),
    [
        (0, 5, 5, 0),  # visible: nothing moves
        (0, 10, 10, 7),  # below: it comes to the upper third
        (0, 9, 11, 6),  # its error is below: so too
        (50, 49, 49, 43),  # above: it comes to the lower third
        (0, 99, 99, 90),  # the end of the form stays at the bottom
        (5, 0, 1, 0),
    ],
)
def test_scrolling_goes_on_by_the_better_part_of_a_page(
    top: int, first: int, last: int, expected: int
) -> None:
    assert scrolled(top, first, last, 10, 100) == expected


@given(
    top=st.integers(0, 200), first=st.integers(0, 199), length=st.integers(1, 8), height=st.integers(8, 50)
)
def test_after_scrolling_every_line_of_the_field_is_visible(
    top: int, first: int, length: int, height: int
) -> None:
    last = min(199, first + length - 1)
    new = scrolled(top, first, last, height, 200)
    assert new <= first <= last < new + height
    assert 0 <= new <= 200 - height
