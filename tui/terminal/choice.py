"""Which driver serves here: ours, or Textual's own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver


def driver_class(stray_output: Path | None = None) -> type[Driver] | None:
    """Return our driver class for ``App(driver_class=...)``, or None where Textual must choose its own.

    None on Windows, where ``TEXTUAL_DRIVER`` names another driver (textual-serve sets it), and where standard
    input or both outputs are not a terminal.

    Args:
        stray_output: The file that gets what is printed, or written to file descriptors 1 and 2 by a library
            or a child process, while the app runs. It is made with mode 0600 and appended to. None: it is
            thrown away.
    """
    if sys.platform == "win32" or os.environ.get("TEXTUAL_DRIVER"):
        return None
    if not (os.isatty(0) and (os.isatty(1) or os.isatty(2))):
        return None
    from tui.terminal.driver import CellDriver

    if stray_output is None:
        return CellDriver
    return type("CellDriver", (CellDriver,), {"stray_output": stray_output})
