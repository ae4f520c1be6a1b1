"""Another ``zoho_config.json``, as far as a sign-in can be taken out of it. The file itself is only read."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from zoho.account import Config, Source
from zoho.account.config_file import read_config_file, shown_path
from zoho.account.data_centers import data_center
from zoho.account.layers import did_you_mean
from zoho.wire.clean import clean_line
from zoho.wire.errors import ConfigError

_NEEDED = ("client_id", "client_secret", "refresh_token")
_TAKEN = (*_NEEDED, "data_center")
_BELOW = (Source.FILE, Source.SITE, Source.DEFAULT)
_LONGEST = 1 << 20
_SHOWN = 8
"""Keys that are named; a file that has more of them is no configuration of ours."""


@dataclass(frozen=True, slots=True)
class SignInFile:
    """What is taken out of a file.

    Args:
        client_id: as it stands there.
        client_secret: likewise.
        refresh_token: likewise; not yet tried.
        data_center: its code; None, the file does not say.
        told: what a person should know of the rest, one sentence each.
    """

    client_id: str
    client_secret: SecretStr = field(repr=False)
    refresh_token: SecretStr = field(repr=False)
    data_center: str | None
    told: tuple[str, ...] = ()


def read_sign_in_file(path: Path, config: Config) -> SignInFile:
    """Return the sign-in in the file *path*.

    Args:
        path: another ``zoho_config.json``.
        config: the configuration of now, beside which it would be kept.

    Raises:
        ConfigError: it is no file of that shape, or what it has would not be used. No value is in the text.
    """
    shown = shown_path(path)
    _must_be_a_file(path, shown)
    if config.config_file is not None and config.config_file.exists() and path.samefile(config.config_file):
        raise _refused(f"{shown} is the file that is used already", "There is nothing to take over.")
    content = read_config_file(path) or {}
    values = {name: _text(content, name, shown) for name in _TAKEN}
    missing = [name for name in _NEEDED if values[name] is None]
    if missing:
        raise _lacking(shown, missing, content)
    center = values["data_center"]
    taken = SignInFile(
        str(values["client_id"]),
        SecretStr(str(values["client_secret"])),
        SecretStr(str(values["refresh_token"])),
        data_center(center).code if center is not None else None,
        tuple(_told(shown, content, has_center=center is not None, config=config)),
    )
    _must_be_used(taken, config)
    return taken


def _must_be_a_file(path: Path, shown: str) -> None:
    try:
        found = path.lstat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise _refused(f"{shown} cannot be read: {reason}", "Name a file that this user may read.") from None
    if stat.S_ISLNK(found.st_mode):
        target = clean_line(os.readlink(path))[:80]
        raise _refused(
            f"{shown} is a symbolic link, to {target}", "Name the file itself, if it is the right one."
        )
    if not stat.S_ISREG(found.st_mode):
        raise _refused(f"{shown} is no file", "Name a zoho_config.json.")
    if found.st_size > _LONGEST:
        raise _refused(f"{shown} is too large for a configuration", "Name a zoho_config.json.")


def _text(content: Mapping[str, Any], name: str, shown: str) -> str | None:
    value = content.get(name)
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not value.strip().isascii() or not value.strip().isprintable():
        raise _refused(f"{shown}: key {name!r} is no text that it could be", "Correct it there.")
    return value.strip() or None


def _lacking(shown: str, missing: list[str], content: Mapping[str, Any]) -> ConfigError:
    names = ", ".join(missing)
    near = next(
        (key for key in content if key not in Config.model_fields and did_you_mean(key, missing) != "."), None
    )
    if near is not None:
        told = f" Its key {clean_line(near)[:40]!r} is not known{did_you_mean(near, missing)}"
    elif content:
        told = f" Its keys are: {_listed(list(content))}."
    else:
        told = " It is empty."
    return _refused(
        f"{shown} has no {names}",
        "Needed are client_id, client_secret and refresh_token, as in zoho_config.json (README).",
        told,
    )


def _told(shown: str, content: Mapping[str, Any], *, has_center: bool, config: Config) -> list[str]:
    others = [key for key in content if key not in _TAKEN]
    told = [f"Of {shown} nothing else is taken over: {_listed(others)} stay there."] if others else []
    if not has_center:
        told.append(f"{shown} names no data centre: {config.data_center} is tried.")
    return told


def _listed(keys: list[str]) -> str:
    names = [clean_line(key)[:40] for key in keys[:_SHOWN]]
    return ", ".join(names) + (f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else "")


def _must_be_used(taken: SignInFile, config: Config) -> None:
    """Refuse what another source would go before."""
    for name in ("client_id", "client_secret"):
        mine, its = getattr(config, name), getattr(taken, name)
        if config.source_of(name) not in _BELOW and _plain(mine) != _plain(its):
            raise _refused(
                f"{config.where(name)} gives another {name}, and goes before what is stored",
                "Take it out (in a shell: unset), then do this again.",
            )


def _plain(value: str | SecretStr | None) -> str | None:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _refused(what: str, next_step: str, more: str = "") -> ConfigError:
    return ConfigError(f"{what}.{more}", next_step=next_step, code="sign_in_file")
