"""A process with secrets in it is closed: to the user's other programs, and to whoever reads core dumps."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from onlooker import UNLIMITED_CORES, core_files, death, environment_of, ordinary_user
from pty_session import PtySession
from sandbox_server import serve
from verbs import COMMAND, Home, credentials

from zoho.sandbox import World

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Only Linux can close a process to its user.")

COMMANDS = {
    "app": (),
    "add": ("add", "--field", "Last_Name=Roe"),
    "doctor": ("doctor",),
    "login": ("login",),
}
"""Commands that hold secrets while they wait for Zoho."""

LEFT_OPEN = {"ZOHO_LEADS_DUMPABLE": "1"}

Run = Callable[..., int]


@pytest.fixture
def user() -> tuple[str, ...]:
    """What makes an ordinary user of whoever runs the tests."""
    before = ordinary_user()
    if before is None:
        pytest.skip("Root sees everything; its powers cannot be dropped here (setpriv, of util-linux).")
    return before


@pytest.fixture
def world() -> World:
    """A Zoho that never answers."""
    world = World(submission_key="Submission_Key")
    world.faults.order("hang-before", path="/", times=None)
    return world


@pytest.fixture
def home(world: World, tmp_path: Path) -> Iterator[Home]:
    (tmp_path / "home").mkdir(mode=0o700)
    with serve(world) as url:
        yield Home(tmp_path / "home", credentials(world, url))


@pytest.fixture
def run(home: Home, world: World, user: tuple[str, ...]) -> Iterator[Run]:
    """Start a command with variables; return its process once it waits for Zoho."""
    with ExitStack() as stack:

        def start(name: str, more: Mapping[str, str]) -> int:
            argv = [*user, *UNLIMITED_CORES, *COMMAND, *COMMANDS[name]]
            if name == "app":
                environment = {**dict.fromkeys(os.environ), "TERM": "xterm-256color", **home.env, **more}
                session = stack.enter_context(PtySession(argv, env=environment, cwd=home.folder))
                session.wait_for(lambda _: world.requests)
                return session.process.pid
            quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            given = home.environ({**more, **({"ZOHO_REFRESH_TOKEN": None} if name == "login" else {})})
            process = subprocess.Popen(argv, env=given, cwd=home.folder, **quiet)
            stack.enter_context(process)
            stack.callback(process.kill)
            end = time.monotonic() + 20
            while not world.requests:
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < end, "it asks Zoho for nothing"
                time.sleep(0.01)
            return process.pid

        yield start


@pytest.mark.parametrize("name", COMMANDS)
def test_no_other_program_of_the_user_sees_the_secrets(name: str, run: Run, user: tuple[str, ...]) -> None:
    assert environment_of(run(name, {}), user) is None


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV])
def test_a_process_that_dies_leaves_no_core(name: str, number: int, run: Run, home: Home) -> None:
    # It tells the same where core_pattern is a program: then too no core was handed over.
    assert death(run(name, {}), number) == os.CLD_KILLED
    assert core_files(home.folder) == []


@pytest.mark.parametrize("name", ["app", "doctor"])
def test_whoever_must_debug_can_leave_it_open(
    name: str, run: Run, world: World, home: Home, user: tuple[str, ...]
) -> None:
    pid = run(name, LEFT_OPEN)
    seen = environment_of(pid, user)
    assert seen is not None
    assert world.refresh_token.encode() in seen, "what the tests above look for is there"
    assert world.client_secret.encode() in seen
    if death(pid, signal.SIGABRT) != os.CLD_DUMPED:
        pytest.skip("This system writes no core files, so there is nothing to compare with.")


def test_a_child_may_be_looked_into_and_leaves_no_core(user: tuple[str, ...], tmp_path: Path) -> None:
    program = """
import resource, subprocess, sys
from zoho.wire.process import harden
assert harden()
print(resource.getrlimit(resource.RLIMIT_CORE))
print(subprocess.run(["cat", "/proc/self/limits"], capture_output=True, text=True).stdout)
"""
    command = [*user, *UNLIMITED_CORES, sys.executable, "-c", program]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=tmp_path)
    assert said.stdout.startswith("(0, 0)\n")
    (limit,) = [line.split() for line in said.stdout.splitlines() if line.startswith("Max core file size")]
    assert limit[4:6] == ["0", "0"]
