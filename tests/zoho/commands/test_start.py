from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from verbs import ROOT, Home

from zoho import __version__

HEAVY = ("textual", "rich", "httpx", "pydantic", "click", "sqlite3", "starlette", "uvicorn")


def loaded(*arguments: str, home: Path, given: str = "") -> set[str]:
    """Run the command in a fresh interpreter; return which heavy packages are loaded when it ends."""
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv = ['zoho-leads', *{list(arguments)!r}]\n"
        "from tui.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"sys.stderr.write(' '.join(name for name in {HEAVY!r} if name in sys.modules))"
    )
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "ZOHO_DATA_DIR": str(home / "data")}
    run = subprocess.run(
        [sys.executable, "-I", "-c", program],
        input=given,
        capture_output=True,
        text=True,
        env=environ,
        check=True,
    )
    return set(run.stderr.splitlines()[-1].split()) if run.stderr else set()


def test_the_version_is_told_and_loads_nothing(tmp_path: Path, stranger: Home) -> None:
    assert stranger.run("--version").out == f"zoho-leads {__version__}\n"
    assert loaded("--version", home=tmp_path) == set()


def test_add_loads_no_screen(tmp_path: Path) -> None:
    used = loaded("add", home=tmp_path, given='{"Last_Name": "Roe", "Company": "Acme"}')
    assert {"click", "sqlite3"} <= used
    assert not used & {"textual", "starlette", "uvicorn"}


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("add", "--help"), ("send", "--help")])
def test_help_loads_no_screen_and_names_what_there_is(
    tmp_path: Path, stranger: Home, arguments: tuple[str, ...]
) -> None:
    ended = stranger.run(*arguments)
    assert ended.status == 0
    assert ended.err == ""
    expected = ("add", "send", "log", "demo", "sandbox") if len(arguments) == 1 else ("--data-dir", "--wait")
    assert [word for word in expected if word not in ended.out] == []
    assert "textual" not in loaded(*arguments, home=tmp_path)


def test_an_unknown_verb_is_told(stranger: Home) -> None:
    ended = stranger.run("sned")
    assert ended.status == 2
    assert "sned" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("arguments", [(), ("demo",)])
def test_without_a_terminal_the_app_says_so_and_ends(stranger: Home, arguments: tuple[str, ...]) -> None:
    ended = stranger.run(*arguments)
    assert ended.status == 2
    assert ended.out == ""
    assert ended.err.count("\n") == 1
    assert "terminal" in ended.err


def test_options_before_the_verb_count(stranger: Home, tmp_path: Path) -> None:
    other = tmp_path / "other"
    ended = stranger.run("--data-dir", str(other), "add", given={"Last_Name": "Roe", "Company": "Acme"})
    assert ended.status == 3, ended
    assert (other / "outbox.db").exists()
    assert stranger.rows() == []


def test_a_folder_that_cannot_be_written_is_told_in_one_line(stranger: Home, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    ended = stranger.run("--data-dir", str(taken / "data"), "log")
    assert ended.status == 2
    assert ended.err.count("\n") == 1
    assert str(taken) in ended.err
