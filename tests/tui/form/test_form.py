"""A rep at the form: every story through keys, mouse and screen."""

from __future__ import annotations

from typing import Any

import pytest
from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import Input

from tui.form import Choice, Field, Form, Kind, Section


def many(count: int) -> list[Section]:
    return [Section("Many", tuple(Field(f"F{n}", f"Field {n}") for n in range(count)))]


async def burst(app: Any, pilot: Any, *keys: str) -> None:
    """Send keys as they come over a slow line: all at once, before any has been dealt with."""
    from textual.keys import _character_to_key

    for key in keys:
        character = key if len(key) == 1 else None
        app.post_message(events.Key(_character_to_key(key) if character else key, character))
    await pilot.pause()
    await pilot.pause()


async def paste(app: Any, pilot: Any, text: str) -> None:
    app.post_message(events.Paste(text))
    await pilot.pause()


# Going through


async def test_the_form_is_drawn_as_designed(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.set_values({"DC": "eu", "Status": "new", "Hint": "All of it is kept."})
        await pilot.pause()
        assert lead_app.picture() == [
            "  Contact",
            "  ▸ First name",
            "    Last name      *",
            "    E-mail            name@example.com",
            "    Status            New ▾",
            "    Opt out           [ ]",
            "",
            "  More",
            "    Data centre       eu  environment",
            "    Client secret     stored ····1a2b",
            "    Description",
            "                      [ Test connection ]",
            "    All of it is kept.",
            "    Country",
        ]


async def test_typing_and_enter_go_through_the_form(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Ada", "enter", *"Lovelace", "tab", *"a@b.c", "down")
        assert lead_app.form.values == {"First_Name": "Ada", "Last_Name": "Lovelace", "Email": "a@b.c"}
        assert lead_app.form.current == "Status"
        await pilot.press("up", "shift+tab")
        assert lead_app.form.current == "Last_Name"
        assert lead_app.form.current_help == "As on the card."
        assert ("Left", "First_Name", "Ada") in lead_app.told
        assert ("Moved", "Last_Name") in lead_app.told
        assert ("Changed", "First_Name", "Ad") in lead_app.told


async def test_keys_that_come_in_one_burst_land_where_they_belong(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await burst(
            lead_app,
            pilot,
            *("A", "d", "x", "backspace", "a", "tab", "R", "o", "e", "enter", "a", "@", "b", "tab"),
            *("c", "o", "n", "t", "enter", "space", "tab", "s", "3", "tab", "H", "i", "ctrl+j", "!", "tab"),
            *("enter", "tab", "U", "K", "ctrl+s"),
        )
        expected = {
            "First_Name": "Ada",
            "Last_Name": "Roe",
            "Email": "a@b",
            "Status": "contacted",
            "Opt_Out": "true",
            "Secret": "s3",
            "Description": "Hi\n!",
            "Country": "UK",
        }
        assert lead_app.sent == [expected]
        assert ("Pressed", "Test") in lead_app.told


async def test_enter_on_the_last_field_ends_the_form_and_tab_begins_anew(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+end", "enter")
        assert lead_app.form.current == "Country"
        assert lead_app.told[-1] == ("Ended",)
        await pilot.press("tab")
        assert lead_app.form.current == "First_Name"
        await pilot.press("shift+tab")
        assert lead_app.form.current == "Country"
        await pilot.press("ctrl+home", "up")
        assert lead_app.form.current == "First_Name"


async def test_fields_that_cannot_be_edited_are_passed_over(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.go_to("DC")
        assert lead_app.form.current == "First_Name"
        lead_app.form.go_to("Opt_Out")
        await pilot.press("down")
        assert lead_app.form.current == "Secret"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_the_current_field_is_always_visible_with_its_error(make_app: Any, size: Any) -> None:
    app = make_app(many(50), check=lambda *_: "This is wrong, and that is said in a few words here.")
    async with app.run_test(size=size) as pilot:
        app.form.set_values({f"F{n}": "x" for n in range(50)})
        for n in range(49):
            await pilot.press("down")
            assert any(f"▸ Field {n + 1}" in line for line in app.picture())
        lines = app.picture()
        assert sum("! This is wrong" in line for line in lines) > 3
        await pilot.press("pageup", "pageup")
        assert any(f"▸ {app.form.field(app.form.current).label}" in line for line in app.picture())
        await pilot.press("ctrl+home")
        assert app.picture()[0] == "  Many"


async def test_the_number_of_widgets_does_not_depend_on_the_number_of_fields(make_app: Any) -> None:
    async def mounted(count: int) -> int:
        app = make_app(many(count))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press(*["down"] * min(count - 1, 30))
            return len(app.screen.query("*"))

    assert await mounted(2) == await mounted(120)


async def test_going_on_redraws_two_lines_and_moves_the_editor_without_new_focus(make_app: Any) -> None:
    app = make_app(many(10))
    async with app.run_test(size=(80, 24)) as pilot:
        editor = app.focused
        before = app.picture()
        await pilot.press("down")
        after = app.picture()
        assert app.focused is editor
        assert [y for y, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [1, 2]
        assert app.cursor_position == (16, 2)
        assert editor.region.offset == (16, 2)


async def test_the_caret_follows_text_scrolling_and_resizing(make_app: Any) -> None:
    app = make_app(many(60))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Zoë漢")
        assert app.cursor_position == (17 + 5, 1)
        await pilot.press("left")
        assert app.cursor_position == (17 + 3, 1)
        await pilot.press("ctrl+end")
        assert app.cursor_position == (17, 23)
        await pilot.resize_terminal(60, 10)
        await pilot.pause()
        assert app.cursor_position == (17, 9)
        assert "▸ Field 59" in app.picture()[9]


async def test_the_wheel_takes_the_editor_along(make_app: Any) -> None:
    app = make_app(many(60))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down", "down", "down", *"abc")
        app.form.scroll_to(y=3, animate=False)
        await pilot.pause()
        assert app.focused.region.y == app.cursor_position.y == 2
        assert app.picture()[2] == "  ▸ Field 4      abc"


# Text


async def test_escape_gives_back_what_the_field_held(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.set_value("First_Name", "Ada")
        await pilot.press(*" May", "escape")
        assert lead_app.form.values == {"First_Name": "Ada"}
        assert lead_app.told[-1] == ("Changed", "First_Name", "Ada")


async def test_undo_takes_back_words_and_pastes(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Ada May")
        await paste(lead_app, pilot, "-Ann")
        steps = []
        for _ in range(4):
            await pilot.press("ctrl+underscore")
            steps.append(lead_app.form.values.get("First_Name", ""))
        assert steps == ["Ada May", "Ada ", "", ""]


PASTED = "Ada\r\n  Lovelace\n\nEsq.\t\x1b[2J\n"


async def test_the_first_line_of_a_paste_is_taken_and_the_others_are_kept_for_the_long_text(
    lead_app: Any,
) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await paste(lead_app, pilot, PASTED)
        assert lead_app.form.values == {"First_Name": "Ada"}
        assert ("Kept", "First_Name", "2") in lead_app.told
        await pilot.press("down")
        await paste(lead_app, pilot, "Roe\nmore")
        assert ("Kept", "First_Name", "3") in lead_app.told
        assert lead_app.form.put_kept() == 3
        assert lead_app.form.values == {
            "First_Name": "Ada",
            "Last_Name": "Roe",
            "Description": "Lovelace\nEsq. ^[[2J\nmore",
        }
        assert lead_app.form.put_kept() == 0


async def test_kept_lines_go_behind_what_the_long_text_holds(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await paste(lead_app, pilot, "Ada\nLovelace")
        lead_app.form.go_to("Description")
        await pilot.press(*"before")
        assert lead_app.form.put_kept() == 1
        await pilot.press(*"!")
        assert lead_app.form.values["Description"] == "before\nLovelace!"


async def test_what_a_paste_has_left_belongs_to_its_lead(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await paste(lead_app, pilot, "Ada\nLovelace")
        lead_app.form.clear()
        assert lead_app.form.put_kept() == 0


async def test_a_form_without_long_text_takes_every_line_as_one(make_app: Any) -> None:
    app = make_app(many(2))
    async with app.run_test(size=(80, 24)) as pilot:
        await paste(app, pilot, PASTED)
        assert app.form.values == {"F0": "Ada Lovelace Esq. ^[[2J"}


async def test_a_secret_is_taken_whole_and_never_shown_elsewhere(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.go_to("Secret")
        await pilot.pause()
        await paste(lead_app, pilot, "1000.ab\ncd")
        assert lead_app.form.values == {"Secret": "1000.ab cd"}


@pytest.mark.parametrize("field", ["First_Name", "Description"])
async def test_joiners_are_letters(lead_app: Any, field: str) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.go_to(field)
        await pilot.pause()
        for letter in "می\u200cخواهم":
            lead_app.post_message(events.Key("x", letter))
        await pilot.pause()
        assert lead_app.form.values == {field: "می\u200cخواهم"}


async def test_a_long_value_scrolls_in_its_field(make_app: Any) -> None:
    app = make_app(many(2))
    async with app.run_test(size=(40, 24)) as pilot:
        await pilot.press(*"abcdefghijklmnopqrstuvwxyz0123456789")
        width = 40 - 16 - 2
        assert app.form.values["F0"] == "abcdefghijklmnopqrstuvwxyz0123456789"
        assert app.picture()[1].endswith("xyz0123456789")
        assert app.cursor_position == (16 + width - 1, 1)
        await pilot.press("home")
        assert "abcdef" in app.picture()[1]
        assert app.cursor_position == (16, 1)
        await pilot.press("down")
        assert app.picture()[1].endswith("…")


async def test_a_click_sets_the_caret_or_goes_to_a_field(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Lovelace")
        await pilot.click(offset=(22 + 4, 1))
        await pilot.press("X")
        assert lead_app.form.values == {"First_Name": "LoveXlace"}
        await pilot.click(offset=(6, 2))
        assert lead_app.form.current == "Last_Name"
        await pilot.press("R")
        await pilot.click(offset=(23, 5))
        assert lead_app.form.values == {"First_Name": "LoveXlace", "Last_Name": "R", "Opt_Out": "true"}
        await pilot.click(offset=(30, 11))
        assert lead_app.told[-1] == ("Pressed", "Test")


async def test_more_than_fits_may_be_typed_and_is_said(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", *"Countess Lovelace", "enter")
        assert lead_app.form.values["Last_Name"] == "Countess Lovelace"
        assert lead_app.picture()[3] == "                      ! At most 10 characters: 7 too many."


# Errors


async def test_errors_come_on_leaving_and_go_as_it_becomes_right(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.go_to("Email")
        await pilot.press(*"ada")
        assert lead_app.form.errors == {}
        await pilot.press("enter")
        assert lead_app.picture()[4] == "                      ! An e-mail address has an @ in it."
        await pilot.press("up", "@")
        assert lead_app.form.errors == {}
        assert "Status" in lead_app.picture()[4]


async def test_passing_an_empty_required_field_is_no_mistake_sending_is(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down", "down")
        assert lead_app.form.errors == {}
        assert lead_app.form.validate(focus=True) == [("Last_Name", "Last name is needed.")]
        await pilot.pause()
        assert lead_app.form.current == "Last_Name"
        assert lead_app.picture()[3] == "                      ! Last name is needed."
        assert lead_app.cursor_position == (22, 2)
        await pilot.press("R")
        assert lead_app.form.errors == {}
        assert lead_app.form.validate() == []


async def test_the_host_can_say_what_is_wrong_and_what_is_known(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.set_error("First_Name", "Zoho has [/x] \x1b[2J")
        lead_app.form.set_note("First_Name", "≈ known: Ada")
        await pilot.pause()
        assert lead_app.picture()[2:4] == [" " * 22 + "! Zoho has [/x] ^[[2J", " " * 22 + "≈ known: Ada"]
        lead_app.form.clear_errors()
        lead_app.form.set_note("First_Name", "")
        await pilot.pause()
        assert "Last name" in lead_app.picture()[2]


# Choices


async def open_status(app: Any, pilot: Any, *keys: str) -> None:
    app.form.go_to("Status")
    await pilot.press(*keys)


async def test_a_choice_is_taken_with_enter_and_the_form_goes_on(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await open_status(lead_app, pilot, "enter", "down")
        assert lead_app.picture()[5:10] == [
            "    Opt out          │  New",
            "                     │▸ Contacted",
            "  More               │  Not Contacted",
            "    Data centre      │  Junk [/x]",
            "    Client secret    └─ type to search",
        ]
        await pilot.press("enter")
        assert lead_app.form.values == {"Status": "contacted"}
        assert lead_app.form.current == "Opt_Out"
        assert lead_app.picture()[4] == "    Status            Contacted ▾"


async def test_a_letter_opens_the_choices_and_searches(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await open_status(lead_app, pilot, *"not c")
        assert "not c" in lead_app.picture()[4]
        assert lead_app.cursor_position == (22 + 5, 4)
        assert [line for line in lead_app.picture() if "▸ Not Contacted" in line]
        await pilot.press("backspace", "backspace", "x")
        assert any("none fits" in line for line in lead_app.picture())
        await pilot.press("enter")
        assert lead_app.form.current == "Status"
        await pilot.press("ctrl+u", "end", "enter")
        assert lead_app.form.values == {"Status": "junk [/x]"}


async def test_escape_puts_the_choices_away_and_the_form_keeps_its_value(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.set_value("Status", "new")
        await open_status(lead_app, pilot, "space", "down", "escape")
        assert lead_app.form.values == {"Status": "new"}
        assert lead_app.form.current == "Status"
        await pilot.press("delete")
        assert lead_app.form.values == {}
        await pilot.press("escape")
        assert lead_app.form.values == {"Status": "new"}


async def test_near_the_bottom_the_choices_open_upwards(make_app: Any) -> None:
    last = Field("C", "C", Kind.CHOICE, choices=tuple(Choice(str(n), f"Choice {n}") for n in range(4000)))
    app = make_app([Section("", (*many(21)[0].fields, last))])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+end", *"39", "up")
        lines = app.picture()
        assert lines[20].endswith("fit")
        assert "39" in lines[21]
        await pilot.press("tab")
        value = app.form.values["C"]
        assert "39" in value
        await pilot.press("enter", "end", "enter")
        assert app.form.values["C"] == "3999"


async def test_a_click_takes_a_choice(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await pilot.click(offset=(24, 4))
        await pilot.click(offset=(26, 7))
        assert lead_app.form.values == {"Status": "not contacted"}


async def test_the_choices_close_when_the_form_is_left(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await open_status(lead_app, pilot, "enter")
        lead_app.screen.set_focus(None)
        await pilot.pause()
        assert "Opt out           [ ]" in lead_app.picture()[5]


async def test_a_paste_is_searched_in_the_choices(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await open_status(lead_app, pilot)
        await paste(lead_app, pilot, "junk\n")
        await pilot.press("enter")
        assert lead_app.form.values == {"Status": "junk [/x]"}


# Long text, checkbox, button, secret


async def test_long_text_grows_and_enter_goes_on(lead_app: Any) -> None:
    async with lead_app.run_test(size=(60, 24)) as pilot:
        lead_app.form.go_to("Description")
        assert "Ctrl+J" in lead_app.form.current_help
        await pilot.press(*"one two three four five six seven eight", "ctrl+j", *"nine")
        assert lead_app.picture()[10:14] == [
            "  ▸ Description       one two three four five six seven",
            "                      eight",
            "                      nine",
            "                      [ Test connection ]",
        ]
        assert lead_app.cursor_position == (26, 12)
        await pilot.press("enter")
        assert lead_app.form.current == "Test"
        assert lead_app.form.values["Description"] == "one two three four five six seven eight\nnine"
        drawn = lead_app.picture()
        assert drawn[10:13] == [
            "    Description       one two three four five six seven",
            "                      eight",
            "                      nine",
        ]


async def test_arrows_move_in_long_text_and_leave_it_at_its_edges(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.set_value("Description", "one\ntwo")
        lead_app.form.go_to("Description")
        await pilot.press("up")
        assert lead_app.form.current == "Description"
        await pilot.press("up")
        assert lead_app.form.current == "Secret"
        await pilot.press("down", "ctrl+end", "shift+tab")
        assert lead_app.form.current == "Test"


async def test_long_text_can_be_undone_pasted_and_given_back(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.set_value("Description", "old")
        lead_app.form.go_to("Description")
        await paste(lead_app, pilot, "\na\x1b[2J\r\nb")
        assert lead_app.form.values["Description"] == "old\na^[[2J\nb"
        await pilot.press("ctrl+underscore")
        assert lead_app.form.values["Description"] == "old"
        await pilot.press("x", "escape")
        assert lead_app.form.values["Description"] == "old"


async def test_a_checkbox_holds_nothing_until_it_is_touched(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.go_to("Opt_Out")
        assert lead_app.form.values == {}
        await pilot.press("space")
        assert lead_app.form.values == {"Opt_Out": "true"}
        assert lead_app.picture()[5] == "  ▸ Opt out           [x]"
        await pilot.press("space")
        assert lead_app.form.values == {"Opt_Out": "false"}
        await pilot.press("x", "enter")
        assert lead_app.form.current == "Secret"
        assert lead_app.form.values == {"Opt_Out": "false"}


async def test_a_secret_is_masked_and_never_copied(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24), notifications=True) as pilot:
        lead_app.form.go_to("Secret")
        await pilot.press(*"hush", "shift+home", "ctrl+c", "ctrl+x")
        assert lead_app.clipboard == ""
        assert lead_app.form.values == {"Secret": "hush"}
        assert "••••  stored ····1a2b" in lead_app.picture()[9]
        assert len(lead_app._notifications) == 2
        await pilot.press("enter")
        assert not any("hush" in line for line in lead_app.picture())
        lead_app.form.go_to("First_Name")
        await pilot.press(*"Ada", "shift+home", "ctrl+c")
        assert lead_app.clipboard == "Ada"


async def test_a_button_is_pressed(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.go_to("Test")
        await pilot.press("enter", "space")
        assert [each for each in lead_app.told if each[0] == "Pressed"] == [("Pressed", "Test")] * 2


# The host


async def test_other_sections_keep_values_focus_and_caret(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Ada", "tab", *"Lovelace", "left", "left")
        new = Section("New order", (Field("Extra", "Extra"), Field("Last_Name", "Surname", required=True)))
        lead_app.form.set_sections([new])
        await pilot.press("!")
        assert lead_app.form.values == {"Last_Name": "Lovela!ce"}
        assert lead_app.form.current == "Last_Name"
        assert lead_app.picture()[2] == "  ▸ Surname  *  Lovela!ce"
        lead_app.form.set_sections([Section("", (Field("First_Name", "First name"),))])
        await pilot.press("x")
        assert lead_app.form.values == {"First_Name": "Adax"}
        lead_app.form.set_sections([])
        await pilot.press("x", "enter", "tab", "pagedown")
        assert lead_app.form.current == ""
        assert lead_app.picture() == []


async def test_clearing_begins_anew_and_restoring_brings_back(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Ada", "tab", *"Countess of Lovelace", "tab")
        lead_app.form.clear()
        assert (lead_app.form.values, lead_app.form.errors, lead_app.form.dirty) == ({}, {}, False)
        assert lead_app.form.current == "First_Name"
        await pilot.press(*"Bob")
        assert lead_app.form.dirty
        assert lead_app.form.restore()
        await pilot.press("!")
        assert lead_app.form.values["First_Name"] == "Ada!"
        assert lead_app.form.restore()
        assert lead_app.form.values == {"First_Name": "Bob"}


async def test_values_that_the_host_sets_are_shown_at_once_and_not_told(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.form.set_values({"First_Name": "Ada", "Status": "gone", "Unknown": "x"})
        await pilot.pause()
        assert lead_app.picture()[1] == "  ▸ First name        Ada"
        assert "gone ▾" in lead_app.picture()[4]
        assert not lead_app.told
        assert not lead_app.form.dirty
        assert lead_app.form.required_filled == (0, 1)


async def test_a_form_can_be_filled_before_it_is_mounted(make_app: Any) -> None:
    app = make_app(many(3))
    app.form.set_values({"F1": "x"})
    app.form.set_error("F1", "no")
    app.form.clear()
    app.form.restore()
    app.form.go_to("F2")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("y")
        assert app.form.values == {"F1": "x", "F2": "y"}


async def test_a_form_that_has_not_the_focus_does_not_take_it(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        lead_app.screen.set_focus(None)
        lead_app.cursor_position = (1, 1)
        lead_app.form.go_to("Last_Name")
        lead_app.form.set_value("Last_Name", "Roe")
        await pilot.pause()
        assert lead_app.focused is None
        assert lead_app.cursor_position == (1, 1)
        lead_app.form.focus()
        await pilot.press("!")
        assert lead_app.form.values == {"Last_Name": "Roe!"}


# Foreign text, the terminal's cursor


HOSTILE = ("[/x]", "[@click=app.quit]x[/]", "\x1b]0;t\x07", "\u202eabc", "a\nb", "[", "𝕏" * 90)


@pytest.mark.parametrize("text", HOSTILE)
async def test_foreign_text_is_shown_as_text(make_app: Any, text: str) -> None:
    choice = (Choice(text, text),)
    fields = (
        Field("A", text, placeholder=text, note=text, help=text, required=True),
        Field("B", text, Kind.CHOICE, choices=choice),
        Field("C", text, Kind.BUTTON),
        Field("D", text, Kind.STATIC),
        Field("E", text, Kind.LONG_TEXT),
    )
    app = make_app([Section(text, fields)], check=lambda *_: text)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.set_values(dict.fromkeys("ABDE", text))
        app.form.validate()
        app.form.set_note("A", text)
        await pilot.press("tab", "enter", "down", "enter", "tab", "tab", "tab", "tab")
        await pilot.click(offset=(6, 1))
        shown = "".join(app.picture())
        assert all(character.isprintable() for character in shown)
        assert app.form.current_help == app.form.current_help.replace("\x1b", "")
        if text == "[/x]":
            assert shown.count(text) >= 9


@pytest.mark.parametrize(("terminal_has_it", "cells"), [(False, 1), (True, 0)])
@pytest.mark.parametrize("keys", [("x",), ("x", "tab"), ("tab", "tab", "x")])
async def test_the_caret_is_drawn_only_where_the_terminal_shows_none(
    make_app: Any, monkeypatch: pytest.MonkeyPatch, terminal_has_it: bool, cells: int, keys: tuple[str, ...]
) -> None:
    monkeypatch.setattr(HeadlessDriver, "draws_caret", terminal_has_it, raising=False)
    kinds = (Field("T", "T"), Field("C", "C", Kind.CHECKBOX), Field("L", "L", Kind.LONG_TEXT))
    app = make_app([Section("", kinds)])
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.press(*keys)
        segments = [segment for strip in app.screen._compositor.render_strips() for segment in strip]
        assert sum(len(each.text) for each in segments if each.style and each.style.reverse) == cells


async def test_the_terminals_cursor_has_a_place_in_every_kind_of_field(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        for name in ("First_Name", "Status", "Opt_Out", "Secret", "Description", "Test", "Country"):
            lead_app.form.go_to(name)
            await pilot.pause()
            focused = lead_app.focused
            row = next(y for y, line in enumerate(lead_app.picture()) if "▸" in line)
            assert isinstance(focused, Input) or focused is lead_app.form or name == "Description"
            assert getattr(focused, "shows_terminal_cursor", True)
            assert focused.cursor_screen_offset == lead_app.cursor_position == (22, row)


async def test_a_value_of_the_hosts_replaces_what_is_being_typed(lead_app: Any) -> None:
    async with lead_app.run_test(size=(80, 24)) as pilot:
        form = lead_app.form
        await pilot.press(*"xy")
        form.set_value("First_Name", "")
        await pilot.press("z")
        assert form.value("First_Name") == "z"


async def test_what_is_said_above_the_current_field_does_not_push_it_out_of_sight(make_app: Any) -> None:
    app = make_app(many(60))
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to("F59")
        await pilot.pause()
        app.form.set_note("F58", "one line\nand another")
        app.form.set_error("F57", "wrong")
        await pilot.pause()
        assert any("▸ Field 59" in each for each in screen_lines(app))
        app.form.scroll_to(y=0, animate=False, force=True)
        await pilot.pause()
        app.form.set_note("F56", "another")
        await pilot.pause()
        assert any("Field 0" in each for each in screen_lines(app)), "scrolled away, it stays there"


class Drawn(Form):
    """A form that counts how often all of it is drawn anew."""

    whole = 0

    def refresh(self, *regions: Any, **options: Any) -> Any:
        """Count, then do it."""
        self.whole += not regions
        return super().refresh(*regions, **options)


async def test_without_a_value_to_set_nothing_is_drawn_anew(make_app: Any) -> None:
    app = make_app(many(3))
    app.form = Drawn(many(3), id="form")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = app.form.whole
        app.form.set_values({})
        assert app.form.whole == before
        app.form.set_values({"F1": "x"})
        assert app.form.whole == before + 1


def screen_lines(app: Any) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]
