"""The log file of the application. A library logs to ``zoho`` and leaves it to others where that goes."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from zoho.wire.clean import clean_line
from zoho.wire.errors import StorageError
from zoho.wire.traces import trace_of

_MEGABYTES = 2 * 1024 * 1024
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _PrivateFile(RotatingFileHandler):
    """A rotating log that nobody but the user can read, whatever the umask."""

    def _open(self) -> Any:
        descriptor = os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        os.fchmod(descriptor, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")


class _OneLine(logging.Formatter):
    """Each record on one line, and no control character of somebody else's in it."""

    def format(self, record: logging.LogRecord) -> str:
        return clean_line(super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Say where it happened; the text of an exception may hold values."""
        return "\n".join(trace_of(ei[1])) if ei[1] is not None else ""


def _make_private(folder: Path) -> None:
    """Make *folder*, and those above it that are missing, for the user alone, whatever the umask.

    `Path.mkdir` gives its mode to the last one only: under umask 000 the others would be open to everybody.
    """
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def log_to(path: Path) -> logging.Handler:
    """Write what the library logs into *path*, 0600, two files of 2 MiB at most; return the handler.

    Raises:
        StorageError: the file cannot be written.
    """
    try:
        _make_private(path.parent)
        handler = _PrivateFile(path, maxBytes=_MEGABYTES, backupCount=1)
    except OSError as error:
        raise StorageError(
            f"The log {clean_line(str(path))} cannot be written: {error.strerror}.",
            next_step="Name another file with --log-file, or another folder with --data-dir.",
            code="log",
        ) from None
    handler.setFormatter(_OneLine(_FORMAT))
    logger = logging.getLogger("zoho")
    for old in [old for old in logger.handlers if isinstance(old, _PrivateFile)]:
        logger.removeHandler(old)
        old.close()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    return handler
