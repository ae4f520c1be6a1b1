"""The one way from what was typed to what is saved, on the screen and in plain mode.

Among the fields of Zoho's stand some of our own, whose names begin with `QUESTION`: the answers to the
questions of a script, and when to call back. They are split off here, and become values, a note and a task.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from zoho.leads.call_back import (
    CALL_BACK,
    CALL_BACK_ABOUT,
    fixed_text,
    read_when,
    task_of,
    zone_here,
    zones_of,
)
from zoho.leads.fields import LeadForm
from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.leads.lead import read_lead, title_of, typed_of, with_source
from zoho.leads.script import DISQUALIFY, QUESTION, Script, answers_of, to_zoho
from zoho.leads.values.wrong import WrongValueError
from zoho.wire.clean import clean, clean_line
from zoho.wire.errors import FieldFault, RecordRejected

PHONES = ("Phone", "Mobile")
"""API names of the fields that say where a caller is, the first one first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is saved of a lead.

    Args:
        values: as Zoho takes them.
        follow_ups: what shall stand in Zoho beside the lead: a note of the answers, a task to call back.
        answers: what was typed into our own fields, by their names, to be shown again where the lead is
            edited; the time of a call-back as the moment that it was.
    """

    values: Mapping[str, Any]
    follow_ups: tuple[FollowUp, ...]
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CallBack:
    """When a caller wants to be called back.

    Args:
        moment: aware, in the zone that it was read in.
        zone: whose clock they go by; None, it is not known.
        others: zones in which they may be as well.
    """

    moment: datetime
    zone: tzinfo | None
    others: tuple[ZoneInfo, ...] = ()


def read_entry(
    form: LeadForm, typed: Mapping[str, str], *, script: Script | None, source: str | None, now: datetime
) -> Entry:
    """Return what is saved of a lead; the same arguments give the same, to the byte.

    What the rep typed into a field comes before what a script's answer would put there; a required field may
    have been filled by either.

    Args:
        form: the fields that there are; of others, only ours may have been typed into.
        typed: names of fields and what stands in them.
        script: the questions; None, their answers go nowhere.
        source: ``Lead_Source``, unless it was typed; None, none is added: an edited lead keeps its own.
        now: aware, in the rep's zone (`now_here`). Times that are typed without a zone are of that one too;
            of the machine's, where it is no more than today's offset.

    Raises:
        RecordRejected: something is wrong; one fault for each field.
    """
    of_zoho = {name: text for name, text in typed.items() if not name.startswith(QUESTION)}
    answers = _answers(typed)
    follow_ups: list[FollowUp] = []
    handed: Mapping[str, Any] = {}
    if script is not None:
        told = to_zoho(script, answers_of(answers), form, at=now.timestamp(), zone=now.tzinfo)
        handed = told.values
        follow_ups += [told.note] if told.note is not None else []
    faults: list[FieldFault] = []
    values: dict[str, Any] = {}
    try:
        values = {**handed, **read_lead(_without_need(form, handed), of_zoho, zone=_rules(now))}
    except RecordRejected as rejected:
        faults += rejected.faults
    try:
        call_back = read_call_back(form, {**of_zoho, **answers}, now=now)
    except WrongValueError as wrong:
        faults.append(_wrong_time(wrong))
    else:
        if call_back is not None:
            follow_ups.append(_task(call_back, values, answers, now))
            answers[CALL_BACK] = fixed_text(call_back.moment)
    if faults:
        raise RecordRejected(tuple(faults))
    return Entry(with_source(values, source) if source is not None else values, tuple(follow_ups), answers)


def follow_ups_of(
    form: LeadForm, typed: Mapping[str, str], *, script: Script | None, now: datetime
) -> tuple[FollowUp, ...]:
    """Return the note and the task of what was typed, whether or not a lead could be made of it.

    Args:
        form: the fields that there are.
        typed: names of fields, ours among them, and what stands in them.
        script: the questions; None, there is no note.
        now: aware, in the rep's zone.

    Raises:
        RecordRejected: the time of the call-back is wrong.
    """
    answers = _answers(typed)
    note = script and to_zoho(script, answers_of(answers), form, at=now.timestamp(), zone=now.tzinfo).note
    of_zoho = {name: clean_line(text) for name, text in typed.items() if not name.startswith(QUESTION)}
    try:
        call_back = read_call_back(form, typed, now=now)
    except WrongValueError as wrong:
        raise RecordRejected((_wrong_time(wrong),)) from None
    task = call_back and _task(call_back, of_zoho, answers, now)
    return tuple(one for one in (note, task) if one)


def typed_again(
    form: LeadForm, values: Mapping[str, Any], answers: Mapping[str, str], *, script: Script | None
) -> dict[str, str]:
    """Return what a rep typed to get *values* and *answers*; the reverse of `read_entry`.

    What a script's answers put there was not typed: other answers shall put something else there.
    """
    handed: Mapping[str, Any] = {}
    if script is not None:
        handed = to_zoho(script, answers_of(answers), form, at=0, zone=UTC).values
    own = {name: value for name, value in values.items() if name not in handed or handed[name] != value}
    return typed_of(own, form) | dict(answers)


def with_earlier_note(
    entry: Entry, answers: Mapping[str, str], earlier: Iterable[FollowUp], *, script: Script | None
) -> Entry:
    """Return *entry* with the note that the lead has already, if its questions are no longer asked.

    The script is another one since then, so that the form could not show those answers; what was answered
    anew takes the place of the note, and so does taking back every answer that the form did show.

    Args:
        entry: what is saved of the lead now.
        answers: of the lead as it was saved before.
        earlier: its notes and tasks that have not left yet.
        script: the questions that are asked now.
    """
    asked = {CALL_BACK, CALL_BACK_ABOUT}
    if script is not None:
        asked |= {f"{QUESTION}{key}" for key in (DISQUALIFY, *(one.key for one in script.questions))}
    gone = {name: text for name, text in answers.items() if name not in asked}
    notes = [one for one in earlier if one.kind is FollowUpKind.NOTE]
    if not gone or not notes or any(one.kind is FollowUpKind.NOTE for one in entry.follow_ups):
        return entry
    return replace(entry, follow_ups=(*notes, *entry.follow_ups), answers={**gone, **entry.answers})


def now_here(at: float, *, told: str = "") -> datetime:
    """Return the moment *at* (seconds since 1970) in the machine's zone; *told* is the variable ``TZ``."""
    zone = zone_here(told)
    return datetime.fromtimestamp(at, zone) if zone is not None else datetime.fromtimestamp(at).astimezone()


def read_call_back(form: LeadForm, typed: Mapping[str, str], *, now: datetime) -> CallBack | None:
    """Return when to call back; None where nothing was typed about it.

    The clock is that of the phone number, unless a place was named that is not here.

    Args:
        form: tells the country of a number that names none.
        typed: names of fields, ours among them, and what stands in them.
        now: aware, in the rep's zone.

    Raises:
        WrongValueError: it is no time that is still to come, or there is none.
    """
    said = typed.get(CALL_BACK, "").strip()
    if not said:
        if typed.get(CALL_BACK_ABOUT, "").strip():
            raise WrongValueError("When? It is only said what the call back is about.")
        return None
    zones = caller_zones(form, typed)
    zone = zones[0] if zones else None
    moment = read_when(said, now=now, zone=zone)
    named = moment.tzinfo
    if named != zone and moment.utcoffset() != moment.astimezone(now.tzinfo).utcoffset():
        return CallBack(moment, named)
    return CallBack(moment, zone, tuple(zones[1:]))


def caller_zones(form: LeadForm, typed: Mapping[str, str]) -> list[ZoneInfo]:
    """Return the time zones that a caller may be in, by their number, the likeliest first."""
    for name in PHONES:
        named = zones_of(clean_line(typed.get(name, "")), region=form.region)
        zones = [zone for each in named if (zone := _zone(each)) is not None]
        if zones:
            return zones
    return []


def _answers(typed: Mapping[str, str]) -> dict[str, str]:
    ours = ((name, text.strip()) for name, text in typed.items() if name.startswith(QUESTION))
    return {name: (clean if name == CALL_BACK_ABOUT else clean_line)(text) for name, text in ours if text}


def _wrong_time(wrong: WrongValueError) -> FieldFault:
    return FieldFault("invalid", str(wrong), "Correct it, then send.", CALL_BACK)


def _task(
    call_back: CallBack, values: Mapping[str, Any], answers: Mapping[str, str], now: datetime
) -> FollowUp:
    return task_of(
        call_back.moment,
        call_back.zone,
        title=title_of(values),
        about=answers.get(CALL_BACK_ABOUT, ""),
        phone=next((str(values[name]) for name in PHONES if values.get(name)), ""),
        here=now.tzinfo,
    )


def _without_need(form: LeadForm, handed: Mapping[str, Any]) -> LeadForm:
    """Return *form* without the need to type what the script's answers fill."""
    if not any(field.required and field.api_name in handed for field in form.fields):
        return form
    fields = (
        replace(field, required=field.required and field.api_name not in handed) for field in form.fields
    )
    return replace(form, fields=tuple(fields))


def _rules(now: datetime) -> tzinfo | None:
    """Return the zone of *now*, or None, the machine's, if it is no more than the offset of today."""
    return now.tzinfo if isinstance(now.tzinfo, ZoneInfo) else None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # the machine knows fewer zones than phonenumbers does
        return None
