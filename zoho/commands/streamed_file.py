"""A text file that is written piece by piece, and is never seen half written nor by anybody else."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from zoho.account.config_file import shown_path
from zoho.account.files import storage_error, sync_folder
from zoho.wire.errors import StorageError


@contextmanager
def streamed_file(path: Path, *, encoding: str = "utf-8", errors: str = "strict") -> Generator[TextIO]:
    """Give a file to write to; it takes the place of *path* once all of it is on the disk, 0600.

    It is as `zoho.account.files.write_atomically`, of a content that need not fit into memory. Where the
    writing is broken off, *path* is as it was. A symbolic link at *path* is replaced, not followed.

    Raises:
        StorageError: the disk is full, read-only, or not ours, or *path* is a pipe or a device; *path* is
            then as it was.
    """
    if path.exists() and not path.is_file():
        what = f"{shown_path(path)} is no file, and is not replaced by one."
        raise StorageError(what, next_step="Name a file.", code="no_file")
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        temporary = Path(name)
        with open(descriptor, "w", encoding=encoding, errors=errors, newline="") as file:
            if os.name == "posix":
                os.fchmod(descriptor, 0o600)  # mkstemp leaves less than that under a strict umask
            yield file
            file.flush()
            os.fsync(descriptor)
        temporary.replace(path)
        temporary = None
        sync_folder(path.parent)
    except OSError as error:
        raise storage_error(path, error) from None
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
