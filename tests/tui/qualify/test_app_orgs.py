"""A rep enters a lead by keys alone in orgs whose layouts are long, strict, or read from right to left."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_stage import API, Stage
from golden import assert_golden

from zoho.sandbox import World


def stage_of(folder: Path, org: str) -> Stage:
    return Stage(folder, World(submission_key="Submission_Key", base_url=API, org=org))


async def test_a_strict_org_is_satisfied_by_the_key_for_what_is_needed(tmp_path: Path) -> None:
    stage = stage_of(tmp_path, "strict")
    async with stage.open():
        await stage.online()
        answers = {
            "Last_Name": ("Roe",),
            "Company": ("Acme",),
            "Owner": ("robin", "found", "enter"),
            "Customer_Type": ("resel", "enter"),
            "Parent_Account": ("babb", "found", "enter"),
            "Region": ("fra", "enter"),
        }
        went = []
        for _ in answers:
            await stage.press("ctrl+y")
            went.append(stage.form.current)
            for step in answers[stage.form.current]:
                if step == "found":
                    await stage.until("1 found")
                elif step == "enter":
                    await stage.press(step)
                else:
                    await stage.type(step)
        assert sorted(went) == sorted(answers)
        assert stage.form.current == "Branch"
        await stage.type("ly")
        await stage.press("enter", "enter", "enter")
        await stage.press("ctrl+y")
        await stage.toast("Nothing is missing.")
        await stage.press("ctrl+s")
        await stage.toast("Roe, Acme", "created in Zoho")
    record = stage.world.records()[-1]
    assert record["Region"] == "France"
    assert record["Branch"] == "Lyon"
    assert record["Parent_Account"]["name"] == "Babbage Mills"


async def test_a_long_layout_shows_its_first_page_and_what_it_needs(tmp_path: Path) -> None:
    stage = stage_of(tmp_path, "large")
    async with stage.open():
        await stage.online()
        assert len(stage.form.places) > 120
        assert len(stage.form._contents.order) < 50
        needed = []
        while stage.form.go_to_needed() and stage.form.current not in needed:
            needed.append(stage.form.current)
        assert len(needed) == stage.form.required_filled[1]
        last = stage.form.places[-1][1]
        await stage.press("ctrl+g")
        await stage.until("Go to:")
        await stage.type(last.label.lower())
        await stage.press("enter")
        await stage.until(lambda: stage.form.current == last.name and stage.focus_in_form)


@pytest.mark.parametrize("size", [(80, 24), (34, 8)])
async def test_labels_in_any_script_are_listed_and_found(tmp_path: Path, size: tuple[int, int]) -> None:
    stage = stage_of(tmp_path, "rtl")
    async with stage.open(size=size):
        await stage.online()
        await stage.press("ctrl+g")
        await stage.until("Go to:")
        await stage.type("電話")
        await stage.press("enter")
        await stage.until(lambda: stage.form.field(stage.form.current).label == "電話番号")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("org", ["large", "strict", "rtl"])
async def test_it_looks_as_it_did(
    tmp_path: Path, org: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    stage = stage_of(tmp_path, org)
    async with stage.open(size=size):
        await stage.online()
        await stage.press("ctrl+y")
        await stage.pilot.pause()
        assert_golden(f"org-{org}-{size[0]}x{size[1]}", stage.app)
