"""The runtime proof beside the import contracts: what an import really loads, in a fresh interpreter."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import zoho

HEAVY = (
    "textual",
    "rich",
    "httpx",
    "pydantic",
    "pydantic_settings",
    "starlette",
    "uvicorn",
    "click",
    "sqlite3",
)


def loaded_by(program: str) -> set[str]:
    """Return the HEAVY packages that are loaded once *program* has run."""
    ending = f"\nimport sys\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    # -I: no folder and no variable of ours decides what is found; the package's own place is named.
    place = f"import sys\nsys.path.insert(0, {str(Path(zoho.__file__).parent.parent)!r})\n"
    run = subprocess.run(
        [sys.executable, "-I", "-c", place + program + ending], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return set(ast.literal_eval(run.stdout.splitlines()[-1]))


LIGHT = [
    "import zoho",
    "import zoho; zoho.__version__",
    "import zoho.wire",
    "from zoho.wire import ZohoError, ConfigError",
    "from zoho import ZohoError",
    "from zoho.wire.clean import clean",
    "import zoho.account",
    "from zoho.account import default_paths, Paths",
    "from zoho.account import data_center, check_api_domain; data_center('eu')",
    "from zoho.account import private_folder, write_atomically, read_private",
    "from zoho.account import load_snapshot; from pathlib import Path; load_snapshot(Path('/nonexistent'))",
    "from zoho.account import AccessToken, TokenCache, token_identity; token_identity('c', None)",
]


@pytest.mark.parametrize("program", LIGHT)
def test_loads_nothing_heavy(program: str) -> None:
    assert loaded_by(program) == set()


def test_the_configuration_loads_pydantic_once_used() -> None:
    assert loaded_by("from zoho.account import load_config") == {"pydantic", "pydantic_settings"}


def test_the_room_account_needs_no_http_client_and_no_screen() -> None:
    program = """
import pkgutil, importlib, zoho.account
for module in pkgutil.iter_modules(zoho.account.__path__):
    importlib.import_module(f"zoho.account.{module.name}")
"""
    assert loaded_by(program) == {"pydantic", "pydantic_settings"}


@pytest.mark.parametrize("package", ["zoho.wire", "zoho.account", "zoho.api"])
def test_every_name_that_a_package_shows_exists(package: str) -> None:
    program = f"""
import ast, importlib, inspect
package = importlib.import_module({package!r})
shown = [
    alias.asname
    for node in ast.walk(ast.parse(inspect.getsource(package)))
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
    if alias.asname
]
assert shown
for name in shown:
    assert getattr(package, name) is not None, name
"""
    loaded_by(program)
