"""The Settings tab: who we are, and whether it works."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from tui.desk import Desk
from tui.form import Form, Section
from tui.messages import Say
from tui.settings.fields import SAVE, SAVED, SECRETS, SWITCHES, TEST, sections_of, values_of
from tui.settings.report import Report
from zoho.account.data_centers import DATA_CENTERS
from zoho.wire.errors import ZohoError

if TYPE_CHECKING:
    from zoho.account import Config


class SettingsTab(Vertical):
    """The form of the settings, and under it what the connection test found.

    Args:
        desk: has the configuration, and tests the connection.
        id: As of every widget.
    """

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._desk = desk
        self._config: Config | None = desk.config

    def compose(self) -> ComposeResult:
        """Make the form and the report."""
        yield Form(self._sections(), id="settings")
        yield Report(id="report")

    def on_mount(self) -> None:
        """Fill in what is stored."""
        self.form.set_values(values_of(self._config))
        self._warn()

    @property
    def form(self) -> Form:
        """The form widget."""
        return self.query_one(Form)

    @property
    def report(self) -> Report:
        """The lines under the form."""
        return self.query_one(Report)

    def show_config(self, *, saved: bool = False) -> None:
        """Show the configuration as it is in use now.

        What the rep is typing stays, unless it was just *saved*.
        """
        typed = {} if saved else self._typed()
        self._config = config = self._desk.config
        sections = self._sections()
        editable = {field.name for section in sections for field in section.fields if not field.read_only}
        kept = {name: text for name, text in typed.items() if name in editable}
        self.form.set_values(dict.fromkeys(SECRETS, "") | values_of(config) | kept)
        self.form.set_sections(sections)
        self._warn()

    def _warn(self) -> None:
        """Show what is odd about the configuration, unless something else is shown."""
        if self._config is not None and self._config.warnings and self.report.is_fresh:
            self.report.warn(self._config.warnings)

    def save(self) -> None:
        """Save what was changed."""
        self._work(self._save, "saving the settings")

    def test(self) -> None:
        """Save what was changed, then test the connection."""
        self.report.say("Asking Zoho …")
        self._work(self._test, "testing the connection")

    def _work(self, work: Callable[[], Awaitable[None]], description: str) -> None:
        # The app's, not the tab's: it must not end with the tab.
        self.app.run_worker(work, description=description, exit_on_error=False)

    async def _save(self) -> None:
        changes = self._changes()
        if not changes:
            self.post_message(Say("Nothing was changed."))
        elif await self._saved(changes):
            self.post_message(Say("Settings saved."))

    async def _test(self) -> None:
        changes = self._changes()
        if not changes or await self._saved(changes):
            self.report.show(await self._desk.test_connection())

    async def _saved(self, changes: Mapping[str, str | bool]) -> bool:
        try:
            await self._desk.save_settings(changes)
        except ZohoError as error:
            if error.field is not None:
                self.form.set_error(error.field, error.what)
            self.report.say(str(error))
            return False
        self.show_config(saved=True)
        return True

    def _changes(self) -> dict[str, str | bool]:
        """Return the settings that the rep changed; an empty secret leaves the stored one."""
        return {name: text == "true" if name in SWITCHES else text for name, text in self._typed().items()}

    def _typed(self) -> dict[str, str]:
        before, now = values_of(self._config), self.form.values
        changed = {name: now.get(name, "") for name in SAVED if now.get(name, "") != before.get(name, "")}
        return {name: text for name, text in changed.items() if not self.form.field(name).read_only}

    def _sections(self) -> list[Section]:
        centers = {
            code: f"{center.name} ({center.accounts_url.removeprefix('https://')})"
            for code, center in DATA_CENTERS.items()
        }
        return sections_of(self._config, centers)

    def on_form_pressed(self, event: Form.Pressed) -> None:
        """A button was pressed."""
        {SAVE: self.save, TEST: self.test}[event.name]()
