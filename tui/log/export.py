"""Writing what the Log shows into a file: where it goes is asked, and no file is replaced unasked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.text import line, plain, signs
from zoho.commands.exporting import Chosen, Kind, export
from zoho.commands.streamed_file import streamed_file
from zoho.leads.fields import LeadForm
from zoho.outbox.store import Sought, Store
from zoho.wire.clean import clean_line
from zoho.wire.errors import StorageError, ZohoError

_WIDTH = 60
_KEYS = "Enter writes it · Esc goes back"
_TOLD = "A .csv, .json or .jsonl file, which only you can read."


def default_target(now: datetime) -> str:
    """Return where it goes if nothing else is said: into the home folder, by its date."""
    return f"~/zoho-leads-{now:%Y-%m-%d}.csv"


def kind_of(target: Path) -> Kind | None:
    """Return what a file of that name holds; None, its name does not say."""
    suffix = target.suffix.casefold().lstrip(".")
    return Kind(suffix) if suffix in set(Kind) else None


def why_not(target: Path) -> str:
    """Return why nothing can be written there; empty, it can, as far as that is seen. It reads the disk."""
    if kind_of(target) is None:
        return "Its name must end in .csv, .json or .jsonl."
    try:
        if target.is_dir():
            return "That is a folder."
        return "" if target.parent.is_dir() else f"There is no folder {line(str(target.parent), 200)}."
    except OSError as error:  # such as a name that is too long
        return f"That cannot be a file here: {error.strerror}."


def write_log(store: Store, target: Path, *, form: LeadForm, sought: Sequence[Sought], zone: tzinfo) -> int:
    """Write the leads that have all of these words to *target*, for this user alone; return how many.

    Args:
        store: the outbox.
        target: takes the place of what is there.
        form: has the labels of fields.
        sought: the words; none, every lead.
        zone: of the times.

    Raises:
        StorageError: the outbox cannot be read.
        ZohoError: the file cannot be written; what was there is as it was.
    """
    kind = kind_of(target) or Kind.CSV
    try:
        with streamed_file(target, encoding="utf-8-sig" if kind is Kind.CSV else "utf-8") as file:
            return export(store, file, kind=kind, form=form, chosen=Chosen(sought=sought), zone=zone)
    except StorageError as error:
        raise ZohoError(error.what, next_step="Choose another file.", code=error.code) from None


class ExportScreen(ModalScreen[Path | None]):
    """Asks for the file; gives its path, or None.

    Args:
        target: what stands there at first.
        sought: the words that the leads have; empty, all of them are shown.
    """

    BINDINGS: ClassVar = [Binding("escape", "dismiss", "Back", show=False)]
    DEFAULT_CSS = """
    ExportScreen #export {
        width: 66; max-width: 100%; height: auto; padding: 0 1;
        border: round ansi_default; background: ansi_default;
    }
    ExportScreen Static { height: auto; }
    ExportScreen Input, ExportScreen Input:focus {
        height: 1; border: none; padding: 0; margin: 1 0;
        background: ansi_default; background-tint: transparent;
    }
    """

    def __init__(self, target: str, sought: str = "") -> None:
        super().__init__()
        self._first = target
        self._sought = sought
        self._warned: Path | None = None
        """The file that is there already, as the rep was told."""

    def compose(self) -> ComposeResult:
        """Make the screen."""
        title = f"Export the leads with: {line(self._sought)}" if self._sought.strip() else "Export all leads"
        with Vertical(id="export"):
            yield Static(plain(line(title, _WIDTH, more=signs().more), "bold"))
            yield Input(line(self._first), id="export-target", select_on_focus=False)
            yield Static(plain(_TOLD), id="export-told")
            yield Static(plain(_KEYS, "dim"))

    def on_mount(self) -> None:
        """Let the path be typed."""
        field = self.query_one(Input)
        field.cursor_blink = False
        field.focus()

    def on_input_changed(self) -> None:
        """Forget what was said of another file."""
        self._warned = None
        self._tell(_TOLD)

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the path, if something can be written there; a file that is there only once that is said."""
        target = _path(event.value)
        why, there = await asyncio.to_thread(lambda: (why_not(target), os.path.lexists(target)))
        if why:
            self._tell(why, wrong=True)
        elif there and self._warned != target:
            self._warned = target
            self._tell("This file is there already. Enter again replaces it.", wrong=True)
        else:
            self.dismiss(target)

    def _tell(self, text: str, *, wrong: bool = False) -> None:
        for told in self.query("#export-told").results(Static):
            told.update(plain(f"{signs().attention} {text}" if wrong else text, "bold" if wrong else ""))


def _path(text: str) -> Path:
    return Path(os.path.abspath(os.path.expanduser(clean_line(text).strip())))
