"""When the app itself fails: one line on the terminal, the rest in a file, and no values of anybody's in it.

Textual's own crash screen prints the local variables of every frame: client secret, refresh token and lead.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from zoho.account.files import private_folder
from zoho.wire.clean import clean
from zoho.wire.errors import StorageError
from zoho.wire.traces import trace_of


def write_report(error: BaseException, folder: Path) -> Path | None:
    """Write where *error* happened to a new file, 0600; None if that cannot be."""
    path = folder / time.strftime("crash-%Y%m%d-%H%M%S.txt")
    try:
        private_folder(folder)
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(clean("\n".join(trace_of(error))) + "\n")
    except (OSError, StorageError):
        return None
    return path


def crash_line(report: Path | None) -> str:
    """Return the one line for the terminal."""
    where = f" The report is in {clean(str(report))}." if report else ""
    return f"zoho-leads met an error of its own and had to end. What was saved is safe.{where}"
