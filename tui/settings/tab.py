"""The Settings tab: who we are, and whether it works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from tui.form import Form
from tui.settings.fields import SAVE, SAVED, SECRETS, SWITCHES, TEST, sections_of, values_of
from tui.settings.report import Report
from zoho.account.data_centers import DATA_CENTERS

if TYPE_CHECKING:
    from zoho.account import Config
    from zoho.leads.check_up import Finding


class SettingsTab(Vertical):
    """The form of the settings, and under it what the connection test found."""

    @dataclass
    class Save(Message):
        """The rep wants the changed settings to be saved."""

        changes: Mapping[str, Any]

    @dataclass
    class Test(Message):
        """The rep wants the connection to be tested, with *changes* saved before."""

        changes: Mapping[str, Any]

    @dataclass
    class Changed(Message):
        """What stands in the form, or where the rep is in it, has changed."""

    def __init__(self, config: Config | None, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._config = config

    def compose(self) -> ComposeResult:
        """Make the form and the report."""
        yield Form(self._sections(), id="settings")
        yield Report(id="report")

    def on_mount(self) -> None:
        """Fill in what is stored."""
        self.form.set_values(values_of(self._config))

    @property
    def form(self) -> Form:
        """The form widget."""
        return self.query_one(Form)

    @property
    def report(self) -> Report:
        """The lines under the form."""
        return self.query_one(Report)

    def show_config(self, config: Config | None, *, saved: bool = False) -> None:
        """Show the configuration as it is in use now.

        What the rep is typing stays, unless it was just *saved*.
        """
        typed = {} if saved else self._typed()
        self._config = config
        sections = self._sections()
        editable = {field.name for section in sections for field in section.fields if not field.read_only}
        kept = {name: text for name, text in typed.items() if name in editable}
        self.form.set_values(dict.fromkeys(SECRETS, "") | values_of(config) | kept)
        self.form.set_sections(sections)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show what the connection test found."""
        self.report.show(findings)

    def changes(self) -> dict[str, Any]:
        """Return the settings that the rep changed; an empty secret leaves the stored one."""
        return {name: text == "true" if name in SWITCHES else text for name, text in self._typed().items()}

    def _typed(self) -> dict[str, str]:
        before, now = values_of(self._config), self.form.values
        changed = {name: now.get(name, "") for name in SAVED if now.get(name, "") != before.get(name, "")}
        return {name: text for name, text in changed.items() if not self.form.field(name).read_only}

    def save(self) -> None:
        """Ask for what was changed to be saved."""
        self.post_message(self.Save(self.changes()))

    def test(self) -> None:
        """Ask for the connection to be tested."""
        self.report.say("Asking Zoho …")
        self.post_message(self.Test(self.changes()))

    def _sections(self) -> list[Any]:
        centers = {
            code: f"{center.name} ({center.accounts_url.removeprefix('https://')})"
            for code, center in DATA_CENTERS.items()
        }
        return sections_of(self._config, centers)

    def on_form_pressed(self, event: Form.Pressed) -> None:
        """A button was pressed."""
        {SAVE: self.save, TEST: self.test}[event.name]()

    def on_form_changed(self) -> None:
        """A value has changed."""
        self.post_message(self.Changed())

    def on_form_moved(self) -> None:
        """Another field is the current one."""
        self.post_message(self.Changed())
