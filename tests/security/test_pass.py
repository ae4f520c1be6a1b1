"""A real password manager: pass, with a throw-away GPG key, has the refresh token and nobody else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pty_session import PtySession, keys
from sandbox_server import serve
from verbs import COMMAND, Home, credentials

from zoho.sandbox import World

PASSPHRASE = "open-sesame-7"
LOOPBACK = ("--batch", "--pinentry-mode", "loopback", "--passphrase", PASSPHRASE)
ENTRY = "zoho/refresh-token"

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("pass", "gpg", "pinentry-curses"))),
    reason="pass, gpg and pinentry-curses are not there: apt-get install pass gpg pinentry-curses",
)


def run(environ: Mapping[str, str], *command: str, told: str = "") -> str:
    done = subprocess.run(command, env=environ, input=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GPG home with a key that wants a passphrase; making one takes seconds."""
    folder = tmp_path_factory.mktemp("gpg")
    folder.chmod(0o700)
    agent = f"pinentry-program {shutil.which('pinentry-curses')}\nallow-loopback-pinentry\n"
    (folder / "gpg-agent.conf").write_text(agent)
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "GNUPGHOME": str(folder)}
    make = ("--quick-generate-key", "t@example.invalid", "future-default", "default", "never")
    run(environ, "gpg", *LOOPBACK, *make)
    run(environ, "gpgconf", "--kill", "gpg-agent")
    return folder


class Store:
    """A home with a password store, whose key nobody has unlocked yet."""

    def __init__(self, folder: Path, key: Path, world: World, url: str) -> None:
        env = credentials(world, url)
        token = env.pop("ZOHO_REFRESH_TOKEN")
        shutil.copytree(key, folder / "gpg", ignore=shutil.ignore_patterns("S.*", "*.lock"))
        places = {"GNUPGHOME": str(folder / "gpg"), "PASSWORD_STORE_DIR": str(folder / "store")}
        self.home = Home(folder, {**env, **places, "TERM": "xterm-256color"})
        self.run("pass", "init", "t@example.invalid")
        self.run("pass", "insert", "--echo", ENTRY, told=f"{token}\n")
        self.write_config()

    def write_config(self) -> None:
        config = {
            "refresh_token_command": ["pass", "show", ENTRY],
            "refresh_token_store_command": ["pass", "insert", "--echo", "--force", ENTRY],
        }
        self.home.config_file.write_text(json.dumps(config))
        self.home.config_file.chmod(0o600)

    def run(self, *command: str, told: str = "") -> str:
        return run(self.home.env, *command, told=told)

    def lock(self) -> None:
        """Let the agent forget the passphrase."""
        self.run("gpgconf", "--kill", "gpg-agent")

    def unlock(self) -> None:
        """Let the agent know the passphrase, as after somebody has typed it."""
        file = str(self.home.folder / "store" / f"{ENTRY}.gpg")
        self.run("gpg", *LOOPBACK, "-d", file)

    def open(self, *command: str) -> PtySession:
        return PtySession(command or COMMAND, size=(80, 24), env=self.home.env, cwd=self.home.folder)


@pytest.fixture
def world() -> World:
    return World(submission_key="Submission_Key")


@pytest.fixture
def store(tmp_path: Path, key: Path, world: World) -> Iterator[Store]:
    with serve(world) as url:
        made = Store(tmp_path, key, world, url)
        yield made
        made.lock()


def names(world: World) -> list[str]:
    return [one["Last_Name"] for one in world.records() if one["Company"] == "Acme"]


def test_a_lead_is_sent_with_the_token_that_only_pass_has(store: Store, world: World) -> None:
    with store.open() as session:
        session.wait_for("Ctrl+T unlocks")
        session.send("\tRoe\tAcme" + keys("ctrl+s"))
        session.wait_for("1 waiting")
        session.press("ctrl+t")
        session.wait_for("Passphrase")  # pinentry's own window
        session.send(PASSPHRASE + "\r")
        session.wait_for("created in Zoho")
        session.press("ctrl+q")
        assert session.wait_exit() == 0
    assert names(world) == ["Roe"]
    holders = [
        path
        for path in store.home.folder.rglob("*")
        if path.is_file() and world.refresh_token.encode() in path.read_bytes()
    ]
    assert holders == []


def test_once_unlocked_no_terminal_is_needed(store: Store, world: World) -> None:
    store.unlock()
    lead = json.dumps({"Last_Name": "Doe", "Company": "Acme"})
    assert "created" in store.run(*COMMAND, "add", told=lead)
    assert names(world) == ["Doe"]


def test_locked_and_without_a_terminal_the_lead_waits(store: Store, world: World) -> None:
    lead = json.dumps({"Last_Name": "Doe", "Company": "Acme"})
    done = subprocess.run(
        [*COMMAND, "add"],
        env=store.home.env,
        input=lead,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert "pass gave no refresh token" in done.stderr
    assert names(world) == []
    store.unlock()
    store.run(*COMMAND, "send")
    assert names(world) == ["Doe"]


def test_a_verb_asks_on_its_terminal(store: Store, world: World) -> None:
    lead = store.home.folder / "lead.json"
    lead.write_text(json.dumps({"Last_Name": "Doe", "Company": "Acme"}))
    with store.open("sh", "-c", '"$0" -m tui.cli add < lead.json', sys.executable) as session:
        session.wait_for("Passphrase")
        session.send(PASSPHRASE + "\r")
        assert session.wait_exit() == 0
    assert names(world) == ["Doe"]


def test_a_new_sign_in_is_given_to_pass(store: Store, world: World) -> None:
    store.unlock()
    code = world.new_grant_code()
    told = store.run(*COMMAND, "login", "--code", told=f"{code}\n")
    assert "pass (refresh_token_store_command)" in told
    kept = store.run("pass", "show", ENTRY).strip()
    assert kept != world.refresh_token
    assert kept.startswith("1000.")
    assert 'refresh_token"' not in store.home.config_file.read_text()
