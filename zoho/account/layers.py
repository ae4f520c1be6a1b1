"""What each source of configuration gives, and where it stands, so that every fault can name its place."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import SecretStr

from zoho.account.config_file import shown_path
from zoho.account.secret_sources import SECRET_NAMES, read_variables, secret_variable
from zoho.wire.clean import clean_line

VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "client_id": "ZOHO_CLIENT_ID",
        "data_center": "ZOHO_DATA_CENTER",
        "api_domain": "ZOHO_API_DOMAIN",
        "accounts_url": "ZOHO_ACCOUNTS_URL",
        "source": "ZOHO_LEAD_SOURCE",
        "save_access_token": "ZOHO_SAVE_ACCESS_TOKEN",
        "allow_loopback": "ZOHO_ALLOW_LOOPBACK",
        "submission_key_field": "ZOHO_SUBMISSION_KEY_FIELD",
        "layout_id": "ZOHO_LAYOUT_ID",
        "keep_days": "ZOHO_KEEP_DAYS",
        "look_up": "ZOHO_LOOK_UP",
        "script": "ZOHO_SCRIPT",
    }
    | {name: secret_variable(name) for name in SECRET_NAMES}
)
"""The environment variable of each name that has one."""


class Source(StrEnum):
    """Where a value comes from, highest first."""

    OPTION = "option"
    ENVIRONMENT = "environment"
    HELPER = "helper command"
    CREDENTIAL = "systemd credential"
    KEYRING = "keyring"
    FILE = "file"
    SITE = "site file"
    DEFAULT = "default"

    def goes_before(self, other: Source) -> bool:
        """Whether what this source gives is taken rather than what *other* does."""
        return _RANK[self] < _RANK[other]


_RANK = {source: rank for rank, source in enumerate(Source)}


@dataclass(frozen=True, slots=True)
class Layer:
    """What one source gives, by name."""

    source: Source
    values: Mapping[str, Any]
    file: Path | None = None
    suffix: str = ""
    """Of the environment variables."""

    def where(self, name: str) -> str:
        """Return the place of *name* in this layer, in words."""
        if self.file is not None:
            return f"{shown_path(self.file)}: key {name!r}"
        if self.source is Source.ENVIRONMENT:
            return f"The environment variable {VARIABLES.get(name, name)}{self.suffix}"
        if self.source is Source.OPTION:
            return f"The option --{name.replace('_', '-')}"
        return f"The {self.source} of {name!r}"


@dataclass(frozen=True, slots=True)
class Loading:
    """All layers, highest first, and what was met on the way."""

    layers: tuple[Layer, ...] = ()
    warnings: tuple[str, ...] = ()
    config_file: Path | None = None
    site_config_file: Path | None = None
    asked: frozenset[str] = frozenset()
    """The secrets that helper commands and keyring were asked for."""

    def layer_of(self, name: str) -> Layer | None:
        """Return the highest layer that gives *name*."""
        return next((layer for layer in self.layers if name in layer.values), None)

    def with_secrets(self, found: Mapping[str, tuple[Source, SecretStr | None]]) -> Loading:
        """Return this with what helper commands and keyring gave; None, they have none of that name."""

        def filled(layer: Layer) -> Layer:
            given = {name: one for name, (source, one) in found.items() if source is layer.source and one}
            return replace(layer, values={**layer.values, **given})

        layers = tuple(filled(layer) for layer in self.layers)
        return replace(self, layers=layers, asked=self.asked | found.keys())


NEVER_FROM_FILE = ("allow_loopback",)
"""A file that was copied from somewhere must not open this door."""


def from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what *environ* gives, by name."""
    plain = {name: environ.get(variable) for name, variable in VARIABLES.items() if name not in SECRET_NAMES}
    return given(plain) | read_variables(environ)


def from_file(
    content: Mapping[str, Any], known: Collection[str], *, with_secrets: bool = True
) -> dict[str, Any]:
    """Return what the *content* of a file gives, of the *known* names."""
    excluded = NEVER_FROM_FILE if with_secrets else (*NEVER_FROM_FILE, *SECRET_NAMES)
    return given({name: content[name] for name in known if name in content and name not in excluded})


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Return a question that names the nearest of the *known* names, to go on a sentence; or nothing."""
    names = [one for one in known if one not in NEVER_FROM_FILE]
    nearest = difflib.get_close_matches(name.lower().replace("-", "_"), names, n=1)
    return f"; did you mean {nearest[0]!r}?" if nearest else "."


def given(values: Mapping[str, object]) -> dict[str, Any]:
    """Return what of *values* is not empty, without the blanks around it."""
    stripped = {name: _stripped(value) for name, value in values.items()}
    return {name: value for name, value in stripped.items() if value is not None}


def _stripped(value: object) -> object:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, SecretStr):
        text = value.get_secret_value().strip()
        return SecretStr(text) if text else None
    return value


def warnings_of(
    file: Path, content: Mapping[str, Any], known: Collection[str], *, is_site: bool = False
) -> list[str]:
    """Return what is odd about *file*, a sentence each: unknown keys, secrets that others could read."""
    shown = shown_path(file)
    warnings = [
        f"{shown}: the key {clean_line(key)[:40]!r} is not known{did_you_mean(key, known)}"
        for key in content
        if key not in known
    ]
    warnings += [
        f"{shown}: the key {key!r} has no effect in a file; give it as {VARIABLES[key]} or as an option."
        for key in NEVER_FROM_FILE
        if key in content
    ]
    secrets = [name for name in SECRET_NAMES if isinstance(content.get(name), SecretStr)]
    if is_site:
        warnings += [
            f"{shown}: the secret {name!r} is not used, since everybody on this host could read it there."
            for name in secrets
        ]
    elif secrets and _is_open_to_others(file):
        warnings.append(
            f"{shown} holds a secret and is open to other users. Close it with: chmod 600 {shown}"
        )
    return warnings


def _is_open_to_others(file: Path) -> bool:
    try:
        return os.name == "posix" and bool(file.stat().st_mode & 0o077)
    except OSError:
        return False
