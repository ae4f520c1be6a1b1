"""Who is this? The look-up between the form, the desk and the panel."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from tui.actions import ACTIONS
from tui.messages import Say
from tui.qualify.known_words import note_words
from tui.qualify.panel import KnownPanel, panel_lines
from tui.text import line, signs
from zoho.leads.look_up.judge import as_match
from zoho.leads.look_up.known import LEADS, Entered, Known, Match, Reason
from zoho.leads.look_up.marks import STRONG, Kind, Mark, kind_of, marks_of
from zoho.leads.look_up.phones import international
from zoho.leads.look_up.service import LookUp
from zoho.leads.values.around import Around
from zoho.leads.values.parsing import parse
from zoho.leads.values.phones import e164
from zoho.leads.values.wrong import WrongValueError
from zoho.wire.errors import DuplicateRecord, ZohoError

if TYPE_CHECKING:
    from textual.app import App
    from textual.message_pump import MessagePump
    from textual.worker import Worker

    from tui.desk import Desk
    from tui.qualify.tab import QualifyTab
    from zoho.api import ZohoClient
    from zoho.leads.fields import LeadForm
    from zoho.outbox.store import Row

KEY = next(action.shown_keys[0] for action in ACTIONS if action.id == "lead.who")


class Who:
    """Looks up what is typed, and shows who is known.

    Args:
        tab: has the form.
        desk: has the client and the outbox.
    """

    def __init__(self, tab: QualifyTab, desk: Desk) -> None:
        self._tab = tab
        self._desk = desk
        self._passed: set[Kind] = set()
        self._noted = ""
        self._org = desk.org
        self._look = LookUp(
            client=self._client,
            on_change=self._show,
            start=self._start,
            entered=self._entered,
            e164=lambda text: _comparable(text, desk.form.region),
        )

    @property
    def known(self) -> Known:
        """Who is known by what stands in the form."""
        return self._look.known

    # What happens in the form

    def begin(self) -> None:
        """Another lead stands in the form."""
        self._passed.clear()
        self._look.begin()

    def forget(self) -> None:
        """Ask Zoho anew: something was changed there."""
        self._look.forget()

    def changed(self, name: str) -> None:
        """A field is being typed in."""
        field = self._desk.form.field(name)
        if field is not None and kind_of(field) is not None:
            self._see(at_once=False)

    def moved(self) -> None:
        """A field was left for another: what was passed over empty is not waited for."""
        form = self._tab.form
        typed = form.values
        for field in self._desk.form.fields:
            if field.api_name == form.current:
                break
            kind = kind_of(field)
            if kind is not None and kind in STRONG and field.api_name not in typed:
                self._passed.add(kind)
        self._see(at_once=True)

    def _see(self, *, at_once: bool) -> None:
        if self._org != self._desk.org:
            self._org = self._desk.org
            self._look.forget()
        fields = self._desk.form.fields
        offered = frozenset(kind for field in fields if (kind := kind_of(field)) is not None)
        marks = marks_of(fields, self._tab.form.values)
        self._look.see(marks, awaited=(offered & STRONG) - self._passed, at_once=at_once)

    # What the look-up works with

    def _client(self) -> ZohoClient | None:
        return self._desk.client if self._desk.looks_up and not self._desk.rests else None

    def _start(self, work: Coroutine[Any, Any, None]) -> Worker[None]:
        return self._tab.app.run_worker(work, description="looking somebody up", exit_on_error=False)

    async def _entered(self, marks: Sequence[Mark]) -> Sequence[Entered]:
        from zoho.outbox.entered import entered_before

        return await entered_before(self._desk.store, marks, but=self._tab.draft_key)

    # What is seen

    def _show(self, known: Known) -> None:
        del known
        if self._tab.is_mounted:
            self.show()

    def show(self) -> None:
        """Show who is known: in the panel, or where it has no room under a field."""
        known = self._look.known
        panel = next(iter(self._tab.query(KnownPanel)), None)
        if panel is not None and panel.display:
            panel.show(panel_lines(known, KEY))
            self._note("", "")
        else:
            self._note(self._field_of(known), line(note_words(known, KEY, signs())))

    def _field_of(self, known: Known) -> str:
        """Return the field that somebody is known by, if no other note stands under it."""
        form = self._tab.form
        kinds = [reason.kind for match in known.matches[:1] for reason in match.reasons]
        typed = form.values
        filled = [field for field in self._desk.form.fields if field.api_name in typed]
        named = [field.api_name for kind in kinds for field in filled if kind_of(field) is kind]
        free = [
            name
            for name in (*named, *(field.api_name for field in filled))
            if name == self._noted or not form.note_of(name)
        ]
        return free[0] if free else ""

    def _note(self, name: str, text: str) -> None:
        form = self._tab.form
        if self._noted and (self._noted != name or not text):
            # Another's note that took its place stays.
            if form.note_of(self._noted).startswith(signs().known):
                form.set_note(self._noted, "")
            self._noted = ""
        if name and text:
            form.set_note(name, text)
            self._noted = name

    # The answer

    async def answer(self) -> None:
        """Let the rep say what shall become of the lead, now that it is known who it is."""
        tab = self._tab
        if not self.known.matches:
            asking = "It is being looked up who this is: in a moment, again."
            said = asking if self._look.is_asking else "Nobody is known by what stands in the form."
            tab.post_message(Say(said))
            return
        from tui.qualify.answers import AnswerScreen
        from tui.qualify.deeds import Deeds

        deeds = Deeds(
            self._desk,
            tab.draft_key,
            _values(self._desk.form, tab.form.values),
            keep=tab.keep_now,
            over=partial(self._over, tab.draft_key),
            create=tab.create_all_the_same,
            follow_ups=lambda: self._desk.follow_ups_of(tab.form.values, self._desk.form),
        )
        await tab.app.push_screen(AnswerScreen(self.known.matches, deeds), _answered(tab))

    def _over(self, key: str) -> None:
        self._look.forget()  # what was changed in Zoho is not what it told before
        if self._tab.draft_key == key:  # else the next lead stands in the form already
            self._tab.ended_as_another()


@lru_cache(4096)
def _comparable(text: str, region: str) -> str | None:
    return e164(text, region) or international(text)


def answer_duplicate(app: App[None], desk: Desk, row: Row) -> None:
    """Show what Zoho calls *row* a duplicate of, whether the rep may see that record or not."""
    from tui.qualify.answers import AnswerScreen
    from tui.qualify.deeds import Deeds

    matches = [
        _named(fault.duplicate, fault.field) for fault in row.faults if fault.duplicate is not None
    ] or [_named(DuplicateRecord(one), None) for one in [row.zoho_id] if one]
    if not matches:
        app.post_message(Say("Zoho did not say which record it is.", failed=True))
        return

    async def keep() -> None:
        """It is on the disk."""

    deeds = Deeds(desk, row.key, row.values, keep=keep, over=lambda: None, create=None)
    screen = AnswerScreen(matches, deeds, why=f"Already in Zoho: {line(deeds.title, 60)}")

    async def read() -> None:
        """Tell more of the records that this rep may see; the others are told by their owner."""
        client = desk.client
        if client is not None:
            screen.show([await _read(client, match) for match in matches])

    app.push_screen(screen, _answered(app))
    app.run_worker(read, description="reading who it is", exit_on_error=False)


def _answered(teller: MessagePump) -> Callable[[str | None], None]:
    def answered(done: str | None) -> None:
        if done:
            teller.post_message(Say(done))

    return answered


def _named(duplicate: DuplicateRecord, field: str | None) -> Match:
    module = duplicate.module or LEADS
    kinds = [kind for name, kind in _KINDS.items() if name in (field or "")]
    reasons = tuple(Reason(kind) for kind in kinds[:1])
    return Match(module, duplicate.id, f"Record {duplicate.id}", reasons, owner=duplicate.owner or "")


async def _read(client: ZohoClient, match: Match) -> Match:
    try:
        record = await client.get_record(match.module, match.id)
    except ZohoError:
        record = None
    if record is None:
        return replace(match, status="not to be read by you")
    read = as_match(match.module, record.id, record.model_extra or {}, match.reasons)
    return replace(read, owner=read.owner or match.owner)


def _values(form: LeadForm, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what is typed as Zoho takes it, as far as it is right."""
    values: dict[str, Any] = {}
    for field in form.fields:
        with suppress(WrongValueError):
            value = parse(field, typed.get(field.api_name, ""), Around.of(form, field, typed))
            if value is not None:
                values[field.api_name] = value
    return values


_KINDS: Mapping[str, Kind] = {
    "Email": Kind.EMAIL,
    "Phone": Kind.PHONE,
    "Mobile": Kind.PHONE,
    "Company": Kind.COMPANY,
}
