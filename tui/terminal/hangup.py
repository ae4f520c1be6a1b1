"""The line drops, or somebody asks us to go: an orderly exit instead of sudden death."""

from __future__ import annotations

import asyncio
import signal
from typing import Any, Protocol


class Exits(Protocol):
    """The part of ``textual.app.App`` that is needed."""

    def exit(self, result: Any = None, return_code: int = 0, message: Any = None) -> None:
        """Leave the app."""
        ...


def install_hangup_handlers(app: Exits) -> None:
    """Let SIGHUP, SIGTERM, SIGINT end *app* by ``app.exit(return_code=128 + signal)``; call it in the loop.

    (Ctrl+C is a key while the app has the terminal: SIGINT comes from outside.)

    Without this the process dies on the spot: no widget is unmounted, no draft kept, no lock released. An
    inherited "ignore" (nohup) is replaced too: an app without a terminal has nothing left to do. A second
    signal changes nothing (a dropped line brings several: the kernel's, the shell's, sshd's).
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _leave, app, number)


def _leave(app: Exits, number: signal.Signals) -> None:
    app.exit(return_code=128 + number)
