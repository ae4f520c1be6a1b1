"""A rep takes several choices, looks a record up, and meets choices that depend on others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from textual import events

from tui.form import Choice, Field, Kind, Section
from tui.form.fields import lookup_text

TONGUES = tuple(Choice(each[:2].lower(), each) for each in ("English", "French", "German", "Old German"))
COUNTRIES = (Choice("de", "Germany"), Choice("fr", "France"))
CITIES = tuple(Choice(each.lower(), each) for each in ("Berlin", "Bonn", "Paris"))
KINDS = [
    Section(
        "Kinds",
        (
            Field("Tongues", "Tongues", Kind.CHOICES, choices=TONGUES),
            Field("Account", "Account", Kind.LOOKUP),
            Field("Country", "Country", Kind.CHOICE, choices=COUNTRIES),
            Field(
                "City",
                "City",
                Kind.CHOICE,
                choices=CITIES,
                controlled_by="Country",
                allowed=(("de", ("berlin", "bonn")), ("fr", ("paris",))),
            ),
            Field("When", "When", Kind.DATETIME, placeholder="year-month-day hour:minute"),
            Field("Seats", "Seats", Kind.INTEGER, placeholder="whole number, max 30"),
        ),
    )
]
ACME, ENGINES = (Choice(lookup_text(name, f"36500{n}"), name) for n, name in enumerate(("Acme", "Engines")))


async def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "it does not happen"
        await asyncio.sleep(0.005)


def last_line(app: Any) -> str:
    """The line under the open list."""
    return next((line.partition("└")[2] for line in app.picture() if "└" in line), "")


def sought(app: Any) -> list[str]:
    return [each[2] for each in app.told if each[0] == "Sought"]


# Several choices


async def test_several_choices_are_marked_by_space_or_enter_and_tab_goes_on(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "down", "space", "up", "enter")
        assert app.picture()[1:7] == [
            "  ▸ Tongues     English, French (2) ▾",
            "    Account    │▸ [x] English",
            "    Country    │  [x] French",
            "    City       │  [ ] German",
            "    When       │  [ ] Old German",
            "    Seats      └─ type to search, Space marks",
        ]
        assert app.form.values == {"Tongues": "en;fr"}
        await pilot.press("enter", "tab")
        assert app.form.values == {"Tongues": "fr"}
        assert app.form.current == "Account"
        assert app.picture()[1] == "    Tongues     French ▾"


async def test_a_letter_searches_and_the_next_one_after_a_mark_begins_anew(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"ger", "space", *"fre", "space")
        assert app.form.values == {"Tongues": "fr;ge"}
        assert "French, German (2)" in app.picture()[1]
        await pilot.press(*"xx")
        assert "none fits" in last_line(app)
        await pilot.press("space")
        assert app.form.values == {"Tongues": "fr;ge"}


async def test_escape_closes_what_is_marked_stays_and_escape_again_gives_the_old_value_back(
    make_app: Any,
) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.set_value("Tongues", "en")
        await pilot.press("enter", "end", "space", "escape")
        assert app.form.values == {"Tongues": "en;ol"}
        assert app.form.searching is None
        await pilot.press("escape")
        assert app.form.values == {"Tongues": "en"}
        await pilot.press("delete")
        assert app.form.values == {}
        await pilot.press("escape")
        assert app.form.values == {"Tongues": "en"}


async def test_how_many_are_chosen_is_seen_where_not_all_of_them_are(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(40, 24)) as pilot:
        app.form.set_value("Tongues", "en;fr;ge;ol")
        await pilot.pause()
        assert app.picture()[1] == "  ▸ Tongues     English, French… (4) ▾"


async def test_a_value_that_the_picklist_has_no_more_is_kept_and_named(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.set_value("Tongues", "latin")
        await pilot.press("enter", "space", "tab")
        assert app.form.values == {"Tongues": "en;latin"}
        assert app.form.errors == {"Tongues": "latin is not one of the choices."}


async def test_four_thousand_choices_cost_the_next_key_nothing_to_speak_of(make_app: Any) -> None:
    many = tuple(Choice(str(n), f"Région {n:04d} of the country") for n in range(4000))
    fields = (Field("C", "C", Kind.CHOICES, choices=many), Field("T", "T"))
    app = make_app([Section("", fields)])
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.set_value("C", join(many, 200))
        await pilot.press(*"0012", "space", "tab")
        assert app.form.values["C"].startswith("0;1;2;")
        began = time.perf_counter()
        await pilot.press(*"abcdefghij")
        assert app.form.values["T"] == "abcdefghij"
        assert time.perf_counter() - began < 2


def join(choices: tuple[Choice, ...], count: int) -> str:
    return ";".join(choice.value for choice in choices[:count])


# Look-ups


async def test_a_record_is_searched_as_the_rep_types_and_only_its_name_is_shown(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to("Account")
        await pilot.press(*"acm")
        assert "searching" in last_line(app)
        await until(lambda: sought(app))
        assert sought(app) == ["acm"], "asked once, when no more letters came"
        app.form.set_found("Account", "acm", (ACME, ENGINES))
        await pilot.pause()
        assert "2 found" in last_line(app)
        await pilot.press("down", "enter")
        assert app.form.values == {"Account": "Engines {365001}"}
        assert app.picture()[2] == "    Account     Engines ▾"
        assert app.form.current == "Country"
        assert sought(app) == ["acm"]


async def test_an_answer_that_is_outdated_is_dropped(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to("Account")
        await pilot.press("a")
        await until(lambda: sought(app))
        await pilot.press("c")
        app.form.set_found("Account", "a", (ENGINES,))
        app.form.set_found("Country", "ac", (ENGINES,))
        await pilot.press("enter")
        assert app.form.values == {}
        await until(lambda: sought(app) == ["a", "ac"])
        app.form.set_found("Account", "ac", (ACME,))
        await pilot.press("enter")
        assert app.form.values == {"Account": ACME.value}
        app.form.set_found("Account", "ac", (ENGINES,))
        await pilot.pause()
        assert app.form.searching is None


async def test_what_was_found_for_less_is_taken_only_if_it_fits_what_is_typed_now(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to("Account")
        await pilot.press("e")
        await until(lambda: sought(app))
        app.form.set_found("Account", "e", (ACME, ENGINES))
        await pilot.press("n", "enter")
        assert app.form.values == {"Account": ENGINES.value}


async def test_nobody_is_asked_any_more_once_the_list_is_closed(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to("Account")
        await pilot.press("a", "escape")
        assert app.form._editors.choices._asked is None
        await pilot.press("enter")
        await until(lambda: sought(app))
        assert sought(app) == [""]


async def test_why_nothing_can_be_looked_for_stands_in_the_list(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to("Account")
        await pilot.press("a")
        await until(lambda: sought(app))
        app.form.set_found("Account", "a", (), "Offline: [/x] \x1b[2J")
        await pilot.pause()
        assert "! Offline: [/x] ^[[2J" in last_line(app)
        await pilot.press("enter")
        assert app.form.current == "Account"
        await pilot.press("backspace")
        await until(lambda: sought(app) == ["a", ""])
        app.form.set_found("Account", "", ())
        await pilot.pause()
        assert "type a name" in last_line(app)


async def test_a_look_up_is_emptied_and_given_back_like_every_other_choice(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.set_value("Account", ACME.value)
        app.form.go_to("Account")
        await pilot.press("delete")
        assert app.form.values == {}
        await pilot.press("escape")
        assert app.form.values == {"Account": ACME.value}
        app.post_message(events.Paste("Eng\nines"))
        await pilot.pause()
        assert app.form.searching == "Eng ines"


# Choices that depend on others


async def test_the_choices_follow_the_field_that_controls_them(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to("Country")
        await pilot.press(*"ger", "enter", *"b", "down", "enter")
        assert app.form.values == {"Country": "de", "City": "bonn"}
        await pilot.press("up", "up", *"fra", "enter")
        assert app.form.values == {"Country": "fr"}
        assert ("Changed", "City", "") in app.told
        assert app.picture()[4:6] == [
            "  ▸ City        ▾",
            "                Bonn was taken out: it does not go with Country France.",
        ]
        await pilot.press("enter")
        assert [line.partition("│")[2].split()[1] for line in app.picture() if "│" in line] == ["Paris"]
        await pilot.press("enter")
        assert app.form.values == {"Country": "fr", "City": "paris"}
        assert app.picture()[5].startswith("  ▸ When"), "the note has gone"


async def test_the_list_stays_open_when_lines_come_above_its_field(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to("Country")
        await pilot.press("g")
        app.form.set_note("Tongues", "≈ known")
        await pilot.pause()
        assert app.form.searching == "g"
        assert app.picture()[4:6] == ["  ▸ Country     g", "    City       │▸ Germany"]
        await pilot.press("enter")
        assert app.form.values == {"Country": "de"}


async def test_what_has_to_be_chosen_first_stands_in_the_list(make_app: Any) -> None:
    control = Field("Region", "Region", Kind.CHOICE, choices=COUNTRIES)
    city = Field("City", "City", Kind.CHOICE, choices=CITIES, controlled_by="Region", allowed=(("", ()),))
    app = make_app([Section("", (control, city))])
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to("City")
        await pilot.press("enter")
        assert "choose Region first" in last_line(app)
        await pilot.press("enter")
        assert app.form.values == {}
        await pilot.press("b")
        assert "none fits" in last_line(app)


# The same keys in every kind


@pytest.mark.parametrize(
    ("name", "keys", "value"),
    [
        ("Tongues", ("g", "e", "r", "space", "escape"), "ge"),
        ("Country", ("f", "r", "a", "enter", "up"), "fr"),
        ("City", ("p", "enter", "up"), "paris"),
        ("When", tuple("2026-01-31 14:30"), "2026-01-31 14:30"),
        ("Seats", tuple("30"), "30"),
    ],
)
async def test_escape_gives_back_in_every_kind(
    make_app: Any, name: str, keys: tuple[str, ...], value: str
) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to(name)
        await pilot.press(*keys)
        assert app.form.values == {name: value}
        app.form.go_to("Account")
        app.form.go_to(name)
        await pilot.press("delete" if "enter" in keys or "space" in keys else "ctrl+u")
        assert app.form.values == {}
        await pilot.press("escape")
        assert app.form.values == {name: value}


@pytest.mark.parametrize("name", ["When", "Seats"])
async def test_a_line_is_edited_by_words_selected_and_undone(make_app: Any, name: str) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to(name)
        await pilot.press(*"12 34", "ctrl+left", "5")
        assert app.form.values == {name: "12 534"}
        await pilot.press("shift+home", "delete")
        assert app.form.values == {name: "34"}
        await pilot.press("ctrl+underscore")
        assert app.form.values == {name: "12 534"}


async def test_what_may_be_entered_stands_in_an_empty_field(make_app: Any) -> None:
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.go_to("Seats")
        await pilot.pause()
        assert app.picture()[5:7] == [
            "    When        year-month-day hour:minute",
            "  ▸ Seats       whole number, max 30",
        ]
        await pilot.press("3")
        assert app.picture()[6] == "  ▸ Seats       3"


async def test_clearing_and_bringing_back_know_every_kind(make_app: Any) -> None:
    values = {"Tongues": "en;fr", "Account": ACME.value, "Country": "de", "City": "bonn", "Seats": "30"}
    app = make_app(KINDS)
    async with app.run_test(size=(80, 24)):
        app.form.set_values(values)
        app.form.clear()
        assert app.form.values == {}
        app.form.restore()
        assert app.form.values == values
