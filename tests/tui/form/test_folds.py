"""A rep in a form of 120 fields: folds, what is needed, and the list of all fields."""

from __future__ import annotations

from typing import Any

import pytest
from textual import events

from tui.form import Field, Kind, Section
from tui.form.arrangement import Arrangement
from tui.form.field_list import FieldList, Wish


def section(title: str, count: int, *required: int) -> Section:
    fields = (Field(f"{title}{n}", f"{title} {n}", required=n in required) for n in range(count))
    return Section(title, tuple(fields))


LONG = [section("A", 8), section("B", 40, 3), section("C", 40), section("D", 32, 30)]


def top(app: Any, lines: int) -> list[str]:
    return [line.rstrip(" ▁▂▃▄▅▆▇█") for line in app.picture()[:lines]]


async def test_a_long_form_shows_its_first_page_and_what_is_required(make_app: Any) -> None:
    app = make_app(LONG)
    async with app.run_test(size=(80, 24)):
        assert app.picture() == [
            "  A",
            "  ▸ A 0",
            *(f"    A {n}" for n in range(1, 8)),
            "",
            "  B (39 more) ▸",
            "    B 3   *",
            "",
            "  C (40 more) ▸",
            "  D (31 more) ▸",
            "    D 30  *",
        ]


@pytest.mark.parametrize("key", ["enter", "space"])
async def test_going_down_meets_the_title_of_a_fold_and_enter_unfolds_it(make_app: Any, key: str) -> None:
    app = make_app(LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["down"] * 8)
        assert app.picture()[10] == "▸ B (39 more) ▸"
        assert app.cursor_position == (2, 10)
        await pilot.press(key)
        assert app.form.current == "B0"
        assert "  B" in top(app, 24)
        await pilot.press("x")
        assert app.form.values == {"B0": "x"}


async def test_a_letter_on_the_title_of_a_fold_does_nothing(make_app: Any) -> None:
    app = make_app(LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["down"] * 8, "x", "delete", "escape", "ctrl+underscore")
        app.post_message(events.Paste("x"))
        await pilot.pause()
        assert (app.form.current, app.form.values) == ("fold B", {})
        app.told.clear()
        await pilot.press("down")
        assert [each[0] for each in app.told] == ["Moved"], "the host is told of fields alone"


async def test_a_section_is_folded_where_the_rep_is_and_unfolded_again(make_app: Any) -> None:
    app = make_app(LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", *"x")
        assert app.form.fold()
        await pilot.pause()
        assert app.picture()[0] == "▸ A (8 more, 1 filled) ▸"
        assert app.form.fold()
        await pilot.pause()
        assert app.picture()[:3] == ["  A", "  ▸ A 0", "    A 1      x"]
        app.form.set_sections([Section("", (Field("X", "X"),))])
        assert not app.form.fold()


async def test_folding_under_a_required_field_goes_to_the_title(make_app: Any) -> None:
    app = make_app(LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to("B3")
        await pilot.pause()
        assert app.picture()[11] == "  ▸ B 3   *", "it is seen already: nothing is unfolded"
        app.form.fold()
        assert app.form.current == "B3"
        app.form.fold()
        assert app.form.current == "fold B"


async def test_a_click_on_the_title_unfolds(make_app: Any) -> None:
    app = make_app(LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(offset=(4, 10))
        assert app.form.current == "B0"


async def test_going_to_a_field_unfolds_its_section(make_app: Any) -> None:
    app = make_app(LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to("C20")
        await pilot.press("x")
        assert app.form.values == {"C20": "x"}
        assert any("▸ C 20" in line for line in app.picture())
        assert any("  C 21" in line for line in app.picture())
        app.form.jump_to("D30")
        await pilot.pause()
        assert any("  D 29" in line for line in app.picture()), "a jump shows what is around"


async def test_what_is_wrong_is_never_hidden_by_a_fold_and_goes_back_when_it_is_right(make_app: Any) -> None:
    app = make_app(LONG, check=lambda name, value: "No." if value == "x" else None)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.set_values({"B3": "ok", "D30": "ok", "C7": "x"})
        app.form.validate(focus=True)
        await pilot.pause()
        assert app.form.current == "C7"
        shown = [line for line in app.picture() if "C" in line or "No." in line]
        assert [line.strip(" ▄█") for line in shown] == ["C (39 more) ▸", "▸ C 7      x", "! No."]
        await pilot.press("y")
        assert any("▸ C 7" in line for line in app.picture()), "it stays while it is edited"
        await pilot.press("up")
        assert not any("C 7" in line for line in app.picture())
        assert any("C (40 more, 1 filled)" in line for line in app.picture())


async def test_the_next_field_that_is_needed_is_one_key_away(make_app: Any) -> None:
    app = make_app(LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        went = []
        for _ in range(3):
            assert app.form.go_to_needed()
            went.append(app.form.current)
        assert went == ["B3", "D30", "B3"]
        await pilot.press("x")
        assert app.form.go_to_needed()
        await pilot.press("x")
        assert not app.form.go_to_needed()
        assert app.form.current == "D30"


async def test_a_hidden_field_comes_with_a_value_and_goes_when_that_is_gone(make_app: Any) -> None:
    app = make_app([Section("A", (Field("N", "N"), Field("H", "H", hidden=True), Field("M", "M")))])
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.picture() == ["  A", "  ▸ N", "    M"]
        app.form.set_value("H", "x")
        await pilot.press("down", "backspace")
        assert app.picture() == ["  A", "    N", "  ▸ H", "    M"]
        await pilot.press("down")
        assert app.picture() == ["  A", "    N", "  ▸ M"]
        app.form.go_to("H")
        await pilot.press("y")
        assert app.form.values == {"H": "y"}
        app.form.clear()
        await pilot.pause()
        assert app.picture() == ["  A", "  ▸ N", "    M"]


async def test_values_stand_where_they_stood_when_a_section_is_folded(make_app: Any) -> None:
    wide = Section("Wide", (Field("W", "A label that is wide"), Field("V", "V")))
    app = make_app([section("A", 2), wide])
    async with app.run_test(size=(80, 24)) as pilot:
        before = app.form._plan.columns
        app.form.go_to("W")
        app.form.fold()
        await pilot.pause()
        assert app.picture()[-1] == "▸ Wide (2 more) ▸"
        assert app.form._plan.columns == before


async def test_a_long_form_has_as_many_widgets_as_a_short_one(make_app: Any) -> None:
    async def mounted(sections: list[Section]) -> int:
        app = make_app(sections)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("down", "down")
            app.form.fold()
            await pilot.pause()
            return len(app.screen.query("*"))

    assert await mounted(LONG) == await mounted([section("A", 3)])


# The list of all fields


async def open_list(app: Any, pilot: Any, *, arranging: bool = False) -> list[Wish | None]:
    wishes: list[Wish | None] = []
    fields = FieldList(app.form.places, Arrangement(), current=app.form.current, arranging=arranging)
    await app.push_screen(fields, wishes.append)
    await pilot.pause()
    return wishes


async def test_a_few_letters_reach_any_field(make_app: Any) -> None:
    app = make_app(LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        wishes = await open_list(app, pilot)
        await pilot.press(*"d 17")
        assert any("Go to: d 17" in line for line in app.picture())
        assert sum("D 17" in line for line in app.picture()) == 1
        await pilot.press("enter")
        assert wishes == [Wish("D17", Arrangement())]


async def test_the_list_says_what_is_required_in_which_section_and_what_the_keys_do(make_app: Any) -> None:
    app = make_app(LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_list(app, pilot)
        await pilot.press(*"b 3")
        row = next(line for line in app.picture() if "▸ B 3" in line)
        assert row.strip("│ ").split() == ["▸", "B", "3", "*", "B"]
        assert any("Enter goes there" in line for line in app.picture())
        await pilot.press("ctrl+g")
        assert any("P pins" in line for line in app.picture())
        await pilot.press("slash", "z")
        assert any("No field fits." in line for line in app.picture())
        await pilot.press("enter")
        assert isinstance(app.screen, FieldList), "there is nothing to go to"
        await pilot.press("ctrl+u")
        app.post_message(events.Paste("c\n1"))
        await pilot.pause()
        assert any("Go to: c 1" in line for line in app.picture())


async def test_fields_are_pinned_hidden_and_ordered_by_letters(make_app: Any) -> None:
    app = make_app([section("A", 6, 4)])
    async with app.run_test(size=(80, 24)) as pilot:
        wishes = await open_list(app, pilot, arranging=True)
        await pilot.press("down", "p", "end", "p", "u", "down", "down", "h")
        assert [line.strip("│ ").split()[-1] for line in app.picture()[2:5]] == ["pinned", "pinned", "hidden"]
        await pilot.press("down", "down", "down", "h")
        assert any("It is required, and so cannot be hidden." in line for line in app.picture())
        await pilot.press("x", "k", "j")
        assert not any("cannot be hidden" in line for line in app.picture())
        await pilot.press("escape")
        assert wishes == [Wish("", Arrangement(("A5", "A1"), ("A0",)))]


async def test_the_marked_field_is_always_in_sight(make_app: Any) -> None:
    app = make_app(LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_list(app, pilot)
        for key in ("pagedown", "pagedown", "end", "up", "home", "pageup", "up"):
            await pilot.press(key)
            assert sum("▸" in line for line in app.picture()) == 1, key


async def test_a_click_goes_to_a_field(make_app: Any) -> None:
    app = make_app(LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        wishes = await open_list(app, pilot)
        row = next(y for y, line in enumerate(app.picture()) if " A 5 " in line)
        await pilot.click(offset=(10, row))
        assert wishes == [Wish("A5", Arrangement())]


async def test_foreign_text_in_the_list_is_text(make_app: Any) -> None:
    text = "[/x] \x1b[2J"
    app = make_app([Section(text, (Field("A", text, Kind.CHECKBOX),))])
    async with app.run_test(size=(80, 24)) as pilot:
        await open_list(app, pilot)
        assert "".join(app.picture()).count("[/x] ^[[2J") == 2
