"""How "who is this?" looks, and what it costs on the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_stage import API, Stage
from golden import assert_golden
from judged_stage import JudgedStage

from zoho.sandbox import World

MAIL, PHONE = "ada@engines.example", "+44 20 7946 0018"
SIZES = [(80, 24), (120, 40)]
MODES = {"": "C.UTF-8", "-ascii": "C"}


def world_of_three() -> World:
    world = World(seed=False, submission_key="Submission_Key", base_url=API)
    account = world.keep("Accounts", {"Account_Name": "Byron & Daughters"})
    world.keep(
        "Leads",
        {"First_Name": "Ada", "Last_Name": "Lovelace", "Company": "Analytical Engines", "Email": MAIL},
        owner=world.users[1]["id"],
    )
    world.keep("Contacts", {"Last_Name": "Byron", "Phone": "020 7946 0018", "Account_Name": account.id})
    world.keep("Leads", {"Last_Name": "Babbage", "Company": "Analytical Engine Ltd"}).converted = True
    return world


async def type_who(stage: Stage) -> None:
    await stage.online()
    await stage.fill(Last_Name="King", Company="Analytical Engines", Email=MAIL, Phone=PHONE)
    await stage.press("tab")
    await stage.until(lambda: len(stage.app._qualify_tab.who.known.matches) == 3)
    await stage.pilot.pause()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
async def test_it_looks_as_it_did(
    size: tuple[int, int], mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_CTYPE", raising=False)
    monkeypatch.setenv("LANG", MODES[mode])
    stage = Stage(tmp_path, world_of_three())
    async with stage.open(size=size):
        await type_who(stage)
        end = f"{size[0]}x{size[1]}{mode}"
        assert_golden(f"who-form-{end}", stage.app)
        await stage.press("f7")
        await stage.until("Esc goes back")
        assert_golden(f"who-list-{end}", stage.app)
        await stage.press("u")
        await stage.until("there:")
        assert_golden(f"who-update-{end}", stage.app)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
async def test_a_letter_and_a_field_cost_no_more_with_somebody_known(
    size: tuple[int, int], tmp_path: Path
) -> None:
    stage = JudgedStage(tmp_path, world_of_three())
    async with stage.open(size=size):
        await type_who(stage)
        await stage.fill(Designation="x")

        async def cost_of(key: str) -> int:
            await stage.pilot.pause()
            sent = stage.terminal.written
            await stage.press(key)
            for _ in range(3):
                await stage.pilot.pause()
                await stage.settled()
            return stage.terminal.written - sent

        for letter in "Countess":
            assert 0 < await cost_of(letter) <= 20, letter
        for key in ("down", "up"):
            assert 0 < await cost_of(key) <= 250, key
