"""In which line of a TOML text each key stands. `tomllib` does not tell it of a text that is well formed.

The text is walked once, statement by statement, the way that TOML 1.0 describes it; what stands in strings
and comments is passed over whole. It is only asked about texts that `tomllib` took.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from contextlib import suppress

Path = tuple[str | int, ...]
"""The keys to a value, from the outside inwards; the elements of an array count from 0."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'  # up to two quotes may stand before the three that end it
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_KEY = re.compile(r"[ \t]*(?:([A-Za-z0-9_-]+)|(\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'))[ \t]*")
_SCALAR = re.compile(r"[^,\]}#\n]*")


def lines_of(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every table, key and array element of *text*.

    Args:
        text: TOML that `tomllib.loads` accepts. Of any other what is understood of it is told, or nothing.
    """
    walk = _Walk(text.replace("\r\n", "\n"))
    with suppress(_Lost, RecursionError, tomllib.TOMLDecodeError):
        walk.document()
    return walk.lines


def line_at(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of *path*; of what is not written, that of what it would stand in, at last line 1."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 1)


class _Lost(Exception):
    """The text is not the TOML that was expected."""


class _Walk:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._tables: dict[Path, int] = {}

    def document(self) -> None:
        """Read statements until the end."""
        inside: Path = ()
        while self._skip() < len(self._text):
            if self._text.startswith("[", self._at):
                inside = self._header()
            else:
                self._pair(inside)

    def _skip(self) -> int:
        self._at = self._match(_BLANK).end()
        return self._at

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise _Lost
        return found

    def _take(self, mark: str) -> bool:
        if not self._text.startswith(mark, self._at):
            return False
        self._at += len(mark)
        return True

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise _Lost

    def _note(self, path: Path, at: int) -> None:
        self.lines.setdefault(path, bisect_left(self._ends, at) + 1)

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            found = self._match(_KEY)
            self._at = found.end()
            bare, quoted = found.groups()
            parts.append(bare if bare is not None else tomllib.loads(f"k = {quoted}")["k"])
            if not self._take("."):
                return parts

    def _header(self) -> Path:
        at = self._at
        mark = "]]" if self._take("[[") else "]"
        if mark == "]":
            self._expect("[")
        *outer, last = self._key()
        self._expect(mark)
        path: Path = ()
        for part in outer:
            path = self._current((*path, part), at)
        path = (*path, last)
        self._note(path, at)
        if mark == "]":
            return path
        self._tables[path] = self._tables.get(path, -1) + 1
        path = (*path, self._tables[path])
        self._note(path, at)
        return path

    def _current(self, path: Path, at: int) -> Path:
        """Return *path*, or its last table if it is an array of them."""
        self._note(path, at)
        return (*path, self._tables[path]) if path in self._tables else path

    def _pair(self, inside: Path) -> None:
        at = self._at
        for part in self._key():
            inside = (*inside, part)
            self._note(inside, at)
        self._expect("=")
        self._skip()
        self._value(inside)

    def _value(self, path: Path) -> None:
        if self._take("["):
            self._array(path)
        elif self._take("{"):
            self._inline(path)
        elif self._text[self._at : self._at + 1] in ('"', "'"):
            self._at = self._match(_STRING).end()
        else:
            self._at = self._match(_SCALAR).end()

    def _array(self, path: Path) -> None:
        place = 0
        while self._skip() < len(self._text) and not self._take("]"):
            self._note((*path, place), self._at)
            self._value((*path, place))
            place += 1
            self._skip()
            if not self._take(",") and not self._text.startswith("]", self._at):
                raise _Lost

    def _inline(self, path: Path) -> None:
        while self._skip() < len(self._text) and not self._take("}"):
            self._pair(path)
            self._skip()
            if not self._take(",") and not self._text.startswith("}", self._at):
                raise _Lost
