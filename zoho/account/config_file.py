"""Reading and rewriting one ``zoho_config.json``, without losing or showing what is in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from zoho.account.files import private_folder, write_atomically
from zoho.account.locks import file_lock
from zoho.account.paths import is_standard_folder
from zoho.account.secret_sources import SECRET_NAMES
from zoho.wire.clean import clean_line
from zoho.wire.errors import ConfigError

_LOCK_PATIENCE = 10.0
_ROOM = 4096
"""Bytes that must be left for new keys."""


def read_config_file(path: Path) -> dict[str, Any] | None:
    """Return the keys of the configuration file *path*, secrets wrapped; None if there is no such file.

    Raises:
        ConfigError: it cannot be read, is not JSON, or is no JSON object. The file is named, and line and
            column where they are known; nothing of its text is.
    """
    data = _read(path)
    if data is None:
        return None
    decoded, fault = _decode(data)
    # Raised here and not where the fault was met: the errors of the decoders hold the whole text.
    if fault:
        raise ConfigError(
            f"{shown_path(path)} {fault}.",
            next_step="Mend it with a text editor, or move it away; it was left as it is.",
            code="bad_config_file",
        )
    return decoded


def change_config_file(
    path: Path,
    changes: Mapping[str, object],
    *,
    check: Callable[[Mapping[str, Any]], None] = lambda _: None,
) -> None:
    """Put *changes* into the configuration file *path*: the other keys, known or not, and their order stay.

    The file is 0600 afterwards; a missing folder is made, for the user alone. A symbolic link is followed:
    the user may keep the real file elsewhere.

    Args:
        path: the file; it need not exist.
        changes: the new values by key; None removes the key.
        check: is called with the whole new content (secrets wrapped), and raises if that must not be written.

    Raises:
        ConfigError: the old file is broken; it is then left as it is.
        StorageError: it cannot be written, or another process holds it.
    """
    path = path.resolve()
    with _held(path):
        old = read_config_file(path)
        new: dict[str, Any] = dict(old or {})
        for key, value in changes.items():
            if value is None:
                new.pop(key, None)
            else:
                new[key] = value
        new = _with_secrets_wrapped(new)
        if new == old:
            return
        check(new)
        text = json.dumps(new, ensure_ascii=False, indent=2, default=_plain)
        # Half a surrogate pair can stand in JSON as an escape, but not in UTF-8.
        text = re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)
        write_atomically(path, f"{text}\n".encode())


def probe_config_file(path: Path) -> None:
    """Look whether `change_config_file` could write a few more keys into *path*; nothing is changed.

    Raises:
        ConfigError: the file is broken.
        StorageError: it could not be written, or another process holds it.
    """
    path = path.resolve()
    with _held(path):
        read_config_file(path)
        beside = path.with_name(f".{path.name}.probe")
        write_atomically(beside, b" " * (_size(path) + _ROOM))
        beside.unlink()


@contextmanager
def _held(path: Path) -> Generator[None]:
    """Make the folder of the file *path* if it is missing, and be the only one who changes the file."""
    if not path.parent.exists() or is_standard_folder(path.parent):
        private_folder(path.parent)
    with file_lock(path.with_name(f".{path.name}.lock"), timeout=_LOCK_PATIENCE):
        yield


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def shown_path(path: Path) -> str:
    """Return *path* as a person may be shown it."""
    return clean_line(str(path))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
    raise ConfigError(
        f"{shown_path(path)} cannot be read: {clean_line(reason)}.",
        next_step="Make it a file that this user may read, or name another one with --config.",
        code="unreadable_config_file",
    )


def _decode(data: bytes) -> tuple[dict[str, Any], str]:
    """Return the keys of *data*, or a fault in words."""
    try:
        value: Any = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        return {}, f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    except UnicodeDecodeError as error:
        return {}, f"is not JSON: the byte at position {error.start} is not UTF-8"
    except RecursionError:
        return {}, "is not a configuration: it is nested too deeply"
    except ValueError:
        return {}, "is not JSON: a number in it has too many digits"
    if not isinstance(value, dict):
        return {}, "is not a configuration: it must be one JSON object, {...}"
    return _with_secrets_wrapped(cast("dict[str, Any]", value)), ""


def _with_secrets_wrapped(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: SecretStr(value) if key in SECRET_NAMES and isinstance(value, str) else value
        for key, value in values.items()
    }


def _plain(value: object) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    raise TypeError(f"{type(value).__name__} cannot stand in a configuration file")
