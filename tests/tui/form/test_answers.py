"""A rep answers the questions of a script by their digits, in the form."""

from __future__ import annotations

from typing import Any

import pytest

from tui.form import Choice, Field, Kind, Section

BUDGET = tuple(
    Choice(str(number), label)
    for number, label in enumerate(("None", "Sought [/x]", "Planned this year", "Approved"), 1)
)
SCRIPT = [
    Section(
        "Questions",
        (
            Field("?budget", "Budget", Kind.ANSWER, choices=BUDGET, help="Is there a budget?"),
            Field(
                "?who", "Who decides", Kind.ANSWER, choices=(Choice("1", "They do"), Choice("2", "Others"))
            ),
            Field("City", "City"),
        ),
    )
]


async def test_a_digit_answers_and_goes_on(make_app: Any) -> None:
    app = make_app(SCRIPT)
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.picture() == [
            "  Questions",
            "  ▸ Budget",
            "                    1 None   2 Sought [/x]   3 Planned this year   4 Approved",
            "    Who decides",
            "    City",
        ]
        await pilot.press("3", "2", "Y", "o", "r", "k")
        assert app.form.values == {"?budget": "3", "?who": "2", "City": "York"}
        assert app.picture() == [
            "  Questions",
            "    Budget          3 Planned this year",
            "    Who decides     2 Others",
            "  ▸ City            York",
        ]
        assert ("Changed", "?budget", "3") in app.told
        assert ("Left", "?budget", "3") in app.told


async def test_a_digit_without_an_answer_changes_nothing(make_app: Any) -> None:
    app = make_app(SCRIPT)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "0", "enter", "3")
        assert (app.form.values, app.form.current) == ({}, "?who")


@pytest.mark.parametrize("keys", [["delete"], ["backspace"], ["4", "up", "escape", "delete"]])
async def test_an_answer_is_taken_back(make_app: Any, keys: list[str]) -> None:
    app = make_app(SCRIPT)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", "up", *keys)
        assert (app.form.values, app.form.current) == ({}, "?budget")


async def test_esc_gives_back_the_answer_from_before(make_app: Any) -> None:
    app = make_app(SCRIPT)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", "up", "space", "escape")
        assert app.form.values == {"?budget": "2"}


async def test_letters_and_space_find_an_answer_and_stay(make_app: Any) -> None:
    app = make_app(SCRIPT)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("p")
        assert (app.form.values, app.form.current) == ({"?budget": "3"}, "?budget")
        await pilot.press("space")
        assert app.form.values == {"?budget": "4"}
        await pilot.press("space", "x")
        assert app.form.values == {"?budget": "1"}


async def test_an_answer_that_the_script_has_not_is_a_fault(make_app: Any) -> None:
    app = make_app(SCRIPT)
    async with app.run_test(size=(80, 24)):
        app.form.set_values({"?budget": "9"})
        assert app.form.validate() == [("?budget", "9 is not one of the choices.")]


async def test_a_narrow_screen_shows_every_answer_whole(make_app: Any) -> None:
    app = make_app(SCRIPT)
    async with app.run_test(size=(44, 12)):
        assert app.picture()[1:5] == [
            "  ▸ Budget",
            "                    1 None   2 Sought [/x]",
            "                    3 Planned this year",
            "                    4 Approved",
        ]
