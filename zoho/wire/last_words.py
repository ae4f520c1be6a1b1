"""What the command says of a failure that nobody foresaw: where it happened, and no value of anybody's.

Python would print the text of the exception, in which a secret or a lead may stand.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import Any

from zoho.wire.clean import clean_line
from zoho.wire.traces import trace_of

OWN_ERROR = 70
"""Exit status of a failure that nobody foresaw (EX_SOFTWARE of sysexits.h): no verb means anything by it."""

_log = logging.getLogger("zoho.command")
logging.getLogger("zoho").addHandler(logging.NullHandler())  # without any, Python's own prints all of it


class _LostTask(logging.Handler):
    """For asyncio's logger, whose messages have the text of the exception in them."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            _say(error)


def keep_values_out() -> None:
    """Let nothing that fails in a thread, a finaliser or a lost task print more than where that was."""
    threading.excepthook = _thread_failed
    sys.unraisablehook = _unraisable
    loop = logging.getLogger("asyncio")
    loop.addHandler(_LostTask(logging.ERROR))
    loop.propagate = False


def tell(error: BaseException) -> int:
    """Say on standard error, and in the log if there is one, where *error* was; return the exit status."""
    sys.stderr.write("zoho-leads met an error of its own; what was saved is safe.\n")
    _say(error)
    return OWN_ERROR


def _say(error: BaseException) -> None:
    _log.error("An error that nobody foresaw", exc_info=error)
    sys.stderr.writelines(f"  {clean_line(line)}\n" for line in trace_of(error))


def _thread_failed(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _say(told.exc_value)


def _unraisable(told: Any) -> None:
    if told.exc_value is not None:
        _say(told.exc_value)
