"""What is told of each HTTP exchange: enough for the Log, and nothing secret."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

_log = logging.getLogger("zoho.api")
# A library says nothing by itself; stamina announces each repeated read on its own logger.
for _name in ("zoho", "stamina"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP exchange: no query, no values, no secrets. ``status`` is None where no answer came."""

    method: str
    path: str
    status: int | None
    code: str
    milliseconds: float


def logged(on_call: Callable[[Call], None] | None) -> Callable[[Call], None]:
    """Return a listener that logs each call (a failure as a warning) and passes it on to *on_call*."""

    def told(call: Call) -> None:
        failed = call.status is None or call.status >= 400
        level = logging.WARNING if failed else logging.INFO
        words = (call.method, call.path, call.status or "-", call.code or "-", call.milliseconds)
        _log.log(level, "%s %s %s %s %.0f ms", *words)
        if on_call is not None:
            on_call(call)

    return told
