"""Another program of the same user, and what it can see of a process; no power of root's helps it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

UNLIMITED_CORES = ("/bin/sh", "-c", 'ulimit -c "$(ulimit -H -c)" && exec "$@"', "sh")
"""Put before a command: it may write core files as large as the system allows."""


def ordinary_user() -> tuple[str, ...] | None:
    """Return what is put before a command to run it as an ordinary user; None where that cannot be.

    Root may look into every process. Without capabilities it is a user like any other, who owns its files.
    """
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return None
    before = (setpriv, "--bounding-set=-all", "--inh-caps=-all")
    tried = subprocess.run([*before, "true"], capture_output=True, check=False)
    return before if tried.returncode == 0 else None


def environment_of(pid: int, before: Sequence[str]) -> bytes | None:
    """Return what *pid* was started with, as a program of the same user reads it; None if it may not."""
    seen = subprocess.run([*before, "cat", f"/proc/{pid}/environ"], capture_output=True, check=False)
    return seen.stdout if seen.returncode == 0 else None


def death(pid: int, number: int) -> int:
    """Send the signal *number* to the child *pid*; return how it died: ``os.CLD_KILLED``, ``os.CLD_DUMPED``.

    It is left for its parent to wait for.
    """
    os.kill(pid, number)
    ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert ended is not None
    return ended.si_code


def core_files(folder: Path) -> list[str]:
    """Return the names of the core files below *folder*, where a plain `core_pattern` puts them."""
    return [path.name for path in folder.rglob("*") if path.name == "core" or path.name.startswith("core.")]
