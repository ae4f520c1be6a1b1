"""A file of text in whatever encoding it came, read as often as is wanted, and always the same file."""

from __future__ import annotations

import codecs
import io
import os
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from zoho.account.files import storage_error
from zoho.wire.clean import clean_line
from zoho.wire.errors import ZohoError

_PIECE = 1 << 20
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How Excel's .xlsx and .xls begin."""


class EncodedFile:
    """A regular file that is open.

    Args:
        path: what it is called.
        file: it.
        encoding: how its text is written; None, it is found out.

    Raises:
        ZohoError: it is no text.
    """

    def __init__(self, path: Path, file: BinaryIO, encoding: str | None = None) -> None:
        self.path = path
        self._file = file
        self._before = _state(file)
        self.told = ""
        """What the person should know of the encoding; empty, nothing."""
        self.encoding = encoding or self._found()

    @property
    def report_encoding(self) -> str:
        """What a report on it is written in: UTF-8, with a mark where the file had one or was none."""
        return "utf-8" if codecs.lookup(self.encoding).name in ("utf-8", "ascii") else "utf-8-sig"

    @property
    def changed(self) -> bool:
        """Whether somebody wrote into it since it was opened."""
        return _state(self._file) != self._before

    @contextmanager
    def text(self, newline: str = "") -> Generator[TextIO]:
        """Give its text from the beginning; raises `ZohoError` where it is none in that encoding."""
        self._file.seek(0)
        reader = io.TextIOWrapper(self._file, encoding=self.encoding, newline=newline)
        try:
            yield reader
        except UnicodeError:
            raise self._no_text(f"is not written in {self.encoding}") from None
        except OSError as error:
            raise storage_error(self.path, error) from None
        finally:
            reader.detach()

    def _found(self) -> str:
        self._file.seek(0)
        head = self._file.read(_PIECE)
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if head.startswith(_WORKBOOKS):
            raise self._no_text("is a workbook")
        if b"\0" in head:
            raise self._no_text("has bytes in it that no text has")
        for encoding in ("utf-8", "cp1252"):
            if self._is_in(encoding):
                if encoding != "utf-8":
                    self.told = (
                        f"{clean_line(self.path.name)} is not written in UTF-8; it is read as Windows "
                        "text (cp1252). If names look wrong, give --encoding."
                    )
                return encoding
        raise self._no_text("is written neither in UTF-8 nor as Windows text")

    def _is_in(self, encoding: str) -> bool:
        decoder = codecs.getincrementaldecoder(encoding)()
        self._file.seek(0)
        try:
            for piece in iter(lambda: self._file.read(_PIECE), b""):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True

    def _no_text(self, fault: str) -> ZohoError:
        return ZohoError(
            f"{clean_line(str(self.path))} {fault}.",
            next_step="Save it as CSV in UTF-8, or say how it is written by --encoding; nothing was saved.",
            code="no_text",
        )


@contextmanager
def open_encoded(path: Path, encoding: str | None = None) -> Generator[EncodedFile]:
    """Open the file at *path*; raises `ZohoError` where it is none, or no text."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise storage_error(path, error) from None
    with file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ZohoError(
                f"{clean_line(str(path))} is no regular file, and would have to be read more than once.",
                next_step="Write it into a file first.",
                code="no_file",
            )
        yield EncodedFile(path, file, encoding)


def is_encoding(name: str) -> bool:
    """Say whether text can be written in an encoding of that name."""
    try:
        "".encode(name)
        return True
    except (LookupError, ValueError):
        return False


def _state(file: BinaryIO) -> tuple[int, int]:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def numbered(text: TextIO) -> Iterator[tuple[int, str]]:
    """Yield the lines of *text* with their numbers, from 1."""
    return enumerate(text, 1)
