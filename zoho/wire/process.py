"""What the command does with its own process, so that secrets stay in it.

A library leaves the process of its host alone: only the command calls these.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping

SECRET_VARIABLES = ("ZOHO_CLIENT_SECRET", "ZOHO_REFRESH_TOKEN", "ZOHO_ACCESS_TOKEN")
"""The variables whose value is a secret."""

DUMPABLE = "ZOHO_LEADS_DUMPABLE"
"""``1`` leaves the process open to debuggers (gdb, strace, py-spy) and core dumps."""

_PR_SET_DUMPABLE = 4


def take_environment(environ: MutableMapping[str, str] = os.environ) -> dict[str, str]:
    """Return a copy of *environ*, and take the secrets out of *environ*: no child is to inherit them."""
    taken = dict(environ)
    for name in SECRET_VARIABLES:
        environ.pop(name, None)
    return taken


def harden(environ: Mapping[str, str] = os.environ) -> bool:
    """Let this process leave no core dump, and no other process of the user read its memory or environment.

    The limit of a core file's size becomes 0, for children too. On Linux the process is also made "not
    dumpable" (prctl(2)): the kernel then writes no core even where `core_pattern` is a program, which that
    limit does not stop, and ``/proc/PID`` (memory, environment, open files) and ptrace are for root alone.
    That holds until a program is executed, so a child is as it always is. macOS has only the limit.

    What the operating system refuses is left as it is: the app is worth more than this.

    Args:
        environ: where `DUMPABLE` is looked up.

    Returns:
        Whether everything that this system has was done.
    """
    if environ.get(DUMPABLE, "").strip() == "1" or sys.platform == "win32":
        return False
    return _no_core_file() and _not_dumpable()


def _no_core_file() -> bool:
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return False
    return True


def _not_dumpable() -> bool:
    if sys.platform != "linux":
        return True
    try:
        import ctypes

        prctl = ctypes.CDLL(None).prctl
        prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
        return prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0
    except (ImportError, OSError, AttributeError):  # a Python without ctypes, a libc without prctl
        return False
