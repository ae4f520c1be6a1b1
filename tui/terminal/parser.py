"""What Textual writes, turned into cells.

A frame of Textual has a strict grammar (`textual._compositor`, `textual.strip`): cursor addresses, plain
text, and styled text as one SGR sequence, the text, and a reset. Nothing else is a sequence. What does not
fit (an SGR or a cursor address inside styled text, an ESC of any other kind) is somebody's data, and data is
text: it is shown in its visible form. No byte of a frame is ever passed on. Data that fits is kept from us by
`foreign`: in a frame of the app, an ESC in a text is a stand-in.
"""

from __future__ import annotations

import re
from typing import Final

from tui.terminal.foreign import visible
from tui.terminal.screen import Screen
from tui.terminal.style import DEFAULT, Style, parse_sgr

_SEQUENCE: Final = re.compile(r"(\n?\x1b\[[0-9]{1,4};[0-9]{1,4}H|\x1b\[[0-9;]{1,120}m)")
_FRAME_START: Final = re.compile(r"\n*\x1b\[[0-9]{1,4};[0-9]{1,4}H")
_LINK: Final = re.compile(r"\x1b\]8;[^\x1b\x07]{0,4096}\x1b\\")
_RESET: Final = "\x1b[0m"
_MOST_SEQUENCES: Final = 4096


def is_frame(data: str) -> bool:
    """Tell whether a whole write of Textual is a frame: it begins with a cursor address."""
    return _FRAME_START.match(data) is not None


class FrameParser:
    """Writes the frames of Textual into a `Screen`."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self._styles: dict[str, Style | None] = {}

    def feed(self, frame: str) -> None:
        """Write one frame (one call of ``Driver.write``) into the screen."""
        if "\x1b]8;" in frame:
            # Textual wraps `Style.link` in OSC 8. A link shows what it says; where it leads is not shown, so
            # it goes.
            frame = _LINK.sub("", frame)
        write = self.screen.write
        styles = self._styles
        x = y = 0
        style = DEFAULT
        styled = False
        joined = False
        pieces = iter(_SEQUENCE.split(frame))
        for text in pieces:
            if text:
                x = write(x, y, visible(text), style, joined=joined)
                joined = True
            sequence = next(pieces, None)
            if sequence is None:
                break
            if sequence == _RESET:
                style, styled = DEFAULT, False
            elif styled:
                x = write(x, y, sequence, style, joined=joined)
                joined = True
            elif sequence[-1] == "H":
                row, column = sequence[sequence.index("[") + 1 : -1].split(";")
                x, y = max(int(column), 1) - 1, max(int(row), 1) - 1
                joined = False
            else:
                known = styles[sequence] if sequence in styles else self._style(sequence)
                if known is None:
                    x = write(x, y, sequence, style, joined=joined)
                else:
                    style, styled = known, True

    def _style(self, sequence: str) -> Style | None:
        if len(self._styles) >= _MOST_SEQUENCES:
            self._styles.clear()
        style = self._styles[sequence] = parse_sgr(sequence[2:-1])
        return style
