"""The one place where secrets are taken in."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

SECRET_NAMES = ("client_secret", "refresh_token", "access_token")


def read_secrets(environ: Mapping[str, str]) -> dict[str, SecretStr]:
    """Return the secrets that are given from outside the configuration files, by field name.

    Only the environment gives some: ``ZOHO_CLIENT_SECRET``, ``ZOHO_REFRESH_TOKEN``, ``ZOHO_ACCESS_TOKEN``.
    A variable that is empty counts as not set.
    """
    found = {name: environ.get(secret_variable(name), "").strip() for name in SECRET_NAMES}
    return {name: SecretStr(value) for name, value in found.items() if value}


def secret_variable(name: str) -> str:
    """Return the environment variable of the secret *name*."""
    return f"ZOHO_{name.upper()}"


def masked(secret: SecretStr | None, *, dot: str = "·") -> str:
    """Return what may be shown of *secret*: its last four characters if it is long enough, else none.

    An empty string if there is no secret. *dot* stands for what is not shown.
    """
    if secret is None or not secret.get_secret_value():
        return ""
    shown = secret.get_secret_value()[-4:] if len(secret) >= 12 else ""
    return f"{dot * 4}{shown}"
