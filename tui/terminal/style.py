"""How a cell looks, and the shortest SGR sequence from one look to another.

Styles are interned: two cells look the same if their styles are the same object.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_OFF: Final = {1: 22, 2: 22, 3: 23, 4: 24, 21: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 51: 54, 52: 54, 53: 55}
"""The SGR code that ends each attribute; bold and dim, the two underlines, the two blinks end together."""

_SEEN_ON_BLANK: Final = frozenset({4, 7, 9, 21, 51, 52, 53})
"""What shows on a cell without a letter, in the colour of the letter that is not there."""

_MOST_STYLES: Final = 4096


class Style:
    """Attributes and colours of a cell. Get one from `style_of` or `parse_sgr`, and compare by identity."""

    __slots__ = ("attributes", "bg", "blank", "fg")

    def __init__(self, attributes: frozenset[int], fg: str, bg: str) -> None:
        self.attributes = attributes
        """SGR codes of the attributes that are on."""
        self.fg = fg
        """SGR parameters of the foreground, empty for the terminal's own."""
        self.bg = bg
        """SGR parameters of the background, empty for the terminal's own."""
        self.blank: Style = self
        """What is seen of this style on a blank cell: two blanks look the same if these are the same object.
        """

    def __repr__(self) -> str:
        return f"Style({parameters(self)!r})"


DEFAULT: Final = Style(frozenset(), "", "")
_known: dict[tuple[frozenset[int], str, str], Style] = {(frozenset(), "", ""): DEFAULT}


def style_of(attributes: frozenset[int], fg: str, bg: str) -> Style:
    """Return the one style with these SGR codes of attributes and these SGR parameters of colours."""
    key = (attributes, fg, bg)
    style = _known.get(key)
    if style is None:
        if len(_known) >= _MOST_STYLES:
            # Forgetting costs a few bytes (equal looks are taken for different once), never a wrong screen.
            _known.clear()
            _known[(frozenset(), "", "")] = DEFAULT
        style = _known[key] = Style(attributes, fg, bg)
        if not attributes & _SEEN_ON_BLANK and (attributes or fg):
            style.blank = style_of(frozenset(), "", bg)
    return style


def parse_sgr(text: str) -> Style | None:
    """Return the style that SGR parameters (``1;38;2;255;0;0``) give to a reset pen, or None if one is
    unknown.
    """
    attributes: set[int] = set()
    colours = {3: "", 4: ""}
    try:
        codes = iter([int(code) for code in text.split(";")])
    except ValueError:
        return None
    for code in codes:
        tens, unit = divmod(code % 60, 10)
        if code in _OFF:
            attributes.add(code)
        elif code in (38, 48):
            colour = _extended_colour(codes)
            if colour is None:
                return None
            colours[tens] = f"{code};{colour}"
        elif code in (39, 49):
            colours[tens] = ""
        elif 30 <= code <= 37 or 40 <= code <= 47 or ((90 <= code <= 97 or 100 <= code <= 107) and unit <= 7):
            colours[tens] = str(code)
        else:
            return None
    return style_of(frozenset(attributes), colours[3], colours[4])


def _extended_colour(codes: Iterator[int]) -> str | None:
    kind = next(codes, None)
    values = [next(codes, None) for _ in range({5: 1, 2: 3}.get(kind or 0, 0))]
    if not values or not all(value is not None and value <= 255 for value in values):
        return None
    return ";".join(map(str, [kind, *values]))


def parameters(style: Style) -> str:
    """Return the SGR parameters that give *style* to a reset pen; empty for the terminal's own look."""
    parts = [str(code) for code in sorted(style.attributes)]
    return ";".join([*parts, *filter(None, (style.fg, style.bg))])


@lru_cache(4096)
def change(before: Style, after: Style) -> str:
    """Return the shortest SGR sequence that takes the pen from one style to another."""
    if before is after:
        return ""
    full = parameters(after)
    by_reset = f"\x1b[0;{full}m" if full else "\x1b[m"
    by_steps = f"\x1b[{';'.join(_steps(before, after))}m"
    return min(by_steps, by_reset, key=len)


def _steps(before: Style, after: Style) -> list[str]:
    ending = {_OFF[code] for code in before.attributes - after.attributes}
    starting = {
        code
        for code in after.attributes
        # What shares its ending with another attribute goes off with it, and has to be set again.
        if code not in before.attributes or _OFF[code] in ending
    }
    parts = [str(code) for code in (*sorted(ending), *sorted(starting))]
    if before.fg != after.fg:
        parts.append(after.fg or "39")
    if before.bg != after.bg:
        parts.append(after.bg or "49")
    return parts
