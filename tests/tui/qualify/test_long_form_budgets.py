"""What the keys of a rep cost on the line in a form of 120 fields, as in a short one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from changed_cells import cost
from judged_stage import JudgedStage

from tui.qualify.fields import sections_of
from zoho.leads.fields import LeadField, LeadForm, Option

A_LETTER, A_FIELD, MORE_THAN_CELLS = 20, 250, 1.2
"""Bytes, bytes, and times the cost of the changed cells."""

OPTIONS = tuple(Option(f"v{n}", f"Choice {n:04d} of many") for n in range(4000))
TYPES = ("text", "email", "multiselectpicklist", "picklist", "lookup", "integer")
FIELDS = tuple(
    LeadField(
        f"F{n}",
        f"Field {n}",
        TYPES[n % len(TYPES)],
        n % 30 == 5,
        options=OPTIONS if "picklist" in TYPES[n % len(TYPES)] else (),
        section=f"Section {n // 10}",
    )
    for n in range(120)
)


@pytest.fixture(params=[(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[JudgedStage]:
    staged = JudgedStage(tmp_path)
    async with staged.open(size=request.param):
        await staged.online()
        staged.form.set_sections(sections_of(LeadForm(None, FIELDS)))
        await still(staged)
        yield staged


async def still(stage: JudgedStage) -> None:
    """Let everything be drawn that is under way."""
    for _ in range(3):
        await stage.pilot.pause()
        await stage.settled()


async def bytes_of(stage: JudgedStage, *keys: str) -> tuple[int, int]:
    """Return the bytes that were sent for some keys, and what their changed cells cost."""
    picture, sent = stage.terminal.ours.seen(), stage.terminal.written
    await stage.press(*keys)
    await still(stage)
    return stage.terminal.written - sent, cost(picture, stage.terminal.ours.seen())


async def test_a_letter_and_a_field_cost_what_they_cost_in_a_short_form(stage: JudgedStage) -> None:
    for letter in "Ada é漢":
        assert 0 < (await bytes_of(stage, letter))[0] <= A_LETTER, letter
    for key in ("tab", "down", "tab", "tab", "tab", "up"):
        assert 0 < (await bytes_of(stage, key))[0] <= A_FIELD, key


async def test_lists_folds_and_jumps_cost_what_they_change(stage: JudgedStage) -> None:
    before = len(stage.app.query("*"))
    stage.form.go_to("F2")
    await still(stage)
    for key in ("enter", "down", "space", "1", "space", "tab", "ctrl+f", "ctrl+f", "ctrl+y", "ctrl+y"):
        sent, cells = await bytes_of(stage, key)
        assert sent <= MORE_THAN_CELLS * cells + A_LETTER, key
    assert len(stage.app.query("*")) <= before + 1, "the list of choices"


async def test_the_list_of_all_fields_costs_what_it_changes(stage: JudgedStage) -> None:
    for key in ("ctrl+g", "7", "down", "backspace", "ctrl+g", "down", "p", "escape"):
        sent, cells = await bytes_of(stage, key)
        assert sent <= MORE_THAN_CELLS * cells + A_LETTER, key
