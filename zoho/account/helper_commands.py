"""Programs that give a secret, or take one to keep: ``pass``, ``vault``, ``op``, a cloud's own command.

They are run as they are listed, by no shell. Without a terminal at first: a program that has to ask for a
passphrase must not draw over the screen, so it fails there, and is run again on the terminal when the rep
says so.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath

from pydantic import SecretStr

from zoho.account.secret_sources import LONGEST, secret_of, without_secrets
from zoho.wire.clean import clean_line
from zoho.wire.errors import SecretLocked

PATIENCE = 10.0
"""Seconds that a program has in the background."""

_PIECE = 4096
_TICK = 0.1
"""Seconds between two looks whether nobody waits any more."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """The terminal of this process, given to a program that asks on it; without limit but Ctrl+C."""

    descriptor: int

    @property
    def name(self) -> str:
        """Its device, for who draws on it from another process (gpg's pinentry).

        "/dev/tty", which is another one in each process, only where none of our streams leads to it.
        """
        for stream in (0, 1, 2):
            with contextlib.suppress(OSError):
                return os.ttyname(stream)
        return os.ttyname(self.descriptor)


@contextmanager
def own_terminal() -> Generator[Terminal | None]:
    """Open the terminal that controls this process, wherever its three streams lead.

    None without one, and where its keys are for somebody else, as for a job in the background.
    """
    try:
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        yield None
        return
    try:
        is_ours = os.tcgetpgrp(descriptor) == os.getpgrp()
        yield Terminal(descriptor) if is_ours else None
    finally:
        os.close(descriptor)


def ask_helper(
    command: Sequence[str],
    name: str,
    *,
    environ: Mapping[str, str],
    terminal: Terminal | None = None,
    patience: float = PATIENCE,
    stopped: threading.Event | None = None,
) -> SecretStr:
    """Return the secret *name* that *command* prints: the first line of at most 8 KiB.

    Args:
        command: the program and its arguments.
        name: of the secret, for the error.
        environ: the environment; no secret of ours is handed on.
        terminal: where it may ask; None, it has none, and *patience* seconds.
        patience: seconds.
        stopped: set from another thread, it ends the program at once.

    Raises:
        SecretLocked: it gave none; its output is told to nobody. ``details["status"]`` is its exit status,
            where that was the reason.
    """
    run = _Run(command, name, environ, terminal, stopped)
    secret = secret_of(run.output(b"", patience))
    if secret is None:
        raise run.failure(f"gave no {run.what} on the first line of its output", "helper_output")
    return secret


def tell_helper(
    command: Sequence[str],
    name: str,
    secret: SecretStr,
    *,
    environ: Mapping[str, str],
    terminal: Terminal | None = None,
    patience: float = PATIENCE,
) -> None:
    """Give *secret* to *command*, on its standard input, to be kept; raises as `ask_helper` does."""
    _Run(command, name, environ, terminal).output(f"{secret.get_secret_value()}\n".encode(), patience)


def run_helper(
    command: Sequence[str], name: str, *, environ: Mapping[str, str], patience: float = PATIENCE
) -> None:
    """Run *command*, and do not care what it prints; raises as `ask_helper` does."""
    _Run(command, name, environ).output(b"", patience)


class _Run:
    def __init__(
        self,
        command: Sequence[str],
        name: str,
        environ: Mapping[str, str],
        terminal: Terminal | None = None,
        stopped: threading.Event | None = None,
    ) -> None:
        self._command = list(command)
        self._program = clean_line(PurePath(command[0]).name)[:40]
        self._terminal = terminal
        self._stopped = stopped or threading.Event()
        self._environ = _environment(environ, terminal)
        self._name = name
        self.what = name.replace("_", " ")

    def failure(self, what: str, code: str, **details: int) -> SecretLocked:
        return SecretLocked(
            f"{self._program} {what}.",
            next_step=f"Try the command of {self._name} in a shell; docs/secrets.md has working ones.",
            field=self._name,
            code=code,
            details=details,
        )

    def output(self, told: bytes, patience: float) -> bytes:
        end = time.monotonic() + patience if self._terminal is None else None
        with self._started(bool(told)) as process:
            try:
                if told:
                    self._tell(process, told)
                data = self._read(process, end)
                status = self._wait(process, end)
            except TimeoutError:
                raise self.failure(f"took longer than {patience:.0f} s", "helper_slow") from None
            finally:
                self._stop(process)
        if status != 0:
            did_not = "did not keep the" if told else "gave no"
            how = f"exit status {status}" if status > 0 else "it was stopped"
            raise self.failure(f"{did_not} {self.what}: {how}", "helper_failed", status=status)
        return data

    @contextmanager
    def _started(self, is_told: bool) -> Generator[subprocess.Popen[bytes]]:
        asks = self._terminal.descriptor if self._terminal is not None else subprocess.DEVNULL
        try:
            process = subprocess.Popen(  # noqa: S603 - the rep's own list, run by no shell
                self._command,
                stdin=subprocess.PIPE if is_told else asks,
                stdout=subprocess.PIPE,
                stderr=asks,
                env=self._environ,
                # Without our terminal: nothing can then ask on it behind the screen's back.
                start_new_session=self._terminal is None,
                process_group=None if self._terminal is None else 0,
                bufsize=0,
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not a program"
            raise self.failure(f"cannot be run: {reason}", "helper_missing") from None
        with _foreground(self._terminal, process) if self._terminal else contextlib.nullcontext():
            yield process

    def _tell(self, process: subprocess.Popen[bytes], told: bytes) -> None:
        assert process.stdin is not None
        with contextlib.suppress(OSError):  # it did not want to know; its status tells
            process.stdin.write(told)  # less than a pipe holds: it never waits
        with contextlib.suppress(OSError):
            process.stdin.close()

    def _read(self, process: subprocess.Popen[bytes], end: float | None) -> bytes:
        assert process.stdout is not None
        data = b""
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while len(data) <= LONGEST:
                if not selector.select(_TICK):
                    if process.poll() is not None:
                        break  # a daemon that it left behind (gpg-agent) holds the pipe open
                    self._go_on_until(process, end)
                    continue
                piece = os.read(process.stdout.fileno(), _PIECE)
                if not piece:
                    return data
                data += piece
            else:
                raise self.failure(f"printed more than {LONGEST // 1024} KiB", "helper_output")
        return data

    def _wait(self, process: subprocess.Popen[bytes], end: float | None) -> int:
        while True:
            try:
                return process.wait(_TICK)
            except subprocess.TimeoutExpired:
                self._go_on_until(process, end)

    def _go_on_until(self, process: subprocess.Popen[bytes], end: float | None) -> None:
        if self._terminal is not None:
            _go_on(process)
        if self._stopped.is_set() or (end is not None and time.monotonic() >= end):
            raise TimeoutError

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        """End what is still running; a daemon that it started for later (gpg-agent) has left its group."""
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _environment(environ: Mapping[str, str], terminal: Terminal | None) -> dict[str, str]:
    clean = without_secrets(environ)
    if terminal is not None:
        return {**clean, "GPG_TTY": terminal.name}
    # gpg's agent has the terminal of who started it, and would draw its question over our screen.
    clean.pop("GPG_TTY", None)
    options = clean.get("PASSWORD_STORE_GPG_OPTS", "")
    return {**clean, "PASSWORD_STORE_GPG_OPTS": f"{options} --pinentry-mode error".strip()}


@contextmanager
def _foreground(terminal: Terminal, process: subprocess.Popen[bytes]) -> Generator[None]:
    """Make *process*, which leads a group of its own, the one that the keys of *terminal* are for.

    So Ctrl+C ends it, and not us with it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})  # for taking the terminal back
    try:
        with contextlib.suppress(OSError):  # it has ended already
            os.tcsetpgrp(terminal.descriptor, process.pid)
            os.killpg(process.pid, signal.SIGCONT)  # it may have asked before it was allowed to
        yield
    finally:
        with contextlib.suppress(OSError):
            os.tcsetpgrp(terminal.descriptor, os.getpgrp())
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _go_on(process: subprocess.Popen[bytes]) -> None:
    """Wake *process* if Ctrl+Z has stopped it: nobody could type `fg`."""
    if not hasattr(os, "waitid"):  # macOS: there it is woken by Ctrl+C, and ends
        return
    with contextlib.suppress(OSError):
        if os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None:
            os.killpg(process.pid, signal.SIGCONT)
