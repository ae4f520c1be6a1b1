"""The control sequences that may pass to the terminal as they are; there is no other way for one to pass."""

from __future__ import annotations

from typing import Final

BELL: Final = "\x07"
"""The only effect is a sound. `App.bell` writes it."""

SYNC_START: Final = "\x1b[?2026h"
SYNC_END: Final = "\x1b[?2026l"
"""Around a large change, so that the terminal shows it at once; no effect where it is unknown."""

SHOW_CURSOR: Final = "\x1b[?25h"
HIDE_CURSOR: Final = "\x1b[?25l"

ASK_FOR_SYNC: Final = "\x1b[?2026$p"
"""Apple's Terminal prints the final letter of it, so it is not asked there."""

POINTER_SHAPE: Final = "\x1b]22;"
"""Not passed, and not worth a warning: Textual gives the mouse another shape over a field."""

# (on, off, why). Textual's driver also asks for reports of resizes in the input stream (2048) and for the
# mouse in pixels (1016), which it needs for smooth scrolling. Left out: SIGWINCH says the same, and over SSH
# a report for every pixel that the mouse passes is the heaviest traffic of all. Nor is the mouse asked in
# urxvt's encoding (1015): every terminal that has it has 1006 too.
_WHILE_WE_RUN: Final = (
    ("\x1b[?1049h", "\x1b[?1049l", "a screen of our own, so that the shell's comes back as it was"),
    ("\x1b[?7l", "\x1b[?7h", "no automatic wrapping: the last column can be written without scrolling"),
    (HIDE_CURSOR, SHOW_CURSOR, "the cursor is shown only at the caret of a field"),
    ("\x1b[?1004h", "\x1b[?1004l", "focus events: a window in the background is drawn as such"),
    ("\x1b[?2004h", "\x1b[?2004l", "bracketed paste: pasted text is told from typed text"),
)
_KITTY_KEYBOARD: Final = (
    "\x1b[>25u",
    "\x1b[<u",
    "keys told apart (Ctrl+Enter, Esc without delay), with their text",
)
_MOUSE: Final = (
    ("\x1b[?1000h", "\x1b[?1000l", "mouse buttons"),
    ("\x1b[?1003h", "\x1b[?1003l", "mouse moves: Textual shows what is under the mouse"),
    ("\x1b[?1006h", "\x1b[?1006l", "the encoding of both that knows no largest column"),
)


def starting(*, mouse: bool, kitty: bool, sync: bool) -> str:
    """Return what is sent when the app takes the terminal.

    Args:
        mouse: Ask for mouse events.
        kitty: Ask for the kitty keyboard protocol.
        sync: Ask whether synchronized output is known.
    """
    chosen = _chosen(mouse=mouse, kitty=kitty)
    return "".join(on for on, _, _ in chosen) + (ASK_FOR_SYNC if sync else "")


def stopping(*, mouse: bool, kitty: bool) -> str:
    """Return what is sent when the app gives the terminal back: everything undone, in reverse order."""
    return "\x1b[m" + "".join(off for _, off, _ in reversed(_chosen(mouse=mouse, kitty=kitty)))


def _chosen(*, mouse: bool, kitty: bool) -> list[tuple[str, str, str]]:
    # The keyboard protocol is kept by the terminal per screen: it is set after the switch and undone before
    # it.
    return [*_WHILE_WE_RUN, *([_KITTY_KEYBOARD] if kitty else []), *(_MOUSE if mouse else ())]
