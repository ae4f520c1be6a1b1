"""What was read in a pasted text is shown before it is taken, and only what is taken comes back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.app import App
from textual.pilot import Pilot

import tui
from tui.qualify.pasted_preview import PastedPreview, offers
from zoho.leads.pasted import Found, Pasted, read_pasted

LABELS = {
    "First_Name": "First Name",
    "Last_Name": "Last Name",
    "Company": "Company",
    "Email": "Email",
    "Phone": "Phone",
    "Description": "Description",
}
TEXT = """Ada Lovelace
Buyer
Engines Ltd
020 7946 0018
ada.lovelace@engines.example
"""


class PreviewApp(App[None]):
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = Path(tui.__file__).parent / "app.tcss"

    def __init__(self, pasted: Pasted, typed: Mapping[str, str], labels: Mapping[str, str]) -> None:
        super().__init__()
        self.preview = PastedPreview(pasted, labels=labels, typed=typed)
        self.taken: list[dict[str, str] | None] = []

    def on_mount(self) -> None:
        self.theme = "ansi-dark"
        self.push_screen(self.preview, self.taken.append)

    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]

    def row(self, label: str) -> str:
        return next(text for text in self.lines() if text[5:].strip("] ").startswith(label))


def found(name: str, value: str, confidence: float = 0.95) -> Found:
    return Found(name, value, confidence, "labelled it")


def app_of(
    *every: Found, typed: Mapping[str, str] | None = None, labels: Mapping[str, str] = LABELS, rest: str = ""
) -> PreviewApp:
    return PreviewApp(Pasted("signature", every, rest), typed or {}, labels)


async def pressed(app: PreviewApp, *keys: str) -> dict[str, str] | None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*keys)
        await settled(pilot)
    assert len(app.taken) == 1
    return app.taken[0]


async def settled(pilot: Pilot[Any]) -> None:
    await pilot.pause()


THREE = (found("Last_Name", "King"), found("Email", "ada@x.example", 0.8), found("Phone", "+44 1", 0.5))


async def test_enter_takes_all_that_was_read_of_a_real_signature() -> None:
    pasted = read_pasted(TEXT, region="GB")
    assert await pressed(PreviewApp(pasted, {}, LABELS), "enter") == {
        "First_Name": "Ada",
        "Last_Name": "Lovelace",
        "Company": "Engines Ltd",
        "Email": "ada.lovelace@engines.example",
        "Phone": "+44 20 7946 0018",
    }


async def test_what_contradicts_what_was_typed_is_not_ticked_and_is_told() -> None:
    app = app_of(*THREE, typed={"Last_Name": "Lovelace", "Email": " ada@x.example ", "Phone": ""})
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app.row("Last Name").startswith(" ▸ [ ] Last Name          sure, replaces   King")
        assert "! typed is: Lovelace" in "\n".join(app.lines())
        assert "[x]" in app.row("Email")
        assert "typed already" in app.row("Email")
        assert "guess" in app.row("Phone")
        await pilot.press("enter")
    assert app.taken == [{"Phone": "+44 1"}]


async def test_space_ticks_and_leaves_the_marked_one() -> None:
    typed = {"Last_Name": "Lovelace"}
    assert await pressed(app_of(*THREE, typed=typed), "space", "down", "space", "enter") == {
        "Last_Name": "King",
        "Phone": "+44 1",
    }
    assert await pressed(app_of(*THREE), "down", "down", "up", "space", "enter") == {
        "Last_Name": "King",
        "Phone": "+44 1",
    }


async def test_a_takes_all_and_esc_none() -> None:
    typed = {"Last_Name": "Lovelace"}
    everything = {"Last_Name": "King", "Email": "ada@x.example", "Phone": "+44 1"}
    assert await pressed(app_of(*THREE, typed=typed), "a") == everything
    assert await pressed(app_of(*THREE), "escape") is None
    assert await pressed(app_of(THREE[0]), "space", "enter") is None


async def test_what_the_form_has_not_is_shown_and_never_taken() -> None:
    app = app_of(found("Fax", "+44 2"), *THREE)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "not in this form" in app.row("Fax")
        assert app.lines().index(app.row("Fax")) > app.lines().index(app.row("Phone"))
        await pilot.press("end", "space", "enter")
    assert app.taken == [{"Last_Name": "King", "Email": "ada@x.example", "Phone": "+44 1"}]
    assert await pressed(app_of(found("Fax", "+44 2"), *THREE), "a") == app.taken[0]


async def test_where_the_form_asks_for_none_of_it_that_is_said() -> None:
    app = app_of(found("Fax", "+44 2"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "This form asks for none of it" in app.lines()[-2]
        await pilot.press("a")
    assert app.taken == [None]


@pytest.mark.parametrize("keys", [["enter"], ["a"], ["escape"], ["space", "down", "up", "end", "enter"]])
async def test_where_nothing_was_read_a_sentence_says_so(keys: list[str]) -> None:
    app = app_of(rest="what is this\n\nnobody knows")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = " ".join(app.lines())
        assert "2 lines of it not understood" in shown
        assert "Nothing in it could be read as a value of a lead." in shown
        await pilot.press(*keys)
    assert app.taken == [None]


async def test_more_values_than_lines_scroll() -> None:
    names = [f"Field_{number}" for number in range(30)]
    app = app_of(*(found(name, f"value {name}") for name in names), labels={name: name for name in names})
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "value Field_13" in app.row("Field_13")
        assert not any("Field_14" in text for text in app.lines())
        await pilot.press(*["down"] * 14)
        await settled(pilot)
        assert app.row("Field_14").startswith(" ▸")
        assert not any("[x] Field_0 " in text for text in app.lines())
        await pilot.press("end")
        await settled(pilot)
        assert app.row("Field_29").startswith(" ▸")
        await pilot.press("pageup", "home", "up")
        await settled(pilot)
        assert app.row("Field_0 ").startswith(" ▸")
        assert app.lines()[-2].strip().startswith("Enter takes 30 of 30")
        await pilot.press("enter")
    assert app.taken == [{name: f"value {name}" for name in names}]


async def test_a_long_value_is_cut_in_the_list_and_told_below_it() -> None:
    words = " ".join(f"word{number}" for number in range(200))
    app = app_of(found("Description", f"{words}\nand another line"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert all(cell_len(text) <= 79 for text in app.lines())
        assert app.row("Description").endswith("…")
        assert "word20" in " ".join(app.lines())
        await pilot.press("enter")
    assert app.taken == [{"Description": f"{words}\nand another line"}]


async def test_text_from_right_to_left_and_wide_letters_stand_behind_all_else() -> None:
    app = app_of(found("Last_Name", "פרידמן"), found("Company", "株式会社みなと物流" * 5))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app.row("Last Name") == " ▸ [x] Last Name          sure             פרידמן"
        assert all(cell_len(text) <= 79 for text in app.lines())
        await pilot.press("enter")
    assert app.taken == [{"Last_Name": "פרידמן", "Company": "株式会社みなと物流" * 5}]


async def test_foreign_text_is_cleaned_where_it_is_shown_and_where_it_is_taken() -> None:
    bad = "\x1b[31mKing\x07"
    app = app_of(found("Last_Name", bad), labels={"Last_Name": "La\x1b]0;xst"}, typed={"Last_Name": "\x1bc"})
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert not any("\x1b" in text or "\x07" in text for text in app.lines())
        await pilot.press("a")
    assert app.taken == [{"Last_Name": "^[[31mKing^G"}]


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (20, 5), (120, 40)])
async def test_it_fits_any_screen(size: tuple[int, int]) -> None:
    app = app_of(*THREE, typed={"Last_Name": "Lovelace"})
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("down", "down", "up", "space")
        assert "▸" in "\n".join(app.lines())
        assert all(cell_len(text) <= size[0] for text in app.lines())
        await pilot.press("enter")
    assert app.taken == [{"Phone": "+44 1"}]


async def test_a_tick_draws_few_lines_anew() -> None:
    app = app_of(*THREE)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        drawn: list[int] = []
        page = app.preview._page
        render = page.render_line
        page.render_line = lambda y: (drawn.append(y), render(y))[1]  # type: ignore[method-assign]
        await pilot.press("space")
        await settled(pilot)
        assert 0 < len(set(drawn)) <= 2
        drawn.clear()
        await pilot.press("down")
        await settled(pilot)
        assert 0 < len(set(drawn)) <= 5


def test_a_value_that_was_typed_is_no_contradiction() -> None:
    every = offers((found("Email", "a@x.example"),), LABELS, {"Email": "a@x.example "})
    assert every[0].same
    assert not every[0].replaces


def test_the_reader_is_not_loaded_with_the_screen() -> None:
    program = "import sys; import tui.qualify.pasted_preview; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(tui.__file__).parents[1],
    ).stdout.split()
    heavy = ("nameparser", "phonenumbers", "cleanco", "mailparser_reply", "pydantic", "zoho.leads.pasted")
    assert [name for name in loaded if name.startswith(heavy)] == []
