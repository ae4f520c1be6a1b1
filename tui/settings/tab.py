"""The Settings tab: who we are, and whether it works."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Vertical

from tui.desk import Desk
from tui.form import Form, Section
from tui.messages import Say
from tui.settings.fields import (
    CLIENT,
    GRANT_CODE,
    SAVE,
    SAVED,
    SECRETS,
    SIGN_IN,
    SWITCHES,
    TEST,
    is_known,
    sections_of,
    values_of,
)
from tui.settings.report import Report
from tui.sign_in.screen import SignInScreen
from tui.sign_in.words import on_screen
from zoho.account.data_centers import DATA_CENTERS
from zoho.wire.errors import ZohoError

if TYPE_CHECKING:
    from textual.worker import Worker

    from zoho.account import Config
    from zoho.commands.sign_in_run import Done, Step, Way

_FIRST_STEPS = (
    "Client ID and client secret are made in Zoho's API console (api-console.zoho.com, or .eu, .in, ...): "
    "a client of the kind Non-browser Application. Your administrator may have them."
)

_TAKEN_ALONG = ("data_center", *CLIENT)
"""What a sign-in keeps of what was typed."""


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
        self._shown: frozenset[str] = frozenset()
        """The settings that have a field now."""
        self._at_rest = asyncio.Event()
        """No sign-in is being fetched or kept."""
        self._at_rest.set()

    def compose(self) -> ComposeResult:
        """Make the form and the report."""
        sections = self._sections()
        self._shown = _names_in(sections)
        yield Form(sections, id="settings")
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

    def show_config(self) -> None:
        """Show the configuration as it is in use now; what the rep is typing stays."""
        self._show_config(done=())

    def _show_config(self, *, done: Collection[str]) -> None:
        typed = {name: text for name, text in self._typed().items() if name not in done}
        self._config = config = self._desk.config
        sections = self._sections()
        editable = {field.name for section in sections for field in section.fields if not field.read_only}
        kept = {name: text for name, text in typed.items() if name in editable}
        self.form.set_values(dict.fromkeys(SECRETS, "") | values_of(config) | kept)
        self._shown = _names_in(sections)
        self.form.set_sections(sections)
        self._warn()

    def _warn(self) -> None:
        """Show what is odd about the configuration, or how to begin, unless something else is shown."""
        if self._config is None or not self.report.is_fresh:
            return
        if self._config.warnings:
            self.report.warn(self._config.warnings)
        else:
            self.report.guide(_FIRST_STEPS if self._lacking({}) else "")

    def save(self) -> None:
        """Save what was changed."""
        self._work(self._save, "saving the settings")

    def test(self) -> None:
        """Save what was changed, then test the connection."""
        self.report.say("Asking Zoho …")
        self._work(self._test, "testing the connection")

    def _work(self, work: Callable[[], Coroutine[Any, Any, None]], description: str) -> Worker[None]:
        # The app's, not the tab's: it must not end with the tab.
        return self.app.run_worker(work, description=description, exit_on_error=False)

    async def _save(self) -> None:
        if not self._changes() and not self.form.value(GRANT_CODE):
            self.post_message(Say("Nothing was changed."))
        elif await self._saved():
            self.post_message(Say("Settings saved."))

    async def _test(self) -> None:
        if await self._saved():
            self.report.show(await self._desk.test_connection())

    async def _saved(self) -> bool:
        """Save what was typed; a code or a token that was pasted is tried out first."""
        if self._pasted() is not None and not await self._take_pasted():
            return False
        changes, saved = self._changes(), self._typed()
        if not changes:
            return True
        try:
            await self._desk.save_settings(changes)
        except ZohoError as error:
            self._tell_failure(error, error.field)
            return False
        # What was typed on meanwhile is not saved yet.
        self._show_config(done=[name for name, text in saved.items() if self.form.value(name) == text])
        return True

    def _tell_failure(self, error: ZohoError, field: str | None) -> None:
        if field is not None:
            self.form.set_error(field, on_screen(error.what))
        self.report.fail(error)

    # Signing in

    def sign_in(self) -> None:
        """Sign in with a browser anywhere; what was typed of the client is taken along."""
        if self._desk.is_demo:
            self.post_message(Say("The demo is signed in. To try this: zoho-leads sandbox."))
        elif self._may_sign_in():
            self.app.push_screen(
                SignInScreen(lambda screen: self._work(partial(self._by_device, screen), "signing in"))
            )

    async def finish(self, *, patience: float) -> None:
        """Stop a sign-in, and wait at most *patience* seconds for what it has to keep or to give back."""
        for screen in self.app.screen_stack:
            if isinstance(screen, SignInScreen):
                screen.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._at_rest.wait(), patience)

    async def _by_device(self, screen: SignInScreen) -> None:
        from zoho.commands.sign_in_run import ByDevice

        try:
            await self._signed_in(ByDevice(), screen.hear)
        except ZohoError as error:
            screen.fail(error)
        except Exception:
            screen.fail(ZohoError("Signing in failed.", next_step="See the log file, and report it."))
            raise
        else:
            screen.end()

    async def _take_pasted(self) -> bool:
        """Exchange the grant code, or try the refresh token, and sign in with it."""
        pasted = self._pasted()
        if pasted is None or not self._may_sign_in():
            return False
        field, way = pasted
        self.report.say("Asking Zoho …")
        if field == GRANT_CODE:  # it is good once
            self.form.set_value(GRANT_CODE, "")
        try:
            await self._signed_in(way, lambda _: None)
        except ZohoError as error:
            self._tell_failure(error, field)
            return False
        return True

    async def _signed_in(self, way: Way, hear: Callable[[Step], None]) -> None:
        typed = {name: text for name, text in self._typed().items() if name in _TAKEN_ALONG}
        self._at_rest.clear()
        try:
            done = await self._desk.sign_in(way, typed, hear)
        finally:
            self._at_rest.set()
        self._show_config(done=(*typed, "refresh_token"))
        if not self.display:  # where it is, the report says so
            self.post_message(Say("Signed in to Zoho."))
        await self._say_who(done)

    async def _say_who(self, done: Done) -> None:
        found = await self._desk.test_connection(scope=done.got.scope)
        self.report.show([*found, *done.findings])

    def _pasted(self) -> tuple[str, Way] | None:
        """Return the field in which a sign-in was pasted, and what it is."""
        from pydantic import SecretStr

        from zoho.commands.sign_in_run import GrantCode, PastedToken

        if code := self.form.value(GRANT_CODE).strip():
            return GRANT_CODE, GrantCode(SecretStr(code))
        if token := self._typed().get("refresh_token", "").strip():
            return "refresh_token", PastedToken(SecretStr(token))
        return None

    def _may_sign_in(self) -> bool:
        """Whether the client is known; where it is not, say what is needed, and go there."""
        if not self._at_rest.is_set():
            self.post_message(Say("Zoho is being asked already."))
            return False
        lacking = self._lacking(self._typed())
        for name in lacking:
            self.form.set_error(name, "Needed to sign in: see Zoho's API console.")
        if lacking:
            self.report.guide(_FIRST_STEPS)
            self.form.go_to(lacking[0])
        return not lacking

    def _lacking(self, typed: Mapping[str, str]) -> list[str]:
        config = self._config
        if config is None:  # it cannot be read; signing in says why
            return []
        return [name for name in CLIENT if not typed.get(name) and not is_known(name, config)]

    def _changes(self) -> dict[str, str | bool]:
        """Return the settings that the rep changed; an empty secret leaves the stored one."""
        return {name: text == "true" if name in SWITCHES else text for name, text in self._typed().items()}

    def _typed(self) -> dict[str, str]:
        before, now = values_of(self._config), self.form.values
        names = [name for name in SAVED if name in self._shown]
        changed = {name: now.get(name, "") for name in names if now.get(name, "") != before.get(name, "")}
        return {name: text for name, text in changed.items() if not self.form.field(name).read_only}

    def _sections(self) -> list[Section]:
        centers = {
            code: f"{center.name} ({center.accounts_url.removeprefix('https://')})"
            for code, center in DATA_CENTERS.items()
        }
        form = self._desk.form
        layouts = {form.layout_id: form.layout_name, **dict(form.other_layouts)} if form.layout_id else {}
        return sections_of(self._config, centers, layouts)

    def on_form_pressed(self, event: Form.Pressed) -> None:
        """A button was pressed."""
        {SAVE: self.save, TEST: self.test, SIGN_IN: self.sign_in}[event.name]()

    def on_form_left(self, event: Form.Left) -> None:
        """A grant code is exchanged as soon as it is typed: it lives for minutes."""
        if event.name == GRANT_CODE and event.value.strip():
            self._work(self._exchange, "exchanging the grant code")

    async def _exchange(self) -> None:
        await self._take_pasted()


def _names_in(sections: Sequence[Section]) -> frozenset[str]:
    return frozenset(field.name for section in sections for field in section.fields)
