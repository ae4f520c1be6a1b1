"""The keyring of the operating system, as one more helper command that gives and takes secrets."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from pydantic import SecretStr

from zoho.account.helper_commands import PATIENCE, Terminal, ask_helper, run_helper, tell_helper
from zoho.account.keyring_process import NO_ENTRY
from zoho.wire.errors import SecretLocked

PROBE_PATIENCE = 3.0
"""Seconds for the answer to whether there is a keyring: somebody is waiting to sign in."""

# -P: what lies in the folder where somebody stands must not be loaded.
_PROCESS = (sys.executable, "-P", "-m", "zoho.account.keyring_process")


class OsKeyring:
    """The secrets of one configuration file in the user's keyring.

    Args:
        config_file: names the entries, so that two configurations do not share them.
        environ: the environment, with the way to D-Bus.
        process: the command that asks the keyring; by default our own, in this Python.
    """

    def __init__(
        self, config_file: Path, environ: Mapping[str, str], *, process: Sequence[str] = _PROCESS
    ) -> None:
        self._config_file = config_file
        self._environ = environ
        self._process = tuple(process)

    @staticmethod
    def is_installed() -> bool:
        """Whether the extra ``zoho-leads[keyring]`` is installed; looked up without loading it."""
        return find_spec("keyring") is not None

    def get(
        self,
        name: str,
        *,
        terminal: Terminal | None = None,
        patience: float = PATIENCE,
        stopped: threading.Event | None = None,
    ) -> SecretStr | None:
        """Return the secret *name*; None if the keyring has none. As of `ask_helper`, it can be stopped.

        Raises:
            SecretLocked: there is no keyring, or it does not answer.
        """
        try:
            command = self._command("get", name)
            return ask_helper(
                command,
                name,
                environ=self._environ,
                terminal=terminal,
                patience=patience,
                stopped=stopped,
            )
        except SecretLocked as error:
            if error.details.get("status") == NO_ENTRY:
                return None
            raise _locked(name, error) from None

    def set(self, name: str, secret: SecretStr) -> None:
        """Keep *secret*; raises `SecretLocked`."""
        try:
            tell_helper(self._command("set", name), name, secret, environ=self._environ)
        except SecretLocked as error:
            raise _locked(name, error) from None

    def delete(self, name: str) -> None:
        """Remove the secret *name*, if it is there; raises `SecretLocked`."""
        try:
            run_helper(self._command("delete", name), name, environ=self._environ)
        except SecretLocked as error:
            if error.details.get("status") != NO_ENTRY:
                raise _locked(name, error) from None

    def probe(self) -> None:
        """Keep, read back and remove an entry of no worth; raises `SecretLocked` if that does not go well."""
        try:
            run_helper(
                self._command("probe", "probe"), "probe", environ=self._environ, patience=PROBE_PATIENCE
            )
        except SecretLocked as error:
            raise _locked("probe", error) from None

    def _command(self, verb: str, name: str) -> tuple[str, ...]:
        return (*self._process, verb, f"{name} of {self._config_file}")


def _locked(name: str, error: SecretLocked) -> SecretLocked:
    return SecretLocked(
        "The keyring of this computer does not answer.",
        next_step="Unlock it (on a desktop, sign in there), or keep the secret elsewhere: docs/secrets.md.",
        field=name,
        code=f"keyring_{error.details.get('status', error.code)}",
    )
