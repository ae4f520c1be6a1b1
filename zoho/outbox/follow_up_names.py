"""What a note or task of the outbox is called where it is listed, and where it stands, in a rep's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from zoho.leads.call_back.shown import day_shown
from zoho.leads.call_back.task import reminder_of
from zoho.leads.follow_up import FollowUpKind
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState
from zoho.wire.clean import clean_line

KIND_WORDS: Mapping[FollowUpKind, str] = {FollowUpKind.NOTE: "note", FollowUpKind.TASK: "call-back"}
"""What each is called within a sentence."""

_STATE_WORDS: Mapping[FollowUpState, str] = {
    FollowUpState.WAITING: "waits",
    FollowUpState.SENDING: "is being sent",
    FollowUpState.UNKNOWN: "unclear; looked for before it is sent again",
    FollowUpState.SENT: "in Zoho",
    FollowUpState.REFUSED: "refused",
    FollowUpState.DISCARDED: "given up",
}


def follow_up_name(row: FollowUpRow, *, here: tzinfo | None = None) -> str:
    """Return what it is: ``Note “Qualification: BANT 62 of 100, warm”``, or of a task when it is due.

    ``Call-back Thu 26 Nov, 14:30 in London (15:30 here)``: the caller's clock, then the rep's where it shows
    another time. One whose values were purged has its kind alone.

    Args:
        row: the note or task.
        here: the rep's zone; None, it is not known.
    """
    called = KIND_WORDS[row.kind].capitalize()
    if row.kind is FollowUpKind.TASK:
        return " ".join(filter(None, (called, _due(row, here))))
    title = clean_line(str(row.values.get("Note_Title") or row.values.get("Note_Content") or "")).strip()
    return f"{called} “{title}”" if title else called


def follow_up_state(row: FollowUpRow) -> str:
    """Return where it stands, with Zoho's id of it once it has one."""
    if row.state is FollowUpState.WAITING and row.record_id is None:
        return "waits for the lead"
    told = _STATE_WORDS[row.state]
    return f"{told}, {row.zoho_id}" if row.state is FollowUpState.SENT and row.zoho_id else told


def kinds_called(kinds: Iterable[FollowUpKind]) -> str:
    """Return several of them within a sentence, each kind once: ``note and call-back``."""
    return " and ".join(dict.fromkeys(KIND_WORDS[kind] for kind in kinds))


def _due(row: FollowUpRow, here: tzinfo | None) -> str:
    subject = clean_line(str(row.values.get("Subject") or ""))
    moment = reminder_of(row.values)
    if moment is None:
        return subject
    return f"{day_shown(moment)}, {_clock(subject, moment)}{_beside(moment, here)}"


def _clock(subject: str, moment: datetime) -> str:
    """Return the time with its place, which the subject that we gave it ends with."""
    said = subject.rpartition(", ")[2]
    return said if said.startswith(f"{moment:%H:%M} ") else f"{moment:%H:%M} for the caller"


def _beside(moment: datetime, here: tzinfo | None) -> str:
    mine = moment.astimezone(here) if here is not None else moment
    if mine.utcoffset() == moment.utcoffset():
        return ""
    day = "" if mine.date() == moment.date() else f"{day_shown(mine).partition(' ')[0]} "
    return f" ({day}{mine:%H:%M} here)"
