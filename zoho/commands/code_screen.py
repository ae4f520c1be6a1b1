"""What a rep sees while a sign-in waits: the address, the code, a QR code, and one line that counts down."""

from __future__ import annotations

import math
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

import click

from zoho.commands.large_letters import large
from zoho.commands.qr_code import Ink, Piece, painted, qr_code

if TYPE_CHECKING:
    from zoho.api.sign_in import CodeReady, Waiting

_LEAST_PANEL = 23
"""Columns beside the QR code: four large letters."""

_GAP = 2


class CodeScreen:
    """Standard output, as a terminal if it is one, else as plain lines.

    Args:
        columns: of the terminal; None, it is none.
        rows: of the terminal.
        ascii_only: nothing but ASCII.
        colours: may be used.
    """

    def __init__(
        self, columns: int | None, rows: int = 24, *, ascii_only: bool = False, colours: bool = True
    ) -> None:
        self._columns = columns
        self._rows = rows
        self._ascii = ascii_only
        self._colours = colours
        self._line = ""

    @classmethod
    def of_process(cls, *, ascii_only: bool, environ: Mapping[str, str] = os.environ) -> CodeScreen:
        """Return the screen of this process."""
        plain = ascii_only or speaks_ascii(environ)
        if not sys.stdout.isatty() or environ.get("TERM", "dumb") == "dumb":
            return cls(None, ascii_only=plain)
        size = shutil.get_terminal_size()
        return cls(size.columns, size.lines, ascii_only=plain, colours=not environ.get("NO_COLOR"))

    def show(self, ready: CodeReady) -> None:
        """Show the code."""
        for line in self.drawn(ready):
            click.echo(line)

    def drawn(self, ready: CodeReady) -> list[str]:
        """Return the lines that show the code; with the line that counts down they fill the terminal."""
        if self._columns is None:
            complete = ready.complete_address
            code = f"Code: {ready.user_code}"
            more = [f"Or, with the code in it: {complete}"] if complete else []
            return [address_words(ready), code, *more]
        rows = code_rows(ready, self._columns, self._rows - 2, ascii_only=self._ascii, colours=self._colours)
        return [address_words(ready), *(f"{painted(row.picture)}{row.text}" for row in rows)]

    def count(self, waiting: Waiting) -> None:
        """Say how long the code still lives, in the one line below it; nothing without a terminal."""
        if self._columns is None:
            return
        line = f"{waiting_words(waiting)} Ctrl+C stops."[: self._columns - 1]
        if line != self._line:
            self._write(f"\r{line}\x1b[K")
            self._line = line

    def end_count(self) -> None:
        """Take the line that counts down away."""
        if self._line:
            self._write("\r\x1b[K")
            self._line = ""

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One line that shows a code: a piece of the QR code, or as many blanks, and what stands beside it."""

    picture: tuple[Piece, ...]
    text: str


def code_rows(ready: CodeReady, columns: int, rows: int, *, ascii_only: bool, colours: bool) -> list[CodeRow]:
    """Return the lines that show a code below its address: large, and as a QR code where there is room.

    Args:
        ready: what is shown.
        columns: that there are.
        rows: that the QR code may take; the letters may take more.
        ascii_only: nothing but ASCII.
        colours: may be used; a QR code needs them, since the terminal's own may be either way round.
    """
    addresses = (ready.complete_address, ready.address) if colours else ()
    targets = filter(None, addresses)  # the shorter one may still fit
    code = f"Code: {ready.user_code}"
    free = columns - max(_LEAST_PANEL, len(code)) - _GAP
    pictures = (qr_code(one, free, rows, ascii_only=ascii_only) for one in targets)
    picture = next(filter(None, pictures), None)
    room = columns - (picture.columns + _GAP if picture else 0)
    letters = large(ready.user_code, room, ascii_only=ascii_only)
    panel = ["and type this code:", "", *letters, "", code]
    if picture is None:
        return [CodeRow((), text) for text in panel]
    panel += ["", "Or scan this with a phone."]
    gap, blank = " " * _GAP, ((" " * picture.columns, Ink.NONE),)
    beside = zip_longest(picture.lines, panel)
    return [CodeRow(left or blank, gap + right if right else "") for left, right in beside]


def address_words(ready: CodeReady) -> str:
    """Say where to go."""
    return f"Open in any browser: {ready.address}"


def waiting_words(waiting: Waiting) -> str:
    """Say what is waited for, and how long the code still lives."""
    left = max(math.ceil(waiting.seconds_left), 0)
    what = "Zoho gives no clear answer, asking again" if waiting.trouble else "Waiting for you to approve"
    return f"{what}: {left // 60}:{left % 60:02d} left."


def speaks_ascii(environ: Mapping[str, str]) -> bool:
    """Tell whether the locale is C, POSIX or of another character set than UTF-8; unset, it is UTF-8."""
    everything, kind, language = (environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    if not everything and language in ("C", "POSIX") and kind in ("C.UTF-8", "C.utf8", "UTF-8"):
        return True  # put there by Python itself, since the rep's own locale was C (PEP 538)
    locale = everything or kind or language
    return bool(locale) and "UTF8" not in locale.upper().replace("-", "")
