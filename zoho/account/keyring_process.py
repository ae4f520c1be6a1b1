"""The OS keyring, asked by a process of its own: a dead D-Bus can hang its libraries, but not us.

Run as ``python -m zoho.account.keyring_process VERB ENTRY``, with the verbs ``get`` (prints the secret),
``set`` (reads it from standard input), ``delete`` and ``probe``. `zoho.account.os_keyring` reads its status.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import IO, Protocol, cast

SERVICE = "zoho-leads"
DONE, NO_ENTRY, NO_KEYRING, REFUSED = 0, 3, 4, 5

# Only what encrypts. `keyring` by itself takes whatever is installed: with keyrings.alt, base64 in a file.
_REAL = (
    ("keyring.backends.macOS", "Keyring"),
    ("keyring.backends.Windows", "WinVaultKeyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
    ("keyring.backends.SecretService", "Keyring"),
)


class Backend(Protocol):
    """What is used of keyring's ``KeyringBackend``."""

    priority: float

    def get_password(self, service: str, username: str, /) -> str | None:
        """Return the secret of an entry."""
        ...

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Make or replace an entry."""
        ...

    def delete_password(self, service: str, username: str, /) -> None:
        """Remove an entry."""
        ...


def real_backends() -> Iterable[Backend]:
    """Yield the keyrings that work here, by the priority that they give themselves."""
    # Importing keyring would try every backend that is installed, unless one is named.
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    found: list[Backend] = []
    for module, name in _REAL:
        try:
            backend = cast("type[Backend]", getattr(import_module(module), name))
            if backend.priority > 0:
                found.append(backend())
        except Exception:  # noqa: S112 - each has its own ways to say that it does not work here
            continue
    return sorted(found, key=lambda one: one.priority, reverse=True)


def run(verb: str, entry: str, *, backends: Iterable[Backend], told: IO[str], out: IO[str]) -> int:
    """Carry out *verb* on *entry* of the first of *backends*; return the status.

    Args:
        verb: get, set, delete or probe.
        entry: its name in the keyring.
        backends: the keyrings that may be used, best first.
        told: where a secret that is to be kept comes from.
        out: where a secret that was asked for goes to.
    """
    backend = next(iter(backends), None)
    if backend is None:
        return NO_KEYRING
    try:
        return _carry_out(backend, verb, entry, told, out)
    except Exception:
        return REFUSED  # locked, dismissed, gone: its text may hold anything, and goes nowhere


def _carry_out(backend: Backend, verb: str, entry: str, told: IO[str], out: IO[str]) -> int:
    if verb == "get":
        secret = backend.get_password(SERVICE, entry)
        out.write(secret or "")
        return DONE if secret else NO_ENTRY
    if verb == "set":
        return _kept(backend, entry, told.read().strip())
    if verb == "probe":
        status = _kept(backend, entry, secrets.token_hex(16))
        backend.delete_password(SERVICE, entry)
        return status
    if backend.get_password(SERVICE, entry) is None:
        return NO_ENTRY
    backend.delete_password(SERVICE, entry)
    return DONE


def _kept(backend: Backend, entry: str, secret: str) -> int:
    backend.set_password(SERVICE, entry, secret)
    return DONE if backend.get_password(SERVICE, entry) == secret else REFUSED


if __name__ == "__main__":
    # No traceback: its lines would stand where a person reads.
    raise SystemExit(run(*sys.argv[1:], backends=real_backends(), told=sys.stdin, out=sys.stdout))
