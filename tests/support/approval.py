"""A person with a browser, who signs a device in: reads or scans what it shows, opens the page, answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin
from urllib.request import urlopen

from pty_session import PtySession

_SHOWN = re.compile(r"Open in any browser: (\S+).*?Code: (\S+)", re.DOTALL)

_HALVES = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}

_WIDEST = 240
"""Columns of a terminal, at most."""

_MASKS: Sequence[Callable[[int, int], int]] = (
    lambda y, x: (y + x) % 2,
    lambda y, x: y % 2,
    lambda y, x: x % 3,
    lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2,
    lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)


class _Form(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.action = ""
        self.method = "get"
        self.inputs: list[str] = []
        self.buttons: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.action, self.method = given["action"], given.get("method", "get")
        elif tag == "input":
            self.inputs.append(given["name"])
        elif tag == "button" and "value" in given:
            self.buttons[given["value"]] = given["name"]


def shown(text: str) -> tuple[str, str] | None:
    """Return the address and the code in what a device shows; None while it does not."""
    found = _SHOWN.search(text)
    return (found[1], found[2]) if found else None


def decide(address: str, code: str, word: str = "approve") -> str:
    """Open the page at *address*, type *code*, press the button *word*; return the page that comes."""
    form = _Form(_read(address))
    if form.method == "get":
        asked = urlencode(dict.fromkeys(form.inputs, code))
        form = _Form(_read(urljoin(address, f"{form.action}?{asked}")))
    sent = dict.fromkeys(form.inputs, code) | {form.buttons[word]: word}
    return _read(urljoin(address, form.action), urlencode(sent).encode())


def _read(address: str, form: bytes | None = None) -> str:
    with urlopen(address, form, timeout=10) as answer:  # an address of a test's own server
        return answer.read().decode()


def scanned(terminal: PtySession) -> str:
    """Return what the QR code on the screen says, as a phone's camera would.

    It is read by the standard (ISO/IEC 18004), from the colours of the cells: versions 1 to 5 of the lowest
    correction, whose bytes lie in one row. Errors are not corrected: a screen has none.
    """
    matrix = _trimmed(list(_dots(terminal)))
    size = len(matrix)
    assert (size, {len(row) for row in matrix}) in [(v * 4 + 17, {v * 4 + 17}) for v in range(1, 6)], size
    told = int("".join(str(int(dark)) for dark in matrix[8][:5]), 2) ^ 0b10101
    assert told >> 3 == 0b01, "the lowest correction"
    mask = _MASKS[told & 0b111]
    bits = "".join(str(int(matrix[y][x] ^ (not mask(y, x)))) for y, x in _places(size))
    assert bits[:4] == "0100", "bytes"
    length = int(bits[4:12], 2)
    return bytes(int(bits[at : at + 8], 2) for at in range(12, 12 + 8 * length, 8)).decode()


def _dots(terminal: PtySession) -> Iterator[list[bool]]:
    """Give the rows of the picture: dark on light, whatever the terminal's own colours are."""
    for y in range(len(terminal.lines())):
        cells = (terminal.buffer[y][x] for x in range(_WIDEST))
        halves = [_HALVES[cell.data] for cell in cells if (cell.fg, cell.bg) == ("black", "white")]
        if halves:
            yield [upper for upper, _ in halves]
            yield [lower for _, lower in halves]


def _trimmed(dots: list[list[bool]]) -> list[list[bool]]:
    """Take away what is light all around: three of the corners are dark."""
    rows = [y for y, row in enumerate(dots) if any(row)]
    columns = [x for row in dots for x, dark in enumerate(row) if dark]
    assert rows, "no QR code is on the screen"
    return [row[min(columns) : max(columns) + 1] for row in dots[rows[0] : rows[-1] + 1]]


def _places(size: int) -> Iterator[tuple[int, int]]:
    """Give the places of the data, two columns at a time from the right, upwards and downwards in turn."""
    rights = [*range(size - 1, 6, -2), 5, 3, 1]
    for turn, right in enumerate(rights):
        for y in range(size) if turn % 2 else reversed(range(size)):
            for x in (right, right - 1):
                if not _is_frame(y, x, size):
                    yield y, x


def _is_frame(y: int, x: int, size: int) -> bool:
    """Tell whether a place is of the corners with what is told beside them, the dotted lines, or the eye."""
    corner = (y < 9 and (x < 9 or x >= size - 8)) or (y >= size - 8 and x < 9)
    eye = size > 21 and all(size - 9 <= at <= size - 5 for at in (y, x))
    return corner or eye or 6 in (y, x)
