"""A strict model of a terminal, to judge what our driver sends. It shares no code with the driver.

It knows the sequences that a VT220 with colours and today's modes knows, and only those: any other sequence,
and anything on which terminals differ (a relative move after the last column, half a wide character, a line
feed in the last row) is an error.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NamedTuple

Look = tuple[frozenset[int], str, str]
PLAIN: Look = (frozenset(), "", "")

_CSI = re.compile(r"\x1b\[([<=>?]?)([0-9;]*)([ -/]*)([@-~])")
_OSC = re.compile(r"\x1b\]([^\x07\x1b]*)(?:\x07|\x1b\\)")
_CUT_OFF = re.compile(r"\x1b(?:\[[<=>?]?[0-9;]*[ -/]*|\][^\x07\x1b]*\x1b?)?$")
_MODES = {7, 25, 1000, 1003, 1004, 1006, 1015, 1016, 1049, 2004, 2026, 2048}
_ENDS = {22: {1, 2}, 23: {3}, 24: {4, 21}, 25: {5, 6}, 27: {7}, 28: {8}, 29: {9}, 54: {51, 52}, 55: {53}}
_STARTS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 21, 51, 52, 53}
_SHOWN_ON_BLANK = {4, 7, 9, 21, 51, 52, 53}


class Unknown(AssertionError):
    """The model does not know what a real terminal would do."""


class Cell(NamedTuple):
    """One grapheme (empty: the second column of a wide one) and its look."""

    text: str
    look: Look

    def seen(self) -> Cell:
        """Return the cell as the eye sees it: a blank's letter has no colour and no weight."""
        attributes, _, background = self.look
        if self.text != " " or attributes & _SHOWN_ON_BLANK:
            return self
        return Cell(" ", (frozenset(), "", background))


_BLANK = Cell(" ", PLAIN)


class ModelTerminal:
    """Takes what a program writes and holds what would be on the screen.

    Args:
        columns: Width.
        rows: Height.
        joins: Show a ZWJ cluster as one character, as Textual assumes. False: as its parts, as many terminals
        do.
        crops: Drop what is written beyond the edges, as where Textual still draws for a size that was. False:
        that is an error, or goes into the last column.
    """

    def __init__(self, columns: int, rows: int, *, joins: bool = True, crops: bool = False) -> None:
        self.columns = columns
        self.rows = rows
        self.cells = [[_BLANK] * columns for _ in range(rows)]
        self.x = 0
        self.y = 0
        self.look: Look = PLAIN
        self.modes: set[int] = {7, 25}
        self.keyboard: list[str] = []
        self.bells = 0
        self.copied: list[str] = []
        self._joins = joins
        self._crops = crops
        self._held = False
        self._joiner = False
        self._moved = True
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._rest = ""

    # The picture

    def seen(self) -> list[list[Cell]]:
        """Return the cells as the eye sees them."""
        return [[cell.seen() for cell in row] for row in self.cells]

    def lines(self) -> list[str]:
        """Return the text of every row."""
        return ["".join(cell.text for cell in row).rstrip() for row in self.cells]

    @property
    def cursor_shown(self) -> bool:
        """Whether the cursor is visible."""
        return 25 in self.modes

    def resize(self, columns: int, rows: int, *, litter: bool = False) -> None:
        """Take another size. *litter*: leave rubbish on the screen, as a terminal that rewraps may."""
        old = self.cells
        self.cells = [[Cell("?", PLAIN) if litter else _BLANK] * columns for _ in range(rows)]
        if not litter:
            for row, before in zip(self.cells, old, strict=False):
                row[: min(columns, self.columns)] = before[:columns]
                if columns < self.columns and not before[columns].text:
                    row[columns - 1] = Cell(" ", row[columns - 1].look)  # half a wide character
        self.columns, self.rows = columns, rows
        self.x, self.y, self._held = min(self.x, columns - 1), min(self.y, rows - 1), True

    # The input

    def feed(self, data: bytes | str) -> None:
        """Take what a program writes."""
        text = self._rest + (data if isinstance(data, str) else self._decoder.decode(data))
        cut = _CUT_OFF.search(text)
        self._rest = text[cut.start() :] if cut else ""
        text = text[: cut.start()] if cut else text
        place = 0
        while place < len(text):
            character = text[place]
            if character == "\x1b":
                place = self._sequence(text, place)
            else:
                self._character(character)
                place += 1

    def _sequence(self, text: str, place: int) -> int:
        self._joiner = False
        if match := _CSI.match(text, place):
            self._csi(*match.groups())
        elif match := _OSC.match(text, place):
            kind, _, value = match[1].partition(";")
            if kind != "52":
                raise Unknown(f"OSC {match[1]!r}")
            self.copied.append(value)
        else:
            raise Unknown(f"escape sequence {text[place : place + 12]!r}")
        return match.end()

    def _csi(self, marker: str, numbers: str, between: str, final: str) -> None:
        whole = marker + numbers + between + final
        if marker or between:
            self._private(whole, marker, numbers, between + final)
        elif final == "m":
            self._select_look(numbers)
        elif final == "H":
            self._address(numbers)
        elif final in "ABCD":
            self._step(final, int(numbers or 1))
        elif whole == "K":
            self._erase_line()
        elif whole == "2J":
            blank = Cell(" ", (frozenset(), "", self.look[2]))
            self.cells = [[blank] * self.columns for _ in range(self.rows)]
        elif whole != "c":
            raise Unknown(f"CSI {whole!r}")

    def _private(self, whole: str, marker: str, numbers: str, final: str) -> None:
        if marker == "?" and final in ("h", "l"):
            self._mode(int(numbers), final == "h")
        elif marker == ">" and final == "u":
            self.keyboard.append(numbers)
        elif whole == "<u":
            self.keyboard.pop()
        elif whole not in ("?2026$p", "?2048$p"):
            raise Unknown(f"CSI {whole!r}")

    def _mode(self, number: int, on: bool) -> None:
        if number not in _MODES:
            raise Unknown(f"mode {number}")
        if on:
            self.modes.add(number)
        else:
            self.modes.discard(number)

    def _address(self, numbers: str) -> None:
        self._moved = True
        row, _, column = numbers.partition(";")
        self.y, self.x = int(row or 1) - 1, int(column or 1) - 1
        self._held = False
        if not self._crops and not (0 <= self.x < self.columns and 0 <= self.y < self.rows):
            raise Unknown(f"address {numbers!r} beyond {self.columns}x{self.rows}")

    def _step(self, final: str, count: int) -> None:
        self._moved = True
        if self._held:
            raise Unknown("a relative move after the last column")
        if count < 1:
            raise Unknown("a move of no length")
        x, y = {"A": (0, -1), "B": (0, 1), "C": (1, 0), "D": (-1, 0)}[final]
        self.x, self.y = self.x + x * count, self.y + y * count
        if not (0 <= self.x < self.columns and 0 <= self.y < self.rows):
            raise Unknown("a move beyond the edge")

    def _erase_line(self) -> None:
        if self._held:
            raise Unknown("erasing after the last column")
        if self.look[0] & _SHOWN_ON_BLANK or self.look[2]:
            raise Unknown("erasing in colour: terminals differ")
        self._halve(self.x)
        self.cells[self.y][self.x :] = [_BLANK] * (self.columns - self.x)

    def _select_look(self, numbers: str) -> None:
        attributes, fg, bg = set(self.look[0]), self.look[1], self.look[2]
        codes = [int(code) for code in (numbers or "0").split(";")]
        while codes:
            code = codes.pop(0)
            if code == 0:
                attributes, fg, bg = set(), "", ""
            elif code in _STARTS:
                attributes.add(code)
            elif code in _ENDS:
                attributes -= _ENDS[code]
            elif code in (38, 48):
                length = {5: 2, 2: 4}[codes[0]]
                colour = ";".join(map(str, [code, *codes[:length]]))
                if len(codes) < length or max(codes[:length]) > 255:
                    raise Unknown(f"SGR {numbers!r}")
                del codes[:length]
                fg, bg = (colour, bg) if code == 38 else (fg, colour)
            elif 30 <= code <= 37 or 90 <= code <= 97 or code == 39:
                fg = "" if code == 39 else str(code)
            elif 40 <= code <= 47 or 100 <= code <= 107 or code == 49:
                bg = "" if code == 49 else str(code)
            else:
                raise Unknown(f"SGR {numbers!r}")
        self.look = (frozenset(attributes), fg, bg)

    # Characters

    def _character(self, character: str) -> None:
        if character in "\r\n":
            self._moved = True
        if character == "\n" and self._crops:
            self.x, self.y, self._held = 0, self.y + 1, False
        elif character == "\r":
            self.x, self._held = 0, False
        elif character == "\n":
            if self.y == self.rows - 1:
                raise Unknown("a line feed in the last row")
            self.x, self.y, self._held = 0, self.y + 1, False
        elif character == "\b":
            self._step("D", 1)
        elif character == "\x07":
            self.bells += 1
        elif unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            raise Unknown(f"control character {character!r}")
        else:
            self._print(character)

    def _print(self, character: str) -> None:
        joined, self._joiner = self._joiner and self._joins, False
        width = 0 if joined else _width(character)
        if self._crops and self._is_beyond(width):
            self.x += width
            return
        if width == 0:
            self._attach(character)
            return
        self._moved = False
        if 7 in self.modes and self.x + width > self.columns:
            raise Unknown("automatic wrapping")
        if self._crops and self.x + width > self.columns:
            character = " "  # half a wide character
        elif self._held or self.x + width > self.columns:
            if width > 1:
                raise Unknown("a wide character that does not fit")
            self.x = self.columns - 1
        self._halve(self.x)
        self._halve(self.x + width)
        row = self.cells[self.y]
        row[self.x] = Cell(character, self.look)
        for column in range(self.x + 1, min(self.x + width, self.columns)):
            row[column] = Cell("", self.look)
        self._advance(width)

    def _is_beyond(self, width: int) -> bool:
        return self.y >= self.rows or self.x > self.columns or (self.x == self.columns and width > 0)

    def _advance(self, width: int) -> None:
        self.x += width
        self._held = self.x >= self.columns
        if not self._crops:
            self.x = min(self.x, self.columns - 1)

    def _attach(self, mark: str) -> None:
        if self._moved and self._crops:
            return  # Textual wrote a mark without its letter: terminals differ, and ours shows nothing
        if self._moved:
            raise Unknown("a combining mark after a move: terminals differ")
        row = self.cells[self.y]
        column = min(self.x, self.columns - 1) if self._held else self.x - 1
        while column > 0 and not row[column].text:
            column -= 1
        if column < 0:
            raise Unknown("a combining mark without a letter")
        cell = row[column]
        self._joiner = mark == "\u200d"
        row[column] = Cell(cell.text + mark, cell.look)
        if mark == "\ufe0f" and _width(cell.text[-1]) == 1 and not self._held:
            # Emoji presentation makes a narrow sign a wide one.
            self._halve(self.x + 1)
            row[self.x] = Cell("", cell.look)
            self._advance(1)

    def _halve(self, column: int) -> None:
        """Blank a wide character of which *column* is the second half: it is about to be cut."""
        row = self.cells[self.y]
        if 0 < column < self.columns and not row[column].text:
            lead = column - 1
            while not row[lead].text:
                lead -= 1
            for cut in range(lead, self.columns):
                if cut > lead and row[cut].text:
                    break
                row[cut] = Cell(" ", row[cut].look)


def _width(character: str) -> int:
    if character in "\u200b\u200c\u200d\ufe0e\ufe0f" or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
