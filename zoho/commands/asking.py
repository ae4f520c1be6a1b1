"""Asking for what a sign-in needs: hidden on a terminal, else a line of standard input for each."""

from __future__ import annotations

import sys

import click
from pydantic import SecretStr

from zoho.wire.errors import ConfigError


def ask(label: str, *, hidden: bool = True) -> SecretStr:
    """Return what the rep types, or the next line of standard input where that is no terminal.

    Raises:
        ConfigError: nothing is left there, or it holds what no client id, code or token has.
    """
    typed = SecretStr(_typed(label, hidden=hidden))
    if not typed.get_secret_value():
        raise ConfigError(
            f"Nobody can be asked for the {label} here, and standard input has no line for it.",
            next_step="Write it there, one value a line: client ID and client secret if they are not "
            "configured, then the grant code or refresh token.",
            code="nothing_given",
        )
    if not _is_plain(typed):
        raise ConfigError(
            f"What was given as {label} holds blanks or characters that it cannot have.",
            next_step="Copy it again, whole and alone.",
            code="bad_value",
        )
    return typed


def _typed(label: str, *, hidden: bool) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(label[0].upper() + label[1:], hide_input=hidden, err=True)).strip()
    return sys.stdin.readline().strip()


def _is_plain(secret: SecretStr) -> bool:
    text = secret.get_secret_value()
    return text.isascii() and text.isprintable() and " " not in text
