"""Under umask 000, which hides nothing by itself: every file is 0600 and every folder 0700."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import crash_app
import pytest
from pty_session import PtySession, keys
from sandbox_server import serve
from verbs import COMMAND, ROOT, Home, credentials

from zoho.sandbox import World

OPEN_UMASK = ("/bin/sh", "-c", 'umask 000 && exec "$@"', "sh")

PLACES = ("named", "the platform's")
"""Where the folders are: where variables say, or below the home folder, none of whose folders is there."""


@pytest.fixture
def world() -> World:
    return World(submission_key="Submission_Key")


@pytest.fixture(params=PLACES)
def home(request: pytest.FixtureRequest, world: World, tmp_path: Path) -> Iterator[Home]:
    (tmp_path / "home").mkdir(mode=0o700)
    with serve(world) as url:
        home = Home(tmp_path / "home", credentials(world, url))
        if request.param != "named":
            # A stand-in's sign-in is never kept in the platform's own file.
            config = str(home.folder / "not" / "there" / "zoho_config.json")
            home.env = home.environ({"ZOHO_DATA_DIR": None, "ZOHO_CONFIG": config})
        yield home


def run(home: Home, *arguments: str, given: str = "", env: dict[str, str | None] | None = None) -> int:
    command, environment = [*COMMAND, *arguments], home.environ(env)
    ended = subprocess.run(
        command,
        input=given.encode(),
        capture_output=True,
        check=False,
        env=environment,
        cwd=home.folder,
        umask=0,
    )
    assert b"Traceback" not in ended.stderr
    return ended.returncode


def open_to_others(folder: Path) -> dict[str, str]:
    """Return what below *folder* has another mode than it should, and that mode."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        if stat.S_IMODE(mode) != (0o700 if stat.S_ISDIR(mode) else 0o600):
            found[str(path.relative_to(folder))] = stat.filemode(mode)
    return found


def in_terminal(argv: Sequence[str], home: Home) -> PtySession:
    environment = {**dict.fromkeys(os.environ), "TERM": "xterm-256color", **home.env}
    return PtySession([*OPEN_UMASK, *argv], env=environment, cwd=home.folder)


def test_what_the_verbs_write_is_for_the_user_alone(home: Home, world: World) -> None:
    lead = ("add", "--field", "Last_Name=Roe", "--field", "Company=Acme")
    signed_out: dict[str, str | None] = {"ZOHO_REFRESH_TOKEN": None}
    assert run(home, *lead, env=signed_out) == 3, "saved, and not yet sent"
    assert open_to_others(home.folder) == {}
    assert run(home, "login", "--code", given=f"{world.new_grant_code()}\n", env=signed_out) == 0
    assert open_to_others(home.folder) == {}
    assert run(home, "send", "--confirm-org", env=signed_out) == 0
    assert run(home, *lead, env=signed_out) == 0
    assert run(home, "doctor", env=signed_out) == 0
    for verb in ("log", "purge", "prepare-org", "logout"):
        assert run(home, verb, env=signed_out) == 0
    kept = [path.name for path in home.folder.rglob("*") if path.is_file()]
    assert {"outbox.db", "outbox.lock", "token.json", "zoho_config.json", "zoho-leads.log"} <= set(kept)
    assert open_to_others(home.folder) == {}


def test_what_the_app_writes_is_for_the_user_alone(home: Home) -> None:
    with in_terminal(COMMAND, home) as session:
        session.wait_for("online")
        session.send("\tRoe\tAcme" + keys("ctrl+s"))
        session.wait_for("created in Zoho")
        session.send("Half\ttyped")
        session.press("ctrl+n")
        session.press("f3")
        session.wait_for("Client secret")
        assert open_to_others(home.folder) == {}, "while it runs: locks, sockets and journals too"
        session.press("ctrl+q")
        assert session.wait_exit() == 0
    assert open_to_others(home.folder) == {}


def test_a_crash_report_is_for_the_user_alone(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    home = Home(tmp_path / "home", {"PYTHONPATH": f"{ROOT}:{Path(crash_app.__file__).parent}"})
    home.env = home.environ({"ZOHO_DATA_DIR": None, "ZOHO_CONFIG": None})
    with in_terminal(
        [sys.executable, crash_app.__file__, str(home.folder / "data"), "handler"], home
    ) as session:
        session.wait_for("online")
        session.press("ctrl+g")
        assert session.wait_exit() == 1
    assert list(home.folder.rglob("crash-*.txt")), "there is a report"
    assert open_to_others(home.folder) == {}
