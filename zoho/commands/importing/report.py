"""Where the lines that were refused are told: a file of the same shape as the one that was imported.

A report that somebody may have mended already is never overwritten. Which one we wrote last, and that it
still is as we wrote it, the outbox knows by a digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from zoho.account.files import remove_leftovers, storage_error
from zoho.commands.importing.lines import LeadFile, Line
from zoho.commands.streamed_file import streamed_file
from zoho.outbox.store import Store
from zoho.wire.clean import clean_line
from zoho.wire.errors import ZohoError


def place_of_report(source: Path, file: LeadFile, wished: Path | None) -> Path:
    """Return where the report on *source* belongs; raises `ZohoError` where that is the source itself."""
    path = wished or source.with_name(f"{source.stem}.refused{source.suffix or file.suffix}")
    if not path.parent.is_dir():
        raise ZohoError(
            f"There is no folder {clean_line(str(path.parent))} for the report.",
            next_step="Make it, or name another by --report; nothing was saved.",
            code="no_folder",
        )
    if path.exists() and path.samefile(source):
        raise ZohoError(
            "The report would take the place of the file that is imported.",
            next_step="Name another file by --report; nothing was saved.",
            code="same_file",
        )
    return path


class Report:
    """The report of one import, as it is written.

    Args:
        file: what was imported.
        path: where it belongs.
        store: remembers what we wrote.
    """

    def __init__(self, file: LeadFile, path: Path, store: Store) -> None:
        self._file = file
        self._wanted = path
        self._store = store
        self.path = path
        """Where it was written: beside *path*, where somebody has that one in their hands."""
        self.left: Path | None = None
        """An earlier one that is out of date, and was left since it is not as we wrote it."""
        self.lines = 0

    @contextmanager
    def writing(self) -> Generator[Callable[[Line, str], None]]:
        """Give what adds a line and its fault; at the end the report is there, or gone if nothing was added.

        Raises:
            StorageError: it cannot be written.
        """
        with suppress(OSError):  # a folder that may be written but not read
            remove_leftovers(self._wanted)
        own = not self._wanted.exists() or self._is_ours(self._wanted)
        self.path = self._wanted if own else self._free_name()
        with streamed_file(self.path, encoding=self._file.encoding, errors="backslashreplace") as out:
            add = self._file.reporter(out)

            def counted(line: Line, fault: str) -> None:
                add(line, fault)
                self.lines += 1

            yield counted
        self._keep_or_remove(own)

    def _keep_or_remove(self, own: bool) -> None:
        written = _digest(self.path)
        if not own and self.lines and written == _digest(self._wanted):
            self._remove(self.path)
            self.path, own = self._wanted, True
        elif not self.lines:
            self._remove(self.path)
            self.left = None if own else self._wanted
            written = None
        self._store.set_note(_note(self.path), written)

    def _is_ours(self, path: Path) -> bool:
        return self._store.note(_note(path)) == _digest(path)

    def _free_name(self) -> Path:
        """Return the first name beside the wanted one that is free, or has a report that we wrote."""
        names = (self._wanted.with_stem(f"{self._wanted.stem}-{number}") for number in count(2))
        return next(name for name in names if not name.exists() or self._is_ours(name))

    @staticmethod
    def _remove(path: Path) -> None:
        try:
            path.unlink()
        except OSError as error:
            raise storage_error(path, error) from None


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _note(path: Path) -> str:
    # The name of a file may tell whom it is about: only a digest of it is kept.
    return f"import report: {hashlib.sha256(str(path.absolute()).encode(errors='replace')).hexdigest()[:16]}"
