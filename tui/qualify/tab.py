"""The Qualify tab: one form, one lead after the other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Resize
from textual.message import Message
from textual.timer import Timer
from textual.worker import WorkerCancelled, WorkerFailed

from tui.actions import key_of
from tui.desk import Desk
from tui.drafts import Draft
from tui.form import Form, Section
from tui.messages import Notice, Say
from tui.qualify.fields import sections_of
from zoho.outbox.states import State
from zoho.wire.errors import FieldFault, RecordRejected, ZohoError

if TYPE_CHECKING:
    from tui.qualify.asking import Asking
    from tui.qualify.filling import Filling
    from tui.qualify.second_look import SecondLook
    from tui.qualify.undoing import Undoing
    from tui.qualify.who import Who
    from zoho.outbox.store import Row

BESIDE_FROM = 100
"""The screen's width in cells from which there is room for a panel beside the form."""

KEPT_WITHIN = 0.7
"""Seconds from a key to the disk."""

_DRAFT, _LEAD = "draft", "lead"


class QualifyTab(Vertical):
    """The form of a lead.

    Each time it is opened for a lead, it has a new submission key; a lead that is edited keeps its own. What
    is typed is on the disk within a second.

    Args:
        desk: keeps and sends the leads.
        id: As of every widget.
    """

    @dataclass
    class Changed(Message):
        """Another lead stands in the form, or another fault."""

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._desk = desk
        self._lead_form = desk.form
        self._wishes = desk.field_wishes
        self._questions = desk.questions
        self._ours: frozenset[str] = frozenset()
        """Names of the fields that are not Zoho's: answers, outcome, call-back."""
        self._unsaved = ""
        """What could not be written, and is told of until it can be: the draft, or the lead."""
        self._draft = _new()
        self._cleared: Draft | None = None
        """The lead of what can be brought back; None, it was sent: what is brought back is another one."""
        self._unshown: dict[str, str] = {}
        """What was typed into fields that the form has not, or not yet."""
        self._to_keep: Timer | None = None
        self._kept: Draft | None = None
        """What is on the disk of it."""
        self._reason: str | None = None
        """Why the lead is sent although somebody like it is known."""

    def compose(self) -> ComposeResult:
        """Make the form."""
        yield Form(self._sections(), check=self._check, id="lead")
        if self.app.size.width >= BESIDE_FROM:
            from tui.qualify.panel import KnownPanel

            yield KnownPanel(id="known")

    def on_mount(self) -> None:
        """Look for what an earlier session left half typed."""
        self.app.run_worker(self._take_up_left_over, description="reading the drafts", exit_on_error=False)

    async def on_resize(self, event: Resize) -> None:
        """Have the panel beside the form where there is room for it."""
        panels = self.query("#known")
        wide = event.size.width >= BESIDE_FROM
        if wide and not panels:
            from tui.qualify.panel import KnownPanel

            await self.mount(KnownPanel(id="known"))
        for panel in panels:
            panel.display = wide
        if self.form.dirty and self._desk.loaded:
            self.who.show()

    @cached_property
    def who(self) -> Who:
        """Who is known by what stands in the form."""
        from tui.qualify.who import Who

        return Who(self, self._desk)

    @cached_property
    def undoing(self) -> Undoing:
        """The leads created last, and what can be done about them."""
        from tui.qualify.undoing import Undoing

        return Undoing(self, self._desk)

    @cached_property
    def _look(self) -> SecondLook:
        from tui.qualify.second_look import SecondLook

        return SecondLook()

    @cached_property
    def _asking(self) -> Asking:
        from tui.qualify.asking import Asking

        return Asking(self._desk)

    @cached_property
    def _filling(self) -> Filling:
        from tui.qualify.filling import Filling

        return Filling(self.form, self._desk, self.post_message)

    @property
    def form(self) -> Form:
        """The form widget."""
        return self.query_one(Form)

    def show_form(self) -> None:
        """Show the fields that the org is known to have now; what was typed stays where its field does."""
        seen = self._desk.form, self._desk.field_wishes, self._desk.questions
        if seen != (self._lead_form, self._wishes, self._questions):
            self._lead_form, self._wishes, self._questions = seen
            self.form.set_sections(self._sections())
            self._show_typed(self._unshown)

    def _sections(self) -> list[Section]:
        wishes = self._wishes
        sections = sections_of(self._lead_form, wishes.pinned, wishes.hidden, wishes.moved)
        self._ours = frozenset()
        if self._questions:
            from tui.qualify.questions import ours_in, with_questions

            sections = with_questions(sections, self._questions)
            self._ours = ours_in(sections)
        return sections

    def _has(self, name: str) -> bool:
        return name in self._ours or self._lead_form.field(name) is not None

    async def do(self, what: str) -> None:
        """Get around in the form, or arrange its fields."""
        from tui.qualify.preferences import do

        await do(what, self, self._desk)
        if self.form.dirty and self._desk.loaded:
            self.who.moved()  # what was typed before that could be looked up

    # Sending

    async def send(self) -> None:
        """Save the lead in the form; the sender does the rest.

        It returns when the lead is on the disk and the form is empty. Keys typed meanwhile wait that long:
        they belong to the next lead.
        """
        self._look_at(self.form.current)
        if self._wrong():
            self.form.validate(focus=True)
            self.post_message(self.Changed())
            return
        # The app's, not the tab's: it must not end with the tab.
        saving = self.app.run_worker(self._save, description="saving the lead", exit_on_error=False)
        with suppress(WorkerFailed, WorkerCancelled):  # told where every worker's end is
            await saving.wait()

    def _wrong(self) -> bool:
        """Say whether something is wrong with the form; a missing last name is taken from the first one."""
        faults = self.form.validate()
        if [name for name, _ in faults] != ["Last_Name"]:
            return bool(faults)
        from zoho.leads.values import named_at_last

        names = named_at_last(self._lead_form, self.form.values)
        if not names:
            return True
        self.form.set_values(names)
        self.post_message(Say(f"{names['Last_Name']} is sent as the last name: Zoho must have one."))
        return bool(self.form.validate())

    async def _save(self) -> None:
        draft, typed, form = self._draft, self.form.values, self._lead_form
        await self._keep_no_more()
        try:
            old = await self._desk.row(draft.key) if draft.editing else None
            if old is not None:
                await self._desk.save_again(old, typed, form, reason=self._reason)
            else:
                await self._desk.save(draft.key, typed, form, reason=self._reason)
        except RecordRejected as error:
            self._show_faults(error.faults)
            self._keep_soon()
        except ZohoError as error:
            self._cannot_write(_LEAD, error)
            self.post_message(Say(str(error), title="Not saved", failed=True))
            self._keep_soon()
        else:
            self._could_write(_LEAD)
            self._filling.saved(typed)
            self.undoing.saved(draft.key)
            if self._draft.key == draft.key:  # else the next lead stands in the form already
                self._begin(cleared=None)

    def _begin(self, *, cleared: Draft | None) -> None:
        """Empty the form for the next lead; *cleared* is what can be brought back, if it is not sent."""
        self._draft, self._cleared, self._kept = _new(), cleared, None
        self._unshown, self._reason = {}, None
        self._look.begin()
        self.who.begin()
        if self.query(Form):  # none: the app has ended while the lead was written down
            self._filling.clear()
            self._filling.begin(self._lead_form)
            self._say_of_ours()
        self.post_message(self.Changed())

    def _cannot_write(self, what: str, error: ZohoError) -> None:
        self._unsaved = what
        self.post_message(Notice(str(error)))

    def _could_write(self, what: str) -> None:
        if self._unsaved and what in (_LEAD, self._unsaved):
            self._unsaved = ""
            self.post_message(Notice(""))

    # Drafts

    def on_form_changed(self, event: Form.Changed) -> None:
        """Keep what is typed, soon; look up who it is."""
        self._keep_soon()
        if self._desk.loaded and event.name in self._ours:
            self._asking.changed(self.form, event.name)
        elif self._desk.loaded:
            self.who.changed(event.name)

    def on_form_left(self, event: Form.Left) -> None:
        """Put what was typed where it belongs, and say what is doubtful about it."""
        self._look_at(event.name)

    def _look_at(self, name: str) -> None:
        if not self._desk.loaded:
            return  # it is looked at when the lead is sent
        ours = name in self._ours
        looked = self._asking.left if ours else self._look.at
        if looked(self.form, self._lead_form, name):
            self._keep_soon()

    def on_form_sought(self, event: Form.Sought) -> None:
        """Look for what a field may refer to; what was looked for before is of no use any more."""
        from tui.qualify.preferences import find

        self.app.run_worker(
            partial(find, event, self._lead_form, self._desk),
            group="records",
            description="looking for a record",
            exclusive=True,
            exit_on_error=False,
        )

    def on_form_kept(self, event: Form.Kept) -> None:
        """Say, where the rep is looking, that a paste had more lines, and which key does not lose them."""
        one = event.lines == 1
        lines, them = ("1 more line", "it") if one else (f"{event.lines} more lines", "them")
        self.form.set_note(event.name, f"{lines} pasted: {key_of('lead.paste')} reads {them} into fields")

    async def read_paste(self) -> None:
        """Read pasted text into the fields, as far as the rep takes of it."""
        from tui.qualify.pasting import Pasting

        await Pasting(self.form).begin(self._lead_form)

    async def fill(self, what: str) -> None:
        """Fill the form from a template, or begin another lead of the company of the last one."""
        if what == "template":
            await self._filling.choose(self._lead_form)
        else:
            self._filling.another(self._lead_form)

    def on_form_moved(self) -> None:
        """Keep where the caret is, soon."""
        if self.form.dirty:
            self._keep_soon()
            if self._desk.loaded:
                self.who.moved()

    # Who is known already

    @property
    def draft_key(self) -> str:
        """The submission key of the lead in the form."""
        return self._draft.key

    async def keep_now(self) -> None:
        """Have what is typed on the disk when this returns; raises `ZohoError`."""
        await self._keep_no_more()
        await (await self._desk.drafts()).keep(self._as_typed)

    def ended_as_another(self) -> None:
        """The lead has become a note or an update: the form is free."""
        self._begin(cleared=None)

    async def create_all_the_same(self, reason: str) -> None:
        """Save the lead although somebody like it is known; raises `ZohoError` where that cannot be."""
        wrong = ZohoError("It was not saved.", next_step="Esc goes back to the form.", code="not_saved")
        if self._wrong():
            raise wrong
        key, self._reason = self._draft.key, reason
        await self._save()
        if self._draft.key == key:
            raise wrong

    @property
    def _as_typed(self) -> Draft:
        typed = {} if self._filling.untouched else self.form.values
        return replace(self._draft, typed=self._unshown | typed, field=self.form.current)

    def _keep_soon(self) -> None:
        if self._to_keep is None:
            self._to_keep = self.set_timer(KEPT_WITHIN, self._keep)

    def _keep(self) -> None:
        self._to_keep = None
        draft = self._as_typed

        async def keep() -> None:
            try:
                await (await self._desk.drafts()).keep(draft)
            except ZohoError as error:
                self._cannot_write(_DRAFT, error)
            else:
                self._kept = draft
                self._could_write(_DRAFT)

        self.app.run_worker(keep, description="keeping the draft", exit_on_error=False)

    async def _keep_no_more(self) -> None:
        """Let nothing of what was typed so far reach the disk any more: it is saved, or parked."""
        if self._to_keep is not None:
            self._to_keep.stop()
            self._to_keep = None
        drafts = self._desk.drafts_now
        if drafts is not None:
            await drafts.overtake(self._draft.key)

    def keep_at_once(self) -> None:
        """Keep what is typed before the session ends."""
        drafts, draft = self._desk.drafts_now, self._as_typed
        if drafts is None or draft == self._kept or not (draft.typed or self._kept):
            return
        with suppress(ZohoError):  # there is nobody left to tell
            drafts.keep_at_once(draft)
            self._kept = draft

    async def _take_up_left_over(self) -> None:
        try:
            drafts = await self._desk.drafts()
            if self._desk.drafts_now is None:
                return  # told already: the outbox could not be opened
            row = await drafts.left_over()
            every, held = await drafts.all()
            others = len(every) - len(held)
        except ZohoError as error:
            self.post_message(Notice(str(error)))
            return
        if row is not None and not self.form.values:
            self._show_draft(row)
            from zoho.leads.lead import title_of

            self.post_message(Say("Half typed when the last session ended.", title=title_of(row.typed or {})))
        elif row is not None:
            await drafts.park(row)
            others += 1
        if others and (row is None or self._draft.key != row.key):
            self.post_message(Say(f"{others} half-typed: {key_of('lead.drafts')} takes one up."))
        await self._desk.tell_counts()

    async def park(self) -> None:
        """Put what stands in the form aside, and begin another lead."""
        if self._filling.untouched:
            self.post_message(Say("There is nothing to put aside."))
        elif await self._parked():
            self.post_message(Say(f"Put aside. {key_of('lead.drafts')} takes it up again."))

    async def _parked(self) -> bool:
        """Put what stands in the form aside; False if that cannot be kept, and it stays."""
        draft = self._as_typed
        await self._keep_no_more()
        if draft.typed or self._kept is not None:  # what was emptied a moment ago stands on the disk still
            try:
                kept = await (await self._desk.drafts()).keep(draft, parked=True) or not draft.typed
                if kept:
                    await self._desk.tell_counts()
            except ZohoError as error:
                self.post_message(Say(str(error), title="Not put aside", failed=True))
                return False
            if not kept:
                self.post_message(Say("This lead can no longer be changed.", failed=True))
                return False
        self._begin(cleared=replace(draft, typed={}) if draft.typed else None)
        return True

    async def choose_draft(self) -> None:
        """Let the rep choose one of the drafts."""
        try:
            drafts, held = await (await self._desk.drafts()).all()
        except ZohoError as error:
            self.post_message(Say(str(error), failed=True))
            return
        drafts = [row for row in drafts if row.key != self._draft.key]
        if drafts:
            from tui.qualify.drafts import DraftList

            await self.app.push_screen(DraftList(drafts, held), self._chosen)
        else:
            self.post_message(Say("No lead is put aside."))

    async def _chosen(self, choice: tuple[str, str] | None) -> None:
        if choice is None:
            return
        what, key = choice
        try:
            if what == "discard":
                await self._discard(key)
            else:
                await self.take_up(key)
        except ZohoError as error:
            self.post_message(Say(str(error), failed=True))

    async def _discard(self, key: str) -> None:
        row = await self._desk.row(key)
        if row is not None and row.state is State.DRAFT:
            await self._desk.decide(row, State.DISCARDED)
        else:
            await (await self._desk.drafts()).drop(key)
        if self._cleared is not None and self._cleared.key == key:
            self._cleared = None  # what is brought back is another lead: this one has come to its end
        await self._desk.tell_counts()

    async def take_up(self, key: str) -> None:
        """Show a draft in the form; what stands there is put aside."""
        if not await self._parked():
            return
        row = await (await self._desk.drafts()).take(key)
        if row is None:
            self.post_message(Say("It is in the form of another session of yours.", failed=True))
        else:
            self._show_draft(row)
        await self._desk.tell_counts()

    def _show_draft(self, row: Row) -> None:
        self._draft = Draft(row.key, editing=row.state is not State.DRAFT)
        self.who.begin()
        self._filling.clear()
        self._show_typed(row.typed or {})
        self._show_faults_of(row)
        if row.field is not None:
            self.form.go_to(row.field)
        self._kept = self._as_typed

    # Old leads

    async def edit(self, row: Row) -> None:
        """Take a lead of the outbox back into the form, with what was wrong about it.

        What stood in the form is put aside.
        """
        if row.key == self._draft.key:
            return
        if row.typed is not None:
            await self._chosen(("take", row.key))
        elif await self._parked():
            self._draft = Draft(row.key, editing=True)
            # What the form does not show stays as it is in the lead.
            from zoho.leads.entry import typed_again

            script = self._desk.script
            typed = typed_again(self._lead_form, row.values, row.answers or {}, script=script)
            self._show_typed({name: typed[name] for name in typed if self._has(name)})
            self._show_faults_of(row)

    async def begin_another(self, of: Mapping[str, str]) -> bool:
        """Begin another lead of the company of a lead that was typed as *of*.

        What stands in the form is put aside; False if that cannot be.
        """
        if not await self._parked():
            return False
        self._filling.another(self._lead_form, of)
        return True

    def _show_typed(self, typed: Mapping[str, str]) -> None:
        shown = {name: text for name, text in typed.items() if self._has(name)}
        self._unshown = {name: text for name, text in typed.items() if name not in shown}
        self.form.set_values(shown)
        self._say_of_ours()

    def _say_of_ours(self) -> None:
        if self._ours and self._desk.loaded:
            self._asking.show(self.form, self._lead_form)

    async def restore(self) -> None:
        """Bring back what was cleared last; what was typed since is put aside, and can be brought back."""
        since = self._as_typed
        await self._keep_no_more()
        if not self.form.restore():
            self.post_message(Say("There is nothing to bring back."))
            return
        self._draft, self._cleared = (
            self._cleared or _new(),
            replace(since, typed={}) if since.typed else None,
        )
        self._unshown, self._kept = {}, None
        self._say_of_ours()
        self._keep_soon()
        if since.typed:
            try:
                await (await self._desk.drafts()).keep(since, parked=True)
            except ZohoError as error:
                self._cannot_write(_DRAFT, error)

    def _show_faults_of(self, row: Row) -> None:
        self._show_faults(row.faults)

    def _show_faults(self, faults: Sequence[FieldFault]) -> None:
        """Show what is wrong and what to do under each field, and go to the first; say what has none here."""
        from zoho.leads.fault_words import fault_lines, in_words

        told: dict[str, list[str]] = {}
        for fault in faults:
            if fault.field is not None and self._has(fault.field):
                told.setdefault(fault.field, []).append(
                    f"{in_words(fault, self._lead_form).what} {fault.next_step}"
                )
        for name, words in told.items():
            self.form.set_error(name, " ".join(words))
        elsewhere = [fault for fault in faults if fault.field not in told]
        if elsewhere:
            self.post_message(Say(" ".join(fault_lines(elsewhere, self._lead_form)), failed=True))
        shown = [field.name for _, field in self.form.places if field.name in told]
        if shown:
            self.form.go_to(shown[0])
            self.form.focus()
        self.post_message(self.Changed())

    def _check(self, name: str, text: str) -> str | None:
        from zoho.leads.values import Around, problem

        if name in self._ours:
            return self._asking.problem(self.form, self._lead_form, name) if self._desk.loaded else None
        field = self._lead_form.field(name)
        if field is None:
            return None
        typed = self.form.values if field.controlled_by else {}
        return problem(field, text, Around.of(self._lead_form, field, typed))


def _new() -> Draft:
    return Draft(str(uuid.uuid4()))
