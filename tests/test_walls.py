"""The walls between the layers at run time: what an import, and the app's first frame, really load.

The import contracts (`lint-imports`) read the source; here a fresh interpreter tells what was loaded.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = ("zoho.wire", "zoho.account", "zoho.api", "zoho.leads", "zoho.outbox", "zoho.commands", "tui")
"""Lowest first."""

EVERY_MODULE = """
import importlib, pkgutil
package = importlib.import_module({package!r})
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.startswith({but!r}):
        importlib.import_module(module.name)
"""

FIRST_FRAME = """
from pathlib import Path
from tui.app import ZohoLeadsApp
from tui.desk import Launch
from zoho.commands.place import Place

place = Place()
environ = {environ!r}
app = ZohoLeadsApp(Launch(place, place.paths(environ), environ))

def stop():
    app.drawn = list(app.screen._compositor.render_strips())
    app.loaded = list(sys.modules)
    app.exit()

app._begin = stop
app.run(headless=True, size=(80, 24))
assert any("Last Name" in segment.text for strip in app.drawn for segment in strip)
print(json.dumps(app.loaded))
"""


def modules_after(program: str, folder: Path) -> set[str]:
    """Return what is loaded once *program* has run in a fresh interpreter, or what it printed as JSON."""
    before = f"import json, sys\nsys.path.insert(0, {str(ROOT)!r})\n"
    after = "\nprint(json.dumps(list(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-I", "-c", before + program + after],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        cwd=folder,
    )
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout.splitlines()[0]))


def within(package: str, modules: set[str]) -> list[str]:
    """Return the modules of *package* among *modules*."""
    return sorted(name for name in modules if name == package or name.startswith(f"{package}."))


@pytest.mark.parametrize("layer", LAYERS[:-1])
def test_a_layer_loads_none_above_it_and_no_screen(layer: str, tmp_path: Path) -> None:
    # The sandbox verb alone may load the stand-in.
    but = "zoho.commands.sandbox"
    loaded = modules_after(EVERY_MODULE.format(package=layer, but=but), tmp_path)
    assert within(layer, loaded)
    higher = LAYERS[LAYERS.index(layer) + 1 :]
    for other in (*higher, "zoho.sandbox", "textual", "starlette", "uvicorn"):
        assert within(other, loaded) == [], f"{layer} loads {other}"


def test_the_stand_in_shares_no_code_with_the_client(tmp_path: Path) -> None:
    loaded = modules_after(EVERY_MODULE.format(package="zoho.sandbox", but=" "), tmp_path)
    assert within("zoho.sandbox", loaded)
    for other in (*LAYERS, "httpx", "pydantic", "textual"):
        assert within(other, loaded) == [], other


@pytest.mark.parametrize("room", ["tui.form", "tui.terminal"])
def test_form_and_terminal_know_nothing_of_zoho_but_clean(room: str, tmp_path: Path) -> None:
    loaded = modules_after(EVERY_MODULE.format(package=room, but=" "), tmp_path)
    assert set(within("zoho", loaded)) <= {"zoho", "zoho.lazy", "zoho.wire", "zoho.wire.clean"}


@pytest.mark.parametrize("tab", ["qualify", "settings", "log"])
def test_a_tab_loads_no_other_tab(tab: str, tmp_path: Path) -> None:
    loaded = modules_after(EVERY_MODULE.format(package=f"tui.{tab}", but=" "), tmp_path)
    assert [other for other in ("qualify", "settings", "log") if within(f"tui.{other}", loaded)] == [tab]
    assert within("tui.app", loaded) == []


HEAVY = (
    "httpx",
    "httpcore",
    "pydantic",
    "pydantic_settings",
    "email_validator",
    "phonenumbers",
    "starlette",
    "uvicorn",
    "stamina",
    "truststore",
    "sqlite3",
    "keyring",
    "zoho.sandbox",
    "zoho.api",
    "zoho.outbox.courier",
)


def test_importing_the_app_loads_nothing_heavy(tmp_path: Path) -> None:
    loaded = modules_after("import tui.app", tmp_path)
    assert within("textual", loaded)
    assert [name for name in HEAVY if within(name, loaded)] == []


def test_the_first_frame_is_drawn_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    environ = {"ZOHO_DATA_DIR": str(tmp_path / "data"), "ZOHO_REFRESH_TOKEN": "1000.r"}
    loaded = modules_after(FIRST_FRAME.format(environ=environ), tmp_path)
    assert within("tui.qualify.tab", loaded)
    assert [name for name in HEAVY if within(name, loaded)] == []
    assert not (tmp_path / "data").exists(), "nor is anything written"
