"""Programs that give secrets: what they get, what they may do, and that none can hold us up."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from zoho.account.helper_commands import ask_helper, own_terminal, tell_helper
from zoho.wire.errors import SecretLocked

ENVIRON = {"PATH": os.environ["PATH"], "ZOHO_REFRESH_TOKEN": "1000.CANARY", "GPG_TTY": "/dev/pts/99"}


def ask(*command: str, patience: float = 10.0, stopped: threading.Event | None = None) -> str:
    secret = ask_helper(command, "refresh_token", environ=ENVIRON, patience=patience, stopped=stopped)
    return secret.get_secret_value()


def python(code: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code, *arguments)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_first_line_of_its_output_is_the_secret() -> None:
    assert ask("printf", r"1000.abc\nuser: me\n") == "1000.abc"


def test_no_shell_reads_the_list(tmp_path: Path) -> None:
    assert ask("printf", "%s", f"$(touch {tmp_path}/x);`id`") == f"$(touch {tmp_path}/x);`id`"
    assert not list(tmp_path.iterdir())


def test_it_gets_no_secret_no_input_and_no_terminal() -> None:
    code = """
import os, sys
try:
    os.open("/dev/tty", os.O_RDWR)
    terminal = "terminal"
except OSError:
    terminal = "none"
names = [name for name in os.environ if name.startswith("ZOHO_") or name == "GPG_TTY"]
print(terminal, names, repr(sys.stdin.read()), os.isatty(2), os.environ["PASSWORD_STORE_GPG_OPTS"])
"""
    assert ask(*python(code)) == "none [] '' False --pinentry-mode error"


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (("false",), "false gave no refresh token: exit status 1."),
        (python("print('1000.half'); raise SystemExit(3)"), ": exit status 3."),
        (python("import os; os.kill(os.getpid(), 9)"), "it was stopped."),
        (("/not/a/program",), "program cannot be run: No such file or directory."),
        (("/",), "cannot be run: Permission denied."),
        (("a\0b",), "cannot be run: not a program."),
        (("true",), "true gave no refresh token on the first line of its output."),
        (("printf", r"\xff\xfe"), "printf gave no refresh token"),
        (("yes",), "yes printed more than 8 KiB."),
    ],
)
def test_one_that_gives_none_is_told_by_its_name(command: tuple[str, ...], what: str) -> None:
    with pytest.raises(SecretLocked) as caught:
        ask(*command)
    assert what in caught.value.what
    assert "half" not in str(caught.value)
    assert caught.value.field == "refresh_token"


def test_one_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    code = f"""
import subprocess, time, os
child = subprocess.Popen(["sleep", "600"])
open({str(pids)!r}, "w").write(f"{{os.getpid()}} {{child.pid}}")
time.sleep(600)
"""
    with pytest.raises(SecretLocked, match="took longer than 1 s"):
        ask(*python(code), patience=1.0)
    assert [is_running(int(pid)) for pid in pids.read_text().split()] == [False, False]


def test_a_daemon_that_it_leaves_behind_holds_nobody_up() -> None:
    code = "import subprocess; print('1000.abc', flush=True); subprocess.Popen(['sleep', '15'])"
    assert ask(*python(code), patience=10) == "1000.abc"


def test_it_can_be_stopped_from_another_thread() -> None:
    stopped = threading.Event()
    threading.Timer(0.1, stopped.set).start()
    began = time.monotonic()
    with pytest.raises(SecretLocked):
        ask("sleep", "600", patience=60, stopped=stopped)
    assert time.monotonic() - began < 30  # far from its patience


def test_a_secret_is_told_on_the_input_and_nowhere_else(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    code = f"import sys; open({str(kept)!r}, 'w').write(sys.stdin.read() + repr(sys.argv))"
    tell_helper(python(code), "refresh_token", SecretStr("1000.new"), environ=ENVIRON)
    assert kept.read_text() == "1000.new\n['-c']"


def test_one_that_does_not_take_it_is_told() -> None:
    with pytest.raises(SecretLocked, match="did not keep the refresh token: exit status 1"):
        tell_helper(("false",), "refresh_token", SecretStr("1000.new"), environ=ENVIRON)


def test_without_a_terminal_there_is_none() -> None:
    code = """
from zoho.account.helper_commands import own_terminal
with own_terminal() as terminal:
    print(terminal)
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, start_new_session=True, capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"


def test_what_it_opens_is_closed_again() -> None:
    before = os.listdir("/dev/fd")
    with own_terminal():
        pass
    assert os.listdir("/dev/fd") == before
