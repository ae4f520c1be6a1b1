"""Getting around in the form of a lead, finding what its fields refer to, and arranging them for this rep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.actions import key_of
from tui.form import Choice, Kind
from tui.form.arrangement import Arrangement
from tui.form.field_list import FieldList, Wish
from tui.form.fields import lookup_text
from tui.messages import Say
from tui.qualify.fields import sections_of
from tui.qualify.questions import DISQUALIFIED, ours_in, with_questions
from zoho.leads.call_back import CALL_BACK
from zoho.wire.errors import ZohoError

if TYPE_CHECKING:
    from tui.desk import Desk
    from tui.form import Field, Form
    from tui.qualify.tab import QualifyTab
    from zoho.leads.fields import LeadForm

_OURS = {"ask": "", "disqualify": DISQUALIFIED, "call_back": CALL_BACK}
"""The field that a key goes to; empty, the first question that is not answered."""


async def do(what: str, tab: QualifyTab, desk: Desk) -> None:
    """Do what a key or the palette says: jump, arrange, needed, fold, pin or hide."""
    form = tab.form
    if what in ("jump", "arrange"):
        await _list(tab, desk, arranging=what == "arrange")
    elif what == "needed":
        if not form.go_to_needed():
            tab.post_message(Say("Nothing is missing."))
    elif what == "fold":
        if not form.fold():
            tab.post_message(Say("This section has no title to fold it under."))
    elif what in _OURS:
        name = _ours(what, form)
        if name:
            form.jump_to(name)
        elif desk.questions:
            tab.post_message(Say("The script in use has nothing of that."))
        else:
            tab.post_message(Say("No script is configured: see script in zoho_config.json."))
    else:
        await _wish(what, tab, desk)


def _ours(what: str, form: Form) -> str:
    """Return the name of the field that is gone to, of those that are ours; empty, the form has none."""
    names = [field.name for _, field in form.places if field.kind is Kind.ANSWER or field.name == _OURS[what]]
    if what != "ask":
        return _OURS[what] if _OURS[what] in names else ""
    asked = [name for name in names if name != _OURS[what]]
    return next((name for name in asked if not form.value(name)), next(iter(asked), ""))


async def find(event: Form.Sought, lead_form: LeadForm, desk: Desk) -> None:
    """Find the records that a field may refer to, and offer them in its list, or say there why not."""
    from zoho.leads.references import SHORTEST, USERS

    field = lead_form.field(event.name)
    module = field.lookup_module if field is not None else ""
    found: list[tuple[str, str]] = []
    problem = ""
    try:
        found = await desk.find_records(module, event.word)
    except ZohoError as error:
        problem = error.what
    if event.word and len(event.word) < SHORTEST and module != USERS and not problem:
        problem = f"Type {SHORTEST} letters or more."
    choices = [Choice(lookup_text(name, record_id), name) for record_id, name in found]
    event.form.set_found(event.name, event.word, choices, problem)


async def _list(tab: QualifyTab, desk: Desk, *, arranging: bool) -> None:
    wishes = desk.field_wishes
    before = Arrangement(wishes.pinned, wishes.hidden)

    async def closed(wish: Wish | None) -> None:
        if wish is None:
            return
        if wish.arrangement != before:
            await _keep(wish.arrangement, tab, desk)
        if wish.name:
            tab.form.jump_to(wish.name)

    # All that can be gone to, as it stands without any pin.
    sections = with_questions(sections_of(desk.form, moved=wishes.moved), desk.questions)
    places = [(each.title, field) for each in sections for field in each.fields if field.can_be_current]
    fields = FieldList(places, before, fixed=ours_in(sections), current=tab.form.current, arranging=arranging)
    await tab.app.push_screen(fields, closed)


async def _wish(what: str, tab: QualifyTab, desk: Desk) -> None:
    """Pin or hide the current field, or take that back."""
    field = _current(tab.form)
    wishes = desk.field_wishes
    before = Arrangement(wishes.pinned, wishes.hidden)
    if field is None or desk.form.field(field.name) is None:
        tab.post_message(Say("Go to a field of Zoho's first."))
    elif what == "hide" and field.required:
        tab.post_message(Say("It is required, and so cannot be hidden.", title=field.label, failed=True))
    else:
        after = before.pin(field.name) if what == "pin" else before.hide(field.name)
        if await _keep(after, tab, desk):
            tab.post_message(Say(_told(field.name, after), title=field.label))


def _current(form: Form) -> Field | None:
    field = form.field(form.current) if form.current else None
    return field if field is not None and field.kind is not Kind.FOLD else None


def _told(name: str, after: Arrangement) -> str:
    if name in after.pinned:
        return "Pinned: it stands with the first fields."
    if name in after.hidden:
        return f"Hidden while it is empty; {key_of('lead.jump')} still reaches it."
    return "It stands where the layout has it."


async def _keep(arrangement: Arrangement, tab: QualifyTab, desk: Desk) -> bool:
    """Keep how the fields shall stand, and show them so; False, it could not be kept, and was told."""
    try:
        await desk.arrange_fields(arrangement.pinned, arrangement.hidden)
    except ZohoError as error:
        tab.post_message(Say(str(error), title="Not kept", failed=True))
        return False
    tab.show_form()
    return True
