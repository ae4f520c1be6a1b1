"""Finding a script by its name: one that is built in, or a file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from zoho.leads.script.model import Script
from zoho.leads.script.reading import read_script
from zoho.leads.script.taking import did_you_mean
from zoho.wire.clean import clean_line
from zoho.wire.errors import ConfigError

BUILT_IN = ("bant", "champ", "meddic")
NONE = "none"
"""The name that stands for no script at all."""

LARGEST = 64 * 1024
"""Bytes of a script: the built-in ones have less than five thousand."""


def load_script(name: str) -> Script | None:
    """Return the script of that name; None for ``none``.

    Args:
        name: ``bant``, ``champ``, ``meddic``, ``none``, or the path of a file; ``~`` is the home folder.

    Raises:
        ConfigError: there is no such file, or something is wrong in it. The first thing that is wrong is
            told, with file, line and key; `check` tells all.
    """
    if name.strip().lower() == NONE:
        return None
    text = script_text(name)
    script, flaws = read_script(name, text)
    if script is not None:
        return script
    from zoho.leads.script.checking import faults_in

    first, *others = faults_in(text, flaws)
    more = f" {len(others)} more: zoho-leads script check tells them." if others else ""
    raise ConfigError(
        f"{shown_name(name)}, line {first.line}{first.at}: {first.what}",
        next_step=f"{first.next_step}{more}",
        code="bad_script",
    )


def script_text(name: str) -> str:
    """Return the text of the script of that name, whatever is in it.

    Raises:
        ConfigError: it cannot be read, is too large, or is not UTF-8.
    """
    data = _read(_path(name), name)
    if len(data) > LARGEST:
        raise _unreadable(name, f"is larger than {LARGEST // 1024} KiB", "Name the file of a script.")
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    raise _unreadable(name, f"is not UTF-8 in line {line}", "Save it as UTF-8 with a text editor.")


def shown_name(name: str) -> str:
    """Return the name of a script as a person may be shown it."""
    built_in = name.strip().lower()
    return f"{built_in}.toml" if built_in in BUILT_IN else clean_line(name)


def _path(name: str) -> Path:
    built_in = name.strip().lower()
    if built_in in BUILT_IN:
        return Path(__file__).with_name(f"{built_in}.toml")
    return Path(os.path.expanduser(name.strip()))


def _read(path: Path, name: str) -> bytes:
    try:
        # Not waited for: it may be a pipe that nobody writes into.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                return file.read(LARGEST + 1)
        reason = "is no file"
    except FileNotFoundError:
        near = did_you_mean(name, (*BUILT_IN, NONE)) if os.sep not in name else ""
        reason = f"is not there. {near}".rstrip(" .")
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
        reason = f"cannot be read: {clean_line(said)}"
    raise _unreadable(name, reason, f"Name one of {', '.join(BUILT_IN)}, {NONE}, or a file of your own.")


def _unreadable(name: str, reason: str, next_step: str) -> ConfigError:
    end = "" if reason.endswith("?") else "."
    return ConfigError(f"The script {shown_name(name)} {reason}{end}", next_step=next_step, code="no_script")
