"""What the first frame costs, in figures that depend on no clock: modules imported, widgets mounted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from app_stage import Stage

import tui

MODULES = 82
"""Modules that are loaded besides Textual's own before the first frame is drawn."""

WIDGETS = 8
"""Widgets of the shell and the form; one for each field would make forty. Two more tabs have six."""

PROGRAM = """
import sys
sys.path.insert(0, {root!r})
from textual.app import App
from textual.widgets import Input
import textual.drivers.linux_driver
before = set(sys.modules)
import tui.cli, tui.verbs, tui.launch
from tui.app import ZohoLeadsApp
from tui.desk import Launch
from zoho.commands.place import Place
environ = {{"ZOHO_DATA_DIR": {folder!r}, "ZOHO_REFRESH_TOKEN": "1000.r"}}
place = Place()
seen = []

def begin(self):
    seen.append(set(sys.modules) - before)
    self.exit()

ZohoLeadsApp._begin = begin  # called when the first frame is drawn
ZohoLeadsApp(Launch(place, place.paths(environ), environ)).run(headless=True)
print("\\n".join(sorted(seen[0])))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a start loads until the first frame is drawn, besides what the smallest Textual app loads."""
    program = PROGRAM.format(
        root=str(Path(tui.__file__).parents[1]), folder=str(tmp_path_factory.mktemp("data"))
    )
    run = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


def test_few_modules_are_loaded_before_the_first_frame(loaded: list[str]) -> None:
    assert "tui.qualify.tab" in loaded
    assert len(loaded) <= MODULES, loaded


@pytest.mark.parametrize(
    "heavy",
    [
        "httpx",
        "pydantic",
        "pydantic_settings",
        "sqlite3",
        "stamina",
        "email_validator",
        "phonenumbers",
        "truststore",
        "starlette",
        "rich.progress",
        "zoho.outbox.store",
        "tui.log.tab",
        "tui.settings.tab",
        "tui.help",
    ],
)
def test_nothing_heavy_is(loaded: list[str], heavy: str) -> None:
    assert [name for name in loaded if name == heavy or name.startswith(f"{heavy}.")] == []


async def test_few_widgets_are_mounted(stage: Stage) -> None:
    async with stage.open():
        first = [type(widget).__name__ for widget in stage.app.query("*")]
        assert len(first) <= WIDGETS, first
        await stage.online()
        await stage.press("f4", "f3", "f2")
        every = [type(widget).__name__ for widget in stage.app.query("*")]
        assert len(every) <= WIDGETS + 6, every
