"""What plain mode says of questions and of what became of leads. Pure."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo

from zoho.commands.plain.asked import DISQUALIFIED, LISTED, Asked, Kind
from zoho.leads.call_back import shown_when, warning_of
from zoho.leads.entry import CallBack
from zoho.leads.fault_words import in_words
from zoho.leads.fields import LeadForm, Option
from zoho.leads.follow_up import FollowUpKind
from zoho.leads.lead import title_of
from zoho.leads.script import Score, line_of, reason_words
from zoho.outbox.follow_ups import FOLLOW_UP_UNSENT, FollowUpRow, FollowUpState
from zoho.outbox.names import name_of
from zoho.outbox.states import Standing, State, UndoState
from zoho.outbox.store import Row
from zoho.wire.clean import clean_line
from zoho.wire.errors import FieldFault

_MOST = 9
"""Of so many choices that letters may mean, those are told."""

_END = "Enter or a dot sends it, < goes back, / and letters go to a field"


def before_question(one: Asked, typed: Mapping[str, str]) -> list[str]:
    """Return what is said before a question: what to say to the caller, and the choices if they are few."""
    options = one.options_now(typed)
    listed = options if len(options) <= LISTED else ()
    said = [one.prompt] if one.prompt else []
    return said + [f"{place} {option.label}" for place, option in enumerate(listed, 1)]


def question_of(one: Asked, typed: Mapping[str, str]) -> str:
    """Return the question itself, in one line."""
    options, stands = one.options_now(typed), typed.get(one.name, "")
    parts = [one.label, "required" if one.required else "", *_how(one, len(options))]
    if stands:
        parts.append(f"now {clean_line(one.shown(stands))}, Enter keeps it")
    return ", ".join(part for part in parts if part)


def _how(one: Asked, number: int) -> Iterator[str]:
    if not number:
        yield one.how
        return
    digits = "number or letters" if number <= LISTED else f"letters of one of {number}"
    if one.kind is Kind.CHOICES:
        digits = f"{digits}, several with ; between"
    yield digits
    if one.name == DISQUALIFIED:
        yield "Enter if it is a lead"


def end_question() -> str:
    """Return what is asked when all is asked."""
    return f"That is all. {_END}"


def help_of(one: Asked | None, typed: Mapping[str, str]) -> list[str]:
    """Return help with a question."""
    if one is None:
        return [f"{_END}."]
    needed = "It is needed." if one.required else "It may be left out."
    return [
        f"{one.label}: {one.how}. {needed}",
        *([one.help] if one.help else []),
        *before_question(one, typed),
        "/help tells the commands.",
    ]


def offered(options: Sequence[Option], places: Sequence[int]) -> list[str]:
    """Return the choices that letters may mean, with their numbers."""
    lines = [f"{place + 1} {options[place].label}" for place in places[:_MOST]]
    more = len(places) - _MOST
    return ["Several have that:", *lines, *([f"and {more} more: type more letters."] if more > 0 else [])]


def called_lines(found: Sequence[Asked]) -> str:
    """Return why letters name no one field."""
    if not found:
        return "No command or field is called so. /help tells the commands."
    more = ", ..." if len(found) > _MOST else ""
    return f"Several are called so: {', '.join(one.label for one in found[:_MOST])}{more}. Type more letters."


def score_lines(told: Score) -> list[str]:
    """Return the score in one line, and its reasons; nothing where nothing was answered."""
    if not told.answered and not told.disqualified:
        return []
    return [f"Score: {line_of(told)}.", *(f"  {reason_words(reason)}" for reason in told.reasons)]


def call_back_lines(found: CallBack, here: tzinfo) -> list[str]:
    """Return when it will be, there and *here*, and a warning if that is early or late there."""
    said = shown_when(found.moment, zone=found.zone, here=here, others=found.others)
    warning = warning_of(found.moment, found.zone, found.others)
    return [f"Call back {said}.", *([warning] if warning else [])]


def fault_line(fault: FieldFault, form: LeadForm, asked: Sequence[Asked]) -> str:
    """Return what is wrong: the label, the fault, the next step."""
    told = in_words(fault, form)
    label = next((one.label for one in asked if one.name == told.field), told.field)
    return " ".join(filter(None, (f"{label}:" if label else "", told.what, told.next_step)))


def fault_lines(faults: Sequence[FieldFault], form: LeadForm, asked: Sequence[Asked]) -> list[str]:
    """Return a line for each fault."""
    return [fault_line(fault, form, asked) for fault in faults]


def shown_lines(asked: Sequence[Asked], typed: Mapping[str, str]) -> list[str]:
    """Return the lead as it stands."""
    lines = [f"{one.label}: {clean_line(one.shown(typed[one.name]))}" for one in asked if typed.get(one.name)]
    return lines or ["Nothing is typed yet."]


def draft_line(place: int, row: Row) -> str:
    """Return number, time and name of a draft."""
    when = time.strftime("%H:%M", time.localtime(row.updated_at))
    change = "" if row.state is State.DRAFT else ", change of a lead"
    return f"{place} {draft_title(row.typed or {}) or 'no name yet'}, {when}{change}"


def draft_title(typed: Mapping[str, str]) -> str:
    """Return name and company of what is typed."""
    return title_of(typed).partition(" {")[0]


_CREATED, _WAITS = "created in Zoho", "saved, and waits"

_SAID: Mapping[Standing, str] = {
    State.SENT: _CREATED,
    State.MERGED: "went into a record that was there",
    State.REJECTED: "refused by Zoho",
    State.DUPLICATE: "not created, Zoho has one like it",
    State.QUEUED: _WAITS,
    State.DRAFT: _WAITS,
    State.SENDING: "under way, its outcome is not known yet",
    State.UNKNOWN: "sent, but no answer came; it is looked for in Zoho before anything is sent again",
    State.ASK: "unclear, look in Zoho whether it is there",
    State.DISCARDED: "discarded",
    UndoState.UNDOING: "being undone, whether it is in Zoho is not known yet",
    UndoState.UNDONE: "undone, it is in Zoho's recycle bin",
}

_NEXT: Mapping[Standing, str] = {
    State.QUEUED: "It is sent with the next lead, by zoho-leads send, or by the app.",
    State.UNKNOWN: "The next lead, zoho-leads send or the app finds out.",
    State.SENDING: "The next lead, zoho-leads send or the app finds out.",
    State.DUPLICATE: "It waits for your word in the Log of the app.",
    State.ASK: "Then say so in the Log of the app.",
    UndoState.UNDOING: "zoho-leads send or the app finds out.",
}


def outcome_line(row: Row) -> str:
    """Return what became of a lead, with its id in Zoho, and what to do next."""
    number = f", id {row.zoho_id}" if row.zoho_id else ""
    said = f"{name_of(row)}: {_SAID[row.standing]}{number}."
    return " ".join(filter(None, (said, _NEXT.get(row.standing, ""))))


_CALLED: Mapping[FollowUpKind, str] = {
    FollowUpKind.NOTE: "The note with the answers",
    FollowUpKind.TASK: "The task to call back",
}


def follow_up_lines(row: Row, follow_ups: Sequence[FollowUpRow], form: LeadForm) -> list[str]:
    """Return what became of the notes and tasks of a lead that stands in Zoho."""
    if not row.in_zoho:
        return []
    return [_follow_up_line(one, form) for one in follow_ups]


def _follow_up_line(one: FollowUpRow, form: LeadForm) -> str:
    if one.state is FollowUpState.SENT:
        return f"{_CALLED[one.kind]}: created in Zoho."
    if one.state in FOLLOW_UP_UNSENT:
        return f"{_CALLED[one.kind]}: saved, and waits."
    told = " ".join(fault_lines(one.faults, form, ()))
    return f"{_CALLED[one.kind]}: {one.state.value}. {told}".rstrip()
