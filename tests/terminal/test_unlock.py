"""Secrets that a program gives: the app waits for none of it, and leaves it the terminal when asked to."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from dead_d_bus import LIBRARY, dead_d_bus
from pty_session import PtySession, keys
from sandbox_server import serve
from verbs import COMMAND, Home, credentials

from zoho.sandbox import World

KEEPER = """
import sys
try:
    terminal = open("/dev/tty", "r+b", buffering=0)
except OSError:
    raise SystemExit(2)
terminal.write(b"Passphrase: ")
if terminal.readline().strip() != b"sesame":
    raise SystemExit(1)
print(open(sys.argv[1]).read())
"""


class Desk:
    """A home whose refresh token is given by a program."""

    def __init__(self, folder: Path, world: World, url: str) -> None:
        env = credentials(world, url)
        self.token = folder / "token"
        self.token.write_text(env.pop("ZOHO_REFRESH_TOKEN"))
        self.home = Home(folder, {**env, "TERM": "xterm-256color"})

    def keeper(self, *command: str) -> None:
        self.home.config_file.write_text(json.dumps({"refresh_token_command": command}))
        self.home.config_file.chmod(0o600)

    def open(self) -> PtySession:
        return PtySession(COMMAND, size=(80, 24), env=self.home.env, cwd=self.home.folder)


@pytest.fixture
def world() -> World:
    return World(submission_key="Submission_Key")


@pytest.fixture
def desk(tmp_path: Path, world: World) -> Iterator[Desk]:
    tmp_path.chmod(0o700)
    with serve(world) as url:
        yield Desk(tmp_path, world, url)


def send_lead(session: PtySession, last_name: str) -> None:
    session.wait_for("▸ First Name")
    session.send(f"\t{last_name}\tAcme" + keys("ctrl+s"))


def test_leads_wait_until_the_program_was_answered_on_the_terminal(desk: Desk, world: World) -> None:
    desk.keeper(sys.executable, "-c", KEEPER, str(desk.token))
    with desk.open() as session:
        session.wait_for("Ctrl+T unlocks")
        send_lead(session, "Roe")
        session.wait_for("1 waiting")
        session.send("Half")
        session.press("ctrl+t")
        session.wait_for("Passphrase:")
        assert session.cooked, "the terminal is as the program expects it"
        session.send("sesame\r")
        session.wait_for("created in Zoho")
        session.wait_for("online")
        session.wait_for("Half")
        assert "Ctrl+T" not in session.text()
    assert [one["Last_Name"] for one in world.records() if one["Company"] == "Acme"] == ["Roe"]


def test_ctrl_c_goes_back_and_nothing_is_lost(desk: Desk) -> None:
    desk.keeper(sys.executable, "-c", KEEPER, str(desk.token))
    with desk.open() as session:
        session.wait_for("Ctrl+T unlocks")
        session.send("Half")
        session.press("ctrl+t")
        session.wait_for("Passphrase:")
        session.press("ctrl+c")
        session.wait_for("Still locked")
        session.wait_for("Half")
        session.press("ctrl+t")
        session.wait_for("Passphrase:")
        session.send("\x1a")  # Ctrl+Z: nobody could bring it back, so it stays
        session.send("wrong\r")
        session.wait_for("1. Try")
        session.press("ctrl+t")
        session.wait_for("Passphrase:")
        session.send("sesame\r")
        session.wait_for("online")


def test_a_program_that_hangs_holds_nobody_up(desk: Desk, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    desk.keeper("sh", "-c", f"echo $$ > {pid}; exec sleep 600")
    with desk.open() as session:
        session.wait_for("▸ First Name")
        session.wait_for(lambda s: pid.exists() and pid.read_text().strip())
        send_lead(session, "Roe")
        session.wait_for("1 waiting")
        assert is_alive(int(pid.read_text())), "all that was done while it hung"
        session.press("ctrl+q")
        session.wait_exit()
    assert not is_alive(int(pid.read_text())), "it is ended with the app"


@pytest.mark.skipif(not LIBRARY.is_dir(), reason="The library keyring is not there: make test")
def test_a_dead_d_bus_holds_nobody_up(desk: Desk, tmp_path: Path) -> None:
    desk.home.config_file.write_text('{"keyring": true}')
    desk.home.config_file.chmod(0o600)
    with dead_d_bus(tmp_path / "bus") as address:
        desk.home.env["DBUS_SESSION_BUS_ADDRESS"] = address
        desk.home.env["PYTHONPATH"] += f":{LIBRARY}"
        with desk.open() as session:
            send_lead(session, "Roe")
            session.wait_for("1 waiting")
            assert "The keyring of this computer does not answer" not in session.text(), (
                "it was not waited for"
            )
            session.press("ctrl+q")
            session.wait_exit()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
