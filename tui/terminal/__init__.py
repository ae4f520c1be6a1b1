"""The only writer to the terminal.

``driver_class()`` gives the Textual driver for ``App(driver_class=...)``, or None where Textual's own must
serve. Everything that Textual writes becomes cells of a model screen (`parser`, `screen`), and only the cells
that differ from what the terminal shows are sent (`differ`). Text can only become cells, and a control
sequence passes only if it stands in `modes`: whatever a stranger typed into a web form, it cannot act on the
rep's terminal.

What the rest of the app can rely on, where this driver runs:

* **The caret.** The terminal's own cursor stands at the caret of the focused widget, and is hidden where that
  has none. A widget has one if its attribute ``shows_terminal_cursor`` is true, or if it is an ``Input`` or a
  ``TextArea`` of Textual and that attribute does not say no. The caret is at its ``cursor_screen_offset``, or
  at ``App.cursor_position`` if it has no such attribute. ``driver.draws_caret`` is true, so that style sheets
  can leave out the cursor that Textual draws.
* **Suspension.** ``driver.on_suspend`` and ``driver.on_resume`` are called in the moment itself, without a
  turn of the event loop, before Ctrl+Z or ``App.suspend`` gives the terminal away and after it is ours again.
* **A lost screen.** ``driver.repaint()`` draws everything anew.
* **Stray output.** While the app runs, file descriptors 1 and 2 point at the file given to ``driver_class``.
* **Hang-up.** ``install_hangup_handlers(app)`` turns SIGHUP and SIGTERM into an orderly exit; a terminal that
  vanished leads to the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from tui.terminal.check import terminal_problem as terminal_problem
    from tui.terminal.choice import driver_class as driver_class
    from tui.terminal.clipboard import can_be_copied as can_be_copied
    from tui.terminal.driver import CellDriver as CellDriver
    from tui.terminal.hangup import install_hangup_handlers as install_hangup_handlers

__getattr__ = lazy_names(
    __name__,
    {
        "CellDriver": "tui.terminal.driver",
        "can_be_copied": "tui.terminal.clipboard",
        "driver_class": "tui.terminal.choice",
        "install_hangup_handlers": "tui.terminal.hangup",
        "terminal_problem": "tui.terminal.check",
    },
)
