"""Where new secrets are kept: where they came from; else the keyring; else the 0600 file."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping, Sequence

from pydantic import SecretStr

from zoho.account.config import Config, save_config
from zoho.account.config_file import probe_config_file, shown_path
from zoho.account.helper_commands import tell_helper
from zoho.account.layers import Source
from zoho.account.os_keyring import OsKeyring
from zoho.account.secret_sources import KEPT_NAMES, without_secrets
from zoho.account.unlock import keyring_of, must_be_ours
from zoho.wire.errors import ConfigError, SecretLocked

Value = str | bool | SecretStr | Sequence[str] | None


class SecretStore:
    """The places that a configuration keeps its secrets in.

    Args:
        config: as later runs will have it; its own file is there, or can be made.
        environ: the environment, for helper commands and the keyring.
        keyring: of the user; by default the operating system's, if the extra for it is installed.
    """

    def __init__(
        self, config: Config, environ: Mapping[str, str], *, keyring: OsKeyring | None = None
    ) -> None:
        self._config = config
        self._environ = environ
        if keyring is None and OsKeyring.is_installed():
            keyring = keyring_of(config, environ)
        self._keyring = keyring if config.keyring is not False else None
        self._keyring_works: bool | None = None

    def place_of(self, name: str) -> Source:
        """Return where the secret *name* would be kept: a helper command, the keyring, or the file.

        Raises:
            ConfigError: it is given from where we cannot write, and what is kept would not be used.
        """
        config = self._config
        given = config.giver_of(name) or config.source_of(name)
        if given is Source.HELPER and config.store_command_of(name):
            return given
        if given in (Source.OPTION, Source.ENVIRONMENT, Source.HELPER, Source.CREDENTIAL):
            raise set_elsewhere(config, name, f"the {name.replace('_', ' ')}")
        if given in (Source.KEYRING, Source.FILE):
            return given
        return Source.KEYRING if name in KEPT_NAMES and self._has_keyring() else Source.FILE

    def where(self, name: str) -> str:
        """Return where the secret *name* would be kept, to go on "kept ..."; raises `ConfigError`."""
        place = self.place_of(name)
        if place is Source.FILE:
            return f"in {shown_path(self._config.own_file)}, which only you can read"
        if place is Source.KEYRING:
            return "in the keyring of this computer"
        return f"by {self._config.store_command_of(name)[0]} ({name}_store_command)"

    def probe(self, name: str) -> None:
        """Look whether the secret *name* can be kept; nothing is changed.

        Raises:
            ConfigError: another source goes before it, its program is not there, or the file is broken.
            SecretLocked: the keyring does not answer.
            StorageError: the file cannot be written.
        """
        place = self.place_of(name)
        if place is Source.HELPER:
            must_be_ours(self._config, f"{name}_store_command")
            self._probe_program(name)
        elif place is Source.KEYRING and self._keyring_works is None:
            self._known_keyring.probe()
        probe_config_file(self._config.own_file)

    def save(self, changes: Mapping[str, Value]) -> None:
        """Keep *changes*: the secrets among them where they belong, the others in ``zoho_config.json``.

        Args:
            changes: new values by name; None or an empty text removes what was kept.

        Raises:
            ConfigError: as of `probe`, or a value cannot be used.
            SecretLocked: a program or the keyring would not take one.
            StorageError: the file cannot be written.
        """
        in_file: dict[str, Value] = {}
        for name, value in changes.items():
            secret = _secret(value) if name in KEPT_NAMES else None
            if secret is not None:
                in_file |= self._kept(name, secret)
            else:
                self._remove(name)
                in_file[name] = value
        if in_file:
            save_config(self._config.own_file, in_file)

    def _kept(self, name: str, secret: SecretStr) -> dict[str, Value]:
        """Keep *secret* where it belongs; return what the file has to say of it."""
        place = self.place_of(name)
        if place is Source.FILE:
            return {name: secret}
        if place is Source.KEYRING:
            self._known_keyring.set(name, secret)
            return {"keyring": True}
        must_be_ours(self._config, f"{name}_store_command")
        tell_helper(self._config.store_command_of(name), name, secret, environ=self._environ)
        return {}

    def forget(self, names: Collection[str]) -> None:
        """Remove the secrets *names* from keyring and file; what helper commands keep is left to their owner.

        Raises:
            ConfigError: the file is broken.
            SecretLocked: the keyring does not answer.
            StorageError: the file cannot be written.
        """
        for name in names:
            self._remove(name)
        save_config(self._config.own_file, dict.fromkeys(names))

    def _remove(self, name: str) -> None:
        if self._config.giver_of(name) is Source.KEYRING:
            self._known_keyring.delete(name)

    @property
    def _known_keyring(self) -> OsKeyring:
        return self._keyring or keyring_of(self._config, self._environ)

    def _has_keyring(self) -> bool:
        """Whether there is a keyring that works, tried out once."""
        if self._keyring is not None and self._keyring_works is None:
            try:
                self._keyring.probe()
                self._keyring_works = True
            except SecretLocked:
                self._keyring_works = False
        return bool(self._keyring_works)

    def _probe_program(self, name: str) -> None:
        program = self._config.store_command_of(name)[0]
        if shutil.which(program, path=without_secrets(self._environ).get("PATH")) is None:
            raise ConfigError(
                f"The program of {name}_store_command is not on this computer.",
                next_step=f"Install it, or correct {self._config.where(f'{name}_store_command')}.",
                field=f"{name}_store_command",
                code="helper_missing",
            )


def set_elsewhere(config: Config, name: str, what: str) -> ConfigError:
    """Return the error for *what* is given under *name* from where it goes before anything we could keep."""
    next_step = "Take it out (in a shell: unset), then do this again; or change it where it is set."
    place = config.where(name)
    if config.giver_of(name) is Source.HELPER:
        place = config.where(f"{name}_command")
        next_step = f"Change it there, or name a program that keeps a new one: {name}_store_command."
    return ConfigError(
        f"{place} gives {what}, and goes before zoho_config.json: nothing that is stored there would be "
        "used.",
        next_step=next_step,
        field=name,
        code="set_elsewhere",
    )


def _secret(value: Value) -> SecretStr | None:
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    return SecretStr(text.strip()) if isinstance(text, str) and text.strip() else None
