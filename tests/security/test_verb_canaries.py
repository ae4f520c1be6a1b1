"""Every verb, on good days and bad ones: no secret in what it prints, logs, keeps, or hands to a child."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import failing_verb
import pytest
from approval import decide, shown
from argv_watch import command_lines
from pty_session import PtySession
from sandbox_server import serve
from verbs import COMMAND, ROOT, Ended, Home, credentials

from zoho.sandbox import World

SECRET = "canary-client-secret"
LEAD = ("add", "--field", "Last_Name=Roe", "--field", "Company=Acme", "--wait", "2")


@pytest.fixture
def world() -> World:
    world = World(submission_key="Submission_Key")
    world.client_secret = SECRET
    return world


@pytest.fixture
def home(world: World, tmp_path: Path) -> Iterator[Home]:
    (tmp_path / "home").mkdir(mode=0o700)
    with serve(world) as url:
        yield Home(tmp_path / "home", credentials(world, url))


class Week:
    """What the verbs of a user have said, and every secret that there was."""

    def __init__(self, home: Home, world: World) -> None:
        self.home = home
        self.said: list[str] = []
        self.secrets = {SECRET, world.refresh_token}
        self.told: set[str] = set()

    def run(self, *arguments: str, given: str = "", status: int = 0) -> None:
        self.ended(self.home.run(*arguments, given=given), status)

    def ended(self, ended: Ended, status: int = 0) -> None:
        assert ended.status == status, ended
        self.said += [ended.out, ended.err]
        self.note()

    def note(self) -> None:
        """Note every token that is kept now, and where each secret is."""
        files = self.home.everything_kept()
        for name in ("data/token.json", "zoho_config.json"):
            self.secrets |= set(
                re.findall(r"1000\.[0-9a-f]{32}\.[0-9a-f]{32}", files.get(name, b"").decode())
            )
        held = {name for name, text in files.items() if any(one.encode() in text for one in self.secrets)}
        self.told |= held


def test_no_verb_tells_a_secret(home: Home, world: World) -> None:
    del home.env["ZOHO_CLIENT_SECRET"], home.env["ZOHO_REFRESH_TOKEN"]
    week = Week(home, world)
    code, pasted = world.new_grant_code(), world.tokens.grant()
    week.secrets |= {code, pasted}
    refused = {"code": "INVALID_DATA", "details": {"api_name": "Company"}, "message": "no", "status": "error"}
    leads = {"path": "/crm/v8/Leads", "method": "POST"}
    with command_lines() as seen:
        week.run("login", "--code", given=f"{SECRET}\nwrong-{code}\n", status=1)
        week.run("login", "--code", given=f"{SECRET}\n{code}\n")
        week.run(*LEAD)
        world.faults.order("answer", status=202, body={"data": [refused]}, **leads)
        week.run(*LEAD, status=1)
        world.faults.order("html", **leads)
        week.run(*LEAD, status=4)
        world.expire_tokens()
        world.faults.order("answer", path="/oauth/v2/token", status=400, body={"error": "invalid_code"})
        week.run(*LEAD, status=3)
        world.faults.order("throttle")
        week.run("doctor", status=1)
        week.run("login", "--refresh-token", given=f"{pasted}\n")
        by_device(week, world)
        week.run("send", "--wait", "1", status=3)
        for verb in (("doctor",), ("doctor", "--json"), ("log",), ("log", "--json"), ("purge",)):
            week.run(*verb)
        week.run("prepare-org", "--dry-run")
        week.run("logout")
    assert len(week.secrets) >= 8, "two of the client and user, and what each sign-in and refresh gave"
    assert week.told == {"data/token.json", "zoho_config.json"}, "each secret where it belongs"
    held = home.config_file.read_text()
    assert [one for one in week.secrets if one in held] == [SECRET], "the rest was given back"
    printed = "".join(week.said)
    assert [one for one in week.secrets if one in printed] == []
    assert any(b"tui.cli" in line for line in seen.lines), "the command was seen"
    assert seen.with_any(sorted(week.secrets)) == []
    assert [
        one for one in week.secrets if one in "".join(each.query + each.path for each in world.requests)
    ] == []


def by_device(week: Week, world: World) -> None:
    process, printed = week.home.start("login"), ""
    assert process.stdout is not None
    while (found := shown(printed)) is None:
        printed += process.stdout.readline().decode()
    decide(*found)
    out, err = process.communicate(timeout=60)
    week.secrets.add(world.device.begun[-1].device_code)
    week.ended(Ended(process.returncode, printed + out.decode(), err.decode()))


# A failure that nobody foresaw


@pytest.mark.parametrize("verb", ["add", "doctor"])
@pytest.mark.parametrize("place", failing_verb.PLACES)
def test_a_failure_tells_where_and_no_value(place: str, verb: str, home: Home, world: World) -> None:
    paths = f"{ROOT}:{Path(failing_verb.__file__).parent}"
    command = [sys.executable, failing_verb.__file__, place, *(LEAD if verb == "add" else [verb])]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=home.environ({"PYTHONPATH": paths})
    )
    said = done.stdout + done.stderr
    assert done.returncode == (70 if place == "here" else 0), said
    assert "failing_verb.py" in done.stderr, "it tells where"
    assert "builtins.RuntimeError" in done.stderr
    files = home.everything_kept()
    for secret in (SECRET, world.refresh_token):
        assert secret not in said
        assert [name for name, text in files.items() if secret.encode() in text] == []
    if verb == "add":
        assert b"failing_verb.py" in files["data/log/zoho-leads.log"]


# What a child is given

CHILD = """
import subprocess
from tui.cli import main
from zoho.api.tokens import TokenSource

form = TokenSource._form

def with_child(self):
    with open(SEEN, "wb") as file:
        subprocess.run(["env"], stdout=file, check=True)
    return form(self)

TokenSource._form = with_child
main()
"""
"""The command, where a token request starts a program that inherits everything."""


@pytest.mark.parametrize("verb", [LEAD, ("doctor",)])
def test_a_child_inherits_no_secret(verb: tuple[str, ...], home: Home, world: World, tmp_path: Path) -> None:
    home.env["ZOHO_ACCESS_TOKEN"] = "1000.canary.seed"
    seen = tmp_path / "seen"
    command = [sys.executable, "-c", f"SEEN = {str(seen)!r}\n{CHILD}", *verb]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=home.environ())
    assert done.returncode == 0, done.stderr
    inherited = seen.read_text()
    assert "ZOHO_CLIENT_ID" in inherited
    assert [one for one in (SECRET, world.refresh_token, "1000.canary.seed") if one in inherited] == []


@pytest.fixture
def spied(home: Home, world: World) -> Path:
    """A helper command that gives the refresh token, and writes down how it was called."""
    spy = home.folder / "spy.json"
    program = (
        "import json, os, pathlib, sys\n"
        f"pathlib.Path({str(spy)!r}).write_text(json.dumps([dict(os.environ), sys.argv]))\n"
        "print(pathlib.Path(sys.argv[1]).read_text())\n"
    )
    vault = home.folder / "vault"
    vault.write_text(world.refresh_token)
    content: dict[str, Any] = {"refresh_token_command": [sys.executable, "-c", program, str(vault)]}
    home.config_file.write_text(json.dumps(content))
    home.config_file.chmod(0o600)
    del home.env["ZOHO_REFRESH_TOKEN"]
    # A seed that Zoho does not know, so that the refresh token is needed.
    home.env["ZOHO_ACCESS_TOKEN"] = "1000.canary.seed"
    return spy


def assert_not_given(spy: Path) -> None:
    environ, argv = json.loads(spy.read_text())
    assert environ["ZOHO_CLIENT_ID"], "it has the rest of the environment"
    assert not {"ZOHO_CLIENT_SECRET", "ZOHO_REFRESH_TOKEN", "ZOHO_ACCESS_TOKEN"} & set(environ)
    assert [one for one in (SECRET, "1000.canary.seed") if one in json.dumps([environ, argv])] == []


@pytest.mark.parametrize("verb", [LEAD, ("doctor",)])
def test_a_helper_of_a_verb_is_given_no_secret(verb: tuple[str, ...], home: Home, spied: Path) -> None:
    ended = home.run(*verb)
    assert ended.status == 0, ended
    assert_not_given(spied)


def test_a_helper_of_the_app_is_given_no_secret(home: Home, spied: Path) -> None:
    environment = {**dict.fromkeys(os.environ), "TERM": "xterm-256color", **home.env}
    with PtySession(COMMAND, env=environment, cwd=home.folder) as session:
        session.wait_for("online")
        session.press("ctrl+q")
        assert session.wait_exit() == 0
        assert SECRET.encode() not in session.raw
    assert_not_given(spied)
