"""Asking helper commands and the keyring for the secrets that a configuration awaits."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from zoho.account.config_file import shown_path
from zoho.account.helper_commands import Terminal, ask_helper, own_terminal
from zoho.account.layers import Source
from zoho.account.os_keyring import OsKeyring
from zoho.account.secret_sources import SECRET_NAMES
from zoho.wire.errors import ConfigError, SecretLocked

if TYPE_CHECKING:
    from zoho.account.config import Config

_FOREIGN_WRITE = 0o022


def unlock(
    config: Config,
    environ: Mapping[str, str],
    *,
    names: Collection[str] = SECRET_NAMES,
    terminal: Terminal | None = None,
    stopped: threading.Event | None = None,
) -> Config:
    """Return *config* with the secrets that it awaits, each asked for once; it may take seconds.

    Args:
        config: the configuration.
        environ: the environment of the programs, less our secrets.
        names: of the secrets to ask for.
        terminal: where they may ask; None, they have none, and ten seconds each.
        stopped: set from another thread, it ends a program that is running.

    Raises:
        SecretLocked: one is not to be had now. Nothing that stands lower takes its place: that would sign in
            as somebody else.
        ConfigError: others could have written the commands, or a value cannot be used.
    """
    found: dict[str, tuple[Source, SecretStr | None]] = {}
    for name, source in config.awaited.items():
        if name not in names:
            continue
        if source is Source.HELPER:
            must_be_ours(config, f"{name}_command")
            command = config.command_of(name)
            secret = ask_helper(command, name, environ=environ, terminal=terminal, stopped=stopped)
        else:
            secret = keyring_of(config, environ).get(name, terminal=terminal, stopped=stopped)
        found[name] = source, secret
    # A keyring without an entry leaves the name to what stands lower, which may be nothing.
    return config.with_secrets(found) if found else config


def unlock_here(
    config: Config, environ: Mapping[str, str], *, names: Collection[str] = SECRET_NAMES
) -> Config:
    """Return *config* with the secrets *names* that it awaits; who sits at the terminal may be asked.

    At first a program has no terminal and ten seconds; where that fails and a person reads our words, it is
    run again on the terminal, and has all the time that the person takes.

    Raises:
        SecretLocked: one is not to be had now.
        ConfigError: as of `unlock`.
    """
    try:
        return unlock(config, environ, names=names)
    except SecretLocked:
        with own_terminal() as terminal:
            if terminal is None or not sys.stderr.isatty():
                raise
            return unlock(config, environ, names=names, terminal=terminal)


def keyring_of(config: Config, environ: Mapping[str, str]) -> OsKeyring:
    """Return the keyring, as far as the secrets of *config* are kept there."""
    return OsKeyring(config.own_file.resolve(), environ)


def must_be_ours(config: Config, name: str) -> None:
    """Refuse the command *name* if somebody else could have put it there: it would be run as this user.

    Raises:
        ConfigError: others may change its file, or the folder of that.
    """
    file = config.file_of(name)
    if file is None or os.name != "posix":
        return
    if _is_open(file) or _is_open(file.parent):
        raise ConfigError(
            f"{shown_path(file)} names a program, and others may change that file: it is not run.",
            next_step=f"Close it with: chmod go-w {shown_path(file.parent)} {shown_path(file)}",
            field=name,
            code="open_config_file",
        )


def _is_open(path: Path) -> bool:
    """Whether somebody other than this user and the administrator may change *path*."""
    status = path.stat()
    # A sticky folder such as /tmp lets nobody replace another's file.
    is_sticky_folder = path.is_dir() and bool(status.st_mode & 0o1000)
    foreign = status.st_uid not in (os.geteuid(), 0)
    return foreign or (bool(status.st_mode & _FOREIGN_WRITE) and not is_sticky_folder)
