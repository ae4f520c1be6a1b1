"""The shell: three tabs, one status line, one sender, one place where failures end."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingsMap, BindingType
from textual.containers import Container
from textual.filter import Monochrome
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker, WorkerFailed, WorkerState

from tui import events
from tui.actions import ACTIONS, LOG, QUALIFY, SETTINGS, TABS, Action, actions_of, bar_keys, key_of
from tui.bars import KeyBar, StatusLine, TabBar
from tui.crash import loop_failed, tell
from tui.desk import Desk, Launch
from tui.messages import Notice, Say
from tui.no_color import NoColor
from tui.palette import ActionProvider, Palette
from tui.qualify.tab import QualifyTab
from tui.status import count_words, lead_words, signed_out_words, where_words
from tui.terminal import can_be_copied, install_hangup_handlers
from tui.text import line, note, plain, signs
from tui.toasts import Toast, toast_of, toast_of_follow_up
from zoho.outbox.states import State
from zoho.wire.errors import Resend, StorageError, ZohoError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.widget import Widget

    from tui.form import Form
    from tui.keymap import Fault
    from tui.log.tab import LogTab
    from tui.settings.tab import SettingsTab
    from zoho.outbox.follow_ups import FollowUpRow
    from zoho.outbox.store import Counts, Pause, Row

_log = logging.getLogger("zoho.app")


def _bindings(actions: Sequence[Action]) -> Iterator[Binding]:
    return (
        Binding(
            ",".join(action.keys),
            action.run,
            action.label,
            show=False,
            priority=action.goes_first,
            id=action.id,
        )
        for action in actions
        if action.keys
    )


class ZohoLeadsApp(App[None]):
    """The app.

    Args:
        launch: what it is started with.
        driver_class: what writes to the terminal; None, Textual chooses.
        patience: seconds that leaving waits for what is being sent.
    """

    TITLE = "zoho-leads"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar = {ActionProvider}
    BINDINGS: ClassVar[list[BindingType]] = [*_bindings(ACTIONS)]

    @dataclass
    class Told(Message):
        """The desk tells something."""

        event: events.Event

    def __init__(
        self, launch: Launch, *, driver_class: type[Driver] | None = None, patience: float = 3.0
    ) -> None:
        super().__init__(driver_class=driver_class)
        self._patience = patience
        self.theme = "ansi-dark"
        self.desk = Desk(launch, self._hear)
        self.actions: Sequence[Action] = ACTIONS
        """What can be done, with the keys of this rep."""
        self.key_faults: Sequence[Fault] = ()
        """What of their wishes for keys could not be granted."""
        self._use_keys(self.desk.keymap)
        self.tab = QUALIFY if self.desk.seems_signed_in else SETTINGS
        self._launch = launch
        self._counts: Counts | None = None
        self._online: bool | None = None
        self._stopped = self._signed_out = False
        self._last_kind = self._noticed = ""
        self._signs = signs()
        if self.no_color:
            self._filters[:] = [NoColor() if isinstance(one, Monochrome) else one for one in self._filters]
        self._drawn = False
        self._to_be_counted = False
        self.crashed = ""
        """After a failure of the app itself: the one line to say about it."""

    def _hear(self, event: events.Event) -> None:
        self.post_message(self.Told(event))

    def _use_keys(self, wishes: Mapping[str, str]) -> None:
        """Give the actions the keys that are wished, as far as they can be had."""
        if not wishes and self.actions is ACTIONS:
            return
        from tui.keymap import read_keymap

        keymap = read_keymap(wishes)
        self.actions, self.key_faults = keymap.actions, keymap.faults
        # Not by `App.set_keymap`: it takes a key from the actions of every tab, and cannot take the last one.
        self._bindings = BindingsMap(_bindings(keymap.actions))

    # The screen

    def compose(self) -> ComposeResult:
        """Make the shell; a tab is made when it is first visited."""
        yield TabBar(TABS, self.tab, banner=self._launch.banner, id="tabs")
        yield Container(id="body")
        yield Static(id="notice")
        yield StatusLine(id="status")
        yield KeyBar(bar_keys(self.tab, self.actions), id="keys")

    async def on_mount(self) -> None:
        """Show the first tab; what is heavy begins after the first frame."""
        asyncio.get_running_loop().set_exception_handler(loop_failed)
        self.query_one("#notice").display = False
        await self._show(self.tab)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if self._drawn:
            return
        self._drawn = True
        self.run_worker(self.desk.run, name="desk", description="sender", exit_on_error=False)
        install_hangup_handlers(self)
        driver = self._driver
        if driver is not None and hasattr(driver, "on_suspend"):
            setattr(driver, "on_suspend", self.desk.suspend)  # noqa: B010 - our driver's, unknown to Textual's

    async def _show(self, tab: str) -> None:
        body = self.query_one("#body")
        fresh = None if body.query(f"#{tab}") else self._make_tab(tab)
        if fresh is not None:
            await body.mount(fresh)
        for child in body.children:
            child.display = child.id == tab
        self.tab = tab
        self.query_one(TabBar).update(active=tab)
        self.query_one(KeyBar).update(bar_keys(tab, self.actions))
        self._focus_tab()
        # The next key, which may be here already, acts in the tab: it needs its place and its leads.
        if fresh is not None and self._drawn:
            await _laid_out(fresh)
        if tab == LOG and self._log_tab is not None:
            await self._log_tab.fill()
        self._tell_status()

    def _make_tab(self, tab: str) -> Widget:
        if tab == QUALIFY:
            return QualifyTab(self.desk, id=QUALIFY)
        if tab == SETTINGS:
            from tui.settings.tab import SettingsTab

            return SettingsTab(self.desk, id=SETTINGS)
        from tui.log.tab import LogTab

        return LogTab(self.desk, id=LOG)

    def _focus_tab(self) -> None:
        focusable = {QUALIFY: "Form", SETTINGS: "Form", LOG: "LeadList"}[self.tab]
        self.query_one(f"#{self.tab} {focusable}").focus()

    @property
    def _qualify_tab(self) -> QualifyTab | None:
        return next(iter(self.query("#qualify").results(QualifyTab)), None)

    @property
    def _settings_tab(self) -> SettingsTab | None:
        from tui.settings.tab import SettingsTab

        return next(iter(self.query("#settings").results(SettingsTab)), None)

    @property
    def _log_tab(self) -> LogTab | None:
        from tui.log.tab import LogTab

        return next(iter(self.query("#log").results(LogTab)), None)

    # One status line

    def _tell_status(self) -> None:
        if not self.query("#status"):
            return  # leaving: the screen is gone already
        where = where_words(
            self.desk.org,
            online=self._online,
            stopped=self._stopped,
            signed_out=self._signed_out,
            signs=self._signs,
        )
        self.query_one(TabBar).update(right=where)
        self.query_one(StatusLine).update(self._form_words(), count_words(self._counts, self._signs))

    def _form_words(self) -> str:
        form = self._current_form
        if form is None:
            return ""
        if self.tab == SETTINGS or form.current_help:
            return form.current_help
        return lead_words(form.required_filled, self.desk.source, self._signs)

    @property
    def _current_form(self) -> Form | None:
        tab = (
            self._qualify_tab if self.tab == QUALIFY else self._settings_tab if self.tab == SETTINGS else None
        )
        return tab.form if tab is not None and tab.is_mounted else None

    def _notice(self, text: str) -> None:
        self._noticed = text
        notice = self.query_one("#notice", Static)
        notice.update(plain(f"{self._signs.attention} {text}"))
        notice.display = bool(text)
        # Toasts stay above what is to be noticed.
        self.screen_stack[0].set_class(bool(text), "noticed")

    # What the desk tells

    def on_zoho_leads_app_told(self, message: Told) -> None:
        """Show what the desk tells."""
        if not self.query("#status"):
            return  # leaving: the screen is gone already
        event = message.event
        if isinstance(event, events.Opened):
            self._opened()
        elif isinstance(event, events.OutboxChanged):
            self._counts = event.counts
            if self._log_tab is not None and self.tab == LOG:
                self.call_later(self._log_tab.fill)
        elif isinstance(event, events.RowChanged):
            self._row_changed(event.row, quiet=event.quiet)
        elif isinstance(event, events.FollowUpChanged):
            self._follow_up_changed(event.row)
        elif isinstance(event, events.SenderRests):
            self._sender_rests(event.pause)
        elif isinstance(event, events.OrgSeen):
            self._org_seen(event.live)
        else:
            self._cannot_send(event)
        self._tell_status()

    def _cannot_send(
        self, event: events.Found | events.SignedOut | events.Locked | events.Failed | events.Over
    ) -> None:
        """Tell what keeps leads here, or will, or does no longer."""
        if isinstance(event, events.Over):
            if self._noticed == str(event.error):
                self._notice("")
        elif isinstance(event, events.Found):
            self._notice(f"{event.finding.what} {event.finding.next_step}")
        elif isinstance(event, events.SignedOut):
            self._online, self._stopped, self._signed_out = None, False, True
            self._notice(signed_out_words(event.missing))
        elif isinstance(event, events.Locked):
            self._online, self._stopped = False, True
            unlocks = f"{key_of('app.unlock')} unlocks it on the terminal; leads are kept meanwhile."
            self._notice(f"{event.error.what} {unlocks}")
        else:
            # Of the line to Zoho the outbox says nothing.
            if not (self._online and isinstance(event.error, StorageError)):
                self._online, self._stopped = False, event.error.resend is Resend.NO
            self._notice(str(event.error))

    def _opened(self) -> None:
        self._use_keys(self.desk.keymap)  # first: the tabs name keys
        self._show_config()
        if self._qualify_tab is not None:
            self._qualify_tab.show_form()
        self.query_one(KeyBar).update(bar_keys(self.tab, self.actions))
        warnings = self.desk.config.warnings if self.desk.config is not None else ()
        if self.desk.script_problem is not None:
            warnings = (str(self.desk.script_problem), *warnings)  # first: Settings does not tell it
        told = [*warnings, *(f"{fault.what} {fault.next_step}" for fault in self.key_faults)]
        if told:
            lists = ((warnings[1:], "Settings"), (self.key_faults, f"Help ({key_of('app.help')})"))
            places = [place for listed, place in lists if listed]
            text = told[0] + (f" (and {len(told) - 1} more, in {' and '.join(places)})" if told[1:] else "")
            self._say(text, title="Configuration", failed=True)

    def _show_config(self) -> None:
        if self._settings_tab is not None:
            self._settings_tab.show_config()

    def _org_seen(self, live: bool) -> None:
        self._online, self._signed_out = live or self._online, False
        if live:
            self._stopped = False
            self._notice("")
            self.run_worker(self._tell_unbound, description="reading the outbox", exit_on_error=False)
        if self._qualify_tab is not None:
            self._qualify_tab.show_form()
            if live:
                self._qualify_tab.undoing.settle_soon()
        self._show_config()

    async def _tell_unbound(self) -> None:
        unbound = len(await self.desk.unbound())
        if unbound and self.desk.org is not None:
            name = self.desk.org.org_name
            self._notice(
                f"Saved before sign-in: {unbound}. {key_of('log.bind')} in the Log ({key_of('tab.log')}) "
                f"confirms that {name} gets them."
            )

    def _row_changed(self, row: Row, *, quiet: bool) -> None:
        if self._log_tab is not None:
            self._log_tab.list.update_row(row)
        toast = None if quiet else toast_of(row, self.desk.form, self._signs)
        if toast is not None:
            self._toast(toast)
        if row.state is State.SENT:
            self._online, self._stopped = True, False
        self._count_soon()

    def _follow_up_changed(self, row: FollowUpRow) -> None:
        async def tell() -> None:
            toast = toast_of_follow_up(row, await self.desk.row(row.lead), self.desk.form, self._signs)
            if toast is not None:
                self._toast(toast)

        self._count_soon()
        if row.faults:  # nothing is to be read for one that was sent
            self.run_worker(tell, description="reading the outbox", exit_on_error=False)

    def _count_soon(self) -> None:
        """Count the leads once for all that change together: a batch of them comes at a time."""
        if not self._to_be_counted:
            self._to_be_counted = True
            self.run_worker(self._count, description="count leads", exit_on_error=False)

    async def _count(self) -> None:
        self._to_be_counted = False  # what changes from here on is counted again
        await self.desk.tell_counts()

    def _sender_rests(self, pause: Pause | None) -> None:
        self._online = pause is None
        self._stopped = pause is not None and pause.until is None
        self._notice(f"{pause.what} {pause.next_step}" if pause is not None else "")

    def _toast(self, toast: Toast) -> None:
        # One of a kind at a time: eight of them would reach beyond a small screen.
        if toast.severity == self._last_kind:
            self.clear_notifications()
        self._last_kind = toast.severity
        self.notify(
            note(toast.text),
            title=line(toast.title, 40, more=self._signs.more),
            severity=toast.severity,
            timeout=toast.seconds,
            markup=False,
        )

    def _say(self, text: str, *, title: str = "", failed: bool = False) -> None:
        self._toast(Toast(title, text, "error" if failed else "information", 8.0 if failed else 4.0))

    # Leaving

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave, however that came about; what is half typed is on the disk first."""
        try:
            self._keep_draft()
        except Exception as error:  # after a hang-up nobody is there to try again
            _log.error("The draft was not kept", exc_info=error)
        super().exit(result, return_code, message)

    def _keep_draft(self) -> None:
        tab = self._qualify_tab if self._running else None
        if tab is not None and tab.is_mounted:
            tab.keep_at_once()

    # One place where failures end

    def _fatal_error(self) -> None:
        """Leave without Textual's crash screen, which prints the local variables of every frame."""
        if not self.crashed:  # what fails after that is a consequence
            error: BaseException = self._exception or RuntimeError("unknown")
            if isinstance(error, WorkerFailed):  # it tells nothing of where
                error = error.error
            self.crashed = tell(error, self._launch.paths)
            with suppress(Exception):  # it may be the form that failed
                self._keep_draft()
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Leave as after any other failure; Textual would print the error, and what is in it."""
        self._fatal_error()

    def thread_failed(self, error: BaseException) -> None:
        """Leave: without the thread that reads the keyboard nobody could; may be called from any thread."""
        if self._loop is not None:
            failure = error if isinstance(error, Exception) else RuntimeError(type(error).__name__)
            self._loop.call_soon_threadsafe(self._handle_exception, failure)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker that failed in a way that nobody thought of is told, not lost."""
        if event.state is not WorkerState.ERROR:
            return
        error = event.worker.error
        _log.error("Background work failed: %s", event.worker.description, exc_info=error)
        told = str(error) if isinstance(error, ZohoError) else "See the log file, and report it."
        self._say(f"{event.worker.description} failed. {told}", failed=True)
        if event.worker.name == "desk":
            # Nothing is sent any more: not to be told by a toast alone.
            self._stopped = True
            self._notice(f"Sending has failed: leave ({key_of('app.quit')}), and start zoho-leads again.")
            self._tell_status()

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An action of a tab works in its tab, and none of a tab's under a dialog."""
        tab = _TAB_OF.get(action, "")
        return not tab or (tab == self.tab and len(self.screen_stack) == 1)

    async def action_show_tab(self, tab: str) -> None:
        """Go to a tab."""
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        await self._show(tab)

    async def action_send(self) -> None:
        """Save the lead in the form; the sender does the rest."""
        if self._qualify_tab is not None and self._qualify_tab.is_mounted:
            await self._qualify_tab.send()

    async def action_restore(self) -> None:
        """Bring back the form that was cleared."""
        if self._qualify_tab is not None:
            await self._qualify_tab.restore()

    async def action_who(self) -> None:
        """Say what shall become of the lead, now that it is known who it is."""
        if self._qualify_tab is not None:
            await self._qualify_tab.who.answer()

    async def action_fill(self, what: str) -> None:
        """Fill the form from a template, or with the company of the lead before."""
        if self._qualify_tab is not None and self._qualify_tab.is_mounted:
            await self._qualify_tab.fill(what)

    async def action_read_paste(self) -> None:
        """Read pasted text into the fields."""
        if self._qualify_tab is not None and self._qualify_tab.is_mounted:
            await self._qualify_tab.read_paste()

    async def action_park(self) -> None:
        """Put the half-typed lead aside and begin another."""
        if self._qualify_tab is not None:
            await self._qualify_tab.park()

    async def action_drafts(self) -> None:
        """Take up a lead that was put aside."""
        if self._qualify_tab is not None:
            await self._qualify_tab.choose_draft()

    async def action_recent(self, what: str) -> None:
        """See the leads created last, or undo the last one."""
        if self._qualify_tab is not None and self._qualify_tab.is_mounted:
            await self._qualify_tab.undoing.show(what)

    async def action_fields(self, what: str) -> None:
        """Get around in the form, or arrange its fields."""
        if self._qualify_tab is not None and self._qualify_tab.is_mounted:
            await self._qualify_tab.do(what)

    def action_save_settings(self) -> None:
        """Save the settings."""
        if self._settings_tab is not None:
            self._settings_tab.save()

    def action_sign_in(self) -> None:
        """Sign in with a browser anywhere."""
        if self._settings_tab is not None:
            self._begin()  # under a dialog that opens before the first frame, it would not
            self._settings_tab.sign_in()

    def action_test_connection(self) -> None:
        """Test the connection."""
        if self._settings_tab is not None:
            self._settings_tab.test()

    def action_unlock(self) -> None:
        """Leave the terminal to whoever keeps the secrets, until that is answered."""
        if self.desk.locked is None:
            self._say("Nothing is locked.")
            return
        from tui.unlocking import unlock_on_terminal

        problem = unlock_on_terminal(self, self.desk)
        if problem:
            self._say(problem, title="Still locked", failed=True)
        else:
            self._notice("")
            self._stopped = False

    async def action_log(self, what: str) -> None:
        """Do something about the marked lead."""
        if self._log_tab is not None:
            await self._log_tab.do(what)

    def action_help(self) -> None:
        """Show the keys."""
        from tui.help import HelpScreen

        if isinstance(self.screen, HelpScreen):  # the key goes before those of the screen
            self.screen.dismiss()
            return
        form = self._current_form
        field_help = form.current_help if form is not None else ""
        self.push_screen(HelpScreen(self.tab, field_help, self.actions, self.key_faults))

    def action_copy(self) -> None:
        """Copy what is selected, or say how to leave."""
        text = self.screen.get_selected_text()
        if text:
            self.copy_to_clipboard(text)
        else:
            self._say(f"{key_of('app.quit')} leaves; what waits is safe.")

    def copy_to_clipboard(self, text: str) -> None:
        """Send *text* to the terminal's clipboard, and say so; whether it arrived, no terminal tells."""
        if can_be_copied(text):
            super().copy_to_clipboard(text)
            self._say("Sent to your terminal's clipboard.")
        else:
            self._say("Too long for a terminal's clipboard: select less.", failed=True)

    def action_command_palette(self) -> None:
        """Find an action by its name."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_repaint(self) -> None:
        """Draw the screen anew."""
        repaint = getattr(self._driver, "repaint", None)
        if repaint is not None:
            repaint()
        else:
            self.refresh()

    async def action_leave(self) -> None:
        """Leave, waiting a moment for what is being sent."""
        self._notice("Leaving …")
        self._keep_draft()
        if self._settings_tab is not None:
            await self._settings_tab.finish(patience=self._patience)
        waiting = 0
        with suppress(ZohoError):  # an outbox that cannot be read any more keeps nobody here
            waiting = await self.desk.close(patience=self._patience)
        message = (
            f"{waiting} unsent, safe. Start zoho-leads again, or run: zoho-leads send" if waiting else None
        )
        self.exit(message=message)

    # The tabs tell

    async def on_tab_bar_chosen(self, event: TabBar.Chosen) -> None:
        """A tab was clicked."""
        await self._show(event.tab)

    async def on_key_bar_pressed(self, event: KeyBar.Pressed) -> None:
        """A key of the bar was clicked: do what it does."""
        for action in actions_of(self.tab, self.actions):
            if action.bar and action.keys and action.shown_keys[0] == event.key:
                await self.run_action(action.run)

    def on_form_changed(self) -> None:
        """A value has changed."""
        self._tell_status()

    def on_form_moved(self) -> None:
        """Another field is the current one."""
        self._tell_status()

    def on_qualify_tab_changed(self) -> None:
        """Another lead stands in the form."""
        self._tell_status()

    async def on_log_tab_edit(self, event: LogTab.Edit) -> None:
        """Take a lead back into the form."""
        await self._show(QUALIFY)
        assert self._qualify_tab is not None
        await self._qualify_tab.edit(event.row)

    def on_log_tab_who(self, event: LogTab.Who) -> None:
        """Show what stands in the way of a lead that Zoho calls a duplicate."""
        from tui.qualify.who import answer_duplicate

        answer_duplicate(self, self.desk, event.row)

    def on_say(self, event: Say) -> None:
        """A tab has something to say."""
        self._say(event.text, title=event.title, failed=event.failed)

    def on_notice(self, event: Notice) -> None:
        """A tab has something that is to be noticed."""
        self._notice(event.text)


async def _laid_out(widget: Widget) -> None:
    done = asyncio.Event()
    widget.call_after_refresh(done.set)
    with suppress(TimeoutError):
        await asyncio.wait_for(done.wait(), 1.0)


_TAB_OF = {action.run.partition("(")[0]: action.tab for action in ACTIONS if action.tab}
