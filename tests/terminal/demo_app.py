"""A small app for the tests of the terminal: fields, foreign text, toasts, and the accidents of real life."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Input, Label, Static

from tui.terminal import driver_class, install_hangup_handlers

HOSTILE = (
    "A\x1b]52;c;SGVsbG8=\x07B\x1b[?1049lC\x1b]0;title\x07D\x9b31mE\x00F\x1bP+q\x1b\\G\u202eH\x1b[5;5HI\x7fJ"
)


class Demo(App[None]):
    CSS = """
    Screen { layout: vertical; }
    Input, Input:focus { height: 1; border: none; padding: 0; background-tint: transparent; }
    Input > .input--cursor, Input:focus > .input--cursor {
        text-style: none; background: transparent; color: $foreground;
    }
    DataTable { height: 5; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "toast", "Toast"),
        Binding("f6", "stray", "Stray output"),
        Binding("f7", "no_focus", "No focus"),
        Binding("f8", "editor", "Suspend for a child"),
        Binding("f9", "hostile", "Foreign text"),
        Binding("ctrl+z", "suspend_process", "Suspend", priority=True),
    ]

    def compose(self) -> ComposeResult:
        yield Label("ready", id="title", markup=False)
        yield Input(id="first", select_on_focus=False)
        yield Input(id="second", select_on_focus=False)
        yield Static("[dim]dim[/] [b]bold[/] 漢字 😀 👨‍👩‍👧 e\u0301 ❤️ سلام", id="text")
        table: DataTable[str] = DataTable()
        table.add_columns("Name", "Company")
        table.add_row("Ada", "Zylker")
        yield table

    def on_mount(self) -> None:
        install_hangup_handlers(self)
        self.animation_level = "none"
        for field in self.query(Input):
            field.cursor_blink = False
        self.query_one("#first").focus()
        notes = os.environ.get("DEMO_NOTES")
        if notes and self._driver is not None:
            self._driver.on_suspend = lambda: _note(notes, "suspend")
            self._driver.on_resume = lambda: _note(notes, "resume")

    def on_unmount(self) -> None:
        if notes := os.environ.get("DEMO_NOTES"):
            _note(notes, "unmount")

    def action_toast(self) -> None:
        self.notify("created in Zoho", title="Ada Lovelace", markup=False)

    def action_stray(self) -> None:
        print("STRAY print")  # noqa: T201
        os.write(1, b"STRAY descriptor 1\n")
        os.write(2, b"STRAY descriptor 2\n")
        warnings.warn("STRAY warning", stacklevel=1)
        os.system("echo STRAY child >&2")
        self.query_one("#title", Label).update("strayed")

    def action_no_focus(self) -> None:
        self.set_focus(None)
        self.query_one("#title", Label).update("unfocused")

    def action_editor(self) -> None:
        with self.suspend():
            os.system("echo CHILD ON SCREEN")
            sys.stdin.readline()
        self.query_one("#title", Label).update("back")

    def action_hostile(self) -> None:
        self.query_one("#title", Label).update(HOSTILE)
        self.query_one("#first", Input).value = HOSTILE
        self.query_one("#text", Static).update(HOSTILE, layout=False)
        self.query_one(DataTable).add_row(HOSTILE, "end")
        self.copy_to_clipboard("chosen by the rep")
        self.notify(HOSTILE, title=HOSTILE, markup=False)


def _note(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        file.write(line + "\n")


if __name__ == "__main__":
    log = os.environ.get("DEMO_LOG")
    app = Demo(driver_class=driver_class(Path(log) if log else None))
    app.run()
    sys.exit(app.return_code)
