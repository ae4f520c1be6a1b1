"""Leaving the terminal to a program that has to ask for a passphrase (gpg's pinentry, say)."""

from __future__ import annotations

import os

from textual.app import App, SuspendNotSupported

from tui.desk import Desk
from zoho.account.helper_commands import Terminal, own_terminal
from zoho.wire.errors import ConfigError

_WORD = b"zoho-leads waits for your answer. Ctrl+C goes back without it.\r\n"


def unlock_on_terminal(app: App[None], desk: Desk) -> str:
    """Suspend *app* until the secrets were given on the terminal; return what went wrong, or nothing."""
    try:
        with own_terminal() as terminal:
            if terminal is None:
                return "There is no terminal here to answer on."
            with app.suspend():
                return _asked(desk, terminal)
    except SuspendNotSupported:
        return "This terminal cannot be left for a while: quit, and start again after unlocking."


def _asked(desk: Desk, terminal: Terminal) -> str:
    os.write(terminal.descriptor, _WORD)
    try:
        desk.unlock(terminal)
    except ConfigError as error:
        return str(error)
    return ""
