"""A short code in large letters, to be read off a terminal from across a desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

HEIGHT, WIDTH = 7, 5

# Five columns for each letter, the lowest bit at the top: the classic 5x7 font of small displays. The zero
# has a stroke, so that it is not taken for an O.
_FONT: Mapping[str, str] = {
    "0": "3E5149453E", "1": "00427F4000", "2": "4261514946", "3": "2141454B31", "4": "1814127F10",
    "5": "2745454539", "6": "3C4A494930", "7": "0171090503", "8": "3649494936", "9": "064949291E",
    "A": "7E1111117E", "B": "7F49494936", "C": "3E41414122", "D": "7F4141221C", "E": "7F49494941",
    "F": "7F09090901", "G": "3E4149497A", "H": "7F0808087F", "I": "00417F4100", "J": "2040413F01",
    "K": "7F08142241", "L": "7F40404040", "M": "7F020C027F", "N": "7F0408107F", "O": "3E4141413E",
    "P": "7F09090906", "Q": "3E4151215E", "R": "7F09192946", "S": "4649494931", "T": "01017F0101",
    "U": "3F4040403F", "V": "1F2040201F", "W": "3F4038403F", "X": "6314081463", "Y": "0708700807",
    "Z": "6151494543", "-": "0808080808", " ": "0000000000",
}  # fmt: skip


def large(text: str, columns: int, *, ascii_only: bool = False) -> list[str]:
    """Return *text* drawn in lines of at most *columns*, in as many rows of letters as it needs.

    An empty list where it does not fit, or has a letter that is not in the font: small letters are not, since
    their size may matter.
    """
    room = (columns + 1) // (WIDTH + 1)
    if room < 1 or not text or any(letter not in _FONT for letter in text):
        return []
    lines: list[str] = []
    for part in _parts(text, room):
        lines += [*([""] if lines else []), *_drawn(part, ascii_only=ascii_only)]
    return lines


def _parts(text: str, room: int) -> list[str]:
    """Cut *text* into pieces of at most *room* letters, after a hyphen if that is enough."""
    if len(text) <= room:
        return [text]
    pieces = [piece + "-" for piece in text.split("-")]
    pieces[-1] = pieces[-1][:-1]
    if all(len(piece) <= room for piece in pieces):
        return pieces
    return [text[start : start + room] for start in range(0, len(text), room)]


def _drawn(text: str, *, ascii_only: bool) -> list[str]:
    dots = [[_dot(letter, x, y) for letter in text for x in range(WIDTH + 1)] for y in range(HEIGHT)]
    lines = ["".join("#" if dot else " " for dot in row) for row in dots] if ascii_only else half_blocks(dots)
    return [line.rstrip() for line in lines]


def _dot(letter: str, x: int, y: int) -> bool:
    return x < WIDTH and bool(bytes.fromhex(_FONT[letter])[x] >> y & 1)


def half_blocks(dots: Sequence[Sequence[bool]]) -> list[str]:
    """Return rows of dots, two to a line: each character is a dot above a dot."""
    below = [*dots[1:], [False] * len(dots[0])]
    return ["".join(map(_block, dots[y], below[y])) for y in range(0, len(dots), 2)]


def _block(upper: bool, lower: bool) -> str:
    if upper:
        return "█" if lower else "▀"
    return "▄" if lower else " "
