"""The one place where secrets are taken in that are given from outside the configuration files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from zoho.wire.clean import clean_line
from zoho.wire.errors import ConfigError
from zoho.wire.process import SECRET_VARIABLES

SECRET_NAMES = ("client_secret", "refresh_token", "access_token")
KEPT_NAMES = ("client_secret", "refresh_token")
"""Those that are kept until they are replaced; access tokens live an hour, in the token cache."""

LONGEST = 8 * 1024
"""Bytes that a secret may have, wherever it comes from; Zoho's have some 70."""

FILE = "_FILE"
"""Ends the name of a variable that names the file with a secret."""

_CREDENTIALS = "CREDENTIALS_DIRECTORY"


def read_variables(environ: Mapping[str, str]) -> dict[str, SecretStr]:
    """Return the secrets that variables hold, by field name: ``ZOHO_REFRESH_TOKEN`` and the others.

    A variable that is empty counts as not set.
    """
    found = {name: environ.get(secret_variable(name), "").strip() for name in SECRET_NAMES}
    return {name: SecretStr(value) for name, value in found.items() if value}


def read_variable_files(environ: Mapping[str, str]) -> dict[str, SecretStr]:
    """Return the secrets in the files that variables name, by field name.

    ``ZOHO_REFRESH_TOKEN_FILE`` and the others, for how Docker and Kubernetes hand secrets over; not read
    where the variable without ``_FILE`` holds the secret itself.

    Raises:
        ConfigError: such a file cannot be read, or holds no secret.
    """
    held = read_variables(environ)
    files = {name: environ.get(f"{secret_variable(name)}{FILE}", "").strip() for name in SECRET_NAMES}
    return {
        name: _read(Path(file), name, f"The file that {secret_variable(name)}{FILE} names")
        for name, file in files.items()
        if file and name not in held
    }


def read_credentials(environ: Mapping[str, str]) -> dict[str, SecretStr]:
    """Return the secrets that systemd hands to a service, by field name.

    Of ``LoadCredential=`` and ``LoadCredentialEncrypted=``, the credentials ``zoho_client_secret``,
    ``zoho_refresh_token`` and ``zoho_access_token`` (systemd.exec(5), "Credentials").

    Raises:
        ConfigError: one of them cannot be read, or holds no secret.
    """
    files = {name: path for name in SECRET_NAMES if (path := credential_file(name, environ)) is not None}
    return {name: _read(path, name, "The systemd credential") for name, path in files.items()}


def credential_file(name: str, environ: Mapping[str, str]) -> Path | None:
    """Return the file of systemd's credential for the secret *name*; None if there is none."""
    folder = environ.get(_CREDENTIALS, "").strip()
    path = Path(folder) / f"zoho_{name}"
    return path if folder and path.exists() else None


def secret_variable(name: str) -> str:
    """Return the environment variable of the secret *name*."""
    return f"ZOHO_{name.upper()}"


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return *environ* as another program may have it."""
    return {name: value for name, value in environ.items() if name not in SECRET_VARIABLES}


def secret_of(data: bytes) -> SecretStr | None:
    """Return the secret in what a file or a program gives: its first line, as ``pass`` has it.

    None if that is empty, too long, no UTF-8, or holds what no secret does.
    """
    if len(data) > LONGEST:
        return None
    try:
        line = data.decode("utf-8-sig").strip().partition("\n")[0].strip()
    except UnicodeDecodeError:
        return None
    return SecretStr(line) if line and line.isprintable() else None


def masked(secret: SecretStr | None, *, dot: str = "·") -> str:
    """Return what may be shown of *secret*: its last four characters if it is long enough, else none.

    An empty string if there is no secret. *dot* stands for what is not shown.
    """
    if secret is None or not secret.get_secret_value():
        return ""
    shown = secret.get_secret_value()[-4:] if len(secret) >= 12 else ""
    return f"{dot * 4}{shown}"


def _read(path: Path, name: str, what: str) -> SecretStr:
    shown, reason = clean_line(str(path)), "holds no secret on its first line"
    secret = None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe that nobody writes must not hang us
        with open(descriptor, "rb") as file:
            secret = secret_of(file.read(LONGEST + 1))
    except (OSError, ValueError) as error:
        reason = f"cannot be read: {getattr(error, 'strerror', None) or 'not a path'}"
    if secret is not None:
        return secret
    raise ConfigError(
        f"{what}, {shown}, {reason}.",
        next_step=f"Put the {name.replace('_', ' ')} there, or name another file.",
        field=name,
        code="secret_file",
    )
